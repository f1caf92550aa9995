import { readCompoundFile } from './cfb/index.ts'
import { Context, Refusal } from './family.ts'
import type { Limits } from './family.ts'
import { isBmp } from './image/index.ts'
import { MANIFEST_NAME, mediaTypeOf } from './odf/index.ts'
import { MAIN_TYPES, REFUSED_MAIN, mainContentType } from './ooxml/index.ts'
import { looksLikeText, posesAsText, textHead } from './text/index.ts'
import { readEntry, readZip } from './zip/read.ts'
import type { Zip } from './zip/read.ts'

export type Detected =
  | { readonly ok: true; readonly type: string; readonly renamed: boolean }
  | { readonly ok: false; readonly type: string; readonly reason: string }

/**
 * The type of a file by what it is, never by what it is called. The declared extension (lower case, without dot) is only
 * compared: an executable's extension is refused whatever the content; another allowed one is corrected and reported.
 * A type that is known but not supported is refused with its own reason, so that the cure can be its own.
 */
export function detect(bytes: Uint8Array, extension: string, context: Context): Detected {
  if (bytes.length === 0) return refused('unknown', 'TYPE-EMPTY')
  if (DENIED_EXTENSIONS.has(extension)) return refused('unknown', 'TYPE-DENIED')
  const found = byContent(bytes, extension, context)
  return 'reason' in found ? refused(found.type, found.reason) : compare(found.type, extension)
}

/** Extensions under which a file of each type may come. The first is the one we give. */
export const EXTENSIONS: ReadonlyMap<string, readonly string[]> = new Map<
  string,
  readonly string[]
>([
  ...[...MAIN_TYPES.values()].map(({ type }) => [type, [type]] as const),
  ['pdf', ['pdf']],
  ['jpeg', ['jpg', 'jpeg', 'jpe']],
  ['png', ['png']],
  ['gif', ['gif']],
  ['zip', ['zip']],
  ['txt', ['txt', 'text', 'log', 'md']],
  ['csv', ['csv']],
  ['tsv', ['tsv', 'tab']],
  ...'odt ods odp odg ott ots otp otg fodt fods fodp fodg'
    .split(' ')
    .map((type) => [type, [type]] as const),
  ['rtf', ['rtf']],
  ['tiff', ['tif', 'tiff']],
  ['bmp', ['bmp', 'dib']],
  ['webp', ['webp']],
  ['emf', ['emf']],
  ['wmf', ['wmf']],
  ['svg', ['svg']],
  ['html', ['html', 'htm', 'xhtml']],
  ['mht', ['mht', 'mhtml']],
  ['eml', ['eml']],
  ['msg', ['msg']],
  ['dxf', ['dxf']],
  ['sfc', ['sfc']],
  ['p21', ['p21', 'stp', 'step']],
  ['ics', ['ics', 'ical']],
  ['doc', ['doc', 'dot']],
  ['xls', ['xls', 'xlt']],
  ['ppt', ['ppt', 'pot', 'pps']],
  ['xlsb', ['xlsb']],
  ['ooxmlcrypt', [...MAIN_TYPES.values()].map(({ type }) => type).concat('xlsb')],
])

/** Types that are read and never written: they come out as another. */
export const INPUT_ONLY: ReadonlySet<string> = new Set(
  'docm dotm xlsm xltm pptm potm ppsm mht msg doc xls ppt xlsb ooxmlcrypt'.split(' '),
)

/** What starts a program when a person opens it (sanitizer TYPE-DENIED). */
export const DENIED_EXTENSIONS: ReadonlySet<string> = new Set(
  `exe dll scr com pif cpl msi msp msix appx lnk url scf library-ms searchconnector-ms settingcontent-ms diagcab hta js
   jse vbs vbe wsf wsh ws ps1 psm1 psd1 bat cmd jar class reg inf chm hlp iso img vhd vhdx one onepkg xll wll xla xlam ppa
   ppam slk iqy oqy dqy rqy odc udl rdp appref-ms application gadget xbap website theme themepack deskthemepack mdb accdb
   accde mde swf sct msc msh mst cab vb sh py pl rb php asp aspx jsp apk dmg pkg app ocx sys drv ade adp desktop`
    .trim()
    .split(/\s+/),
)

/** Of what a reader begins with, enough for `headType`. */
export const HEAD_BYTES = 64

