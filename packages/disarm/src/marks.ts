import { unfolded } from './calendar/fold.ts'
import { detect } from './detect.ts'
import { Context, Refusal, refuse } from './family.ts'
import { wordsOf } from './fidelity/words.ts'
import { decodeReferences } from './html/character-reference.ts'
import { decodeCharset } from './html/charset.ts'
import { declaredCharsets } from './html/declared-charset.ts'
import { cleanName, extensionOf } from './names.ts'
import { openFile } from './pdf/file.ts'
import { isDictionary, isStream, isText } from './pdf/objects.ts'
import type { Dictionary, Value } from './pdf/objects.ts'
import { decodeText, detectEncoding, lenientDecoder } from './text/encoding.ts'
import { readEntry, readZip } from './zip/read.ts'

/** What people and their programs wrote on a document to say how it is to be handled, before anything of it is taken out. Hostile text. */
export interface DocumentMarks {
  /** As `detect` names it; `unknown` for what has no name here. */
  readonly type: string
  /** Title, subject, keywords, category, status and the properties that a program added, each with its name in front: `MSIP_Label_…_Name=…`. */
  readonly properties: readonly string[]
  /** Words that a reader sees, heads and feet of the pages among them; empty where there are none. */
  readonly words: string
  /** Nobody here can look inside. */
  readonly locked: boolean
  /** It could not be read to its end: what is said here is not all of it. */
  readonly partly: boolean
}

/**
 * Reads the marks of a document of any form; of a zip, those of its members. Spends from the budget of the context, and refuses as the readers do when
 * that is gone; a document that cannot be read is no refusal.
 */
export function documentMarks(bytes: Uint8Array, name: string, context: Context): DocumentMarks {
  const { type } = detect(bytes, extensionOf(cleanName(name).name).toLowerCase(), context)
  const reading = new Reading(type)
  if (type === 'ooxmlcrypt') reading.locked = true
  else if (type === 'zip') reading.attempt(() => reading.members(bytes, context))
  else {
    reading.attempt(() => reading.properties.push(...propertiesOf(bytes, type, context)))
    reading.attempt(() => {
      reading.words = seenWords(bytes, type, context)
    })
  }
  return { ...reading }
}

class Reading implements DocumentMarks {
  readonly type: string
  readonly properties: string[] = []
  words = ''
  locked = false
  partly = false

  constructor(type: string) {
    this.type = type
    this.partly = LOOSE.has(type) || LETTERS.has(type)
  }

  attempt(step: () => void): void {
    try {
      step()
    } catch (error) {
      if (!(error instanceof Refusal) || error.reason.startsWith('LIMIT-')) throw error
      if (error.reason === 'ENCRYPTED') this.locked = true
      else this.partly = true
    }
  }

  members(bytes: Uint8Array, context: Context): void {
    const zip = readZip(bytes, context)
    for (const entry of zip.entries) {
      if (entry.directory) continue
      if (entry.encrypted) this.locked = true
      else if (extensionOf(entry.name).toLowerCase() === 'zip') this.partly = true
      else this.#member(documentMarks(readEntry(zip, entry, context), entry.name, context))
    }
  }

  #member(marks: DocumentMarks): void {
    this.properties.push(...marks.properties)
    this.words += `\n${marks.words}`
    this.locked ||= marks.locked
    this.partly ||= marks.partly
  }
}

// --- properties

const PACKAGES = /^(?:do[ct][xm]|xl[st][xm]|p[op][tps][xm]|o[dt][tspg])$/
/** Where Office, the packaging library of .NET and SharePoint write them. */
const PROPERTY_PARTS =
  /^(?:docProps\/[^/]+\.xml|package\/services\/metadata\/core-properties\/[^/]+\.psmdcp|customXml\/item\d*\.xml|docMetadata\/[^/]+\.xml|meta\.xml)$/i
