/** Cryptographic Message Syntax (RFC 5652), as far as it takes to find what was signed. Nothing is verified: the signature goes. */

interface Value {
  readonly tag: number
  readonly start: number
  readonly end: number
  /** First byte behind it, an end mark included. */
  readonly next: number
}

const SIGNED_DATA = '2a864886f70d010702'
const SEQUENCE = 0x30
const OCTETS = 0x04
const OCTETS_OF_PIECES = 0x24
const MAX_DEPTH = 20

/** The content inside of a `signed-data`, or `undefined` for anything else (encrypted, damaged, or without content). */
export function signedContent(bytes: Uint8Array): Uint8Array | undefined {
  const info = child(bytes, valueAt(bytes, 0), SEQUENCE)
  const type = info && valueAt(bytes, info.start)
  if (!info || !type || hex(bytes, type) !== SIGNED_DATA) return undefined
  const explicit = valueAt(bytes, type.next)
  const signed = explicit && child(bytes, valueAt(bytes, explicit.start), SEQUENCE)
  // version, digest algorithms, then what was signed: its type and, tagged, its bytes
  const version = signed && valueAt(bytes, signed.start)
  const digests = version && valueAt(bytes, version.next)
  const content = digests && child(bytes, valueAt(bytes, digests.next), SEQUENCE)
  const kind = content && valueAt(bytes, content.start)
  const tagged = kind && kind.next < content.end ? valueAt(bytes, kind.next) : undefined
  const octets = tagged && valueAt(bytes, tagged.start)
  const pieces = octets && piecesOf(bytes, octets)
  return pieces && Buffer.concat(pieces)
}

function child(bytes: Uint8Array, value: Value | undefined, tag: number): Value | undefined {
  return value && value.tag === tag && value.end <= bytes.length ? value : undefined
}

function hex(bytes: Uint8Array, { tag, start, end }: Value): string {
  return tag === 6 && end - start < 32
    ? Buffer.from(bytes.subarray(start, end)).toString('hex')
    : ''
}

function piecesOf(bytes: Uint8Array, value: Value): readonly Uint8Array[] | undefined {
  if (value.tag === OCTETS) return [bytes.subarray(value.start, value.end)]
  if (value.tag !== OCTETS_OF_PIECES) return undefined
  const pieces: Uint8Array[] = []
  for (let at = value.start; at < value.end;) {
    const piece = valueAt(bytes, at)
    if (!piece || piece.tag !== OCTETS) return undefined
    pieces.push(bytes.subarray(piece.start, piece.end))
    at = piece.next
  }
  return pieces
}

/** Tag and length at this place; a length that leaves the bytes, or ends nowhere, is none. */
function valueAt(bytes: Uint8Array, at: number, depth = 0): Value | undefined {
  const tag = bytes[at]
  const first = bytes[at + 1]
  if (tag === undefined || first === undefined || depth > MAX_DEPTH || (tag & 31) === 31)
    return undefined
  if (first === 0x80) return indefinite(bytes, tag, at + 2, depth)
  const count = first < 0x80 ? 0 : first & 0x7f
  if (count > 4) return undefined
  let length = count === 0 ? first : 0
  for (let step = 0; step < count; step++) length = length * 256 + (bytes[at + 2 + step] ?? 0)
  const start = at + 2 + count
  const end = start + length
  return end <= bytes.length ? { tag, start, end, next: end } : undefined
}

function indefinite(
  bytes: Uint8Array,
  tag: number,
  start: number,
  depth: number,
): Value | undefined {
  let at = start
  for (;;) {
    if (bytes[at] === 0 && bytes[at + 1] === 0) return { tag, start, end: at, next: at + 2 }
    const inner = valueAt(bytes, at, depth + 1)
    if (!inner) return undefined
    at = inner.next
  }
}
