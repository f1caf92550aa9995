import type { CompoundFile, NewStream } from '../../cfb/index.ts'
import type { Context } from '../../family.ts'
import { refuse } from '../../family.ts'
import { decryptSlides } from './decrypt.ts'
import { inspectSlides } from './inspect.ts'

const DOCUMENT = 'PowerPoint Document'
const CURRENT_USER = 'Current User'
const PICTURES = 'Pictures'
/** Where a presentation saved for PowerPoint 95 and 97 has the newer one. */
const DUAL = 'PP97_DUALSTORAGE/'

/** The streams of a presentation that the converter gets, decrypted and without stored objects. */
export function preparePresentation(file: CompoundFile, context: Context): NewStream[] {
  const folder = file.find(DUAL + DOCUMENT) ? DUAL : ''
  const read = (name: string): Uint8Array => {
    const entry = file.find(folder + name)
    return entry ? file.readStream(entry, context) : new Uint8Array()
  }
  const streams = {
    document: read(DOCUMENT),
    currentUser: read(CURRENT_USER),
    pictures: read(PICTURES),
  }
  if (streams.document.length === 0 || streams.currentUser.length === 0) refuse('OLE-CFB')
  const plain = decryptSlides(streams, context)
  return [
    { path: DOCUMENT, bytes: inspectSlides(plain.document, context) },
    { path: CURRENT_USER, bytes: plain.currentUser },
    { path: PICTURES, bytes: plain.pictures },
  ].filter(({ bytes }) => bytes.length > 0)
}
