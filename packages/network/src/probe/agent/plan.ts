import type { Declared } from '../../declared/permit.ts'
import { addressText } from '../../declared/text.ts'
import { byDeclaration } from '../expect.ts'
import type { Outcome } from '../outcome.ts'
import type { Place } from '../place.ts'
import { questionsOf } from '../question.ts'
import type { Question } from '../question.ts'
import type { Sighting } from '../sighting.ts'
import { OPENED } from './messages.ts'
import type { WireSighting } from './messages.ts'

/** Who asks whom on a running installation. */
export interface AgentPlan {
  readonly questions: readonly Question[]
  /** Ports each place must listen at, by its index, as `tcp 443`. */
  readonly ports: ReadonlyMap<number, readonly string[]>
}

/**
 * Between agents behind different plugs what is declared, a port beside it, and known ports; and, so that "nothing came" can be believed, the same ports once
 * from an agent behind the same plug, whose packets no firewall sees. Nobody plays somebody else here.
 */
export function agentPlan(declared: Declared, places: readonly Place[]): AgentPlan {
  const across = questionsOf(declared, places).filter(({ sourcePort }) => sourcePort === undefined)
  const asked = new Set<string>()
  const controls = across.flatMap((question): readonly Question[] => {
    const key = targetKey(question)
    if (asked.has(key)) return []
    asked.add(key)
    const near = places.findIndex(
      (place, at) =>
        at !== question.to &&
        place.plug === places[question.to]!.plug &&
        place.addresses.some(({ family }) => family === question.family),
    )
    if (near === -1) return []
    const own = places[near]!.addresses.find(({ family }) => family === question.family)!
    return [{ ...question, from: near, source: own.address, reason: 'control' }]
  })
  const ports = new Map<number, Set<string>>()
  for (const { to, protocol, port } of across) {
    ports.set(to, (ports.get(to) ?? new Set()).add(`${protocol} ${port}`))
  }
  return {
    questions: [...controls, ...across],
    ports: new Map([...ports].map(([to, names]) => [to, [...names]])),
  }
}

/** What an agent found at a port when it was told to listen there. */
export type PortState = (typeof OPENED)[number]

/**
 * What became of each question, from what the agents saw.
 *
 * @param states of the ports, by index of the place and `tcp 443`
 */
export function agentOutcomes(
  declared: Declared,
  places: readonly Place[],
  questions: readonly Question[],
  seen: readonly WireSighting[],
  states: (place: number, port: string) => PortState,
): readonly Outcome[] {
  const expect = byDeclaration(declared, places)
  const sightings = questions.map((question, at) =>
    sightingOf(seen[at] ?? 'unsent', states(question.to, portOf(question))),
  )
  const reached = new Set<string>()
  const spoke = new Set<number>()
  for (const [at, question] of questions.entries()) {
    if (sightings[at] !== 'answered') continue
    reached.add(targetKey(question))
    spoke.add(question.from)
  }
  return questions.flatMap((question, at) =>
    question.reason === 'control'
      ? []
      : [
          {
            question,
            declared: expect(question),
            model: undefined,
            sighting: sightings[at]!,
            controlled: reached.has(targetKey(question)) && spoke.has(question.from),
          },
        ],
  )
}

function sightingOf(seen: WireSighting, state: PortState): Sighting {
  switch (seen) {
    case 'answered':
    case 'connected':
      return 'answered'
    // Where somebody listens, only something in between turns a packet down; where nobody does, the machine itself does, so the packet came to it.
    case 'refused':
      return state === 'closed' ? 'answered' : 'stopped'
    case 'silent':
      return state === 'closed' ? 'silent' : 'stopped'
    case 'unsent':
    case 'not-allowed':
      return 'unsent'
  }
}

export const portOf = ({ protocol, port }: Question): string => `${protocol} ${port}`

const targetKey = ({ family, target, protocol, port }: Question): string =>
  `${addressText(family, target)} ${protocol} ${port}`
