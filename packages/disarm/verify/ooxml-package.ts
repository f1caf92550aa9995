import { CORE, DEFAULT_TYPES, HYPERLINK, OFFICE_DOCUMENT, PARTS, PROGRAM } from './ooxml-tables.ts'
import { Rejection, demand } from './rejection.ts'
import { urlAllowed } from './url.ts'
import { scanXml } from './xml.ts'
import type { Element } from './xml.ts'

export const CONTENT_TYPES = '[Content_Types].xml'
export const ROOT_RELATIONSHIPS = '_rels/.rels'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006/'
const RELATIONSHIPS_TYPE = DEFAULT_TYPES['rels']!

/** One relationship (ECMA-376 part 2, §9.3). */
export interface Relationship {
  readonly id: string
  readonly type: string
  /** Part name, or the URL of a link. */
  readonly target: string
  readonly external: boolean
}

/**
 * Part name → content type (part 2, §10.1.2.3): a default per known extension, an override for every XML part and for no
 * other, each once.
 */
export function contentTypes(
  bytes: Uint8Array,
  names: ReadonlySet<string>,
): (name: string) => string | undefined {
  const types = new Map<string, string>()
  scanXml(bytes, CONTENT_TYPES, {
    open: (element, depth) => {
      const known = element.namespace === `${PACKAGE}content-types` && depth <= 1
      demand(known, 'VERIFY-OOXML-TYPE', CONTENT_TYPES)
      if (depth === 0) return demand(element.name === 'Types', 'VERIFY-OOXML-TYPE', CONTENT_TYPES)
      const [key, type] = declaration(element, names)
      demand(!types.has(key), 'VERIFY-OOXML-TYPE', CONTENT_TYPES)
      types.set(key, type)
    },
  })
  return (name) =>
    types.get(`/${name}`) ?? (name.endsWith('.xml') ? undefined : types.get(extension(name)))
}

function extension(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}

function declaration(
  element: Element,
  names: ReadonlySet<string>,
): readonly [key: string, type: string] {
  const values = element.attributes.map(({ value }) => value)
  const spelled = element.attributes.map(({ name, namespace }) => `${namespace}${name}`).join(' ')
  const [key = '', type = ''] = values
  const isDefault = element.name === 'Default' && spelled === 'Extension ContentType'
  const isOverride = element.name === 'Override' && spelled === 'PartName ContentType'
  const fair =
    (isDefault && Object.hasOwn(DEFAULT_TYPES, key) && DEFAULT_TYPES[key] === type) ||
    (isOverride && key.endsWith('.xml') && key.startsWith('/') && names.has(key.slice(1)))
  demand(fair, 'VERIFY-OOXML-TYPE', CONTENT_TYPES)
  return [key, type]
}

/** The name of the relationships of a part; of the package for ''. */
export function relationshipsName(part: string): string {
  const slash = part.lastIndexOf('/') + 1
  return `${part.slice(0, slash)}_rels/${part.slice(slash)}.rels`
}

/** Reads one relationships part: ids in order, targets absolute, types of the allow-list, outside only links by the URL policy. */
export function readRelationships(
  bytes: Uint8Array,
  where: string,
): ReadonlyMap<string, Relationship> {
  const found = new Map<string, Relationship>()
  scanXml(bytes, where, {
    open: (element, depth) => {
      const name = depth === 0 ? 'Relationships' : 'Relationship'
      const known = element.namespace === `${PACKAGE}relationships` && element.name === name
      demand(known && depth <= 1, 'VERIFY-OOXML-RELATIONSHIP', where)
      if (depth === 0) return
      const relationship = relationshipOf(element, where)
      demand(relationship.id === `rId${found.size + 1}`, 'VERIFY-OOXML-RELATIONSHIP', where)
      found.set(relationship.id, relationship)
    },
  })
  demand(found.size > 0, 'VERIFY-OOXML-RELATIONSHIP', where)
  return found
}

function relationshipOf({ attributes }: Element, where: string): Relationship {
  const [id = '', type = '', target = '', mode] = attributes.map(({ value }) => value)
  const spelled = attributes.map(({ name, namespace }) => `${namespace}${name}`).join(' ')
  const external = spelled === 'Id Type Target TargetMode' && mode === 'External'
  demand(external || spelled === 'Id Type Target', 'VERIFY-OOXML-RELATIONSHIP', where)
  if (external) {
    demand(type === HYPERLINK && urlAllowed(target), 'VERIFY-OOXML-EXTERNAL', where)
    return { id, type, target, external }
  }
  const listed = Object.hasOwn(PARTS, type) && target.startsWith('/')
  demand(listed, 'VERIFY-OOXML-RELATIONSHIP', `${where} ${type.slice(type.lastIndexOf('/') + 1)}`)
  demand(
    [OFFICE_DOCUMENT, CORE, PROGRAM].includes(type) === (where === ROOT_RELATIONSHIPS),
    'VERIFY-OOXML-RELATIONSHIP',
    where,
  )
  return { id, type, target: target.slice(1), external }
}

/** Entries stand as they are written: content types, root relationships, then each part with its relationships behind it. */
export function verifyOrder(names: readonly string[]): void {
  const [first, second] = names
  demand(first === CONTENT_TYPES && second === ROOT_RELATIONSHIPS, 'VERIFY-OOXML', 'order')
  names.slice(2).forEach((name, index) => {
    if (!name.endsWith('.rels')) return
    demand(relationshipsName(names[index + 1]!) === name, 'VERIFY-OOXML-ORPHAN', name)
  })
}

export function isRelationshipsType(type: string | undefined, where: string): void {
  if (type !== RELATIONSHIPS_TYPE) throw new Rejection('VERIFY-OOXML-TYPE', where)
}
