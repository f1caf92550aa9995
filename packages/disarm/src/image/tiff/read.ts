import { refuse } from '../../family.ts'
import type { Context } from '../../family.ts'
import { valuesOf, wholeOf } from './directory.ts'
import type { Directory } from './directory.ts'
import { readJpegPage } from './jpeg-page.ts'
import { COMPRESSION, PHOTOMETRIC } from './layout.ts'
import type { Layout } from './layout.ts'
import type { Page, Resolution } from './page.ts'
import { readPalette } from './palette.ts'
import { readPlanes } from './raster.ts'
import { interleave, pick } from './samples.ts'
import { TAG } from './tags.ts'

/** 100,000 dots per unit in thousandths; more is no resolution. */
const MAX_RESOLUTION = 100_000_000

/** Decodes one page. Reports what of it is not written; throws `Refusal`. */
export function readPage(page: Directory, layout: Layout, context: Context, where: string): Page {
  const { width, height, photometric } = layout
  const common = {
    width,
    height,
    orientation: readOrientation(page),
    resolution: readResolution(page),
  }
  if (layout.compression === COMPRESSION.jpeg) {
    return { kind: 'jpeg', ...common, photometric, ...readJpegPage(page, layout, context, where) }
  }
  return { kind: 'raster', ...common, ...readRaster(page, layout, context, where) }
}

function readRaster(page: Directory, layout: Layout, context: Context, where: string) {
  // Inks other than cyan, magenta, yellow and black have no names here.
  if (layout.photometric === PHOTOMETRIC.cmyk && wholeOf(page, TAG.InkSet, 1) !== 1) {
    refuse('IMG-TIFF')
  }
  const planes = readPlanes(page, layout, context, where)
  const { chosen, alpha } = chooseSamples(page, layout)
  if (chosen.length < layout.samples) context.removed('IMG-TIFF', where)
  const { bits, samples, data } = pick(interleave(planes, layout), chosen)
  const indexed = layout.photometric === PHOTOMETRIC.palette
  return {
    photometric:
      planes.photometric === PHOTOMETRIC.mask ? PHOTOMETRIC.blackIsZero : planes.photometric,
    bits,
    samples,
    format: layout.format,
    alpha,
    palette: indexed ? readPalette(page, bits, data) : undefined,
    data,
  }
}

const WITH_ALPHA: readonly number[] = [
  PHOTOMETRIC.whiteIsZero,
  PHOTOMETRIC.blackIsZero,
  PHOTOMETRIC.rgb,
  PHOTOMETRIC.cmyk,
]

/** The colour, and the first extra sample that says it is opacity. Others are seen by no viewer. */
function chooseSamples(page: Directory, { samples, baseSamples, photometric }: Layout) {
  const chosen = Array.from({ length: baseSamples }, (_, i) => i)
  const extra = valuesOf(page, TAG.ExtraSamples, [], samples - baseSamples)
  const found = WITH_ALPHA.includes(photometric)
    ? extra.findIndex((kind) => kind === 1 || kind === 2)
    : -1
  return found < 0
    ? { chosen, alpha: undefined }
    : { chosen: [...chosen, baseSamples + found], alpha: extra[found] }
}

function readOrientation(page: Directory): number {
  const [value = 1] = valuesOf(page, TAG.Orientation, [1], 1)
  return Number.isInteger(value) && value >= 1 && value <= 8 ? value : 1
}

/** One of the two directions may be missing; a fax has different ones. */
function readResolution(page: Directory): Resolution | undefined {
  const [x, y] = [TAG.XResolution, TAG.YResolution].map((tag) => {
    const [value = 0] = valuesOf(page, tag, [0], 1)
    const thousandths = Math.round(value * 1_000)
    return thousandths >= 1 && thousandths <= MAX_RESOLUTION ? thousandths : undefined
  })
  const [unit = 2] = valuesOf(page, TAG.ResolutionUnit, [2], 1)
  const either = x ?? y
  if (either === undefined) return undefined
  return { x: x ?? either, y: y ?? either, unit: [1, 2, 3].includes(unit) ? unit : 2 }
}
