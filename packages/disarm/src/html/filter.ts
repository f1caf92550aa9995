import type { Context } from '../family.ts'
import { allowedUrl } from '../url.ts'
import { attributeRule, attributeValue } from './attributes.ts'
import { ALLOWED, CLOSES_PARAGRAPH, HEADINGS, SPECIAL, TABLE_STRUCTURE } from './elements.ts'
import { hostNote } from './link.ts'
import { PictureRebuild } from './picture.ts'
import type { Pictures } from './picture.ts'
import { cleanStyle } from './style.ts'
import type { Element, Node } from './tree.ts'
import { MAX_RUN, cleanText, withoutSmuggled } from './words.ts'

/** A node as it is written. */
export type CleanNode = CleanElement | string

export interface CleanElement {
  readonly name: string
  /** In the order of their names. */
  readonly attributes: readonly (readonly [name: string, value: string])[]
  readonly children: readonly CleanNode[]
}

/** Deepest element that is written; what lies deeper stands beside it. */
export const MAX_WRITTEN_DEPTH = 128

/** What is open around a node, as far as readers' rules for repairing pages ask for it. */
interface Place {
  readonly parent: string
  readonly depth: number
  readonly paragraph: boolean
  readonly heading: boolean
  readonly link: boolean
  readonly item: boolean
  readonly definition: boolean
}

const AT_BODY: Place = {
  parent: 'body',
  depth: 0,
  paragraph: false,
  heading: false,
  link: false,
  item: false,
  definition: false,
}

const PARTS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['table', new Set(['caption', 'colgroup', 'thead', 'tbody', 'tfoot'])],
  ['thead', new Set(['tr'])],
  ['tbody', new Set(['tr'])],
  ['tfoot', new Set(['tr'])],
  ['tr', new Set(['td', 'th'])],
  ['colgroup', new Set(['col'])],
])

/**
 * The tree of what is written: listed elements with listed attributes, nested so that every reader builds this very tree and no other. An
 * element that may not stand where it stands gives its place to its children.
 */
export class PageFilter {
  readonly #context: Context
  readonly #pictures: PictureRebuild
  readonly #hidden: ReadonlySet<string>

  /** @param hidden simple selectors whose elements the style sheet hides */
  constructor(context: Context, pictures: Pictures, hidden: readonly string[]) {
    this.#context = context
    this.#pictures = new PictureRebuild(context, pictures)
    this.#hidden = new Set(hidden)
  }

  body(body: Element): CleanElement {
    const children = this.#children(body, AT_BODY)
    return { name: 'body', attributes: this.#attributes(body), children }
  }

  #children(item: Element, place: Place): readonly CleanNode[] {
    const nodes: CleanNode[] = []
    for (const child of item.children) {
      for (const node of this.#node(child, place)) {
        const last = nodes.at(-1)
        if (typeof node === 'string' && typeof last === 'string')
          nodes[nodes.length - 1] = last + node
        else nodes.push(node)
      }
    }
    // Only now: a run that was cut in two by an element that went is one run again.
    return nodes
      .map((node) => (typeof node === 'string' ? this.#text(node) : node))
      .filter((node) => node !== '')
  }

  #node(node: Node, place: Place): readonly CleanNode[] {
    if (typeof node === 'string') return PARTS.has(place.parent) ? [] : [node]
    if (node.dropped || this.#isGoneForHiding(node)) return []
    if (!mayStand(node.name, place)) {
      // Directly in a table there is no room for anything else.
      return PARTS.has(place.parent) ? [] : this.#children(node, place)
    }
    if (node.name === 'img') return this.#image(node)
    const attributes = this.#attributes(node)
    const children = this.#children(node, within(node.name, place))
    if (node.name !== 'a') return [{ name: node.name, attributes, children }]
    return [this.#link(attributes, children)]
  }

  #text(raw: string): string {
    const clean = cleanText(raw)
    this.#context.removed('T-CTRL', 'text', clean.count)
    const plain = withoutSmuggled(clean.text)
    this.#context.removed('H-SMUGGLE', 'text', plain.count)
    return plain.text
  }

  // --- pictures and links

  #image(item: Element): readonly CleanNode[] {
    const alt = this.#text(item.attributes.get('alt') ?? '').trim()
    const source = this.#pictures.source(item.attributes)
    if (source !== undefined) {
      const attributes = new Map([...this.#attributes(item), ['alt', alt], ['src', source]])
      return [{ name: 'img', attributes: sorted(attributes), children: [] }]
    }
    this.#context.removed('H-REMOTE', 'image')
    return alt === '' ? [] : [`［${alt}］`]
  }

  #link(
    attributes: readonly (readonly [string, string])[],
    children: readonly CleanNode[],
  ): CleanElement {
    const href = attributes.find(([name]) => name === 'href')?.[1]
    if (href === undefined) return { name: 'a', attributes, children }
    const last = children.at(-1)
    const words = children.map(wordsOf).join('')
    const note = noteFor(href, words, typeof last === 'string' ? last : '')
    if (note === undefined) return { name: 'a', attributes, children }
    if (note.present) {
      this.#context.kept('H-PHISH', 'link')
      return { name: 'a', attributes, children }
    }
    this.#context.removed('H-PHISH', 'link')
    const end = typeof last === 'string' ? [last + note.text] : [...(last ? [last] : []), note.text]
    return { name: 'a', attributes, children: [...children.slice(0, -1), ...end] }
  }

  // --- attributes

  #attributes(item: Element): readonly (readonly [string, string])[] {
    const kept = new Map<string, string>()
    for (const [name, raw] of item.attributes) {
      const value = this.#attribute(item.name, name, raw)
      if (value !== undefined) kept.set(name, value)
    }
    this.#reportHiding(item)
    return sorted(kept)
  }

  #attribute(element: string, name: string, raw: string): string | undefined {
    if (element === 'a' && name === 'href') return this.#href(raw)
    if (element === 'img' && (name === 'src' || name === 'alt')) return undefined
    if (name === 'style') return this.#style(raw)
    if (raw.length > MAX_RUN && withoutSmuggled(raw).count > 0) {
      this.#context.removed('H-SMUGGLE', 'attribute')
      return undefined
    }
    const clean = cleanText(raw)
    this.#context.removed('T-CTRL', 'attribute', clean.count)
    const value = attributeValue(element, name, clean.text)
    if (value === undefined) this.#context.removed(attributeRule(name), 'attribute')
    return value
  }