/**
 * What the first bytes of something say it is, as far as `HEAD_BYTES` can: a file that began to arrive. `ole` and `zip` are not looked into. `undefined` for
 * text and for what has no signature at its head.
 */
export function headType(head: Uint8Array): string | undefined {
  if (startsWith(head, 'PK\x03\x04') || startsWith(head, 'PK\x05\x06')) return 'zip'
  if (startsWith(head, '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1')) return 'ole'
  const known = MAGIC.find(({ matches }) => matches(head))
  if (known) return known.content.type
  return indexOf(head, '%PDF-', PDF_HEADER_WITHIN) >= 0 ? 'pdf' : undefined
}

type Content = { readonly type: string } | { readonly type: string; readonly reason: string }

function byContent(bytes: Uint8Array, extension: string, context: Context): Content {
  if (startsWith(bytes, 'PK\x03\x04') || startsWith(bytes, 'PK\x05\x06'))
    return zipContent(bytes, context)
  if (startsWith(bytes, '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'))
    return compoundContent(bytes, extension, context.limits)
  const known = MAGIC.find(({ matches }) => matches(bytes))
  if (known) return known.content
  if (indexOf(bytes, '%PDF-', PDF_HEADER_WITHIN) >= 0) return { type: 'pdf' }
  const unsupported = UNSUPPORTED.get(extension)
  if (unsupported) return { type: 'unknown', reason: unsupported }
  return textContent(bytes, extension)
}

/** Acrobat accepts the header anywhere in the first 1,024 bytes; so do we, and write it at 0. */
const PDF_HEADER_WITHIN = 1024
/** Where the end of a file says that it is a PDF: behind it may stand some filling. */
const PDF_END_WITHIN = 4096

interface Magic {
  readonly matches: (bytes: Uint8Array) => boolean
  readonly content: Content
}

function magic(type: string, reason: string | undefined, ...signatures: string[]): Magic {
  const content = reason === undefined ? { type } : { type, reason }
  return { matches: (bytes) => signatures.some((one) => startsWith(bytes, one)), content }
}

function magicAt(
  offset: number,
  type: string,
  reason: string | undefined,
  signature: string,
): Magic {
  const content = reason === undefined ? { type } : { type, reason }
  return { matches: (bytes) => startsWith(bytes, signature, offset), content }
}

const MAGIC: readonly Magic[] = [
  magic('pdf', undefined, '%PDF-'),
  magic('png', undefined, '\x89PNG\r\n\x1a\n'),
  magic('jpeg', undefined, '\xff\xd8\xff'),
  magic('gif', undefined, 'GIF87a', 'GIF89a'),
  magic(
    'exe',
    'TYPE-DENIED',
    'MZ',
    '\x7fELF',
    '\xca\xfe\xba\xbe',
    '\xcf\xfa\xed\xfe',
    '\xce\xfa\xed\xfe',
    '\xfe\xed\xfa',
  ),
  magic('lnk', 'TYPE-DENIED', 'L\0\0\0\x01\x14\x02\0'),
  magic('script', 'TYPE-DENIED', '#!', 'ITSF', 'FWS', 'CWS', 'ZWS', '\0asm', '\0\x01\0\0Standard '),
  magic('onenote', 'TYPE-DENIED', '\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d'),
  magic('cab', 'TYPE-DENIED', 'MSCF'),
  magicAt(0x8001, 'iso', 'TYPE-DENIED', 'CD001'),
  magic('rtf', undefined, '{\\rt'),
  magic('rar', 'TYPE-ARCHIVE', 'Rar!\x1a\x07'),
  magic('7z', 'TYPE-ARCHIVE', "7z\xbc\xaf'\x1c"),
  magic('gz', 'TYPE-ARCHIVE', '\x1f\x8b', 'BZh', '\xfd7zXZ\0', '\x28\xb5\x2f\xfd'),
  magicAt(2, 'lzh', 'TYPE-LZH', '-lh'),
  magicAt(2, 'lzh', 'TYPE-LZH', '-lz'),
  magicAt(257, 'tar', 'TYPE-ARCHIVE', 'ustar'),
  magic('xdw', 'TYPE-DOCUWORKS', '\x60\x0e\x82', '\x60\x0e\x22'),
  magic('tiff', undefined, 'II*\0', 'MM\0*', 'II+\0', 'MM\0+'),
  { matches: isBmp, content: { type: 'bmp' } },
  magicAt(8, 'webp', undefined, 'WEBP'),
  magicAt(40, 'emf', undefined, ' EMF'),
  magic('wmf', undefined, '\xd7\xcd\xc6\x9a', '\x01\0\x09\0\0\x03'),
  magic('ico', 'TYPE-IMAGE', '\0\0\x01\0'),
  magic('psd', 'TYPE-IMAGE', '8BPS'),
  magicAt(4, 'heic', 'TYPE-IMAGE', 'ftyphei'),
  magicAt(4, 'heic', 'TYPE-IMAGE', 'ftypmif'),
  magicAt(4, 'avif', 'TYPE-IMAGE', 'ftypavi'),
  magicAt(4, 'mp4', 'TYPE-MEDIA', 'ftyp'),
  magicAt(8, 'avi', 'TYPE-MEDIA', 'AVI '),
  magicAt(8, 'wav', 'TYPE-MEDIA', 'WAVE'),
  magic('mp3', 'TYPE-MEDIA', 'ID3', 'OggS', 'fLaC', '\x1aE\xdf\xa3', '\x30\x26\xb2\x75'),
  // A text may begin with AC100V; behind the version of a drawing stands a zero.
  { matches: isDwg, content: { type: 'dwg', reason: 'TYPE-CAD' } },
  { matches: isOldIchitaro, content: { type: 'jtd', reason: 'TYPE-ICHITARO' } },
  magic('jww', 'TYPE-CAD', 'JwwData'),
  // Word 1 and 2, and Excel 2 to 4, of before there were compound files.
  magic('doc', 'TYPE-UNKNOWN', '\x9b\xa5\x21\0', '\xdb\xa5\x2d\0'),
  magic('xls', 'TYPE-UNKNOWN', '\x09\0\x04\0', '\x09\x02\x06\0', '\x09\x04\x06\0'),
  magic('dxf', 'TYPE-CAD', 'AutoCAD Binary DXF'),
]

