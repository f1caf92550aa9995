import { renderFindings } from '@sekisho/report'
import { UsageError } from '../command.ts'
import type { Arguments, Terminal } from '../command.ts'
import { openTown } from '../town-file.ts'
import type { GoodTown } from '../town-file.ts'
import { VERSION } from '../version.ts'

/** Where to write; no more files than a command knows. */
export function outOf(args: Arguments, rest: readonly string[]): string {
  const out = args.text('out')
  if (out === undefined) throw new UsageError('--out FILE.xlsx で、書き出す先を決めてください。')
  if (rest.length > 0) throw new UsageError('ファイルの名前が多すぎます。')
  return out
}

/** A town that reads; otherwise what is to be mended was told. */
export async function readableTown(
  file: string,
  terminal: Terminal,
): Promise<GoodTown | undefined> {
  const town = await openTown(file)
  if (town.ok) return town.read
  terminal.err(renderFindings('text', town.findings, { file, version: VERSION, result: 'refuse' }))
  return undefined
}
