/** Tag numbers of TIFF 6.0 and its supplements that are read. */
export const TAG = {
  NewSubfileType: 254,
  SubfileType: 255,
  ImageWidth: 256,
  ImageLength: 257,
  BitsPerSample: 258,
  Compression: 259,
  Photometric: 262,
  FillOrder: 266,
  StripOffsets: 273,
  Orientation: 274,
  SamplesPerPixel: 277,
  RowsPerStrip: 278,
  StripByteCounts: 279,
  XResolution: 282,
  YResolution: 283,
  PlanarConfiguration: 284,
  T4Options: 292,
  ResolutionUnit: 296,
  Predictor: 317,
  ColorMap: 320,
  TileWidth: 322,
  TileLength: 323,
  TileOffsets: 324,
  TileByteCounts: 325,
  InkSet: 332,
  ExtraSamples: 338,
  SampleFormat: 339,
  JpegTables: 347,
  YCbCrCoefficients: 529,
  YCbCrSubSampling: 530,
  ReferenceBlackWhite: 532,
} as const

const READ: ReadonlySet<number> = new Set(Object.values(TAG))

/**
 * Numbers of fixed meaning and small fixed size about the halftone, the scanner's curves, the fax line or the place on the
 * sheet; they carry no text, person or time. Not written and not reported.
 */
const HINTS: ReadonlySet<number> = new Set([
  263, 264, 265, 280, 281, 286, 287, 288, 289, 290, 291, 293, 297, 300, 301, 318, 319, 321, 326,
  327, 328, 334, 336, 340, 341, 342, 531,
])

/** Text, people, places, times, programs and thumbnails; Exif, GPS, XMP, IPTC, Photoshop, fax partners. */
const PERSONAL: ReadonlySet<number> = new Set([
  269, 270, 271, 272, 285, 305, 306, 315, 316, 333, 337, 700, 32781, 33432, 33723, 34377, 34665,
  34853, 34908, 34909, 34910, 34911, 37724, 40965, 50838, 50839,
])
/** Exif and Windows tags that some writers put into the main directory: cameras, comments, ratings. */
const PERSONAL_RANGES = [
  [18246, 18249],
  [33434, 33437],
  [34850, 34868],
  [36864, 42240],
] as const
const ICC_PROFILE = 34675

/** How a tag is treated: `read` when it is understood, `hint` when its loss needs no word, otherwise the rule to report. */
export function treatment(tag: number): 'read' | 'hint' | 'IMG-EXIF' | 'IMG-ICC' | 'IMG-TIFF' {
  if (READ.has(tag)) return 'read'
  if (HINTS.has(tag)) return 'hint'
  if (tag === ICC_PROFILE) return 'IMG-ICC'
  const personal =
    PERSONAL.has(tag) || PERSONAL_RANGES.some(([from, to]) => tag >= from && tag <= to)
  return personal ? 'IMG-EXIF' : 'IMG-TIFF'
}
