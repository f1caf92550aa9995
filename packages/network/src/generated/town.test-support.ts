/**
 * Made-up towns with everything in them that a firewall can be told, also what a careful town would not write: hosts without addresses, flows between parties
 * outside, zones that are plugged in together. Only what `readTownValue` reads counts as a town.
 */
import type { Town } from '@sekisho/core'
import { readTownValue } from '@sekisho/town'
import fc from 'fast-check'

/** The day the generated towns are proved for. */
export const DAY = '2026-11-25'

/** A declaration in the shape of a town file; the oracle reads this and nothing that was derived from it. */
export interface Declaration {
  readonly zones: readonly DeclaredZone[]
  readonly peers: readonly DeclaredPeer[]
  readonly systems: readonly DeclaredSystem[]
  readonly flows: readonly DeclaredFlow[]
  readonly firewall?: { readonly interfaces: readonly DeclaredInterface[] }
  readonly [other: string]: unknown
}
export interface DeclaredZone {
  readonly id: string
  readonly name: string
  readonly kind: 'mynumber' | 'lgwan' | 'internet' | 'management'
  readonly networks: readonly string[]
}
export interface DeclaredPeer {
  readonly id: string
  readonly name: string
  readonly network: 'internet' | 'lgwan' | 'dedicated'
  readonly internetCapable: boolean
  readonly service?: string
  readonly addresses: readonly string[]
}
export interface DeclaredSystem {
  readonly id: string
  readonly name: string
  readonly zone: string
  readonly owner: string
  readonly hosts: readonly DeclaredHost[]
}
export interface DeclaredHost {
  readonly id: string
  readonly name: string
  readonly role: 'terminal' | 'server'
  readonly addresses: readonly string[]
  readonly mac?: string
}
export interface DeclaredFlow {
  readonly id: string
  readonly name: string
  readonly from: string
  readonly to: string
  readonly protocol: 'tcp' | 'udp' | 'icmp'
  readonly ports?: 'any' | readonly (number | string)[]
  readonly expires?: string
  readonly fixed?: {
    readonly number: string
    readonly approvedBy: string
    readonly date: string
    readonly macLimited: boolean
  }
}
export interface DeclaredInterface {
  readonly name: string
  readonly zone?: string
  readonly network?: DeclaredPeer['network']
  readonly peers?: readonly string[]
}

export interface GeneratedTown {
  readonly declaration: Declaration
  readonly town: Town
}

/** A town that can be read. */
export const generatedTown: fc.Arbitrary<GeneratedTown> = fc
  .record({
    model: fc.constantFrom('α', 'α′', 'β', 'β′'),
    zones: fc
      .subarray([...zonePlans()], { minLength: 2 })
      .chain((plans) => fc.tuple(...plans.map(zone))),
    peers: fc.array(peer(), { minLength: 2, maxLength: 5 }),
    plugged: fc.constantFrom('own names', 'named', 'own names', 'two zones on one wire'),
  })
  .chain(({ model, zones, peers, plugged }) => {
    const parties = peers.map((one, at) => ({ ...one, id: `p${at}`, name: `相手${at}` }))
    return systems(zones).chain((all) =>
      flows(zones, parties, all).map((some) => ({
        town: { name: 'まち\u3000"引用"; drop', staff: 184, model, edition: 'R8.3' },
        departments: [{ id: 'joho', name: '情報政策課' }],
        services: [cloud],
        zones,
        peers: parties,
        systems: all,
        flows: some,
        ...firewall(plugged, zones, parties),
      })),
    )
  })
  .map((declaration) => ({ declaration, read: readTownValue(declaration) }))
  .filter(({ read }) => read.ok)
  .map(({ declaration, read }) => ({ declaration, town: (read as { town: Town }).town }))

const cloud = {
  id: 'gov',
  name: 'ガバメントクラウド',
  kind: 'gov-cloud',
  dataCentre: '国内',
  withinJapaneseLaw: true,
}

interface ZonePlan {
  readonly id: string
  readonly kind: DeclaredZone['kind']
  readonly octet: number
}

/** Names that Linux or nft read otherwise are among them. */
function zonePlans(): readonly ZonePlan[] {
  return [
    { id: 'mynumber', kind: 'mynumber', octet: 10 },
    { id: 'lgwan', kind: 'lgwan', octet: 20 },
    { id: 'internet', kind: 'internet', octet: 30 },
    { id: 'lo', kind: 'management', octet: 90 },
    { id: 'x-lgwan', kind: 'lgwan', octet: 40 },
    { id: 'a-zone-with-a-name-too-long-for-linux', kind: 'internet', octet: 50 },
  ]
}

function zone({ id, kind, octet }: ZonePlan): fc.Arbitrary<DeclaredZone> {
  const [first, second, sixth] = [
    `10.${octet}.0.0/24`,
    `10.${octet}.2.0/23`,
    `2001:db8:${octet}::/64`,
  ]
  const networks = fc.constantFrom(
    [first, second, sixth],
    [first, sixth],
    [first],
    [sixth, second],
    [sixth],
    [],
  )
  return networks.map((some) => ({ id, name: `${id}の領域`, kind, networks: some }))
}

