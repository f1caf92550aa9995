import type { Budget } from './budget.ts'
import { isPicture, verifyPicture } from './picture.ts'
import { demand } from './rejection.ts'
import { SVG_NAME, cssDeclarations, cssSheet, cssValue } from './svg-css.ts'
import { checkPainting, lastParts } from './svg-reuse.ts'
import type { Painted } from './svg-reuse.ts'
import { SVG_ELEMENTS, SVG_TEXT, SVG_VALUES } from './svg-words.ts'
import { urlAllowed } from './url.ts'
import { scanXml } from './xml.ts'
import type { Attribute, Element, Handler } from './xml.ts'

const REASON = 'VERIFY-SVG'
const SVG = 'http://www.w3.org/2000/svg'
const XLINK = 'http://www.w3.org/1999/xlink'
const XML = 'http://www.w3.org/XML/1998/namespace'
const MAX_ELEMENTS = 500_000
const MAX_INNER = 2
const LONGEST_SIDE = 1_000_000
const NAMED = new Set('linearGradient radialGradient pattern filter textPath'.split(' '))
/** Elements without elements inside. */
const PLAIN = new Set(['title', 'desc', 'style'])
const PICTURES = new Set('png jpeg gif webp bmp'.split(' '))

/** Accepts exactly the SVG of the grammar: a static picture that reaches for nothing outside of itself. */
export function verifySvg(bytes: Uint8Array, budget: Budget, where: string): void {
  verifyDrawing(bytes, budget, where, 0)
}

function verifyDrawing(bytes: Uint8Array, budget: Budget, where: string, inner: number): void {
  budget.spend(bytes.length, where)
  const drawing = new Drawing(budget, where, inner)
  scanXml(bytes, where, drawing)
  drawing.end()
}

class Drawing implements Handler {
  readonly #budget: Budget
  readonly #where: string
  readonly #inner: number
  readonly #declared: string[] = []
  readonly #open: { readonly name: string; text: string }[] = []
  readonly #painted: Painted[] = []
  readonly #bySubject = new Map<string, string[]>()

  constructor(budget: Budget, where: string, inner: number) {
    this.#budget = budget
    this.#where = where
    this.#inner = inner
  }

