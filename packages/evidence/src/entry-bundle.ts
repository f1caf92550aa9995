/**
 * Entry bundles: entries one after another, each with its length as big-endian uint16. C2SP tlog-tiles, "Log entries".
 */

/** Writes a bundle. Each entry has at most 65,535 bytes. */
export function bundleBytes(entries: readonly Uint8Array[]): Buffer {
  return Buffer.concat(entries.flatMap((entry) => [lengthBytes(entry.length), entry]))
}

/** Reads a bundle; `undefined` when the lengths do not fill it exactly. */
export function readBundle(bytes: Buffer): Buffer[] | undefined {
  const entries: Buffer[] = []
  let at = 0
  while (at + 2 <= bytes.length) {
    const end = at + 2 + bytes.readUInt16BE(at)
    if (end > bytes.length) return undefined
    entries.push(bytes.subarray(at + 2, end))
    at = end
  }
  return at === bytes.length ? entries : undefined
}

function lengthBytes(length: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(length)
  return bytes
}
