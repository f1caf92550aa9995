import type { CompoundFile, NewStream } from '../../cfb/index.ts'
import type { Context } from '../../family.ts'
import { refuse } from '../../family.ts'
import { decryptWorkbook } from './decrypt.ts'
import { inspectWorkbook } from './inspect.ts'
import { rewriteWorkbook } from './rewrite.ts'

/** Where Excel 97 and later keep the book, and where Excel 5 and 95 do; a file saved for both has both, and the newer counts. */
const BOOKS = ['Workbook', 'Book']

/** The streams of an Excel book that the converter gets, decrypted and without what may not come along. */
export function prepareWorkbook(file: CompoundFile, context: Context): NewStream[] {
  const books = BOOKS.flatMap((path) => file.find(path) ?? [])
  const streams = books.map((entry) => {
    const stream = decryptWorkbook(file.readStream(entry, context), context)
    const { macroSheets, onlyMacros } = inspectWorkbook(stream, context)
    if (onlyMacros) refuse('OLE-XLM')
    return { path: entry.name, bytes: rewriteWorkbook(stream, macroSheets) }
  })
  const [book = refuse('OLE-CFB')] = streams
  if (file.find('Revision Log') ?? file.find('User Names')) context.removed('X-SHARED')
  return [book, ...pivotCaches(file, context)]
}

/** Pivot tables have their data in streams of their own. */
function pivotCaches(file: CompoundFile, context: Context): NewStream[] {
  return file
    .childrenOf('_SX_DB_CUR')
    .flatMap((entry) =>
      entry.kind === 'stream' ? [{ path: entry.path, bytes: file.readStream(entry, context) }] : [],
    )
}
