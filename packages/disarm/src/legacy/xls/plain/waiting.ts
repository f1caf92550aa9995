import type { Cell, Content } from './cell.ts'
import { boolOrError, numberText } from './cell.ts'
import type { Surroundings } from './formula.ts'
import { columnName, formulaText } from './formula.ts'
import { element, escaped } from './markup.ts'

interface Waiting {
  readonly row: number
  readonly column: number
  readonly style: number
  readonly tokens: Uint8Array
  readonly result: Uint8Array
  text: string | undefined
}

/** Formulas of a sheet, until all that share one are known. */
export class WaitingFormulas {
  readonly #around: Surroundings
  readonly #waiting: Waiting[] = []
  /** Shared and array formulas by the cell that they begin at. */
  readonly #shared = new Map<string, { readonly tokens: Uint8Array; readonly area?: string }>()
  #last: Waiting | undefined

  constructor(around: Surroundings) {
    this.#around = around
  }

  /** A FORMULA record: what it says of the cell, its last result, its tokens. */
  add(view: DataView, place: Pick<Cell, 'row' | 'column' | 'style'>): boolean {
    const tokens = tokensAt(view, 20)
    if (!tokens) return false
    const waiting: Waiting = {
      ...place,
      tokens,
      result: new Uint8Array(view.buffer, view.byteOffset + 6, 8),
      text: undefined,
    }
    this.#waiting.push(waiting)
    this.#last = waiting
    return true
  }

  /** SHRFMLA, behind the first formula that uses it. */
  addShared(view: DataView): boolean {
    const tokens = tokensAt(view, 8)
    if (!this.#last || !tokens) return false
    this.#shared.set(`${this.#last.row} ${this.#last.column}`, { tokens })
    return true
  }

  /** ARRAY, behind the formula of its first cell. */
  addArray(view: DataView): boolean {
    const tokens = tokensAt(view, 12)
    if (!this.#last || !tokens) return false
    const corner = (row: number, column: number) => columnName(column) + String(row + 1)
    const area = `${corner(view.getUint16(0, true), view.getUint8(4))}:${corner(view.getUint16(2, true), view.getUint8(5))}`
    this.#shared.set(`${this.#last.row} ${this.#last.column}`, { tokens, area })
    return true
  }

  /** STRING, the result of the formula before it. */
  addText(text: string): void {
    if (this.#last) this.#last.text = text
  }

  /** The cells of all formulas, or undefined in the place of one that is not understood. */
  *cells(): Generator<Cell | undefined, void, undefined> {
    for (const waiting of this.#waiting) {
      const { row, column, style } = waiting
      const formula = this.#formulaMarkup(waiting)
      const result = resultOf(waiting)
      const known = formula !== undefined && result !== undefined
      yield known
        ? { row, column, style, ...(formula === '' ? {} : { formula }), ...result }
        : undefined
    }
  }

  /** Empty for a cell inside of an array, whose formula stands in its first cell. */
  #formulaMarkup({ row, column, tokens }: Waiting): string | undefined {
    if (tokens[0] !== EXPRESSION) return formulaElement(formulaText(tokens, this.#around), {})
    const first = {
      row: (tokens[1] ?? 0) | ((tokens[2] ?? 0) << 8),
      column: (tokens[3] ?? 0) | ((tokens[4] ?? 0) << 8),
    }
    const shared = this.#shared.get(`${first.row} ${first.column}`)
    if (!shared) return undefined
    const text = formulaText(shared.tokens, this.#around, { row, column })
    if (shared.area === undefined) return formulaElement(text, {})
    if (first.row !== row || first.column !== column) return ''
    return formulaElement(text, { t: 'array', ref: shared.area })
  }
}

/** ptgExp: the formula stands elsewhere. */
const EXPRESSION = 0x01

/** Tokens behind their length, if they end inside of the record. */
function tokensAt(view: DataView, at: number): Uint8Array | undefined {
  const length = view.getUint16(at, true)
  if (at + 2 + length > view.byteLength) return undefined
  return new Uint8Array(view.buffer, view.byteOffset + at + 2, length)
}

/** The last result of a formula: a number, or by its two upper bytes a text, a truth value, an error or nothing. */
function resultOf({ result, text }: Waiting): Content | undefined {
  const view = new DataView(result.buffer, result.byteOffset, 8)
  if (view.getUint16(6, true) !== 0xffff) return { value: numberText(view.getFloat64(0, true)) }
  const [kind = 0, , value = 0] = result
  if (kind === 0) return { type: 'str', value: text ?? '' }
  if (kind === 3) return { type: 'str', value: '' }
  return kind <= 2 ? boolOrError(value, kind === 2) : undefined
}

function formulaElement(
  text: string | undefined,
  attributes: Readonly<Record<string, string>>,
): string | undefined {
  return text === undefined ? undefined : element('f', attributes, escaped(text))
}
