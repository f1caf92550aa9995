import { refuse } from '../../family.ts'
import type { Context } from '../../family.ts'
import type { Directory } from './directory.ts'
import { PHOTOMETRIC } from './layout.ts'
import type { Layout, Segment } from './layout.ts'
import { undoPredictor } from './predictor.ts'
import { unpackSegment } from './segment.ts'
import { rgbConversion, rgbRows, unitBytes } from './y-cb-cr.ts'
import type { ToRgb } from './y-cb-cr.ts'

/** Rows of a plane, of all samples or of one, as the file has them but for byte order. */
export interface Plane {
  readonly stride: number
  readonly data: Uint8Array
}

/** All planes, and what they hold: YCbCr has become RGB. */
export interface Planes {
  readonly photometric: number
  readonly planes: readonly Plane[]
}

/**
 * Decodes all strips or tiles of a page. What is missing stays white and is reported as kept IMG-TRUNCATED; when nothing at all is
 * there the page is IMG-DECODE.
 */
export function readPlanes(
  page: Directory,
  layout: Layout,
  context: Context,
  where: string,
): Planes {
  const canvas = new Canvas(page, layout)
  context.spend(canvas.bytes)
  let damaged = 0
  for (const segment of layout.segments) {
    if (!canvas.place(page, segment)) damaged++
    context.checkTime()
  }
  if (!canvas.touched) refuse('IMG-DECODE')
  if (damaged > 0) context.kept('IMG-TRUNCATED', where)
  return canvas.finish()
}

class Canvas {
  touched = false
  readonly #layout: Layout
  readonly #convert: ToRgb | undefined
  readonly #planes: readonly Plane[]
  /** Bits of one pixel in a plane. */
  readonly #pixelBits: number

  constructor(page: Directory, layout: Layout) {
    const { width, height, bits, samples, planar, photometric } = layout
    this.#layout = layout
    this.#convert = photometric === PHOTOMETRIC.yCbCr && !planar ? rgbConversion(page) : undefined
    this.#pixelBits = planar ? bits : bits * samples
    const stride = Math.ceil((width * this.#pixelBits) / 8)
    const white = whiteByte(layout)
    this.#planes = Array.from({ length: planar ? samples : 1 }, () => ({
      stride,
      data: new Uint8Array(stride * height).fill(white),
    }))
  }

  get bytes(): number {
    return this.#planes.reduce((sum, { data }) => sum + data.length, 0)
  }

  /** Decodes a segment into its place; false when it is not whole. */
  place(page: Directory, segment: Segment): boolean {
    if (segment.size === 0) return false
    const layout = this.#layout
    const rowBytes = Math.ceil((segment.width * this.#pixelBits) / 8)
    const size = this.#segmentBytes(segment, rowBytes)
    const unpacked = unpackSegment(page.file.bytes, segment, size, layout)
    const whole = unpacked.written >= size && !unpacked.damaged
    if (layout.subsampling[0] * layout.subsampling[1] === 1) {
      undoPredictor(unpacked.data, rowBytes, layout, page.file.little)
    } else if (layout.predictor !== 1) refuse('IMG-TIFF')
    const rows = Math.floor((unpacked.written / size) * segment.height)
    this.#blit(segment, this.#converted(unpacked.data, segment), rowBytes, rows)
    return whole
  }

  finish(): Planes {
    const { photometric } = this.#layout
    return {
      photometric: this.#convert ? PHOTOMETRIC.rgb : photometric,
      planes: this.#planes,
    }
  }

  #segmentBytes({ width, height }: Segment, rowBytes: number): number {
    const [across, down] = this.#layout.subsampling
    return across * down === 1 ? rowBytes * height : unitBytes(width, height, across, down)
  }

  #converted(data: Uint8Array, { width, height }: Segment): Uint8Array {
    if (!this.#convert) return data
    const { subsampling, samples } = this.#layout
    if (samples !== 3) refuse('IMG-TIFF')
    return rgbRows(data, width, height, subsampling, this.#convert)
  }

  /** Copies the rows that are there, as far as they lie in the picture. */
  #blit(segment: Segment, data: Uint8Array, rowBytes: number, rows: number): void {
    const { stride, data: target } = this.#planes[segment.plane]!
    const startBit = segment.x * this.#pixelBits
    if (startBit % 8 !== 0) refuse('IMG-TIFF')
    const start = startBit / 8
    const visible = Math.min(rowBytes, stride - start)
    const count = Math.min(rows, this.#layout.height - segment.y)
    for (let y = 0; y < count; y++) {
      target.set(
        data.subarray(y * rowBytes, y * rowBytes + visible),
        (segment.y + y) * stride + start,
      )
    }
    if (count > 0) this.touched = true
  }
}

function whiteByte({ photometric, format }: Layout): number {
  const dark: readonly number[] = [PHOTOMETRIC.whiteIsZero, PHOTOMETRIC.palette, PHOTOMETRIC.cmyk]
  return format !== 1 || dark.includes(photometric) ? 0 : 0xff
}
