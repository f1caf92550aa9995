import type { Flow, Town } from '@sekisho/core'
import type { End, Ends, Place } from '../ends.ts'
import { allowsPort, arePortsLimited } from '../ports.ts'

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
  /** What the far end of a flow answers, to whoever opened it. */
  readonly answers: boolean
  /** Paths of the gates whose connection this flow is: what is wrong with it is theirs to mend. */
  readonly gates: readonly string[]
}

/** What only the judge can say about a crossing. */
export interface CrossingRules {
  readonly curesFiles: (gate: Town['gates']['file'][number]) => boolean
  readonly isLawfulFixedFlow: (flow: Flow) => boolean
}

/**
 * Every crossing of a town, sorted by id. A flow carries anything from its opener to its receiver, and back what is
 * fetched over it where that is what it can be for: from the Internet inward, and over a 特定通信. A gate carries
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
  const mailGates = mailGatesOf(town)
  return town.flows.flatMap((flow, index): readonly Crossing[] => {
    const [from, to] = [spotOf(flow.from, ends), spotOf(flow.to, ends)]
    if (from === undefined || to === undefined) return []
    const [here, there] = [ends.place(flow.from), ends.place(flow.to)]
    const gate = gateOf(town, flow, here?.zone, there?.zone)
    // What goes through a screen gate without side ways is a picture one way and keys the other.
    if (gate?.kind === 'screen' && isPictureOnly(gate.gate)) return []
    const mail = isMail(flow) ? mailGates(here, there?.zone) : []
    const relayed = mail.length > 0 && mail.every(({ gate: one }) => curesMail(one))
    const along: Crossing = {
      kind: 'flow',
      id: flow.id,
      name: flow.name,
      path: `flows[${index}]`,
      from,
      to,
      cures: relayed || (gate !== undefined && curesBy(gate, rules)),
      fixed: flow.fixed !== undefined && rules.isLawfulFixedFlow(flow),
      answers: false,
      gates: [...mail, ...(gate ? [gate] : [])].map((one) => one.path),
    }
    const fetches = along.fixed || isFetchedInward(flow, here, there, town.model)
    return fetches && !isMail(flow) ? [along, { ...reversed(along), answers: true }] : [along]
  })
}

/**
 * A machine of ours that opens a flow to the Internet brings in what it is answered, as a browser does. The answers to
 * a machine of the management zone are not followed: a monitor asks everyone everything. What α′ lets out by local
 * breakout has controls of its own (AP-05, AP-06), and a party inside LGWAN is part of LGWAN (X13), whoever else reaches it.
 */
function isFetchedInward(
  { via }: Flow,
  here: Place | undefined,
  there: Place | undefined,
  model: Town['model'],
): boolean {
  if (here?.zoneKind !== 'lgwan' && here?.zoneKind !== 'mynumber') return false
  if (model === 'α′' && via.includes('local-breakout')) return false
  return there?.zoneKind === 'internet' || there?.peer?.network === 'internet'
}

type Gate = { readonly path: string } & (
  | { readonly kind: 'file'; readonly gate: Town['gates']['file'][number] }
  | MailGate
  | { readonly kind: 'screen'; readonly gate: Town['gates']['screen'][number] }
)

interface MailGate {
  readonly kind: 'mail'
  readonly gate: Town['gates']['mail'][number]
  readonly path: string
}

/**
 * The gate that a flow says it belongs to, as far as the rest of the flow bears it out: one between the same two
 * zones, opened from the side such a gate is opened from, on ports that such a gate can use. Whoever names the gate
 * of another boundary, or mail for a file server, has named nothing.
 */
function gateOf(
  town: Town,
  flow: Flow,
  here: string | undefined,
  there: string | undefined,
): Gate | undefined {
  return gatesOf(town).find(({ kind, gate }) => {
    const along = gate.from === here && gate.to === there
    const against = gate.from === there && gate.to === here
    if (gate.id !== flow.gate) return false
    // A screen is opened from where it is seen; a file is pushed, or fetched from where it lies.
    if (kind === 'screen') return against && canBeScreen(flow)
    return kind === 'mail' ? along && isMail(flow) : along || against
  })
}

function gatesOf({ gates: { file, mail, screen } }: Town): readonly Gate[] {
  return [
    ...file.map((gate, nth) => ({ kind: 'file', gate, path: `gates.file[${nth}]` }) as const),
    ...mail.map((gate, nth) => ({ kind: 'mail', gate, path: `gates.mail[${nth}]` }) as const),
    ...screen.map((gate, nth) => ({ kind: 'screen', gate, path: `gates.screen[${nth}]` }) as const),
  ]
}

// FTP, SSH, rpcbind, NetBIOS, SMB, rsync and NFS move files and are no picture, whatever the flow is called.
const FILE_PORTS = [20, 21, 22, 111, 137, 138, 139, 445, 873, 2049] as const

const canBeScreen = (flow: Flow): boolean =>
  arePortsLimited(flow) && !isMail(flow) && !FILE_PORTS.some((port) => allowsPort(flow.ports, port))

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

/**
 * The mail gates between the two ends of a flow. The security cloud may do what such a gate asks itself and deliver
 * from there (MIC26 s12-13): it stands for the Internet zone.
 */
function mailGatesOf(
  town: Town,
): (from: Place | undefined, to: string | undefined) => readonly MailGate[] {
  const kinds = new Map(town.zones.map((zone) => [zone.id, zone.kind]))
  const gates = gatesOf(town).filter((one): one is MailGate => one.kind === 'mail')
  return (from, to) =>
    gates.filter(({ gate }) => {
      const begins =
        from?.peer?.securityCloud === true
          ? kinds.get(gate.from) === 'internet'
          : gate.from === from?.zone
      return begins && gate.to === to
    })
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
  return { kind, id: gate.id, name: gate.id, path, ...ends, cures, ...NO_FLOW }
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
      ...NO_FLOW,
    }
    return [along, reversed(along)]
  })
}

const NO_FLOW = { fixed: false, answers: false, gates: [] } as const

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