function isDwg(bytes: Uint8Array): boolean {
  return startsWith(bytes, 'AC10') && bytes[6] === 0 && isDigit(bytes[4]) && isDigit(bytes[5])
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39
}

/** Ichitaro 4 to 6 (jsw, jaw, jbw, jtw), before it used compound files. */
function isOldIchitaro(bytes: Uint8Array): boolean {
  return startsWith(bytes, 'DOC') && [0x14, 0x15, 0x16].includes(bytes[43] ?? 0)
}

/** Formats that have no safe signature, by what the sender calls them; only the reason depends on it. */
const UNSUPPORTED: ReadonlyMap<string, string> = new Map([
  ...rows('TYPE-ICHITARO', 'jtd jtt jtdc jttc jfw jvw jhd jsd jsw jaw jbw jtw juw'),
  ...rows('TYPE-DOCUWORKS', 'xdw xbd xct'),
  ...rows('TYPE-CAD', 'dwg jww jwc sfz p2z dgn'),
  ...rows('TYPE-ODF', 'odb odf odm odi oth'),
  ...rows('TYPE-MAIL', 'mbox pst'),
  ...rows('TYPE-HTML', 'svgz'),
  ...rows('TYPE-LZH', 'lzh lha'),
  ...rows('TYPE-ARCHIVE', '7z rar tar gz tgz bz2 xz cab'),
  ...rows('TYPE-IMAGE', 'heic heif ico psd ai eps'),
  ...rows('TYPE-MEDIA', 'mp3 mp4 m4a mov avi wmv wma wav'),
])

function rows(reason: string, extensions: string): [string, string][] {
  return extensions.split(' ').map((extension) => [extension, reason])
}

/** Extensions of what is refused with a reason of its own. */
export const UNSUPPORTED_EXTENSIONS: ReadonlySet<string> = new Set(UNSUPPORTED.keys())

/** Each type that `detect` may name. */
export const NAMED_TYPES: ReadonlySet<string> = new Set([
  ...EXTENSIONS.keys(),
  ...MAGIC.map(({ content }) => content.type),
  ...'jar odf office text unknown'.split(' '),
])

