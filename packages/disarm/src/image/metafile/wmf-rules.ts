import { colour, flags, flags16, oneOf16, short, times } from './cell.ts'
import {
  PATTERN_BLOCK,
  blockTransfer,
  operation,
  patternBrush,
  pixels,
  toDevice,
  usage,
} from './wmf-bitmap.ts'
import { brush, entries, font, palette, pen } from './wmf-object.ts'
import { creates, deletes, restores, saves, uses, usesClip } from './wmf-scene.ts'
import type { WmfCell } from './wmf-scene.ts'
import {
  mapMode,
  polygon,
  polygons,
  rectangle,
  region,
  windowExtent,
  windowOrigin,
  yx,
} from './wmf-shapes.ts'
import { extendedText, text } from './wmf-text.ts'

const pair = times(2, short)

/**
 * The records that are kept ([MS-WMF] 2.1.1.1 RecordType), each by its fields. Not here, so dropped: every escape (SetAbortProc
 * of MS06-001, comments, PostScript), device-dependent bitmaps, and what is unknown.
 */
export const WMF_RULES: ReadonlyMap<number, readonly WmfCell[]> = new Map<
  number,
  readonly WmfCell[]
>([
  [0x001e, [saves]],
  [0x0035, []],
  [0x0037, [short, entries]],
  [0x00f7, palette],
  [0x0102, [oneOf16(1, 2)]],
  [0x0103, [mapMode]],
  [0x0104, [oneOf16(1, 16)]],
  [0x0106, [oneOf16(1, 2)]],
  [0x0107, [oneOf16(1, 4)]],
  [0x0108, [short]],
  [0x0127, [restores]],
  [0x012a, [uses('region')]],
  [0x012b, [uses('region')]],
  [0x012c, [usesClip]],
  [0x012d, [uses('pen', 'brush', 'font', 'region')]],
  [0x012e, [flags16(0x1ff)]],
  [0x0139, [oneOf16(1, 1024)]],
  [0x0142, patternBrush],
  [0x0149, [flags16(9)]],
  [0x01f0, [deletes]],
  [0x0201, [colour]],
  [0x0209, [colour]],
  [0x020a, [pair]],
  [0x020b, [windowOrigin]],
  [0x020c, [windowExtent]],
  [0x020d, [pair]],
  [0x020e, [pair]],
  [0x020f, [pair]],
  [0x0211, [pair]],
  [0x0213, [yx]],
  [0x0214, [yx]],
  [0x0220, [pair]],
  [0x0228, [uses('region'), uses('brush')]],
  [0x0231, [flags(1)]],
  [0x0234, [uses('palette')]],
  [0x02fa, pen],
  [0x02fb, font],
  [0x02fc, brush],
  [0x0324, [polygon]],
  [0x0325, [polygon]],
  [0x0410, [pair, pair]],
  [0x0412, [pair, pair]],
  [0x0415, [pair, pair]],
  [0x0416, [pair, pair]],
  [0x0418, [rectangle]],
  [0x0419, [colour, yx]],
  [0x041b, [rectangle]],
  [0x041f, [colour, yx]],
  [0x0429, [uses('region'), uses('brush'), pair]],
  [0x0436, [short, entries]],
  [0x0521, [text]],
  [0x0538, [polygons]],
  [0x0548, [oneOf16(0, 1), colour, yx]],
  [0x061c, [pair, rectangle]],
  [PATTERN_BLOCK, [operation, pair, yx]],
  [0x06ff, [creates('region'), region]],
  [0x0817, [pair, pair, rectangle]],
  [0x081a, [pair, pair, rectangle]],
  [0x0830, [pair, pair, rectangle]],
  [0x0922, blockTransfer(24, 2, false)],
  [0x0940, blockTransfer(24, 2, true)],
  [0x0a32, [extendedText]],
  [0x0b23, blockTransfer(28, 4, false)],
  [0x0b41, blockTransfer(28, 4, true)],
  [0x0d33, toDevice],
  [0x0f43, [operation, usage, times(6, short), pair, pixels]],
])

/** Records that make an object, also those that are dropped: they too take a place among the objects. */
export const CREATING: ReadonlySet<number> = new Set([
  0x00f7, 0x00f8, 0x0142, 0x01f9, 0x02fa, 0x02fb, 0x02fc, 0x02fd, 0x06fe, 0x06ff,
])
