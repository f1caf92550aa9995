import type { Context } from '../family.ts'
import { wordsOfPdf } from '../pdf/index.ts'
import { decodeText, detectEncoding } from '../text/encoding.ts'
import { readEntry, readZip } from '../zip/read.ts'
import type { ZipEntry } from '../zip/read.ts'

/**
 * The words a reader sees in a file, without order or layout; asked of the input and of the output. `undefined` for forms that have none
 * (pictures). For a PDF a renderer tells more; it is asked elsewhere.
 */
export function wordsOf(bytes: Uint8Array, type: string, context: Context): string | undefined {
  if (OFFICE.test(type)) return officeWords(bytes, context)
  if (OPEN_DOCUMENT.test(type)) return openDocumentWords(bytes, context)
  if (type === 'pdf') return wordsOfPdf(bytes, context)
  if (MARKUP.has(type)) return unescaped(decoded(bytes).replace(TAGS, ' '))
  if (type === 'ics') return calendarWords(decoded(bytes))
  return TEXT.has(type) ? decoded(bytes) : undefined
}

const OFFICE = /^(?:do[ct][xm]|xl[st][xm]|p[op][tps][xm])$/
const OPEN_DOCUMENT = /^o[dt][tspg]$/
const MARKUP: ReadonlySet<string> = new Set(['fodt', 'fods', 'fodp', 'fodg', 'svg'])
const TEXT: ReadonlySet<string> = new Set(['txt', 'csv', 'tsv', 'dxf', 'sfc', 'p21'])
const TAGS = /<[^<>]*>/g

function decoded(bytes: Uint8Array): string {
  const encoding = detectEncoding(bytes)
  return encoding === undefined ? '' : decodeText(bytes, encoding)
}

/** What a calendar says in words, folds and escapes undone: what surrounds them differs from program to program. */
function calendarWords(text: string): string {
  const lines = text.replace(/\r?\n[ \t]/g, '').split(/\r?\n/)
  const said = lines.flatMap(
    (line) => /^(?:SUMMARY|DESCRIPTION|LOCATION)\b[^:]*:(.*)$/i.exec(line)?.[1] ?? [],
  )
  return said
    .join('\n')
    .replace(/\\(?=[\\;,])/g, '')
    .replace(/\\n/gi, '\n')
}

/** Parts that hold words, by the names that every writer gives them. */
const WORD_PARTS =
  /^(?:word\/(?:document|header|footer|footnotes|endnotes|comments)\d*\.xml|xl\/(?:sharedstrings|comments\d*|worksheets\/[^/]+|drawings\/drawing\d*|charts\/chart\d*)\.xml|ppt\/(?:slides|notesslides)\/[^/]+\.xml|(?:word|ppt|xl)\/(?:diagrams\/data|charts\/chart)\d*\.xml)$/

function officeWords(bytes: Uint8Array, context: Context): string | undefined {
  const parts = textsOf(bytes, (name) => WORD_PARTS.test(name), context)
  return parts && parts.map((part) => runsOf(part)).join('\n')
}

function openDocumentWords(bytes: Uint8Array, context: Context): string | undefined {
  const parts = textsOf(bytes, (name) => name === 'content.xml', context)
  return parts && parts.map((part) => unescaped(part.replace(TAGS, ' '))).join('\n')
}

function textsOf(
  bytes: Uint8Array,
  wanted: (name: string) => boolean,
  context: Context,
): readonly string[] | undefined {
  const zip = readZip(bytes, context)
  const found = zip.entries.filter((entry: ZipEntry) => wanted(entry.name.toLowerCase()))
  if (found.length === 0) return undefined
  return found.map((entry) => decoded(readEntry(zip, entry, context)))
}

/** What stands in `<t>` (words) and `<v>` (values of cells), whatever the prefix; not what stands in for others (`Fallback`). */
function runsOf(xml: string): string {
  const runs: string[] = []
  let skipped = 0
  for (let at = xml.indexOf('<'); at >= 0; at = xml.indexOf('<', at + 1)) {
    const end = xml.indexOf('>', at)
    if (end < 0) break
    const closing = xml.charCodeAt(at + 1) === 0x2f
    const name = localName(xml, closing ? at + 2 : at + 1, end)
    if (name === 'Fallback') skipped += closing ? -1 : xml.charCodeAt(end - 1) === 0x2f ? 0 : 1
    else if ((name === 't' || name === 'v') && !closing && skipped === 0) {
      const next = xml.indexOf('<', end)
      if (next > end + 1) runs.push(xml.slice(end + 1, next))
    }
    at = end
  }
  return unescaped(runs.join(' '))
}

function localName(xml: string, start: number, end: number): string {
  let from = start
  let to = start
  // Names are short; an attacker's long one is no name of ours.
  for (; to < end && to < start + 40; to++) {
    const code = xml.charCodeAt(to)
    if (code === 0x3a) from = to + 1
    else if (code === 0x20 || code === 0x2f || code === 0x0a || code === 0x0d || code === 0x09)
      break
  }
  return xml.slice(from, to)
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
}

function unescaped(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(
    /&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|([a-z]{1,4}));/g,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return ENTITIES[name] ?? whole
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole
    },
  )
}
