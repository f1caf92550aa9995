import type { Context } from '../family.ts'
import { refuse } from '../family.ts'
import { readXml } from '../xml/read.ts'
import type { XmlElement } from '../xml/read.ts'
import type { Zip, ZipEntry } from '../zip/read.ts'
import { readEntry, readEntryPieces, readZip } from '../zip/read.ts'
import { CONTENT_TYPES, PACKAGE_RELATIONSHIPS } from './namespaces.ts'
import { isStrict, transitionalName } from './strict.ts'

/** An Open Packaging Conventions package (ECMA-376 part 2), read strictly. Part names are lower-cased and decoded. */
export interface Package {
  readonly names: readonly string[]
  has(name: string): boolean
  /** Content type in lower case; empty when none is declared. */
  contentType(name: string): string
  read(name: string): Uint8Array
  /** The same piece by piece; a piece is only valid until the next one is asked for. */
  pieces(name: string): Iterable<Uint8Array>
  relationships(source: string): readonly Relationship[]
  /** Whether the package calls its main part by the name of ISO/IEC 29500 Strict. All names here are those of Transitional. */
  readonly strict: boolean
}

export interface Relationship {
  readonly id: string
  readonly type: string
  readonly external: boolean
  /** Part name, resolved and lower-cased, for internal ones; the raw URI for external ones. */
  readonly target: string
}

/** Relationships of one part. Office writes a few thousand for the largest link lists. */
const MAX_RELATIONSHIPS = 70_000

export function openPackage(input: Uint8Array, context: Context): Package {
  const zip = readZip(input, context)
  const entries = indexEntries(zip)
  const types = readTypes(zip, entries, context)
  const cache = new Map<string, readonly Relationship[]>()
  const read = (name: string) => readEntry(zip, entries.get(name) ?? refuse('OX-CT'), context)
  const relationships = (source: string) => {
    const known = cache.get(source)
    if (known) return known
    const name = relationshipsName(source)
    const found = entries.has(name) ? readRelationships(read(name), source, context) : []
    cache.set(source, found)
    return found
  }
  const root = entries.get(relationshipsName(''))
  return {
    strict: root !== undefined && namesStrictly(readEntry(zip, root, context)),
    names: [...entries.keys()].filter((name) => name !== TYPES_NAME && !name.endsWith('.rels')),
    has: (name) => entries.has(name),
    contentType: types,
    read,
    pieces: (name) => readEntryPieces(zip, entries.get(name) ?? refuse('OX-CT'), context),
    relationships,
  }
}

/** The main part's content type, without reading anything else: for type detection. */
export function mainContentType(zip: Zip, context: Context): string {
  const entries = indexEntries(zip)
  const root = entries.get(relationshipsName(''))
  if (!root) return refuse('OX-CT')
  const main = readRelationships(readEntry(zip, root, context), '', context).find(
    ({ type, external }) => type.endsWith('/officeDocument') && !external,
  )
  if (!main) return ''
  return readTypes(zip, entries, context)(main.target)
}

const TYPES_NAME = '[content_types].xml'

/** Two members that one reader merges and another does not are a parser-confusion attack. */
function indexEntries(zip: Zip): Map<string, ZipEntry> {
  const entries = new Map<string, ZipEntry>()
  for (const entry of zip.entries) {
    if (entry.encrypted) refuse('ENCRYPTED')
    if (entry.special) refuse('ZIP-LINK')
    if (entry.directory) continue
    const name = partName(entry.name)
    if (entries.has(name)) refuse('ZIP-DUP')
    entries.set(name, entry)
  }
  return entries
}

function partName(raw: string): string {
  const name = decodeOnce(raw).replaceAll('\\', '/').normalize('NFC').toLowerCase()
  const segments = name.split('/')
  if (segments.some((segment) => segment === '' || /^\.+$|[. ]$/.test(segment))) refuse('ZIP-TRAV')
  return name
}

function decodeOnce(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function relationshipsName(source: string): string {
  const slash = source.lastIndexOf('/') + 1
  return `${source.slice(0, slash)}_rels/${source.slice(slash)}.rels`
}

function readTypes(
  zip: Zip,
  entries: ReadonlyMap<string, ZipEntry>,
  context: Context,
): (name: string) => string {
  const part = entries.get(TYPES_NAME) ?? refuse('OX-CT')
  const defaults = new Map<string, string>()
  const overrides = new Map<string, string>()
  for (const element of rows(readEntry(zip, part, context), CONTENT_TYPES, 'Types')) {
    const type = attribute(element, 'ContentType').trim().toLowerCase()
    if (element.local === 'Default')
      declare(defaults, attribute(element, 'Extension').toLowerCase(), type)
    if (element.local === 'Override') {
      declare(overrides, partName(attribute(element, 'PartName').replace(/^\//, '')), type)
    }
  }
  return (name) => overrides.get(name) ?? defaults.get(name.slice(name.lastIndexOf('.') + 1)) ?? ''
}

/** The same name with two types is two truths. */
function declare(table: Map<string, string>, key: string, type: string): void {
  if ((table.get(key) ?? type) !== type) refuse('OX-CT')
  table.set(key, type)
}

function readRelationships(
  bytes: Uint8Array,
  source: string,
  context: Context,
): readonly Relationship[] {
  const found = new Map<string, Relationship>()
  for (const element of rows(bytes, PACKAGE_RELATIONSHIPS, 'Relationships')) {
    context.checkTime()
    if (element.local !== 'Relationship') continue
    const id = attribute(element, 'Id')
    if (found.has(id) || found.size >= MAX_RELATIONSHIPS) refuse('OX-CT')
    const external = attribute(element, 'TargetMode').toLowerCase() === 'external'
    const raw = attribute(element, 'Target')
    const target = external ? raw : resolveTarget(source, raw)
    found.set(id, { id, type: transitionalName(attribute(element, 'Type')), external, target })
  }
  return [...found.values()]
}

function namesStrictly(root: Uint8Array): boolean {
  for (const element of rows(root, PACKAGE_RELATIONSHIPS, 'Relationships')) {
    if (isStrict(attribute(element, 'Type'))) return true
  }
  return false
}

/** RFC 3986 §5 for the little that part names need; what climbs out of the package names nothing. */
function resolveTarget(source: string, raw: string): string {
  const path = decodeOnce(raw.split(/[#?]/, 1)[0] ?? '').replaceAll('\\', '/')
  const base = path.startsWith('/') ? [] : source.split('/').slice(0, -1)
  const segments = [...base]
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop()
    else if (segment !== '.' && segment !== '') segments.push(segment)
  }
  return segments.join('/').normalize('NFC').toLowerCase()
}

/** Children of a flat list part; anything in another namespace is skipped. */
function* rows(bytes: Uint8Array, uri: string, root: string): Generator<XmlElement> {
  for (const token of readXml(bytes)) {
    if (token.kind !== 'open') continue
    const { element, depth } = token
    if (depth === 0 && (element.uri !== uri || element.local !== root)) refuse('OX-CT')
    if (depth === 1 && element.uri === uri) yield element
  }
}

function attribute(element: XmlElement, local: string): string {
  return element.attributes.find((one) => one.uri === '' && one.local === local)?.value ?? ''
}
