import type { Context } from '../family.ts'
import { placeholderPng, rebuildImage } from '../image/index.ts'
import { nibble } from './lexer.ts'
import type { Writer } from './writer.ts'

/** Numbers of a picture in the order in which they are written (RTF 1.9.1, "Pictures"). */
const NUMBERS: readonly (readonly [word: string, low: number, high: number])[] = [
  ['picscalex', 0, 0xffff],
  ['picscaley', 0, 0xffff],
  ['piccropl', -0xfffff, 0xfffff],
  ['piccropr', -0xfffff, 0xfffff],
  ['piccropt', -0xfffff, 0xfffff],
  ['piccropb', -0xfffff, 0xfffff],
  ['picw', 0, 0xfffff],
  ['pich', 0, 0xfffff],
  ['picwgoal', 0, 0xfffff],
  ['pichgoal', 0, 0xfffff],
]

const BITMAP_HEADER = 14
const PLACEABLE_HEADER = 22

/** One `\pict`: its numbers, and its data from hexadecimal digits or `\bin`. */
export class Picture {
  readonly #numbers = new Map<string, number>()
  #form = ''
  #data = new Uint8Array(0)
  #length = 0
  #half = -1
  /** `{\*\picprop …}`, ready. */
  properties: Writer | undefined

  word(word: string, parameter: number | undefined): void {
    const range = NUMBERS.find(([name]) => name === word)
    const value = parameter ?? 0
    if (range && value >= range[1] && value <= range[2]) this.#numbers.set(word, value)
    else if (FORMS.has(word)) this.#form = word
  }

  hex(bytes: Uint8Array, start: number, end: number): void {
    this.#reserve((end - start + 1) >> 1)
    for (let at = start; at < end; at++) {
      const digit = nibble(bytes[at])
      if (digit < 0) continue
      if (this.#half < 0) this.#half = digit
      else {
        this.#data[this.#length++] = this.#half * 16 + digit
        this.#half = -1
      }
    }
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#data.set(bytes, this.#length)
    this.#length += bytes.length
  }

  /** True for a picture without data: there is nothing to show. */
  get empty(): boolean {
    return this.#length === 0
  }

  /** Writes the numbers, the word for what the data really is, and the data made anew; a grey box where it cannot be. */
  write(writer: Writer, context: Context): void {
    context.spend(this.#length)
    const { word, data } = this.#rebuilt(context)
    if (this.properties) writer.append(this.properties)
    for (const [name] of NUMBERS) {
      const value = this.#numbers.get(name)
      if (value !== undefined) writer.word(name, value)
    }
    writer.word(word.name, word.parameter)
    writer.hex(data)
  }

  #rebuilt(context: Context): { word: Word; data: Uint8Array } {
    const image = rebuildImage(this.#file(), context, 'pict')
    const word = image.ok ? WORDS[image.type] : undefined
    if (image.ok && word) return { word, data: image.output.subarray(word.header) }
    context.removed('RTF-PICT', 'pict')
    return { word: WORDS.png, data: placeholderPng(64, 64) }
  }

  /** Windows bitmaps stand in RTF without the header that a file of them has. */
  #file(): Uint8Array {
    const data = this.#data.subarray(0, this.#length)
    return this.#form === 'dibitmap' ? bitmapFile(data) : data
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#data.length) return
    const grown = new Uint8Array(Math.max(this.#length + more, this.#data.length * 2))
    grown.set(this.#data.subarray(0, this.#length))
    this.#data = grown
  }
}

const FORMS = new Set(
  'emfblip pngblip jpegblip wmetafile dibitmap wbitmap macpict pmmetafile'.split(' '),
)

interface Word {
  readonly name: string
  readonly parameter?: number
  /** Bytes of the picture's own file that RTF leaves out. */
  readonly header: number
}

const WORDS = {
  png: { name: 'pngblip', header: 0 },
  jpeg: { name: 'jpegblip', header: 0 },
  emf: { name: 'emfblip', header: 0 },
  wmf: { name: 'wmetafile', parameter: 8, header: PLACEABLE_HEADER },
  bmp: { name: 'dibitmap', parameter: 0, header: BITMAP_HEADER },
  gif: undefined,
  tiff: undefined,
  webp: undefined,
} as const satisfies Record<string, Word | undefined>

/** BITMAPFILEHEADER before a BITMAPINFOHEADER; the place of the pixels follows from header, masks and palette. */
function bitmapFile(data: Uint8Array): Uint8Array {
  if (data.length < 40) return data
  const view = new DataView(data.buffer, data.byteOffset, data.length)
  const header = view.getUint32(0, true)
  const bits = view.getUint16(14, true)
  const used = view.getUint32(32, true)
  const colors = bits <= 8 ? (used > 0 && used <= 256 ? used : 2 ** bits) : 0
  const masks = header === 40 && view.getUint32(16, true) === 3 ? 12 : 0
  const file = Buffer.alloc(BITMAP_HEADER + data.length)
  file.write('BM', 0, 'latin1')
  file.writeUInt32LE(file.length, 2)
  file.writeUInt32LE((BITMAP_HEADER + header + masks + colors * 4) % 2 ** 32, 10)
  file.set(data, BITMAP_HEADER)
  return file
}
