import { APART, ENDING, OVER } from '../space/diagram.ts'
import type { Diagram } from '../space/diagram.ts'
import type { Field, Span } from '../space/field.ts'
import { createSpace } from '../space/space.ts'
import type { Packet, Space } from '../space/space.ts'
import { boxesOf, expected } from '../declared/expect.ts'
import type { Declared } from '../declared/permit.ts'
import type { Filter, Unread } from '../filter/filter.ts'
import { evaluate, spansOf } from '../filter/evaluate.ts'
import { feasible } from './feasible.ts'

/** A packet that the text treats otherwise than the declaration does. */
export interface Difference {
  /** `NET-EXTRA`: let through and not declared; `NET-MISSING`: declared and held; `NET-UNSURE`: a condition nobody can tell decides. */
  readonly reason: 'NET-EXTRA' | 'NET-MISSING' | 'NET-UNSURE'
  readonly packet: Packet
}

export type Proof =
  | { readonly kind: 'equal' }
  | {
      readonly kind: 'different'
      readonly differences: readonly Difference[]
      /** False when there are more than are listed. */
      readonly complete: boolean
    }
  /** The text could not be read whole: nothing is proved. */
  | { readonly kind: 'unreadable'; readonly unread: readonly Unread[] }

export interface ProveOptions {
  /** Differences listed at most. */
  readonly most?: number
}

/** Whether a filter lets through exactly what is declared, over every packet there can be. */
export function prove(declared: Declared, filter: Filter, options: ProveOptions = {}): Proof {
  if (filter.unread.length > 0) return { kind: 'unreadable', unread: filter.unread }
  if (!filter.hooks.some(({ policy }) => policy === 'deny') && filter.chains.size === 0) {
    return { kind: 'unreadable', unread: [{ place: '', text: 'hook forward' }] }
  }
  const silent = silentPlugs(declared, filter)
  if (silent.length > 0) return { kind: 'unreadable', unread: silent }
  const { space, want, have, apart } = compare(declared, filter)
  const most = options.most ?? 50
  const packets = space.find(apart, (ending) => ending !== ENDING.accept, most + 1)
  if (packets.length === 0) return { kind: 'equal' }
  const differences = packets.slice(0, most).map((packet) => ({
    reason: reasonOf(space.end(want, packet), space.end(have, packet)),
    packet,
  }))
  return { kind: 'different', differences, complete: packets.length <= most }
}

/** Interfaces of the town of which the text says nothing at all: with one of them left out, whatever it says of the others would seem to be the declaration. */
function silentPlugs({ plugs }: Declared, { unsaid = [] }: Filter): readonly Unread[] {
  const spans = unsaid
    .filter(({ about }) => about === 'PLUGS')
    .flatMap(({ box }) => box.filter(([field]) => field === 'in' || field === 'out'))
    .flatMap(([, all]) => all)
  return plugs
    .filter(({ name }) =>
      spans.some(({ from, until }) => from <= name && (until === undefined || name < until)),
    )
    .map(({ name }) => ({ place: '', text: `interface ${name}` }))
}

/** What the declaration wants, what a filter does, and where they are apart (`APART`). */
export interface Comparison {
  readonly space: Space
  readonly want: Diagram
  readonly have: Diagram
  readonly apart: Diagram
}

/**
 * Compares over every packet there can be, whether or not the filter was read whole.
 *
 * @param more what else will be asked of the space
 */
export function compare(
  declared: Declared,
  filter: Filter,
  more: Iterable<readonly [Field, Span]> = [],
): Comparison {
  const space = createSpace([
    ...boxesOf(declared).flatMap((box) =>
      box.flatMap(([field, spans]) => spans.map((span) => [field, span] as const)),
    ),
    ...spansOf(filter),
    ...feasible.spans,
    ...more,
  ])
  const want = expected(space, declared)
  const have = evaluate(space, filter)
  const apart = said(space, filter, feasible.only(space, space.apply(APART, want, have)))
  return { space, want, have, apart }
}

/** What the text says nothing about counts as the same; `unsaid` of the filter tells that it was not compared. */
function said(space: Space, { unsaid = [] }: Filter, comparison: Diagram): Diagram {
  const boxes = unsaid.map(({ box }) => space.box(box, ENDING.accept))
  return space.apply(OVER, space.overAll(boxes), comparison)
}

function reasonOf(want: number, have: number): Difference['reason'] {
  if (have !== ENDING.accept && have !== ENDING.deny) return 'NET-UNSURE'
  return want === ENDING.deny ? 'NET-EXTRA' : 'NET-MISSING'
}
