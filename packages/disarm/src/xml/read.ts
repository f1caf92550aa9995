import { refuse } from '../family.ts'
import { binaryText, plainText } from './decode.ts'
import { malformed, normalText, normalValue } from './reference.ts'

/**
 * A strict, non-validating XML 1.0 + Namespaces reader without DTD: no entity can be declared, so none can explode or
 * reach out. It reads once from left to right, every regular expression is anchored and linear, and every count has a ceiling.
 */
export function* readXml(
  bytes: Uint8Array,
  rename: Rename = keepName,
): Generator<XmlToken, void, undefined> {
  const reader = new XmlReader([bytes], rename)
  for (let token = reader.next(); token; token = reader.next()) yield token
}

/** A namespace name as the caller wants to see it, for formats that have two names for one thing. */
export type Rename = (uri: string) => string

function keepName(uri: string): string {
  return uri
}

export type XmlToken =
  | { readonly kind: 'open'; readonly element: XmlElement; readonly depth: number }
  | { readonly kind: 'close'; readonly depth: number }
  | { readonly kind: 'text'; readonly text: string; readonly depth: number }
  /** A processing instruction was there; its content is nobody's business. */
  | { readonly kind: 'instruction' }

export interface XmlElement {
  /** Namespace name, empty for none. Compared exactly, as Namespaces in XML 1.0 §2.3 says. */
  uri: string
  local: string
  attributes: XmlAttribute[]
  children: XmlNode[]
}

export interface XmlAttribute {
  uri: string
  local: string
  value: string
}

export type XmlNode = XmlElement | string

/** Element nesting. Office itself writes about 40 at most. */
export const MAX_DEPTH = 256
/** Attributes of one element. */
export const MAX_ATTRIBUTES = 256
/** Bytes of one name, prefix included. */
export const MAX_NAME = 1024
/** Elements of one part: a book of 100 MB has thirty million. What is collected as a tree has a lower ceiling (`MAX_TREE`). */
export const MAX_ELEMENTS = 100_000_000
/** Elements that are held in memory at once. */
export const MAX_TREE = 5_000_000
/** Bytes of one attribute value. */
export const MAX_VALUE = 4 * 1024 * 1024

export const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace'
const XMLNS_NAMESPACE = 'http://www.w3.org/2000/xmlns/'

// XML 1.0 5th edition §2.3, as Namespaces in XML §4 cuts it (no colon).
const START =
  'A-Z_a-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C\\u200D\\u2070-\\u218F' +
  '\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD\\u{10000}-\\u{EFFFF}'
const NAME = new RegExp(`^[${START}][-.0-9\\u00B7\\u0300-\\u036F\\u203F\\u2040${START}]*$`, 'u')
/** The same in binary text: what is not ASCII is looked at when the name is known. */
const QUALIFIED =
  /(?:([A-Za-z_\u0080-\u00FF][-.0-9A-Za-z_\u0080-\u00FF]*):)?([A-Za-z_\u0080-\u00FF][-.0-9A-Za-z_\u0080-\u00FF]*)/y
const TARGET = /[A-Za-z_\u0080-\u00FF][-.0-9A-Za-z_\u0080-\u00FF]*/y
const SPACE = /[ \t\n\r]*/y

type Scope = ReadonlyMap<string, string>

/** Bytes of binary text that are at hand before a token is read, so that a token rarely stands across the edge. */
const LOOKAHEAD = 16 * 1024

/** The reader itself, for callers that also look at the text between tokens. */
export class XmlReader {
  /** A window of the part in binary text. */
  text = ''
  /** Where the next token begins in `text`. */
  at = 0
  readonly #pieces: Iterator<string>
  readonly #rename: Rename
  readonly #scopes: Scope[] = [new Map([['xml', XML_NAMESPACE]])]
  readonly #names: string[] = []
  #ended = false
  #forgotten = 0
  #elements = 0
  #rootSeen = false
  #closing = false

  constructor(chunks: Iterable<Uint8Array>, rename: Rename = keepName) {
    this.#rename = rename
    this.#pieces = binaryText(chunks)[Symbol.iterator]()
    this.grow(0)
    // `binaryText` has checked what the declaration says.
    if (/^<\?xml[ \t\r\n]/.test(this.text)) this.at = this.#find('?>', 0) + 2
  }

  /** Elements that are open. */
  get depth(): number {
    return this.#names.length
  }