  declare(prefix: string, namespace: string, depth: number): void {
    demand(depth === 0, REASON, this.#where)
    this.#declared.push(`${prefix} ${namespace}`)
  }

  open(element: Element, depth: number): void {
    const { namespace, name, attributes } = element
    demand(namespace === SVG && SVG_ELEMENTS.has(name), REASON, `${this.#where} element ${name}`)
    if (depth === 0) {
      const declared = this.#declared.join(',')
      demand(name === 'svg' && declared === ` ${SVG},xlink ${XLINK}`, REASON, this.#where)
    }
    demand(this.#painted.length < MAX_ELEMENTS, REASON, this.#where)
    demand(!PLAIN.has(this.#open.at(-1)?.name ?? ''), REASON, this.#where)
    const refers: string[] = []
    for (const attribute of attributes) {
      this.#attribute(element, attribute, depth, (used) => refers.push(used))
    }
    this.#reference(element, (used) => refers.push(used))
    this.#painted.push({ depth, id: valueOf(element, 'id'), refers, subjects: subjectsOf(element) })
    this.#open.push({ name, text: '' })
  }

  close(): void {
    const closed = this.#open.pop()
    if (closed?.name !== 'style') return
    demand(closed.text !== '', REASON, this.#where)
    let before = ''
    let subjects: ReadonlySet<string> = new Set()
    cssSheet(closed.text, `${this.#where} style`, (used, selector) => {
      if (selector !== before) subjects = new Set(lastParts(selector))
      before = selector
      for (const subject of subjects) {
        const all = this.#bySubject.get(subject) ?? []
        all.push(used)
        this.#bySubject.set(subject, all)
      }
    })
  }

  text(text: string): void {
    const parent = this.#open.at(-1)
    demand(parent !== undefined && SVG_TEXT.has(parent.name), REASON, `${this.#where} text`)
    if (parent.name === 'style') parent.text += text
  }

  end(): void {
    checkPainting(this.#painted, this.#bySubject, this.#where)
  }

  #attribute(
    { name: element }: Element,
    { namespace, name, value }: Attribute,
    depth: number,
    refers: (name: string) => void,
  ): void {
    const where = `${this.#where} ${element} ${name}`
    demand(value !== '', REASON, where)
    if (namespace === XLINK) return demand(name === 'href', REASON, where)
    if (namespace === XML) return demand(xmlAttribute(name, value), REASON, where)
    demand(namespace === '', REASON, where)
    if (name === 'style') return cssDeclarations(value, where, refers)
    if (name === 'aria-label') return demand(value.length <= 1000, REASON, where)
    const pattern = PATTERNS.get(name)
    if (pattern) return demand(pattern.test(value) && isTidy(value), REASON, where)
    demand(SVG_VALUES.has(name), REASON, where)
    cssValue(value, where, refers)
    if (element === 'style') demand(name !== 'type' || /^text\/css$/iu.test(value), REASON, where)
    const isSide = depth === 0 && (name === 'width' || name === 'height')
    demand(!isSide || !(Number.parseFloat(value) > LONGEST_SIDE), REASON, where)
  }

  /** `xlink:href`, which some elements must have, some may have, and all others must not. */
  #reference({ name, attributes }: Element, refers: (name: string) => void): void {
    const at = attributes.findIndex(({ namespace }) => namespace === XLINK)
    const isLast = at === attributes.length - 1
    const href = attributes[at]?.value
    const where = `${this.#where} ${name} href`
    if (name === 'a') return demand(href !== undefined && isLast && urlAllowed(href), REASON, where)
    if (name === 'image') {
      demand(href !== undefined && isLast, REASON, where)
      return this.#picture(href, where)
    }
    demand(
      name === 'use' ? href !== undefined && isLast : href === undefined || NAMED.has(name),
      REASON,
      where,
    )
    if (href === undefined) return
    demand(href.startsWith('#') && SVG_NAME.test(href.slice(1)), REASON, where)
    refers(href.slice(1))
  }

  #picture(url: string, where: string): void {
    const found = /^data:image\/([a-z+]{3,7});base64,/u.exec(url.slice(0, 40))
    const [head, type] = [found?.[0] ?? '', found?.[1] ?? '']
    const coded = url.slice(head.length)
    const bytes = Buffer.from(coded, 'base64')
    demand(head !== '' && bytes.toString('base64') === coded, REASON, where)
    this.#budget.spend(bytes.length, where)
    if (type === 'svg+xml') {
      demand(this.#inner < MAX_INNER, REASON, where)
      return verifyDrawing(bytes, this.#budget, where, this.#inner + 1)
    }
    demand(PICTURES.has(type) && isPicture(type), REASON, where)
    verifyPicture(bytes, type, this.#budget, where)
  }
}

const PATTERNS: ReadonlyMap<string, RegExp> = new Map([
  ['id', SVG_NAME],
  [
    'class',
    /^[^\s"'`<>&()[\]{}\\#;,%/*\u0000-\u001F\u007F-\u009F]{1,256}(?: [^\s"'`<>&()[\]{}\\#;,%/*\u0000-\u001F\u007F-\u009F]{1,256})*$/u,
  ],
  ['d', /^[MmZzLlHhVvCcSsQqTtAa0-9eE.,+\- ]*$/u],
  ['points', /^[0-9eE.,+\- ]*$/u],
  ['lang', /^[A-Za-z0-9-]{1,35}$/u],
])

function xmlAttribute(name: string, value: string): boolean {
  if (name === 'space') return value === 'default' || value === 'preserve'
  return name === 'lang' && /^[A-Za-z0-9-]{1,35}$/u.test(value)
}

function isTidy(text: string): boolean {
  return text === text.trim() && !text.includes('  ')
}

function valueOf({ attributes }: Element, name: string): string | undefined {
  return attributes.find((one) => one.namespace === '' && one.name === name)?.value
}

function subjectsOf(element: Element): string[] {
  const id = valueOf(element, 'id')
  const classes = (valueOf(element, 'class') ?? '').split(' ').map((name) => `.${name}`)
  return ['*', element.name, ...classes, ...(id === undefined ? [] : [`#${id}`])]
}
