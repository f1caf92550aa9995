/**
 * The declared mail gate into the LGWAN side or to the desks of the internet zone, and where its servers are.
 */
import { BlockList, isIP } from 'node:net'
import type { MailGate, Town, ZoneKind } from '@sekisho/core'

/** A gate that receives and delivers by itself. */
export interface MailRoute extends MailGate {
  readonly receive: NonNullable<MailGate['receive']>
  readonly deliver: NonNullable<MailGate['deliver']>
}

/** The first declared gate that this pair of sides can run; `undefined` when the town declares none, or leaves this work to another system. */
export function mailRoute(town: Town): MailRoute | undefined {
  const gates = town.gates.mail.filter((one) => isOfficeGate(town, one) || isDeskGate(town, one))
  for (const gate of gates) {
    const { receive, deliver } = gate
    if (receive && deliver) return { ...gate, receive, deliver }
  }
  return undefined
}

/** Into the LGWAN side, in every model. */
function isOfficeGate(town: Town, gate: MailGate): boolean {
  return kindOf(town, gate.from) === 'internet' && kindOf(town, gate.to) === 'lgwan'
}

/** To desks that stand in the internet zone themselves, as in β and β′: the mail goes no further (X1-DESK). */
export function isDeskGate(town: Town, gate: Pick<MailGate, 'from' | 'to'>): boolean {
  const stays = kindOf(town, gate.from) === 'internet' && kindOf(town, gate.to) === 'internet'
  return stays && (town.model === 'β' || town.model === 'β′')
}

function kindOf(town: Town, id: string): ZoneKind | undefined {
  return town.zones.find((zone) => zone.id === id)?.kind
}

/** A gate that lets mail out. */
export interface OutwardMailGate extends MailGate {
  readonly outward: NonNullable<MailGate['outward']>
}

/** `undefined` where the town lets no mail out. */
export function outwardGateOf(town: Town): OutwardMailGate | undefined {
  for (const gate of town.gates.mail) {
    const { outward } = gate
    if (outward && isOfficeGate(town, gate)) return { ...gate, outward }
  }
  return undefined
}

/** Addresses and ranges of a declared host; with `peers` also of a party outside. Of equal ids the host counts. */
export function addressesOf(town: Town, id: string): readonly string[] {
  const host = town.systems.flatMap(({ hosts }) => hosts).find((one) => one.id === id)
  return host?.addresses ?? town.peers.find((one) => one.id === id)?.addresses ?? []
}

/** Whether an address belongs to one of the servers in front; with none declared, everybody may come. */
export function relayTest(town: Town, relays: readonly string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const range of relays.flatMap((id) => addressesOf(town, id))) {
    const [address = '', bits] = range.split('/')
    const family = address.includes(':') ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return (address) =>
    isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}
