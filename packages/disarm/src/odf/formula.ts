import { allowedUrl } from '../url.ts'
import { isHarmlessFunction } from './functions.ts'

/** What is asked of a formula: whether links may stay, and which sheets of the document are not written. */
export interface FormulaRules {
  readonly links: 'keep' | 'text-only'
  /** Lower-case names. */
  readonly lostSheets: ReadonlySet<string>
}

/**
 * Judges a formula of ODF (OpenFormula, ODF 1.3 part 4 §5) or a condition made of the same tokens. Returns the formula as it may
 * be written (a link in the spelling of the URL policy), or `undefined` when the value must do without it.
 *
 * What the attacker wants: `DDE("soffice";"/etc/passwd";…)`, `WEBSERVICE(…)`, `['file:///etc/passwd'#$Sheet1.A1]`,
 * `HYPERLINK("vnd.sun.star.script:…")`, and `INDIRECT` with the same places as text.
 */
export function harmlessFormula(formula: string, rules: FormulaRules): string | undefined {
  if (formula.length > MAX_FORMULA) return undefined
  const prefix = PREFIX.exec(formula)?.[0] ?? ''
  if (prefix === '' && OTHER_PREFIX.test(formula)) return undefined
  const reader = new Formula(formula, prefix.length, rules)
  return reader.isHarmless() ? reader.text : undefined
}

/** The prefix of a formula as it is written in the attribute; others (`msoxl:`) name grammars that are not read here. */
const PREFIX = /^(?:of|oooc):/
const OTHER_PREFIX = /^[A-Za-z][A-Za-z0-9]{0,20}:/
/** Writer's own formulas compute with cells of tables, variables and operators in words; there is no way out of the document. */
const WRITER = /^ooow:/

export function harmlessWriterFormula(formula: string): string | undefined {
  if (!WRITER.test(formula) || formula.length > MAX_FORMULA) return undefined
  return REACHING.test(formula) ? undefined : formula
}

/** The namespace prefix that a formula needs declared, or nothing. */
export function prefixOf(formula: string): string {
  return /^(?:of|oooc|ooow)(?=:)/.exec(formula)?.[0] ?? ''
}

/**
 * An address of cells, or several: `Sheet1.A1:Sheet1.B2 'My sheet'.C3`. Only a foreign one holds `'file:///…'#`.
 * @returns false when it leads out of the document
 */
export function isOwnAddress(address: string): boolean {
  if (address.length > MAX_FORMULA) return false
  return !address.replaceAll('#REF!', '').includes('#') && !REACHING.test(address)
}

/** Calc writes up to 8,192 characters per formula of Excel's; validation lists are longer. */
export const MAX_FORMULA = 65_536

const REACHING = /:\/\/|\\\\|^\s*file:|'\s*file:|vnd\.sun\.star|\bdde\b/i
const NUMBER = /[0-9]+(?:\.[0-9]*)?(?:[Ee][+-]?[0-9]+)?|\.[0-9]+(?:[Ee][+-]?[0-9]+)?/y
const WORD = /[\p{L}\p{Nl}_$\\?][\p{L}\p{Nl}\p{M}\p{N}_.\\?$\u00B7\u30FB-]*/uy
const ERROR =
  /#(?:REF!|NULL!|DIV\/0!|VALUE!|NAME\?|NUM!|N\/A|GETTING_DATA|SPILL!|CALC!)|Err:[0-9]{3}/iy
const OPERATOR = /[-+*/^&=<>%(),;!: \t\n\r~@.]/y
const SPACES = /[ \t\n\r]*/y
/** Inside `{1;TRUE|"a";3}` stand constants only. */
const CONSTANT = /^(?:TRUE|FALSE|NA)$/i

class Formula {
  #text: string
  #at: number
  readonly #rules: FormulaRules
  #indirect = false
  #reaching = false
  #braces = 0

  constructor(text: string, at: number, rules: FormulaRules) {
    this.#text = text
    this.#at = at
    this.#rules = rules
  }

  get text(): string {
    return this.#text
  }

