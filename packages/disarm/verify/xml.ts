import { Rejection, demand } from './rejection.ts'
import { byteStrings, isPlainText, textOf, valueOf } from './xml-text.ts'

/** A start tag with its namespace resolved (Namespaces in XML 1.0). */
export interface Element {
  readonly namespace: string
  readonly name: string
  readonly attributes: readonly Attribute[]
}
export interface Attribute {
  readonly namespace: string
  readonly name: string
  readonly value: string
}
export interface Handler {
  /**
   * Returns true when nothing but the tag itself decided: the same tag again, letter by letter, is not asked about again, only
   * told to `again`.
   */
  open?(element: Element, depth: number): boolean | void
  again?(element: Element): void
  close?(element: Element, depth: number): void
  text?(text: string): void
  /** An element that is harmless by the form of its tag alone, named as the tag spells it; always the same object for one name. */
  formed?(spelled: string, namespace: string): Element | undefined
  /** Whether `text` is of interest now; always when absent. */
  readonly listens?: boolean
  /** A namespace is declared; called before `open` of the same element. */
  declare?(prefix: string, namespace: string, depth: number): void
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const MAX_DEPTH = 256
const STREAMED = new Set(['sheetData', 'w:body'])
const MAX_ATTRIBUTES = 512
const NAME = /[A-Za-z_][A-Za-z0-9_.-]*(?::[A-Za-z_][A-Za-z0-9_.-]*)?/uy
/** Tags that are remembered, and how long they are at most. */
const MAX_KNOWN = 8192
const MAX_TAG = 256

/**
 * Scans one part in the canonical XML form of the grammar and nothing wider: no comment, no CDATA, no instruction,
 * no DOCTYPE, no entity beyond the five, so that no other reader can see something else in the same bytes.
 */
export function scanXml(
  source: Uint8Array | Iterable<Uint8Array>,
  where: string,
  handler: Handler,
): void {
  new Scanner(source instanceof Uint8Array ? inPieces(source) : source, where, handler).scan()
}

const PIECE = 128 * 1024

function* inPieces(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE)
}

type Scope = ReadonlyMap<string, string>

interface Open {
  readonly close: string
  readonly tag: string
  readonly element: Element
  readonly scope: Scope
}

/** A tag that was accepted once for all, in its scope. */
interface Known extends Open {
  readonly empty: boolean
}

class Scanner {
  readonly #where: string
  readonly #handler: Handler
  readonly #strings: Iterator<string>
  readonly #open: Open[] = []
  readonly #root: Scope = new Map([['xml', 'http://www.w3.org/XML/1998/namespace']])
  #known = new Map<string, Known>()
  #knownIn: Scope | undefined
  readonly #forms = new Map<Element, Known>()
  readonly #emptyForms = new Map<Element, Known>()
  #text = ''
  #at = 0
  #rootSeen = false
  /** A start tag stands right before: no content yet. */
  #bare = false

  constructor(pieces: Iterable<Uint8Array>, where: string, handler: Handler) {
    this.#where = where
    this.#handler = handler
    this.#strings = byteStrings(pieces, where)[Symbol.iterator]()
  }

