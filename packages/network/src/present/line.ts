import { FAMILIES, spansIn } from '../declared/expect.ts'
import type { Declared } from '../declared/permit.ts'
import type { Condition, Rule } from '../filter/filter.ts'
import { FIELDS, only, STATES, wholeOf } from '../space/field.ts'
import type { Field, Key, Span } from '../space/field.ts'
import type { Region } from '../space/space.ts'
import type { PlugPair } from './witness.ts'

/**
 * First packets between two plugs that a line asks for by itself, sent by who is behind the one to who is behind the other.
 *
 * @returns `undefined` when its conditions are no plain list of values
 */
export function lineRegion(
  { conditions }: Rule,
  { family }: Region,
  { from, to }: PlugPair,
  declared: Declared,
): Region | undefined {
  const region = new Map<Field, readonly Span[]>(FIELDS.map((field) => [field, [wholeOf(field)]]))
  const narrow = (field: Field, spans: readonly Span[]): void =>
    void region.set(field, common(region.get(field)!, spans))
  for (const condition of conditions) {
    const parts = partsOf(condition)
    if (!parts) return undefined
    for (const [field, spans] of parts) narrow(field, spans)
  }
  const behind = (name: string): readonly Span[] => {
    const senders = declared.plugs.find((plug) => plug.name === name)?.senders
    return senders ? FAMILIES.flatMap((one) => spansIn(senders, one)) : [wholeOf('source')]
  }
  narrow('family', family)
  narrow('in', [only(from)])
  narrow('out', [only(to)])
  narrow('state', [only(BigInt(STATES.indexOf('new')))])
  narrow('direction', [only(0n)])
  narrow('source', behind(from))
  narrow('target', behind(to))
  const empty = [...region.values()].some((spans) => spans.length === 0)
  return empty ? undefined : (Object.fromEntries(region) as Region)
}

function partsOf(condition: Condition): readonly (readonly [Field, readonly Span[]])[] | undefined {
  if (condition.kind === 'unknown' || condition.negated) return undefined
  const { fields, boxes } = condition
  if (fields.length === 1) return [[fields[0]!, boxes.flatMap((box) => box[0]!)]]
  return boxes.length === 1
    ? fields.map((field, at) => [field, boxes[0]![at]!] as const)
    : undefined
}

function common(some: readonly Span[], others: readonly Span[]): readonly Span[] {
  return some.flatMap((a) =>
    others.flatMap((b): readonly Span[] => {
      const from = a.from > b.from ? a.from : b.from
      const until = earlier(a.until, b.until)
      if (until !== undefined && until <= from) return []
      return [until === undefined ? { from } : { from, until }]
    }),
  )
}

function earlier(a: Key | undefined, b: Key | undefined): Key | undefined {
  if (a === undefined) return b
  return b === undefined || a < b ? a : b
}
