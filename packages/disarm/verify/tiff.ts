import type { Budget } from './budget.ts'
import { inflateExactly } from './inflate.ts'
import { verifyJpeg } from './jpeg.ts'
import { demand } from './rejection.ts'
import { readDirectory } from './tiff-directory.ts'
import { JPEG, readPage } from './tiff-page.ts'
import type { Page } from './tiff-page.ts'

const MAX_PAGES = 1_000
const RGB_IDS = [0x52, 0x47, 0x42]

/** Accepts pages of deflated strips, or of one JPEG each, one behind the other without a byte between them. */
export function verifyTiff(bytes: Uint8Array, budget: Budget, where: string): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  demand(bytes.length > 8 && view.getUint32(0, true) === 0x002a4949, 'VERIFY-TIFF', where)
  const subfiles: number[] = []
  let at = view.getUint32(4, true)
  let end = 8
  while (at !== 0) {
    demand(at === end && subfiles.length < MAX_PAGES, 'VERIFY-TIFF', where)
    const directory = readDirectory(view, at, where)
    const page = readPage(directory.entries, where)
    end = verifyStrips(bytes, page, directory.end, budget, where)
    subfiles.push(page.subfile)
    at = directory.next
  }
  demand(end === bytes.length, 'VERIFY-TRAILING', where)
  const kind = subfiles.length > 1 ? 2 : 0
  demand(subfiles.length > 0 && subfiles.every((one) => one === kind), 'VERIFY-TIFF', where)
}

/** @returns the offset behind the last strip. */
function verifyStrips(
  bytes: Uint8Array,
  page: Page,
  from: number,
  budget: Budget,
  where: string,
): number {
  const seen = new Uint8Array(256)
  let at = from
  for (const [i, size] of page.sizes.entries()) {
    demand(page.offsets[i] === at && size > 0, 'VERIFY-TIFF', where)
    demand(at + size + (size % 2) <= bytes.length, 'VERIFY-TIFF', where)
    const strip = bytes.subarray(at, at + size)
    if (page.compression === JPEG) verifyJpegStrip(strip, page, budget, where)
    else verifyRows(strip, page, i, seen, budget, where)
    if (size % 2 === 1) demand(bytes[at + size] === 0, 'VERIFY-TIFF', where)
    at += size + (size % 2)
  }
  if (page.colors) demand(colorsFit(page.colors, seen), 'VERIFY-TIFF', where)
  return at
}

function verifyRows(
  strip: Uint8Array,
  page: Page,
  index: number,
  seen: Uint8Array,
  budget: Budget,
  where: string,
): void {
  const { width, height, bits, samples, rowsPerStrip } = page
  const rows = inflateExactly(strip, 'zlib', budget, where)
  const stride = Math.ceil((width * bits * samples) / 8)
  const count = Math.min(rowsPerStrip, height - index * rowsPerStrip)
  demand(rows.length === stride * count, 'VERIFY-TIFF', where)
  const spare = stride * 8 - width * bits * samples
  const mask = (1 << spare) - 1
  for (let last = stride - 1; last < rows.length; last += stride) {
    demand((rows[last]! & mask) === 0, 'VERIFY-TIFF', where)
  }
  if (page.colors) collect(rows, bits, seen)
}

/** Notes which indexes the bytes hold. Spare bits are 0, which the disarmer counts as an index, too. */
function collect(rows: Uint8Array, bits: number, seen: Uint8Array): void {
  const whole = new Uint8Array(256)
  for (const byte of rows) whole[byte] = 1
  for (let byte = 0; byte < 256; byte++) {
    if (whole[byte] === 0) continue
    for (let shift = 0; shift < 8; shift += bits) seen[(byte >> shift) & ((1 << bits) - 1)] = 1
  }
}

/** A colour that no pixel shows is black, and a map that old readers would take for one of 8 bits is all black. */
function colorsFit(colors: readonly number[], seen: Uint8Array): boolean {
  const size = colors.length / 3
  const tidy = colors.every((value, i) => seen[i % size] === 1 || value === 0)
  return tidy && (colors.some((value) => value > 255) || colors.every((value) => value === 0))
}

/** The JPEG of a page says the same as its tags, and has no segment of its own about colour. */
function verifyJpegStrip(strip: Uint8Array, page: Page, budget: Budget, where: string): void {
  verifyJpeg(strip, budget, where)
  demand(strip[3] === 0xdb, 'VERIFY-TIFF', where)
  const frame = frameOf(strip)
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  demand(view.getUint16(1) === page.height, 'VERIFY-TIFF', where)
  demand(view.getUint16(3) === page.width && frame[5] === page.samples, 'VERIFY-TIFF', where)
  const ids = page.photometric === 2 ? RGB_IDS : [1, 2, 3, 4]
  const [across = 1, down = 1] = page.subsampling
  for (let i = 0; i < page.samples; i++) {
    const sampling = i === 0 ? (across << 4) | down : 0x11
    demand(frame[6 + i * 3] === ids[i], 'VERIFY-TIFF', where)
    demand(frame[7 + i * 3] === sampling, 'VERIFY-TIFF', where)
  }
}

/** Data of the frame header; `strip` is known to be a whole JPEG. */
function frameOf(strip: Uint8Array): Uint8Array {
  for (let at = 2; ;) {
    const size = (strip[at + 2]! << 8) | strip[at + 3]!
    if (strip[at + 1] === 0xc0 || strip[at + 1] === 0xc1)
      return strip.subarray(at + 4, at + 2 + size)
    at += 2 + size
  }
}
