import { XML_NAMESPACE } from '../xml/read.ts'
import { ATTRIBUTES } from './attributes.ts'
import { ATTRIBUTE_DANGERS, DANGEROUS_NAMESPACES } from './dangers.ts'
import { PREFIXES, TRACES } from './namespaces.ts'
import { ELEMENTS, TEXTUAL, holds } from './vocabulary.ts'

export interface ElementName {
  /** Ours, or that of a dangerous vocabulary, or `?`. */
  readonly prefix: string
  /** `prefix:local`. */
  readonly key: string
  /** In the vocabulary. */
  readonly known: boolean
  /** Holds characters. */
  readonly textual: boolean
}

export interface AttributeName {
  readonly prefix: string
  readonly key: string
  readonly known: boolean
  /** What to report when it is not written. */
  readonly rule: string
}

/** What the tables say about an element. A million cells ask the same. */
export function elementName(uri: string, local: string): ElementName {
  const found = KNOWN_ELEMENTS.get(uri)?.get(local)
  if (found) return found
  const prefix = PREFIXES.get(uri) ?? DANGEROUS_NAMESPACES.get(uri) ?? '?'
  return { prefix, key: `${prefix}:${local}`, known: false, textual: false }
}

export function attributeName(uri: string, local: string): AttributeName {
  const found = KNOWN_ATTRIBUTES.get(uri)?.get(local)
  if (found) return found
  const prefix = PREFIXES.get(uri) ?? DANGEROUS_NAMESPACES.get(uri) ?? '?'
  return {
    prefix,
    key: `${prefix}:${local}`,
    known: false,
    rule: attributeRule(uri, prefix, local),
  }
}

function attributeRule(uri: string, prefix: string, local: string): string {
  if (TRACES.has(uri)) return 'ODF-META'
  return ATTRIBUTE_DANGERS.get(`${prefix}:${local}`) ?? ATTRIBUTE_DANGERS.get(prefix) ?? 'ODF-PKG'
}

type Table<Name> = ReadonlyMap<string, ReadonlyMap<string, Name>>

const KNOWN_ELEMENTS: Table<ElementName> = new Map(
  [...PREFIXES].map(([uri, prefix]) => [
    uri,
    new Map(
      [...(ELEMENTS.get(prefix) ?? [])].map((local) => [
        local,
        { prefix, key: `${prefix}:${local}`, known: true, textual: holds(TEXTUAL, prefix, local) },
      ]),
    ),
  ]),
)

const KNOWN_ATTRIBUTES: Table<AttributeName> = new Map(
  [...PREFIXES, ['', ''] as const, [XML_NAMESPACE, 'xml'] as const].map(([uri, prefix]) => [
    uri,
    new Map(
      [...(ATTRIBUTES.get(prefix) ?? [])].map((local) => [
        local,
        { prefix, key: `${prefix}:${local}`, known: true, rule: 'ODF-PKG' },
      ]),
    ),
  ]),
)