const FREE_PARTS = /^(?:customXml|docMetadata)\//i
const PICTURES: ReadonlySet<string> = new Set('jpeg png webp tiff gif'.split(' '))
const SHEETS = /^xl\/worksheets\/[^/]+\.xml$/i
const MAX_PROPERTIES = 200

function propertiesOf(bytes: Uint8Array, type: string, context: Context): readonly string[] {
  if (type === 'pdf') return pdfProperties(bytes, context)
  if (PICTURES.has(type)) return xmpLines(packetOf(bytes))
  if (!PACKAGES.test(type)) return []
  const zip = readZip(bytes, context)
  return zip.entries.flatMap((entry) => {
    const sheet = SHEETS.test(entry.name)
    if (!sheet && !PROPERTY_PARTS.test(entry.name)) return []
    const xml = decoded(readEntry(zip, entry, context))
    if (sheet) return sheetMarks(xml)
    // What stands in attributes of those is a form with every choice there is (SharePoint), and none of them made.
    return FREE_PARTS.test(entry.name) ? propertyLines('custom', xmlTexts(xml)) : xmlProperties(xml)
  })
}

const LEAVES =
  /<(?:[\w.-]{1,40}:)?(title|subject|keywords?|category|description|contentStatus)(?:\s[^>]{0,400})?>([^<]{1,2048})</gi
/** ECMA-376 part 1 §22.3, and OpenDocument 1.2 part 1 §4.3.3: a property with a name of its own. */
const NAMED =
  /<(?:[\w.-]{1,40}:)?(?:property|user-defined)\s[^>]{0,400}?\bname="([^"]{1,255})"[^>]{0,400}>\s*(?:<[\w:.-]{1,60}>)?([^<]{1,2048})</gi

/** Found by their spelling and not parsed: what is looked for are words, and nothing of it is written anywhere. */
function xmlProperties(xml: string): readonly string[] {
  const found = [...xml.matchAll(LEAVES), ...xml.matchAll(NAMED)]
  return found
    .slice(0, MAX_PROPERTIES)
    .map(([, name = '', value = '']) => `${unescaped(name)}=${unescaped(value)}`)
}

/** Heads and feet of a sheet are no cells. */
function sheetMarks(xml: string): readonly string[] {
  return [...xml.matchAll(/<((?:odd|even|first)(?:Header|Footer))>([^<]{1,2048})</g)].map(
    ([, name = '', value = '']) => `${name}=${unescaped(value)}`,
  )
}

function pdfProperties(bytes: Uint8Array, context: Context): readonly string[] {
  const file = openFile(bytes, context)
  const info = file.resolve(file.trailer.entries.get('Info'))
  const catalog = file.resolve(file.trailer.entries.get('Root'))
  const metadata = isDictionary(catalog) ? file.resolve(catalog.entries.get('Metadata')) : null
  const xmp = isStream(metadata) ? xmpLines(decoded(file.decode(metadata).bytes)) : []
  return [...(isDictionary(info) ? infoLines(info, file.resolve) : []), ...xmp].slice(
    0,
    MAX_PROPERTIES,
  )
}

const xmlTexts = (xml: string): readonly string[] => xml.split(/<[^<>]{0,4000}>/)

/** XMP (ISO 16684-1 7.5) writes a property as an element or as an attribute, as its program likes. */
function xmpLines(xml: string): readonly string[] {
  const values = [
    ...xml.matchAll(/\s(?!xmlns)[\w.:-]{1,60}=(?:"([^"<>]{1,2048})"|'([^'<>]{1,2048})')/g),
  ].map(([, one, other]) => one ?? other ?? '')
  return propertyLines('xmp', [...xmlTexts(xml), ...values])
}

function propertyLines(name: string, texts: readonly string[]): readonly string[] {
  return texts
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map((text) => `${name}=${unescaped(text)}`)
    .slice(0, MAX_PROPERTIES)
}

