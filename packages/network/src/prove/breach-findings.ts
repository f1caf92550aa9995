import type { Finding, Town } from '@sekisho/core'
import { shown } from '@sekisho/town'
import words from '../../words/ja.json' with { type: 'json' }
import type { Declared } from '../declared/permit.ts'
import type { Filter } from '../filter/filter.ts'
import { trace } from '../filter/trace.ts'
import { clauseOf, endText, filled, whatText } from './findings.ts'
import { hooksAt } from './invariants.ts'
import type { Breach, InvariantReason } from './invariants.ts'

/** Breaches of the invariants as findings: one for each deciding line, where it matters also for each plug, with one packet as witness. */
export function breachFindings(
  town: Town,
  declared: Declared,
  filter: Filter,
  breaches: readonly Breach[],
): readonly Finding[] {
  const seen = new Set<string>()
  return breaches.flatMap((breach): readonly Finding[] => {
    const { reason, packet, at } = breach
    const { place } = trace({ ...filter, hooks: hooksAt(filter, at) }, packet)
    const key = [reason, place, ...(PER_PLUG[reason] ?? []).map((field) => packet[field])].join(
      '\n',
    )
    if (seen.has(key)) return []
    seen.add(key)
    const sentence = words.breaches[reason]
    const values = {
      from: endText(declared, packet, 'in'),
      to: endText(declared, packet, 'out'),
      what: whatText(packet),
      place: place === '' ? words.places.none : filled(words.places.rule, { place: shown(place) }),
    }
    return [
      {
        rule: reason,
        ...(at === 'forward' || reason === 'NET-BOX-SENDS' ? clauseOf(town, packet) : OWN),
        effect: 'refuse',
        message: filled(sentence.message, values),
        cure: { sentence: filled(sentence.cure, values), who: 'it-officer' },
      },
    ]
  })
}

/** Where one line breaks an invariant at several plugs, and each is to be mended. */
const PER_PLUG: Readonly<Partial<Record<InvariantReason, readonly ('in' | 'out')[]>>> = {
  'NET-SPOOF': ['in'],
  'NET-MYNUMBER-INTERNET': ['in', 'out'],
  'NET-MYNUMBER-UNBOUND': ['in', 'out'],
  'NET-BOX-OPEN': ['in'],
  'NET-BOX-NO-ND': ['in'],
  'NET-BOX-SENDS': ['out'],
  'NET-BOX-MUTE': ['out'],
}

/** No clause of the guideline speaks of the firewall itself. */
const OWN = {
  clause: words.clauses['NET-BOX'],
  edition: 'R8.3',
  verified: true,
  severity: 'required',
} as const satisfies Partial<Finding>
