import {
  SekishoError,
  readClass,
  type ConfidentialityLevel,
  type CoveredReference,
  type DisarmProfile,
  type EndpointReference,
  type Flow,
  type Host,
  type MailGate,
  type MailNextHop,
  type MailOutward,
  type Town,
  type WebGate,
} from '@sekisho/core'
import { DEFAULT_LIST_DAYS } from './limits.ts'
import { readPorts } from './ports.ts'
import type { TownShape } from './shape.ts'

/** Days a sealed original stays when the town does not say. */
export const DEFAULT_ORIGINAL_DAYS = 7
/** Bytes of one file when the town does not say: 100 MiB. */
export const DEFAULT_MAX_BYTES = 104_857_600
/** Days the sealed original of a mail stays when the town does not say. */
export const DEFAULT_MAIL_ORIGINAL_DAYS = 30
/** Bytes of one mail when the town does not say: 50 MiB. */
export const DEFAULT_MAIL_BYTES = 52_428_800
/** Minutes to recall mail outward when the town does not say. */
export const DEFAULT_DELAY_MINUTES = 5
const SMTP_PORT = 25

/**
 * A shape whose names all resolve → the Town every other room works with. What the file leaves out becomes the
 * strict value: no authentication, media writable, approval always, boundary closed and logged.
 */
export function resolveTown(shape: TownShape): Town {
  return deepFreeze<Town>({
    ...compact(shape.town),
    zones: shape.zones.map(resolveZone),
    boundaries: resolveBoundaries(shape),
    peers: (shape.peers ?? []).map(resolvePeer),
    systems: (shape.systems ?? []).map(resolveSystem),
    assets: (shape.assets ?? []).map(resolveAsset),
    flows: (shape.flows ?? []).map(resolveFlow),
    services: (shape.services ?? []).map(compact),
    departments: shape.departments.map(compact),
    people: (shape.people ?? []).map((person) => compact({ ...person, roles: person.roles ?? [] })),
    gates: resolveGates(shape.gates ?? {}),
    organisation: compact(shape.organisation ?? {}),
    controls: shape.controls ?? [],
    exceptions: (shape.exceptions ?? []).map(compact),
    macros: shape.macros ?? [],
    contracts: (shape.contracts ?? []).map(resolveContract),
    contractPapers: (shape.contractPapers ?? []).map(compact),
    subcontractors: (shape.subcontractors ?? []).map(compact),
    media: (shape.media ?? []).map(compact),
    incidents: (shape.incidents ?? []).map((incident) =>
      compact({
        ...incident,
        stronglyEncrypted: incident.stronglyEncrypted ?? false,
        reported: incident.reported ?? {},
        nineFieldsComplete: incident.nineFieldsComplete ?? false,
      }),
    ),
    ...(shape.readings &&
      Object.keys(shape.readings).length > 0 && { readings: compact(shape.readings) }),
    tests: (shape.tests ?? []).map(resolveTest),
    ...(shape.firewall && { firewall: compact(shape.firewall) }),
  })
}

type Of<Key extends keyof TownShape> = NonNullable<TownShape[Key]>
type Item<List> = List extends readonly (infer One)[] ? One : never

/** Drops keys that hold nothing, at every depth: absent is absent, as the core types say. */
type Compact<Value> = Value extends readonly (infer One)[]
  ? readonly Compact<One>[]
  : Value extends object
    ? { readonly [Key in keyof Value]: Compact<Exclude<Value[Key], undefined>> }
    : Value

function compact<Value>(value: Value): Compact<Value> {
  return compactAny(value) as Compact<Value>
}

function compactAny(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(compactAny)
  if (typeof value !== 'object' || value === null) return value
  const held = Object.entries(value).filter(([, one]) => one !== undefined)
  return Object.fromEntries(held.map(([key, one]) => [key, compactAny(one)]))
}

function resolveZone(zone: Item<Of<'zones'>>): Town['zones'][number] {
  const { wireless, ...rest } = zone
  return {
    ...rest,
    wireless: compact({
      ...wireless,
      used: wireless?.used ?? false,
      authenticationServer: wireless?.authenticationServer ?? false,
    }),
  }
}

// Every pair of zones has a boundary: one the town did not write is closed and logged.
function resolveBoundaries(shape: TownShape): Town['boundaries'] {
  const written = (shape.boundaries ?? []).map((boundary) => ({
    between: [boundary.between[0], boundary.between[1]] as const,
    default: boundary.default ?? ('deny' as const),
    logDenied: boundary.logDenied ?? true,
  }))
  const known = new Set(written.map((boundary) => boundary.between.toSorted().join(' ')))
  const zones = shape.zones.map((zone) => zone.id)
  const closed = zones.flatMap((a, index) =>
    zones
      .slice(index + 1)
      .filter((b) => !known.has([a, b].toSorted().join(' ')))
      .map((b) => ({ between: [a, b] as const, default: 'deny' as const, logDenied: true })),
  )
  return [...written, ...closed]
}

function resolvePeer(peer: Item<Of<'peers'>>): Town['peers'][number] {
  const { conditions, ...rest } = peer
  return compact({
    ...rest,
    ...(conditions && {
      conditions: { ...conditions, receivedChecked: conditions.receivedChecked ?? false },
    }),
    internetCapable: peer.internetCapable ?? true,
    securityCloud: peer.securityCloud ?? false,
    addresses: peer.addresses ?? [],
  })
}

function resolveSystem(system: Item<Of<'systems'>>): Town['systems'][number] {
  return { ...compact(system), hosts: (system.hosts ?? []).map(resolveHost) }
}

