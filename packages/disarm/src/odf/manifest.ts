import { Refusal, refuse } from '../family.ts'
import type { XmlElement } from '../xml/read.ts'
import { XmlReader } from '../xml/read.ts'
import { XML_HEADER, escapeValue } from '../xml/write.ts'
import { withoutDoctype } from './doctype.ts'
import type { Encryption } from './encryption.ts'

const MANIFEST = 'urn:oasis:names:tc:opendocument:xmlns:manifest:1.0'
/** The first drafts of the format had another name for it. */
const MANIFESTS: ReadonlySet<string> = new Set([MANIFEST, 'http://openoffice.org/2001/manifest'])
export const MANIFEST_NAME = 'META-INF/manifest.xml'

/** How each encrypted member is encrypted (ODF 1.3 part 2 §4.8.4). All else that the manifest says is not believed. */
export function readEncryption(bytes: Uint8Array): ReadonlyMap<string, Encryption> {
  const found = new Map<string, Encryption>()
  let path = ''
  let current: Record<string, string> | undefined
  const reader = new XmlReader(withoutDoctype([bytes], () => {}))
  for (let token = reader.next(); token; token = reader.next()) {
    if (token.kind !== 'open' || !MANIFESTS.has(token.element.uri)) continue
    const { local } = token.element
    const values = valuesOf(token.element)
    if (local === 'file-entry') path = values['full-path'] ?? ''
    if (local === 'file-entry') current = { size: values['size'] ?? '' }
    if (local === 'encrypted-key' || local === 'KeyInfo') refuse('ENCRYPTED')
    if (!current) continue
    if (ENCRYPTION_ELEMENTS.has(local)) {
      for (const [name, value] of Object.entries(values)) current[`${local} ${name}`] = value
      found.set(path, current)
    }
  }
  return found
}

/** What the package says it is; for one whose member `mimetype` was lost. Nothing when the manifest cannot be read. */
export function mediaTypeOf(bytes: Uint8Array): string | undefined {
  try {
    const reader = new XmlReader(withoutDoctype([bytes], () => {}))
    for (let token = reader.next(); token; token = reader.next()) {
      if (token.kind !== 'open' || token.element.local !== 'file-entry') continue
      const values = valuesOf(token.element)
      if (MANIFESTS.has(token.element.uri) && values['full-path'] === '/')
        return values['media-type']
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
  }
  return undefined
}

const ENCRYPTION_ELEMENTS: ReadonlySet<string> = new Set([
  'encryption-data',
  'algorithm',
  'key-derivation',
  'start-key-generation',
])

function valuesOf(element: XmlElement): Record<string, string> {
  return Object.fromEntries(element.attributes.map(({ local, value }) => [local, value]))
}

interface Listed {
  readonly name: string
  readonly mediaType: string
  readonly version?: string
}

/**
 * A manifest of exactly what was written. Documents are listed with the version that their content says, because LibreOffice opens
 * nothing where the two differ; before 1.2 there was none to differ from.
 */
export function manifestOf(
  mimetype: string,
  version: string,
  entries: readonly Listed[],
): Uint8Array {
  const rows = [{ name: '/', mediaType: mimetype, version }, ...entries].map(fileEntry)
  return new TextEncoder().encode(
    `${XML_HEADER}<manifest:manifest xmlns:manifest="${MANIFEST}" manifest:version="${listedVersion(version)}">` +
      `${rows.join('')}</manifest:manifest>`,
  )
}

function fileEntry({ name, mediaType, version }: Listed): string {
  const versioned = version === undefined ? '' : ` manifest:version="${listedVersion(version)}"`
  return `<manifest:file-entry manifest:full-path="${escapeValue(name)}"${versioned} manifest:media-type="${escapeValue(mediaType)}"/>`
}

function listedVersion(version: string): string {
  return /^1\.[2-4]$/.test(version) ? version : '1.2'
}
