/** A request inside a connection: what it asks for, against what was connected to. */
import type { WebDestinationFacts } from '@sekisho/core'
import { readTarget } from './host.ts'
import type { ReadTarget } from './host.ts'

export interface SeenRequest {
  readonly method: string
  /** Every Host header and `:authority` of the request, as written; HTTP/2 may have both, and then they must agree (RFC 9113 §8.3.1). */
  readonly hosts: readonly string[]
}

const READS = ['GET', 'HEAD', 'OPTIONS']
const SENDS = ['POST', 'PUT', 'PATCH', 'DELETE']

/** Methods are case-sensitive (RFC 9110 §9.1); one that we do not know could be another service's way to send. */
export function methodOf(method: string): WebDestinationFacts['method'] {
  if (READS.includes(method)) return 'read'
  return SENDS.includes(method) ? 'send' : 'other'
}

export function innerHostOf(
  { hosts }: SeenRequest,
  target: ReadTarget,
  scheme: 'https' | 'http',
): WebDestinationFacts['innerHost'] {
  if (hosts.length === 0) return 'absent'
  const read = hosts.map((host) => readTarget(host, scheme === 'https' ? 443 : 80))
  const same = read.map((one) => isSame(one, target))
  if (same.every(Boolean)) return 'same'
  return same.some(Boolean) ? 'several' : 'other'
}

function isSame(one: ReadTarget, target: ReadTarget): boolean {
  return (
    one.form === 'name' &&
    target.form === 'name' &&
    one.host === target.host &&
    one.port === target.port
  )
}
