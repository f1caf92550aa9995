import { colour, flags, long } from './cell.ts'
import { picture, pixels } from './emf-bitmap.ts'
import { creates } from './emf-scene.ts'
import type { EmfCell } from './emf-scene.ts'

const HATCHED = 2
const DIB_PATTERN = 5
const DIB_PATTERN_POINTER = 6

/** LogBrushEx ([MS-EMF] 2.2.12): solid, none or hatched; what the hatch field says otherwise is a stray pointer. */
export const plainBrush: EmfCell = (from, to, scene) => {
  const style = from.u32()
  if (style > HATCHED) return false
  to.u32(style)
  colour(from, to, scene)
  return hatch(style)(from, to, scene)
}

function hatch(style: number): EmfCell {
  return (from, to) => {
    const value = from.u32()
    if (style !== HATCHED) return to.u32(0)
    return value <= 11 && to.u32(value)
  }
}

/** LogPenEx ([MS-EMF] 2.2.20) with its dashes and perhaps a bitmap. */
const penEx: EmfCell = (from, to, scene) => {
  flags(0x1ff0f)(from, to, scene)
  long(from, to, scene)
  const style = from.u32()
  const hasBitmap = style === DIB_PATTERN || style === DIB_PATTERN_POINTER
  if ((style > HATCHED && !hasBitmap) || hasBitmap !== scene.draft.pictures[0]!.bits[1] > 0) {
    return false
  }
  to.u32(style)
  colour(from, to, scene)
  if (!hatch(style)(from, to, scene)) return false
  return dashes(from, to, scene)
}

const dashes: EmfCell = (from, to, scene) => {
  const count = from.u32()
  if (count > 16 || count * 4 > from.left) return false
  to.u32(count)
  for (let index = 0; index < count; index++) long(from, to, scene)
  return true
}

/** EMR_EXTCREATEPEN ([MS-EMF] 2.3.7.9). */
export const extendedPen: readonly EmfCell[] = [creates('pen'), picture, penEx, pixels]

const FACE_CHARACTERS = 32
/** LogFontPanose ([MS-EMF] 2.2.16) behind the LogFont: full name, style, panose; all left to the font itself. */
const REST_OF_FONT = 320 - 92

/** LogFont ([MS-EMF] 2.2.13). Weights end at 1000; the three switches are 0 or 1. */
export const font: EmfCell = (from, to, scene) => {
  for (let index = 0; index < 4; index++) long(from, to, scene)
  to.u32(Math.min(1000, from.u32()))
  for (let index = 0; index < 3; index++) to.u8(from.u8() === 0 ? 0 : 1)
  to.bytes(from.take(5))
  to.bytes(faceName(from.take(FACE_CHARACTERS * 2)))
  return to.bytes(new Uint8Array(REST_OF_FONT))
}

/** The name up to its end, and zeros: what stands behind the end is a piece of somebody's memory. */
function faceName(raw: Uint8Array): Uint8Array {
  const name = new Uint8Array(FACE_CHARACTERS * 2)
  for (let at = 0; at + 3 < raw.length && (raw[at]! >= 0x20 || raw[at + 1]! > 0); at += 2) {
    name[at] = raw[at]!
    name[at + 1] = raw[at + 1]!
  }
  return name
}

const MAX_COLOURS = 1024

/** LogPalette ([MS-EMF] 2.2.17). */
export const palette: EmfCell = (from, to, scene) => {
  from.u16()
  const count = from.u16()
  to.u16(0x300)
  to.u16(count)
  return colours(count)(from, to, scene)
}

/** First entry, number of entries, entries (EMR_SETPALETTEENTRIES). */
export const paletteEntries: EmfCell = (from, to, scene) => {
  const [first, count] = [from.u32(), from.u32()]
  to.u32(first)
  to.u32(count)
  return first <= MAX_COLOURS && colours(count)(from, to, scene)
}

/** Four bytes each: the specification and Windows disagree which of them is red, so all four stay. */
function colours(count: number): EmfCell {
  return (from, to) =>
    count <= MAX_COLOURS && count * 4 <= from.left && to.bytes(from.take(count * 4))
}