function resolveHost(host: Item<NonNullable<Item<Of<'systems'>>['hosts']>>): Host {
  return compact({
    ...host,
    addresses: host.addresses ?? [],
    authentication: host.authentication ?? [],
    removableMedia: {
      write: host.removableMedia?.write ?? true,
      exceptions: host.removableMedia?.exceptions ?? [],
    },
  })
}

function resolveAsset(asset: Item<Of<'assets'>>): Town['assets'][number] {
  return {
    ...asset,
    class: readClass(asset.class)!,
  }
}

function resolveFlow(flow: Item<Of<'flows'>>): Flow {
  const { fixed, ports, ...rest } = flow
  return {
    ...compact(rest),
    from: flow.from as EndpointReference,
    to: flow.to as EndpointReference,
    protocol: flow.protocol ?? 'tcp',
    ports: ports === undefined || ports === 'any' ? [] : (readPorts(ports) ?? []),
    ...(fixed && { fixed: { ...fixed, macLimited: fixed.macLimited ?? false } }),
    via: flow.via ?? [],
    ...(flow.gate !== undefined && { gate: flow.gate }),
  }
}

/** Nothing a person wrote is lost unseen; a title can carry what was meant for another office. */
const DISARM_DEFAULTS: DisarmProfile = {
  links: 'keep',
  hidden: 'keep',
  changes: 'keep',
  comments: 'keep',
  title: 'remove',
  mailBody: 'html',
}

function resolveGates(gates: Of<'gates'>): Town['gates'] {
  return {
    file: (gates.file ?? []).map((gate) => ({
      ...gate,
      unknownMalwareBlocked: gate.unknownMalwareBlocked ?? false,
      record: gate.record ?? true,
      approval: gate.approval ?? 'always',
      originalDays: gate.originalDays ?? DEFAULT_ORIGINAL_DAYS,
      maxBytes: gate.maxBytes ?? DEFAULT_MAX_BYTES,
      disarm: { ...DISARM_DEFAULTS, ...compact(gate.disarm ?? {}) },
    })),
    mail: (gates.mail ?? []).map(resolveMailGate),
    ...(gates.web && { web: gates.web.map(resolveWebGate) }),
    screen: (gates.screen ?? []).map((gate) => ({
      ...gate,
      clipboard: gate.clipboard ?? false,
      file: gate.file ?? false,
      drive: gate.drive ?? false,
      printer: gate.printer ?? false,
    })),
  }
}

// A gate without a mode stops what is not listed; a service without a list of areas takes only what every service needs.
function resolveWebGate({ watch, ...gate }: Item<Of<'gates'>['web']>): WebGate {
  return compact({
    ...gate,
    ...(watch && { watch: compact(watch) }),
    mode: gate.mode ?? 'enforce',
    listDays: gate.listDays ?? DEFAULT_LIST_DAYS,
    signers: gate.signers ?? [],
    services: gate.services.map((one) =>
      compact({
        ...one,
        areas: one.areas ?? [],
        optional: one.optional ?? [],
        people: one.people ?? [],
        inspect: one.inspect ?? [],
      }),
    ),
  })
}

function resolveMailGate(gate: Item<NonNullable<Of<'gates'>['mail']>>): MailGate {
  const { receive, deliver, outward, ...rest } = gate
  return compact({
    ...rest,
    attachments: gate.attachments ?? 'remove',
    body: gate.body ?? 'text',
    domains: gate.domains ?? [],
    originalDays: gate.originalDays ?? DEFAULT_MAIL_ORIGINAL_DAYS,
    ...(receive && {
      receive: {
        ...receive,
        relays: receive.relays ?? [],
        maxBytes: receive.maxBytes ?? DEFAULT_MAIL_BYTES,
        dmarc: receive.dmarc ?? 'mark',
      },
    }),
    ...(deliver && { deliver: resolveNextHop(deliver) }),
    ...(outward && { outward: resolveOutward(outward) }),
  })
}

type MailGateShape = Item<NonNullable<Of<'gates'>['mail']>>

function resolveOutward(outward: NonNullable<MailGateShape['outward']>): MailOutward {
  const { lgwan, unlabelled = 'ask', marks = [], ...rest } = outward
  return {
    ...rest,
    deliver: resolveNextHop(outward.deliver),
    delayMinutes: outward.delayMinutes ?? DEFAULT_DELAY_MINUTES,
    approval: outward.approval ?? 'external',
    copyToSupervisor: outward.copyToSupervisor ?? true,
    unlabelled: unlabelled === 'ask' ? unlabelled : levelOf(unlabelled),
    marks: marks.map((mark) => ({ text: mark.text, level: levelOf(mark.class) })),
    ...(lgwan && { lgwan: resolveNextHop(lgwan) }),
    lgwanDomains: outward.lgwanDomains ?? [],
  }
}

/** The shape lets only these labels through. */
function levelOf(label: string): ConfidentialityLevel {
  const value = readClass(label)
  if (value?.scheme !== '自治体機密性') throw new SekishoError('BUG', 'a label of no class')
  return value.level
}

type NextHopShape = NonNullable<MailGateShape['deliver']>
const resolveNextHop = (hop: NextHopShape): MailNextHop =>
  compact({ ...hop, port: hop.port ?? SMTP_PORT, tls: hop.tls ?? 'required' })

function resolveContract(contract: Item<Of<'contracts'>>): Town['contracts'][number] {
  return { ...compact(contract), covers: contract.covers as readonly CoveredReference[] }
}

function resolveTest(test: Item<Of<'tests'>>): Town['tests'][number] {
  const { from, to, ...rest } = test
  return {
    ...compact(rest),
    from: from as Town['tests'][number]['from'],
    to: to as Town['tests'][number]['to'],
  }
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const one of Object.values(value)) deepFreeze(one)
  }
  return value
}
