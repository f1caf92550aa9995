/** Result of checking a CFF font (Adobe 5176): exactly the bytes of its structures, nothing behind them. */
export interface Cff {
  readonly bytes: Uint8Array
  readonly cid: boolean
}

interface Index {
  readonly items: readonly (readonly [number, number])[]
  readonly end: number
}

type Operands = ReadonlyMap<number, readonly number[]>

const MAX_DICT_OPERANDS = 513
const CHAR_STRINGS = 17
const PRIVATE = 18
const FONT_MATRIX = 0x0c07
const CHARSTRING_TYPE = 0x0c06
const ROS = 0x0c1e
const FD_ARRAY = 0x0c24
const FD_SELECT = 0x0c25
const SUBRS = 19
/** PostScript code for printers, as a string. Real fonts use it for licence bits. */
const POST_SCRIPT = 0x0c15
/** Strings with a lower id are built into the format (appendix A). */
const STANDARD_STRINGS = 391
/** Synthetic bases and multiple masters: obsolete. */
const FORBIDDEN = [0x0c14, 0x0c18, 0x0c1a]

/** Walks every structure of the font; undefined when one lies outside, is not well formed, or is not on the list. */
export function checkCff(bytes: Uint8Array): Cff | undefined {
  try {
    const font = walkFont(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))
    // Structures that lie in one another are others once the PostScript is blank: such a font has no one meaning.
    const again = font && walkFont(Buffer.from(font.bytes))
    return again && Buffer.compare(again.bytes, font.bytes) === 0 ? font : undefined
  } catch (fault) {
    if (fault instanceof RangeError) return undefined
    throw fault
  }
}

function walkFont(font: Buffer): Cff | undefined {
  if (font.readUInt8(0) !== 1) return undefined
  const names = readIndex(font, font.readUInt8(2))
  const tops = readIndex(font, names.end)
  const strings = readIndex(font, tops.end)
  const globals = readIndex(font, strings.end)
  const [first, ...others] = tops.items
  if (!first || others.length > 0) return undefined
  const top = readDictionary(font, ...first)
  if (!isAllowed(top)) return undefined
  const glyphs = readIndex(font, offset(top, CHAR_STRINGS))
  const ends = [globals.end, glyphs.end]
  if (top.has(PRIVATE)) ends.push(checkPrivate(font, top))
  if (top.has(FD_ARRAY)) ends.push(checkFonts(font, offset(top, FD_ARRAY)))
  if (top.has(FD_SELECT)) ends.push(checkSelect(font, offset(top, FD_SELECT), glyphs.items.length))
  for (const operator of [15, 16]) {
    const at = top.get(operator)?.[0] ?? 0
    if (at > 2) ends.push(checkTable(font, operator, at, glyphs.items.length))
  }
  const clean = Buffer.from(font.subarray(0, Math.max(...ends)))
  blankPostScript(clean, top, strings)
  return { bytes: clean, cid: top.has(ROS) }
}

/** Overwrites the program with spaces: the string keeps its length, so no offset moves. */
function blankPostScript(font: Buffer, top: Operands, strings: Index): void {
  const id = top.get(POST_SCRIPT)?.[0]
  const range = id === undefined ? undefined : strings.items[id - STANDARD_STRINGS]
  if (range) font.fill(0x20, ...range)
}

function isAllowed(dictionary: Operands): boolean {
  if (FORBIDDEN.some((operator) => dictionary.has(operator))) return false
  const type = dictionary.get(CHARSTRING_TYPE)
  if (type && type[0] !== 2) return false
  const matrix = dictionary.get(FONT_MATRIX)
  return matrix === undefined || (matrix.length === 6 && matrix.every(Number.isFinite))
}

function offset(dictionary: Operands, operator: number): number {
  const at = dictionary.get(operator)?.[0]
  if (at === undefined || !Number.isInteger(at) || at <= 0) throw new RangeError('no offset')
  return at
}

/** Section 5. Offsets must rise and stay inside the file. */
function readIndex(font: Buffer, at: number): Index {
  const count = font.readUInt16BE(at)
  if (count === 0) return { items: [], end: at + 2 }
  const width = font.readUInt8(at + 2)
  if (width < 1 || width > 4) throw new RangeError('bad offset size')
  const base = at + 3 + (count + 1) * width - 1
  const items: [number, number][] = []
  let start = base + font.readUIntBE(at + 3, width)
  for (let i = 1; i <= count; i += 1) {
    const end = base + font.readUIntBE(at + 3 + i * width, width)
    if (end < start || end > font.length) throw new RangeError('bad index')
    items.push([start, end])
    start = end
  }
  return { items, end: start }
}