/** Zip by its members: an Office document, something else in zip clothes, or a plain zip. */
function zipContent(bytes: Uint8Array, context: Context): Content {
  // Looking must not cost the budget of the rebuild that follows.
  const scratch = new Context({ limits: context.limits })
  try {
    const zip = readZip(bytes, scratch)
    const names = new Set(zip.entries.map(({ name }) => name.toLowerCase()))
    if (names.has('[content_types].xml')) return officeContent(mainContentType(zip, scratch))
    if (names.has('mimetype') && names.has('meta-inf/manifest.xml')) {
      return openDocumentContent(zip, scratch)
    }
    if (names.has('meta-inf/manifest.mf') || names.has('androidmanifest.xml')) {
      return { type: 'jar', reason: 'TYPE-DENIED' }
    }
    if (names.has('meta-inf/manifest.xml') && names.has('content.xml')) {
      const content = openDocumentContent(zip, scratch)
      if (!('reason' in content)) return content
    }
    return { type: 'zip' }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { type: 'zip', reason: error.reason }
  }
}

function officeContent(contentType: string): Content {
  const main = MAIN_TYPES.get(contentType)
  if (main) return { type: main.type }
  const refusal = REFUSED_MAIN.get(contentType)
  if (refusal === 'OX-XLSB') return { type: 'xlsb' }
  return { type: 'unknown', reason: refusal ?? 'TYPE-UNKNOWN' }
}

const OPEN_DOCUMENT = 'application/vnd.oasis.opendocument.'
const OPEN_DOCUMENT_TYPES: ReadonlyMap<string, string> = new Map([
  ['text', 'odt'],
  ['spreadsheet', 'ods'],
  ['presentation', 'odp'],
  ['graphics', 'odg'],
  ['text-template', 'ott'],
  ['spreadsheet-template', 'ots'],
  ['presentation-template', 'otp'],
  ['graphics-template', 'otg'],
])

function openDocumentContent(zip: Zip, context: Context): Content {
  const read = (wanted: string): Uint8Array | undefined => {
    const entry = zip.entries.find(({ name }) => name === wanted)
    return entry && readEntry(zip, entry, context)
  }
  const said = read('mimetype')
  // Programs that lost the first member (and OpenOffice itself) go by the manifest.
  const mimetype = said
    ? Buffer.from(said).toString('latin1')
    : (mediaTypeOf(read(MANIFEST_NAME) ?? new Uint8Array()) ?? '')
  const type = mimetype.startsWith(OPEN_DOCUMENT)
    ? OPEN_DOCUMENT_TYPES.get(mimetype.slice(OPEN_DOCUMENT.length).trim())
    : undefined
  return type === undefined ? { type: 'odf', reason: 'TYPE-ODF' } : { type }
}

/** Compound files (OLE) by what lies in their root: an Excel book may well contain a Word document. */
function compoundContent(bytes: Uint8Array, extension: string, limits: Limits): Content {
  const has = compoundNames(bytes, new Context({ limits }))
  if (has('DRMEncryptedDataSpace') || has('\tDRMContent'))
    return { type: 'office', reason: 'RIGHTS' }
  if (has('EncryptedPackage')) return { type: 'ooxmlcrypt' }
  if (has('__properties_version1.0')) return { type: 'msg' }
  if (has('DocumentText') || UNSUPPORTED.get(extension) === 'TYPE-ICHITARO') {
    return { type: 'jtd', reason: 'TYPE-ICHITARO' }
  }
  if (has('WordDocument')) return { type: 'doc' }
  if (has('PowerPoint Document') || has('PP97_DUALSTORAGE')) return { type: 'ppt' }
  if (has('Workbook') || has('Book')) return { type: 'xls' }
  return { type: 'unknown', reason: UNSUPPORTED.get(extension) ?? 'TYPE-UNKNOWN' }
}

/** A broken directory is searched as bytes: the refusal should still name the right kind of file. */
function compoundNames(bytes: Uint8Array, scratch: Context): (name: string) => boolean {
  try {
    const { entries } = readCompoundFile(bytes, scratch)
    const names = new Set(
      entries
        .filter(({ path, name }) => path === name || name === 'DRMEncryptedDataSpace')
        .map(({ name }) => name.toUpperCase()),
    )
    return (name) => names.has(name.toUpperCase())
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    return (name) => whole.includes(name, 0, 'utf16le')
  }
}

const TEXT_TYPES = ['txt', 'csv', 'tsv'] as const

