import { demand } from './rejection.ts'
import { SVG_FUNCTIONS, SVG_PROPERTIES } from './svg-words.ts'

const REASON = 'VERIFY-SVG'
const MAX_DEPTH = 8
const MAX_VALUE = 100_000
const MAX_RULES = 20_000

/** The name of an element. */
export const SVG_NAME = /^[^\s"'`<>&()[\]{}\\#;,%/*\u0000-\u001F\u007F-\u009F]{1,256}$/u

const LETTER = '\\u0080-\\uD7FF\\uE000-\\uFFFD\\u{10000}-\\u{10FFFF}'
/** One token, of which exactly one group is set; a function's name stands with its bracket. */
const TOKEN = new RegExp(
  [
    '(?<space> )',
    'url\\(#(?<url>[^"\'()\\s]+)\\)',
    '(?<number>[-+]?(?:\\d{1,32}(?:\\.\\d{0,32})?|\\.\\d{1,32})(?:[eE][-+]?\\d{1,2})?(?:%|[A-Za-z]{1,6})?)',
    '(?<colour>#[0-9A-Fa-f]{3,8}(?![\\w-]))',
    "(?<single>'[^'\\\\\\u0000-\\u001F]*')",
    '(?<double>"[^"\\\\\\u0000-\\u001F]*")',
    `(?<call>-{0,2}[A-Za-z_${LETTER}][-\\w${LETTER}]*\\()`,
    `(?<name>-{0,2}[A-Za-z_${LETTER}][-\\w${LETTER}]*)`,
    '(?<close>\\))',
    '(?<sign>[,/+*-])',
  ].join('|'),
  'uy',
)
const PROPERTY = /[-a-z_]{1,64}(?=:)/y
const SELECTOR = /^[-\w.#*:,>+~()= \u0080-\uFFFF[\]"']{1,4000}$/u
const MEDIA = /^@media [\w :().,-]{1,200}$/u
const IMPORTANT = '!important'

/** Something in a style or an attribute that paints with another element. */
export type Refers = (name: string, selector: string) => void

/** Accepts the value of an attribute. */
export function cssValue(text: string, where: string, refers: Refers): void {
  const css = new Css(text, where, refers)
  css.value('')
  css.end()
}

/** Accepts a `style` attribute. */
export function cssDeclarations(text: string, where: string, refers: Refers): void {
  const css = new Css(text, where, refers)
  css.declarations('')
  css.end()
}

/** Accepts a style sheet: one rule per line. */
export function cssSheet(text: string, where: string, refers: Refers): void {
  new Css(text, where, refers).sheet()
}

class Css {
  readonly #text: string
  readonly #where: string
  readonly #refers: Refers
  #at = 0

  constructor(text: string, where: string, refers: Refers) {
    this.#text = text
    this.#where = where
    this.#refers = refers
    this.#demand(!text.includes('/*') && !text.includes('\\'))
  }

  #demand(condition: boolean): void {
    demand(condition, REASON, this.#where)
  }

  end(): void {
    this.#demand(this.#at === this.#text.length)
  }

  sheet(): void {
    this.#demand(!this.#text.includes('<!--') && !this.#text.includes('-->'))
    for (let rules = 1; ; rules++) {
      this.#demand(rules <= MAX_RULES)
      if (this.#text.startsWith('@', this.#at)) this.#media()
      else this.#rule()
      if (this.#at === this.#text.length) return
      this.#take('\n')
    }
  }

  #media(): void {
    const open = this.#text.indexOf('{', this.#at)
    const head = this.#text.slice(this.#at, open)
    this.#demand(open > 0 && MEDIA.test(head) && isTidy(head))
    this.#at = open + 1
    let rules = 0
    while (!this.#text.startsWith('}', this.#at)) {
      this.#demand(++rules <= MAX_RULES)
      this.#rule()
    }
    this.#demand(rules > 0)
    this.#take('}')
  }

  #rule(): void {
    const open = this.#text.indexOf('{', this.#at)
    const selector = this.#text.slice(this.#at, open)
    this.#demand(open > this.#at && SELECTOR.test(selector) && isTidy(selector))
    this.#demand(/^(?:[^"']|"[^"]*"|'[^']*')*$/u.test(selector))
    this.#at = open + 1
    this.declarations(selector)
    this.#take('}')
  }

  declarations(selector: string): void {
    for (;;) {
      PROPERTY.lastIndex = this.#at
      const property = PROPERTY.exec(this.#text)?.[0] ?? ''
      this.#demand(SVG_PROPERTIES.has(property))
      this.#at += property.length + 1
      this.value(selector)
      if (this.#text.startsWith(IMPORTANT, this.#at)) this.#at += IMPORTANT.length
      if (!this.#text.startsWith(';', this.#at)) return
      this.#at++
    }
  }

  value(selector: string): void {
    const start = this.#at
    let depth = 0
    for (;;) {
      TOKEN.lastIndex = this.#at
      const token = TOKEN.exec(this.#text)
      if (!token) break
      depth += this.#step(token.groups as Groups, selector)
      this.#demand(depth >= 0 && depth <= MAX_DEPTH)
      this.#at += token[0].length
    }
    const text = this.#text.slice(start, this.#at)
    this.#demand(depth === 0 && text.length > 0 && text.length <= MAX_VALUE && isTidy(text))
  }

  /** @returns by how much the token opens brackets. */
  #step(token: Groups, selector: string): number {
    if (token['call'] !== undefined) {
      this.#demand(SVG_FUNCTIONS.has(token['call'].slice(0, -1)))
      return 1
    }
    if (token['url'] !== undefined) {
      this.#demand(SVG_NAME.test(token['url']))
      this.#refers(token['url'], selector)
    }
    // Quoted with the other mark only when it holds the usual one.
    if (token['double'] !== undefined) this.#demand(token['double'].includes("'"))
    return token['close'] === undefined ? 0 : -1
  }

  #take(text: string): void {
    this.#demand(this.#text.startsWith(text, this.#at))
    this.#at += text.length
  }
}

type Groups = Readonly<{ [name: string]: string | undefined }>

/** No white space but single spaces between other things. */
function isTidy(text: string): boolean {
  return text === text.trim() && !text.includes('  ')
}