  scan(): void {
    while (this.#text.length < DECLARATION.length && this.#more());
    this.#demand(this.#text.startsWith(DECLARATION))
    this.#at = DECLARATION.length
    for (;;) {
      if (this.#at >= this.#text.length && !this.#more()) break
      if (this.#text.charCodeAt(this.#at) === 0x3c) this.#markup()
      else this.#characters()
    }
    this.#demand(this.#open.length === 0 && this.#rootSeen)
  }

  /** Adds at least as much as is left, so that a long token is not copied for every piece of it. */
  #more(): boolean {
    const left = this.#text.slice(this.#at)
    let added = ''
    while (added.length <= left.length) {
      const { value, done } = this.#strings.next()
      if (done) break
      added += value
    }
    this.#text = left + added
    this.#at = 0
    return added !== ''
  }

  /** Position of a character from `#at` on, in a window that grows as it must. */
  #find(character: string): number {
    for (;;) {
      const found = this.#text.indexOf(character, this.#at)
      if (found >= 0) return found
      if (!this.#more()) throw new Rejection('VERIFY-XML', this.#where)
    }
  }

  #characters(): void {
    const end = this.#find('<')
    this.#demand(this.#open.length > 0)
    const { listens = this.#handler.text !== undefined } = this.#handler
    if (listens || !isPlainText(this.#text, this.#at, end)) {
      const text = textOf(this.#text.slice(this.#at, end), this.#where)
      this.#handler.text?.(text)
    }
    this.#at = end
    this.#bare = false
  }

  #markup(): void {
    const end = this.#find('>') + 1
    if (this.#text.charCodeAt(this.#at + 1) === 0x2f) this.#endTag()
    else this.#startTag(this.#text.slice(this.#at, end))
    this.#at = end
  }

  #endTag(): void {
    const top = this.#open.pop()
    if (top === undefined || !this.#text.startsWith(top.close, this.#at))
      throw new Rejection('VERIFY-XML', this.#where)
    // An element that holds nothing is written as one tag, save those whose end is not known when they begin.
    this.#demand(!this.#bare || STREAMED.has(top.tag))
    this.#bare = false
    this.#handler.close?.(top.element, this.#open.length)
  }

  #startTag(spelled: string): void {
    const depth = this.#open.length
    this.#demand(depth < MAX_DEPTH && (depth > 0 || !this.#rootSeen))
    this.#rootSeen = true
    const outer = this.#open[depth - 1]?.scope ?? this.#root
    if (outer !== this.#knownIn) {
      this.#known = new Map()
      this.#knownIn = outer
    }
    const known = this.#known.get(keyOf(spelled)) ?? this.#formed(spelled, outer)
    if (known) this.#handler.again?.(known.element)
    this.#enter(known ?? this.#read(spelled, outer), depth)
  }

  #formed(spelled: string, scope: Scope): Known | undefined {
    const element = this.#handler.formed?.(spelled, scope.get('') ?? '')
    if (!element) return undefined
    const forms = spelled.endsWith('/>') ? this.#emptyForms : this.#forms
    let known = forms.get(element)
    if (known?.scope !== scope) {
      const tag = element.name
      known = { element, scope, tag, close: `</${tag}>`, empty: forms === this.#emptyForms }
      forms.set(element, known)
    }
    return known
  }

  #enter(tag: Known, depth: number): void {
    this.#bare = !tag.empty
    if (tag.empty) this.#handler.close?.(tag.element, depth)
    else this.#open.push(tag)
  }

  #read(spelled: string, outer: Scope): Known {
    const start = readTag(spelled, this.#where)
    const scope = declared(start.attributes, outer)
    const element = resolve(start, scope, this.#where)
    const depth = this.#open.length
    reportDeclarations(start.attributes, depth, this.#handler)
    const settled = this.#handler.open?.(element, depth) === true && scope === outer
    const known = { element, scope, tag: start.tag, close: `</${start.tag}>`, empty: start.empty }
    if (settled && spelled.length <= MAX_TAG && this.#known.size < MAX_KNOWN)
      this.#known.set(keyOf(spelled), known)
    return known
  }

  #demand(condition: boolean): void {
    demand(condition, 'VERIFY-XML', this.#where)
  }
}

/** The number of a row is the only thing that is new about most rows. */
function keyOf(spelled: string): string {
  return spelled.startsWith('<row r="')
    ? spelled.replace(/^<row r="[1-9][0-9]{0,6}"/u, '<row')
    : spelled
}

interface Tag {
  readonly tag: string
  readonly attributes: readonly (readonly [name: string, value: string])[]
  readonly empty: boolean
}

/** One start tag, from `<` to `>`. */
function readTag(source: string, where: string): Tag {
  const tag = nameAt(source, 1, where)
  const attributes: [string, string][] = []
  let at = 1 + tag.length
  while (source[at] === ' ') {
    demand(attributes.length < MAX_ATTRIBUTES, 'VERIFY-XML', where)
    const name = nameAt(source, at + 1, where)
    const opening = at + 1 + name.length
    demand(source.startsWith('="', opening), 'VERIFY-XML', where)
    const closing = source.indexOf('"', opening + 2)
    demand(closing > 0, 'VERIFY-XML', where)
    attributes.push([name, valueOf(source.slice(opening + 2, closing), where)])
    at = closing + 1
  }
  const empty = source[at] === '/'
  if (empty) at++
  demand(at === source.length - 1, 'VERIFY-XML', where)
  return { tag, attributes, empty }
}

function nameAt(source: string, at: number, where: string): string {
  NAME.lastIndex = at
  const found = NAME.exec(source)?.[0]
  demand(found !== undefined && found.length <= 255, 'VERIFY-XML', where)
  return found
}

function declared(attributes: Tag['attributes'], outer: Scope): Scope {
  let scope: Map<string, string> | undefined
  for (const [name, value] of attributes) {
    if (name !== 'xmlns' && !name.startsWith('xmlns:')) continue
    scope ??= new Map(outer)
    scope.set(name === 'xmlns' ? '' : name.slice(6), value)
  }
  return scope ?? outer
}

function reportDeclarations(attributes: Tag['attributes'], depth: number, handler: Handler): void {
  for (const [name, value] of attributes) {
    if (name === 'xmlns') handler.declare?.('', value, depth)
    else if (name.startsWith('xmlns:')) handler.declare?.(name.slice(6), value, depth)
  }
}

function resolve({ tag, attributes }: Tag, scope: Scope, where: string): Element {
  const lookup = (prefix: string): string => {
    const namespace = scope.get(prefix)
    if (namespace === undefined) throw new Rejection('VERIFY-XML', where)
    return namespace
  }
  const [prefix, local] = split(tag)
  const named = attributes.filter(([name]) => name !== 'xmlns' && !name.startsWith('xmlns:'))
  const resolved = named.map(([name, value]) => {
    const [attributePrefix, attributeLocal] = split(name)
    return {
      namespace: attributePrefix === '' ? '' : lookup(attributePrefix),
      name: attributeLocal,
      value,
    }
  })
  const keys = new Set(resolved.map((attribute) => `${attribute.namespace} ${attribute.name}`))
  demand(keys.size === resolved.length, 'VERIFY-XML', where)
  return {
    namespace: prefix === '' ? (scope.get('') ?? '') : lookup(prefix),
    name: local,
    attributes: resolved,
  }
}

function split(name: string): readonly [prefix: string, local: string] {
  const colon = name.indexOf(':')
  return colon < 0 ? ['', name] : [name.slice(0, colon), name.slice(colon + 1)]
}
