import type { CompoundFile, NewStream } from '../../cfb/index.ts'
import type { Context } from '../../family.ts'
import { refuse } from '../../family.ts'
import type { WordStreams } from './decrypt.ts'
import { decryptWord } from './decrypt.ts'
import { readFib, TABLE, tableStructure } from './fib.ts'
import { reportFields } from './fields.ts'
import { textRuns } from './text.ts'

const DOCUMENT = 'WordDocument'
const DATA = 'Data'

/** The streams of a Word document that the converter gets, decrypted; what they refer to outside is reported. */
export function prepareWord(file: CompoundFile, context: Context): NewStream[] {
  const read = (path: string): Uint8Array => {
    const entry = file.find(path)
    return entry ? file.readStream(entry, context) : new Uint8Array()
  }
  const document = read(DOCUMENT)
  if (document.length === 0) refuse('OLE-CFB')
  const fib = readFib(document)
  const streams: WordStreams = {
    document,
    table: fib.modern ? read(fib.table) : new Uint8Array(),
    data: read(DATA),
  }
  const plain = decryptWord(streams, fib, context)
  reportFields(textRuns(plain, fib, context), context)
  if (fib.modern) reportTables(plain, context)
  return [
    { path: DOCUMENT, bytes: plain.document },
    { path: fib.table, bytes: plain.table },
    { path: DATA, bytes: plain.data },
  ].filter(({ bytes }) => bytes.length > 0)
}

/** A template that lies elsewhere, the source of a serial letter, and who saved the document where. */
function reportTables({ document, table }: WordStreams, context: Context): void {
  if (tableStructure(document, table, TABLE.savedBy)) context.removed('OLE-META', 'saved by')
  const associations = tableStructure(document, table, TABLE.associations)
  if (!associations) return
  const text = Buffer.from(associations).toString('utf16le')
  if (/\\\\[^\\\u0000]|:\/\//.test(text)) context.removed('OLE-LINK', 'template')
}
