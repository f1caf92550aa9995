import { isIP } from 'node:net'
import type { Town } from '@sekisho/core'
import { agentAddresses, placesOf } from '@sekisho/network'
import type { Declared } from '@sekisho/network'
import type { AgentAddress } from './operator.ts'

/** Agents in one list: more would ask more than they may. */
const MOST = 40

/** A list of agents, or the line that cannot be read and why. */
export type AgentsFile =
  | { readonly ok: true; readonly agents: readonly AgentAddress[] }
  | {
      readonly ok: false
      readonly line: number
      readonly why: 'form' | 'address' | 'twice' | 'many'
    }

/** Reads a list: one `address:port` in a line, an IPv6 address in brackets; `#` begins a remark. Each must be a machine of the town. */
export function readAgents(text: string, town: Town, declared: Declared): AgentsFile {
  const known = agentAddresses(town)
  const places = placesOf(town, declared, { alike: Infinity })
  const agents: AgentAddress[] = []
  for (const [index, whole] of text.split('\n').entries()) {
    const line = index + 1
    const plain = whole.replace(/#.*$/u, '').trim()
    if (plain === '') continue
    const spot = readSpot(plain)
    if (!spot) return { ok: false, line, why: 'form' }
    const host = known.get(spot.address)
    const place = places.find(({ id }) => id === `host:${host}`)
    if (host === undefined || !place) return { ok: false, line, why: 'address' }
    if (agents.some((one) => one.place.id === place.id)) return { ok: false, line, why: 'twice' }
    if (agents.length >= MOST) return { ok: false, line, why: 'many' }
    const family = isIP(spot.address)
    const addresses = place.addresses.filter((one) => one.family === family)
    agents.push({ place: { ...place, addresses }, ...spot })
  }
  return { ok: true, agents }
}

/** `192.0.2.1:7700` or `[2001:db8::1]:7700`; nothing that would have to be looked up. */
export function readSpot(
  text: string,
): { readonly address: string; readonly port: number } | undefined {
  const [, six, four, digits] = /^(?:\[([0-9a-f:]+)\]|([0-9.]+)):(\d{1,5})$/u.exec(text) ?? []
  const address = six ?? four ?? ''
  const port = Number(digits)
  return isIP(address) !== 0 && port <= 65_535 ? { address, port } : undefined
}