  #href(raw: string): string | undefined {
    const url = this.#context.profile.links === 'keep' ? allowedUrl(raw) : undefined
    if (url !== undefined) {
      if (!url.startsWith('#')) this.#context.kept('URL-REMOVED', 'link')
      return url
    }
    // Browsers pass over white space and control characters inside of a scheme.
    const script = /^(?:javascript|vbscript|data|livescript|jar|view-source):/i
    const isScript = script.test(raw.slice(0, 200).replace(/[\u0000-\u0020]+/g, ''))
    this.#context.removed(isScript ? 'H-SCRIPT' : 'URL-REMOVED', 'link')
    return undefined
  }

  #style(raw: string): string | undefined {
    const style = cleanStyle(raw)
    this.#context.removed('H-REMOTE', 'style', style.remote)
    this.#context.removed('H-SCRIPT', 'style', style.script)
    this.#context.removed('H-STYLE', 'style', style.unknown)
    return style.text === '' ? undefined : style.text
  }

  // --- what is not seen

  #isGoneForHiding(item: Element): boolean {
    if (this.#context.profile.hidden === 'keep' || !this.#isHidden(item)) return false
    this.#context.removed('OX-HIDDEN', 'element')
    return true
  }

  #reportHiding(item: Element): void {
    if (this.#isHidden(item)) this.#context.kept('OX-HIDDEN', 'element')
  }

  #isHidden(item: Element): boolean {
    const { attributes } = item
    if (attributes.has('style') && cleanStyle(attributes.get('style')!).hides) return true
    if (this.#hidden.size === 0) return false
    const names = (attributes.get('class') ?? '').split(/\s+/).map((name) => `.${name}`)
    const marks = ['', ...names, `#${attributes.get('id') ?? ''}`]
    return marks.some(
      (mark) => (mark !== '' && this.#hidden.has(mark)) || this.#hidden.has(`${item.name}${mark}`),
    )
  }
}

function mayStand(name: string, place: Place): boolean {
  const parts = PARTS.get(place.parent)
  if (parts) return parts.has(name)
  if (!ALLOWED.has(name) || TABLE_STRUCTURE.has(name)) return false
  if (place.depth >= (name === 'table' ? MAX_WRITTEN_DEPTH - 4 : MAX_WRITTEN_DEPTH)) return false
  if (place.paragraph && CLOSES_PARAGRAPH.has(name)) return false
  if (place.heading && HEADINGS.has(name)) return false
  if (name === 'a') return !place.link
  if (name === 'li') return !place.item
  if (name === 'dd' || name === 'dt') return !place.definition
  return name === 'rt' || name === 'rp' ? place.parent === 'ruby' : true
}

/** What is open around the children of an element of this name. */
function within(name: string, place: Place): Place {
  const depth = place.depth + 1
  if (name === 'td' || name === 'th' || name === 'caption') {
    return { ...AT_BODY, parent: name, depth, link: place.link }
  }
  const passes = !SPECIAL.has(name) || name === 'address' || name === 'div' || name === 'p'
  return {
    parent: name,
    depth,
    paragraph: place.paragraph || name === 'p',
    heading: place.heading || HEADINGS.has(name),
    link: place.link || name === 'a',
    item: name === 'li' || (passes && place.item),
    definition: name === 'dd' || name === 'dt' || (passes && place.definition),
  }
}

/** The note that a link needs, and whether it has it already, as its last words. */
function noteFor(
  href: string,
  words: string,
  last: string,
): { readonly text: string; readonly present: boolean } | undefined {
  const ending = /［[^［］]{1,253}］$/.exec(last.slice(-260))?.[0] ?? ''
  const note = hostNote(href, words.slice(0, words.length - ending.length))
  if (note !== undefined && note === ending) return { text: note, present: true }
  // What only looks like the note is part of the words.
  const text = ending === '' ? note : hostNote(href, words)
  return text === undefined ? undefined : { text, present: false }
}

function wordsOf(node: CleanNode): string {
  return typeof node === 'string' ? node : node.children.map(wordsOf).join('')
}

function sorted(attributes: ReadonlyMap<string, string>): readonly (readonly [string, string])[] {
  return [...attributes].toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
}
