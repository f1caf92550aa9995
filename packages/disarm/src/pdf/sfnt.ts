import { checkCff } from './cff.ts'

/** Tables a reader needs to draw glyphs. Layout, signature, bitmap, colour and private tables are not on the list. */
const TABLES = new Set([
  ...'OS/2 cmap fpgm gasp glyf head hhea hmtx loca maxp name post prep vhea vmtx VORG'.split(' '),
  'CFF ',
  'cvt ',
])
const MAX_TABLES = 64

export interface Sfnt {
  readonly bytes: Uint8Array
  readonly outlines: 'glyf' | 'cff'
}

/**
 * Parses the table directory of a TrueType or OpenType font, checks the outlines against the glyph count and writes a new font from the
 * allowed tables. Undefined when a table lies outside the file or the outlines do not fit.
 */
export function rebuildSfnt(bytes: Uint8Array): Sfnt | undefined {
  const font = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  try {
    const tables = readDirectory(font)
    if (tables.has('CFF ')) return withCff(tables)
    const whole = glyphsFit(tables) ? tables : mendGlyphs(tables)
    return whole && { bytes: write(whole, 0x00010000), outlines: 'glyf' }
  } catch (fault) {
    if (fault instanceof RangeError) return undefined
    throw fault
  }
}

type Tables = Map<string, Buffer>

function withCff(tables: Tables): Sfnt | undefined {
  const program = checkCff(tables.get('CFF ') as Buffer)
  if (!program) return undefined
  tables.set('CFF ', Buffer.from(program.bytes))
  tables.delete('glyf')
  tables.delete('loca')
  return { bytes: write(tables, 0x4f54544f), outlines: 'cff' }
}

/** A collection is read as its first font. */
function readDirectory(font: Buffer): Tables {
  const start = font.toString('latin1', 0, 4) === 'ttcf' ? font.readUInt32BE(12) : 0
  const count = font.readUInt16BE(start + 4)
  if (count > MAX_TABLES) throw new RangeError('too many tables')
  const tables: Tables = new Map()
  for (let i = 0; i < count; i += 1) {
    const at = start + 12 + 16 * i
    const tag = font.toString('latin1', at, at + 4)
    if (!TABLES.has(tag) || tables.has(tag)) continue
    tables.set(tag, tableAt(font, tag, font.readUInt32BE(at + 8), font.readUInt32BE(at + 12)))
  }
  return tables
}

/** Subset fonts are often cut a few bytes short at the end of the last table. */
const TOLERATED_CUT = 4

/** Outlines may be cut anywhere: what is left of them may be enough for the text. */
function tableAt(font: Buffer, tag: string, offset: number, length: number): Buffer {
  const isOutside = offset + length > font.length + TOLERATED_CUT
  if (isOutside && (tag !== 'glyf' || offset > font.length))
    throw new RangeError('table outside the file')
  return font.subarray(offset, Math.min(font.length, offset + length))
}

/** Offsets of `loca` must rise and stay inside `glyf`. */
function glyphsFit(tables: Tables): boolean {
  const head = tables.get('head')
  const maxp = tables.get('maxp')
  const loca = tables.get('loca')
  const glyf = tables.get('glyf')
  if (!head || !maxp || !loca || !glyf || !tables.has('hhea') || !tables.has('hmtx')) return false
  const long = head.readInt16BE(50) !== 0
  const count = Math.min(maxp.readUInt16BE(4) + 1, Math.floor(loca.length / (long ? 4 : 2)))
  let last = 0
  for (let i = 0; i < count; i += 1) {
    const offset = long ? loca.readUInt32BE(4 * i) : 2 * loca.readUInt16BE(2 * i)
    if (offset < last || offset > glyf.length + TOLERATED_CUT) return false
    last = offset
  }
  return count > 0
}

/**
 * The same font with its outlines laid one after another: a glyph whose place is impossible is blank, as in the readers people use.
 * When the offsets are no places at all (some writers set those of unused glyphs to 0, some do not sort them), a glyph ends where the
 * next one in the file begins. Undefined when not even half of those that should be there are.
 */
