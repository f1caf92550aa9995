import { Rejection, demand } from './rejection.ts'

const CHAR_STRINGS = 17
const PRIVATE = 18
const SUBRS = 19
const POST_SCRIPT = 0x0c15
const FD_ARRAY = 0x0c24
const FONT_MATRIX = 0x0c07
const CHARSTRING_TYPE = 0x0c06
/** Synthetic bases and multiple masters. */
const OBSOLETE = [0x0c14, 0x0c18, 0x0c1a]
/** Strings with a lower id are built into the format (Adobe 5176, appendix A). */
const STANDARD_STRINGS = 391
const MAX_OPERANDS = 513
/** Section 4, table 5: `d` is reserved and means nothing. */
const REAL: Readonly<Record<string, string>> = { a: '.', b: 'E', c: 'E-', d: '', e: '-' }

type Operands = ReadonlyMap<number, readonly number[]>
interface Index {
  readonly items: readonly (readonly [start: number, end: number])[]
  readonly end: number
}

/**
 * Accepts a CFF font (Adobe 5176) whose structures lie inside it, whose dictionaries hold numbers only, whose PostScript string is
 * blank and whose every `FontMatrix` is six numbers. Glyph programs are kept from the input and not run here.
 */
export function verifyCff(bytes: Uint8Array, where: string): void {
  try {
    new Cff(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), where).verify()
  } catch (error) {
    // Reads beyond the end of the font.
    if (error instanceof RangeError) throw new Rejection('VERIFY-PDF-FONT', where)
    throw error
  }
}

class Cff {
  readonly #font: Buffer
  readonly #where: string

  constructor(font: Buffer, where: string) {
    this.#font = font
    this.#where = where
  }

  verify(): void {
    this.#demand(this.#font.readUInt8(0) === 1)
    const names = this.#index(this.#font.readUInt8(2))
    const tops = this.#index(names.end)
    const strings = this.#index(tops.end)
    this.#index(strings.end)
    this.#demand(tops.items.length === 1)
    const top = this.#dictionary(...tops.items[0]!)
    this.#allowed(top)
    this.#postScript(top, strings)
    this.#index(this.#offset(top, CHAR_STRINGS))
    this.#private(top)
    if (top.has(FD_ARRAY)) this.#fonts(this.#offset(top, FD_ARRAY))
  }

  #fonts(at: number): void {
    for (const range of this.#index(at).items) {
      const dictionary = this.#dictionary(...range)
      this.#allowed(dictionary)
      this.#private(dictionary)
    }
  }

  #allowed(dictionary: Operands): void {
    this.#demand(!OBSOLETE.some((operator) => dictionary.has(operator)))
    this.#demand((dictionary.get(CHARSTRING_TYPE)?.[0] ?? 2) === 2)
    const matrix = dictionary.get(FONT_MATRIX)
    this.#demand(matrix === undefined || (matrix.length === 6 && matrix.every(Number.isFinite)))
  }

  /** PostScript code for printers: the disarmer overwrites it with spaces. */
  #postScript(top: Operands, strings: Index): void {
    const id = top.get(POST_SCRIPT)?.[0]
    const range = id === undefined ? undefined : strings.items[id - STANDARD_STRINGS]
    if (range) this.#demand(this.#font.subarray(...range).every((byte) => byte === 0x20))
  }

  #private(dictionary: Operands): void {
    if (!dictionary.has(PRIVATE)) return
    const [size = -1, start = -1] = dictionary.get(PRIVATE)!
    this.#demand(size >= 0 && start >= 0 && start + size <= this.#font.length)
    const subroutines = this.#dictionary(start, start + size).get(SUBRS)?.[0]
    if (subroutines !== undefined) this.#index(start + subroutines)
  }

  #offset(dictionary: Operands, operator: number): number {
    const at = dictionary.get(operator)?.[0] ?? 0
    this.#demand(Number.isInteger(at) && at > 0)
    return at
  }

  /** Section 5: offsets rise and stay inside the font. */
  #index(at: number): Index {
    const count = this.#font.readUInt16BE(at)
    if (count === 0) return { items: [], end: at + 2 }
    const width = this.#font.readUInt8(at + 2)
    this.#demand(width >= 1 && width <= 4)
    const base = at + 2 + (count + 1) * width
    const offset = (number: number): number =>
      base + this.#font.readUIntBE(at + 3 + number * width, width)
    const items = Array.from(
      { length: count },
      (_, number) => [offset(number), offset(number + 1)] as const,
    )
    this.#demand(items.every(([start, end]) => start <= end && end <= this.#font.length))
    return { items, end: items.at(-1)![1] }
  }

  /** Section 4: operands, then their operator. */
  #dictionary(start: number, end: number): Operands {
    const entries = new Map<number, readonly number[]>()
    let operands: number[] = []
    for (let at = start; at < end;) {
      const byte = this.#font.readUInt8(at)
      if (byte <= 21) {
        const key = byte === 12 ? 0x0c00 | this.#font.readUInt8(at + 1) : byte
        entries.set(key, operands)
        operands = []
        at += byte === 12 ? 2 : 1
      } else {
        const [value, length] = this.#operand(at, byte)
        operands.push(value)
        this.#demand(operands.length <= MAX_OPERANDS)
        at += length
      }
    }
    return entries
  }

  #operand(at: number, byte: number): readonly [value: number, length: number] {
    if (byte === 28) return [this.#font.readInt16BE(at + 1), 3]
    if (byte === 29) return [this.#font.readInt32BE(at + 1), 5]
    if (byte === 30) return this.#real(at)
    this.#demand(byte >= 32 && byte <= 254)
    if (byte <= 246) return [byte - 139, 1]
    const low = this.#font.readUInt8(at + 1) + 108
    return byte <= 250 ? [(byte - 247) * 256 + low, 2] : [(251 - byte) * 256 - low, 2]
  }

  /** Binary coded decimal, two digits in a byte, `f` ends it. */
  #real(at: number): readonly [value: number, length: number] {
    const digits = this.#font.toString('hex', at + 1, at + 33)
    const end = digits.indexOf('f')
    this.#demand(end >= 0)
    const spelled = digits.slice(0, end).replaceAll(/[a-e]/gu, (digit) => REAL[digit]!)
    return [Number(spelled), 2 + (end >> 1)]
  }

  #demand(condition: boolean): void {
    demand(condition, 'VERIFY-PDF-FONT', this.#where)
  }
}
