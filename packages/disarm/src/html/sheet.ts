import { cleanStyle, stringEnd, withoutComments } from './style.ts'

/** A style sheet in its one spelling: a rule a line, `selector,selector{name:value;…}`. */
export interface Sheet {
  readonly text: string
  readonly remote: number
  readonly script: number
  readonly unknown: number
  /** Simple selectors whose elements are not seen. */
  readonly hidden: readonly string[]
}

const MAX_RULES = 3_000
const MAX_SHEET = 400_000

/**
 * Rules for elements, classes and ids. Conditions (`@media`) other than `screen` and `all`, pages, fonts and imports go: what they say
 * depends on where the page is read, or has to be loaded.
 */
export function cleanSheet(raw: string): Sheet {
  const reader = new SheetReader(
    withoutComments(raw.slice(0, MAX_SHEET * 4)).replace(/<!--|-->/g, ' '),
  )
  reader.rules(0)
  return reader.sheet()
}

class SheetReader {
  readonly #raw: string
  readonly #lines: string[] = []
  readonly #hidden: string[] = []
  readonly #gone = { remote: 0, script: 0, unknown: 0 }
  #size = 0
  #at = 0

  constructor(raw: string) {
    this.#raw = raw
  }

  sheet(): Sheet {
    return { text: this.#lines.join('\n'), ...this.#gone, hidden: this.#hidden }
  }

  rules(depth: number): void {
    while (this.#at < this.#raw.length) {
      const prelude = this.#until('{;}').trim()
      const mark = this.#raw.charAt(this.#at++)
      if (mark === '}' && depth > 0) return
      if (prelude.startsWith('@')) this.#atRule(prelude, mark, depth)
      else if (mark === '{') this.#rule(prelude, this.#block())
    }
  }

  #atRule(prelude: string, mark: string, depth: number): void {
    if (/^@import\b/i.test(prelude)) this.#gone.remote++
    else if (!/^@charset\b/i.test(prelude)) {
      const plain = /^@media\s+(?:screen|all)(?:\s*,\s*(?:print|screen|all))*$/i.test(prelude)
      if (mark === '{' && plain && depth < 3) return this.rules(depth + 1)
      this.#gone.unknown++
    }
    if (mark !== '{') return
    const block = this.#block()
    if (/url\s*\(/i.test(block)) this.#gone.remote++
  }

  #rule(prelude: string, block: string): void {
    const style = cleanStyle(block)
    this.#gone.remote += style.remote
    this.#gone.script += style.script
    this.#gone.unknown += style.unknown
    const selectors = prelude.split(',').map(cleanSelector)
    const known = selectors.filter((selector) => selector !== undefined)
    this.#gone.unknown += selectors.length - known.length
    if (known.length === 0 || style.text === '') return
    const line = `${[...new Set(known)].join(',')}{${style.text}}`
    this.#size += line.length
    if (this.#lines.length >= MAX_RULES || this.#size > MAX_SHEET) this.#gone.unknown++
    else {
      this.#lines.push(line)
      if (style.hides) this.#hidden.push(...known.filter((selector) => !/[ >:]/.test(selector)))
    }
  }

  /** What is inside the braces that were just opened; inner braces are counted. */
  #block(): string {
    const start = this.#at
    let depth = 1
    while (this.#at < this.#raw.length) {
      this.#until('{}')
      depth += this.#raw.charAt(this.#at++) === '{' ? 1 : -1
      if (depth === 0) return this.#raw.slice(start, this.#at - 1)
    }
    return this.#raw.slice(start)
  }

  #until(marks: string): string {
    const start = this.#at
    while (this.#at < this.#raw.length && !marks.includes(this.#raw.charAt(this.#at))) {
      const mark = this.#raw.charAt(this.#at)
      if (mark === '"' || mark === "'") this.#at = stringEnd(this.#raw, this.#at)
      else if (mark === '\\') this.#at++
      this.#at++
    }
    this.#at = Math.min(this.#at, this.#raw.length)
    return this.#raw.slice(start, this.#at)
  }
}

const COMPOUND =
  /^(?:\*|[a-z][a-z0-9]{0,15})?(?:[.#][A-Za-z_][A-Za-z0-9_-]{0,63}|:(?:link|visited|hover|active|first-child|last-child)){0,6}$/
const MAX_COMPOUNDS = 6

/** `div.note > p a:link`: compounds with a space or ` > ` between them; `undefined` for anything else. */
function cleanSelector(raw: string): string | undefined {
  if (raw.length > 600) return undefined
  const pieces = raw
    .trim()
    .replace(/\s*>\s*/g, '>')
    .replace(/\s+/g, ' ')
    .split(/([ >])/)
  const compounds = pieces.map((piece, index) => (index % 2 === 0 ? lowerElement(piece) : piece))
  const fine = compounds.every(
    (piece, index) => index % 2 === 1 || (piece !== '' && COMPOUND.test(piece)),
  )
  if (!fine || compounds.length > MAX_COMPOUNDS * 2 - 1) return undefined
  // With spaces, or a class that ends in hyphens would make `-->`.
  return compounds.map((piece) => (piece === '>' ? ' > ' : piece)).join('')
}

function lowerElement(compound: string): string {
  return compound.replace(/^[A-Za-z0-9]+/, (name) => name.toLowerCase())
}
