import type { Budget } from './budget.ts'
import { Bits, huffmanCode } from './jpeg-bits.ts'
import type { HuffmanCode } from './jpeg-bits.ts'
import { optimalTable } from './jpeg-optimal.ts'
import { tableOf, walkScan } from './jpeg-scan.ts'
import type { CodePair, Component, Frame } from './jpeg-scan.ts'
import { demand } from './rejection.ts'

const MAX_PIXELS = 100_000_000
const MARKER = { app0: 0xe0, app1: 0xe1, app14: 0xee, dqt: 0xdb, dht: 0xc4, sos: 0xda } as const
const SOF0 = 0xc0
const SOF1 = 0xc1
/** TIFF header big-endian, one directory with one entry: orientation, SHORT, 1. The value follows. */
const ORIENTATION = 'Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01'

/**
 * Accepts exactly the JPEG of the grammar: a fixed order of segments, our own tables, sequential scans of which every
 * bit is walked (ITU-T T.81), and the end marker as the last two bytes.
 *
 * @returns the size in pixels.
 */
export function verifyJpeg(
  bytes: Uint8Array,
  budget: Budget,
  where: string,
): Pick<Frame, 'width' | 'height'> {
  const read = new Segments(bytes, where)
  read.marker(0xd8)
  jfif(read)
  orientation(read)
  const transform = adobe(read)
  const tables = quantization(read)
  const frame = frameOf(read, tables)
  read.demand(transformFits(transform, frame.components.length))
  budget.spend(frame.width * frame.height * frame.components.length, where)
  const codes = huffman(read, frame.components.length > 2 ? 2 : 1)
  for (const scan of scansOf(frame)) readScan(read, frame, scan, codes)
  for (const { dc, ac } of codes) read.demand(isOptimal(dc) && isOptimal(ac))
  read.marker(0xd9)
  read.demand(read.atEnd())
  return frame
}

/** JFIF 1.01 without thumbnail (ITU-T T.871 §10.1). */
function jfif(read: Segments): void {
  const body = read.optional(MARKER.app0)
  if (body === undefined) return
  read.demand(body.length === 14 && latin(body, 0, 7) === 'JFIF\0\x01\x01' && body[7]! <= 2)
  read.demand(body.readUInt16BE(8) > 0 && body.readUInt16BE(10) > 0 && body.readUInt16BE(12) === 0)
}

/** Which way up a photo is shown; 1 (upright) is not written. */
function orientation(read: Segments): void {
  const body = read.optional(MARKER.app1)
  if (body === undefined) return
  read.demand(body.length === 32 && latin(body, 0, 24) === ORIENTATION)
  const value = body.readUInt16BE(24)
  read.demand(value >= 2 && value <= 8 && body.subarray(26).every((byte) => byte === 0))
}

/** @returns the colour transform, when the segment is there. */
function adobe(read: Segments): number | undefined {
  const body = read.optional(MARKER.app14)
  if (body === undefined) return undefined
  read.demand(body.length === 12 && latin(body, 0, 11) === 'Adobe\0\x64\0\0\0\0')
  return body[11]
}

function transformFits(transform: number | undefined, components: number): boolean {
  if (transform === undefined) return true
  if (components === 1) return false
  return (
    transform === 0 ||
    (transform === 1 && components === 3) ||
    (transform === 2 && components === 4)
  )
}

interface Quantization {
  readonly values: string
  readonly wide: boolean
}

/** One table per segment, numbered in order, 16 bits only where a value needs them. */
function quantization(read: Segments): readonly Quantization[] {
  const tables: Quantization[] = []
  for (let body = read.optional(MARKER.dqt); body; body = read.optional(MARKER.dqt)) {
    const wide = body[0]! >> 4 === 1
    read.demand(body[0] === tables.length + (wide ? 16 : 0) && tables.length < 4)
    read.demand(body.length === (wide ? 129 : 65))
    const values = Array.from({ length: 64 }, (_, index) =>
      wide ? body.readUInt16BE(1 + 2 * index) : body[1 + index]!,
    )
    read.demand(!values.includes(0) && wide === values.some((value) => value > 255))
    tables.push({ values: values.join(' '), wide })
  }
  read.demand(
    tables.length > 0 && new Set(tables.map(({ values }) => values)).size === tables.length,
  )
  return tables
}

