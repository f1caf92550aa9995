import { checkCff } from './cff.ts'
import { rebuildSfnt } from './sfnt.ts'
import { readType1 } from './type1.ts'

/** An embedded font whose structure was checked. */
export interface FontProgram {
  readonly bytes: Uint8Array
  /** For `FontFile3`. */
  readonly subtype?: 'Type1C' | 'CIDFontType0C' | 'OpenType'
  /** `Length1`, `Length2`, `Length3`. */
  readonly lengths?: readonly number[]
}

/** Tells the kind by the first bytes, never by the key; undefined when the structure is not certain. */
export function fontProgram(bytes: Uint8Array, stated?: string): FontProgram | undefined {
  const magic = Buffer.from(bytes.subarray(0, 4)).toString('latin1')
  if (magic === '\0\x01\0\0' || magic === 'true' || magic === 'OTTO' || magic === 'ttcf')
    return sfnt(bytes)
  if (magic.startsWith('%!') || bytes[0] === 0x80) return type1(bytes)
  return bytes[0] === 1 ? cff(bytes, stated) : undefined
}

function sfnt(bytes: Uint8Array): FontProgram | undefined {
  const font = rebuildSfnt(bytes)
  if (!font) return undefined
  if (font.outlines === 'cff') return { bytes: font.bytes, subtype: 'OpenType' }
  return { bytes: font.bytes, lengths: [font.bytes.length] }
}

function type1(bytes: Uint8Array): FontProgram | undefined {
  const font = readType1(bytes)
  return font && { bytes: font.bytes, lengths: font.lengths }
}

/** A bare CFF may serve a simple or a composite font; the file says which. */
function cff(bytes: Uint8Array, stated: string | undefined): FontProgram | undefined {
  const font = checkCff(bytes)
  if (!font) return undefined
  const subtype = font.cid || stated === 'CIDFontType0C' ? 'CIDFontType0C' : 'Type1C'
  return { bytes: font.bytes, subtype }
}
