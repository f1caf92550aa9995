import { colour, oneOf16, short, times } from './cell.ts'
import { creates } from './wmf-scene.ts'
import type { WmfCell } from './wmf-scene.ts'

const HATCHED = 2

export const pen: readonly WmfCell[] = [
  creates('pen'),
  (from, to) => to.u16(from.u16() & 0x3f0f),
  times(2, short),
  colour,
]

/** Solid, none or hatched; the hatch of any other brush is a stray pointer. */
export const brush: readonly WmfCell[] = [
  creates('brush'),
  (from, to, scene) => {
    const style = from.u16()
    to.u16(style)
    colour(from, to, scene)
    if (style !== HATCHED) return style < HATCHED && to.u16(0)
    return oneOf16(0, 11)(from, to, scene)
  },
]

const FACE_BYTES = 32

/** Font object ([MS-WMF] 2.2.1.2). The face name is in the code page of the character set (CP932 for Japanese). */
export const font: readonly WmfCell[] = [
  creates('font'),
  times(4, short),
  (from, to) => to.u16(Math.min(1000, from.u16())),
  (from, to) => {
    for (let index = 0; index < 3; index++) to.u8(from.u8() === 0 ? 0 : 1)
    to.bytes(from.take(5))
    const raw = from.take(Math.min(FACE_BYTES, from.left))
    const end = raw.subarray(0, FACE_BYTES - 1).findIndex((byte) => byte < 0x20)
    const name = new Uint8Array(FACE_BYTES)
    name.set(raw.subarray(0, end < 0 ? FACE_BYTES - 1 : end))
    return to.bytes(name)
  },
]

const MAX_COLOURS = 1024

/** Entries of a palette ([MS-WMF] 2.2.2.13), counted; each is four bytes, in whichever order the writer had them. */
export const entries: WmfCell = (from, to) => {
  const count = from.u16()
  if (count > MAX_COLOURS || count * 4 > from.left) return false
  to.u16(count)
  return to.bytes(from.take(count * 4))
}

export const palette: readonly WmfCell[] = [
  creates('palette'),
  (from, to) => {
    from.u16()
    return to.u16(0x300)
  },
  entries,
]
