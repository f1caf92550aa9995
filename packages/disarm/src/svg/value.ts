import { FUNCTIONS } from './vocabulary.ts'

/** Why a value must go: it reaches out, it runs, or nobody understands it. */
export type Flaw = 'external' | 'active' | 'unknown'

export type Value =
  | {
      readonly text: string
      /** Names of elements that the value paints with. */
      readonly refers: readonly string[]
    }
  | { readonly flaw: Flaw }

const MAX_NESTING = 8
/** Characters of one value; long lists of numbers are dashes and kernels. */
const MAX_VALUE = 100_000

const NUMBER =
  /[-+]?(?:\d{1,32}(?:\.\d{0,32})?|\.\d{1,32})(?:[eE][-+]?\d{1,2})?(?:%|[A-Za-z]{1,6})?/y
const NAME =
  /-{0,2}[A-Za-z_\u0080-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}][-\w\u0080-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*/uy
const COLOUR = /#[0-9A-Fa-f]{3,8}(?![\w-])/y
const STRING = /"[^"\\\n\u0000-\u001F]*"|'[^'\\\n\u0000-\u001F]*'/y
const LOCAL_URL = /url\(\s*(?:"#([^"]*)"|'#([^']*)'|#([^"'()\s]*))\s*\)/iy
const ICC = /(?:icc-color|device-\w{1,12})\([^()]*\)/iy
const SPACE = /\s+/y
/** Of a transform it may stand apart from its name. */
const BRACKET = /\s*\(/y

/** A name that an element may have, and that a reference may call it by. */
export const ID = /^[^\s"'`<>&()[\]{}\\#;,%/*\u0000-\u001F\u007F-\u009F]{1,256}$/u

/**
 * Reads a value of an attribute or of a CSS property, token by token, and gives it in one spelling: one space for any white space,
 * `url(#id)` without quotes. Escapes are not understood: they are how `url(` and `expression(` hide.
 */
export function readValue(raw: string): Value {
  if (raw.length > MAX_VALUE) return { flaw: 'unknown' }
  return new Reader(withoutComments(raw).trim()).read()
}

/** A space for each comment; one that does not end hides the rest. */
export function withoutComments(text: string): string {
  let out = ''
  let at = 0
  for (let open = text.indexOf('/*'); open >= 0; open = text.indexOf('/*', at)) {
    out += `${text.slice(at, open)} `
    const close = text.indexOf('*/', open + 2)
    if (close < 0) return out
    at = close + 2
  }
  return out + text.slice(at)
}

class Reader {
  readonly #raw: string
  readonly #refers: string[] = []
  #at = 0
  #depth = 0

  constructor(raw: string) {
    this.#raw = raw
  }

  read(): Value {
    let text = ''
    while (this.#at < this.#raw.length) {
      const token = this.#token()
      if (token === undefined) return { flaw: flawOf(this.#raw) }
      if (token !== ' ' || !text.endsWith(' ')) text += token
    }
    if (this.#depth !== 0 || text.trim() === '') return { flaw: 'unknown' }
    return { text: text.trim(), refers: this.#refers }
  }

  #token(): string | undefined {
    if (this.#match(SPACE) !== undefined) return ' '
    if (this.#match(ICC) !== undefined) return ' '
    const local = this.#groups(LOCAL_URL)
    if (local) return this.#reference(local[1] ?? local[2] ?? local[3] ?? '')
    return (
      this.#match(NUMBER) ?? this.#match(COLOUR) ?? this.#string() ?? this.#name() ?? this.#sign()
    )
  }

  #reference(raw: string): string | undefined {
    const name = decoded(raw)
    if (!ID.test(name)) return undefined
    this.#refers.push(name)
    return `url(#${name})`
  }

  /** Quoted with the mark that it does not hold. */
  #string(): string | undefined {
    const found = this.#match(STRING)
    if (found === undefined) return undefined
    const inner = found.slice(1, -1)
    return inner.includes("'") ? `"${inner}"` : `'${inner}'`
  }

  /** A name, or a function of the list: any other `url(` ends here. */
  #name(): string | undefined {
    const name = this.#match(NAME)
    if (name === undefined || this.#match(BRACKET) === undefined) return name
    if (!FUNCTIONS.has(name) || ++this.#depth > MAX_NESTING) return undefined
    return `${name}(`
  }

  #sign(): string | undefined {
    const sign = this.#raw[this.#at] ?? ''
    if (sign === ')' && --this.#depth < 0) return undefined
    if (!'),/+*-'.includes(sign)) return undefined
    this.#at++
    return sign
  }

  #groups(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#raw)
    if (!found) return undefined
    this.#at += found[0].length
    return found
  }

  #match(pattern: RegExp): string | undefined {
    return this.#groups(pattern)?.[0]
  }
}

/** Inkscape writes the names of non-ASCII ids percent-encoded in `url()`. */
function decoded(name: string): string {
  if (!name.includes('%')) return name
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

/** What a value that is not understood was about, for the report only. */
function flawOf(raw: string): Flaw {
  if (/script:|expression|behaviou?r|binding/i.test(raw)) return 'active'
  return /url|:\/\/|image/i.test(raw) ? 'external' : 'unknown'
}