/** Section 4: operands, then one operator, again and again. */
function readDictionary(font: Buffer, start: number, end: number): Operands {
  const entries = new Map<number, readonly number[]>()
  let operands: number[] = []
  for (let at = start; at < end;) {
    const byte = font.readUInt8(at)
    if (byte <= 21) {
      const wide = byte === 12
      entries.set(wide ? 0x0c00 | font.readUInt8(at + 1) : byte, operands)
      operands = []
      at += wide ? 2 : 1
    } else {
      const { value, next } = readOperand(font, at, byte)
      operands.push(value)
      if (operands.length > MAX_DICT_OPERANDS) throw new RangeError('too many operands')
      at = next
    }
  }
  return entries
}

function readOperand(font: Buffer, at: number, byte: number): { value: number; next: number } {
  if (byte === 28) return { value: font.readInt16BE(at + 1), next: at + 3 }
  if (byte === 29) return { value: font.readInt32BE(at + 1), next: at + 5 }
  if (byte === 30) return readReal(font, at + 1)
  if (byte >= 32 && byte <= 246) return { value: byte - 139, next: at + 1 }
  if (byte >= 247 && byte <= 250) {
    return { value: (byte - 247) * 256 + font.readUInt8(at + 1) + 108, next: at + 2 }
  }
  if (byte >= 251 && byte <= 254) {
    return { value: -(byte - 251) * 256 - font.readUInt8(at + 1) - 108, next: at + 2 }
  }
  throw new RangeError('reserved operand')
}

const NIBBLES = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.', 'E', 'E-', '', '-']

function readReal(font: Buffer, start: number): { value: number; next: number } {
  let spelled = ''
  for (let at = start; at < start + 32; at += 1) {
    const byte = font.readUInt8(at)
    for (const nibble of [byte >> 4, byte & 15]) {
      if (nibble === 15) return { value: Number(spelled), next: at + 1 }
      spelled += NIBBLES[nibble] ?? ''
    }
  }
  throw new RangeError('real does not end')
}

/** A private dictionary and its local subroutines; returns where the last of them ends. */
function checkPrivate(font: Buffer, dictionary: Operands): number {
  const [size = -1, start = -1] = dictionary.get(PRIVATE) ?? []
  if (size < 0 || start < 0 || start + size > font.length) throw new RangeError('bad private')
  const own = readDictionary(font, start, start + size)
  const subroutines = own.get(SUBRS)?.[0]
  if (subroutines === undefined) return start + size
  return Math.max(start + size, readIndex(font, start + subroutines).end)
}

function checkFonts(font: Buffer, at: number): number {
  const fonts = readIndex(font, at)
  const ends = [fonts.end]
  for (const [start, end] of fonts.items) {
    const dictionary = readDictionary(font, start, end)
    if (!isAllowed(dictionary)) throw new RangeError('not allowed')
    if (dictionary.has(PRIVATE)) ends.push(checkPrivate(font, dictionary))
  }
  return Math.max(...ends)
}

/** Section 19. */
function checkSelect(font: Buffer, at: number, glyphs: number): number {
  const format = font.readUInt8(at)
  if (format === 0) return inside(font, at + 1 + glyphs)
  if (format !== 3) throw new RangeError('unknown selection')
  return inside(font, at + 5 + 3 * font.readUInt16BE(at + 1))
}

/** Charset (15, section 13) or encoding (16, section 12). */
function checkTable(font: Buffer, operator: number, at: number, glyphs: number): number {
  const format = font.readUInt8(at)
  if (operator === 16) return checkEncoding(font, at, format)
  if (format === 0) return inside(font, at + 1 + 2 * Math.max(0, glyphs - 1))
  if (format > 2) throw new RangeError('unknown charset')
  let next = at + 1
  for (let covered = 1; covered < glyphs;) {
    covered += 1 + (format === 1 ? font.readUInt8(next + 2) : font.readUInt16BE(next + 2))
    next += format + 2
  }
  return inside(font, next)
}

function checkEncoding(font: Buffer, at: number, format: number): number {
  const kind = format & 127
  if (kind > 1) throw new RangeError('unknown encoding')
  const end = at + 2 + font.readUInt8(at + 1) * (kind + 1)
  return inside(font, format > 127 ? end + 1 + 3 * font.readUInt8(end) : end)
}

function inside(font: Buffer, end: number): number {
  if (end > font.length) throw new RangeError('table outside the file')
  return end
}
