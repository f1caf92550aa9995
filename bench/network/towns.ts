/**
 * Towns with a wanted number of flows, laid out as real ones are: a My Number zone bound by MAC addresses, office terminals that reach the systems of the
 * LGWAN zone and its providers, an internet zone behind the prefecture's security cloud. IPv6 beside IPv4, UDP, ranges of ports and last days among them. None
 * is real; the same seed gives the same town.
 */
import type { Town } from '@sekisho/core'
import { readTownValue } from '@sekisho/town'
import { randomFrom } from '../assess/random.ts'
import type { Random } from '../assess/random.ts'

const ZONES = { mynumber: 10, lgwan: 20, internet: 30, management: 90 } as const
type ZoneId = keyof typeof ZONES
/** Share of flows by where they begin. */
const BEGINNINGS = { mynumber: 15, lgwan: 55, internet: 20, management: 10 } as const

/** A town with exactly this many flows, of which every one can be opened. */
export function townOf(flows: number, seed = 20_261_125): Town {
  const random = randomFrom(seed ^ flows)
  const hosts = Math.max(8, Math.ceil(flows / 6))
  const peers = Math.max(4, Math.ceil(flows / 25))
  const read = readTownValue({
    town: { name: `通信${flows}本の町`, staff: 184, model: 'α′', edition: 'R8.3' },
    departments: [{ id: 'joho', name: '情報政策課' }],
    zones: (Object.keys(ZONES) as ZoneId[]).map((id) => ({
      id,
      name: id,
      kind: id,
      networks: [`10.${ZONES[id]}.0.0/16`, `2001:db8:${ZONES[id]}::/48`],
    })),
    peers: Array.from({ length: peers }, (_, at) => peerOf(at)),
    systems: (Object.keys(ZONES) as ZoneId[]).flatMap((zone) =>
      Array.from({ length: hosts }, (_, at) => systemOf(zone, at)),
    ),
    flows: Array.from({ length: flows }, (_, at) => flowOf(at, hosts, peers, random)),
  })
  if (!read.ok) throw new Error(JSON.stringify(read.problems[0]))
  return read.town
}

const NETWORKS = ['lgwan', 'internet', 'dedicated', 'lgwan'] as const

function peerOf(at: number): unknown {
  const network = NETWORKS[at % 4]!
  const [high, low] = [at >> 8, at & 255]
  return {
    id: `p${at}`,
    name: `相手${at}`,
    network,
    internetCapable: network === 'internet',
    addresses: [`172.${16 + (high & 15)}.${low}.0/28`, `2001:db8:f${high}${low.toString(16)}::/64`],
  }
}

function systemOf(zone: ZoneId, at: number): unknown {
  const id = `${zone}-${at}`
  const addresses = [
    `10.${ZONES[zone]}.${1 + (at >> 8)}.${at & 255}`,
    ...(at % 3 === 0 ? [`2001:db8:${ZONES[zone]}::1:${at.toString(16)}`] : []),
  ]
  const mac = `02:00:${ZONES[zone]}:00:${hex(at >> 8)}:${hex(at & 255)}`
  const host = { id: `${id}-h`, name: 'サーバー', role: 'server', addresses, mac }
  return { id, name: `システム${at}`, zone, owner: 'joho', hosts: [host] }
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0')

function flowOf(at: number, hosts: number, peers: number, random: Random): unknown {
  const from = random.weighted(BEGINNINGS)
  const to = targetOf(from, hosts, peers, random)
  const fixed = from === 'mynumber'
  return {
    id: `f${at}`,
    name: `通信${at}`,
    from: `host:${from}-${random.whole(0, hosts - 1)}-h`,
    to,
    protocol: random.weighted({ tcp: 85, udp: 15 }),
    ports: portsOf(random),
    ...(random.chance(0.7) && { expires: random.pick(['2027-03-31', '2028-03-31', '2029-03-31']) }),
    ...(fixed && {
      fixed: { number: `T${at}`, approvedBy: '情報政策課長', date: '2026-04-01', macLimited: true },
    }),
  }
}

function targetOf(from: ZoneId, hosts: number, peers: number, random: Random): string {
  const host = (zone: ZoneId): string => `host:${zone}-${random.whole(0, hosts - 1)}-h`
  const peer = `peer:p${random.whole(0, peers - 1)}`
  switch (from) {
    case 'mynumber':
      return `peer:p${random.whole(0, peers - 1) & ~1}`
    case 'lgwan':
      return random.chance(0.6) ? peer : host('internet')
    case 'internet':
      return random.chance(0.8) ? peer : host('management')
    case 'management':
      return random.chance(0.8) ? host(random.pick(['lgwan', 'internet'])) : 'zone:lgwan'
  }
}

const PORTS = [22, 25, 53, 80, 123, 389, 443, 514, 636, 3389, 5432, 6514, 8080, 8443]

function portsOf(random: Random): unknown {
  if (random.chance(0.1)) {
    const first = random.whole(1_024, 60_000)
    return [`${first}-${first + random.whole(1, 200)}`]
  }
  return [random.pick(PORTS)]
}
