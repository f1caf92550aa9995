import type { WmfCell } from './wmf-scene.ts'
import { rectangle, yx } from './wmf-shapes.ts'

const OPTIONS = 0x2c96
const WITH_RECTANGLE = 6
const TWO_DISTANCES = 0x2000

/** META_TEXTOUT ([MS-WMF] 2.3.3.20): length, string filled up to words, place. */
export const text: WmfCell = (from, to, scene) => {
  const count = from.u16()
  to.u16(count)
  if (!string(count)(from, to, scene)) return false
  return yx(from, to, scene)
}

/** META_EXTTEXTOUT ([MS-WMF] 2.3.3.5). Distances are left to the font when they are not all there. */
export const extendedText: WmfCell = (from, to, scene) => {
  yx(from, to, scene)
  const [count, options] = [from.u16(), from.u16() & OPTIONS]
  to.u16(count)
  to.u16(options)
  if (options & WITH_RECTANGLE) rectangle(from, to, scene)
  if (!string(count)(from, to, scene)) return false
  const distances = count * (options & TWO_DISTANCES ? 4 : 2)
  return distances > from.left || to.bytes(from.take(distances))
}

function string(count: number): WmfCell {
  return (from, to) => {
    if (count > from.left) return false
    to.bytes(from.take(count))
    if (count % 2 === 0) return true
    from.take(Math.min(1, from.left))
    return to.u8(0)
  }
}
