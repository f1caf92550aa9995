/**
 * Decodes PackBits (TIFF 6.0 §9) until `target` is full or the data ends.
 * @returns how many bytes of `target` were filled
 */
export function decodePackBits(data: Uint8Array, target: Uint8Array): number {
  let at = 0
  let written = 0
  while (at + 1 < data.length && written < target.length) {
    const head = data[at++]!
    if (head === 128) continue
    if (head > 128) {
      const end = Math.min(target.length, written + 257 - head)
      target.fill(data[at++]!, written, end)
      written = end
    } else {
      const part = data.subarray(at, at + Math.min(head + 1, target.length - written))
      target.set(part, written)
      at += head + 1
      written += part.length
    }
  }
  return written
}
