/** Left-hand sides of nft expressions → fields. */
import { between, only, PROTOCOLS, STATES } from '../../space/field.ts'
import type { Field, Span } from '../../space/field.ts'
import { single } from './json.ts'
import type { Subject } from './value.ts'

const FAMILY = (family: 4 | 6): readonly [Field, Span] => ['family', only(BigInt(family))]
const PROTOCOL = (number: number): readonly [Field, Span] => ['protocol', only(BigInt(number))]
/** `new`, `established` and `related` stand first among the states. */
const CONNECTED: readonly [Field, Span] = ['state', between(0n, BigInt(STATES.indexOf('related')))]

/** @returns `undefined` for anything that is not one of the fields a packet here has */
export function subjectOf(left: unknown): Subject | undefined {
  const [kind, inner] = single(left) ?? []
  if (typeof inner !== 'object' || inner === null) return undefined
  if (kind === 'meta') return metaSubject(inner)
  if (kind === 'payload') return payloadSubject(inner)
  if (kind === 'ct') return ctSubject(inner)
  return undefined
}

const META: Readonly<Record<string, Field>> = {
  nfproto: 'family',
  iifname: 'in',
  oifname: 'out',
  // By number in the kernel, by the name that number has in a listing.
  iif: 'in',
  oif: 'out',
  l4proto: 'protocol',
}

function metaSubject(inner: object): Subject | undefined {
  const key = 'key' in inner && typeof inner.key === 'string' ? inner.key : ''
  const field = Object.hasOwn(META, key) ? META[key] : undefined
  return field && { field, implied: [] }
}

// `ct original ip saddr` and the like speak of another packet than the one in hand, and carry a direction or a family.
function ctSubject(inner: object): Subject | undefined {
  if (!('key' in inner) || 'dir' in inner || 'family' in inner) return undefined
  if (inner.key === 'state') return { field: 'state', implied: [] }
  // A packet of no connection has none, and nothing that is asked of it holds (`nft_ct_get_eval` in net/netfilter/nft_ct.c).
  if (inner.key === 'direction') return { field: 'direction', implied: [CONNECTED] }
  return undefined
}

function payloadSubject(inner: object): Subject | undefined {
  if (!('protocol' in inner) || !('field' in inner)) return undefined
  const { protocol, field } = inner
  if (typeof protocol !== 'string' || typeof field !== 'string') return undefined
  const at = `${protocol} ${field}`
  switch (at) {
    case 'ip saddr':
      return { field: 'source', implied: [FAMILY(4)], family: 4 }
    case 'ip daddr':
      return { field: 'target', implied: [FAMILY(4)], family: 4 }
    case 'ip6 saddr':
      return { field: 'source', implied: [FAMILY(6)], family: 6 }
    case 'ip6 daddr':
      return { field: 'target', implied: [FAMILY(6)], family: 6 }
    case 'ip protocol':
      return { field: 'protocol', implied: [FAMILY(4)] }
    case 'ether saddr':
      return { field: 'sourceMac', implied: [] }
    case 'th sport':
      return { field: 'sourcePort', implied: [] }
    case 'th dport':
      return { field: 'targetPort', implied: [] }
    case 'tcp sport':
      return { field: 'sourcePort', implied: [PROTOCOL(PROTOCOLS.tcp)] }
    case 'tcp dport':
      return { field: 'targetPort', implied: [PROTOCOL(PROTOCOLS.tcp)] }
    case 'udp sport':
      return { field: 'sourcePort', implied: [PROTOCOL(PROTOCOLS.udp)] }
    case 'udp dport':
      return { field: 'targetPort', implied: [PROTOCOL(PROTOCOLS.udp)] }
    case 'icmp type':
      return { field: 'sourcePort', implied: [FAMILY(4), PROTOCOL(PROTOCOLS.icmp)] }
    case 'icmp code':
      return { field: 'targetPort', implied: [FAMILY(4), PROTOCOL(PROTOCOLS.icmp)] }
    case 'icmpv6 type':
      return { field: 'sourcePort', implied: [FAMILY(6), PROTOCOL(PROTOCOLS.icmpv6)] }
    case 'icmpv6 code':
      return { field: 'targetPort', implied: [FAMILY(6), PROTOCOL(PROTOCOLS.icmpv6)] }
    default:
      return undefined
  }
}
