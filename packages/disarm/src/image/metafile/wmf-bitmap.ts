import type { RecordReader, RecordWriter } from './bytes.ts'
import { flags, short, times } from './cell.ts'
import { PALETTE_INDICES, RGB_COLORS, readDib } from './dib.ts'
import type { Dib } from './dib.ts'
import { creates } from './wmf-scene.ts'
import type { WmfCell, WmfScene } from './wmf-scene.ts'
import { yx } from './wmf-shapes.ts'

export const PATTERN_BLOCK = 0x061d
/** Ternary raster operation, without the switches that only a live screen knows. */
export const operation = flags(0xffffff)

export const usage: WmfCell = (from, to, scene) => {
  const given = from.u16()
  scene.usage = given <= PALETTE_INDICES ? given : RGB_COLORS
  return to.u16(scene.usage)
}

/** The rest of the record: header, colour table and bits of a bitmap. */
export const pixels: WmfCell = (from, to, scene) => {
  const dib = readDib(from.take(from.left), undefined, scene.usage, scene.context)
  return dib !== undefined && write(dib, to)
}

function write(dib: Dib, to: RecordWriter): true {
  to.bytes(dib.info)
  to.bytes(dib.bits)
  return to.align(2)
}

/** Number of rows, first row: only whole bitmaps are understood. */
export const toDevice: readonly WmfCell[] = [
  usage,
  (from, to, scene) => {
    from.u16()
    if (from.u16() !== 0) return false
    const at = to.length
    to.u16(0)
    to.u16(0)
    times(4, short)(from, to, scene)
    yx(from, to, scene)
    const dib = readDib(from.take(from.left), undefined, scene.usage, scene.context)
    const rows = dib ? Math.abs(Buffer.from(dib.info).readInt32LE(8)) : 0
    to.patch16(at, rows)
    return dib !== undefined && rows <= 0xffff && write(dib, to)
  },
]

/**
 * A block transfer whose source is a bitmap in the record or, when the record has none, the brush alone: then it is written as
 * META_PATBLT, which says the same. A bitmap for one device only ([MS-WMF] 2.2.2.1) cannot be read by any other.
 *
 * @param sourceWords fields of the source: its place, and its size when it is stretched
 */
export function blockTransfer(
  bareBytes: number,
  sourceWords: 2 | 4,
  hasDib: boolean,
): readonly WmfCell[] {
  return [
    (from, to, scene) => {
      if (from.length === bareBytes) return patternBlock(from, to, scene, sourceWords)
      if (!hasDib) return false
      operation(from, to, scene)
      scene.usage = 0
      times(sourceWords + 2, short)(from, to, scene)
      return yx(from, to, scene) && pixels(from, to, scene)
    },
  ]
}

function patternBlock(
  from: RecordReader,
  to: RecordWriter,
  scene: WmfScene,
  sourceWords: number,
): boolean {
  to.patch16(scene.start + 4, PATTERN_BLOCK)
  operation(from, to, scene)
  from.take(sourceWords * 2 + 2)
  times(2, short)(from, to, scene)
  return yx(from, to, scene)
}

const PATTERN = 3
const DIB_PATTERN = 5

/** META_DIBCREATEPATTERNBRUSH ([MS-WMF] 2.3.4.8): every style but BS_PATTERN means a bitmap with the colours it brings. */
export const patternBrush: readonly WmfCell[] = [
  creates('brush'),
  (from, to, scene) => {
    const isPattern = from.u16() === PATTERN
    const colours = from.u16()
    // The colours of a pattern are RGB, whatever the record says.
    scene.usage = isPattern ? RGB_COLORS : colours
    to.u16(isPattern ? PATTERN : DIB_PATTERN)
    return scene.usage <= PALETTE_INDICES && to.u16(scene.usage)
  },
  pixels,
]
