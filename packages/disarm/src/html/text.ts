import { buildPage } from './builder.ts'
import type { Node } from './tree.ts'

const BLOCKS: ReadonlySet<string> = new Set(
  `address article aside blockquote body caption center dd details div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li main
   nav ol p pre section summary table tr ul`
    .trim()
    .split(/\s+/),
)

/** The words of a page as plain text: a line for each block, cells parted by tabs. For mails that are wanted without HTML. */
export function pageText(page: string): string {
  const writer = new TextWriter()
  writer.node(buildPage(page, { removed: () => undefined, checkTime: () => undefined }).body, false)
  return writer.text()
}

class TextWriter {
  readonly #lines: string[] = []
  #line = ''

  text(): string {
    this.#break()
    return `${this.#lines.join('\n')}\n`
  }

  node(node: Node, pre: boolean): void {
    if (typeof node === 'string') return this.#words(node, pre)
    const { name } = node
    if (name === 'br') return this.#push()
    if (name === 'img') this.#words(node.attributes.get('alt') ?? '', false)
    const block = BLOCKS.has(name)
    if (block) this.#break()
    if (name === 'li') this.#line = '・'
    if ((name === 'td' || name === 'th') && this.#line !== '') this.#line += '\t'
    for (const child of node.children) this.node(child, pre || name === 'pre')
    if (block) this.#break()
  }

  #words(text: string, pre: boolean): void {
    if (!pre) {
      const words = text.replace(/[\t\n\f\r ]+/g, ' ')
      this.#line += this.#line === '' || /[ \t・]$/.test(this.#line) ? words.trimStart() : words
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
    this.#lines.push(this.#line.replace(/[ \t]+$/, ''))
    this.#line = ''
  }
}
