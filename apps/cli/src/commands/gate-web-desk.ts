import type { Town, WebGate } from '@sekisho/core'
import type { CloudWatch } from '@sekisho/server'
import { isDate } from '@sekisho/town'
import { UsageError } from '../command.ts'
import type { Arguments, Terminal } from '../command.ts'
import type { ExitCode } from '../exit.ts'
import { openTown, showProblems } from '../town-file.ts'
import { webGateOf } from './cloud-lists.ts'

/** What every verb that looks after a cloud gate works with. */
export interface WebDesk {
  readonly town: Town
  readonly gate: WebGate
  readonly dataDir: string
  readonly watch: CloudWatch
}

/** A town that cannot be read is told, and its exit code is the answer. */
export async function openWebDesk(
  file: string,
  args: Arguments,
  terminal: Terminal,
): Promise<WebDesk | ExitCode> {
  const opened = await openTown(file)
  if (!opened.ok) return showProblems(file, opened.findings, args, terminal)
  const { town } = opened.read
  const gate = webGateOf(town, args.text('gate'))
  const dataDir = args.text('data') ?? 'cloud-data'
  const { CloudWatch } = await import('@sekisho/server')
  const watch = new CloudWatch({ town, gate, dataDir, lists: args.text('lists') ?? 'lists' })
  return { town, gate, dataDir, watch }
}

/** @throws UsageError for what is no day */
export function dayFlag(args: Arguments, flag: 'from' | 'to', otherwise: string): string {
  const day = args.text(flag) ?? otherwise
  if (!isDate(day)) throw new UsageError(`--${flag} は 2026-11-26 の形で書いてください。`)
  return day
}
