import type { Field } from '../space/field.ts'
import type { Packet } from '../space/space.ts'
import type { Condition, Rule } from './filter.ts'

/** Rules of a chain that may speak about a packet, in their order: all that do, and few that do not. */
export type Drawers = (packet: Packet) => readonly Rule[]

/** Fewer rules are walked through as they are. */
const FEW = 32
/** Drawers for each field: a rule about many addresses is in many of them. */
const MOST_DRAWERS = 128

/** Puts rules into drawers by the addresses that they ask for, so that for one packet most of them need not be looked at. */
export function drawersOf(rules: readonly Rule[]): Drawers {
  if (rules.length <= FEW) return () => rules
  const fields = (['source', 'target'] as const).map((field) => byField(rules, field))
  return (packet) => {
    const [a, b] = fields.map((of) => of(packet))
    return a!.length <= b!.length ? a! : b!
  }
}

function byField(rules: readonly Rule[], field: Field): Drawers {
  const spans = rules.map((rule) => spansOn(rule.conditions, field))
  const starts = spans.flatMap((of) => (of ?? []).map(({ from }) => from as bigint))
  const cuts = quantiles(starts.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)))
  const drawers: Rule[][] = Array.from({ length: cuts.length + 1 }, () => [])
  for (const [at, rule] of rules.entries()) {
    // A drawer holds the keys from one cut up to the next.
    const held = spans[at]?.map(({ from, until }) => [
      drawerOf(cuts, from as bigint),
      until === undefined ? cuts.length : drawerOf(cuts, (until as bigint) - 1n),
    ]) ?? [[0, cuts.length]]
    for (const [first, last] of held) {
      for (let one = first!; one <= last!; one += 1) {
        // Two of its spans may lie in one drawer.
        if (drawers[one]!.at(-1) !== rule) drawers[one]!.push(rule)
      }
    }
  }
  return (packet) => drawers[drawerOf(cuts, packet[field] as bigint)]!
}

/** What a rule asks of a field, all of it; `undefined` when it may ask for anything. */
function spansOn(conditions: readonly Condition[], field: Field) {
  for (const condition of conditions) {
    if (condition.kind === 'unknown' || condition.negated) continue
    const at = condition.fields.indexOf(field)
    if (at >= 0) return condition.boxes.flatMap((box) => box[at]!)
  }
  return undefined
}

function quantiles(sorted: readonly bigint[]): readonly bigint[] {
  const step = Math.max(1, Math.ceil(sorted.length / MOST_DRAWERS))
  return [...new Set(sorted.filter((_, at) => at > 0 && at % step === 0))]
}

/** How many cuts lie at or below a key. */
function drawerOf(cuts: readonly bigint[], key: bigint): number {
  let [low, high] = [0, cuts.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (cuts[middle]! <= key) low = middle + 1
    else high = middle
  }
  return low
}
