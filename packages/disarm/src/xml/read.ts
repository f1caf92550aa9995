import { refuse } from '../family.ts'
import { decodeXml } from './decode.ts'

/**
 * A strict, non-validating XML 1.0 + Namespaces reader without DTD: no entity can be declared, so none can explode or
 * reach out. It reads once from left to right, every regular expression is anchored and linear, and every count has a ceiling.
 */
export function* readXml(bytes: Uint8Array): Generator<XmlToken, void, undefined> {
  yield* new Reader(decodeXml(bytes)).tokens()
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
/** Characters of one name, prefix included. */
export const MAX_NAME = 1024
/** Elements of one part. */
export const MAX_ELEMENTS = 5_000_000
/** Characters of one attribute value. */
export const MAX_VALUE = 4 * 1024 * 1024

export const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace'
const XMLNS_NAMESPACE = 'http://www.w3.org/2000/xmlns/'

// XML 1.0 5th edition §2.3, as Namespaces in XML §4 cuts it (no colon).
const START =
  'A-Z_a-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C\\u200D\\u2070-\\u218F' +
  '\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD\\u{10000}-\\u{EFFFF}'
const NAME = `[${START}][-.0-9\\u00B7\\u0300-\\u036F\\u203F\\u2040${START}]*`
const QUALIFIED = new RegExp(`(?:(${NAME}):)?(${NAME})`, 'uy')
const TARGET = new RegExp(NAME, 'uy')
const SPACE = /[ \t\n\r]*/y

type Scope = ReadonlyMap<string, string>

class Reader {
  readonly #text: string
  readonly #scopes: Scope[] = [new Map([['xml', XML_NAMESPACE]])]
  readonly #names: string[] = []
  #at = 0
  #elements = 0

  constructor(text: string) {
    this.#text = text
  }

  *tokens(): Generator<XmlToken, void, undefined> {
    let rootSeen = false
    this.#skipDeclaration()
    while (this.#at < this.#text.length) {
      const open = this.#text.indexOf('<', this.#at)
      const end = open < 0 ? this.#text.length : open
      if (end > this.#at) yield* this.#characters(this.#text.slice(this.#at, end))
      this.#at = end
      if (open < 0) break
      for (const token of this.#markup()) {
        if (token.kind === 'open' && token.depth === 0) {
          if (rootSeen) malformed()
          rootSeen = true
        }
        yield token
      }
    }
    if (!rootSeen || this.#names.length > 0) malformed()
  }

  /** `decodeXml` has checked what the declaration says. */
  #skipDeclaration(): void {
    if (!/^<\?xml[ \t\r\n]/.test(this.#text)) return
    this.#at = this.#find('?>') + 2
  }

  *#characters(raw: string): Generator<XmlToken, void, undefined> {
    if (raw.includes(']]>')) malformed()
    if (this.#names.length === 0) {
      if (/[^ \t\r\n]/.test(raw)) malformed()
      return
    }
    yield { kind: 'text', text: unescape(newlines(raw)), depth: this.#names.length }
  }

  #markup(): XmlToken[] {
    const second = this.#text.charCodeAt(this.#at + 1)
    if (second === 0x2f) return [this.#closeTag()]
    if (second === 0x21) return this.#declarationLike()
    if (second === 0x3f) return [this.#instruction()]
    return this.#openTag()
  }

  #closeTag(): XmlToken {
    const end = this.#find('>')
    const name = this.#text.slice(this.#at + 2, end).replace(/[ \t\r\n]+$/, '')
    if (this.#names.length === 0 || name !== this.#names.pop()) malformed()
    this.#scopes.pop()
    this.#at = end + 1
    return { kind: 'close', depth: this.#names.length }
  }

  #declarationLike(): XmlToken[] {
    if (this.#text.startsWith('<!--', this.#at)) return this.#comment()
    if (this.#text.startsWith('<![CDATA[', this.#at)) return this.#cdata()
    // DOCTYPE: entities, external subsets, billion laughs.
    return refuse('OX-DTD')
  }

  #comment(): XmlToken[] {
    const end = this.#text.indexOf('--', this.#at + 4)
    if (end < 0 || this.#text[end + 2] !== '>') malformed()
    this.#at = end + 3
    return []
  }

  #cdata(): XmlToken[] {
    if (this.#names.length === 0) malformed()
    const end = this.#find(']]>')
    const text = newlines(this.#text.slice(this.#at + 9, end))
    this.#at = end + 3
    return text === '' ? [] : [{ kind: 'text', text, depth: this.#names.length }]
  }

  #instruction(): XmlToken {
    const end = this.#find('?>')
    TARGET.lastIndex = this.#at + 2
    const target = TARGET.exec(this.#text)?.[0]
    if (target === undefined || target.toLowerCase() === 'xml') malformed()
    const after = this.#at + 2 + target.length
    if (after > end || (after < end && !isSpace(this.#text.charCodeAt(after)))) malformed()
    this.#at = end + 2
    return { kind: 'instruction' }
  }

  #openTag(): XmlToken[] {
    const start = this.#at + 1
    const [prefix, local, after] = this.#qualified(start)
    this.#at = after
    const raw: RawAttribute[] = []
    let selfClosing = false
    for (;;) {
      const spaced = this.#skipSpace()
      const code = this.#text.charCodeAt(this.#at)
      if (code === 0x3e) break
      if (code === 0x2f && this.#text.charCodeAt(this.#at + 1) === 0x3e) {
        selfClosing = true
        this.#at++
        break
      }
      if (!spaced) malformed()
      if (raw.length >= MAX_ATTRIBUTES) refuse('OX-XMLDEPTH')
      raw.push(this.#attribute())
    }
    this.#at++
    return this.#opened(prefix, local, this.#text.slice(start, after), raw, selfClosing)
  }

  #opened(
    prefix: string,
    local: string,
    name: string,
    raw: RawAttribute[],
    selfClosing: boolean,
  ): XmlToken[] {
    const depth = this.#names.length
    if (depth >= MAX_DEPTH || ++this.#elements > MAX_ELEMENTS) refuse('OX-XMLDEPTH')
    const scope = this.#scopeWith(raw)
    const uri = prefix === '' ? (scope.get('') ?? '') : resolve(scope, prefix)
    const element = { uri, local, attributes: resolveAttributes(scope, raw), children: [] }
    const open: XmlToken = { kind: 'open', element, depth }
    if (selfClosing) return [open, { kind: 'close', depth }]
    this.#names.push(name)
    this.#scopes.push(scope)
    return [open]
  }

  #attribute(): RawAttribute {
    const [prefix, local, after] = this.#qualified(this.#at)
    this.#at = after
    this.#skipSpace()
    if (this.#text[this.#at] !== '=') malformed()
    this.#at++
    this.#skipSpace()
    const quote = this.#text[this.#at]
    if (quote !== '"' && quote !== "'") malformed()
    const end = this.#text.indexOf(quote, this.#at + 1)
    if (end < 0) malformed()
    if (end - this.#at > MAX_VALUE) refuse('OX-XMLDEPTH')
    const value = this.#text.slice(this.#at + 1, end)
    if (value.includes('<')) malformed()
    this.#at = end + 1
    return { prefix, local, value: unescape(spaces(value)) }
  }

  #qualified(at: number): [string, string, number] {
    QUALIFIED.lastIndex = at
    const match = QUALIFIED.exec(this.#text)
    if (!match) malformed()
    if (match[0].length > MAX_NAME) refuse('OX-XMLDEPTH')
    return [match[1] ?? '', match[2] ?? '', at + match[0].length]
  }

  #scopeWith(raw: readonly RawAttribute[]): Scope {
    const current = this.#scopes[this.#scopes.length - 1] as Scope
    const declared = raw.filter(isDeclaration)
    if (declared.length === 0) return current
    const scope = new Map(current)
    const seen = new Set<string>()
    for (const { prefix, local, value } of declared) {
      const name = prefix === '' ? '' : local
      if (seen.has(name) || !mayDeclare(name, value)) refuse('OX-XMLDEPTH')
      seen.add(name)
      scope.set(name, value)
    }
    return scope
  }

  #skipSpace(): boolean {
    SPACE.lastIndex = this.#at
    const length = SPACE.exec(this.#text)?.[0].length ?? 0
    this.#at += length
    return length > 0
  }

  #find(what: string): number {
    const found = this.#text.indexOf(what, this.#at)
    return found < 0 ? malformed() : found
  }
}

interface RawAttribute {
  readonly prefix: string
  readonly local: string
  readonly value: string
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

function resolve(scope: Scope, prefix: string): string {
  return scope.get(prefix) ?? refuse('OX-XMLDEPTH')
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

function hasTwins(attributes: readonly XmlAttribute[]): boolean {
  if (attributes.length < 2) return false
  return new Set(attributes.map(({ uri, local }) => `${uri} ${local}`)).size < attributes.length
}

const NAMED: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
])

const REFERENCE = /&(?:#(?:([0-9]{1,8})|x([0-9A-Fa-f]{1,8}))|([a-z]{1,5}));|&/g

/** Character references and the five predefined entities; any other `&` is malformed. */
function unescape(raw: string): string {
  if (!raw.includes('&')) return raw
  return raw.replace(REFERENCE, (_, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return NAMED.get(name) ?? malformed()
    if (decimal !== undefined) return character(Number.parseInt(decimal, 10))
    if (hex !== undefined) return character(Number.parseInt(hex, 16))
    return malformed()
  })
}

/** XML 1.0 §2.2 `Char`. */
function character(code: number): string {
  const allowed =
    code === 0x9 ||
    code === 0xa ||
    code === 0xd ||
    (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) ||
    (code >= 0x10000 && code <= 0x10ffff)
  return allowed ? String.fromCodePoint(code) : malformed()
}

/** XML 1.0 §2.11. */
function newlines(raw: string): string {
  return raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw
}

/** XML 1.0 §3.3.3 for attributes of type CDATA. */
function spaces(raw: string): string {
  return /[\t\n\r]/.test(raw) ? raw.replace(/\r\n|[\t\n\r]/g, ' ') : raw
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x9 || code === 0xa || code === 0xd
}

function malformed(): never {
  return refuse('OX-XML')
}
