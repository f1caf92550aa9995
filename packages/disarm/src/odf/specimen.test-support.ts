import { createCipheriv, createHash, pbkdf2Sync } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import { writeZip } from '../zip/write.ts'
import { placeholderPng } from '../image/index.ts'

/** A hostile (or harmless) OpenDocument file in a few words. */
export interface Specimen {
  /** `odt`, `ods` …; a flat file for `fodt` …. */
  readonly type: string
  /** Inside the element of the body. */
  readonly body?: string
  /** Beside the body: scripts, styles, declarations. */
  readonly before?: string
  readonly styles?: string
  readonly settings?: string
  readonly meta?: string
  /** Further members, text or bytes. */
  readonly members?: Readonly<Record<string, string | Uint8Array>>
  readonly manifest?: string
  /** The whole XML of the content, or of the flat file, instead of what the other words make. */
  readonly content?: string
}

const OASIS = 'urn:oasis:names:tc:opendocument:xmlns:'
/** Declarations for every prefix that the pieces use. */
export const DECLARATIONS = Object.entries({
  office: `${OASIS}office:1.0`,
  text: `${OASIS}text:1.0`,
  table: `${OASIS}table:1.0`,
  draw: `${OASIS}drawing:1.0`,
  style: `${OASIS}style:1.0`,
  number: `${OASIS}datastyle:1.0`,
  fo: `${OASIS}xsl-fo-compatible:1.0`,
  svg: `${OASIS}svg-compatible:1.0`,
  presentation: `${OASIS}presentation:1.0`,
  anim: `${OASIS}animation:1.0`,
  smil: `${OASIS}smil-compatible:1.0`,
  chart: `${OASIS}chart:1.0`,
  form: `${OASIS}form:1.0`,
  script: `${OASIS}script:1.0`,
  config: `${OASIS}config:1.0`,
  meta: `${OASIS}meta:1.0`,
  of: `${OASIS}of:1.2`,
  math: 'http://www.w3.org/1998/Math/MathML',
  xlink: 'http://www.w3.org/1999/xlink',
  dc: 'http://purl.org/dc/elements/1.1/',
  ooo: 'http://openoffice.org/2004/office',
  xforms: 'http://www.w3.org/2002/xforms',
  field: 'urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0',
  calcext: 'urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0',
  loext: 'urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0',
  officeooo: 'http://openoffice.org/2009/office',
  chartooo: 'http://openoffice.org/2010/chart',
  foreign: 'http://example.jp/foreign',
})
  .map(([prefix, uri]) => ` xmlns:${prefix}="${uri}"`)
  .join('')

const BODIES: Readonly<Record<string, string>> = {
  odt: 'text',
  ods: 'spreadsheet',
  odp: 'presentation',
  odg: 'drawing',
}
const MEDIA: Readonly<Record<string, string>> = { ...BODIES, odg: 'graphics' }

export function mimetypeOf(type: string): string {
  const plain = type.replace(/^f/, '').replace(/^ot/, 'od')
  const template = type.startsWith('ot') ? '-template' : ''
  return `application/vnd.oasis.opendocument.${MEDIA[plain] ?? ''}${template}`
}

/** Writes the file that a specimen describes. */
export function odf(specimen: Specimen): Uint8Array {
  if (specimen.type.startsWith('f') && specimen.content !== undefined)
    return bytesOf(specimen.content)
  return specimen.type.startsWith('f') ? flat(specimen) : packed(specimen)
}

function flat({
  type,
  body = '',
  before = '',
  styles = '',
  settings = '',
  meta = '',
}: Specimen): Uint8Array {
  return bytesOf(
    `<?xml version="1.0" encoding="UTF-8"?>\n<office:document${DECLARATIONS} office:version="1.3" ` +
      `office:mimetype="${mimetypeOf(type)}">${meta}${settings}${before}${styles}${bodyOf(type, body)}</office:document>`,
  )
}

function packed(specimen: Specimen): Uint8Array {
  return writeZip(entriesOf(specimen))
}

interface Member {
  readonly name: string
  readonly bytes: Uint8Array
  readonly stored?: true
}

