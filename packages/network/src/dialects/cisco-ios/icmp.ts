import { only, PROTOCOLS } from '../../space/field.ts'
import type { Span } from '../../space/field.ts'
import { icmpWords } from '../cisco-ports.ts'
import type { Service } from '../session.ts'

/** Types with a code, by one name (Cisco IOS Security Command Reference, `permit`). */
const NAMED: Readonly<Record<4 | 6, Readonly<Record<string, readonly [number, number?]>>>> = {
  4: {
    'net-unreachable': [3, 0],
    'host-unreachable': [3, 1],
    'protocol-unreachable': [3, 2],
    'port-unreachable': [3, 3],
    'packet-too-big': [3, 4],
    'source-route-failed': [3, 5],
    'network-unknown': [3, 6],
    'host-unknown': [3, 7],
    'host-isolated': [3, 8],
    'dod-net-prohibited': [3, 9],
    'dod-host-prohibited': [3, 10],
    'net-tos-unreachable': [3, 11],
    'host-tos-unreachable': [3, 12],
    'administratively-prohibited': [3, 13],
    'host-precedence-unreachable': [3, 14],
    'precedence-unreachable': [3, 15],
    'net-redirect': [5, 0],
    'host-redirect': [5, 1],
    'net-tos-redirect': [5, 2],
    'host-tos-redirect': [5, 3],
    'ttl-exceeded': [11, 0],
    'reassembly-timeout': [11, 1],
    'general-parameter-problem': [12, 0],
    'option-missing': [12, 1],
    'no-room-for-option': [12, 2],
  },
  6: {
    'echo-request': [128],
    'destination-unreachable': [1],
    'no-route': [1, 0],
    'no-admin': [1, 1],
    'beyond-scope': [1, 2],
    'address-unreachable': [1, 3],
    'port-unreachable': [1, 4],
    'hop-limit': [3, 0],
    'reassembly-timeout': [3, 1],
    header: [4, 0],
    'next-header': [4, 1],
    'parameter-option': [4, 2],
    'mld-query': [130],
    'mld-report': [131],
    'mld-reduction': [132],
    'router-solicitation': [133],
    'router-advertisement': [134],
    'nd-ns': [135],
    'nd-na': [136],
    'mld-v2-report': [143],
  },
}

/** A type and a code of ICMP; without any, every one. `undefined` when it is not understood. */
export function icmpOf(
  words: readonly string[],
  family: 4 | 6,
): Pick<Service, 'sourcePort' | 'targetPort'> | undefined {
  const [word = '', ...more] = words
  const named = Object.hasOwn(NAMED[family], word) ? NAMED[family][word] : undefined
  if (!named) return icmpWords(words, family === 4 ? PROTOCOLS.icmp : PROTOCOLS.icmpv6)
  if (more.length > 0) return undefined
  const [type, code] = named
  return {
    sourcePort: [only(BigInt(type))],
    ...(code !== undefined && { targetPort: [only(BigInt(code))] }),
  }
}

/** Types by which a connection is opened, and by which it is answered (RFC 792, RFC 4443). All others belong to none. */
const OPENS = { 4: [8n, 13n, 15n, 17n], 6: [128n] } as const
const ANSWERS = { 4: [0n, 14n, 16n, 18n], 6: [129n] } as const

/** What a line about these types can be: the opening of a connection, its answer, or a packet that belongs to none. */
export function icmpKind(
  types: readonly Span[],
  family: 4 | 6,
): 'opens' | 'answers' | 'neither' | 'any' {
  const all = types.map(({ from }) => from as bigint)
  if (types.some(({ from, until }) => until !== (from as bigint) + 1n)) return 'any'
  const kinds = new Set(
    all.map((type) =>
      (OPENS[family] as readonly bigint[]).includes(type)
        ? 'opens'
        : (ANSWERS[family] as readonly bigint[]).includes(type)
          ? 'answers'
          : 'neither',
    ),
  )
  return kinds.size === 1 ? [...kinds][0]! : 'any'
}
