import { refuse } from '../family.ts'
import { MAX_PIXELS } from '../image/limits.ts'

/** One drawn page: three bytes a pixel. */
export interface Pixmap {
  readonly width: number
  readonly height: number
  readonly rgb: Uint8Array
}

/**
 * Portable pixmaps one after another, as the renderer prints them: `P6`, width, height, 255, pixels. The renderer met hostile bytes, so its
 * answer is read like any input.
 *
 * @throws Refusal FLATTEN-PAGES when it is anything else
 */
export function readPixmaps(bytes: Uint8Array): readonly Pixmap[] {
  const pages: Pixmap[] = []
  for (let at = 0; at < bytes.length;) {
    const head = HEADER.exec(Buffer.from(bytes.subarray(at, at + 32)).toString('latin1'))
    if (!head) refuse('FLATTEN-PAGES')
    const width = Number(head[1])
    const height = Number(head[2])
    const start = at + head[0].length
    const end = start + width * height * 3
    if (width * height > MAX_PIXELS || end > bytes.length) refuse('FLATTEN-PAGES')
    pages.push({ width, height, rgb: bytes.subarray(start, end) })
    at = end
  }
  if (pages.length === 0) refuse('FLATTEN-PAGES')
  return pages
}

const HEADER = /^P6\n([1-9][0-9]{0,4}) ([1-9][0-9]{0,4})\n255\n/

/** True when every pixel is a shade of grey. */
export function isGrey({ rgb }: Pixmap): boolean {
  for (let at = 0; at < rgb.length; at += 3)
    if (rgb[at] !== rgb[at + 1] || rgb[at] !== rgb[at + 2]) return false
  return true
}

/** One byte a pixel. */
export function greyOf({ rgb, width, height }: Pixmap): Uint8Array {
  const grey = new Uint8Array(width * height)
  for (let i = 0; i < grey.length; i++) grey[i] = rgb[i * 3]!
  return grey
}

/** The palette (at most 256 colours, three bytes each) and one byte a pixel; `undefined` when there are more colours. */
export function indexedOf({
  rgb,
  width,
  height,
}: Pixmap): { readonly palette: Uint8Array; readonly indices: Uint8Array } | undefined {
  const colours = new Map<number, number>()
  const indices = new Uint8Array(width * height)
  for (let i = 0; i < indices.length; i++) {
    const colour = (rgb[i * 3]! << 16) | (rgb[i * 3 + 1]! << 8) | rgb[i * 3 + 2]!
    let index = colours.get(colour)
    if (index === undefined) {
      if (colours.size === 256) return undefined
      index = colours.size
      colours.set(colour, index)
    }
    indices[i] = index
  }
  const palette = Uint8Array.from(
    [...colours.keys()].flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]),
  )
  return { palette, indices }
}
