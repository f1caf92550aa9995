import type { Finding } from '@sekisho/core'
import words from '../../words/ja.json' with { type: 'json' }
import type { Declared } from '../declared/permit.ts'
import { addressText } from '../declared/text.ts'
import { clause, filled } from '../prove/findings.ts'
import type { Place } from './place.ts'
import type { Question } from './question.ts'
import type { Sighting } from './sighting.ts'

/** A packet that the firewall itself is made to send. */
export type OwnQuestion = Pick<Question, 'to' | 'family' | 'target' | 'protocol' | 'port'>

/** What became of one. */
export interface OwnOutcome {
  readonly question: OwnQuestion
  readonly sighting: Sighting
  /** It arrived while the firewall stopped nothing. */
  readonly controlled: boolean
}

const PORTS = [
  ['tcp', 443],
  ['udp', 53],
] as const

/** Where the firewall itself may say nothing: to somebody behind each plug of the My Number zone, in each family that is there. */
export function ownQuestionsOf(
  declared: Declared,
  places: readonly Place[],
): readonly OwnQuestion[] {
  const bound = declared.plugs.filter((plug) => plug.bound === true)
  return bound.flatMap(({ name }) =>
    ([4, 6] as const).flatMap((family) => {
      const to = places.findIndex(
        ({ plug, addresses }) => plug === name && addresses.some((one) => one.family === family),
      )
      const target = places[to]?.addresses.find((one) => one.family === family)
      if (!target) return []
      return PORTS.map(([protocol, port]) => ({
        to,
        family,
        target: target.address,
        protocol,
        port,
      }))
    }),
  )
}

/** What the firewall itself could send, as findings: one for each plug, with one packet as witness. */
export function ownFindings(
  places: readonly Place[],
  outcomes: readonly OwnOutcome[],
): readonly Finding[] {
  const seen = new Set<string>()
  return outcomes.flatMap(({ question, sighting, controlled }): readonly Finding[] => {
    const { to, family, target, protocol, port } = question
    const came = sighting === 'arrived'
    const { plug } = places[to]!
    const reason = came ? 'PROBE-BOX-SENDS' : 'PROBE-BOX-UNPROVEN'
    if ((!came && controlled) || seen.has(`${reason} ${plug}`)) return []
    seen.add(`${reason} ${plug}`)
    const values = {
      to: filled(words.ends.zone, { name: plug, address: addressText(family, target) }),
      what: filled(words.what.ports, {
        protocol: protocol.toUpperCase(),
        port: String(port),
        state: words.states.new,
      }),
    }
    const sentence = words.probe.box[reason]
    return [
      {
        rule: reason,
        ...clause('ZN-02'),
        effect: came ? 'refuse' : 'hold',
        message: filled(sentence.message, values),
        cure: { sentence: sentence.cure, who: 'it-officer' },
      },
    ]
  })
}