function peer(): fc.Arbitrary<Omit<DeclaredPeer, 'id' | 'name'>> {
  return fc
    .constantFrom('internet' as const, 'lgwan' as const, 'dedicated' as const)
    .chain((network) =>
      fc.record({
        network: fc.constant(network),
        internetCapable: fc.constant(network === 'internet'),
        addresses: fc.constantFrom(
          ['198.51.100.0/28', '2001:db8:ff::/64'],
          ['198.51.100.8', '203.0.113.7'],
          ['203.0.113.0/25', '203.0.113.128/26'],
          ['2001:db8:ff::/64'],
          // Everywhere is a fair answer on the Internet, and takes the town's own addresses with it.
          ...(network === 'internet' ? [['0.0.0.0/0', '::/0'], ['10.0.0.0/8'], []] : [[]]),
        ),
      }),
    )
    .chain((one) =>
      fc.constantFrom({}, { service: 'gov' }).map((service) => ({ ...one, ...service })),
    )
}

function systems(zones: readonly DeclaredZone[]): fc.Arbitrary<readonly DeclaredSystem[]> {
  const plans = zones.flatMap((one) => [0, 1].map((at) => ({ one, at })))
  return fc
    .subarray(plans, { minLength: zones.length })
    .chain((some) => fc.tuple(...some.map(({ one, at }) => system(one, at))))
}

function system({ id, networks }: DeclaredZone, at: number): fc.Arbitrary<DeclaredSystem> {
  return fc.array(host(networks), { minLength: 1, maxLength: 3 }).map((hosts) => ({
    id: `${id}-${at}`,
    name: `システム${at}`,
    zone: id,
    owner: 'joho',
    hosts: hosts.map((make, nth) => make(`${id}-${at}-${nth}`, at * 8 + nth + 1)),
  }))
}

type MakeHost = (id: string, number: number) => DeclaredHost

/** One address of each network of its zone at most, and often a MAC address. */
function host(networks: readonly string[]): fc.Arbitrary<MakeHost> {
  return fc
    .tuple(addressed(networks), fc.integer({ min: 0, max: 7 }))
    .map(([of, dice]) => (id, number): DeclaredHost => ({
      id,
      name: `機器${number}`,
      role: 'server',
      addresses: of.map((network) => addressIn(network, number)),
      ...(dice > 0 && { mac: macOf(id) }),
    }))
}

/** Mostly all of them, now and then some or none. */
const addressed = (networks: readonly string[]): fc.Arbitrary<readonly string[]> =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constant(networks) },
    { weight: 2, arbitrary: fc.subarray([...networks]) },
  )

const addressIn = (network: string, number: number): string =>
  network.includes(':')
    ? network.replace('/64', number.toString(16))
    : network.replace(/0\/\d+$/u, String(number))

/** A MAC address that follows from a name. */
function macOf(id: string): string {
  const digest = [...id].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)!) >>> 0, 7)
  const hex = digest.toString(16).padStart(8, '0').match(/../gu)!
  return ['02', '00', ...hex].join(':')
}

function flows(
  zones: readonly DeclaredZone[],
  peers: readonly DeclaredPeer[],
  all: readonly DeclaredSystem[],
): fc.Arbitrary<readonly DeclaredFlow[]> {
  const hosts = all.flatMap((one) => one.hosts)
  const ends = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...hosts.map(({ id }) => `host:${id}`)) },
    { weight: 3, arbitrary: fc.constantFrom(...all.map(({ id }) => `system:${id}`)) },
    { weight: 3, arbitrary: fc.constantFrom(...peers.map(({ id }) => `peer:${id}`)) },
    { weight: 1, arbitrary: fc.constantFrom(...zones.map(({ id }) => `zone:${id}`)) },
  )
  return fc
    .array(flow(ends), { minLength: 16, maxLength: 32 })
    .map((some) => some.map((one, at) => ({ ...one, id: `f${at}`, name: `通信${at}` })))
}

/** Ports that touch and overlap, so that a widening by one is seen. */
export const PORTS = [53, 443, 444, 8_005, 65_535] as const

function flow(ends: fc.Arbitrary<string>): fc.Arbitrary<Omit<DeclaredFlow, 'id' | 'name'>> {
  const port = fc.oneof(fc.constantFrom<number | string>(...PORTS, '8000-8010', '440-443'))
  return fc
    .record({
      from: ends,
      to: ends,
      protocol: fc.constantFrom('tcp' as const, 'udp' as const, 'icmp' as const),
      ports: fc.oneof(fc.constant('any' as const), fc.array(port, { minLength: 1, maxLength: 3 })),
      expires: fc.constantFrom(undefined, undefined, undefined, DAY, '2029-03-31', '2026-11-24'),
      fixed: fc.constantFrom('bound', 'unbound', undefined),
    })
    .map(({ from, to, protocol, ports, expires, fixed }) => ({
      from,
      to,
      protocol,
      ...(protocol !== 'icmp' && { ports }),
      ...(expires !== undefined && { expires }),
      ...(fixed !== undefined && {
        fixed: {
          number: '特-1',
          approvedBy: '情報政策課長',
          date: '2026-04-01',
          macLimited: fixed === 'bound',
        },
      }),
    }))
}

function firewall(
  plugged: 'own names' | 'named' | 'two zones on one wire',
  zones: readonly DeclaredZone[],
  peers: readonly DeclaredPeer[],
): Pick<Declaration, 'firewall'> {
  if (plugged === 'own names') return {}
  const wire = (at: number): string => (plugged === 'named' ? `ens${at}` : `ens${at >> 1}`)
  const interfaces = [
    ...zones.map(({ id }, at) => ({ name: wire(at), zone: id })),
    { name: 'wan0', network: 'internet' as const },
    ...peers.slice(0, 1).map(({ id }) => ({ name: 'line0', peers: [id] })),
  ]
  return { firewall: { interfaces } }
}
