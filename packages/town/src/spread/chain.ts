import type { Asset, Finding } from '@sekisho/core'
import words from '../../words/spread.json' with { type: 'json' }
import { sentence } from '../sentence.ts'
import type { Crossing, Spot } from './crossings.ts'
import { labelId, type Label } from './labels.ts'
import type { Objection } from './objections.ts'
import type { Arrival, Trail } from './propagate.ts'

/** One crossing of a chain. */
export interface SpreadStep extends Crossing {
  /** What happens here, in plain Japanese. */
  readonly sentence: string
}

/** Something arrives where the judge does not allow it. */
export interface SpreadChain {
  /** `CH-OUT`: what is known of assets, outward. `CH-IN`: what comes from the Internet, inward and not cured. */
  readonly rule: 'CH-OUT' | 'CH-IN'
  /** Made of the ids it is about: it stays the same however the file is ordered. */
  readonly id: string
  readonly label: Label
  /** What is kept where the chain begins and bears this label, sorted by id; empty for `CH-IN`. */
  readonly assets: readonly Asset[]
  readonly from: Spot
  readonly to: Spot
  /** Of all chains with this label and this end, the shortest. Empty: it is kept there. */
  readonly steps: readonly SpreadStep[]
  /** `hold`: a person decides. */
  readonly result: 'hold' | 'refuse'
  /** Rules of the judge that say no, sorted. */
  readonly rules: readonly string[]
  /** What the judge said. */
  readonly findings: readonly Finding[]
  /** The chain in words: where it begins, one sentence per step, where it ends. */
  readonly sentences: readonly string[]
}

type NameOf = (spot: Spot) => string

/** An arrival with its way read forwards, in ids and in words. */
export function chainOf(label: Label, { trail, objection }: Arrival, nameOf: NameOf): SpreadChain {
  const { spot: from, assets } = trail.source
  const steps = crossingsTo(trail).map((crossing) => stepOf(crossing, label, nameOf))
  const rule = label.kind === 'class' ? 'CH-OUT' : 'CH-IN'
  const to = trail.spot
  return Object.freeze({
    rule,
    id: [rule, labelId(label), from, ...steps.map((step) => `${step.kind}:${step.id}`), to].join(
      ' ',
    ),
    label,
    assets,
    from,
    to,
    steps: Object.freeze(steps),
    ...objection,
    sentences: Object.freeze([
      beginning(label, assets, nameOf(from)),
      ...steps.map((step) => step.sentence),
      sentence(words.end[endOf(label, objection)], { to: nameOf(to) }),
    ]),
  })
}

function endOf(label: Label, { result, rules }: Objection): keyof typeof words.end {
  if (label.kind === 'class') return result === 'hold' ? 'ask' : 'out'
  return rules.includes('ZN-01') ? 'apart' : 'in'
}

// Iterative: a chain may be as long as the town has crossings.
function crossingsTo(trail: Trail): readonly Crossing[] {
  const crossings: Crossing[] = []
  for (let at = trail; at.last !== undefined; at = at.last.before) crossings.push(at.last.crossing)
  return crossings.toReversed()
}

function stepOf(crossing: Crossing, label: Label, nameOf: NameOf): SpreadStep {
  const template = words[label.kind][wordOf(crossing)]
  const values = { name: crossing.name, to: nameOf(crossing.to) }
  return Object.freeze({ ...crossing, sentence: sentence(template, values) })
}

function wordOf({ kind, fixed, answers }: Crossing): keyof typeof words.class {
  if (answers) return fixed ? 'fixedAnswer' : 'answer'
  return fixed ? 'fixed' : kind
}

/** 「住民基本台帳」ほか2件. */
export function assetsText(assets: readonly Asset[]): string {
  const [first] = assets
  if (first === undefined) return words.internet
  const name = sentence(words.asset, { asset: first.name })
  const more = assets.length - 1
  return more === 0 ? name : name + sentence(words.others, { count: String(more) })
}

function beginning(label: Label, assets: readonly Asset[], place: string): string {
  if (label.kind === 'outside') return sentence(words.begin.outside, { place })
  const values = { assets: assetsText(assets), level: label.level, place }
  return sentence(words.begin.class, values)
}
