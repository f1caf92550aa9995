import { SyntaxFault } from './lexer.ts'

/** Boxes that say how to decode (ISO/IEC 15444-1, Annex I). XML, UUID and private boxes are metadata and go. */
const TOP = new Set(['jP  ', 'ftyp', 'jp2h', 'jp2c'])
const HEADER = new Set(['ihdr', 'bpcc', 'colr', 'pclr', 'cmap', 'cdef', 'res '])
const MAX_BOXES = 1024
const MAX_SIDE = 65_535
const MAX_COMPONENTS = 64

/** Marker segments of the main header and the tile-part headers that stay; `COM`, `PLT`, `TLM`, `PLM`, `CRG` are dropped. */
const KEPT_MARKERS = new Set([
  0xff51, 0xff52, 0xff53, 0xff5c, 0xff5d, 0xff5e, 0xff5f, 0xff60, 0xff61,
])
const DROPPED_MARKERS = new Set([0xff55, 0xff57, 0xff58, 0xff63, 0xff64])
const SOC = 0xff4f
const SIZ = 0xff51
const SOT = 0xff90
const SOD = 0xff93
const EOC = 0xffd9

/**
 * JPEG 2000 is not decoded; its boxes and marker segments are parsed and written anew, the packets between `SOD` and the stated end of
 * each tile-part are kept. Throws `SyntaxFault`.
 */
export function rebuildJpx(bytes: Uint8Array): Uint8Array {
  try {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    if (view.getUint16(0) === SOC) return rebuildCodestream(bytes)
    return rebuildBoxes(bytes, TOP)
  } catch (fault) {
    if (fault instanceof RangeError) throw new SyntaxFault('picture cut off', 0)
    throw fault
  }
}

function rebuildBoxes(bytes: Uint8Array, allowed: ReadonlySet<string>): Uint8Array {
  const out: Uint8Array[] = []
  for (let at = 0, count = 0; at + 8 <= bytes.length; count += 1) {
    if (count > MAX_BOXES) throw new SyntaxFault('too many boxes', at)
    const { type, body, end } = readBox(bytes, at)
    at = end
    if (!allowed.has(type)) continue
    out.push(writeBox(type, rebuildBody(type, body)))
  }
  if (out.length === 0) throw new SyntaxFault('no boxes', 0)
  return Buffer.concat(out)
}

function readBox(bytes: Uint8Array, at: number): { type: string; body: Uint8Array; end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const short = view.getUint32(at)
  const type = Buffer.from(bytes.subarray(at + 4, at + 8)).toString('latin1')
  const head = short === 1 ? 16 : 8
  const length =
    short === 1 ? Number(view.getBigUint64(at + 8)) : short === 0 ? bytes.length - at : short
  if (length < head || at + length > bytes.length) throw new SyntaxFault('box cut off', at)
  return { type, body: bytes.subarray(at + head, at + length), end: at + length }
}

function rebuildBody(type: string, body: Uint8Array): Uint8Array {
  if (type === 'jp2h') return rebuildBoxes(body, HEADER)
  return type === 'jp2c' ? rebuildCodestream(body) : body
}

function writeBox(type: string, body: Uint8Array): Uint8Array {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(body.length + 8)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, body])
}

function rebuildCodestream(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  if (view.getUint16(0) !== SOC || view.getUint16(2) !== SIZ) throw new SyntaxFault('no picture', 0)
  checkSize(view, 4)
  const out: Uint8Array[] = [bytes.subarray(0, 2)]
  let at = copySegments(view, 2, SOT, out)
  while (at + 2 <= bytes.length && view.getUint16(at) === SOT) at = copyTilePart(view, at, out)
  out.push(Uint8Array.of(EOC >> 8, EOC & 255))
  return Buffer.concat(out)
}

/** A.5.1. */
function checkSize(view: DataView, at: number): void {
  const width = view.getUint32(at + 4) - view.getUint32(at + 12)
  const height = view.getUint32(at + 8) - view.getUint32(at + 16)
  const tile = Math.min(view.getUint32(at + 20), view.getUint32(at + 24))
  const components = view.getUint16(at + 36)
  const sane = width > 0 && height > 0 && width <= MAX_SIDE && height <= MAX_SIDE && tile > 0
  if (!sane || components < 1 || components > MAX_COMPONENTS)
    throw new SyntaxFault('impossible size', at)
}

/** Copies the marker segments from `at` to the marker `stop` and returns where that is. */
function copySegments(view: DataView, from: number, stop: number, out: Uint8Array[]): number {
  let at = from
  for (let marker = view.getUint16(at); marker !== stop; marker = view.getUint16(at)) {
    const length = view.getUint16(at + 2)
    if (length < 2) throw new SyntaxFault('bad segment', at)
    if (KEPT_MARKERS.has(marker)) out.push(slice(view, at, at + 2 + length))
    else if (!DROPPED_MARKERS.has(marker)) throw new SyntaxFault('unknown marker', at)
    at += 2 + length
  }
  return at
}

/** A.4.2: `SOT`, the tile-part's own segments, `SOD`, packets up to the stated length; a length of 0 runs to the end. */
function copyTilePart(view: DataView, start: number, out: Uint8Array[]): number {
  const stated = view.getUint32(start + 6)
  const end = stated === 0 ? withoutEnd(view) : start + stated
  if (end > view.byteLength || view.getUint16(start + 2) !== 10)
    throw new SyntaxFault('bad tile', start)
  const segments: Uint8Array[] = []
  const data = copySegments(view, start + 12, SOD, segments)
  if (data + 2 > end) throw new SyntaxFault('bad tile', start)
  const head = Buffer.from(slice(view, start, start + 12))
  const body = slice(view, data, end)
  head.writeUInt32BE(12 + segments.reduce((sum, each) => sum + each.length, 0) + body.length, 6)
  out.push(head, ...segments, body)
  return end
}

function withoutEnd(view: DataView): number {
  const last = view.byteLength - 2
  return last >= 0 && view.getUint16(last) === EOC ? last : view.byteLength
}

function slice(view: DataView, start: number, end: number): Uint8Array {
  if (end > view.byteLength) throw new SyntaxFault('picture cut off', start)
  return new Uint8Array(view.buffer, view.byteOffset + start, end - start)
}
