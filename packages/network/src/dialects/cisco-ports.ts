/** Ports and types of ICMP, as lines of Cisco machines say them. */
import { between, only } from '../space/field.ts'
import type { Span } from '../space/field.ts'
import { icmpTypeOf, portOf } from './cisco-words.ts'
import type { Service } from './session.ts'

/** A type and a code of ICMP, as the ports that they are here. */
export function icmpWords(
  words: readonly string[],
  protocol: number,
): Pick<Service, 'sourcePort' | 'targetPort'> | undefined {
  const [type, code, ...more] = words
  if (type === undefined) return {}
  const number = icmpTypeOf(type, protocol)
  if (number === undefined || more.length > 0) return undefined
  if (code === undefined) return { sourcePort: [only(BigInt(number))] }
  if (!/^\d{1,3}$/u.test(code) || Number(code) > 255) return undefined
  return { sourcePort: [only(BigInt(number))], targetPort: [only(BigInt(code))] }
}

/** Reads `eq www`, `range 1 10`, `neq 3`, `lt 5` or `gt 5` from `at` on. */
export function readPorts(
  words: readonly string[],
  at: number,
  protocols: readonly number[],
): { readonly spans: readonly Span[]; readonly next: number } | undefined {
  const [word, first = '', second = ''] = words.slice(at)
  const port = portOf(first, protocols)
  if (port === undefined) return undefined
  const span = (from: number, to: number): readonly Span[] =>
    from <= to ? [between(BigInt(from), BigInt(to))] : []
  switch (word) {
    case 'eq':
      return { spans: span(port, port), next: at + 2 }
    case 'lt':
      return { spans: span(0, port - 1), next: at + 2 }
    case 'gt':
      return { spans: span(port + 1, 65_535), next: at + 2 }
    case 'neq':
      return { spans: [...span(0, port - 1), ...span(port + 1, 65_535)], next: at + 2 }
    case 'range': {
      const last = portOf(second, protocols)
      return last === undefined || last < port
        ? undefined
        : { spans: span(port, last), next: at + 3 }
    }
    default:
      return undefined
  }
}
