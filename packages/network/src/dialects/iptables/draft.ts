import type { Action, Condition } from '../../filter/filter.ts'
import { DIRECTIONS, only, STATES, wholeOf } from '../../space/field.ts'
import type { Field, Span } from '../../space/field.ts'
import type { Family } from './saved.ts'
import type { Sets } from './sets.ts'

/** What all rules of one family refer to. */
export interface Book {
  readonly family: Family
  readonly sets: Sets
  /** The instant at which `-m time` is told, in seconds since 1970. */
  readonly at: number
  /** Where a day that is met puts the instant at which it begins, or is over. */
  readonly turns: Set<number>
  /** The packets are the machine's own: they come to it or leave it. */
  readonly ofBox?: boolean
}

/** A rule while its line is read. */
export interface Draft {
  readonly book: Book
  readonly conditions: Condition[]
  readonly tracked: Tracking[]
  /** What of the line is not understood: then its conditions may hold or not, and the whole text proves nothing. */
  readonly unread: string[]
  /** Protocols of which one is asked for: ports of no protocol are no ports. */
  readonly needs: (readonly number[])[]
  protocol?: number
  action?: Action
  /** What is not understood of the line may be what its target does. */
  strict?: true
  comment?: string
}

/** One `-m conntrack` or `-m state`. */
export interface Tracking {
  states?: { readonly names: readonly string[]; readonly negated: boolean }
  direction?: string
  /** Something else is asked for, which may hold or not. */
  aside?: true
}

/** Reads the values of one option into the draft; false when it does not understand them. */
export type ReadOption = (draft: Draft, values: readonly string[], negated: boolean) => boolean

export interface Option {
  /** How many values follow. */
  readonly values: number
  readonly read: ReadOption
}

/** What `-m` names (iptables-extensions(8)). */
export interface Match {
  readonly options: Readonly<Record<string, Option>>
  /** What naming it already asks for. */
  readonly begin?: (draft: Draft) => void
}

export const unknown = (text: string): Condition => ({
  kind: 'unknown',
  text: text.slice(0, 200),
})

export const NEVER: Condition = { kind: 'in', fields: [], boxes: [], negated: false }

/** Asks that one field lies in one of these spans, or in none of them. */
export function hold(
  draft: Draft,
  field: Field,
  spans: readonly Span[] | undefined,
  negated: boolean,
): boolean {
  if (spans === undefined) return false
  draft.conditions.push({ kind: 'in', fields: [field], boxes: [[spans]], negated })
  return true
}

/** The same of two fields together; an empty list stands for all of a field. */
export function holdBoth(
  draft: Draft,
  fields: readonly [Field, Field],
  boxes: readonly (readonly [readonly Span[], readonly Span[]])[],
  negated: boolean,
): boolean {
  const whole = boxes.map((box) =>
    box.map((spans, at) => (spans.length === 0 ? [wholeOf(fields[at]!)] : spans)),
  )
  draft.conditions.push({ kind: 'in', fields, boxes: whole, negated })
  return true
}

const TRACKED = ['new', 'established', 'related']
/** Asked for like states: of connections whose addresses were written anew, which a packet does not show. */
const REWRITTEN = new Set(['dnat', 'snat'])

/**
 * A condition on state and direction, as `conntrack_mt` in net/netfilter/xt_conntrack.c decides: a packet without a connection is held by its state alone,
 * whatever direction is asked for, and by nothing else.
 */
export function trackedCondition({ states, direction, aside }: Tracking): Condition | undefined {
  if (states === undefined && direction === undefined) {
    return aside ? unknown('--ct') : undefined
  }
  const wanted = states?.names.map((name) => name.toLowerCase())
  const known = STATES as readonly string[]
  if (wanted?.some((name) => !known.includes(name) && !REWRITTEN.has(name))) return undefined
  if (wanted?.some((name) => REWRITTEN.has(name))) return unknown(`--ctstate ${wanted.join(',')}`)
  const dirs = direction === undefined ? DIRECTIONS : [direction.toLowerCase()]
  if (!dirs.every((one) => (DIRECTIONS as readonly string[]).includes(one))) return undefined
  const asked = STATES.filter((state) => {
    if (states === undefined) return TRACKED.includes(state)
    return wanted!.includes(state) !== states.negated
  })
  const directions = dirs.map((one) => only(BigInt((DIRECTIONS as readonly string[]).indexOf(one))))
  const boxes = asked.map((state) => [
    [only(BigInt(STATES.indexOf(state)))],
    TRACKED.includes(state) ? directions : [wholeOf('direction')],
  ])
  return { kind: 'in', fields: ['state', 'direction'], boxes, negated: false }
}

/** What holds of it whether or not addresses were written anew: `RELATED,ESTABLISHED,DNAT` is the first two in any case. */
export function surelyTracked(tracking: Tracking): Condition | undefined {
  const { states } = tracking
  if (!states || states.negated) return undefined
  const names = states.names.filter((name) => !REWRITTEN.has(name.toLowerCase()))
  return names.length > 0 && names.length < states.names.length
    ? trackedCondition({ ...tracking, states: { names, negated: false } })
    : undefined
}
