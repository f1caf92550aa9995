/** A record of a binary part ([MS-XLSB] 2.1.4). */
export interface XlsbRecord {
  readonly type: number
  readonly data: Uint8Array
}

/** Records one after another, up to the first that does not fit into the part. */
export function* xlsbRecords(part: Uint8Array): Generator<XlsbRecord, void, undefined> {
  for (let at = 0; ;) {
    const type = numberAt(part, at, 2)
    const size = type && numberAt(part, type.end, 4)
    if (!size || size.end + size.value > part.length) return
    yield { type: type.value, data: part.subarray(size.end, size.end + size.value) }
    at = size.end + size.value
  }
}

export const XLSB = { name: 39, beginSupBook: 360 } as const

/** Seven bits a byte, the lowest first; the high bit says that more follow, of at most `most` bytes. */
function numberAt(
  part: Uint8Array,
  from: number,
  most: number,
): { readonly value: number; readonly end: number } | undefined {
  let value = 0
  for (let i = 0; i < most; i++) {
    const byte = part[from + i]
    if (byte === undefined) return undefined
    value += (byte & 0x7f) * 2 ** (7 * i)
    if (byte < 0x80) return { value, end: from + i + 1 }
  }
  return { value, end: from + most }
}
