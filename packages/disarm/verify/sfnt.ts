import { verifyCff } from './cff.ts'
import { demand } from './rejection.ts'

/** Tables a reader needs to draw glyphs, in directory order. No layout, signature, bitmap, colour or private table. */
const TABLES = new Set([
  ...'OS/2 VORG cmap fpgm gasp glyf head hhea hmtx loca maxp name post prep vhea vmtx'.split(' '),
  'CFF ',
  'cvt ',
])
const VERSIONS = { glyf: 0x00010000, 'CFF ': 0x4f54544f } as const
const RECORD = 16
const HEAD = 12
/** Subset fonts are often cut a few bytes short at the end of the last table. */
const TOLERATED_CUT = 4

/**
 * Accepts a TrueType or OpenType font of the form: a sorted directory of listed tables, tables one after another without a
 * gap, true checksums, outlines that lie inside their table. The tables themselves are kept from the input.
 */
export function verifySfnt(bytes: Uint8Array, outlines: 'glyf' | 'CFF ', where: string): void {
  const font = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  demandFont(font.length >= HEAD, where)
  const count = font.readUInt16BE(4)
  demandFont(count >= 1 && count <= TABLES.size && font.length >= HEAD + RECORD * count, where)
  demandFont(font.subarray(0, HEAD).equals(head(VERSIONS[outlines], count)), where)
  const tables = readTables(font, count, where)
  demandFont(tables.has(outlines), where)
  if (outlines === 'CFF ') {
    demandFont(!tables.has('glyf') && !tables.has('loca'), where)
    verifyCff(tables.get(outlines)!, where)
  } else demandFont(!tables.has('CFF ') && glyphsFit(tables), where)
}

function head(version: number, count: number): Buffer {
  const power = Math.floor(Math.log2(count))
  const fields = Buffer.alloc(HEAD)
  fields.writeUInt32BE(version)
  fields.writeUInt16BE(count, 4)
  fields.writeUInt16BE(RECORD << power, 6)
  fields.writeUInt16BE(power, 8)
  fields.writeUInt16BE(RECORD * count - (RECORD << power), 10)
  return fields
}

function readTables(font: Buffer, count: number, where: string): ReadonlyMap<string, Buffer> {
  const tables = new Map<string, Buffer>()
  let before = ''
  let next = HEAD + RECORD * count
  for (let at = HEAD; at < HEAD + RECORD * count; at += RECORD) {
    const tag = font.toString('latin1', at, at + 4)
    const length = font.readUInt32BE(at + 12)
    const end = next + Math.ceil(length / 4) * 4
    demandFont(TABLES.has(tag) && tag > before && font.readUInt32BE(at + 8) === next, where)
    demandFont(end <= font.length, where)
    const padding = font.subarray(next + length, end)
    demandFont(
      padding.every((byte) => byte === 0),
      where,
    )
    demandFont(sumOf(font.subarray(next, end)) === font.readUInt32BE(at + 4), where)
    tables.set(tag, font.subarray(next, next + length))
    before = tag
    next = end
  }
  demandFont(next === font.length, where)
  return tables
}

function sumOf(table: Buffer): number {
  let sum = 0
  for (let at = 0; at < table.length; at += 4) sum = (sum + table.readUInt32BE(at)) >>> 0
  return sum
}

/** Offsets of `loca` rise and stay inside `glyf`. */
function glyphsFit(tables: ReadonlyMap<string, Buffer>): boolean {
  const [headTable, maxp, loca, glyf] = ['head', 'maxp', 'loca', 'glyf'].map((tag) =>
    tables.get(tag),
  )
  if (!headTable || !maxp || !loca || !glyf || !tables.has('hhea') || !tables.has('hmtx'))
    return false
  if (headTable.length < 52 || maxp.length < 6) return false
  const width = headTable.readInt16BE(50) === 0 ? 2 : 4
  const count = Math.min(maxp.readUInt16BE(4) + 1, Math.floor(loca.length / width))
  let last = 0
  for (let index = 0; index < count; index++) {
    const offset = width === 4 ? loca.readUInt32BE(4 * index) : 2 * loca.readUInt16BE(2 * index)
    if (offset < last || offset > glyf.length + TOLERATED_CUT) return false
    last = offset
  }
  return count > 0
}

function demandFont(condition: boolean, where: string): void {
  demand(condition, 'VERIFY-PDF-FONT', where)
}
