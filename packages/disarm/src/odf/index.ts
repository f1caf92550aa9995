import type { Family } from '../family.ts'
import { rebuildFlat } from './flat.ts'
import { rebuildPackage } from './rebuild.ts'
import { kindOfType } from './types.ts'

export { MANIFEST_NAME, mediaTypeOf } from './manifest.ts'

/** OpenDocument: packages, templates and flat files of texts, spreadsheets, presentations and drawings. */
export const odfFamily: Family = {
  id: 'odf',
  types: ['odt', 'ods', 'odp', 'odg', 'ott', 'ots', 'otp', 'otg', 'fodt', 'fods', 'fodp', 'fodg'],
  rebuild(input, type, context) {
    const kind = kindOfType(type)
    if (!kind) return { ok: false, reason: 'TYPE-UNKNOWN' }
    return type.startsWith('f')
      ? rebuildFlat(input, kind, context)
      : rebuildPackage(input, kind, context)
  },
}
