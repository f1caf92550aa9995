import type { Context } from '../family.ts'
import { refuse } from '../family.ts'
import { allowedUrl } from '../url.ts'
import type { XmlAttribute, XmlElement, XmlToken } from '../xml/read.ts'
import { attributeValue } from './attribute.ts'
import { ForeignText } from './foreign-text.ts'
import { rebuildDataUrl } from './picture.ts'
import type { RebuildInner } from './picture.ts'
import type { References } from './reuse.ts'
import { readSheet } from './style.ts'
import type { StyleReport } from './style.ts'
import { ID } from './value.ts'
import type { Flaw } from './value.ts'
import { ACTIVE_ELEMENTS, ELEMENTS, SVG, TEXT_ELEMENTS, XHTML, XLINK } from './vocabulary.ts'

/** Elements of one picture. */
const MAX_ELEMENTS = 500_000
/** Units of the longest side; readers make a bitmap of it. */
const LONGEST_SIDE = 1_000_000
const RULES: Readonly<Record<Flaw, string>> = {
  external: 'SVG-EXT',
  active: 'SVG-SCRIPT',
  unknown: 'SVG-XML',
}
/** Elements that fetch, under names that nothing else has. */
const FETCHING: ReadonlySet<string> = new Set([
  'feImage',
  'cursor',
  'color-profile',
  'font-face-uri',
])
/** Elements that hold characters only. */
const PLAIN: ReadonlySet<string> = new Set(['title', 'desc', 'style'])
/** Elements that take something over from the element that they name. */
const INHERITING: ReadonlySet<string> = new Set([
  'linearGradient',
  'radialGradient',
  'pattern',
  'filter',
  'textPath',
])

/** Builds the kept part of a picture out of what the XML reader meets. */
export class Drawing implements StyleReport {
  root: XmlElement | undefined
  readonly #context: Context
  readonly #where: string
  readonly #lifted: readonly string[]
  readonly #inner: RebuildInner
  readonly #open: (XmlElement | undefined)[] = []
  readonly #byElement = new Map<XmlElement, string[]>()
  readonly #bySelector: { readonly selector: string; readonly names: string[] }[] = []
  #current: XmlElement | undefined
  /** Words of the HTML that is open, and how deep it began. */
  #foreign: { readonly words: ForeignText; readonly depth: number } | undefined
  #namespace = SVG
  #elements = 0

  constructor(context: Context, where: string, lifted: readonly string[], inner: RebuildInner) {
    this.#context = context
    this.#where = where
    this.#lifted = lifted
    this.#inner = inner
  }

  get references(): References {
    return { byElement: this.#byElement, bySelector: this.#bySelector }
  }

  dropped(flaw: Flaw): void {
    this.#context.removed(RULES[flaw], this.#where)
  }

  refers(names: readonly string[], selector: string): void {
    if (names.length === 0) return
    const all = selector === '' ? this.#namesOf(this.#current) : this.#namesOfRule(selector)
    for (const name of names) all.push(name)
  }

  #namesOf(element: XmlElement | undefined): string[] {
    const all = (element && this.#byElement.get(element)) ?? []
    if (element) this.#byElement.set(element, all)
    return all
  }

  #namesOfRule(selector: string): string[] {
    const last = this.#bySelector.at(-1)
    if (last?.selector === selector) return last.names
    const names: string[] = []
    this.#bySelector.push({ selector, names })
    return names
  }

