import { readCompoundFile, writeCompoundFile } from '../cfb/index.ts'
import type { CompoundFile, NewStream } from '../cfb/index.ts'
import type { Context, Family, Rebuilt } from '../family.ts'
import { refuse } from '../family.ts'
import { convertAndRebuild, rebuildConverted } from './convert.ts'
import { rebuildEncryptedPackage } from './encrypted-package.ts'
import { prepareWord } from './doc/doc.ts'
import { preparePresentation } from './ppt/ppt.ts'
import { reportStorages } from './storages.ts'
import { prepareWorkbook } from './xls/xls.ts'
import { convertPlainBook } from './xls/xls-to-xlsx.ts'
import { rebuildXlsb } from './xlsb.ts'

/**
 * Office files from before 2007, xlsb, and encrypted Office packages. The old binary forms are converted by another program; what it
 * gets is a compound file written here, with the document's own streams decrypted and nothing beside them: no VBA project, no
 * embedded object, no macro sheet. What was found is reported, and the answer is rebuilt like any docx, xlsx or pptx.
 */
export const legacyFamily: Family = {
  id: 'legacy',
  types: ['doc', 'xls', 'ppt', 'xlsb', 'ooxmlcrypt'],
  rebuild: rebuildLegacy,
}

function rebuildLegacy(input: Uint8Array, type: string, context: Context): Rebuilt {
  if (type === 'xlsb') return rebuildXlsb(input, context)
  const file = readCompoundFile(input, context)
  if (type === 'ooxmlcrypt') return rebuildEncryptedPackage(file, context)
  const { prepare, clsid } = DOCUMENTS.get(type) ?? refuse('TYPE-UNKNOWN')
  reportStorages(file, context)
  const streams = [...prepare(file, context), ...titleOf(file, context)]
  const plain = type === 'xls' ? plainBookOf(streams, context) : undefined
  if (plain) return rebuildConverted(plain, type, 'OLE-CONVERTED', context)
  const clsids = new Map([['', clsid]])
  return convertAndRebuild(writeCompoundFile({ streams, clsids }), type, 'OLE-CONVERTED', context)
}

interface DocumentKind {
  readonly prepare: (file: CompoundFile, context: Context) => NewStream[]
  /** Class of the root storage, as the last binary Office writes it. */
  readonly clsid: string
}

const DOCUMENTS: ReadonlyMap<string, DocumentKind> = new Map([
  ['doc', { prepare: prepareWord, clsid: '00020906-0000-0000-C000-000000000046' }],
  ['xls', { prepare: prepareWorkbook, clsid: '00020820-0000-0000-C000-000000000046' }],
  ['ppt', { prepare: preparePresentation, clsid: '64818D10-4F9B-11CF-86EA-00AA00B929E8' }],
])

/** Most old Excel files hold nothing but cells: they need no other program. */
function plainBookOf(streams: readonly NewStream[], context: Context): Uint8Array | undefined {
  const book = streams.find(({ path }) => path === 'Workbook')
  return book && convertPlainBook(book.bytes, context)
}

const SUMMARY = '\u0005SummaryInformation'

/** The title lies among authors and times; the rebuild of the answer takes it from there and leaves the rest. */
function titleOf(file: CompoundFile, context: Context): NewStream[] {
  const entry = file.find(SUMMARY)
  if (context.profile.title !== 'keep' || entry?.kind !== 'stream') return []
  return [{ path: SUMMARY, bytes: file.readStream(entry, context) }]
}
