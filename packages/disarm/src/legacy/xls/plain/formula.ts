import { USER_FUNCTION, biffFunction } from './functions.ts'

/** What a formula may refer to. */
export interface Surroundings {
  /** Sheet prefix of an external sheet index, quoted and with `!`; undefined when it is not a sheet of this book. */
  readonly sheet: (index: number) => string | undefined
  /** Name by its number, counted from 1. */
  readonly name: (index: number) => string | undefined
  /** Name of an add-in's function. */
  readonly addIn: (sheet: number, index: number) => string | undefined
}

/** The cell that relative references of a shared formula count from. */
export interface Origin {
  readonly row: number
  readonly column: number
}

/**
 * A parsed formula as text in A1 form ([MS-XLS] 2.5.198), or undefined when it holds anything that is not understood: the book then
 * goes to the converter. The tokens are in reverse Polish order and bring their own parentheses.
 */
export function formulaText(
  tokens: Uint8Array,
  around: Surroundings,
  origin?: Origin,
): string | undefined {
  const reader = new TokenReader(tokens, around, origin)
  return reader.read()
}

const BINARY = ['+', '-', '*', '/', '^', '&', '<', '<=', '=', '>=', '>', '<>', ' ', ',', ':']
const ERRORS: ReadonlyMap<number, string> = new Map([
  [0x00, '#NULL!'],
  [0x07, '#DIV/0!'],
  [0x0f, '#VALUE!'],
  [0x17, '#REF!'],
  [0x1d, '#NAME?'],
  [0x24, '#NUM!'],
  [0x2a, '#N/A'],
])

export function errorText(code: number): string | undefined {
  return ERRORS.get(code)
}

const MAX_STACK = 1024

class TokenReader {
  readonly #view: DataView
  readonly #around: Surroundings
  readonly #origin: Origin | undefined
  readonly #stack: string[] = []
  #at = 0

  constructor(tokens: Uint8Array, around: Surroundings, origin: Origin | undefined) {
    this.#view = new DataView(tokens.buffer, tokens.byteOffset, tokens.byteLength)
    this.#around = around
    this.#origin = origin
  }

  read(): string | undefined {
    try {
      while (this.#at < this.#view.byteLength) {
        if (!this.#token() || this.#stack.length > MAX_STACK) return undefined
      }
    } catch (error) {
      // A token that is cut off reads beyond its formula.
      if (error instanceof RangeError) return undefined
      throw error
    }
    return this.#stack.length === 1 ? this.#stack[0] : undefined
  }

  #token(): boolean {
    const code = this.#uint8()
    if (code >= 0x03 && code <= 0x11) return this.#binary(BINARY[code - 3]!)
    if (code < 0x20) return this.#plain(code)
    return this.#classed(code >= 0x40 ? (code & 0x1f) | 0x20 : code)
  }

