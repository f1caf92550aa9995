import type { Family } from '../family.ts'
import { rebuildPdf } from './rebuild.ts'

export { wordsOfPdf } from './words.ts'

/** PDF documents, rebuilt by allow-list as docs/design/disarm-grammar.md says. Refuses what is not certain. */
export const pdfFamily: Family = {
  id: 'pdf',
  types: ['pdf'],
  rebuild: (input, _type, context) => rebuildPdf(input, context),
}
