import type { Context } from '../family.ts'
import { decodeRtf } from './rtf-decode.ts'
import { expandRtf } from './rtf-expand.ts'

/** What a compressed RTF body says: the page it was made from, or else its words. */
export interface RtfBody {
  readonly html: string | undefined
  readonly text: string
}

/** Expands ([MS-OXRTFCP]) and reads ([MS-OXRTFEX]) the RTF body of a message; `undefined` when it cannot be. */
export function rtfBody(compressed: Uint8Array, context: Context): RtfBody | undefined {
  const rtf = expandRtf(compressed, context)
  return rtf === undefined ? undefined : decodeRtf(rtf, context)
}
