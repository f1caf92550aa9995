/**
 * The declared mail gate into the LGWAN side, and where its servers are.
 */
import { BlockList, isIP } from 'node:net'
import type { MailGate, Town } from '@sekisho/core'

/** A gate that receives and delivers by itself. */
export interface MailRoute extends MailGate {
  readonly receive: NonNullable<MailGate['receive']>
  readonly deliver: NonNullable<MailGate['deliver']>
}

/** `undefined` when the town declares none, or leaves this work to another system. */
export function mailRoute(town: Town): MailRoute | undefined {
  const kindOf = (id: string) => town.zones.find((zone) => zone.id === id)?.kind
  const gates = town.gates.mail.filter(
    (one) => kindOf(one.from) === 'internet' && kindOf(one.to) === 'lgwan',
  )
  for (const gate of gates) {
    const { receive, deliver } = gate
    if (receive && deliver) return { ...gate, receive, deliver }
  }
  return undefined
}

/** A gate that lets mail out. */
export interface OutwardMailGate extends MailGate {
  readonly outward: NonNullable<MailGate['outward']>
}

/** `undefined` where the town lets no mail out. */
export function outwardGateOf(town: Town): OutwardMailGate | undefined {
  const kindOf = (id: string) => town.zones.find((zone) => zone.id === id)?.kind
  for (const gate of town.gates.mail) {
    const { outward } = gate
    if (outward && kindOf(gate.from) === 'internet' && kindOf(gate.to) === 'lgwan')
      return { ...gate, outward }
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
