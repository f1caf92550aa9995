import type { Family } from '../family.ts'
import { rebuildOoxml } from './rebuild.ts'

export { mainContentType } from './package.ts'
export { MAIN_TYPES, REFUSED_MAIN } from './relationships.ts'

/** Word, Excel and PowerPoint since 2007, with their macro forms, templates and shows. */
export const ooxmlFamily: Family = {
  id: 'ooxml',
  types: [
    'docx',
    'docm',
    'dotx',
    'dotm',
    'xlsx',
    'xlsm',
    'xltx',
    'xltm',
    'pptx',
    'pptm',
    'potx',
    'potm',
    'ppsx',
    'ppsm',
  ],
  rebuild: (input, _type, context) => rebuildOoxml(input, context),
}
