import { writeFile } from 'node:fs/promises'
import { openLogReader } from '@sekisho/evidence'
import { verifyFolder } from '@sekisho/evidence/verify'
import { decisionsWorkbook, visible } from '@sekisho/report'
import type { LoggedEntry } from '@sekisho/report'
import { todayInJapan } from '@sekisho/town'
import { UsageError } from '../command.ts'
import type { Arguments, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { outOf, readableTown } from './register-files.ts'

/**
 * Writes the register of recorded decisions. The whole log is verified first, and nothing is written from one that is not as it was: a register taken for the
 * record must be as good as the record.
 */
export async function exportDecisions(
  [folder, file, ...rest]: readonly string[],
  args: Arguments,
  terminal: Terminal,
): Promise<ExitCode> {
  const out = outOf(args, rest)
  if (folder === undefined) throw new UsageError('証跡のフォルダを書いてください。')
  const town = file === undefined ? undefined : await readableTown(file, terminal)
  if (file !== undefined && town === undefined) return EXIT.findings
  const key = args.text('key')
  const verdict = verifyFolder(folder, key === undefined ? {} : { key })
  if (!verdict.ok) {
    terminal.err(
      `× 証跡が元のままではないため、書き出していません。${verdict.reason}: ${visible(verdict.message)}（${visible(verdict.where)}）\n` +
        '  「sekisho evidence verify」の結果を、情報担当に見せてください。\n',
    )
    return EXIT.findings
  }
  const decided = await decisionsIn(folder, verdict.size)
  const names = new Map(town?.town.people.map(({ id, name }) => [id, name]))
  const book = decisionsWorkbook(decided, {
    day: todayInJapan(new Date()),
    ...(town === undefined ? {} : { town: town.town.name }),
    size: verdict.size,
    root: verdict.root,
    nameOf: (person) => names.get(person) ?? person,
  })
  await writeFile(out, book)
  terminal.err(`判断${decided.length}件を ${visible(out)} に書き出しました。\n`)
  if (key === undefined)
    terminal.err(
      '  鍵は証跡のフォルダの中のものを使いました。控えがあれば --key で確かめられます。\n',
    )
  return EXIT.done
}

/** Only what was verified: entries that came since are for the next time. */
async function decisionsIn(folder: string, size: number): Promise<readonly LoggedEntry[]> {
  const reader = await openLogReader({ dir: folder })
  const decided: LoggedEntry[] = []
  for await (const { index, entry } of reader.entries(0, size))
    if (entry.kind === 'decided') decided.push({ index, entry })
  return decided
}
