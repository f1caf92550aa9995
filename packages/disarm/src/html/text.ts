import { buildPage } from './builder.ts'
import type { Element, Node } from './tree.ts'

const BLOCKS: ReadonlySet<string> = new Set(
  `address article aside blockquote body caption center dd details div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li main
   nav ol p pre section summary table tr ul`
    .trim()
    .split(/\s+/),
)

/** How much of its form a page keeps as text: only its words, or also what lists, tables and links meant. */
export type TextForm = 'words' | 'readable'

/**
 * The words of a page as plain text: a line for each block, cells parted by tabs. In the readable form also numbers of lists, quotations, names of
 * pictures, and behind each link where it leads: a person sees that the words of a link and its target differ. For mails that are wanted without HTML.
 */
export function pageText(page: string, form: TextForm = 'words'): string {
  const writer = new TextWriter(form)
  writer.node(buildPage(page, { removed: () => undefined, checkTime: () => undefined }).body, false)
  return writer.text()
}

class TextWriter {
  readonly #lines: string[] = []
  readonly #form: TextForm
  #line = ''
  #quotes = 0
  /** Number of the next item of each open list; `undefined` for one without numbers. */
  readonly #lists: (number | undefined)[] = []

  constructor(form: TextForm) {
    this.#form = form
  }

  text(): string {
    this.#break()
    return `${this.#lines.join('\n')}\n`
  }

  node(node: Node, pre: boolean): void {
    if (typeof node === 'string') return this.#words(node, pre)
    const { name } = node
    if (name === 'br') return this.#push()
    if (name === 'img') this.#picture(node.attributes.get('alt') ?? '')
    const block = BLOCKS.has(name)
    if (block) this.#break()
    if (name === 'li') this.#line = this.#bullet()
    if (name === 'td' || name === 'th') this.#cell()
    if (name === 'hr' && this.#form === 'readable') this.#line = '――――――――'
    this.#enter(name)
    for (const child of node.children) this.node(child, pre || name === 'pre')
    if (name === 'a' && this.#form === 'readable') this.#target(node)
    if (block) this.#break()
    this.#leave(name)
  }

  #enter(name: string): void {
    if (name === 'blockquote') this.#quotes++
    if (name === 'ul' || name === 'ol') this.#lists.push(name === 'ol' ? 1 : undefined)
  }

  #leave(name: string): void {
    if (name === 'blockquote') this.#quotes--
    if (name === 'ul' || name === 'ol') this.#lists.pop()
  }

  #bullet(): string {
    if (this.#form === 'words') return '・'
    const number = this.#lists.at(-1)
    const inset = '　'.repeat(Math.min(MAX_INSET, Math.max(0, this.#lists.length - 1)))
    if (number === undefined) return `${inset}・`
    this.#lists[this.#lists.length - 1] = number + 1
    return `${inset}${number}. `
  }

  #cell(): void {
    if (this.#line !== '') this.#line += this.#form === 'readable' ? ' ｜ ' : '\t'
  }

  #picture(alt: string): void {
    if (this.#form === 'words' || alt.trim() === '') this.#words(alt, false)
    else this.#words(`［画像: ${alt.trim()}］`, false)
  }

  /** Behind the words, unless they are the target itself. */
  #target({ attributes }: Element): void {
    const target = attributes.get('href') ?? ''
    if (target === '' || target.startsWith('#') || isSaid(this.#line, target)) return
    this.#line += `（${target}）`
  }

  #words(text: string, pre: boolean): void {
    if (!pre) {
      const words = text.replace(/[\t\n\f\r ]+/g, ' ')
      this.#line += this.#line === '' || /[ \t・｜]$/.test(this.#line) ? words.trimStart() : words
      return
    }
    const [first = '', ...rest] = text.split('\n')
    this.#line += first
    for (const line of rest) {
      this.#push()
      this.#line = line
    }
  }

  #break(): void {
    if (this.#line.trim() !== '') this.#push()
    this.#line = ''
  }

  #push(): void {
    const quote = this.#form === 'readable' ? '> '.repeat(Math.min(MAX_INSET, this.#quotes)) : ''
    this.#lines.push(quote + this.#line.replace(/[ \t]+$/, ''))
    this.#line = ''
  }
}

/** Steps to the right that a line of text can bear. */
const MAX_INSET = 8

function isSaid(line: string, target: string): boolean {
  const bare = target.replace(/^(?:mailto|tel):/, '').replace(/\/$/, '')
  return line.endsWith(target) || line.endsWith(bare) || line.endsWith(`${bare}/`)
}