  #plain(code: number): boolean {
    switch (code) {
      case 0x12:
        return this.#around1((operand) => `+${operand}`)
      case 0x13:
        return this.#around1((operand) => `-${operand}`)
      case 0x14:
        return this.#around1((operand) => `${operand}%`)
      case 0x15:
        return this.#around1((operand) => `(${operand})`)
      case 0x16:
        return this.#push('')
      case 0x17:
        return this.#push(`"${this.#string().replaceAll('"', '""')}"`)
      case 0x19:
        return this.#attribute()
      case 0x1c:
        return this.#push(ERRORS.get(this.#uint8()))
      case 0x1d:
        return this.#push(this.#uint8() === 0 ? 'FALSE' : 'TRUE')
      case 0x1e:
        return this.#push(String(this.#uint16()))
      case 0x1f:
        return this.#number()
      default:
        return false
    }
  }

  #classed(code: number): boolean {
    switch (code) {
      case 0x21:
        return this.#function(undefined, this.#uint16())
      case 0x22:
        return this.#function(this.#uint8() & 0x7f, this.#uint16() & 0x7fff)
      case 0x23:
        return this.#name()
      case 0x24:
        return this.#push(this.#reference(false))
      case 0x25:
        return this.#push(this.#area(false))
      case 0x26:
      case 0x27:
      case 0x28:
        // Results of a union that Excel remembers; its own tokens follow.
        this.#at += 6
        return true
      case 0x29:
        this.#at += 2
        return true
      case 0x2a:
        this.#at += 4
        return this.#push('#REF!')
      case 0x2b:
        this.#at += 8
        return this.#push('#REF!')
      case 0x2c:
        return this.#push(this.#reference(true))
      case 0x2d:
        return this.#push(this.#area(true))
      case 0x39:
        return this.#externalName()
      case 0x3a:
        return this.#onSheet(() => this.#reference(false))
      case 0x3b:
        return this.#onSheet(() => this.#area(false))
      default:
        return false
    }
  }

  #push(text: string | undefined): boolean {
    if (text === undefined) return false
    this.#stack.push(text)
    return true
  }

  #around1(write: (operand: string) => string): boolean {
    const operand = this.#stack.pop()
    return operand !== undefined && this.#push(write(operand))
  }

  #binary(operator: string): boolean {
    const right = this.#stack.pop()
    const left = this.#stack.pop()
    return left !== undefined && right !== undefined && this.#push(left + operator + right)
  }

  #number(): boolean {
    const value = this.#view.getFloat64(this.#at, true)
    this.#at += 8
    return Number.isFinite(value) && this.#push(String(value).replace('e', 'E'))
  }

  /** Hints of the editor; a SUM of one argument, written short. */
  #attribute(): boolean {
    const kind = this.#uint8()
    const data = this.#uint16()
    if ((kind & 0x04) !== 0) this.#at += (data + 1) * 2
    if ((kind & 0x10) !== 0) return this.#around1((operand) => `SUM(${operand})`)
    return true
  }

  #function(given: number | undefined, number: number): boolean {
    if (number === USER_FUNCTION) return this.#userFunction(given ?? 0)
    const known = biffFunction(number)
    const count = given ?? known?.fixed
    if (!known || count === undefined || count > this.#stack.length) return false
    const operands = this.#stack.splice(this.#stack.length - count, count)
    return this.#push(`${known.name}(${operands.join(',')})`)
  }

  #userFunction(count: number): boolean {
    if (count < 1 || count > this.#stack.length) return false
    const [name = '', ...operands] = this.#stack.splice(this.#stack.length - count, count)
    return /^[A-Z][A-Z0-9.]*$/.test(name) && this.#push(`${name}(${operands.join(',')})`)
  }

  #name(): boolean {
    const index = this.#uint16()
    this.#at += 2
    return this.#push(this.#around.name(index))
  }

  #externalName(): boolean {
    const sheet = this.#uint16()
    const index = this.#uint16()
    this.#at += 2
    return this.#push(this.#around.addIn(sheet, index))
  }

  #onSheet(read: () => string): boolean {
    const prefix = this.#around.sheet(this.#uint16())
    const reference = read()
    return prefix !== undefined && this.#push(prefix + reference)
  }

  #reference(shared: boolean): string {
    const row = this.#uint16()
    return this.#cell(row, this.#uint16(), shared)
  }

  #area(shared: boolean): string {
    const [top, bottom] = [this.#uint16(), this.#uint16()]
    const [left, right] = [this.#uint16(), this.#uint16()]
    return areaText(this.#cell(top, left, shared), this.#cell(bottom, right, shared))
  }

  /** Bits 14 and 15 of the column: column and row are relative. In a shared formula they count from the cell. */
  #cell(row: number, packed: number, shared: boolean): string {
    const relativeColumn = (packed & 0x4000) !== 0
    const relativeRow = (packed & 0x8000) !== 0
    const origin = shared ? this.#origin : undefined
    if (shared && !origin) throw new RangeError('no origin')
    const realRow = origin && relativeRow ? (origin.row + row) & 0xffff : row
    const column = packed & 0xff
    const realColumn = origin && relativeColumn ? (origin.column + column) & 0xff : column
    return `${relativeColumn ? '' : '$'}${columnName(realColumn)}${relativeRow ? '' : '$'}${realRow + 1}`
  }

  #string(): string {
    const length = this.#uint8()
    const wide = (this.#uint8() & 1) !== 0
    let text = ''
    for (let i = 0; i < length; i++) {
      text += String.fromCharCode(wide ? this.#uint16() : this.#uint8())
    }
    return text
  }

  #uint8(): number {
    return this.#view.getUint8(this.#at++)
  }

  #uint16(): number {
    this.#at += 2
    return this.#view.getUint16(this.#at - 2, true)
  }
}

/** Whole rows and columns of a sheet of 256 columns and 65,536 rows stay whole in a larger one. */
function areaText(from: string, to: string): string {
  const [, left = '', top = ''] = /^(\$?[A-Z]+)(\$?\d+)$/.exec(from) ?? []
  const [, right = '', bottom = ''] = /^(\$?[A-Z]+)(\$?\d+)$/.exec(to) ?? []
  if (/^\$?1$/.test(top) && /^\$?65536$/.test(bottom)) return `${left}:${right}`
  if (/^\$?A$/.test(left) && /^\$?IV$/.test(right)) return `${top}:${bottom}`
  return `${from}:${to}`
}

export function columnName(column: number): string {
  const letter = (index: number): string => String.fromCharCode(65 + index)
  return column < 26 ? letter(column) : letter(Math.floor(column / 26) - 1) + letter(column % 26)
}
