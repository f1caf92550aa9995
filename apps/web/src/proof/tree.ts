/**
 * The Merkle tree of the evidence log, RFC 6962 §2.1, checked in the browser with its own code: the page does not
 * believe the server that shows it.
 */
export type Bytes = Uint8Array<ArrayBuffer>

/** Leaf hash: SHA-256 of 0x00 and the entry. */
export function leafHash(entry: Bytes): Promise<Bytes> {
  return sha256(join([Uint8Array.of(0), entry]))
}

/**
 * Root of a tree of `size` leaves that has `leaf` at `index`, computed from the audit path (leaf side first).
 *
 * @returns the root, or `undefined` when the path has not exactly the length this place in the tree needs: a path of
 *   another length can prove a different place.
 */
export async function rootFrom(
  leaf: Bytes,
  index: number,
  size: number,
  path: readonly Bytes[],
): Promise<Bytes | undefined> {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size)) return undefined
  if (index < 0 || index >= size || path.some((node) => node.length !== 32)) return undefined
  let hash = leaf
  let place = index
  let last = size - 1
  let used = 0
  while (last > 0) {
    if (place % 2 === 1 || place < last) {
      const other = path[used]
      if (other === undefined) return undefined
      used += 1
      hash = place % 2 === 1 ? await nodeHash(other, hash) : await nodeHash(hash, other)
    }
    place = Math.floor(place / 2)
    last = Math.floor(last / 2)
  }
  return used === path.length ? hash : undefined
}

function nodeHash(left: Bytes, right: Bytes): Promise<Bytes> {
  return sha256(join([Uint8Array.of(1), left, right]))
}

export async function sha256(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
}

export function join(parts: readonly Bytes[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

export function sameBytes(a: Bytes, b: Bytes): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}

/** @returns the bytes, or `undefined` when the text is not plain base64. */
export function fromBase64(text: string): Bytes | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/u.test(text)) return undefined
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
  } catch {
    return undefined
  }
}

/** @returns the bytes, or `undefined` when the text is not an even number of hex digits. */
export function fromHex(text: string): Bytes | undefined {
  if (!/^(?:[0-9a-fA-F]{2})*$/u.test(text)) return undefined
  return Uint8Array.from(text.match(/../gu) ?? [], (pair) => Number.parseInt(pair, 16))
}

export function toHex(bytes: Bytes): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
