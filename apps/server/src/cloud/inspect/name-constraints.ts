/**
 * For which names an authority may speak (RFC 5280 4.2.1.10), written and read back. Whoever steals the key of the town's authority can then be the declared hosts to the town's
 * terminals, and nobody else. DNS constraints hold for what is under a name too; a single host cannot be said.
 */

export const NAME_CONSTRAINTS = '2.5.29.30'

const SEQUENCE = 0x30
const PERMITTED = 0xa0
const EXCLUDED = 0xa1
const DNS_NAME = 0x82
const IP_ADDRESS = 0x87

/** DER of the extension's value: these names, and no address of either family. */
export function writeNameConstraints(hosts: readonly string[]): Buffer {
  const names = hosts.map((host) => tlv(SEQUENCE, tlv(DNS_NAME, Buffer.from(host, 'ascii'))))
  // A kind of name that is not constrained is permitted; so addresses are shut out by a range that holds all of them.
  const addresses = [8, 32].map((length) => tlv(SEQUENCE, tlv(IP_ADDRESS, Buffer.alloc(length))))
  return tlv(SEQUENCE, tlv(PERMITTED, ...names), tlv(EXCLUDED, ...addresses))
}

/** The permitted DNS names. Throws for what {@link writeNameConstraints} did not write: a certificate that we do not understand is not used. */
export function readNameConstraints(der: Uint8Array): readonly string[] {
  const [outer] = partsOf(Buffer.from(der), SEQUENCE)
  const [permitted] = partsOf(outer!, PERMITTED, EXCLUDED)
  const hosts = partsOf(permitted!, SEQUENCE).map((subtree) => {
    const [name] = partsOf(subtree, DNS_NAME)
    return name!.toString('ascii')
  })
  if (!writeNameConstraints(hosts).equals(der)) throw new Error('constraints of another kind')
  return hosts
}

function tlv(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const bytes = lengthBytes(length)
  const head = length < 0x80 ? [tag, length] : [tag, 0x80 + bytes.length, ...bytes]
  return Buffer.concat([Buffer.from(head), content])
}

/** X.690 8.1.3.5: as few bytes as it takes. */
function lengthBytes(length: number): readonly number[] {
  const rest = Math.floor(length / 0x1_00)
  return [...(rest === 0 ? [] : lengthBytes(rest)), length % 0x1_00]
}

/** Of a length: a list of hosts of 16 MiB is none. */
const LENGTH_BYTES = 3

/** The contents of the elements one after another; each has one of the tags. */
function partsOf(bytes: Buffer, ...tags: readonly number[]): readonly Buffer[] {
  const parts: Buffer[] = []
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at + 1] ?? 0xff
    const longer = first < 0x80 ? 0 : first - 0x80
    const start = at + 2 + longer
    const whole = longer <= LENGTH_BYTES && start <= bytes.length
    const length = longer === 0 ? first : whole ? bytes.readUIntBE(at + 2, longer) : Infinity
    if (!tags.includes(bytes[at]!) || !(start + length <= bytes.length))
      throw new Error('constraints of another kind')
    parts.push(bytes.subarray(start, start + length))
    at = start + length
  }
  if (parts.length === 0) throw new Error('constraints of another kind')
  return parts
}
