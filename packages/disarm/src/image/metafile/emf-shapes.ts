import { long, times } from './cell.ts'
import type { EmfCell } from './emf-scene.ts'

/** RECTL or two POINTLs. */
export const rectangle: EmfCell = times(4, long)
export const point: EmfCell = times(2, long)

/** Count and points of 32 bits ([MS-EMF] 2.2.15 POINTL). */
export const points: EmfCell = (from, to, scene) => {
  const count = from.u32()
  if (count * 8 > from.left) return false
  to.u32(count)
  return times(count * 2, long)(from, to, scene)
}

/** Count and points of 16 bits ([MS-WMF] 2.2.2.16 PointS): every value is one. */
export const smallPoints: EmfCell = (from, to) => {
  const count = from.u32()
  if (count * 4 > from.left) return false
  to.u32(count)
  return to.bytes(from.take(count * 4))
}

/** Several polygons: numbers of both, the points of each, all points. */
export function polygons(pointBytes: 4 | 8): EmfCell {
  return (from, to, scene) => {
    const polygonCount = from.u32()
    const pointCount = from.u32()
    if (polygonCount * 4 + pointCount * pointBytes > from.left) return false
    let sum = 0
    to.u32(polygonCount)
    const at = to.length
    to.u32(0)
    for (let index = 0; index < polygonCount; index++) {
      const count = from.u32()
      sum += count
      to.u32(count)
    }
    // A count that promises more points than there are walks a careless reader out of the record.
    if (sum > pointCount) return false
    to.patch32(at, sum)
    if (pointBytes === 4) return to.bytes(from.take(sum * 4))
    return times(sum * 2, long)(from, to, scene)
  }
}

/** Points, then what each of them does: PT_LINETO, PT_BEZIERTO (perhaps closing the figure), PT_MOVETO. */
export function drawnPoints(pointBytes: 4 | 8): EmfCell {
  return (from, to, scene) => {
    const count = from.u32()
    if (count * (pointBytes + 1) > from.left) return false
    to.u32(count)
    if (pointBytes === 4) to.bytes(from.take(count * 4))
    else times(count * 2, long)(from, to, scene)
    const types = from.take(count)
    return types.every((type) => type >= 2 && type <= 6) && to.bytes(types) && to.align(4)
  }
}

const REGION_HEADER = 32

/** The size of the region data that follows somewhere behind; written by `region`. */
export const regionSize: EmfCell = (from, to, scene) => {
  from.u32()
  scene.draft.regionSize = to.length
  return to.u32(0)
}

/** RegionData ([MS-EMF] 2.2.24): header and rectangles. */
export const region: EmfCell = (from, to, scene) => {
  if (from.u32() !== REGION_HEADER || from.u32() !== 1) return false
  const count = from.u32()
  from.u32()
  if (16 + count * 16 > from.left) return false
  to.patch32(scene.draft.regionSize, REGION_HEADER + count * 16)
  to.u32(REGION_HEADER)
  to.u32(1)
  to.u32(count)
  to.u32(count * 16)
  return times(4 + count * 4, long)(from, to, scene)
}

/** Size, mode and region of EMR_EXTSELECTCLIPRGN; without a region, mode RGN_COPY lifts the clipping. */
export const clipRegion: EmfCell = (from, to, scene) => {
  regionSize(from, to, scene)
  const mode = from.u32()
  if (mode < 1 || mode > 5) return false
  to.u32(mode)
  return from.left < REGION_HEADER ? mode === 5 : region(from, to, scene)
}

const MESH_TRIANGLES = 2

/** Vertices and the rectangles or triangles between them (EMR_GRADIENTFILL, [MS-EMF] 2.3.5.12). */
export const gradient: EmfCell = (from, to, scene) => {
  const [vertexCount, meshCount, mode] = [from.u32(), from.u32(), from.u32()]
  const corners = mode === MESH_TRIANGLES ? 3 : 2
  if (mode > MESH_TRIANGLES || vertexCount * 16 + meshCount * corners * 4 > from.left) return false
  to.u32(vertexCount)
  to.u32(meshCount)
  to.u32(mode)
  for (let index = 0; index < vertexCount; index++) {
    point(from, to, scene)
    to.bytes(from.take(8))
  }
  for (let index = 0; index < meshCount * corners; index++) {
    const vertex = from.u32()
    // An index beyond the vertices reads a stranger's memory.
    if (vertex >= vertexCount) return false
    to.u32(vertex)
  }
  // Windows keeps room for triangles even where it writes rectangles.
  return to.bytes(new Uint8Array(mode === MESH_TRIANGLES ? 0 : meshCount * 4))
}
