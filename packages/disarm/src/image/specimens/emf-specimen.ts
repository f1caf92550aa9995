/** For tests only: enhanced metafiles made record by record, the honest and the hostile ones. */

/** A record: type, then 32-bit numbers (floats as `real`) and bytes. */
export function emfRecord(type: number, ...parts: readonly (number | Uint8Array)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'number' ? int32(part) : part)))
  return Buffer.concat([int32(type), int32(8 + body.length), body])
}

export interface EmfSpecimen {
  readonly handles?: number
  readonly bounds?: readonly number[]
  readonly device?: readonly number[]
  readonly description?: string
  readonly end?: Uint8Array
}

/** Header, records, end. With nothing said it is the written form. */
export function emf(records: readonly Uint8Array[], options: EmfSpecimen = {}): Buffer {
  const body = Buffer.concat([...records, options.end ?? END])
  const text = Buffer.from(options.description ?? '', 'utf16le')
  const size = 108 + text.length
  const [bounds, device] = [options.bounds ?? [0, 0, 99, 99], options.device ?? [1024, 768]]
  const words = [1, size, ...bounds, 0, 0, 2540, 2540, 0x464d4520, 0x10000, size + body.length]
  const counts = [records.length + 2, options.handles ?? 1, text.length / 2, text.length && 108, 0]
  const tail = [...device, 320, 240, 0, 0, 0, 320_000, 240_000]
  return Buffer.concat([...[...words, ...counts, ...tail].map(int32), text, body])
}

export const END = emfRecord(14, 0, 16, 20)

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32LE(value | 0)
  return bytes
}

/** A float as the number that has its bits. */
export function real(value: number): number {
  const bytes = Buffer.alloc(4)
  bytes.writeFloatLE(value)
  return bytes.readInt32LE()
}

/** BITMAPINFOHEADER and what follows it. */
export function dibInfo(
  width: number,
  height: number,
  bpp: number,
  options: {
    readonly compression?: number
    readonly size?: number
    readonly used?: number
    readonly rest?: Uint8Array
  } = {},
): Buffer {
  const stride = Math.ceil((width * bpp) / 32) * 4
  const size = options.size ?? stride * Math.abs(height)
  const words = [40, width, height, (bpp << 16) | 1, options.compression ?? 0, size, 0, 0]
  const rest = options.rest ?? new Uint8Array(0)
  return Buffer.concat([...[...words, options.used ?? 0, 0].map(int32), rest])
}

/** A table of black and white. */
export const BLACK_WHITE = Uint8Array.of(0, 0, 0, 0, 255, 255, 255, 0)
/** Two by two pixels of two colours; fill bits are 0. */
export const MONO = [
  dibInfo(2, 2, 1, { rest: BLACK_WHITE }),
  Buffer.from([0x80, 0, 0, 0, 0x40, 0, 0, 0]),
] as const
/** Two by one pixels with masks of 5, 6 and 5 bits. */
export const MASKED = [
  dibInfo(2, 1, 16, {
    compression: 3,
    rest: Buffer.concat([0xf800, 0x7e0, 0x1f].map(int32)),
  }),
  Buffer.from([0x1f, 0xf8, 0, 0]),
] as const
export const TRUE_COLOUR = [dibInfo(1, -1, 32), Buffer.from([1, 2, 3, 255])] as const

type Dib = readonly [info: Uint8Array, bits: Uint8Array]

/** Offsets and sizes of a bitmap that begins at `at`. */
export function place([info, bits]: Dib, at: number): readonly number[] {
  return [at, info.length, at + info.length, bits.length]
}

const BOX = [0, 0, 9, 9]
const MATRIX = [1, 0, 0, 1, 0, 0].map(real)
const SCALE = [2, real(1), real(1)]
const REGION = [32, 1, 1, 16, ...BOX, ...BOX]
const COPY = 0xcc0020

