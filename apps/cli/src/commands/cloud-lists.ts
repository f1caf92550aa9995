import { readFile, stat } from 'node:fs/promises'
import type { Finding, Town, WebGate } from '@sekisho/core'
import { listWords, readLists, standingOf } from '@sekisho/gates/web'
import type {
  DestinationList,
  HeldList,
  ListProblem,
  ListStanding,
  ListTerms,
} from '@sekisho/gates/web'
import { visible } from '@sekisho/report'
import { isDate, todayInJapan } from '@sekisho/town'
import { UsageError } from '../command.ts'
import type { Arguments, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { openTown } from '../town-file.ts'

/** What every verb of `cloud list` works with. */
export interface Desk {
  readonly town: Town
  readonly gate: WebGate
  /** Folder of the lists. */
  readonly folder: string
  readonly terms: ListTerms
}

/**
 * The town, its cloud gate and its folder of lists.
 *
 * @returns the problems of a town file that cannot be read
 * @throws UsageError when the town has no cloud gate, or several and none is named
 */
export async function openDesk(
  file: string,
  args: Arguments,
): Promise<Desk | { readonly findings: readonly Finding[] }> {
  const opened = await openTown(file)
  if (!opened.ok) return { findings: opened.findings }
  const { town } = opened.read
  const gate = webGateOf(town, args.text('gate'))
  const at = args.text('at') ?? todayInJapan(new Date())
  if (!isDate(at)) throw new UsageError('--at は 2027-03-31 の形で書いてください。')
  const { signers, listDays } = gate
  const folder = args.text('lists') ?? 'lists'
  return { town, gate, folder, terms: { signers, listDays, people: town.people, at } }
}

/** @throws UsageError when the town has no cloud gate, or several and none is named */
export function webGateOf(town: Town, wanted: string | undefined): WebGate {
  const gates = town.gates.web ?? []
  const gate = wanted === undefined ? gates[0] : gates.find(({ id }) => id === wanted)
  if (gate === undefined)
    throw new UsageError('町の定義に、クラウドの関所（gates.web）がありません。')
  if (wanted === undefined && gates.length > 1)
    throw new UsageError(
      `--gate で、${gates.map(({ id }) => id).join('・')} のどれかを選んでください。`,
    )
  return gate
}

/** The snapshot in use, if any, and the newest that waits to take its place. */
export interface OnHand {
  readonly held: readonly HeldList[]
  readonly standing: ListStanding
  readonly used?: DestinationList
  readonly waiting?: HeldList
}

export async function onHand(desk: Desk, list: string): Promise<OnHand> {
  const held = await readLists(desk.folder, list)
  const standing = standingOf(held, desk.terms)
  const used = standing.state === 'usable' ? standing.list : undefined
  const waiting = held
    .filter((one) => standingOf([one], desk.terms).state === 'unapproved')
    .filter((one) => one.list.version >= (used?.version ?? ''))
    .toSorted((a, b) => a.list.version.localeCompare(b.list.version, 'en'))
    .at(-1)
  return { held, standing, ...(used && { used }), ...(waiting && { waiting }) }
}

/** The standing of a list as a sentence, with its age where it is old. */
export function standingText(standing: ListStanding, { listDays }: ListTerms): string {
  const sentence = listWords.standing[standing.state]
  return sentence
    .replace('{age}', 'age' in standing ? String(standing.age) : '')
    .replace('{limit}', String(listDays))
}

/** Reads a file that an official names. Larger than any list is told as such before it is read. */
export async function readText(path: string, limit: number): Promise<string> {
  if ((await stat(path)).size > limit)
    throw new UsageError(`${visible(path)} が大きすぎて読めません。`)
  return readFile(path, 'utf8')
}

/** @throws UsageError without `--key` */
export async function readKey(args: Arguments): Promise<string> {
  const path = args.text('key')
  if (path === undefined) throw new UsageError('--key FILE で、署名する人の鍵を示してください。')
  return (await readText(path, 4_096)).trim()
}

/** Shows what keeps a list from being taken. */
export function showListProblems(
  problems: readonly ListProblem[],
  args: Arguments,
  terminal: Terminal,
): ExitCode {
  if (args.on('json'))
    terminal.out(`${JSON.stringify({ sekisho: '1', kind: 'CloudList', ok: false, problems })}\n`)
  else
    for (const { path, message, cure, reason } of problems)
      terminal.out(
        `× ${path === '' ? '' : `${visible(path)}：`}${visible(message)}\n    直し方　${visible(cure)}（${reason}）\n`,
      )
  return EXIT.findings
}
