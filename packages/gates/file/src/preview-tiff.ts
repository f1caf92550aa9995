import { inflateSync } from 'node:zlib'
import words from '../words/ja.json' with { type: 'json' }
import { writePng } from './png-writer.ts'
import type { Preview } from './preview.ts'

/** Most points of a page that is drawn here: a sheet of A4 at 400 dpi. */
const POINTS_MAX = 16_000_000
const PICTURE_MAX = 8 * 1024 * 1024
/** Pages that are counted. */
const PAGES_MAX = 2000
const TAGS_MAX = 24
const WIDTH = 256
const HEIGHT = 257
const BITS = 258
const COMPRESSION = 259
const PHOTOMETRIC = 262
const OFFSETS = 273
const SAMPLES = 277
const SIZES = 279
const DEFLATE = 8
const JPEG = 7
const WHITE_IS_ZERO = 0
const RGB = 2

type Tags = ReadonlyMap<number, readonly number[]>

/**
 * The first page of scanned sheets, as a picture that a browser knows, where it is black and white, grey or plain colour; otherwise its size and how many
 * pages there are.
 */
export function previewTiff(bytes: Uint8Array): Preview | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const first = view.getUint32(4, true)
  const page = readTags(view, first)
  const pages = countPages(view, first)
  const [width = 0, height = 0] = [one(page, WIDTH), one(page, HEIGHT)]
  if (width === 0 || height === 0) return undefined
  const dataUrl = picture(bytes, page, width, height)
  const filled = (sentence: string): string =>
    sentence.replaceAll(/\{(\w+)\}/gu, (_, name: string) =>
      String(new Map(Object.entries({ width, height, pages })).get(name)),
    )
  if (dataUrl === undefined) return { kind: 'none', reason: filled(words.previewTiff) }
  return {
    kind: 'image',
    dataUrl,
    ...(pages > 1 ? { note: filled(words.previewTiffMore) } : {}),
  }
}

/** Whole numbers of one directory: SHORT and LONG. */
function readTags(view: DataView, at: number): Tags {
  const tags = new Map<number, readonly number[]>()
  const count = Math.min(view.getUint16(at, true), TAGS_MAX)
  for (let entry = at + 2; entry < at + 2 + count * 12; entry += 12) {
    const type = view.getUint16(entry + 2, true)
    const step = type === 3 ? 2 : type === 4 ? 4 : 0
    const values = view.getUint32(entry + 4, true)
    if (step === 0 || values * step > view.byteLength) continue
    const from = values * step <= 4 ? entry + 8 : view.getUint32(entry + 8, true)
    tags.set(
      view.getUint16(entry, true),
      Array.from({ length: values }, (_, index) =>
        step === 2
          ? view.getUint16(from + index * 2, true)
          : view.getUint32(from + index * 4, true),
      ),
    )
  }
  return tags
}

function one(tags: Tags, tag: number): number | undefined {
  return tags.get(tag)?.[0]
}

function countPages(view: DataView, first: number): number {
  let pages = 0
  for (let at = first; at !== 0 && pages < PAGES_MAX; pages += 1)
    at = view.getUint32(at + 2 + view.getUint16(at, true) * 12, true)
  return pages
}

/** @returns a data URL, or `undefined` for what is not drawn here */
function picture(bytes: Uint8Array, page: Tags, width: number, height: number): string | undefined {
  const offsets = page.get(OFFSETS) ?? []
  const sizes = page.get(SIZES) ?? []
  const strips = offsets.map((at, index) => bytes.subarray(at, at + (sizes[index] ?? 0)))
  const compression = one(page, COMPRESSION)
  if (compression === JPEG && strips.length === 1) return dataUrlOf('jpeg', strips[0])
  const color = colorOf(page)
  if (compression !== DEFLATE || color === undefined || width * height > POINTS_MAX)
    return undefined
  const rowBytes = Math.ceil((width * color.samples * color.bits) / 8)
  const rows = Buffer.alloc(height * (rowBytes + 1))
  let row = 0
  for (const strip of strips)
    for (const line of linesOf(strip, rowBytes, (height - row) * rowBytes)) {
      if (color.inverted) for (let at = 0; at < line.length; at += 1) line[at] = ~(line[at] ?? 0)
      // A zero stands before each row: no filter.
      line.copy(rows, row * (rowBytes + 1) + 1)
      row += 1
    }
  return row === height ? dataUrlOf('png', writePng({ width, height, ...color }, rows)) : undefined
}

function linesOf(strip: Uint8Array, rowBytes: number, most: number): readonly Buffer[] {
  const raw = inflateSync(strip, { maxOutputLength: Math.max(most, 1) })
  return Array.from({ length: Math.floor(raw.length / rowBytes) }, (_, index) =>
    raw.subarray(index * rowBytes, (index + 1) * rowBytes),
  )
}

interface Color {
  readonly bits: number
  readonly samples: 1 | 3
  readonly inverted: boolean
}

function colorOf(page: Tags): Color | undefined {
  const bits = one(page, BITS) ?? 1
  const photometric = one(page, PHOTOMETRIC)
  const samples = one(page, SAMPLES)
  if (photometric === RGB && samples === 3 && bits === 8)
    return { bits, samples: 3, inverted: false }
  if ((photometric === 0 || photometric === 1) && samples === 1 && [1, 2, 4, 8].includes(bits))
    return { bits, samples: 1, inverted: photometric === WHITE_IS_ZERO }
  return undefined
}

function dataUrlOf(type: string, bytes: Uint8Array | undefined): string | undefined {
  if (bytes === undefined || bytes.length > PICTURE_MAX) return undefined
  return `data:image/${type};base64,${Buffer.from(bytes).toString('base64')}`
}