  /** False between a start tag that is its own end tag and that end. */
  get between(): boolean {
    return !this.#closing
  }

  /** Whether a prefix stands for this namespace here. */
  resolves(prefix: string, uri: string): boolean {
    return this.#scopes[this.#scopes.length - 1]?.get(prefix) === uri
  }

  /** A name for the namespaces in scope, the same as long as they are the same. */
  get scope(): object {
    return this.#scopes[this.#scopes.length - 1] as Scope
  }

  /**
   * Forgets what stands before `from` and takes more of the part, at least as much as is at hand: so whoever starts again at
   * `from` does so a few times only, however long the token.
   * @returns false when there is no more; `at` and all positions have moved by `from` in any case
   */
  grow(from: number): boolean {
    if (from > 0) {
      this.text = this.text.slice(from)
      this.at -= from
      this.#forgotten += from
    }
    const before = this.text.length
    let added = ''
    while (!this.#ended && added.length <= before) {
      const { value, done } = this.#pieces.next()
      if (done) this.#ended = true
      else added += value
    }
    this.text += added
    return added.length > 0
  }

  /** How much was read before the next token, of the whole part in binary text. */
  get position(): number {
    return this.#forgotten + this.at
  }

  /** Counts elements that a caller read by itself. */
  count(elements: number): void {
    this.#elements += elements
    if (this.#elements > MAX_ELEMENTS) refuse('OX-XMLDEPTH')
  }

  next(): XmlToken | undefined {
    if (this.#closing) {
      this.#closing = false
      return { kind: 'close', depth: this.#names.length }
    }
    for (;;) {
      if (this.text.length - this.at < LOOKAHEAD && !this.#ended) this.grow(this.at)
      if (this.at >= this.text.length) return this.#end()
      const token = this.text.charCodeAt(this.at) === 0x3c ? this.#markup() : this.#characters()
      if (token) return token
    }
  }

  /** The start tag at `at` of the window as `next` would read it; `undefined` when the window ends inside it. Goes nowhere. */
  peekTag(at: number): PeekedTag | undefined {
    const tag = this.#tryStartTag(at)
    if (!tag) return undefined
    const { prefix, local, name, raw, end } = tag
    const element = this.#resolve(prefix, local, raw, this.#scopeWith(raw))
    return { element, name, end, declares: raw.some(isDeclaration) }
  }

  #end(): undefined {
    if (!this.#rootSeen || this.#names.length > 0) malformed()
    return undefined
  }

  #characters(): XmlToken | undefined {
    const open = this.#findOrEnd('<', this.at)
    const raw = this.text.slice(this.at, open)
    this.at = open
    if (raw.includes(']]>')) malformed()
    if (this.#names.length === 0) {
      if (/[^ \t\r\n]/.test(raw)) malformed()
      return undefined
    }
    return { kind: 'text', text: normalText(plainText(raw)), depth: this.#names.length }
  }

  #markup(): XmlToken | undefined {
    const second = this.text.charCodeAt(this.at + 1)
    if (second === 0x2f) return this.#closeTag()
    if (second === 0x21) return this.#declarationLike()
    if (second === 0x3f) return this.#instruction()
    return this.#openTag()
  }

  #closeTag(): XmlToken {
    const end = this.#find('>', this.at)
    const name = this.text.slice(this.at + 2, end).replace(/[ \t\r\n]+$/, '')
    if (this.#names.length === 0 || name !== this.#names.pop()) malformed()
    this.#scopes.pop()
    this.at = end + 1
    return { kind: 'close', depth: this.#names.length }
  }

  #declarationLike(): XmlToken | undefined {
    if (this.text.startsWith('<!--', this.at)) return this.#comment()
    if (this.text.startsWith('<![CDATA[', this.at)) return this.#cdata()
    // DOCTYPE: entities, external subsets, billion laughs.
    return refuse('OX-DTD')
  }

  #comment(): undefined {
    const end = this.#find('--', this.at, 4)
    if (this.text[end + 2] !== '>') malformed()
    this.at = end + 3
    return undefined
  }

  #cdata(): XmlToken | undefined {
    if (this.#names.length === 0) malformed()
    const end = this.#find(']]>', this.at)
    const raw = this.text.slice(this.at + 9, end)
    this.at = end + 3
    if (raw === '') return undefined
    const text = plainText(raw).replace(/\r\n?/g, '\n')
    return { kind: 'text', text, depth: this.#names.length }
  }

  #instruction(): XmlToken {
    const end = this.#find('?>', this.at)
    TARGET.lastIndex = this.at + 2
    const target = TARGET.exec(this.text)?.[0]
    if (target === undefined || target.toLowerCase() === 'xml' || !isName(target)) malformed()
    const after = this.at + 2 + target.length
    if (after > end || (after < end && !isSpace(this.text.charCodeAt(after)))) malformed()
    this.at = end + 2
    return { kind: 'instruction' }
  }

  #openTag(): XmlToken {
    const { prefix, local, name, raw, selfClosing, end } = this.#startTag(this.at)
    const depth = this.#names.length
    if (depth === 0 && this.#rootSeen) malformed()
    this.#rootSeen = true
    if (depth >= MAX_DEPTH || ++this.#elements > MAX_ELEMENTS) refuse('OX-XMLDEPTH')
    const scope = this.#scopeWith(raw)
    const element = this.#resolve(prefix, local, raw, scope)
    this.at = end
    if (selfClosing) this.#closing = true
    else {
      this.#names.push(name)
      this.#scopes.push(scope)
    }
    return { kind: 'open', element, depth }
  }

  #resolve(prefix: string, local: string, raw: RawAttribute[], scope: Scope): XmlElement {
    const uri = prefix === '' ? (scope.get('') ?? '') : resolve(scope, prefix)
    return { uri, local, attributes: resolveAttributes(scope, raw), children: [] }
  }

  #startTag(start: number): StartTag {
    for (;;) {
      const tag = this.#tryStartTag(start)
      if (tag) return tag
      if (this.#ended) malformed()
      // The tag goes on behind the window, or nothing does: then it may be whole after all.
      this.grow(start)
      start = 0
    }
  }

  /** `undefined` when the window ends inside the tag. */
  #tryStartTag(start: number): StartTag | undefined {
    const { text } = this
    let at = start + 1
    const [prefix, local] = this.#qualified(at)
    at = QUALIFIED.lastIndex
    const name = text.slice(start + 1, at)
    const raw: RawAttribute[] = []
    for (;;) {
      SPACE.lastIndex = at
      SPACE.test(text)
      const spaced = SPACE.lastIndex > at
      at = SPACE.lastIndex
      const code = text.charCodeAt(at)
      if (code === 0x3e) return { prefix, local, name, raw, selfClosing: false, end: at + 1 }
      if (at + 1 >= text.length && !this.#ended) return undefined
      if (code === 0x2f && text.charCodeAt(at + 1) === 0x3e)
        return { prefix, local, name, raw, selfClosing: true, end: at + 2 }
      if (!spaced) {
        if (at >= text.length - MAX_NAME && !this.#ended) return undefined
        malformed()
      }
      if (raw.length >= MAX_ATTRIBUTES) refuse('OX-XMLDEPTH')
      const after = this.#attribute(at, raw)
      if (after === undefined) return undefined
      at = after
    }
  }

  /** @returns position behind the attribute; `undefined` when the window ends inside it */
  #attribute(start: number, raw: RawAttribute[]): number | undefined {
    const { text } = this
    // A name that is cut off by the window is not wrong yet.
    if (start >= text.length - MAX_NAME - 64 && !this.#ended) return undefined
    const [prefix, local] = this.#qualified(start)
    let at = skipSpace(text, QUALIFIED.lastIndex)
    if (text.charCodeAt(at) !== 0x3d) return this.#cut(at)
    at = skipSpace(text, at + 1)
    const quote = text.charCodeAt(at)
    if (quote !== 0x22 && quote !== 0x27) return this.#cut(at)
    const end = text.indexOf(quote === 0x22 ? '"' : "'", at + 1)
    if ((end < 0 ? text.length : end) - at > MAX_VALUE) refuse('OX-XMLDEPTH')
    if (end < 0) return this.#cut(text.length)
    const value = text.slice(at + 1, end)
    if (value.includes('<')) malformed()
    raw.push({ prefix, local, value: normalValue(plainText(value)) })
    return end + 1
  }

  #cut(at: number): undefined {
    if (at < this.text.length || this.#ended) malformed()
    return undefined
  }

  #qualified(at: number): [prefix: string, local: string] {
    QUALIFIED.lastIndex = at
    const match = QUALIFIED.exec(this.text)
    if (!match) malformed()
    if (match[0].length > MAX_NAME) refuse('OX-XMLDEPTH')
    const [prefix, local] = [plainText(match[1] ?? ''), plainText(match[2] ?? '')]
    if ((prefix !== match[1] && match[1] !== undefined) || local !== match[2]) {
      if (!NAME.test(local) || (prefix !== '' && !NAME.test(prefix))) malformed()
    }
    return [prefix, local]
  }

  #scopeWith(raw: readonly RawAttribute[]): Scope {
    const current = this.#scopes[this.#scopes.length - 1] as Scope
    if (!raw.some(isDeclaration)) return current
    const scope = new Map(current)
    const seen = new Set<string>()
    for (const { prefix, local, value } of raw.filter(isDeclaration)) {
      const name = prefix === '' ? '' : local
      if (seen.has(name) || !mayDeclare(name, value)) refuse('OX-XMLDEPTH')
      seen.add(name)
      scope.set(name, this.#rename(value))
    }
    return scope
  }

  /** Position of `what`, looked for from `skip` behind `from`, wherever the window must grow to; `at` is where `from` was. */
  #find(what: string, from: number, skip = 0): number {
    const found = this.#findOrEnd(what, from, skip)
    return found < this.text.length ? found : malformed()
  }

