/** Bytes that are searched for each stream; what stands behind them is looked up. */
const BLOCK = 4096
const NONE = 0xffffffff

/** Of each file that was asked about: by block, the first end word at or behind its beginning. */
const MAPS = new WeakMap<Uint8Array, Uint32Array>()

/**
 * The first `endstream` or `endobj` at or behind `start`, or -1. A hostile file of fifty thousand streams without an end would cost its
 * square; so the file is searched once, and each stream's own block again.
 */
export function streamEnd(bytes: Uint8Array, start: number): number {
  const block = Math.ceil(start / BLOCK)
  const near = nextEnd(bytes, start, Math.min(bytes.length, block * BLOCK + WORD))
  if (near >= 0) return near
  const far = mapOf(bytes)[block] ?? NONE
  return far === NONE ? -1 : far
}

const WORD = 'endstream'.length

function nextEnd(bytes: Uint8Array, from: number, to: number): number {
  const part = Buffer.from(bytes.buffer, bytes.byteOffset, to)
  const stream = part.indexOf('endstream', from)
  const object = part.indexOf('endobj', from)
  return stream < 0 || object < 0 ? Math.max(stream, object) : Math.min(stream, object)
}

function mapOf(bytes: Uint8Array): Uint32Array {
  const known = MAPS.get(bytes)
  if (known) return known
  const map = new Uint32Array(Math.ceil(bytes.length / BLOCK) + 1).fill(NONE)
  noteWord(bytes, 'endstream', map)
  noteWord(bytes, 'endobj', map)
  MAPS.set(bytes, map)
  return map
}

function noteWord(bytes: Uint8Array, word: string, map: Uint32Array): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  let at = buffer.indexOf(word)
  for (let block = 0; block < map.length && at >= 0; block++) {
    if (at < block * BLOCK) at = buffer.indexOf(word, block * BLOCK)
    if (at >= 0) map[block] = Math.min(map[block]!, at)
  }
}
