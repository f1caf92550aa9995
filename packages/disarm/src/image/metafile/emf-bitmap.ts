import { PALETTE_INDICES, RGB_COLORS, readDib } from './dib.ts'
import { offset } from './emf-scene.ts'
import type { EmfCell } from './emf-scene.ts'

/** What the colour table holds: colours, palette indices, or there is none. */
export const usage: EmfCell = (from, to, scene) => {
  const given = from.u32()
  const value = given <= PALETTE_INDICES ? given : RGB_COLORS
  scene.draft.usages.push(value)
  return to.u32(value)
}

/** Offsets and sizes of a bitmap's header and bits; written by `pixels`. */
export const picture: EmfCell = (from, to, scene) => {
  const info = [from.u32(), from.u32()] as const
  const bits = [from.u32(), from.u32()] as const
  scene.draft.pictures.push({ at: to.length, info, bits })
  return to.bytes(new Uint8Array(16))
}

/** The bitmaps of the record, behind its fixed part: header, colour table, bits. A bitmap of size 0 is none. */
export const pixels: EmfCell = (from, to, scene) => {
  const { usages, pictures } = scene.draft
  return pictures.every(({ at, info, bits }, index) => {
    if (info[1] === 0 && bits[1] === 0) return true
    const header = from.slice(...info)
    const data = from.slice(...bits)
    const dib = header && data && readDib(header, data, usages[index] ?? 0, scene.context)
    if (!dib) return false
    for (const [place, part] of [[at, dib.info] as const, [at + 8, dib.bits] as const]) {
      to.patch32(place, offset(to, scene))
      to.patch32(place + 4, part.length)
      to.bytes(part)
    }
    return true
  })
}

/** As `pixels`, for records that are nothing without a bitmap. */
export const neededPixels: EmfCell = (from, to, scene) =>
  scene.draft.pictures.every(({ bits }) => bits[1] > 0) && pixels(from, to, scene)

/** First row and number of rows of EMR_SETDIBITSTODEVICE: only whole bitmaps are understood. */
export const allRows: EmfCell = (from, to, scene) => {
  const first = from.u32()
  from.u32()
  const info = scene.draft.pictures[0]?.info
  const header = info && from.slice(...info)
  if (first !== 0 || !header || header.length < 12) return false
  const view = new DataView(header.buffer, header.byteOffset, header.length)
  const core = view.getUint32(0, true) === 12
  to.u32(0)
  return to.u32(core ? view.getUint16(6, true) : Math.abs(view.getInt32(8, true)))
}

/** BLENDFUNCTION: source over, alpha, with or without alpha per pixel. In its flags Windows leaves a mark of its own. */
export const blend: EmfCell = (from, to) => {
  const value = from.u32()
  return (value & 0xff) === 0 && value >>> 24 <= 1 && to.u32(value & 0xffff0000)
}