  #findOrEnd(what: string, from: number, skip = 0): number {
    let base = from
    for (;;) {
      const found = this.text.indexOf(what, base + skip)
      // A comment may end with characters that are not at hand yet.
      if (found >= 0 && (found + 3 <= this.text.length || this.#ended)) return found
      if (this.#ended) return this.text.length
      this.at = base
      this.grow(base)
      base = 0
    }
  }
}

/** A start tag that was only looked at. */
export interface PeekedTag {
  readonly element: XmlElement
  /** As written, in binary text. */
  readonly name: string
  /** Behind its `>`. */
  readonly end: number
  /** Whether it declares namespaces. */
  readonly declares: boolean
}

interface StartTag {
  readonly prefix: string
  readonly local: string
  /** As written, in binary text. */
  readonly name: string
  readonly raw: RawAttribute[]
  readonly selfClosing: boolean
  readonly end: number
}

interface RawAttribute {
  readonly prefix: string
  readonly local: string
  readonly value: string
}

function skipSpace(text: string, at: number): number {
  SPACE.lastIndex = at
  SPACE.test(text)
  return SPACE.lastIndex
}

function isName(binary: string): boolean {
  return NAME.test(plainText(binary))
}

function isDeclaration({ prefix, local }: RawAttribute): boolean {
  return prefix === 'xmlns' || (prefix === '' && local === 'xmlns')
}

/** Namespaces in XML 1.0 §3: `xml` and `xmlns` are fixed, a prefix cannot be undeclared. */
function mayDeclare(prefix: string, uri: string): boolean {
  if (prefix === 'xmlns' || uri === XMLNS_NAMESPACE) return false
  if ((prefix === 'xml') !== (uri === XML_NAMESPACE)) return false
  // White space in a name is trimmed by some readers: two truths.
  return !/[ \t\r\n]/.test(uri) && (prefix === '' || uri !== '')
}

/** A prefix that nothing declares: Namespaces in XML 1.0 §6 calls the document malformed, and so does the person who must mend it. */
function resolve(scope: Scope, prefix: string): string {
  return scope.get(prefix) ?? malformed()
}

/** Two attributes with one expanded name are two truths for two readers: refused. */
function resolveAttributes(scope: Scope, raw: readonly RawAttribute[]): XmlAttribute[] {
  const attributes: XmlAttribute[] = []
  for (const { prefix, local, value } of raw) {
    if (prefix === 'xmlns' || (prefix === '' && local === 'xmlns')) continue
    const uri = prefix === '' ? '' : resolve(scope, prefix)
    attributes.push({ uri, local, value })
  }
  if (hasTwins(attributes)) refuse('OX-XMLDEPTH')
  return attributes
}

/** A few attributes are compared with each other; many go through a set, so that 256 of them cost no square. */
function hasTwins(attributes: readonly XmlAttribute[]): boolean {
  if (attributes.length < 2) return false
  if (attributes.length > 8)
    return new Set(attributes.map(({ uri, local }) => `${uri} ${local}`)).size < attributes.length
  return attributes.some(({ uri, local }, index) => {
    for (let other = 0; other < index; other++) {
      const before = attributes[other]
      if (before?.local === local && before.uri === uri) return true
    }
    return false
  })
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x9 || code === 0xa || code === 0xd
}