/** EMR_EXTTEXTOUTW of a text, as Office writes it. */
export function textOut(text: string, options = 0): Buffer {
  const string = Buffer.from(text, 'utf16le')
  const filled = Buffer.concat([string, Buffer.alloc(string.length % 4)])
  const distances = [...text].map(() => 10)
  const end = 76 + filled.length
  return emfRecord(
    84,
    ...BOX,
    ...SCALE,
    5,
    5,
    text.length,
    76,
    options,
    ...BOX,
    end,
    filled,
    ...distances,
  )
}

/** EMR_EXTCREATEFONTINDIRECTW with a face. */
export function fontOf(handle: number, face: string): Buffer {
  const name = Buffer.alloc(64)
  name.write(face, 'utf16le')
  return emfRecord(
    82,
    handle,
    -12,
    0,
    0,
    0,
    400,
    Buffer.from([1, 0, 0, 128, 0, 0, 0, 0]),
    name,
    Buffer.alloc(228),
  )
}

/** EMR_STRETCHDIBITS of a bitmap. */
export function stretch(dib: Dib, usage = 0): Buffer {
  return emfRecord(81, ...BOX, 0, 0, 0, 0, 2, 2, ...place(dib, 80), usage, COPY, 9, 9, ...dib)
}

const source = (dib: Dib, at: number): readonly number[] => [
  ...MATRIX,
  0xffffff,
  0,
  ...place(dib, at),
]
const sources = { none: [...MATRIX, 0xffffff, 0, 0, 0, 0, 0] }

