import type { Plug } from '../declared/permit.ts'
import type { AddressRange } from '../declared/ranges.ts'
import { addressKey, addressOf, PROTOCOLS, STATES } from '../space/field.ts'
import type { Field, Key } from '../space/field.ts'
import type { Packet } from '../space/space.ts'

/**
 * The same finding by a packet that somebody can send: a comparison gives the smallest of those that are treated alike, which often comes from 0.0.0.0, goes to port 0
 * or is of a protocol that nobody speaks, and kernels throw such packets away before any rule is asked.
 *
 * @param same whether another packet shows the same; what it does not allow stays as it is
 */
export function lifelike(
  packet: Packet,
  plugs: readonly Plug[],
  same: (packet: Packet) => boolean,
): Packet {
  let best = packet
  const put = (field: Field, keys: readonly Key[]): void => {
    for (const key of keys) {
      const other = { ...best, [field]: key }
      if (same(other)) {
        best = other
        return
      }
    }
  }
  const behind = (name: Key): readonly AddressRange[] =>
    plugs.find((plug) => plug.name === name)?.senders ?? []
  if (!SPOKEN.has(best.protocol)) put('protocol', [...SPOKEN])
  if (!isSomebody(best.source)) put('source', addressesFor(best, behind(best.in)))
  if (!isSomebody(best.target)) put('target', addressesFor(best, behind(best.out)))
  if (isIcmp(best)) {
    if (!kindsOf(best).includes(best.sourcePort as bigint)) put('sourcePort', kindsOf(best))
  } else {
    if (best.targetPort === 0n) put('targetPort', FAMILIAR_PORTS)
    if (best.sourcePort === 0n) put('sourcePort', [UPPER_PORT, ...FAMILIAR_PORTS])
  }
  return best
}

const SPOKEN: ReadonlySet<Key> = new Set(
  [PROTOCOLS.tcp, PROTOCOLS.udp, PROTOCOLS.icmp, PROTOCOLS.icmpv6].map(BigInt),
)
const FAMILIAR_PORTS = [443n, 80n, 22n, 53n, 1n]
const UPPER_PORT = 50_000n

const isIcmp = ({ protocol }: Packet): boolean =>
  protocol === BigInt(PROTOCOLS.icmp) || protocol === BigInt(PROTOCOLS.icmpv6)

/** Types that conntrack gives this state (net/netfilter/nf_conntrack_proto_icmp.c and …_icmpv6.c): questions open, answers answer, faults belong to others. */
function kindsOf({ protocol, state, direction }: Packet): readonly bigint[] {
  const six = protocol === BigInt(PROTOCOLS.icmpv6)
  switch (STATES[Number(state)]) {
    case 'new':
      return six ? [128n] : [8n, 13n, 15n, 17n]
    case 'established':
      if (direction === 1n) return six ? [129n] : [0n, 14n, 16n, 18n]
      return six ? [128n] : [8n, 13n, 15n, 17n]
    case 'related':
      return six ? [1n, 2n, 3n, 4n] : [3n, 11n, 12n, 5n]
    default:
      return six ? [129n] : [0n]
  }
}

/** Whether an address can be one machine's: not "this network", the machine itself or a group (RFC 6890). */
function isSomebody(key: Key): boolean {
  const { family, address } = addressOf(key as bigint)
  if (family === 6) return address >> 96n !== 0n && address >> 120n !== 0xffn
  const first = address >> 24n
  return first !== 0n && first !== 127n && first < 224n
}

/** RFC 5737 and RFC 3849. */
const DOCUMENTED = {
  4: [0xc000_0201n, 0xc633_6401n, 0xcb00_7101n],
  6: [(0x2001_0db8n << 96n) | 1n],
} as const

/** Of who is behind a plug one, and then some that are nobody's. */
function addressesFor({ family }: Packet, behind: readonly AddressRange[]): readonly bigint[] {
  const six = family === 6n
  const own = behind
    .filter((range) => range.family === (six ? 6 : 4))
    // The first address of a network is nobody's.
    .map(({ first, last }) => (first === last ? first : first + 1n))
  const known = six ? 6 : 4
  return [...own.slice(0, MOST_TRIED), ...DOCUMENTED[known]]
    .map((one) => addressKey(known, one))
    .filter(isSomebody)
}

const MOST_TRIED = 4