function frameOf(read: Segments, tables: readonly Quantization[]): Frame {
  const body = read.required(tables.some(({ wide }) => wide) ? SOF1 : SOF0)
  read.demand(body.length >= 6 && body[0] === 8)
  const [height, width] = [body.readUInt16BE(1), body.readUInt16BE(3)]
  const count = body[5]!
  read.demand(width > 0 && height > 0 && width * height <= MAX_PIXELS)
  read.demand([1, 3, 4].includes(count) && body.length === 6 + 3 * count)
  const components = Array.from({ length: count }, (_, index) => componentAt(body, 6 + 3 * index))
  read.demand(components.every(({ h, v }) => h >= 1 && h <= 4 && v >= 1 && v <= 4))
  read.demand(new Set(components.map(({ id }) => id)).size === count)
  // Used in order of first use, none left over: an unused table is 64 bytes of anything.
  const firstUses = [...new Set(components.map((component) => component.quantization))]
  read.demand(
    firstUses.every((table, index) => table === index) && firstUses.length === tables.length,
  )
  return { width, height, components }
}

function componentAt(body: Buffer, at: number): Component {
  return {
    id: body[at]!,
    h: body[at + 1]! >> 4,
    v: body[at + 1]! & 15,
    quantization: body[at + 2]!,
  }
}

/** DC 0, AC 0 and, with colour, DC 1, AC 1; one table per segment. */
function huffman(read: Segments, pairs: number): readonly CodePair[] {
  return Array.from({ length: pairs }, (_, slot) => ({
    dc: codeOf(read, slot),
    ac: codeOf(read, 0x10 | slot),
  }))
}

function codeOf(read: Segments, head: number): HuffmanCode {
  const body = read.required(MARKER.dht)
  read.demand(body.length > 17 && body[0] === head)
  const counts = body.subarray(1, 17)
  const total = counts.reduce((sum, value) => sum + value, 0)
  read.demand(body.length === 17 + total)
  return huffmanCode(counts, body.subarray(17), read.where)
}

/** Every symbol is used, and the table is the best one for how often. */
function isOptimal({ counts, symbols, uses }: HuffmanCode): boolean {
  if (uses.includes(0)) return false
  const frequencies = new Map([...symbols].map((symbol, index) => [symbol, uses[index]!]))
  return optimalTable(frequencies).equals(Buffer.concat([counts, symbols]))
}

/** All components in one scan when an MCU may hold their blocks (T.81 B.2.3: at most ten), otherwise one scan each. */
function scansOf({ components }: Frame): readonly (readonly number[])[] {
  const all = components.map((_, index) => index)
  const blocks = components.reduce((sum, { h, v }) => sum + h * v, 0)
  return blocks <= 10 || all.length === 1 ? [all] : all.map((index) => [index])
}

function readScan(
  read: Segments,
  frame: Frame,
  scan: readonly number[],
  codes: readonly CodePair[],
): void {
  const parts = scan.flatMap((index) => [frame.components[index]!.id, tableOf(index) * 0x11])
  const wanted = Buffer.from([scan.length, ...parts, 0, 63, 0])
  read.demand(read.required(MARKER.sos).equals(wanted))
  const bits = new Bits(read.bytes, read.at, read.where)
  walkScan(frame, scan, codes, bits, read.where)
  read.at = bits.finish()
}

function latin(body: Buffer, from: number, to: number): string {
  return body.toString('latin1', from, to)
}

/** Reads markers and segments forwards; no fill bytes, nothing in between. */
class Segments {
  readonly bytes: Uint8Array
  readonly where: string
  at = 0

  constructor(bytes: Uint8Array, where: string) {
    this.bytes = bytes
    this.where = where
  }

  demand(condition: boolean): void {
    demand(condition, 'VERIFY-JPEG', this.where)
  }

  marker(code: number): void {
    this.demand(this.#isNext(code))
    this.at += 2
  }

  /** Content of the next segment when it has this marker. */
  optional(code: number): Buffer | undefined {
    return this.#isNext(code) ? this.required(code) : undefined
  }

  required(code: number): Buffer {
    this.marker(code)
    const length = (this.bytes[this.at]! << 8) | this.bytes[this.at + 1]!
    const end = this.at + length
    this.demand(length >= MIN_SEGMENT && end <= this.bytes.length)
    const body = Buffer.from(this.bytes.subarray(this.at + 2, end))
    this.at = end
    return body
  }

  atEnd(): boolean {
    return this.at === this.bytes.length
  }

  #isNext(code: number): boolean {
    return this.bytes[this.at] === 0xff && this.bytes[this.at + 1] === code
  }
}

/** The shortest segment of the form is the scan header of one component: 8 bytes. */
const MIN_SEGMENT = 8
