import type { XmlElement } from '../xml/read.ts'
import { SVG } from './vocabulary.ts'

/** HTML elements that begin a line. */
const LINES: ReadonlySet<string> = new Set(
  'address article blockquote br dd div dl dt h1 h2 h3 h4 h5 h6 hr li ol p pre section table td th tr ul'.split(
    ' ',
  ),
)
/** HTML elements whose characters are not shown. */
const UNSHOWN: ReadonlySet<string> = new Set(
  'audio canvas embed head iframe math noscript object script select style svg template textarea title video'.split(
    ' ',
  ),
)
const MAX_LINES = 200
const FARTHEST = 1_000_000
/** Height of a line, and how far below its middle letters stand, in units of the font's size. */
const LINE = 1.2
const MIDDLE = 0.35

/**
 * The words of a `foreignObject`, in which Mermaid and others write their labels as HTML. HTML goes, but the words must not: they become
 * lines of text in the middle of the same box.
 */
export class ForeignText {
  readonly #box: readonly [x: number, y: number, width: number, height: number] | undefined
  readonly #lines: string[] = ['']
  /** Open elements since one that is not shown. */
  #hidden = 0

  /** @param attributes those of the `foreignObject` */
  constructor({ attributes }: XmlElement) {
    const number = (name: string): number => {
      const raw = attributes.find(({ uri, local }) => uri === '' && local === name)?.value ?? ''
      return /^\s*[-+]?[\d.]{1,20}(?:px)?\s*$/.test(raw) ? Number.parseFloat(raw) : 0
    }
    const [x, y, width, height] = [number('x'), number('y'), number('width'), number('height')]
    const fits = [x, y, width, height].every((value) => Math.abs(value) <= FARTHEST)
    this.#box = fits && width > 0 && height > 0 ? [x, y, width, height] : undefined
  }

  open({ local }: XmlElement): void {
    if (this.#hidden > 0 || UNSHOWN.has(local)) this.#hidden++
    else if (LINES.has(local)) this.#break()
  }

  close(): void {
    if (this.#hidden > 0) this.#hidden--
  }

  text(text: string): void {
    if (this.#hidden === 0) this.#lines[this.#lines.length - 1] += text
  }

  /** The text element, or undefined when there are no words or no box to put them in. */
  element(): XmlElement | undefined {
    const lines = this.#lines.map((line) => line.trim().replaceAll(/\s+/g, ' ')).filter(Boolean)
    if (!this.#box || lines.length === 0) return undefined
    const [x, y, width, height] = this.#box
    const middle = String(rounded(x + width / 2))
    const first = MIDDLE - ((lines.length - 1) * LINE) / 2
    const children = lines.map((line, index) => {
      const down = `${rounded(index === 0 ? first : LINE)}em`
      return made(
        'tspan',
        [
          ['x', middle],
          ['dy', down],
        ],
        [line],
      )
    })
    const place = [
      ['x', middle],
      ['y', String(rounded(y + height / 2))],
    ] as const
    // What HTML writes in, whatever the shapes around are filled with.
    const look = [
      ['fill', 'currentColor'],
      ['stroke', 'none'],
      ['text-anchor', 'middle'],
    ] as const
    return made('text', [...place, ...look], children)
  }

  #break(): void {
    if (this.#lines.length < MAX_LINES) this.#lines.push('')
    else this.text(' ')
  }
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000
}

function made(
  local: string,
  attributes: readonly (readonly [name: string, value: string])[],
  children: XmlElement['children'],
): XmlElement {
  return {
    uri: SVG,
    local,
    attributes: attributes.map(([name, value]) => ({ uri: '', local: name, value })),
    children,
  }
}
