import type { Flow } from '@sekisho/core'

/** Ports of a flow as the town keeps them: single ports or inclusive ranges. */
export type Ports = Flow['ports']

const LAST_PORT = 65_535

/**
 * Reads `[443, "8000-8010"]`.
 *
 * @returns `undefined` when a range runs backwards or leaves 1 to 65535. An empty list never arises: nothing named is
 *   nothing allowed, and "any" must be written as such.
 */
export function readPorts(written: readonly (number | string)[]): Ports | undefined {
  const ports = written.map((one) => (typeof one === 'number' ? one : readPortRange(one)))
  return ports.every((one) => one !== undefined) ? ports : undefined
}

function readPortRange(text: string): readonly [number, number] | undefined {
  const [first, last] = text.split('-').map(Number)
  if (first === undefined || last === undefined) return undefined
  return first >= 1 && first <= last && last <= LAST_PORT ? [first, last] : undefined
}

/** True when a flow with these ports lets this port through; an empty list is any port. */
export function allowsPort(ports: Ports, port: number): boolean {
  if (ports.length === 0) return true
  return ports.some((one) =>
    typeof one === 'number' ? one === port : one[0] <= port && port <= one[1],
  )
}

/** For people: 「443」「8000〜8010」「どのポートでも」. */
export function portsText(ports: Ports): string {
  if (ports.length === 0) return 'どのポートでも'
  return ports.map((one) => (typeof one === 'number' ? one : `${one[0]}〜${one[1]}`)).join('、')
}

/** More than half of all ports is no limit, however it is written. */
export function arePortsLimited({ protocol, ports }: Pick<Flow, 'protocol' | 'ports'>): boolean {
  const open = ports.reduce<number>(
    (sum, port) => sum + (typeof port === 'number' ? 1 : port[1] - port[0] + 1),
    0,
  )
  return protocol !== 'icmp' && open > 0 && open <= 32_768
}
