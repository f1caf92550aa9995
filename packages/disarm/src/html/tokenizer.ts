import { decodeReferences } from './character-reference.ts'

/** What a page consists of before anyone builds a tree of it (WHATWG HTML §13.2.5). */
export type Token =
  | { readonly kind: 'text'; readonly data: string }
  | StartTag
  | { readonly kind: 'end'; readonly name: string }
  | { readonly kind: 'comment'; readonly data: string }

export interface StartTag {
  readonly kind: 'start'
  readonly name: string
  /** The first of two equal names counts. */
  readonly attributes: ReadonlyMap<string, string>
  readonly selfClosing: boolean
}

/** More than this on one element is an attack on the reader. */
const MAX_ATTRIBUTES = 256

/** Elements whose content is text whatever it looks like; of `noscript`, because pages are read as if scripts ran. */
const RAW_TEXT: ReadonlySet<string> = new Set(
  'style xmp iframe noembed noframes noscript script plaintext'.split(' '),
)
const ESCAPABLE_RAW_TEXT: ReadonlySet<string> = new Set(['title', 'textarea'])

/**
 * Tokens of a page, by the rules of the standard, each read once. The tree builder says when it stands inside `svg` or `math`, where
 * `<style>` is no raw text and `<![CDATA[` is text: the confusion that mutation XSS lives on.
 */
export class Tokenizer {
  readonly #input: string
  #at = 0

  /** @param input without NUL; line ends are unified here */
  constructor(input: string) {
    this.#input = input.replaceAll('\r\n', '\n').replaceAll('\r', '\n')
  }

