import { Rejection, demand } from './rejection.ts'

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
  open?(element: Element, depth: number): void
  close?(element: Element, depth: number): void
  text?(text: string): void
  /** A namespace is declared; called before `open` of the same element. */
  declare?(prefix: string, namespace: string, depth: number): void
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const MAX_DEPTH = 256
const STREAMED = new Set(['sheetData', 'w:body'])
const MAX_ATTRIBUTES = 512
const NAME = /[A-Za-z_][A-Za-z0-9_.-]*(?::[A-Za-z_][A-Za-z0-9_.-]*)?/uy
const TEXT_REFERENCES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&#13;': '\r',
}
const VALUE_REFERENCES: Readonly<Record<string, string>> = {
  ...TEXT_REFERENCES,
  '&quot;': '"',
  '&#9;': '\t',
  '&#10;': '\n',
}

/**
 * Scans one part in the canonical XML form of the grammar and nothing wider: no comment, no CDATA, no instruction,
 * no DOCTYPE, no entity beyond the five, so that no other reader can see something else in the same bytes.
 */
export function scanXml(bytes: Uint8Array, where: string, handler: Handler): void {
  const source = decode(bytes, where)
  demand(source.startsWith(DECLARATION), 'VERIFY-XML', where)
  const open: {
    readonly tag: string
    readonly element: Element
    readonly scope: Map<string, string>
    /** Position of the `>` of the start tag. */
    readonly start: number
  }[] = []
  const root = new Map([['xml', 'http://www.w3.org/XML/1998/namespace']])
  let at = DECLARATION.length
  let elements = 0
  while (at < source.length) {
    if (source.charCodeAt(at) !== 0x3c) {
      const end = source.indexOf('<', at)
      demand(open.length > 0 && end > 0, 'VERIFY-XML', where)
      handler.text?.(unescape(source.slice(at, end), TEXT_REFERENCES, where))
      at = end
      continue
    }
    if (source.charCodeAt(at + 1) === 0x2f) {
      const top = open.pop()
      const tag = `</${top?.tag}>`
      demand(top !== undefined && source.startsWith(tag, at), 'VERIFY-XML', where)
      // An element that holds nothing is written as one tag, save those whose end is not known when they begin.
      const filled = source.charCodeAt(at - 1) !== 0x3e || top.start + 1 !== at
      demand(filled || STREAMED.has(top.tag), 'VERIFY-XML', where)
      handler.close?.(top.element, open.length)
      at += tag.length
    } else {
      demand(open.length < MAX_DEPTH && (open.length > 0 || elements === 0), 'VERIFY-XML', where)
      elements++
      const start = readTag(source, at + 1, where)
      const scope = declared(start.attributes, open.at(-1)?.scope ?? root)
      const element = resolve(start, scope, where)
      reportDeclarations(start.attributes, open.length, handler)
      handler.open?.(element, open.length)
      if (start.empty) handler.close?.(element, open.length)
      else open.push({ tag: start.tag, element, scope, start: start.end - 1 })
      at = start.end
    }
  }
  demand(open.length === 0 && elements > 0, 'VERIFY-XML', where)
}

function decode(bytes: Uint8Array, where: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new Rejection('VERIFY-XML', where)
  }
}

interface Tag {
  readonly tag: string
  readonly attributes: readonly (readonly [name: string, value: string])[]
  readonly empty: boolean
  readonly end: number
}

function readTag(source: string, start: number, where: string): Tag {
  const tag = nameAt(source, start, where)
  const attributes: [string, string][] = []
  let at = start + tag.length
  while (source[at] === ' ') {
    demand(attributes.length < MAX_ATTRIBUTES, 'VERIFY-XML', where)
    const name = nameAt(source, at + 1, where)
    const opening = at + 1 + name.length
    demand(source.startsWith('="', opening), 'VERIFY-XML', where)
    const closing = source.indexOf('"', opening + 2)
    demand(closing > 0, 'VERIFY-XML', where)
    attributes.push([name, unescape(source.slice(opening + 2, closing), VALUE_REFERENCES, where)])
    at = closing + 1
  }
  const empty = source[at] === '/'
  if (empty) at++
  demand(source[at] === '>', 'VERIFY-XML', where)
  return { tag, attributes, empty, end: at + 1 }
}

function nameAt(source: string, at: number, where: string): string {
  NAME.lastIndex = at
  const found = NAME.exec(source)?.[0]
  demand(found !== undefined && found.length <= 255, 'VERIFY-XML', where)
  return found
}

function declared(attributes: Tag['attributes'], outer: Map<string, string>): Map<string, string> {
  let scope = outer
  for (const [name, value] of attributes) {
    if (name !== 'xmlns' && !name.startsWith('xmlns:')) continue
    if (scope === outer) scope = new Map(outer)
    scope.set(name === 'xmlns' ? '' : name.slice(6), value)
  }
  return scope
}

function reportDeclarations(attributes: Tag['attributes'], depth: number, handler: Handler): void {
  for (const [name, value] of attributes) {
    if (name === 'xmlns') handler.declare?.('', value, depth)
    else if (name.startsWith('xmlns:')) handler.declare?.(name.slice(6), value, depth)
  }
}

function resolve({ tag, attributes }: Tag, scope: Map<string, string>, where: string): Element {
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

function unescape(
  raw: string,
  references: Readonly<Record<string, string>>,
  where: string,
): string {
  // XML 1.0 §2.2, without the raw carriage return that a reader would normalise away.
  if (/[^\t\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]|[<>]/u.test(raw))
    throw new Rejection('VERIFY-XML', where)
  if (references === VALUE_REFERENCES && /[\t\n"]/u.test(raw))
    throw new Rejection('VERIFY-XML', where)
  if (!raw.includes('&')) return raw
  return raw.replaceAll(/&[^;&]{0,8};?/gu, (reference) => references[reference] ?? reject(where))
}

function reject(where: string): never {
  throw new Rejection('VERIFY-XML', where)
}
