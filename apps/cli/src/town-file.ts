import { randomUUID } from 'node:crypto'
import { open, readFile, realpath, rename, rm, stat } from 'node:fs/promises'
import type { Finding } from '@sekisho/core'
import { renderFindings } from '@sekisho/report'
import { readTown } from '@sekisho/town'
import type { Problem } from '@sekisho/town'
import type { Arguments, Terminal } from './command.ts'
import { EXIT } from './exit.ts'
import type { ExitCode } from './exit.ts'
import { VERSION } from './version.ts'

/** What `readTown` says of a file that it could read. */
export type GoodTown = Extract<ReturnType<typeof readTown>, { ok: true }>

/** A town file, read, or its problems in the shape of findings so that every format can show them. */
export type TownFile =
  | {
      readonly ok: true
      readonly read: GoodTown
      readonly text: string
      readonly bytes: Uint8Array
    }
  | { readonly ok: false; readonly findings: readonly Finding[] }

/** Reads `path`. Throws only what the file system throws. */
export async function openTown(path: string): Promise<TownFile> {
  const bytes = await readFile(path)
  const text = bytes.toString('utf8')
  const read = readTown(text)
  if (read.ok) return { ok: true, read, text, bytes }
  return { ok: false, findings: findingsOf(read.problems) }
}

/** What keeps a town file from being read, as findings. */
export function findingsOf(problems: readonly Problem[]): readonly Finding[] {
  return problems.map((problem) => ({
    rule: problem.reason,
    clause: 'town.yaml の書き方（schema/town.schema.json）',
    edition: '1',
    verified: true,
    severity: 'required',
    effect: 'refuse',
    message: problem.message,
    cure: { sentence: problem.cure, who: 'it-officer' },
    path: problem.path,
    line: problem.line,
    column: problem.column,
  }))
}

/** Shows what keeps a town file from being read, as text or, with `--json` or `--format json`, as JSON. */
export function showProblems(
  file: string,
  findings: readonly Finding[],
  args: Arguments,
  terminal: Terminal,
): ExitCode {
  const subject = { file, version: VERSION, result: 'refuse' } as const
  const asJson = args.on('json') || args.text('format') === 'json'
  terminal.out(renderFindings(asJson ? 'json' : 'text', findings, subject))
  return EXIT.findings
}

/**
 * Puts a new text in the place of a town file, whole or not at all: written beside, flushed, and renamed. Owner's rights and links to the file stay.
 *
 * @param before what the file held when the new text was made
 * @returns false, with nothing written, when somebody else changed the file since
 */
export async function replaceTown(path: string, before: string, after: string): Promise<boolean> {
  const real = await realpath(path)
  const { mode } = await stat(real)
  const fresh = `${real}.${randomUUID().slice(0, 8)}.new`
  try {
    const handle = await open(fresh, 'wx', mode)
    try {
      await handle.writeFile(after)
      await handle.chmod(mode)
      await handle.sync()
    } finally {
      await handle.close()
    }
    if ((await readFile(real, 'utf8')) !== before) return false
    await rename(fresh, real)
    return true
  } finally {
    await rm(fresh, { force: true })
  }
}