/** One of every record of the written form, in an order in which each has the objects that it uses. Handles 1 to 9. */
export const EVERY_EMF_RECORD: readonly Buffer[] = [
  emfRecord(38, 1, 0, 1, 0, 0xff),
  emfRecord(39, 2, 2, 0xff00, 4),
  fontOf(3, 'ＭＳ 明朝'),
  emfRecord(49, 4, (2 << 16) | 0x300, 0xff, 0xff00),
  emfRecord(95, 5, 0, 0, 0, 0, 0x10002, 3, 0, 0xff, 0, 2, 6, 3),
  emfRecord(95, 6, ...place(MONO, 52), 0x10000, 3, 5, 0, 0, 0, ...MONO),
  emfRecord(93, 7, 0, ...place(MONO, 32), ...MONO),
  emfRecord(94, 8, 0, ...place(MASKED, 32), ...MASKED),
  emfRecord(38, 9, 5, 0, 0, 0),
  emfRecord(37, 1),
  emfRecord(37, 0x80000005),
  emfRecord(40, 9),
  emfRecord(48, 4),
  emfRecord(50, 4, 0, 1, 0xff00ff),
  emfRecord(51, 4, 16),
  emfRecord(52),
  ...[2, 3, 4, 5, 6].map((type) => emfRecord(type, ...BOX, 2, 1, 2, 3, 4)),
  ...[7, 8].map((type) => emfRecord(type, ...BOX, 2, 4, 2, 2, 1, 2, 3, 4, 5, 6, 7, 8)),
  ...[85, 86, 87, 88, 89].map((type) => emfRecord(type, ...BOX, 2, 0x10002, 0x30004)),
  ...[90, 91].map((type) => emfRecord(type, ...BOX, 2, 3, 1, 2, 0x10002, 0x30004, 0x50006)),
  emfRecord(56, ...BOX, 2, 1, 2, 3, 4, Buffer.from([6, 3, 0, 0])),
  emfRecord(92, ...BOX, 2, 0x10002, 0x30004, Buffer.from([6, 2, 0, 0])),
  ...[9, 10, 11, 12, 13, 26, 27, 54, 120].map((type) => emfRecord(type, 3, -4)),
  emfRecord(15, 1, 1, 0x0000ff),
  emfRecord(16, 1),
  emfRecord(17, 8),
  ...[18, 19, 57].map((type) => emfRecord(type, 2)),
  emfRecord(20, 13),
  emfRecord(21, 3),
  emfRecord(22, 0x18),
  emfRecord(24, 0x1000002),
  emfRecord(25, 0x20000ff),
  ...[28, 59, 60, 61, 65, 66, 68].map((type) => emfRecord(type)),
  ...[29, 30, 31, 32, 42, 43, 62, 63, 64].map((type) => emfRecord(type, ...BOX)),
  emfRecord(33),
  emfRecord(35, ...MATRIX),
  emfRecord(36, ...MATRIX, 2),
  emfRecord(34, -1),
  emfRecord(41, 1, 2, 3, real(0), real(90)),
  emfRecord(44, ...BOX, 2, 2),
  ...[45, 46, 47, 55].map((type) => emfRecord(type, ...BOX, 1, 2, 3, 4)),
  emfRecord(53, 1, 1, 0xff, 1),
  emfRecord(58, real(10)),
  emfRecord(67, 5),
  emfRecord(71, ...BOX, 48, 2, ...REGION),
  emfRecord(72, ...BOX, 48, 2, 1, 1, ...REGION),
  emfRecord(73, ...BOX, 48, ...REGION),
  emfRecord(74, ...BOX, 48, ...REGION),
  emfRecord(75, 48, 1, ...REGION),
  emfRecord(75, 0, 5),
  emfRecord(76, ...BOX, ...BOX, COPY, 0, 0, ...source(TRUE_COLOUR, 100), ...TRUE_COLOUR),
  emfRecord(76, ...BOX, ...BOX, 0xf00021, 0, 0, ...sources.none),
  emfRecord(77, ...BOX, ...BOX, COPY, 0, 0, ...source(MONO, 108), 2, 2, ...MONO),
  emfRecord(
    78,
    ...BOX,
    ...BOX,
    COPY,
    0,
    0,
    ...source(TRUE_COLOUR, 128),
    0,
    0,
    0,
    ...place(MONO, 172),
    ...TRUE_COLOUR,
    ...MONO,
  ),
  emfRecord(
    79,
    ...BOX,
    0,
    0,
    9,
    0,
    0,
    9,
    0,
    0,
    2,
    2,
    ...source(TRUE_COLOUR, 140),
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    ...TRUE_COLOUR,
  ),
  emfRecord(80, ...BOX, ...BOX, 2, 2, ...place(MONO, 76), 0, 0, 2, ...MONO),
  stretch(TRUE_COLOUR),
  emfRecord(83, ...BOX, ...SCALE, 5, 5, 3, 76, 0, ...BOX, 80, Buffer.from('abc\0'), 9, 9, 9),
  textOut('髙橋'),
  emfRecord(98, 1),
  emfRecord(108, 1, 1, 3, 0x300, ...SCALE, Buffer.from('abc\0')),
  emfRecord(108, 1, 1, 2, 0, ...SCALE, ...BOX, Buffer.from('ab', 'utf16le')),
  emfRecord(
    114,
    ...BOX,
    ...BOX,
    0x01ff0000,
    0,
    0,
    ...source(TRUE_COLOUR, 108),
    1,
    1,
    ...TRUE_COLOUR,
  ),
  emfRecord(115, 1),
  emfRecord(116, ...BOX, ...BOX, 0xff, 0, 0, ...source(TRUE_COLOUR, 108), 1, 1, ...TRUE_COLOUR),
  emfRecord(118, ...BOX, 2, 1, 0, 0, 0, 0, 0, 9, 9, 0xff, 0, 0, 1, 0),
  emfRecord(118, ...BOX, 3, 1, 2, 0, 0, 0, 0, 9, 9, 0xff, 0, 0, 9, 0, 0, 0, 1, 2),
]

/** EMR_COMMENT with data. */
export function comment(...parts: readonly Uint8Array[]): Buffer {
  const data = Buffer.concat(parts)
  const fill = Buffer.alloc((4 - (data.length % 4)) % 4)
  return emfRecord(70, data.length, data, fill)
}

/** EMR_COMMENT of GDI+ with records of a type and flags each. */
export function emfPlus(...records: readonly (readonly [type: number, flags: number])[]): Buffer {
  const parts = records.map(([type, flags]) => [int32((flags << 16) | type), int32(12), int32(0)])
  return comment(Buffer.from('EMF+'), ...parts.flat())
}
