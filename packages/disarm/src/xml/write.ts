import type { XmlAttribute, XmlElement, XmlNode } from './read.ts'
import { XML_NAMESPACE } from './read.ts'

/** Prefix per namespace name; `''` is the default namespace and may be used for elements only. */
export interface Prefixes {
  get(uri: string): string | undefined
}

/** Namespace name and prefix, in the order they are declared. */
export type Declarations = Iterable<readonly [uri: string, prefix: string]>

export const XML_HEADER = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

/**
 * Writes the one XML form of docs/design/disarm-grammar.md. All namespaces are declared on the root with fixed
 * prefixes, so that the prefixes of the input (which some readers trust) do not survive.
 */
export function openTag(
  element: XmlElement,
  prefixes: Prefixes,
  declare: Declarations = [],
): string {
  let tag = `<${elementName(element, prefixes)}`
  for (const [uri, prefix] of declare) {
    tag += ` xmlns${prefix === '' ? '' : ':'}${prefix}="${escapeValue(uri)}"`
  }
  for (const attribute of element.attributes) {
    tag += ` ${attributeName(attribute, prefixes)}="${escapeValue(attribute.value)}"`
  }
  return tag
}

/** An element with all it holds. Recursion is bounded by the reader's depth limit. */
export function writeElement(
  element: XmlElement,
  prefixes: Prefixes,
  declare: Declarations = [],
): string {
  const tag = openTag(element, prefixes, declare)
  if (element.children.length === 0) return `${tag}/>`
  return `${tag}>${writeNodes(element.children, prefixes)}${closeTag(element, prefixes)}`
}

export function writeNodes(nodes: readonly XmlNode[], prefixes: Prefixes): string {
  let out = ''
  for (const node of nodes) {
    out += typeof node === 'string' ? escapeText(node) : writeElement(node, prefixes)
  }
  return out
}

export function closeTag(element: XmlElement, prefixes: Prefixes): string {
  return `</${elementName(element, prefixes)}>`
}

function elementName({ uri, local }: XmlElement, prefixes: Prefixes): string {
  if (uri === '') return local
  const prefix = prefixes.get(uri)
  if (prefix === undefined) throw new Error('element of a namespace without a prefix')
  return prefix === '' ? local : `${prefix}:${local}`
}

function attributeName({ uri, local }: XmlAttribute, prefixes: Prefixes): string {
  if (uri === '') return local
  if (uri === XML_NAMESPACE) return `xml:${local}`
  const prefix = prefixes.get(uri)
  if (!prefix) throw new Error('attribute of a namespace without a prefix')
  return `${prefix}:${local}`
}

const TEXT_SPECIAL = /[&<>\r]/g
const VALUE_SPECIAL = /[&<>"\t\n\r]/g

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
}

export function escapeText(text: string): string {
  return text.replace(TEXT_SPECIAL, (found) => ESCAPES[found] ?? '')
}

export function escapeValue(text: string): string {
  return text.replace(VALUE_SPECIAL, (found) => ESCAPES[found] ?? '')
}
