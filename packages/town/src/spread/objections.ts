/**
 * Every question of this folder to the judge. No table of classes, places or methods is kept here.
 */
import type { Answer, Edition, Finding, IsoDate, Question, Town, TownFacts } from '@sekisho/core'
import type { Ends } from '../ends.ts'
import { flowFacts } from '../subjects/flow.ts'
import { hasAssetLevelAccessControl, type PlaceFacts } from '../subjects/placement.ts'
import type { Crossing, CrossingRules, Spot } from './crossings.ts'
import type { Label } from './labels.ts'
import { placesOf } from './places.ts'

/** What is needed of a judge. */
export interface Asks {
  ask(question: Question): Answer
}

/** A no of the judge. */
export interface Objection {
  readonly result: 'hold' | 'refuse'
  /** Rule ids that say no, sorted; the basis of the answer when it came without a finding. */
  readonly rules: readonly string[]
  readonly findings: readonly Finding[]
}

/** What the judge says about one label. */
export interface Objections {
  /** Whether it may be in a spot, having come by a crossing; `undefined` is yes. */
  to(spot: Spot, by?: Crossing): Objection | undefined
  /**
   * Rules that are no news once it has been refused where it begins: those that spoke, and those of every zone
   * further in. What is kept too far out is to be brought in, not to be kept from coming in.
   */
  metAt(source: Spot): readonly string[]
}

/** The town, the judge and the day of one computation. */
export interface Inquiry {
  readonly town: Town
  readonly ends: Ends
  readonly judge: Asks
  readonly at: IsoDate
  readonly base: TownFacts
}

/** Prepares one computation. The same facts are put to the judge once: a town has many flows and few kinds of them. */
export function inquiryOf(
  town: Town,
  ends: Ends,
  options: { readonly judge: Asks; readonly at: IsoDate; readonly edition: Edition },
): Inquiry {
  const answers = new Map<string, Answer>()
  const ask = (question: Question): Answer => {
    const key = JSON.stringify(question)
    const answer = answers.get(key) ?? options.judge.ask(question)
    answers.set(key, answer)
    return answer
  }
  const base: TownFacts = { model: town.model, edition: options.edition }
  return { town, ends, at: options.at, base, judge: { ask } }
}

/** What the judge says about crossings. */
export function crossingRules({ town, ends, at, base, judge }: Inquiry): CrossingRules {
  const factsOf = flowFacts(town, ends, at)
  return {
    curesFiles: ({ method, unknownMalwareBlocked }) =>
      judge.ask(fileQuestion(base, method, unknownMalwareBlocked)).result === 'pass',
    isLawfulFixedFlow: (flow) => {
      // What a flow joins others to is what is being found out here.
      const facts = { ...factsOf(flow), ...base, joinsMynumberAndInternet: false }
      return judge.ask({ question: 'check-flow', facts }).result === 'pass'
    },
  }
}

/** What the judge says about labels, one label after another. */
export function objectionsOf(inquiry: Inquiry): (label: Label) => Objections {
  const { town, at, base, judge } = inquiry
  const places = placesOf(town, at)
  const assetLevelAccessControl = hasAssetLevelAccessControl(town, at)
  return (label) => {
    if (label.kind === 'outside') {
      return { to: (spot) => uncured(places.zoneKind(spot), inquiry), metAt: () => [] }
    }
    const { level, personal } = label
    const placed = kept((place: PlaceFacts) => {
      const facts = { ...base, ...place, level, personal, assetLevelAccessControl }
      return without(KEEPING_ONLY, objectionOf(judge.ask({ question: 'place', facts })))
    })
    const inSpot = kept((spot: Spot) => {
      const column = places.column(spot)
      return column && placed(column)
    })
    const lifted = kept((objection: Objection | undefined) =>
      without(LIFTED_BY_FIXED_FLOW, objection),
    )
    const to = (spot: Spot, by?: Crossing): Objection | undefined =>
      by?.fixed === true ? lifted(inSpot(spot)) : inSpot(spot)
    const metAt = (source: Spot): readonly string[] => {
      const own = to(source)
      if (own === undefined) return []
      return [...own.rules, ...places.furtherIn(source).flatMap((one) => placed(one)?.rules ?? [])]
    }
    return { to, metAt }
  }
}

function kept<Key, Value>(compute: (key: Key) => Value): (key: Key) => Value {
  const values = new Map<Key, Value>()
  return (key) => {
    if (!values.has(key)) values.set(key, compute(key))
    return values.get(key)!
  }
}

function objectionOf(answer: Answer): Objection | undefined {
  if (answer.result === 'pass') return undefined
  const ids = answer.findings.map((finding) => finding.rule)
  const rules = ids.length > 0 ? [...new Set(ids)].toSorted() : [answer.basis]
  return { result: answer.result, rules, findings: answer.findings }
}

/** §3.4, row 3B, LGWAN zone: "no, except by 特定通信". Every other no stays. */
export const LIFTED_BY_FIXED_FLOW = 'PL-3B-LGWAN'

/** Staff data kept further in than it need be is in the wrong drawer; that it gets there leaks nothing. */
const KEEPING_ONLY = 'PL-STAFF'

function without(rule: string, objection: Objection | undefined): Objection | undefined {
  const rules = objection?.rules.filter((one) => one !== rule) ?? []
  if (objection === undefined || rules.length === 0) return undefined
  return { ...objection, rules, findings: objection.findings.filter((one) => one.rule !== rule) }
}

/** What has not been cured arrives as if it came straight from the Internet. */
function uncured(zone: string | undefined, { base, judge }: Inquiry): Objection | undefined {
  if (zone === 'lgwan') return objectionOf(judge.ask(fileQuestion(base, 'none', false)))
  if (zone === 'mynumber') return objectionOf(judge.ask(routeQuestion(base)))
  return undefined
}

const fileQuestion = (
  base: TownFacts,
  method: Town['gates']['file'][number]['method'],
  unknownMalwareBlocked: boolean,
): Question => ({
  question: 'check-file-route',
  facts: {
    ...base,
    fromZone: 'internet',
    toZone: 'lgwan',
    throughSanitiser: method !== 'none',
    method,
    unknownMalwareBlocked,
    // Only the method cures; that it was recorded does not.
    resultRecorded: true,
  },
})

// A flow of the Internet zone straight into the My Number zone, with every paper in order.
const routeQuestion = (base: TownFacts): Question => ({
  question: 'check-flow',
  facts: {
    ...base,
    fromZone: 'internet',
    toZone: 'mynumber',
    outside: 'none',
    peerInternetCapable: false,
    peerOnClosedList: false,
    peerReading: 'list',
    peerPublic: false,
    peerReceivedChecked: false,
    peerAssessed: false,
    registered: true,
    macLimited: true,
    ipLimited: true,
    portLimited: true,
    hasPurpose: true,
    hasOwner: true,
    hasExpiry: true,
    expired: false,
    viaSecurityCloud: true,
    localBreakout: false,
    aroundGate: false,
    joinsMynumberAndInternet: false,
  },
})
