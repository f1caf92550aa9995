import { short, times } from './cell.ts'
import type { WmfCell } from './wmf-scene.ts'

/** A point, as nearly all records have it: y before x. */
export const yx: WmfCell = (from, to, scene) => {
  const [y, x] = [from.i16(), from.i16()]
  scene.bounds.add(x, y)
  to.u16(y)
  return to.u16(x)
}

/** Bottom, right, top, left. */
export const rectangle: WmfCell = times(2, yx)

export const windowOrigin: WmfCell = (from, to, scene) => {
  const [y, x] = [from.i16(), from.i16()]
  if (!scene.bounds.extent) scene.bounds.origin = [x, y]
  to.u16(y)
  return to.u16(x)
}

export const windowExtent: WmfCell = (from, to, scene) => {
  const [y, x] = [from.i16(), from.i16()]
  if (x !== 0 && y !== 0) scene.bounds.extent ??= [x, y]
  to.u16(y)
  return to.u16(x)
}

export const mapMode: WmfCell = (from, to, scene) => {
  const mode = from.u16()
  scene.bounds.mapMode = mode
  return mode >= 1 && mode <= 8 && to.u16(mode)
}

/** `count` points, x before y. */
function points(count: number): WmfCell {
  return (from, to, scene) => {
    if (count * 4 > from.left) return false
    for (let index = 0; index < count; index++) {
      const [x, y] = [from.i16(), from.i16()]
      scene.bounds.add(x, y)
      to.u16(x)
      to.u16(y)
    }
    return true
  }
}

export const polygon: WmfCell = (from, to, scene) => {
  const count = from.u16()
  to.u16(count)
  return points(count)(from, to, scene)
}

export const polygons: WmfCell = (from, to, scene) => {
  const count = from.u16()
  if (count * 2 > from.left) return false
  let sum = 0
  to.u16(count)
  for (let index = 0; index < count; index++) {
    const one = from.u16()
    sum += one
    to.u16(one)
  }
  return points(sum)(from, to, scene)
}

const REGION_TYPE = 6

/** Region object ([MS-WMF] 2.2.1.5): the bounds and the scans, each a list of where it is inside. */
export const region: WmfCell = (from, to, scene) => {
  from.u16()
  if (from.u16() !== REGION_TYPE) return false
  from.u32()
  from.u16()
  const scanCount = from.u16()
  from.u16()
  for (const word of [0, REGION_TYPE, 0, 0]) to.u16(word)
  const at = to.length
  for (const word of [0, scanCount, 0]) to.u16(word)
  times(4, short)(from, to, scene)
  let widest = 0
  for (let index = 0; index < scanCount && !from.short; index++) {
    const count = from.u16()
    if (count % 2 !== 0 || (count + 3) * 2 > from.left) return false
    widest = Math.max(widest, count)
    to.u16(count)
    times(2 + count, short)(from, to, scene)
    from.u16()
    to.u16(count)
  }
  to.patch16(at, Math.min(0x7fff, to.length - scene.start - 6))
  return to.patch16(at + 4, widest)
}