  next(foreign: boolean): Token | undefined {
    const input = this.#input
    if (this.#at >= input.length) return undefined
    if (input.charAt(this.#at) === '<') {
      const markup = this.#markup(foreign)
      if (markup !== 'text') return markup
    }
    return this.#text()
  }

  /** The content of a raw text element whose start tag was just read; its end tag comes as the next token. */
  rawText(name: string): string {
    const start = this.#at
    const end =
      name === 'plaintext'
        ? this.#input.length
        : name === 'script'
          ? this.#scriptEnd()
          : this.#rawEnd(name)
    this.#at = end
    const raw = this.#input.slice(start, end)
    return ESCAPABLE_RAW_TEXT.has(name) ? decodeReferences(raw, false) : raw
  }

  #text(): Token {
    const start = this.#at
    let end = this.#input.indexOf('<', start + 1)
    if (end < 0) end = this.#input.length
    this.#at = end
    return { kind: 'text', data: decodeReferences(this.#input.slice(start, end), false) }
  }

  /** `'text'` when this `<` opens nothing. */
  #markup(foreign: boolean): Token | undefined | 'text' {
    const next = this.#input.charAt(this.#at + 1)
    if (/[A-Za-z]/.test(next)) return this.#tag(false)
    if (next === '!') return this.#declaration(foreign)
    if (next === '?') return this.#bogusComment(this.#at + 1)
    if (next !== '/') return 'text'
    const letter = this.#input.charAt(this.#at + 2)
    if (/[A-Za-z]/.test(letter)) return this.#tag(true)
    if (letter === '') return 'text'
    if (letter !== '>') return this.#bogusComment(this.#at + 2)
    this.#at += 3
    return { kind: 'comment', data: '' }
  }

  #declaration(foreign: boolean): Token {
    const input = this.#input
    if (input.startsWith('<!--', this.#at)) return this.#comment()
    if (foreign && input.startsWith('<![CDATA[', this.#at)) {
      const start = this.#at + 9
      const end = input.indexOf(']]>', start)
      this.#at = end < 0 ? input.length : end + 3
      return { kind: 'text', data: input.slice(start, end < 0 ? input.length : end) }
    }
    return this.#bogusComment(this.#at + 2)
  }

  /** Ends at `-->`, `--!>`, at once with `<!-->` and `<!--->`, or with the file. */
  #comment(): Token {
    const input = this.#input
    const start = this.#at + 4
    const hasty = input.startsWith('>', start) ? 1 : input.startsWith('->', start) ? 2 : 0
    if (hasty > 0) {
      this.#at = start + hasty
      return { kind: 'comment', data: '' }
    }
    const ending = /--!?>/g
    ending.lastIndex = start
    const match = ending.exec(input)
    this.#at = match ? ending.lastIndex : input.length
    return { kind: 'comment', data: input.slice(start, match ? match.index : input.length) }
  }

  #bogusComment(start: number): Token {
    const end = this.#input.indexOf('>', start)
    this.#at = end < 0 ? this.#input.length : end + 1
    const data = this.#input.slice(start, end < 0 ? this.#input.length : end)
    return { kind: 'comment', data }
  }

  /** A tag that the file ends in is no tag (eof-in-tag). */
  #tag(closing: boolean): Token | undefined {
    const start = this.#at + (closing ? 2 : 1)
    this.#at = this.#endOf(TAG_NAME, start)
    const name = lower(this.#input.slice(start, this.#at))
    const attributes = new Map<string, string>()
    let selfClosing = false
    for (;;) {
      const before = this.#endOf(BLANK_OR_SLASH, this.#at)
      const mark = this.#input.charAt(before)
      if (mark === '') {
        this.#at = this.#input.length
        return undefined
      }
      if (mark === '>') {
        selfClosing = before > this.#at && this.#input.charAt(before - 1) === '/'
        this.#at = before + 1
        break
      }
      this.#at = before
      this.#attribute(attributes)
    }
    return closing ? { kind: 'end', name } : { kind: 'start', name, attributes, selfClosing }
  }

  #attribute(attributes: Map<string, string>): void {
    const input = this.#input
    const start = this.#at
    // A name may begin with "=", and only there hold one.
    const nameEnd = this.#endOf(ATTRIBUTE_NAME, start + 1)
    const name = lower(input.slice(start, nameEnd))
    const equals = this.#endOf(BLANK, nameEnd)
    if (input.charAt(equals) !== '=') {
      this.#at = nameEnd
      keep(attributes, name, '')
      return
    }
    this.#at = this.#endOf(BLANK, equals + 1)
    keep(attributes, name, this.#value())
  }

  #value(): string {
    const input = this.#input
    const quote = input.charAt(this.#at)
    if (quote === '"' || quote === "'") {
      const end = input.indexOf(quote, this.#at + 1)
      const raw = input.slice(this.#at + 1, end < 0 ? input.length : end)
      this.#at = end < 0 ? input.length : end + 1
      return decodeReferences(raw, true)
    }
    const start = this.#at
    this.#at = this.#endOf(UNQUOTED, start)
    return decodeReferences(input.slice(start, this.#at), true)
  }

  #endOf(run: RegExp, from: number): number {
    run.lastIndex = from
    run.test(this.#input)
    return Math.max(from, run.lastIndex)
  }

  #rawEnd(name: string): number {
    const ending = new RegExp(`</${name}(?=[\\t\\n\\f />])`, 'gi')
    ending.lastIndex = this.#at
    return ending.exec(this.#input)?.index ?? this.#input.length
  }

  /** `</script>` inside `<!-- <script>` does not end the script (§13.2.5.20–29). */
  #scriptEnd(): number {
    const marks = /<!--|-->|<\/?script(?=[\t\n\f />])/gi
    marks.lastIndex = this.#at
    let state: 'plain' | 'escaped' | 'double' = 'plain'
    for (let mark = marks.exec(this.#input); mark; mark = marks.exec(this.#input)) {
      const text = mark[0].toLowerCase()
      if (text === '</script' && state !== 'double') return mark.index
      if (text === '-->') state = 'plain'
      else if (text === '<!--' && state === 'plain') {
        state = 'escaped'
        marks.lastIndex = mark.index + 2
      } else if (text === '<script' && state === 'escaped') state = 'double'
      else if (text === '</script') state = 'escaped'
    }
    return this.#input.length
  }
}

/** True for elements whose content the tokenizer must not look into (outside of svg and math). */
export function isRawText(name: string): boolean {
  return RAW_TEXT.has(name) || ESCAPABLE_RAW_TEXT.has(name)
}

const TAG_NAME = /[^\t\n\f />]*/y
const ATTRIBUTE_NAME = /[^\t\n\f />=]*/y
const UNQUOTED = /[^\t\n\f >]*/y
const BLANK = /[\t\n\f ]*/y
const BLANK_OR_SLASH = /[\t\n\f /]*/y

function keep(attributes: Map<string, string>, name: string, value: string): void {
  if (attributes.has(name) || attributes.size >= MAX_ATTRIBUTES) return
  attributes.set(name, value)
}

/** ASCII only: `K` (Kelvin sign) is not `k`. */
function lower(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}
