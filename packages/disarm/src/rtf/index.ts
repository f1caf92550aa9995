import type { Family } from '../family.ts'
import { Document } from './document.ts'

/** Rich Text Format 1.9.1 (Microsoft, 2008): read by its grammar, written in one spelling. */
export const rtfFamily: Family = {
  id: 'rtf',
  types: ['rtf'],
  rebuild: (input, _type, context) => ({
    ok: true,
    outputType: 'rtf',
    output: new Document(input, context).rebuild(),
  }),
}
