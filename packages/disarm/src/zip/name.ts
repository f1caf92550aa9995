import { crc32 } from 'node:zlib'
import { refuse } from '../family.ts'

/**
 * Decodes a member name: flagged UTF-8 strictly, else ASCII, else an Info-ZIP Unicode path that vouches for this very
 * name, else UTF-8, else CP932. Bytes are decoded before anything looks for separators: the second byte of ソ, 表 and 予
 * is 0x5C, a backslash to a careless reader.
 */
export function decodeName(
  raw: Uint8Array,
  flaggedUtf8: boolean,
  unicodePath?: Uint8Array,
): { readonly name: string; readonly converted: boolean } {
  if (raw.every((byte) => byte < 0x80)) return { name: ascii(raw), converted: false }
  if (flaggedUtf8) {
    const name = strictly('utf-8', raw) ?? refuse('ZIP-AMBIG')
    return { name, converted: false }
  }
  const name =
    vouchedName(raw, unicodePath) ??
    strictly('utf-8', raw) ??
    strictly('shift_jis', raw) ??
    refuse('ZIP-NAME')
  return { name, converted: true }
}

function ascii(raw: Uint8Array): string {
  return String.fromCharCode(...raw)
}

/** Info-ZIP Unicode Path Extra Field (0x7075): version 1, CRC-32 of the raw name, the name in UTF-8. */
function vouchedName(raw: Uint8Array, field?: Uint8Array): string | undefined {
  if (!field || field.length < 6 || field[0] !== 1) return undefined
  const view = new DataView(field.buffer, field.byteOffset, field.byteLength)
  if (view.getUint32(1, true) !== crc32(raw)) return undefined
  return strictly('utf-8', field.subarray(5))
}

function strictly(encoding: string, bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
