import type { Budget } from './budget.ts'
import type { Shelf } from './odf-part.ts'
import { verifyOdfPart } from './odf-part.ts'
import { verifyPicture } from './picture.ts'
import { Rejection, demand } from './rejection.ts'
import { verifySvg } from './svg.ts'
import { openZip } from './zip.ts'
import type { SealedMember } from './zip.ts'

const BASE = 'application/vnd.oasis.opendocument.'
/** Media type behind the base → type of the file and element of the body. */
const KINDS: Readonly<Record<string, readonly [type: string, body: string]>> = {
  text: ['odt', 'text'],
  spreadsheet: ['ods', 'spreadsheet'],
  presentation: ['odp', 'presentation'],
  graphics: ['odg', 'drawing'],
  'text-template': ['ott', 'text'],
  'spreadsheet-template': ['ots', 'spreadsheet'],
  'presentation-template': ['otp', 'presentation'],
  'graphics-template': ['otg', 'drawing'],
}
/** Element of the body → media type of a document inside another. */
const INNER: Readonly<Record<string, string>> = {
  text: 'text',
  spreadsheet: 'spreadsheet',
  presentation: 'presentation',
  drawing: 'graphics',
  chart: 'chart',
  math: 'formula',
}
const PICTURES: Readonly<Record<string, readonly [type: string, media: string]>> = {
  png: ['png', 'image/png'],
  jpg: ['jpeg', 'image/jpeg'],
  gif: ['gif', 'image/gif'],
  tif: ['tiff', 'image/tiff'],
  bmp: ['bmp', 'image/bmp'],
  webp: ['webp', 'image/webp'],
  emf: ['emf', 'image/x-emf'],
  wmf: ['wmf', 'image/x-wmf'],
  svg: ['svg', 'image/svg+xml'],
}
const MANIFEST = 'META-INF/manifest.xml'
const MAX_DEPTH = 4
const XML_PARTS = ['styles', 'settings', 'meta']

/**
 * Accepts a rebuilt OpenDocument file.
 * @param flat `fodt` … `fodg` for the flat forms, empty for packages; returns the type, e.g. `odt`.
 */
export function verifyOdf(bytes: Uint8Array, budget: Budget, flat: string): string {
  return flat === '' ? verifyPackage(bytes, budget) : verifyFlat(bytes, budget, flat)
}

function verifyFlat(bytes: Uint8Array, budget: Budget, flat: string): string {
  const { root, body, mimetype } = verifyOdfPart(bytes, 'document', undefined, budget)
  const kind = kindOf(mimetype)
  demand(root === 'office:document' && kind[1] === body, 'VERIFY-ODF', 'root')
  demand(`f${kind[0]}` === flat, 'VERIFY-TYPE', flat)
  return flat
}

function kindOf(mimetype: string): readonly [type: string, body: string] {
  const name = mimetype.startsWith(BASE) ? mimetype.slice(BASE.length) : ''
  const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined
  if (!kind) throw new Rejection('VERIFY-ODF', 'mimetype')
  return kind
}

function verifyPackage(bytes: Uint8Array, budget: Budget): string {
  const members = openZip(bytes, budget)
  const [first] = members
  // Method 0 in the first local header: programs look for the type at a fixed place.
  const stored = bytes[8] === 0 && bytes[9] === 0
  demand(first?.name === 'mimetype' && stored, 'VERIFY-ODF', 'mimetype')
  const mimetype = Buffer.from(first.content()).toString('latin1')
  const [type, body] = kindOf(mimetype)
  const pack = new PackageReader(members, budget)
  const [found, version] = pack.document('', 0)
  demand(found === body, 'VERIFY-ODF', 'body')
  pack.end(mimetype, version)
  return type
}

/** Walks the members in the only order they may have: each document's parts, its pictures, the documents inside it. */
class PackageReader {
  readonly #members: readonly SealedMember[]
  readonly #budget: Budget
  /** Rows of the manifest that must be. */
  readonly #listed: string[] = []
  #at = 1

  constructor(members: readonly SealedMember[], budget: Budget) {
    this.#members = members
    this.#budget = budget
  }

