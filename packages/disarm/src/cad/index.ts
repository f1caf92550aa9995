import type { Family } from '../family.ts'
import { rebuildDxf } from './dxf.ts'
import { rebuildExchange } from './exchange.ts'
import { refuse } from '../family.ts'
import type { Context } from '../family.ts'
import { detectEncoding } from '../text/encoding.ts'
import { readSource } from './source.ts'

/** Drawings that are text: DXF, and the exchange structure of ISO 10303-21 (P21, STEP) with SXF's features in comments (SFC). */
export const cadFamily: Family = {
  id: 'cad',
  types: ['dxf', 'sfc', 'p21'],
  rebuild: (input, type, context) => ({
    ok: true,
    outputType: type,
    output: rebuildUntilSettled(input, type, context),
  }),
}

/** What goes may have been all that told the encoding; then the rest is read once more, as others will read it. */
function rebuildUntilSettled(input: Uint8Array, type: string, context: Context): Uint8Array {
  let bytes = input
  for (let reading = 0; reading < MAX_READINGS; reading++) {
    const source = readSource(bytes, context)
    const output = (type === 'dxf' ? rebuildDxf : rebuildExchange)(source, context)
    if (detectEncoding(output) === source.encoding) return output
    bytes = output
  }
  return refuse('CAD-TOKEN')
}

const MAX_READINGS = 3
