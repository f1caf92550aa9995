/** A value as JSON and the bytes in it beside it, for a line to a process that is not believed: what comes back is data and nothing else. */
import { isRecord } from '../shape.ts'

/** Stands in the JSON where bytes were: how many, in the order of the walk. */
const BYTES = '$bytes'

/** Length of the JSON in front, bytes. */
const LENGTH = 4

/**
 * @returns the length of the JSON (32 bits, big-endian), the JSON, then the bytes
 * @throws TypeError for what JSON does not hold (a Map, a function), or a key that stands for bytes
 */
export function packed(value: unknown): readonly Uint8Array[] {
  const aside: Uint8Array[] = []
  const json = Buffer.from(JSON.stringify(lifted(value, aside)))
  const length = Buffer.alloc(LENGTH)
  length.writeUInt32BE(json.length)
  return [length, json, ...aside]
}

function lifted(value: unknown, aside: Uint8Array[]): unknown {
  if (value instanceof Uint8Array) {
    aside.push(value)
    return { [BYTES]: value.length }
  }
  if (Array.isArray(value)) return value.map((item: unknown) => lifted(item, aside))
  if (!isRecord(value)) return value
  const isPlain = Object.getPrototypeOf(value) === Object.prototype
  if (!isPlain || BYTES in value) throw new TypeError('not plain data')
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, lifted(item, aside)]))
}

/** What was packed; `undefined` when the parts do not fit together. The bytes are views into `body`. */
export function unpacked(body: Uint8Array): unknown {
  const whole = Buffer.from(body.buffer, body.byteOffset, body.length)
  if (whole.length < LENGTH) return undefined
  const start = LENGTH + whole.readUInt32BE()
  if (start > whole.length) return undefined
  const rest = { bytes: body, at: start }
  try {
    const value = lowered(JSON.parse(whole.toString('utf8', LENGTH, start)), rest)
    return rest.at === body.length ? value : undefined
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined
    throw error
  }
}

function lowered(value: unknown, rest: { readonly bytes: Uint8Array; at: number }): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => lowered(item, rest))
  if (!isRecord(value)) return value
  if (BYTES in value) return taken(value[BYTES], rest)
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, lowered(item, rest)]))
}

function taken(length: unknown, rest: { readonly bytes: Uint8Array; at: number }): Uint8Array {
  const end = rest.at + Number(length)
  if (!Number.isSafeInteger(length) || Number(length) < 0 || end > rest.bytes.length)
    throw new RangeError('bytes that are not there')
  const { buffer, byteOffset } = rest.bytes
  const bytes = new Uint8Array(buffer, byteOffset + rest.at, end - rest.at)
  rest.at = end
  return bytes
}
