import { verifyJpeg } from './jpeg.ts'
import { verifyJpx } from './jpx.ts'
import { inflateExactly } from './inflate.ts'
import { colourSpace, componentsOf } from './pdf-colour.ts'
import { optionalContent } from './pdf-layer.ts'
import {
  anyBoolean,
  anyNumber,
  byKind,
  checkEntries,
  integer,
  list,
  nameOf,
  oneOf,
  reject,
  shared,
  stream,
} from './pdf-rule.ts'
import type { Keys, Site, Stream } from './pdf-rule.ts'
import type { Dictionary } from './pdf-value.ts'
import { demand } from './rejection.ts'

const MAX_SIDE = 1_000_000
const MAX_STRUCT_PARENT = 100_000_000
const DEPTHS = [1, 2, 4, 8, 16]
export const INTENTS = 'AbsoluteColorimetric RelativeColorimetric Saturation Perceptual'

/** ISO 32000-1, table 89, without `Alternates`, `OPI`, `ID`, `Metadata`, `Name` and anything that fetches. */
const KEYS: Keys = {
  Type: oneOf('XObject'),
  Subtype: oneOf('Image'),
  Width: integer(1, MAX_SIDE),
  Height: integer(1, MAX_SIDE),
  ImageMask: anyBoolean,
  ColorSpace: shared(colourSpace),
  BitsPerComponent: integer(1, 16),
  Decode: list(anyNumber, 0, 64),
  Interpolate: anyBoolean,
  Intent: oneOf(INTENTS),
  SMaskInData: integer(0, 2),
  Matte: list(anyNumber, 0, 32),
  StructParent: integer(0, MAX_STRUCT_PARENT),
  OC: optionalContent,
}
const REQUIRED = 'Type Subtype Width Height'

/** A mask has no mask of its own, so masks cannot form a loop. */
const mask = stream({ keys: KEYS, required: REQUIRED }, imageBody)

export const image = stream(
  {
    keys: {
      ...KEYS,
      SMask: mask,
      Mask: byKind({ reference: mask, array: list(integer(0, 65_535), 2, 64) }),
    },
    required: REQUIRED,
  },
  imageBody,
)

function imageBody(found: Stream, site: Site): void {
  const { entries, raw } = found
  demand(!isStencil(entries) || !entries.has('ColorSpace'), 'VERIFY-PDF-IMAGE', site.where)
  switch (nameOf(entries.get('Filter'))) {
    case 'FlateDecode':
      return rasterBody(found, site)
    case 'DCTDecode':
      return jpegBody(found, site)
    case 'JPXDecode':
      parameters(entries, {}, site)
      return verifyJpx(raw, site.where)
    default:
      return reject(site)
  }
}

function isStencil(entries: Dictionary): boolean {
  const value = entries.get('ImageMask')
  return value?.kind === 'boolean' && value.value
}

function numberAt(entries: Dictionary, key: string): number | undefined {
  const value = entries.get(key)
  return value?.kind === 'number' ? value.value : undefined
}

/** `DecodeParms` holds exactly these keys, each with its rule. */
function parameters(entries: Dictionary, keys: Keys, site: Site): Dictionary | undefined {
  const value = entries.get('DecodeParms')
  if (value === undefined) return undefined
  if (value.kind !== 'dict') reject(site)
  checkEntries(value.entries, { keys, required: Object.keys(keys).join(' ') }, site)
  demand(value.entries.size > 0, 'VERIFY-PDF-FILTER', site.where)
  return value.entries
}

/** Exactly height × bytes per row: more would be a hiding place, less is read differently by every viewer. */
function rasterBody({ entries, raw }: Stream, site: Site): void {
  const [width, height] = [numberAt(entries, 'Width')!, numberAt(entries, 'Height')!]
  const depth = isStencil(entries) ? 1 : (numberAt(entries, 'BitsPerComponent') ?? 8)
  const colours = isStencil(entries) ? 1 : coloursOf(entries, site)
  demand(DEPTHS.includes(depth) && colours !== undefined, 'VERIFY-PDF-IMAGE', site.where)
  const exactly = (value: number) => integer(value, value)
  const geometry = { Colors: colours, BitsPerComponent: depth, Columns: width }
  const keys = Object.entries({ Predictor: 15, ...geometry }).map(([key, value]) => [
    key,
    exactly(value),
  ])
  const predicted = parameters(entries, Object.fromEntries(keys) as Keys, site) !== undefined
  const stride = Math.ceil((width * depth * colours) / 8) + (predicted ? 1 : 0)
  const rows = inflateExactly(raw, 'zlib', site.budget, site.where)
  demand(rows.length === stride * height, 'VERIFY-PDF-IMAGE', site.where)
  if (predicted) demand(filtersKnown(rows, stride), 'VERIFY-PDF-IMAGE', site.where)
}

function filtersKnown(rows: Uint8Array, stride: number): boolean {
  for (let at = 0; at < rows.length; at += stride) if (rows[at]! > 4) return false
  return true
}

function coloursOf(entries: Dictionary, site: Site): number | undefined {
  const space = entries.get('ColorSpace')
  return space === undefined ? undefined : componentsOf(space, site)
}

/** The dictionary says the picture's own size: two readers must not see two crops. */
function jpegBody({ entries, raw }: Stream, site: Site): void {
  parameters(entries, { ColorTransform: integer(0, 1) }, site)
  const { width, height } = verifyJpeg(raw, site.budget, site.where)
  const fits =
    numberAt(entries, 'Width') === width &&
    numberAt(entries, 'Height') === height &&
    numberAt(entries, 'BitsPerComponent') === 8
  demand(fits, 'VERIFY-PDF-IMAGE', site.where)
}
