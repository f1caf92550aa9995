import type { RecordReader, RecordWriter } from './bytes.ts'
import { isNumber } from './cell.ts'
import { offset } from './emf-scene.ts'
import type { EmfCell, EmfScene } from './emf-scene.ts'
import { point, rectangle } from './emf-shapes.ts'

/** Options of ExtTextOut ([MS-EMF] 2.1.11) that mean something on this page. */
const OPTIONS = 0x13f96
const NO_RECTANGLE = 0x100
const SMALL_CHARACTERS = 0x200
const TWO_DISTANCES = 0x2000

/** Graphics mode and the two scales, which only the compatible mode reads. No text is lost over a mode that does not exist. */
export const textMode: EmfCell = (from, to) => {
  const mode = from.u32()
  const scales = [from.u32(), from.u32()]
  to.u32(mode === ADVANCED ? ADVANCED : COMPATIBLE)
  for (const bits of scales) to.u32(isNumber(bits) ? bits : ONE)
  return true
}
const ONE = 0x3f800000
const COMPATIBLE = 1
const ADVANCED = 2

/** EmrText ([MS-EMF] 2.2.5) with its string and distances, which stand right behind it. */
export function text(characterBytes: 1 | 2): EmfCell {
  return (from, to, scene) => {
    point(from, to, scene)
    const [count, at, options] = [from.u32(), from.u32(), from.u32()]
    const string = from.slice(at, count * characterBytes)
    if (!string) return false
    to.u32(count)
    const place = to.length
    to.u32(0)
    to.u32(options & OPTIONS)
    rectangle(from, to, scene)
    const distances = readDistances(from, count, options)
    to.u32(0)
    to.patch32(place, offset(to, scene))
    to.bytes(string)
    to.align(4)
    if (distances) writeDistances(distances, to, scene, place)
    return true
  }
}

/** How far apart the characters are; pairs when the text also climbs. Absent ones are left to the font. */
function readDistances(from: RecordReader, count: number, options: number): Uint8Array | undefined {
  const at = from.u32()
  const size = count * (options & TWO_DISTANCES ? 8 : 4)
  return at === 0 || size === 0 ? undefined : from.slice(at, size)
}

function writeDistances(
  distances: Uint8Array,
  to: RecordWriter,
  scene: EmfScene,
  place: number,
): void {
  to.patch32(place + 24, offset(to, scene))
  to.bytes(distances)
}

/** EMR_SMALLTEXTOUT ([MS-EMF] 2.3.5.37). */
export const smallText: EmfCell = (from, to, scene) => {
  point(from, to, scene)
  const [count, options] = [from.u32(), from.u32()]
  to.u32(count)
  to.u32(options & OPTIONS)
  if (!textMode(from, to, scene)) return false
  if (!(options & NO_RECTANGLE)) rectangle(from, to, scene)
  const size = count * (options & SMALL_CHARACTERS ? 1 : 2)
  return size <= from.left && to.bytes(from.take(size)) && to.align(4)
}
