import type { IsoDate, Town } from '@sekisho/core'
import { declare } from '@sekisho/network'
import type { Declared } from '@sekisho/network'
import { todayInJapan } from '@sekisho/town'
import type { Arguments, Terminal } from './command.ts'
import type { ExitCode } from './exit.ts'
import { openTown, showProblems } from './town-file.ts'
import { readDate } from './values.ts'

/** What something foreign is compared with: the day it is told for, and the town of `--town` where it was given. */
export interface Compared {
  readonly at: IsoDate
  readonly town?: Town
  /** What the town lets its firewall pass on that day. */
  readonly declared?: Declared
}

/** Opens the town of `--town`; none is no fault. A town that cannot be read is told, and its exit code is the answer. */
export async function openCompared(
  args: Arguments,
  terminal: Terminal,
): Promise<
  | { readonly ok: true; readonly compared: Compared }
  | { readonly ok: false; readonly exit: ExitCode }
> {
  const at = readDate(args) ?? todayInJapan(new Date())
  const file = args.text('town')
  if (file === undefined) return { ok: true, compared: { at } }
  const opened = await openTown(file)
  if (!opened.ok) {
    return { ok: false, exit: showProblems(file, opened.findings, args, terminal) }
  }
  const { town } = opened.read
  return { ok: true, compared: { at, town, declared: declare(town, { at }) } }
}