  take(token: XmlToken): void {
    if (token.kind === 'open') this.#enter(token.element)
    else if (token.kind === 'close') this.#leave()
    else if (token.kind === 'text') this.#text(token.text)
    // `<?xml-stylesheet?>` fetches; nobody needs any other.
    else this.dropped(this.#open.length === 0 ? 'external' : 'unknown')
  }

  #enter(given: XmlElement): void {
    if (++this.#elements > MAX_ELEMENTS) refuse('SVG-XML')
    if ((this.#elements & 1023) === 0) this.#context.checkTime()
    if (this.#open.length === 0) return this.#enterRoot(given)
    this.#foreign?.words.open(given)
    const parent = this.#open.at(-1)
    const element = parent && this.#kept(given)
    if (parent && element) parent.children.push(element)
    this.#open.push(element)
  }

  #enterRoot(given: XmlElement): void {
    if (given.local !== 'svg' || (given.uri !== SVG && given.uri !== '')) refuse('SVG-XML')
    this.#namespace = given.uri
    this.root = this.#element(given, 'svg')
    this.#open.push(this.root)
  }

  #leave(): void {
    const element = this.#open.pop()
    if (this.#foreign) this.#leaveForeign(this.#foreign)
    if (element?.local !== 'style') return
    this.#current = element
    const sheet = readSheet(
      element.children.filter((one) => typeof one === 'string').join(''),
      this,
    )
    element.children = sheet === '' ? [] : [sheet]
    const siblings = this.#open.at(-1)?.children
    if (sheet === '' && siblings?.at(-1) === element) siblings.pop()
  }

  #leaveForeign({ words, depth }: { readonly words: ForeignText; readonly depth: number }): void {
    words.close()
    if (this.#open.length > depth) return
    const text = words.element()
    if (text) this.#open.at(-1)?.children.push(text)
    this.#foreign = undefined
  }

  #text(text: string): void {
    this.#foreign?.words.text(text)
    const parent = this.#open.at(-1)
    if (!parent) return
    if (!TEXT_ELEMENTS.has(parent.local)) {
      if (/\S/.test(text)) this.dropped('unknown')
      return
    }
    const last = parent.children.at(-1)
    if (typeof last === 'string') parent.children[parent.children.length - 1] = last + text
    else parent.children.push(text)
  }

  /** The element as it is written, or undefined when it goes with all that it holds. */
  #kept(given: XmlElement): XmlElement | undefined {
    const { uri, local } = given
    const parent = this.#open.at(-1)?.local ?? ''
    if (PLAIN.has(parent)) return this.#gone('unknown')
    if (uri === this.#namespace && local === 'foreignObject') return this.#html(given, parent)
    if (uri !== this.#namespace) return this.#gone(uri === XHTML ? 'active' : 'unknown')
    if (ACTIVE_ELEMENTS.has(local)) return this.#gone('active')
    if (FETCHING.has(local)) return this.#gone('external')
    if (!ELEMENTS.has(local) || this.#isForOthers(given)) return this.#gone('unknown')
    if (local === 'a') return this.#link(given)
    if (local === 'image') return this.#picture(given)
    if (local === 'use') return this.#reuse(given)
    return this.#element(given, local)
  }

  /** Of a `switch`, readers without HTML show another child; elsewhere the words must be saved. */
  #html(given: XmlElement, parent: string): undefined {
    if (parent !== 'switch' && !TEXT_ELEMENTS.has(parent)) {
      this.#foreign = { words: new ForeignText(given), depth: this.#open.length }
    }
    return this.#gone('active')
  }

  #gone(flaw: Flaw): undefined {
    this.dropped(flaw)
    return undefined
  }

  /** Parts that only one program or medium shows, and a title of the whole, which is the town's to decide. */
  #isForOthers({ local, attributes }: XmlElement): boolean {
    const value = (name: string): string =>
      attributes.find(({ uri, local: own }) => uri === '' && own === name)?.value.trim() ?? ''
    if (value('requiredExtensions') !== '') return true
    if (local === 'style') {
      return !/^(?:text\/css)?$/i.test(value('type')) || !/^(?:|all|screen)$/i.test(value('media'))
    }
    const isOfWhole = this.#open.length === 1 && (local === 'title' || local === 'desc')
    return isOfWhole && this.#context.profile.title === 'remove'
  }

  #element(given: XmlElement, local: string, reference?: string): XmlElement {
    const element: XmlElement = { uri: SVG, local, attributes: [], children: [] }
    this.#current = element
    for (const attribute of given.attributes) {
      const kept = isReference(attribute)
        ? this.#referenceOf(given, attribute, element)
        : this.#attribute(attribute)
      if (kept) element.attributes.push(kept)
    }
    if (reference !== undefined) {
      element.attributes.push({ uri: XLINK, local: 'href', value: reference })
    }
    return element
  }

  #attribute(attribute: XmlAttribute): XmlAttribute | undefined {
    const { uri, local } = attribute
    const value = attributeValue(attribute, this)
    if (value === undefined || value === '') return undefined
    const isSide = this.#open.length === 0 && (local === 'width' || local === 'height')
    if (isSide && Number.parseFloat(value) > LONGEST_SIDE) return this.#gone('unknown')
    return { uri, local, value }
  }

  /** Links, pictures and reused elements have brought their reference themselves. */
  #referenceOf(
    given: XmlElement,
    attribute: XmlAttribute,
    element: XmlElement,
  ): XmlAttribute | undefined {
    if (REFERRING.has(given.local)) return undefined
    const name = INHERITING.has(given.local) ? localName(attribute.value) : undefined
    const isTwin = element.attributes.some(isReference)
    if (name === undefined || isTwin) {
      return isTwin ? undefined : this.#gone(INHERITING.has(given.local) ? 'external' : 'unknown')
    }
    this.refers([name], '')
    return { uri: XLINK, local: 'href', value: `#${name}` }
  }

  #link(given: XmlElement): XmlElement {
    const url = hrefOf(given)
    const allowed = url === '' ? undefined : allowedUrl(url)
    if (allowed !== undefined && this.#context.profile.links === 'keep') {
      return this.#element(given, 'a', allowed)
    }
    if (/^\s*(?:javascript|vbscript|data):/i.test(url)) this.dropped('active')
    else if (url !== '') this.#context.removed('URL-REMOVED', this.#where)
    const inText = this.#open.some((open) => open?.local === 'text')
    return this.#element(given, inText ? 'tspan' : 'g')
  }

  #picture(given: XmlElement): XmlElement | undefined {
    const url = hrefOf(given)
    const data = rebuildDataUrl(url, this.#lifted, this.#context, this.#where, this.#inner)
    return data === undefined ? this.#gone('external') : this.#element(given, 'image', data)
  }

  #reuse(given: XmlElement): XmlElement | undefined {
    const url = hrefOf(given)
    const name = localName(url)
    if (name === undefined) {
      return this.#gone(/^\s*(?:javascript|data):/i.test(url) ? 'active' : 'external')
    }
    const element = this.#element(given, 'use', `#${name}`)
    this.refers([name], '')
    return element
  }
}

const REFERRING: ReadonlySet<string> = new Set(['a', 'image', 'use'])

function isReference({ uri, local }: XmlAttribute): boolean {
  return local === 'href' && (uri === XLINK || uri === '')
}

/** Of two references that without a namespace counts (SVG 2, 16.1.5). */
function hrefOf({ attributes }: XmlElement): string {
  const all = attributes.filter(isReference)
  return (all.find(({ uri }) => uri === '') ?? all[0])?.value.trim() ?? ''
}

/** The name that a reference inside of this file has. */
function localName(url: string): string | undefined {
  const name = url.trim().startsWith('#') ? url.trim().slice(1) : ''
  return ID.test(name) ? name : undefined
}