  /** @returns the element in the body, and the version that the document says it has */
  document(folder: string, depth: number): readonly [body: string, version: string] {
    demand(depth <= MAX_DEPTH, 'VERIFY-LIMIT', folder)
    const shelf = new FolderShelf(depth)
    const row = this.#listed.length
    const content = this.#xml(`${folder}content.xml`, shelf)
    const math = content.root === 'math:math'
    demand(math || content.root === 'office:document-content', 'VERIFY-ODF', `${folder}content.xml`)
    const body = math ? 'math' : content.body
    const media = Object.hasOwn(INNER, body) ? BASE + INNER[body]! : ''
    demand(media !== '', 'VERIFY-ODF', `${folder}content.xml`)
    if (folder !== '') this.#listed.splice(row, 0, listing(folder, media, content.version))
    for (const name of XML_PARTS) {
      if (this.#next?.name !== `${folder}${name}.xml`) continue
      const { root } = this.#xml(`${folder}${name}.xml`, shelf)
      demand(root === `office:document-${name}`, 'VERIFY-ODF', `${folder}${name}.xml`)
    }
    for (const name of shelf.pictures)
      this.#picture(folder + name, name.slice(name.lastIndexOf('.') + 1))
    for (const name of shelf.replacements) this.#picture(folder + name, '')
    for (let number = 1; number <= shelf.objects; number++)
      this.document(`${folder}Object ${number}/`, depth + 1)
    return [body, content.version]
  }

  /** Nothing is left but the manifest, and it lists exactly what was there. */
  end(mimetype: string, version: string): void {
    const manifest = this.#take(MANIFEST)
    demand(this.#at === this.#members.length, 'VERIFY-ODF', this.#next?.name ?? '')
    const expected = Buffer.from(manifestText(mimetype, version, this.#listed))
    demand(expected.equals(manifest.content()), 'VERIFY-ODF', MANIFEST)
  }

  get #next(): SealedMember | undefined {
    return this.#members[this.#at]
  }

  #take(name: string): SealedMember {
    const member = this.#next
    if (member?.name !== name) throw new Rejection('VERIFY-ODF', name)
    this.#at++
    return member
  }

  #xml(name: string, shelf: Shelf) {
    const member = this.#take(name)
    this.#listed.push(listing(name, 'text/xml'))
    return verifyOdfPart(member.pieces(), name, shelf, this.#budget)
  }

  #picture(name: string, extension: string): void {
    const bytes = this.#take(name).content()
    const form = Object.hasOwn(PICTURES, extension)
      ? PICTURES[extension]
      : Object.values(PICTURES).find(([type]) => startsAs(bytes, type))
    if (!form) throw new Rejection('VERIFY-ODF-PICTURE', name)
    this.#listed.push(listing(name, form[1]))
    if (form[0] === 'svg') verifySvg(bytes, this.#budget, name)
    else verifyPicture(bytes, form[0], this.#budget, name)
  }
}

const MARKS: Readonly<Record<string, string>> = {
  png: '\u0089PNG',
  jpeg: '\u00ff\u00d8',
  gif: 'GIF8',
  tiff: 'II*\u0000',
  bmp: 'BM',
  webp: 'RIFF',
  emf: '\u0001\u0000\u0000\u0000',
  wmf: '\u00d7\u00cd\u00c6\u009a',
  svg: '<?xm',
}

function startsAs(bytes: Uint8Array, type: string): boolean {
  return Buffer.from(bytes.subarray(0, 4))
    .toString('latin1')
    .startsWith(MARKS[type] ?? '\u0000')
}

/** Pictures are `Pictures/1.png`, `Pictures/2.jpg` … as they are first named; documents `Object 1`, `Object 2` … */
class FolderShelf implements Shelf {
  readonly pictures = new Set<string>()
  readonly replacements = new Set<string>()
  objects = 0
  readonly #depth: number

  constructor(depth: number) {
    this.#depth = depth
  }

  picture(href: string): void {
    if (this.pictures.has(href)) return
    const [, number, extension = ''] =
      /^Pictures\/([1-9][0-9]{0,5})\.([a-z]{3,4})$/u.exec(href) ?? []
    const due = Number(number) === this.pictures.size + 1 && Object.hasOwn(PICTURES, extension)
    demand(due, 'VERIFY-ODF-URL', href)
    this.pictures.add(href)
  }

  object(href: string): void {
    const number = Number(/^\.\/Object ([1-9][0-9]{0,5})$/u.exec(href)?.[1] ?? 0)
    const due = number >= 1 && number <= this.objects + 1 && this.#depth < MAX_DEPTH
    demand(due, 'VERIFY-ODF-URL', href)
    this.objects = Math.max(this.objects, number)
  }

  replacement(href: string): void {
    this.replacements.add(href.slice(2))
  }
}

function manifestText(mimetype: string, version: string, listed: readonly string[]): string {
  return (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' +
    `<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="${listed12(version)}">` +
    `${listing('/', mimetype, version)}${listed.join('')}</manifest:manifest>`
  )
}

function listing(name: string, media: string, version?: string): string {
  const versioned = version === undefined ? '' : ` manifest:version="${listed12(version)}"`
  return `<manifest:file-entry manifest:full-path="${name}"${versioned} manifest:media-type="${media}"/>`
}

/** Manifests say a version since 1.2. */
function listed12(version: string): string {
  return ['1.2', '1.3', '1.4'].includes(version) ? version : '1.2'
}
