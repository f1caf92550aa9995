import { isAttribute } from './html-attribute.ts'
import { linkIsHonest } from './html-link.ts'
import { PARTS, VOIDS, mayOpen, openIn } from './html-nesting.ts'
import type { Surroundings } from './html-nesting.ts'
import { isPlainText } from './html-value.ts'
import { Rejection, demand } from './rejection.ts'

/** An element that is open while the page is read. */
interface Frame {
  readonly name: string
  readonly around: Surroundings
  /** Of a link: where it leads, and its words so far. */
  readonly href: string | undefined
  words: string
  /** The text that was read last, when no tag came after it. */
  last: string
}

/** Elements and texts. */
const MAX_NODES = 300_000
const TOP: Surroundings = {
  parent: 'body',
  depth: 0,
  paragraph: false,
  heading: false,
  link: false,
  item: false,
  definition: false,
}

/** Reads the markup of the grammar, one way only. A tag that stands where a browser would repair is rejected. */
export class HtmlMarkup {
  readonly #text: string
  readonly #where: string
  readonly #acceptSource: (source: string) => boolean
  #at = 0
  #nodes = 0

  constructor(text: string, where: string, acceptSource: (source: string) => boolean) {
    this.#text = text
    this.#where = where
    this.#acceptSource = acceptSource
  }

  get atEnd(): boolean {
    return this.#at === this.#text.length
  }

  has(expected: string): boolean {
    return this.#text.startsWith(expected, this.#at)
  }

  skip(expected: string): void {
    demand(this.has(expected), 'VERIFY-HTML', this.#where)
    this.#at += expected.length
  }

  /** What stands before `end`, which is skipped. */
  until(end: string): string {
    const at = this.#text.indexOf(end, this.#at)
    demand(at >= 0, 'VERIFY-HTML', this.#where)
    const found = this.#text.slice(this.#at, at)
    this.#at = at + end.length
    return found
  }

  /** Text up to the next tag, with its three references replaced; any other `&` is none of ours. */
  text(): string {
    const next = this.#text.indexOf('<', this.#at)
    const end = next < 0 ? this.#text.length : next
    const raw = this.#text.slice(this.#at, end)
    this.#at = end
    return this.#unescape(raw, /&(?:amp|lt|gt);/gu)
  }

  body(): void {
    this.skip('<body')
    this.#attributes('body')
    const stack: Frame[] = [frame('body', TOP, undefined)]
    while (stack.length > 0) {
      const top = stack.at(-1)!
      if (!this.has('<')) this.#words(top, stack)
      else if (this.has('</')) this.#close(stack)
      else this.#open(stack)
    }
  }

  #words(top: Frame, stack: readonly Frame[]): void {
    demand(!this.atEnd && !PARTS.has(top.name), 'VERIFY-HTML-NESTING', this.#where)
    const words = this.text()
    demand(isPlainText(words), 'VERIFY-HTML-TEXT', this.#where)
    demand(++this.#nodes <= MAX_NODES, 'VERIFY-LIMIT', this.#where)
    top.last = words
    for (const open of stack) if (open.href !== undefined) open.words += words
  }

  #open(stack: Frame[]): void {
    demand(++this.#nodes <= MAX_NODES, 'VERIFY-LIMIT', this.#where)
    const name = /^<([a-z][a-z0-9]{0,10})/u.exec(this.#text.slice(this.#at, this.#at + 13))?.[1]
    if (name === undefined) throw new Rejection('VERIFY-HTML', this.#where)
    const top = stack.at(-1)!
    demand(mayOpen(name, top.around), 'VERIFY-HTML-NESTING', `${this.#where} ${name}`)
    top.last = ''
    this.#at += name.length + 1
    const attributes = this.#attributes(name)
    if (VOIDS.has(name)) return
    const href = name === 'a' ? attributes.get('href') : undefined
    stack.push(frame(name, openIn(name, top.around), href))
    if (name === 'pre' && this.has('\n')) {
      // A browser passes over the first of two.
      this.skip('\n')
      demand(this.has('\n'), 'VERIFY-HTML-TEXT', this.#where)
    }
  }

  #close(stack: Frame[]): void {
    const { name, href, words, last } = stack.pop()!
    this.skip(`</${name}>`)
    if (href !== undefined) demand(linkIsHonest(href, words, last), 'VERIFY-HTML-LINK', this.#where)
    const outer = stack.at(-1)
    if (outer) outer.last = ''
  }

  /** ` name="value"` in the order of the names, then `>`. */
  #attributes(element: string): ReadonlyMap<string, string> {
    const found = new Map<string, string>()
    let before = ''
    while (this.has(' ')) {
      this.skip(' ')
      const name = this.until('="')
      demand(name > before && name.length <= 20, 'VERIFY-HTML-ATTRIBUTE', this.#where)
      const raw = this.until('"')
      demand(!/[<>]/u.test(raw), 'VERIFY-HTML-ATTRIBUTE', this.#where)
      const value = this.#unescape(raw, /&(?:amp|lt|gt|quot);/gu)
      const fits =
        element === 'img' && name === 'src'
          ? this.#acceptSource(value)
          : isAttribute(element, name, value)
      demand(fits, 'VERIFY-HTML-ATTRIBUTE', `${this.#where} ${element} ${name}`)
      found.set(name, value)
      before = name
    }
    this.skip('>')
    const whole = element !== 'img' || (found.has('src') && found.has('alt'))
    demand(whole, 'VERIFY-HTML-ATTRIBUTE', this.#where)
    return found
  }

  #unescape(raw: string, references: RegExp): string {
    demand(!raw.includes('>'), 'VERIFY-HTML', this.#where)
    if (!raw.includes('&')) return raw
    demand(!raw.replaceAll(references, '').includes('&'), 'VERIFY-HTML', this.#where)
    return raw.replaceAll(references, (reference) => CHARACTERS[reference] ?? '')
  }
}

const CHARACTERS: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
}

function frame(name: string, around: Surroundings, href: string | undefined): Frame {
  return { name, around, href, words: '', last: '' }
}