/** Types that are text, by how they must begin; the extension must say so, too, or a note about SVG would become a picture. */
const WRITTEN: readonly { readonly type: string; readonly begins: RegExp }[] = [
  {
    type: 'svg',
    begins:
      /^(?:<\?xml[^>]{0,200}\?>)?(?:\s|<!--[\s\S]{0,2000}?-->|<!DOCTYPE[^>[]{0,300}(?:\[[^\]]{0,2000}\])?\s*>)*<(?:[a-z]{1,20}:)?svg[\s>/]/i,
  },
  { type: 'html', begins: /^/ },
  { type: 'mht', begins: /^[!-9;-~]{1,100}:/ },
  { type: 'eml', begins: /^(?:[!-9;-~]{1,100}[ \t]{0,8}:|From )/ },
  { type: 'dxf', begins: /^\s{0,8}(?:0|999)\s/ },
  { type: 'sfc', begins: /^ISO-10303-21\s*;/ },
  { type: 'p21', begins: /^ISO-10303-21\s*;/ },
  {
    type: 'ics',
    begins: /^\s{0,100}BEGIN:V(?:CALENDAR|EVENT|TODO|JOURNAL|FREEBUSY|TIMEZONE|ALARM)\s/i,
  },
]
const FLAT =
  /^<\?xml[\s\S]{0,4000}?<(?:[a-z]{1,20}:)?document\s[\s\S]*?application\/vnd\.oasis\.opendocument\.(text|spreadsheet|presentation|graphics)["']/

function writtenContent(bytes: Uint8Array, extension: string): Content | undefined {
  const head = textHead(bytes)
  const flat = FLAT.exec(head)?.[1]
  if (flat !== undefined) return { type: `f${OPEN_DOCUMENT_TYPES.get(flat) ?? ''}` }
  return WRITTEN.find(
    ({ type, begins }) => EXTENSIONS.get(type)?.includes(extension) && begins.test(head),
  )
}

function textContent(bytes: Uint8Array, extension: string): Content {
  const written = writtenContent(bytes, extension)
  if (written) return { type: written.type }
  const posing = posesAsText(bytes)
  if (posing) return { type: 'text', reason: posing }
  if (extension === 'pdf' && isHeadlessPdf(bytes)) return { type: 'pdf' }
  const type = TEXT_TYPES.find((one) => EXTENSIONS.get(one)?.includes(extension))
  if (type) return { type }
  if (!looksLikeText(bytes))
    return { type: 'unknown', reason: mismatchOr('TYPE-UNKNOWN', extension) }
  return { type: 'text', reason: mismatchOr('TYPE-UNKNOWN', extension) }
}

/** Every reader opens a file called pdf by its end, whatever its first line says. */
function isHeadlessPdf(bytes: Uint8Array): boolean {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  return (
    whole.includes(' obj') &&
    /trailer|startxref/.test(whole.toString('latin1', Math.max(0, bytes.length - PDF_END_WITHIN)))
  )
}

/** A file that claims an allowed type and has none of its bytes is not unknown: it lies. */
function mismatchOr(reason: string, extension: string): string {
  return [...EXTENSIONS.values()].some((known) => known.includes(extension))
    ? 'TYPE-MISMATCH'
    : reason
}

/** Extensions of types that people mix up with allowed ones; the right one is given. */
const CONFUSED: ReadonlySet<string> = new Set([
  '',
  'doc',
  'dot',
  'xls',
  'xlt',
  'ppt',
  'pot',
  'pps',
  'jfif',
  'bmp',
  'tif',
  'tiff',
  'webp',
  'heic',
])

function compare(type: string, extension: string): Detected {
  if (EXTENSIONS.get(type)?.includes(extension)) return { ok: true, type, renamed: false }
  const known = [...EXTENSIONS.values()].some((extensions) => extensions.includes(extension))
  if (known || CONFUSED.has(extension)) return { ok: true, type, renamed: true }
  return refused(type, UNSUPPORTED.get(extension) ?? 'TYPE-MISMATCH')
}

function refused(type: string, reason: string): Detected {
  return { ok: false, type, reason }
}

function startsWith(bytes: Uint8Array, signature: string, offset = 0): boolean {
  if (bytes.length < offset + signature.length) return false
  for (let index = 0; index < signature.length; index++) {
    if (bytes[offset + index] !== signature.charCodeAt(index)) return false
  }
  return true
}

function indexOf(bytes: Uint8Array, signature: string, within: number): number {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, within)).indexOf(
    signature,
    0,
    'latin1',
  )
}
