import type { Flow } from '@sekisho/core'
import { shown } from '@sekisho/town'
import words from '../../words/use.json' with { type: 'json' }
import type { Declared } from '../declared/permit.ts'
import type { FlowUse } from './flow-use.ts'

const DAY_MS = 86_400_000

/**
 * - `used`: within the time asked for
 * - `unused`: looked at for all of that time, and not used
 * - `unknown`: not used as far as is known, which is not far enough
 */
export type Standing = 'used' | 'unused' | 'unknown'

/** A flow that the firewall lets through, and when it was last used. */
export interface FlowStanding {
  readonly flow: Flow
  readonly standing: Standing
  readonly last?: string
  /** Since when it is looked at; none when the firewall does not count it. */
  readonly since?: string
}

/** Every flow that is open, those that nobody uses first. */
export function standings(
  { permits }: Declared,
  use: FlowUse,
  days: number,
  now: Date,
): readonly FlowStanding[] {
  const from = now.getTime() - days * DAY_MS
  const all = permits.map(({ flow }): FlowStanding => {
    const known = Object.hasOwn(use.flows, flow.id) ? use.flows[flow.id] : undefined
    if (!known) return { flow, standing: 'unknown' }
    const { last, since } = known
    const standing =
      last !== undefined && Date.parse(last) >= from
        ? 'used'
        : // Whoever stopped looking does not know of today.
          Date.parse(since) <= from && now.getTime() - Date.parse(use.seen) <= DAY_MS
          ? 'unused'
          : 'unknown'
    return { flow, standing, since, ...(last !== undefined && { last }) }
  })
  return all.toSorted((a, b) => ORDER.indexOf(a.standing) - ORDER.indexOf(b.standing))
}

const ORDER: readonly Standing[] = ['unused', 'unknown', 'used']

/** The columns and rows of a table for people, with the days as they are in Japan. */
export function useRows(all: readonly FlowStanding[]): {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
} {
  return {
    columns: Object.values(words.columns),
    rows: all.map(({ flow, standing, last, since }) => [
      shown(flow.name),
      flow.id,
      shown(flow.purpose ?? ''),
      words.standings[standing],
      last === undefined ? words.never : dayOf(last),
      since === undefined ? words.uncounted : dayOf(since),
      flow.expires ?? '',
    ]),
  }
}

/** The same as lines, the unused ones with what to do. */
export function useText(all: readonly FlowStanding[], days: number): string {
  const lines = (standing: Standing): readonly string[] =>
    all
      .filter((one) => one.standing === standing)
      .map(({ flow, last, since }) =>
        words.line
          .replace('{name}', () => shown(flow.name))
          .replace('{id}', flow.id)
          .replace('{last}', last === undefined ? words.never : dayOf(last))
          .replace('{since}', since === undefined ? words.uncounted : dayOf(since)),
      )
  const part = (title: string, some: readonly string[], cure: string): string =>
    some.length === 0
      ? ''
      : `${title.replace('{days}', String(days)).replace('{count}', String(some.length))}\n${some.map((one) => `  ${one}\n`).join('')}${cure === '' ? '' : `  ${cure}\n`}\n`
  const unused = lines('unused')
  return [
    part(words.unused, unused, words.cure),
    part(words.unknown, lines('unknown'), words.unknownCure),
    `${words.overlap}\n`,
    `${(unused.length === 0 ? words.none : words.count)
      .replace('{days}', String(days))
      .replace('{count}', String(unused.length))
      .replace('{all}', String(all.length))}\n`,
  ].join('')
}

const dayOf = (instant: string): string =>
  new Date(instant).toLocaleDateString('sv-SE', { timeZone: 'Asia/Tokyo' })