function mendGlyphs(tables: Tables): Tables | undefined {
  const [head, maxp, loca, glyf] = ['head', 'maxp', 'loca', 'glyf'].map((tag) => tables.get(tag))
  if (!head || !maxp || !loca || !glyf || !tables.has('hhea') || !tables.has('hmtx'))
    return undefined
  const width = head.readInt16BE(50) === 0 ? 2 : 4
  const count = Math.min(maxp.readUInt16BE(4), Math.floor(loca.length / width) - 1)
  const offsets = Array.from({ length: Math.max(0, count) + 1 }, (_, glyph) =>
    width === 4 ? loca.readUInt32BE(4 * glyph) : 2 * loca.readUInt16BE(2 * glyph),
  )
  const outlines = statedOutlines(offsets, glyf) ?? followedOutlines(offsets, glyf)
  if (!outlines) return undefined
  const long = Buffer.from(head)
  long.writeInt16BE(1, 50)
  const there = outlines.filter((outline) => outline !== undefined)
  const mended = new Map(tables).set('glyf', Buffer.concat(there)).set('head', long)
  return mended.set('loca', locations(outlines))
}

type Outlines = readonly (Buffer | undefined)[]

/** Each glyph from its offset to that of the next number. */
function statedOutlines(offsets: readonly number[], glyf: Buffer): Outlines | undefined {
  const outlines = offsets.slice(1).map((end, glyph) => {
    const start = offsets[glyph] as number
    return start < end && end <= glyf.length ? glyf.subarray(start, end) : undefined
  })
  return enough(outlines, offsets, glyf)
}

/** Each glyph from its offset to the next higher one, whoever has it. */
function followedOutlines(offsets: readonly number[], glyf: Buffer): Outlines | undefined {
  const places = [...new Set([...offsets, glyf.length])].toSorted((a, b) => a - b)
  const ends = new Map(places.map((place, i) => [place, places[i + 1] ?? place]))
  const outlines = offsets.slice(1).map((stated, glyph) => {
    const start = offsets[glyph] as number
    const isPlace = start !== stated && start < glyf.length && stated <= glyf.length
    return isPlace ? glyf.subarray(start, ends.get(start)) : undefined
  })
  return enough(outlines, offsets, glyf)
}

function enough(outlines: Outlines, offsets: readonly number[], glyf: Buffer) {
  const there = outlines.filter((outline) => outline !== undefined)
  const wanted = outlines.filter((_, glyph) => offsets[glyph] !== offsets[glyph + 1]).length
  if (there.length === 0 || there.length * 2 < wanted) return undefined
  // Overlapping places would let a small font grow without end.
  const sum = there.reduce((bytes, outline) => bytes + outline.length, 0)
  return sum > 2 * glyf.length ? undefined : outlines
}

function locations(outlines: Outlines): Buffer {
  const loca = Buffer.alloc(4 * (outlines.length + 1))
  let at = 0
  for (const [glyph, outline] of outlines.entries()) {
    at += outline?.length ?? 0
    loca.writeUInt32BE(at, 4 * (glyph + 1))
  }
  return loca
}

function write(tables: Tables, version: number): Buffer {
  const names = [...tables.keys()].toSorted((a, b) => (a < b ? -1 : 1))
  const directory = Buffer.alloc(12 + 16 * names.length)
  writeSearchFields(directory, version, names.length)
  let at = directory.length
  const bodies: Buffer[] = []
  for (const [i, tag] of names.entries()) {
    const body = tables.get(tag) as Buffer
    const whole = Buffer.concat([body, Buffer.alloc((4 - (body.length % 4)) % 4)])
    directory.write(tag, 12 + 16 * i, 'latin1')
    directory.writeUInt32BE(checkSum(whole), 16 + 16 * i)
    directory.writeUInt32BE(at, 20 + 16 * i)
    directory.writeUInt32BE(body.length, 24 + 16 * i)
    bodies.push(whole)
    at += whole.length
  }
  return Buffer.concat([directory, ...bodies])
}

function writeSearchFields(directory: Buffer, version: number, count: number): void {
  const power = Math.floor(Math.log2(Math.max(1, count)))
  directory.writeUInt32BE(version)
  directory.writeUInt16BE(count, 4)
  directory.writeUInt16BE(16 * 2 ** power, 6)
  directory.writeUInt16BE(power, 8)
  directory.writeUInt16BE(16 * count - 16 * 2 ** power, 10)
}

function checkSum(table: Buffer): number {
  let sum = 0
  for (let at = 0; at + 4 <= table.length; at += 4) sum = (sum + table.readUInt32BE(at)) >>> 0
  return sum
}
