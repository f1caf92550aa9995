import type { RtfReader } from './rtf-reader.ts'

/** The file that the data of a `\pict` is, or would be with the header that RTF leaves out. */
export function pictureFile(
  word: string,
  parameter: number | undefined,
  data: Uint8Array,
  reader: RtfReader,
): { readonly type: string; readonly file: Uint8Array } {
  const form = FORMS.get(word)
  reader.must(form !== undefined && form.parameter === parameter)
  if (form.type === 'bmp') return { type: 'bmp', file: bitmapFile(data, reader) }
  return { type: form.type, file: form.type === 'wmf' ? placed(data) : data }
}

interface Form {
  readonly type: string
  readonly parameter: number | undefined
}

const FORMS: ReadonlyMap<string, Form> = new Map([
  ['pngblip', { type: 'png', parameter: undefined }],
  ['jpegblip', { type: 'jpeg', parameter: undefined }],
  ['emfblip', { type: 'emf', parameter: undefined }],
  ['wmetafile', { type: 'wmf', parameter: 8 }],
  ['dibitmap', { type: 'bmp', parameter: 0 }],
])

/** A bitmap's pixels stand behind its header and its colours (BITMAPFILEHEADER, bfOffBits). */
function bitmapFile(data: Uint8Array, reader: RtfReader): Uint8Array {
  reader.must(data.length >= 40)
  const view = new DataView(data.buffer, data.byteOffset, data.length)
  const bits = view.getUint16(14, true)
  const named = view.getUint32(32, true)
  const colours = bits > 8 ? 0 : named === 0 ? 2 ** bits : named
  const masks = view.getUint32(0, true) === 40 && view.getUint32(16, true) === 3 ? 12 : 0
  const file = Buffer.alloc(14 + data.length)
  file.write('BM', 0, 'latin1')
  file.writeUInt32LE(file.length, 2)
  file.writeUInt32LE((14 + view.getUint32(0, true) + masks + colours * 4) % 2 ** 32, 10)
  file.set(data, 14)
  return file
}

/** `\picw` and `\pich` say what the placeable header of a metafile would: any that is valid will do. */
function placed(data: Uint8Array): Uint8Array {
  const words = [0xcdd7, 0x9ac6, 0, 0, 0, 1, 1, 1440, 0, 0]
  const file = Buffer.alloc(22 + data.length)
  for (const [index, word] of [...words, words.reduce((sum, one) => sum ^ one, 0)].entries())
    file.writeUInt16LE(word, index * 2)
  file.set(data, 22)
  return file
}
