import type { BlockKey } from '../crypt/office-rc4.ts'
import { Rc4 } from '../crypt/rc4.ts'
import { PPT_HEADER, pptRecordAt } from './records.ts'

/**
 * Undoes the encryption of the pictures stream: header, ids, tag and content of each picture are encrypted apart, each from
 * the start of block 0's key stream ([MS-PPT] 2.1.3, as PowerPoint does it).
 */
export function decryptPictures(stream: Uint8Array, key: BlockKey): Uint8Array {
  const output = new Uint8Array(stream)
  const undo = (from: number, to: number) =>
    output.set(new Rc4(key(0)).apply(stream.subarray(from, to)), from)
  for (let at = 0; at + PPT_HEADER <= stream.length;) {
    undo(at, at + PPT_HEADER)
    const record = pptRecordAt(output, at)
    const end = at + PPT_HEADER + (record?.size ?? 0)
    if (!record || end > stream.length) break
    let from = at + PPT_HEADER
    for (const size of [...fieldsOf(record.type, record.instance), end]) {
      const to = Math.min(end, from + size)
      if (from < to) undo(from, to)
      from = to
    }
    at = end
  }
  return output
}

const METAFILES: ReadonlySet<number> = new Set([0xf01a, 0xf01b, 0xf01c])
/** Instances of pictures that carry two ids. */
const TWO_IDS: ReadonlySet<number> = new Set([
  0x217, 0x3d5, 0x46b, 0x543, 0x6e1, 0x6e3, 0x6e5, 0x7a9,
])
const METAFILE_HEADER = 34
const ID = 16

function fieldsOf(type: number, instance: number): number[] {
  const ids = TWO_IDS.has(instance) ? [ID, ID] : [ID]
  return [...ids, METAFILES.has(type) ? METAFILE_HEADER : 1]
}
