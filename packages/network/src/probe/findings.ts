import type { Finding, Town } from '@sekisho/core'
import { shown } from '@sekisho/town'
import words from '../../words/ja.json' with { type: 'json' }
import type { Declared } from '../declared/permit.ts'
import { clause, clauseOf, endText, filled, whatText } from '../prove/findings.ts'
import { packetThere } from './expect.ts'
import { judge } from './outcome.ts'
import type { Outcome, OutcomeReason } from './outcome.ts'
import type { Place } from './place.ts'
import type { LabProbe } from './probe-lab.ts'

/** What a probe says, as findings: one for each reason, pair of plugs and kind of question, with one packet as witness and the number of others like it. */
export function outcomeFindings(
  town: Town,
  declared: Declared,
  places: readonly Place[],
  outcomes: readonly Outcome[],
): readonly Finding[] {
  const alike = new Map<string, { outcome: Outcome; reason: OutcomeReason; more: number }>()
  for (const outcome of outcomes) {
    const reason = judge(outcome)
    if (reason === undefined) continue
    const { from, to, reason: asked } = outcome.question
    const flow = reason === 'PROBE-SHUT' ? (outcome.declared.permit?.flow.id ?? '') : ''
    const key = [reason, places[from]!.plug, places[to]!.plug, asked, flow].join('\n')
    const known = alike.get(key)
    if (known) known.more += 1
    else alike.set(key, { outcome, reason, more: 0 })
  }
  return [...alike.values()].map(({ outcome, reason, more }) => {
    const packet = packetThere(places, outcome.question)
    const sentence = words.probe.outcomes[reason]
    const values = {
      from: endText(declared, packet, 'in'),
      to: endText(declared, packet, 'out'),
      what: words.probe.asked[outcome.question.reason].replace('{what}', whatText(packet)),
      flow: shown(outcome.declared.permit?.flow.name ?? ''),
      more: more === 0 ? '' : filled(words.probe.more, { count: String(more) }),
    }
    return {
      rule: reason,
      ...clauseOf(town, packet),
      effect: reason === 'PROBE-UNPROVEN' ? 'hold' : 'refuse',
      message: filled(sentence.message, values),
      cure: { sentence: filled(sentence.cure, values), who: 'it-officer' },
    } satisfies Finding
  })
}

/** Flows that were used and not counted, and denials that were not: a firewall that does not count cannot be looked at. */
export function counterFindings(
  declared: Declared,
  probe: Pick<LabProbe, 'counters' | 'uncounted' | 'stopped' | 'denied'>,
): readonly Finding[] {
  // A text that somebody else wrote counts in its own way, or not at all.
  const ours = probe.counters.denied.size > 0
  const finding = (
    reason: keyof typeof words.probe.counters,
    values: Readonly<Record<string, string>>,
  ): Finding => ({
    rule: reason,
    ...clause('ZN-06'),
    effect: ours ? 'refuse' : 'note',
    message: filled(words.probe.counters[reason].message, values),
    cure: { sentence: words.probe.counters[reason].cure, who: 'it-officer' },
  })
  const flows = probe.uncounted.map((id) => {
    const permit = declared.permits.find(({ flow }) => flow.id === id)
    return finding('PROBE-UNCOUNTED', { flow: shown(permit?.flow.name ?? id) })
  })
  if (probe.denied >= probe.stopped) return flows
  const values = { stopped: String(probe.stopped), denied: String(probe.denied) }
  return [...flows, finding('PROBE-UNSEEN', values)]
}