/** The packet of a picture; its program writes there what a person says of it. */
function packetOf(bytes: Uint8Array): string {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const start = all.indexOf('<x:xmpmeta')
  const end = start === -1 ? -1 : all.indexOf('</x:xmpmeta>', start)
  return end === -1 ? '' : decoded(all.subarray(start, end))
}

function infoLines(
  info: Dictionary,
  resolve: (value: Value | undefined) => Value,
): readonly string[] {
  // Beside title, subject and keywords a program adds names of its own: `MSIP_Label_…_Name`.
  return [...info.entries.keys()].flatMap((key) => {
    const value = resolve(info.entries.get(key))
    return isText(value) ? [`${key}=${pdfText(value.bytes)}`] : []
  })
}

/** ISO 32000-1, 7.9.2.2. */
function pdfText(bytes: Uint8Array): string {
  const [first, second] = bytes
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  if (first === 0xef && second === 0xbb) return new TextDecoder().decode(bytes)
  return Buffer.from(bytes).toString('latin1')
}

// --- words

/** Forms that only a converter reads: their words are found by their bytes alone. */
const LOOSE: ReadonlySet<string> = new Set('doc xls ppt xlsb rtf msg'.split(' '))
/** Bodies in codings of their own, and files in them: what they spell as they stand is not all that they say. */
const LETTERS: ReadonlySet<string> = new Set(['eml', 'mht'])

/** More than what must be the same after disarming: whatever a person would be shown, or a program would read. */
function seenWords(bytes: Uint8Array, type: string, context: Context): string {
  if (type === 'html') return pageWords(pageText(bytes))
  if (type === 'ics') return unfolded(decoded(bytes)).join('\n')
  if (LETTERS.has(type)) return decoded(bytes)
  return wordsOf(bytes, type, context) ?? looseWords(bytes, type)
}

/** Words that nobody can spell out are not none. */
function pageText(bytes: Uint8Array): string {
  const { text, clean } = decodeCharset(bytes, declaredCharsets(bytes))
  return clean ? text : refuse('T-BINARY')
}

const ENDS_A_LINE = /<(?:br|\/(?:tr|p|div|li|h[1-6]))\b[^<>]*>/gi
const TAGS = /<[^<>]*>/g
const SHOWN_VALUES =
  /\s(?:value|alt|title|content|label|placeholder)\s*=\s*(?:"([^"]{1,4000})"|'([^']{1,4000})')/gi

/** Not parsed either: a page is not written here, and what a tag hides from us it hides from a reader. */
function pageWords(page: string): string {
  const values = [...page.matchAll(SHOWN_VALUES)].map(([, one, other]) => one ?? other ?? '')
  const text = page.replace(ENDS_A_LINE, '\n').replace(TAGS, ' ')
  return decodeReferences([text, ...values].join('\n'), false)
}

/** What the bytes spell in the two encodings of old Office, at both of the places a letter of two bytes may begin. */
function looseWords(bytes: Uint8Array, type: string): string {
  if (!LOOSE.has(type)) return ''
  return [
    lenient(bytes, 'utf-16le'),
    lenient(bytes.subarray(1), 'utf-16le'),
    lenient(bytes, 'cp932'),
  ]
    .map((text) =>
      text.replace(
        /[^\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Nd}\u0020-\u007E【】]+/gu,
        '\n',
      ),
    )
    .join('\n')
}

/** What lies between the words is no text, and stops nothing. */
function lenient(bytes: Uint8Array, encoding: 'utf-16le' | 'cp932'): string {
  return lenientDecoder(encoding).decode(bytes)
}

function decoded(bytes: Uint8Array): string {
  const encoding = detectEncoding(bytes)
  return encoding === undefined ? '' : decodeText(bytes, encoding)
}

function unescaped(text: string): string {
  return text
    .replace(/&#(?:x([0-9a-f]{1,6})|([0-9]{1,7}));/gi, (whole, hex?: string, decimal?: string) => {
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole
    })
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&')
}
