import type { Flow, Town } from '@sekisho/core'
import type { End, Ends } from '../ends.ts'

/** Where a thing can be: a whole zone, a system, a party outside, or a cloud service. */
export type Spot = `${'zone' | 'system' | 'peer' | 'service'}:${string}`

/** One way from one spot to another that the town declares, in the direction in which things travel on it. */
export interface Crossing {
  readonly kind: 'flow' | 'file' | 'mail' | 'screen' | 'boundary'
  /** Id of the flow or gate; a boundary is named by its two zones. */
  readonly id: string
  /** What an official calls it. */
  readonly name: string
  /** e.g. `flows[3]`. */
  readonly path: string
  readonly from: Spot
  readonly to: Spot
  /** What comes from the Internet is harmless after this step. */
  readonly cures: boolean
  /** A registered 特定通信 that the judge lets through. */
  readonly fixed: boolean
}

/** What only the judge can say about a crossing. */
export interface CrossingRules {
  readonly curesFiles: (gate: Town['gates']['file'][number]) => boolean
  readonly isLawfulFixedFlow: (flow: Flow) => boolean
}

/**
 * Every crossing of a town, sorted by id. A flow carries anything from its opener to its receiver; a gate carries
 * from any system of its zone to any system of the other; a screen carries a picture and nothing else, unless one of
 * its side ways is open. A boundary that is open by default carries anything both ways.
 */
export function crossingsOf(town: Town, ends: Ends, rules: CrossingRules): readonly Crossing[] {
  return [
    ...flowCrossings(town, ends, rules),
    ...fileCrossings(town, rules),
    ...mailCrossings(town),
    ...screenCrossings(town),
    ...boundaryCrossings(town),
  ].toSorted(byId)
}

/** The spot of an end: a host stands for its system, for whoever holds one host is taken to hold all. */
export function spotOf(end: End, ends: Ends): Spot | undefined {
  const place = ends.place(end)
  if (place === undefined || place.kind === 'internet') return undefined
  if (place.peer !== undefined) return peerSpot(place.peer)
  return place.system === undefined ? `zone:${place.zone!}` : `system:${place.system}`
}

/** Several lines to one cloud service lead to one spot. */
export const peerSpot = (peer: Town['peers'][number]): Spot =>
  peer.service === undefined ? `peer:${peer.id}` : `service:${peer.service}`

function flowCrossings(town: Town, ends: Ends, rules: CrossingRules): readonly Crossing[] {
  const cleanMail = cleanMailRoutes(town)
  return town.flows.flatMap((flow, index) => {
    const [from, to] = [spotOf(flow.from, ends), spotOf(flow.to, ends)]
    if (from === undefined || to === undefined) return []
    const [here, there] = [ends.place(flow.from)?.zone, ends.place(flow.to)?.zone]
    const zones = `${here} ${there}`
    const gate = gateOf(town, flow, here, there)
    // What goes through a screen gate without side ways is a picture one way and keys the other.
    if (gate?.kind === 'screen' && isPictureOnly(gate.gate)) return []
    return {
      kind: 'flow',
      id: flow.id,
      name: flow.name,
      path: `flows[${index}]`,
      from,
      to,
      cures: (isMail(flow) && cleanMail.has(zones)) || (gate !== undefined && curesBy(gate, rules)),
      fixed: flow.fixed !== undefined && rules.isLawfulFixedFlow(flow),
    }
  })
}

type Gate =
  | { readonly kind: 'file'; readonly gate: Town['gates']['file'][number] }
  | { readonly kind: 'mail'; readonly gate: Town['gates']['mail'][number] }
  | { readonly kind: 'screen'; readonly gate: Town['gates']['screen'][number] }

/**
 * The gate that a flow says it belongs to, when it is one between the same two zones: whoever names the gate of another boundary, or none of our
 * machines at one end, has named nothing.
 */
function gateOf(
  town: Town,
  flow: Flow,
  here: string | undefined,
  there: string | undefined,
): Gate | undefined {
  const { file, mail, screen } = town.gates
  const gates: readonly Gate[] = [
    ...file.map((gate) => ({ kind: 'file', gate }) as const),
    ...mail.map((gate) => ({ kind: 'mail', gate }) as const),
    ...screen.map((gate) => ({ kind: 'screen', gate }) as const),
  ]
  return gates.find(({ kind, gate }) => {
    const along = gate.from === here && gate.to === there
    // A screen is opened from where it is seen; a file is fetched from where it lies.
    const against = kind !== 'mail' && gate.from === there && gate.to === here
    return gate.id === flow.gate && (along || against)
  })
}

