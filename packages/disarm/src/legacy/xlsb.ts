import type { Context, Rebuilt } from '../family.ts'
import { refuse } from '../family.ts'
import { readEntry, readZip } from '../zip/read.ts'
import type { ZipEntry } from '../zip/read.ts'
import { writeZip } from '../zip/write.ts'
import { convertAndRebuild } from './convert.ts'
import { XLSB, xlsbRecords } from './xlsb-records.ts'

/**
 * A binary workbook of Excel 2007 and later: a zip whose parts are records instead of XML. What acts is reported by where it lies and
 * left out of the package that the converter gets.
 */
export function rebuildXlsb(input: Uint8Array, context: Context): Rebuilt {
  const zip = readZip(input, context)
  const names = zip.entries.map(({ name }) => name.toLowerCase())
  if (new Set(names).size < names.length) refuse('ZIP-DUP')
  const isSheet = (name: string) => /^xl\/(?:work|chart|dialog)sheets\/[^/]*\.bin$/.test(name)
  const hasMacroSheet = names.some((name) => name.startsWith(MACRO_SHEETS))
  if (hasMacroSheet && !names.some(isSheet)) refuse('OLE-XLM')
  const kept: ZipEntry[] = []
  for (const entry of zip.entries) {
    const rule = ruleOf(entry.name.toLowerCase())
    if (rule) context.removed(rule, 'part')
    else if (entry.size > 0) kept.push(entry)
  }
  const entries = kept.map((entry) => ({ name: entry.name, bytes: readEntry(zip, entry, context) }))
  for (const { name, bytes } of entries) reportRecords(name.toLowerCase(), bytes, context)
  return convertAndRebuild(writeZip(entries), 'xlsb', 'OX-XLSB', context)
}

const MACRO_SHEETS = 'xl/macrosheets/'

/** Parts by the places Excel writes them to. Elsewhere they are not lost to the rebuild of the answer, only to this report. */
const PLACES: readonly (readonly [prefix: string, rule: string])[] = [
  ['xl/vbaproject', 'OX-VBA'],
  ['xl/vbadata', 'OX-VBA'],
  [MACRO_SHEETS, 'OX-XLM'],
  ['xl/dialogsheets/', 'X-DIALOG'],
  ['xl/embeddings/', 'OX-OLE'],
  ['xl/activex/', 'OX-ACTIVEX'],
  ['xl/ctrlprops/', 'OX-ACTIVEX'],
  ['xl/connections.', 'X-CONN'],
  ['xl/querytables/', 'X-CONN'],
  ['xl/printersettings/', 'OX-PRINTER'],
  ['xl/revisions/', 'X-SHARED'],
  ['xl/webextensions/', 'OX-WEBEXT'],
  ['customui/', 'OX-CUSTOMUI'],
  ['customxml/', 'OX-CUSTOMXML'],
  ['_xmlsignatures/', 'OX-SIG'],
  ['docprops/', 'OX-META'],
]

function ruleOf(name: string): string | undefined {
  return PLACES.find(([prefix]) => name.startsWith(prefix))?.[1]
}

/** Kind of the source of an external reference ([MS-XLSB] 2.4.27): a book, a DDE program, an OLE object. */
const SOURCES = ['X-EXTLINK', 'W-DDE', 'OLE-LINK'] as const

/** Links out of the book, and names that run a macro when it is opened. The parts stay: cells need their numbers. */
function reportRecords(name: string, part: Uint8Array, context: Context): void {
  if (name.startsWith('xl/externallinks/') && name.endsWith('.bin')) {
    for (const { type, data } of xlsbRecords(part)) {
      if (type === XLSB.beginSupBook) context.removed(SOURCES[data[0] ?? 0] ?? 'X-EXTLINK', 'book')
    }
  }
  if (name !== 'xl/workbook.bin') return
  for (const { type, data } of xlsbRecords(part)) {
    if (type === XLSB.name && runsByItself(data)) context.removed('OX-XLM', 'name')
  }
}

/** BrtName: flags, key and sheet in front of the name ([MS-XLSB] 2.4.696). */
function runsByItself(data: Uint8Array): boolean {
  const name = Buffer.from(data.subarray(13, 13 + 64)).toString('utf16le')
  return /^(?:_xlnm\.)?_?auto_(?:de)?(?:open|close|activate)/i.test(name)
}