function entriesOf(specimen: Specimen): Member[] {
  const { type, body = '', before = '', styles, settings, meta, members = {}, manifest } = specimen
  const entries: Member[] = [
    { name: 'mimetype', bytes: bytesOf(mimetypeOf(type)), stored: true },
    { name: 'content.xml', bytes: bytesOf(specimen.content ?? content(type, before, body)) },
  ]
  const add = (name: string, root: string, inner: string | undefined): void => {
    if (inner !== undefined) entries.push({ name, bytes: part(root, inner) })
  }
  add('styles.xml', 'document-styles', styles)
  add('settings.xml', 'document-settings', settings)
  add('meta.xml', 'document-meta', meta)
  for (const [name, value] of Object.entries(members)) entries.push({ name, bytes: bytesOf(value) })
  entries.push({ name: 'META-INF/manifest.xml', bytes: bytesOf(manifest ?? MANIFEST) })
  return entries
}

/** The same file as LibreOffice 3 to 24.1 encrypts it: SHA-256, PBKDF2, AES-256-CBC over deflated members. */
export function encrypted(
  specimen: Specimen,
  password: string,
  claimedRounds = ROUNDS,
): Uint8Array {
  const salt = Buffer.alloc(16, 7)
  const iv = Buffer.alloc(16, 9)
  const start = createHash('sha256').update(password).digest()
  const key = pbkdf2Sync(start, salt, ROUNDS, 32, 'sha1')
  const [mimetype, ...members] = entriesOf(specimen).slice(0, -1)
  const rows: string[] = []
  const closed = members.map(({ name, bytes }) => {
    const small = deflateRawSync(bytes)
    const sum = createHash('sha256').update(small.subarray(0, 1024)).digest('base64')
    const cipher = createCipheriv('aes-256-cbc', key, iv)
    rows.push(
      `<m:file-entry m:full-path="${name}" m:media-type="text/xml" m:size="${bytes.length}"><m:encryption-data m:checksum-type="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0#sha256-1k" m:checksum="${sum}">` +
        `<m:algorithm m:algorithm-name="http://www.w3.org/2001/04/xmlenc#aes256-cbc" m:initialisation-vector="${iv.toString('base64')}"/>` +
        `<m:start-key-generation m:start-key-generation-name="http://www.w3.org/2000/09/xmldsig#sha256" m:key-size="32"/>` +
        `<m:key-derivation m:key-derivation-name="PBKDF2" m:key-size="32" m:iteration-count="${claimedRounds}" m:salt="${salt.toString('base64')}"/></m:encryption-data></m:file-entry>`,
    )
    return { name, bytes: Buffer.concat([cipher.update(small), cipher.final()]), stored: true }
  })
  const manifest = `<m:manifest xmlns:m="${OASIS}manifest:1.0">${rows.join('')}</m:manifest>`
  const first = mimetype ? [mimetype] : []
  return writeZip([
    ...first,
    ...closed,
    { name: 'META-INF/manifest.xml', bytes: bytesOf(manifest) },
  ])
}

const ROUNDS = 1000

/** Believed by nobody, and so allowed to say nothing. */
const MANIFEST =
  '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'

function bodyOf(type: string, body: string): string {
  const element = `office:${BODIES[type.replace(/^f/, '').replace(/^ot/, 'od')] ?? type}`
  return `<office:body><${element}>${body}</${element}></office:body>`
}

/** A `content.xml`; `type` may also be `chart`. */
export function content(type: string, before: string, body: string): Uint8Array {
  return part('document-content', before + bodyOf(type, body))
}

export function part(root: string, inner: string): Uint8Array {
  return bytesOf(
    `<?xml version="1.0" encoding="UTF-8"?>\n<office:${root}${DECLARATIONS} office:version="1.3">${inner}</office:${root}>`,
  )
}

function bytesOf(value: string | Uint8Array): Uint8Array {
  return typeof value === 'string' ? new TextEncoder().encode(value) : value
}

export const PICTURE: Uint8Array = placeholderPng(2, 2)

/** A frame with a picture, or with whatever stands in it. */
export function frame(inner: string): string {
  return `<text:p><draw:frame draw:name="a" svg:width="2cm" svg:height="2cm">${inner}</draw:frame></text:p>`
}

export function image(href: string): string {
  return `<draw:image xlink:href="${href}" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/>`
}

/** One sheet with one cell of this formula, whose value is 7. */
export function sheet(formula: string): string {
  const value = formula.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
  return (
    `<table:table table:name="表 1"><table:table-row><table:table-cell table:formula="${value}" ` +
    `office:value-type="float" office:value="7"><text:p>7</text:p></table:table-cell></table:table-row></table:table>`
  )
}
