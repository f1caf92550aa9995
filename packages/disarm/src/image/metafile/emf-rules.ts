import { colour, flags, long, oneOf, real, times } from './cell.ts'
import { allRows, blend, neededPixels, picture, pixels, usage } from './emf-bitmap.ts'
import { extendedPen, font, palette, paletteEntries, plainBrush } from './emf-object.ts'
import { creates, deletes, restores, saves, uses } from './emf-scene.ts'
import type { EmfCell } from './emf-scene.ts'
import {
  clipRegion,
  drawnPoints,
  gradient,
  point,
  points,
  polygons,
  rectangle,
  region,
  regionSize,
  smallPoints,
} from './emf-shapes.ts'
import { smallText, text, textMode } from './emf-text.ts'

const transform = times(6, real)
const source: readonly EmfCell[] = [transform, colour, usage, picture]
/** Ternary raster operation, without the switches that only a live screen knows. */
const operation = flags(0xffffff)
const poly = [rectangle, points]
const smallPoly = [rectangle, smallPoints]
const block = [rectangle, point, point]

/** Windows writes a float where [MS-EMF] 2.3.11.21 speaks of an integer; both are found. */
const miterLimit: EmfCell = (from, to) => {
  const bits = from.u32()
  const plain = bits >= 1 && bits <= 0xffff
  return (plain || (bits >= 0x3f800000 && bits <= 0x477fff00)) && to.u32(bits)
}

/**
 * The records that are kept ([MS-EMF] 2.1.1 RecordType), each by its fields behind type and size. Not here, so dropped: comments
 * (GDI+, EPS), escapes to printer drivers, OpenGL, colour management with its file names, font links, and what is unknown.
 */
export const EMF_RULES: ReadonlyMap<number, readonly EmfCell[]> = new Map<
  number,
  readonly EmfCell[]
>([
  [2, poly],
  [3, poly],
  [4, poly],
  [5, poly],
  [6, poly],
  [7, [rectangle, polygons(8)]],
  [8, [rectangle, polygons(8)]],
  [9, [point]],
  [10, [point]],
  [11, [point]],
  [12, [point]],
  [13, [point]],
  [15, [point, colour]],
  [16, [oneOf(0, 1)]],
  [17, [oneOf(1, 8)]],
  [18, [oneOf(1, 2)]],
  [19, [oneOf(1, 2)]],
  [20, [oneOf(1, 16)]],
  [21, [oneOf(1, 4)]],
  [22, [flags(0x1ff)]],
  [24, [colour]],
  [25, [colour]],
  [26, [point]],
  [27, [point]],
  [28, []],
  [29, [rectangle]],
  [30, [rectangle]],
  [31, [rectangle]],
  [32, [rectangle]],
  [33, [saves]],
  [34, [restores]],
  [35, [transform]],
  [36, [transform, oneOf(1, 4)]],
  [37, [uses('pen', 'brush', 'font')]],
  [38, [creates('pen'), flags(0x1ff0f), point, colour]],
  [39, [creates('brush'), plainBrush]],
  [40, [deletes]],
  [41, [point, long, real, real]],
  [42, [rectangle]],
  [43, [rectangle]],
  [44, [rectangle, point]],
  [45, block],
  [46, block],
  [47, block],
  [48, [uses('palette')]],
  [49, [creates('palette'), palette]],
  [50, [uses('palette'), paletteEntries]],
  [51, [uses('palette'), oneOf(1, 1024)]],
  [52, []],
  [53, [point, colour, oneOf(0, 1)]],
  [54, [point]],
  [55, block],
  [56, [rectangle, drawnPoints(8)]],
  [57, [oneOf(1, 2)]],
  [58, [miterLimit]],
  [59, []],
  [60, []],
  [61, []],
  [62, [rectangle]],
  [63, [rectangle]],
  [64, [rectangle]],
  [65, []],
  [66, []],
  [67, [oneOf(1, 5)]],
  [68, []],
  [71, [rectangle, regionSize, uses('brush'), region]],
  [72, [rectangle, regionSize, uses('brush'), point, region]],
  [73, [rectangle, regionSize, region]],
  [74, [rectangle, regionSize, region]],
  [75, [clipRegion]],
  [76, [...block, operation, point, ...source, pixels]],
  [77, [...block, operation, point, ...source, point, pixels]],
  [78, [...block, flags(0xffffffff), point, ...source, point, usage, picture, pixels]],
  [79, [rectangle, times(5, point), ...source, point, usage, picture, pixels]],
  [80, [...block, point, picture, usage, allRows, neededPixels]],
  [81, [...block, point, picture, usage, operation, point, pixels]],
  [82, [creates('font'), font]],
  [83, [rectangle, textMode, text(1)]],
  [84, [rectangle, textMode, text(2)]],
  [85, smallPoly],
  [86, smallPoly],
  [87, smallPoly],
  [88, smallPoly],
  [89, smallPoly],
  [90, [rectangle, polygons(4)]],
  [91, [rectangle, polygons(4)]],
  [92, [rectangle, drawnPoints(4)]],
  [93, [creates('brush'), usage, picture, neededPixels]],
  [94, [creates('brush'), usage, picture, neededPixels]],
  [95, extendedPen],
  [98, [oneOf(1, 4)]],
  [108, [smallText]],
  [114, [...block, blend, point, ...source, point, neededPixels]],
  [115, [flags(9)]],
  [116, [...block, colour, point, ...source, point, neededPixels]],
  [118, [rectangle, gradient]],
  [120, [point]],
])

/** From one type to another, both included: the records that put something on the paper. */
const PAINTING: readonly (readonly [from: number, to: number])[] = [
  [2, 8],
  [15, 15],
  [41, 47],
  [53, 56],
  [62, 64],
  [71, 74],
  [76, 81],
  [83, 92],
  [108, 108],
  [114, 114],
  [116, 118],
]

/** Whether a record of this type paints. */
export function paints(type: number): boolean {
  return PAINTING.some(([from, to]) => type >= from && type <= to)
}
