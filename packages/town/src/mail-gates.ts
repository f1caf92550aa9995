/**
 * Mail addresses against their owners, and mail gates against the machines they name: an address has one owner, a domain one gate, and a gate talks only
 * to machines that stand on the right side of it.
 */
import places from '../words/places.json' with { type: 'json' }
import { nearest } from '@sekisho/core'
import { readRange } from './address.ts'
import { domainOf, mailKey } from './mail-address.ts'
import type { Position, Report } from './problem.ts'
import type { TownShape } from './shape.ts'

/** Reports addresses with two owners or no gate, domains with two gates, and servers that a gate cannot mean. */
export function checkMail(
  shape: TownShape,
  lines: (path: string) => Position,
  report: Report,
): void {
  checkDomains(shape, lines, report)
  checkAddresses(shape, lines, report)
  const servers = serversOf(shape)
  shape.gates?.mail?.forEach((gate, index) => {
    const path = `gates.mail[${index}]`
    checkParts(gate, path, report)
    checkInward(gate, path, servers, report)
    checkOutward(gate, path, servers, report)
  })
}

type MailGateShape = NonNullable<NonNullable<TownShape['gates']>['mail']>[number]

function checkAddresses(shape: TownShape, lines: (path: string) => Position, report: Report): void {
  const domains = new Set(shape.gates?.mail?.flatMap((gate) => gate.domains ?? []))
  const first = new Map<string, string>()
  for (const [mail, path] of addressesOf(shape)) {
    const earlier = first.get(mailKey(mail))
    if (earlier === undefined) first.set(mailKey(mail), path)
    else report('TOWN-MAIL-TWICE', path, { value: mail, first: lines(earlier).line })
    if (domains.size > 0 && !domains.has(domainOf(mail)))
      report('TOWN-MAIL-DOMAIN', path, {
        value: mail,
        suggestion: nearest(domainOf(mail), domains),
      })
  }
}

function addressesOf(shape: TownShape): readonly (readonly [mail: string, path: string])[] {
  return (['departments', 'people'] as const).flatMap((list) =>
    (shape[list] ?? []).flatMap(({ mail }, index) =>
      mail === undefined ? [] : [[mail, `${list}[${index}].mail`] as const],
    ),
  )
}

function checkDomains(shape: TownShape, lines: (path: string) => Position, report: Report): void {
  const first = new Map<string, string>()
  shape.gates?.mail?.forEach(({ domains }, index) =>
    domains?.forEach((domain, nth) => {
      const path = `gates.mail[${index}].domains[${nth}]`
      const earlier = first.get(domain)
      if (earlier === undefined) first.set(domain, path)
      else report('TOWN-DOMAIN-TWICE', path, { value: domain, first: lines(earlier).line })
    }),
  )
  // Mail for such a domain would go into LGWAN on its way out and be taken from the Internet on its way in.
  shape.gates?.mail?.forEach(({ outward }, index) =>
    outward?.lgwanDomains?.forEach((domain, nth) => {
      const earlier = first.get(domain)
      const path = `gates.mail[${index}].outward.lgwanDomains[${nth}]`
      if (earlier !== undefined)
        report('TOWN-DOMAIN-BOTH', path, { value: domain, first: lines(earlier).line })
    }),
  )
}

// A gate that takes mail and has nowhere to put it, or the other way round, is half a gate.
function checkParts(gate: MailGateShape, path: string, report: Report): void {
  const { receive, deliver, outward, domains = [] } = gate
  const missing = (key: string): void => report('TOWN-MISSING', `${path}.${key}`, { value: key })
  if (receive !== undefined && deliver === undefined) missing('deliver')
  if (receive !== undefined && domains.length === 0) missing('domains')
  if (receive === undefined && (deliver !== undefined || outward !== undefined)) missing('receive')
}

function checkInward(gate: MailGateShape, path: string, servers: Servers, report: Report): void {
  gate.receive?.relays?.forEach((relay, nth) =>
    servers.need('relay', relay, gate.from, `${path}.receive.relays[${nth}]`, report),
  )
  if (gate.deliver !== undefined)
    servers.need('host', gate.deliver.server, gate.to, `${path}.deliver.server`, report)
}

function checkOutward(gate: MailGateShape, path: string, servers: Servers, report: Report): void {
  if (gate.outward === undefined) return
  gate.outward.receive.from.forEach((host, nth) =>
    servers.need('host', host, gate.to, `${path}.outward.receive.from[${nth}]`, report),
  )
  if (gate.outward.lgwan !== undefined)
    servers.need('host', gate.outward.lgwan.server, gate.to, `${path}.outward.lgwan.server`, report)
  const { server } = gate.outward.deliver
  servers.need('relay', server, gate.from, `${path}.outward.deliver.server`, report)
  servers.needOneAddress(server, `${path}.outward.deliver.server`, report)
}

interface Servers {
  /** A `host` of the zone, or as `relay` also a peer on the Internet. */
  readonly need: (
    kind: 'host' | 'relay',
    id: string,
    zone: string,
    path: string,
    report: Report,
  ) => void
  /** A peer that a connection can be opened to: one address, not a range. */
  readonly needOneAddress: (id: string, path: string, report: Report) => void
}

function serversOf(shape: TownShape): Servers {
  const zones = new Map(shape.zones.map((zone) => [zone.id, zone.name]))
  const hosts = new Map(
    shape.systems?.flatMap(({ zone, hosts: own }) =>
      (own ?? []).map((host) => [host.id, { zone, addresses: host.addresses ?? [] }] as const),
    ),
  )
  const peers = new Map(shape.peers?.map((peer) => [peer.id, peer]))
  return {
    need: (kind, id, zone, path, report) => {
      const [host, peer] = [hosts.get(id), kind === 'relay' ? peers.get(id) : undefined]
      if (host === undefined && peer === undefined)
        return report('TOWN-REFERENCE', path, {
          value: id,
          suggestion: nearest(id, [...hosts.keys(), ...(kind === 'relay' ? peers.keys() : [])]),
          where: places[kind],
        })
      const elsewhere = host === undefined ? peer?.network !== 'internet' : host.zone !== zone
      // A zone that is not declared has been told of already.
      if (elsewhere && zones.has(zone))
        report('TOWN-MAIL-SERVER', path, { value: id, allowed: zones.get(zone) })
      if (host?.addresses.length === 0) report('TOWN-MAIL-ADDRESS', path, { value: id })
    },
    needOneAddress: (id, path, report) => {
      if (hosts.has(id)) return
      const ranges = (peers.get(id)?.addresses ?? []).map(readRange)
      const one = ranges.length === 1 && ranges[0] && ranges[0].first === ranges[0].last
      if (peers.has(id) && one !== true) report('TOWN-MAIL-ADDRESS', path, { value: id })
    },
  }
}
