import { colourSpace } from './pdf-colour.ts'
import { contentBody } from './pdf-content.ts'
import { font } from './pdf-font.ts'
import { functions } from './pdf-function.ts'
import { INTENTS, image } from './pdf-image.ts'
import { optionalContent } from './pdf-layer.ts'
import { PROPERTIES } from './pdf-properties.ts'
import {
  anyBoolean,
  anyNumber,
  byKind,
  choose,
  dict,
  entriesOf,
  inflated,
  integer,
  later,
  list,
  map,
  nameOf,
  numbers,
  oneOf,
  reject,
  resolve,
  shared,
  stream,
} from './pdf-rule.ts'
import type { Keys, Rule } from './pdf-rule.ts'

const MAX_STRUCT_PARENT = 100_000_000
const BLEND_MODES = oneOf(
  'Normal Compatible Multiply Screen Overlay Darken Lighten ColorDodge ColorBurn HardLight SoftLight Difference Exclusion ' +
    'Hue Saturation Color Luminosity',
)

/** Transparency group, ISO 32000-1, table 147. */
export const transparencyGroup = shared(
  dict({ S: oneOf('Transparency'), CS: shared(colourSpace), I: anyBoolean, K: anyBoolean }, 'S'),
)

/** Form XObject, table 95. */
export const formXObject = stream(
  {
    keys: {
      Type: oneOf('XObject'),
      Subtype: oneOf('Form'),
      BBox: numbers(4),
      Matrix: numbers(6),
      Resources: shared(later(() => resources)),
      Group: transparencyGroup,
      StructParent: integer(0, MAX_STRUCT_PARENT),
      StructParents: integer(0, MAX_STRUCT_PARENT),
      OC: optionalContent,
    },
    required: 'Type Subtype BBox',
  },
  contentBody,
)

/** Images and forms; a PostScript XObject is neither. */
const xObject = choose((value, site) =>
  nameOf(entriesOf(value, site).get('Subtype')) === 'Image' ? image : formXObject,
)

const transfer = (names: string): Rule =>
  byKind({ name: oneOf(names), reference: functions, dict: functions, array: functions })

const NONE = oneOf('None')
const softMask = dict(
  {
    Type: oneOf('Mask'),
    S: oneOf('Alpha Luminosity'),
    G: formXObject,
    BC: list(anyNumber, 0, 32),
    TR: transfer('Identity'),
  },
  'Type S G',
)

const MASK = shared(softMask)

/** Graphics state, table 58, without what only one printer needs. */
const graphicsState = dict(
  {
    Type: oneOf('ExtGState'),
    LW: anyNumber,
    LC: integer(0, 2),
    LJ: integer(0, 2),
    ML: anyNumber,
    D: tuple(numbers(0, 32), anyNumber),
    RI: oneOf(INTENTS),
    OP: anyBoolean,
    op: anyBoolean,
    OPM: integer(0, 1),
    Font: tuple(font, anyNumber),
    SM: anyNumber,
    SA: anyBoolean,
    BM: byKind({ name: BLEND_MODES, array: list(BLEND_MODES, 0, 32) }),
    SMask: choose((value) => (value.kind === 'name' ? NONE : MASK)),
    CA: anyNumber,
    ca: anyNumber,
    AIS: anyBoolean,
    TK: anyBoolean,
    TR: transfer('Identity'),
    TR2: transfer('Identity Default'),
  },
  'Type',
)

/** An array with exactly these items. */
export function tuple(...rules: readonly Rule[]): Rule {
  return (value, site) => {
    if (value.kind !== 'array' || value.items.length !== rules.length) reject(site)
    rules.forEach((rule, index) => rule(value.items[index]!, site))
  }
}

const tiling = stream(
  {
    keys: {
      Type: oneOf('Pattern'),
      PatternType: integer(1, 1),
      PaintType: integer(1, 2),
      TilingType: integer(1, 3),
      BBox: numbers(4),
      XStep: anyNumber,
      YStep: anyNumber,
      Resources: shared(later(() => resources)),
      Matrix: numbers(6),
    },
    required: 'Type PatternType PaintType BBox XStep YStep',
  },
  contentBody,
)

const shadingPattern = shared(
  dict(
    {
      Type: oneOf('Pattern'),
      PatternType: integer(2, 2),
      Shading: later(() => shading),
      Matrix: numbers(6),
      ExtGState: shared(graphicsState),
    },
    'Type PatternType Shading',
  ),
)

const pattern = choose((value, site) =>
  resolve(value, site)?.kind === 'stream' ? tiling : shadingPattern,
)

/** Table 78. */
const SHADING: Keys = {
  ShadingType: integer(1, 7),
  ColorSpace: shared(colourSpace),
  Background: list(anyNumber, 0, 32),
  BBox: numbers(4),
  AntiAlias: anyBoolean,
  Domain: numbers(2, 4),
  Matrix: numbers(6),
  Coords: numbers(4, 6),
  Function: functions,
  Extend: list(anyBoolean, 2, 2),
  BitsPerCoordinate: integer(1, 32),
  BitsPerComponent: integer(1, 16),
  BitsPerFlag: integer(2, 8),
  Decode: list(anyNumber, 4, 70),
  VerticesPerRow: integer(2, 65_536),
}
const SHADING_REQUIRED = 'ShadingType ColorSpace'
const plainShading = shared(dict(SHADING, SHADING_REQUIRED))
/** Mesh data are numbers of stated widths: any bytes are a mesh, none of them an instruction. */
const mesh = stream(
  { keys: SHADING, required: SHADING_REQUIRED },
  (found, site) => void inflated(found, site),
)

const shading: Rule = choose((value, site) =>
  resolve(value, site)?.kind === 'stream' ? mesh : plainShading,
)

const MARKED = dict(PROPERTIES)
const properties = choose((value) => (value.kind === 'reference' ? optionalContent : MARKED))

/** 7.8.3, without `ProcSet`. Names are free; each leads to a thing of its category. */
export const resources: Rule = dict({
  ExtGState: shared(map(shared(graphicsState))),
  ColorSpace: shared(map(shared(colourSpace))),
  Pattern: shared(map(pattern)),
  Shading: shared(map(shading)),
  XObject: shared(map(xObject)),
  Font: shared(map(font)),
  Properties: shared(map(properties)),
})

/** What a field may bring along for its `DA`. */
export const fontResources: Rule = dict({ Font: shared(map(font)) })