  isHarmless(): boolean {
    while (this.#at < this.#text.length) if (!this.#token()) return false
    if (this.#braces !== 0) return false
    // A place that a string names may be opened by INDIRECT, even when the string stands elsewhere in the formula.
    return !(this.#indirect && this.#reaching)
  }

  #token(): boolean {
    const first = this.#text[this.#at]
    if (first === '"') return this.#string()
    if (first === '[') return this.#reference()
    if (first === "'") return this.#label()
    if (first === '{' || first === '}' || first === '|') return this.#array(first)
    if (this.#skip(ERROR) || this.#skip(NUMBER)) return true
    return this.#word() ?? this.#skip(OPERATOR)
  }

  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    if (found === undefined) return false
    this.#at += found.length
    return true
  }

  /** `|` parts the rows of an array of constants. Anywhere else it is what DDE looks like in other grammars. */
  #array(sign: string): boolean {
    this.#at++
    if (sign === '{') this.#braces++
    if (sign === '}') this.#braces--
    return sign === '|' ? this.#braces === 1 : this.#braces === 0 || this.#braces === 1
  }

  #string(): boolean {
    const end = this.#closing('"')
    if (end === undefined) return false
    if (/[#/\\]|file:/i.test(this.#text.slice(this.#at, end))) this.#reaching = true
    this.#at = end
    return true
  }

  /** A quoted name of a cell range or label; with `#` behind it is a document. */
  #label(): boolean {
    const end = this.#closing("'")
    if (end === undefined || this.#text[end] === '#' || this.#braces > 0) return false
    const harmless = !REACHING.test(this.#text.slice(this.#at, end))
    this.#at = end
    return harmless
  }

  #closing(quote: string): number | undefined {
    for (let index = this.#at + 1; index < this.#text.length; index++) {
      if (this.#text[index] !== quote) continue
      if (this.#text[index + 1] !== quote) return index + 1
      index++
    }
    return undefined
  }

  /** `[.A1]`, `[$'Sheet 1'.A1:.B2]`, `[#REF!]`: up to the bracket that is not in quotes. */
  #reference(): boolean {
    let sheet = ''
    for (let index = this.#at + 1; index < this.#text.length; index++) {
      const character = this.#text[index] ?? ''
      if (character === "'") {
        this.#at = index
        const end = this.#closing("'")
        if (end === undefined || REACHING.test(this.#text.slice(index, end))) return false
        sheet = this.#text.slice(index + 1, end - 1).replaceAll("''", "'")
        index = end - 1
      } else if (character === '#') {
        ERROR.lastIndex = index
        const error = ERROR.exec(this.#text)?.[0]
        if (error === undefined) return false
        index += error.length - 1
      } else if (character === '[' || character === '"' || character === '|') return false
      else if (character === '.') {
        if (this.#rules.lostSheets.has(sheet.toLowerCase())) return false
        sheet = ''
      } else if (character === ']') {
        this.#at = index + 1
        return true
      } else if (character === ':') sheet = ''
      else if (character !== '$') sheet += character
    }
    return false
  }

  /** A name, or a function when a parenthesis follows; `undefined` when there is none here. */
  #word(): boolean | undefined {
    WORD.lastIndex = this.#at
    const word = WORD.exec(this.#text)?.[0]
    if (word === undefined) return undefined
    this.#at += word.length
    if (this.#braces > 0) return CONSTANT.test(word)
    this.#skip(SPACES)
    if (this.#text[this.#at] !== '(') return true
    // `5-SUM(…)` and `A-B(…)`: a hyphen parts names in formulas and joins them in conditions.
    const tail = word.slice(word.lastIndexOf('-') + 1).toUpperCase()
    if (tail === 'HYPERLINK') return this.#hyperlink()
    if (tail === 'INDIRECT') this.#indirect = true
    return isHarmlessFunction(word) || isHarmlessFunction(tail)
  }

  /** Only with a literal address, written in the one spelling of the URL policy. */
  #hyperlink(): boolean {
    const start = this.#at + 1
    if (this.#rules.links === 'text-only' || this.#text[start] !== '"') return false
    this.#at = start
    const end = this.#closing('"')
    if (end === undefined || !/[;)]/.test(this.#text[end] ?? '')) return false
    const url = allowedUrl(this.#text.slice(start + 1, end - 1))
    if (url === undefined || url.includes('"')) return false
    this.#text = `${this.#text.slice(0, start + 1)}${url}${this.#text.slice(end - 1)}`
    this.#at = start + url.length + 2
    return true
  }
}
