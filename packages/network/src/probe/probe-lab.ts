import type { Town } from '@sekisho/core'
import type { Declared } from '../declared/permit.ts'
import { readNftables } from '../dialects/nftables/read.ts'
import { SETTINGS } from '../kernel/settings.ts'
import { controlled, controlsOf, isLie } from './control.ts'
import { countersOf } from './counters.ts'
import type { Counters } from './counters.ts'
import { byDeclaration, byModel } from './expect.ts'
import { openLab } from './lab/lab.ts'
import type { Lab } from './lab/lab.ts'
import { OPENED } from './lab/wiring.ts'
import type { Outcome } from './outcome.ts'
import { ownQuestionsOf } from './own.ts'
import type { OwnOutcome, OwnQuestion } from './own.ts'
import { placesOf } from './place.ts'
import type { Place } from './place.ts'
import { liarsOf, questionsOf } from './question.ts'
import type { Question } from './question.ts'

export interface LabProbeOptions {
  /** The program that asks and answers in each namespace. */
  readonly prober: readonly string[]
  /** Machines that no flow tells apart are asked for up to this many. */
  readonly alike?: number
  /** Seconds since 1970 by the clock of this kernel, which is the one that ends flows. */
  readonly now: number
}

/** What a probe of a town in namespaces found. */
export interface LabProbe {
  readonly places: readonly Place[]
  readonly outcomes: readonly Outcome[]
  /** What the firewall itself was made to send into the My Number zone. */
  readonly own: readonly OwnOutcome[]
  readonly counters: Counters
  /** Ids of flows that were really used, and that the firewall did not count; empty also when it keeps no counters. */
  readonly uncounted: readonly string[]
  /** Packets that were stopped, and how many of them the firewall counted. */
  readonly stopped: number
  readonly denied: number
}

export type LabProbed =
  | { readonly ok: true; readonly probe: LabProbe }
  | { readonly ok: false; readonly reason: 'PROBE-NO-LAB' | 'NET-REFUSED'; readonly says: string }

/** Without the kernel's own look at senders: here the rules are asked, and must hold alone. */
export const RULES_ALONE = SETTINGS.filter(
  ({ why }) => why !== 'reverse-path' && why !== 'martians',
)
  .filter(({ key }) => !key.startsWith('net.netfilter.'))
  .map(({ key, value }) => [key, value] as const)

/**
 * Builds a town in namespaces, puts `text` into its firewall, and really asks: every place to every other, liars, and connections that were made before the
 * text was put in. Nothing of it leaves this machine.
 */
export async function probeLab(
  town: Town,
  declared: Declared,
  text: string,
  options: LabProbeOptions,
): Promise<LabProbed> {
  const { alike, prober } = options
  const places = placesOf(town, declared, alike === undefined ? {} : { alike })
  const lab = await openLab(declared, places, { prober, settings: RULES_ALONE })
  if ('reason' in lab) return { ok: false, ...lab }
  try {
    const prepared = await prepareProbe(lab, declared, places)
    return await probed(lab, prepared, text, options.now)
  } finally {
    await lab.close()
  }
}

/** What is asked in a lab, and which of it can be believed: the same whatever text is asked about. */
export interface PreparedProbe {
  readonly declared: Declared
  readonly places: readonly Place[]
  readonly questions: readonly Question[]
  readonly controlled: (question: Question) => boolean
  /** What the firewall itself is made to send, and whether it arrives while nothing is stopped. */
  readonly own: readonly { readonly question: OwnQuestion; readonly controlled: boolean }[]
}

/** Asks the controls, with a firewall that stops nothing. */
export async function prepareProbe(
  lab: Lab,
  declared: Declared,
  places: readonly Place[],
): Promise<PreparedProbe> {
  const matrix = questionsOf(declared, places)
  const questions = [...matrix, ...liarsOf(declared, places, matrix)]
  const controls = controlsOf(questions, places)
  await lab.load(OPENED)
  const seen = await lab.ask(controls)
  const shown = controls.map((question, at) => [question, seen[at]!] as const)
  const asked = ownQuestionsOf(declared, places)
  const came = await lab.send(asked)
  const own = asked.map((question, at) => ({ question, controlled: came[at] === 'arrived' }))
  return { declared, places, questions, controlled: controlled(shown, places), own }
}

/** Asks everything of one text. */
export async function probed(
  lab: Lab,
  prepared: PreparedProbe,
  text: string,
  now: number,
): Promise<LabProbed> {
  const { declared, places, questions } = prepared
  const expect = byDeclaration(declared, places)
  const opened = await lab.load(OPENED)
  if (!opened.ok) return { ok: false, reason: 'PROBE-NO-LAB', says: opened.says }
  const kept = keptOf(questions, places, (question) => expect(question).passes)
  const made = await lab.hold(kept)
  const loaded = await lab.load(text)
  if (!loaded.ok) return { ok: false, reason: 'NET-REFUSED', says: loaded.says }
  const onKept = await lab.say()
  const sightings = await lab.ask(questions)
  const counters = countersOf(await lab.listing())
  const sent = await lab.send(prepared.own.map(({ question }) => question))
  const filter = readNftables(loaded.listing, { at: now })
  // Of a text that was not read whole the model says nothing.
  const model = filter.unread.length > 0 ? () => undefined : byModel(filter, places)
  const asked = questions.map((question, at) => ({
    question,
    declared: expect(question),
    model: model(question),
    sighting: sightings[at]!,
    controlled: prepared.controlled(question),
  }))
  // Nothing of such a connection is declared, neither its first packet nor any other.
  const still = kept.map((question, at): Outcome => ({
    question: { ...question, reason: 'kept' },
    declared: { passes: false },
    model: undefined,
    sighting: made[at] === true ? onKept[at]! : 'unsent',
    controlled: made[at] === true,
  }))
  return {
    ok: true,
    probe: {
      places,
      ...counted(counters, asked),
      outcomes: [...asked, ...still],
      own: prepared.own.map((one, at) => ({ ...one, sighting: sent[at]! })),
    },
  }
}

/** One undeclared TCP connection between every two plugs and in each direction, to be made while the firewall stops nothing. */
function keptOf(
  questions: readonly Question[],
  places: readonly Place[],
  passes: (question: Question) => boolean,
): readonly Question[] {
  const found = new Map<string, Question>()
  for (const question of questions) {
    const { protocol, reason, from, to, family } = question
    const key = `${places[from]!.plug} ${places[to]!.plug} ${family}`
    if (found.has(key) || protocol !== 'tcp' || passes(question)) continue
    if (reason === 'way-back' || isLie(question)) continue
    found.set(key, question)
  }
  return [...found.values()]
}

function counted(
  counters: Counters,
  outcomes: readonly Outcome[],
): Pick<LabProbe, 'counters' | 'uncounted' | 'stopped' | 'denied'> {
  // Where flows overlap the kernel counts a packet for one of them, the first that its text asks.
  const used = outcomes.flatMap(({ declared, sighting }) =>
    sighting === 'answered' ? [(declared.permits ?? []).map(({ flow }) => flow.id)] : [],
  )
  const uncounted = used.flatMap((ids) =>
    ids.length > 0 && ids.every((id) => counters.flows.get(id) === 0) ? [ids[0]!] : [],
  )
  const stopped = outcomes.filter(({ sighting }) => sighting === 'stopped').length
  const denied = [...counters.denied.values()].reduce((sum, one) => sum + one, 0)
  return { counters, uncounted: [...new Set(uncounted)], stopped, denied }
}