const isPictureOnly = ({
  clipboard,
  file,
  drive,
  printer,
}: Town['gates']['screen'][number]): boolean => !clipboard && !file && !drive && !printer

function curesBy(gate: Gate, rules: CrossingRules): boolean {
  if (gate.kind === 'file') return rules.curesFiles(gate.gate)
  return gate.kind === 'mail' && curesMail(gate.gate)
}

// SMTP, SMTPS and submission (RFC 5321, RFC 8314).
const MAIL_PORTS: ReadonlySet<unknown> = new Set([25, 465, 587])

// Mail between two zones with a mail gate is the gate's own relay. Who opens another service on a mail port hides it
// here as well as from the firewall: a declaration knows ports, not what is said on them.
const isMail = (flow: Flow): boolean =>
  flow.protocol === 'tcp' &&
  flow.ports.length > 0 &&
  flow.ports.every((port) => MAIL_PORTS.has(port))

/** `from to` of every pair of zones whose mail gates all leave only text. */
function cleanMailRoutes(town: Town): ReadonlySet<string> {
  const routes = Map.groupBy(town.gates.mail, (gate) => `${gate.from} ${gate.to}`)
  return new Set([...routes].flatMap(([route, gates]) => (gates.every(curesMail) ? [route] : [])))
}

// X1 of the matrix (MIC26 s12-13): attachments deleted and the body turned into text.
const curesMail = (gate: Town['gates']['mail'][number]): boolean =>
  gate.attachments === 'remove' && gate.body === 'text'

const fileCrossings = (town: Town, rules: CrossingRules): readonly Crossing[] =>
  town.gates.file.map((gate, nth) =>
    gateCrossing('file', gate, `gates.file[${nth}]`, rules.curesFiles(gate)),
  )

const mailCrossings = (town: Town): readonly Crossing[] =>
  town.gates.mail.map((gate, nth) =>
    gateCrossing('mail', gate, `gates.mail[${nth}]`, curesMail(gate)),
  )

// Clipboard, files and drives work both ways once they are on; a print goes where the picture goes.
function screenCrossings(town: Town): readonly Crossing[] {
  return town.gates.screen.flatMap((gate, nth) => {
    const along = gateCrossing('screen', gate, `gates.screen[${nth}]`, false)
    if (gate.clipboard || gate.file || gate.drive) return [along, reversed(along)]
    return gate.printer ? [along] : []
  })
}

function gateCrossing(
  kind: 'file' | 'mail' | 'screen',
  gate: { readonly id: string; readonly from: string; readonly to: string },
  path: string,
  cures: boolean,
): Crossing {
  const ends = { from: `zone:${gate.from}`, to: `zone:${gate.to}` } as const
  return { kind, id: gate.id, name: gate.id, path, ...ends, cures, fixed: false }
}

function boundaryCrossings(town: Town): readonly Crossing[] {
  const names = new Map(town.zones.map((zone) => [zone.id, zone.name]))
  return town.boundaries.flatMap(({ between: [a, b], ...boundary }, index): Crossing[] => {
    if (boundary.default === 'deny') return []
    const name = `${names.get(a) ?? a} ⇔ ${names.get(b) ?? b}`
    const id = [a, b].toSorted().join('+')
    const along: Crossing = {
      kind: 'boundary',
      id,
      name,
      path: `boundaries[${index}]`,
      from: `zone:${a}`,
      to: `zone:${b}`,
      cures: false,
      fixed: false,
    }
    return [along, reversed(along)]
  })
}

const reversed = (crossing: Crossing): Crossing => ({
  ...crossing,
  from: crossing.to,
  to: crossing.from,
})

// Ids of flows and gates are unique each among themselves only.
const orderOf = (crossing: Crossing): string => `${crossing.id} ${crossing.kind} ${crossing.to}`
const byId = (a: Crossing, b: Crossing): number => {
  const [first, second] = [orderOf(a), orderOf(b)]
  return first < second ? -1 : first > second ? 1 : 0
}
