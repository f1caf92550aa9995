import { Rejection, demand } from './rejection.ts'

/** Boxes that say how to decode (ISO/IEC 15444-1, Annex I). XML, UUID and private boxes are metadata. */
const TOP = new Set(['jP  ', 'ftyp', 'jp2h', 'jp2c'])
const HEADER = new Set(['ihdr', 'bpcc', 'colr', 'pclr', 'cmap', 'cdef', 'res '])
const MAX_BOXES = 1025
const MAX_SIDE = 65_535
const MAX_COMPONENTS = 64
/** `SIZ COD COC QCD QCC RGN POC PPM PPT`; comments and pointers are taken out. */
const SEGMENTS = new Set([0xff51, 0xff52, 0xff53, 0xff5c, 0xff5d, 0xff5e, 0xff5f, 0xff60, 0xff61])
const SOC = 0xff4f
const SIZ = 0xff51
const SOT = 0xff90
const SOD = 0xff93
const EOC = 0xffd9
/** Bytes of `SOT`, with its marker (A.4.2). */
const SOT_BYTES = 12

/** Accepts JPEG 2000 boxes or a bare code stream whose marker segments are listed; packets are kept, not decoded. */
export function verifyJpx(bytes: Uint8Array, where: string): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    if (view.getUint16(0) === SOC) verifyCodestream(view, 0, bytes.length, where)
    else verifyBoxes(view, { start: 0, end: bytes.length }, TOP, where)
  } catch (error) {
    // Reads beyond the end of the picture.
    if (error instanceof RangeError) throw new Rejection('VERIFY-PDF-JPX', where)
    throw error
  }
}

function verifyBoxes(
  view: DataView,
  { start, end }: { start: number; end: number },
  allowed: ReadonlySet<string>,
  where: string,
): void {
  demand(start < end, 'VERIFY-PDF-JPX', where)
  for (let at = start, count = 0; at < end; count++) {
    const next = at + view.getUint32(at)
    const type = String.fromCharCode(...[4, 5, 6, 7].map((offset) => view.getUint8(at + offset)))
    demand(next >= at + 8 && next <= end && count < MAX_BOXES, 'VERIFY-PDF-JPX', where)
    demand(allowed.has(type), 'VERIFY-PDF-JPX', where)
    if (type === 'jp2h') verifyBoxes(view, { start: at + 8, end: next }, HEADER, where)
    if (type === 'jp2c') verifyCodestream(view, at + 8, next, where)
    at = next
  }
}

function verifyCodestream(view: DataView, start: number, end: number, where: string): void {
  demand(
    view.getUint16(start) === SOC && view.getUint16(start + 2) === SIZ,
    'VERIFY-PDF-JPX',
    where,
  )
  demand(sizeFits(view, start + 4), 'VERIFY-PDF-JPX', where)
  let at = segments(view, start + 2, SOT, where)
  while (view.getUint16(at) === SOT) {
    const next = at + view.getUint32(at + 6)
    demand(view.getUint16(at + 2) === 10, 'VERIFY-PDF-JPX', where)
    const data = segments(view, at + SOT_BYTES, SOD, where)
    demand(data + 2 <= next && next <= end, 'VERIFY-PDF-JPX', where)
    at = next
  }
  demand(view.getUint16(at) === EOC && at + 2 === end, 'VERIFY-PDF-JPX', where)
}

/** A.5.1. */
function sizeFits(view: DataView, at: number): boolean {
  const width = view.getUint32(at + 4) - view.getUint32(at + 12)
  const height = view.getUint32(at + 8) - view.getUint32(at + 16)
  const tiles = view.getUint32(at + 20) > 0 && view.getUint32(at + 24) > 0
  const components = view.getUint16(at + 36)
  const sides = width > 0 && height > 0 && width <= MAX_SIDE && height <= MAX_SIDE
  return sides && tiles && components >= 1 && components <= MAX_COMPONENTS
}

/** Marker segments up to the marker `stop`; @returns where that is. */
function segments(view: DataView, from: number, stop: number, where: string): number {
  let at = from
  for (let marker = view.getUint16(at); marker !== stop; marker = view.getUint16(at)) {
    const length = view.getUint16(at + 2)
    demand(SEGMENTS.has(marker) && length >= 2, 'VERIFY-PDF-JPX', where)
    at += 2 + length
  }
  return at
}
