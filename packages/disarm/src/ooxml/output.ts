import { XML_HEADER, escapeValue } from '../xml/write.ts'
import type { Content } from '../zip/deflate.ts'
import type { NewEntry } from '../zip/write.ts'
import type { ImageType } from '../image/index.ts'
import { CONTENT_TYPES, PACKAGE_RELATIONSHIPS } from './namespaces.ts'
import { OFFICE_DOCUMENT } from './relationships.ts'
import type { Program } from './program.ts'
import { PROGRAM_RELATIONSHIP, PROGRAM_TYPE } from './program.ts'
import type { Title } from './title.ts'
import { CORE_RELATIONSHIP, CORE_TYPE, corePart } from './title.ts'

/** One part to be written, under its new name. */
export interface OutPart {
  readonly name: string
  readonly type: string
  readonly kind: string
  readonly relationships: OutRelationship[]
  bytes: Content
}

export interface OutRelationship {
  readonly id: string
  readonly type: string
  readonly target: string
  readonly external: boolean
}

/** What may stand beside the document: its title, and which kind of program wrote it. */
export interface Properties {
  readonly title?: Title | undefined
  readonly program?: Program | undefined
}

/** The members of the new package in the order of the grammar; the first part is the main part. */
export function packageEntries(parts: readonly OutPart[], properties: Properties = {}): NewEntry[] {
  const beside = propertyParts(properties)
  const root = [{ type: OFFICE_DOCUMENT, name: parts[0]?.name ?? '' }, ...beside.map(linkOf)]
  const links = root.map(({ type, name }, index) => ({
    id: `rId${index + 1}`,
    type,
    target: `/${name}`,
    external: false,
  }))
  return [
    { name: '[Content_Types].xml', bytes: contentTypes([...parts, ...beside]) },
    { name: '_rels/.rels', bytes: relationshipsPart(links) },
    ...parts.flatMap(entriesOf),
    ...beside.map(({ name, bytes }) => ({ name, bytes })),
  ]
}

interface PropertyPart {
  readonly name: string
  readonly type: string
  readonly relationship: string
  readonly bytes: Uint8Array
}

function propertyParts({ title, program }: Properties): readonly PropertyPart[] {
  const core = title && {
    name: 'docProps/core.xml',
    type: CORE_TYPE,
    relationship: CORE_RELATIONSHIP,
    bytes: corePart(title),
  }
  const extended = program && {
    name: 'docProps/app.xml',
    type: PROGRAM_TYPE,
    relationship: PROGRAM_RELATIONSHIP,
    bytes: program.bytes,
  }
  return [core, extended].filter((part) => part !== undefined)
}

function linkOf({ name, relationship }: PropertyPart): { type: string; name: string } {
  return { type: relationship, name }
}

/** Content type by the kind of picture, which is also its extension. */
export const MEDIA_TYPES: Readonly<Record<ImageType, string>> = {
  png: 'image/png',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  tiff: 'image/tiff',
  bmp: 'image/bmp',
  webp: 'image/webp',
  emf: 'image/x-emf',
  wmf: 'image/x-wmf',
}

function entriesOf(part: OutPart): NewEntry[] {
  const entry = { name: part.name, bytes: part.bytes }
  if (part.relationships.length === 0) return [entry]
  const slash = part.name.lastIndexOf('/') + 1
  const name = `${part.name.slice(0, slash)}_rels/${part.name.slice(slash)}.rels`
  return [entry, { name, bytes: relationshipsPart(part.relationships) }]
}

function relationshipsPart(relationships: readonly OutRelationship[]): Uint8Array {
  const rows = relationships.map(
    ({ id, type, target, external }) =>
      `<Relationship Id="${id}" Type="${escapeValue(type)}" Target="${escapeValue(target)}"` +
      `${external ? ' TargetMode="External"' : ''}/>`,
  )
  return xml(`<Relationships xmlns="${PACKAGE_RELATIONSHIPS}">${rows.join('')}</Relationships>`)
}

const DEFAULTS: readonly (readonly [extension: string, type: string])[] = [
  ['rels', 'application/vnd.openxmlformats-package.relationships+xml'],
  ['xml', 'application/xml'],
  ...Object.entries(MEDIA_TYPES),
  ['vml', 'application/vnd.openxmlformats-officedocument.vmlDrawing'],
  ['bin', 'application/vnd.ms-office.vbaProject'],
]

function contentTypes(parts: readonly Pick<OutPart, 'name' | 'type'>[]): Uint8Array {
  const defaults = DEFAULTS.filter(
    ([extension], index) => index < 2 || parts.some(({ name }) => name.endsWith(`.${extension}`)),
  ).map(([extension, type]) => `<Default Extension="${extension}" ContentType="${type}"/>`)
  const overrides = parts
    .filter(({ name }) => name.endsWith('.xml'))
    .map(({ name, type }) => `<Override PartName="/${name}" ContentType="${type}"/>`)
  return xml(`<Types xmlns="${CONTENT_TYPES}">${defaults.join('')}${overrides.join('')}</Types>`)
}

function xml(body: string): Uint8Array {
  return new TextEncoder().encode(XML_HEADER + body)
}
