import { encodingCMap, toUnicode } from './cmap.ts'
import { fontProgram } from './font-program.ts'
import { contentBody } from './graphics.ts'
import { deflate } from './flate.ts'
import { SyntaxFault } from './lexer.ts'
import { dictionary, isDictionary, isLink, isName, isStream, list, name } from './objects.ts'
import type { Dictionary, Slot, Stream, Value } from './objects.ts'
import { streamBytes } from './raster.ts'
import { resources } from './resources.ts'
import {
  anyInteger,
  anyName,
  anyNumber,
  anyText,
  copyForm,
  either,
  form,
  indirect,
  integer,
  later,
  listOf,
  mapOf,
  numbers,
  oneOf,
  shared,
  streamOf,
} from './shape.ts'
import type { Body, Form } from './shape.ts'
import type { Shape, Walk } from './walk.ts'

/** A width that is no number counts as 0; dropping the array would move all text. */
const width: Shape = (value, walk) => anyNumber(value, walk) ?? 0
const widths = listOf(width, { most: 65_536 })
/** `W` and `W2`: numbers and arrays of numbers, 9.7.4.3. */
const cidWidths = listOf(either(anyNumber, listOf(anyNumber, { most: 200_000 })), { most: 200_000 })

const encoding: Shape = either(
  anyName,
  shared(
    form({
      fixed: { Type: 'Encoding' },
      keys: {
        BaseEncoding: anyName,
        Differences: listOf(either(anyNumber, anyName), { most: 100_000, strict: false }),
      },
    }),
  ),
)

const style = form({ keys: { Panose: anyText } })

/** ISO 32000-1, tables 122 and 124. */
const DESCRIPTOR: Form = {
  fixed: { Type: 'FontDescriptor' },
  keys: {
    FontName: anyName,
    FontFamily: anyText,
    FontStretch: anyName,
    FontWeight: anyNumber,
    Flags: anyInteger,
    FontBBox: numbers(4),
    ItalicAngle: anyNumber,
    Ascent: anyNumber,
    Descent: anyNumber,
    Leading: anyNumber,
    CapHeight: anyNumber,
    XHeight: anyNumber,
    StemV: anyNumber,
    StemH: anyNumber,
    AvgWidth: anyNumber,
    MaxWidth: anyNumber,
    MissingWidth: anyNumber,
    Style: style,
    Lang: anyName,
  },
}

/** The program goes where its real kind belongs, not where the file put it. */
const descriptor: Shape = shared((value, walk) => {
  const source = walk.entries(value)
  const copy = copyForm({ kind: 'dictionary', entries: withoutPrograms(source) }, DESCRIPTOR, walk)
  const [given] = programKeys(source, walk)
  if (!copy || given === undefined) return copy
  return withProgram(copy, given, source.get(given), walk)
})

/** Without a program the reader's own fonts draw the text: a renderer that has none shows nothing. */
function programKeys(entries: ReadonlyMap<string, Value>, walk: Walk): string[] {
  return PROGRAM_KEYS.filter((key) => isStream(walk.resolve(entries.get(key))))
}

const PROGRAM_KEYS = ['FontFile', 'FontFile2', 'FontFile3']

function withoutPrograms(entries: ReadonlyMap<string, Value>): Map<string, Value> {
  const rest = new Map(entries)
  for (const key of PROGRAM_KEYS) rest.delete(key)
  return rest
}

function withProgram(
  copy: Dictionary,
  key: string,
  value: Value | undefined,
  walk: Walk,
): Dictionary {
  const link = walk.once(value, withProgram, () => programStream(walk.resolve(value), walk))
  if (!isLink(link)) {
    walk.removed('PDF-FONT')
    return copy
  }
  walk.kept('PDF-FONT')
  return {
    kind: 'dictionary',
    entries: new Map([...copy.entries, [programKey(link.slot, key), link]]),
  }
}

function programKey({ value }: Slot, otherwise: string): string {
  if (!isStream(value)) return otherwise
  const { entries } = value.dictionary
  if (entries.has('Subtype')) return 'FontFile3'
  return entries.has('Length2') ? 'FontFile' : 'FontFile2'
}

function programStream(found: Value, walk: Walk): Stream | undefined {
  const subtype = walk.resolve(walk.entries(found).get('Subtype'))
  try {
    const bytes = streamBytes(found, walk)
    const program = bytes && fontProgram(bytes, isName(subtype) ? subtype.value : undefined)
    if (!program) return undefined
    walk.context.spend(program.bytes.length)
    const entries = dictionary({
      Subtype: program.subtype === undefined ? undefined : name(program.subtype),
      Length1: program.lengths?.[0],
      Length2: program.lengths?.[1],
      Length3: program.lengths?.[2],
      Filter: name('FlateDecode'),
    })
    return { kind: 'stream', dictionary: entries, raw: deflate(program.bytes) }
  } catch (fault) {
    if (!(fault instanceof SyntaxFault) && !(fault instanceof RangeError)) throw fault
    return undefined
  }
}

const unicode: Shape = either(oneOf('Identity-H', 'Identity-V'), toUnicode)

function simpleFont(subtype: string): Shape {
  return indirect(
    form({
      fixed: { Type: 'Font', Subtype: subtype },
      keys: {
        BaseFont: anyName,
        FirstChar: integer(0, 255),
        LastChar: integer(0, 255),
        Widths: shared(widths),
        FontDescriptor: descriptor,
        Encoding: encoding,
        ToUnicode: unicode,
      },
    }),
  )
}

const glyph: Shape = streamOf({ keys: {} }, contentBody)

/** Type 3: glyphs are content streams; the matrix must be six numbers (CVE-2024-4367 put a script there). */
const TYPE3: Form = {
  fixed: { Type: 'Font', Subtype: 'Type3' },
  keys: {
    FontBBox: numbers(4),
    FontMatrix: numbers(6),
    CharProcs: shared(mapOf(glyph)),
    Encoding: encoding,
    FirstChar: integer(0, 255),
    LastChar: integer(0, 255),
    Widths: shared(widths),
    FontDescriptor: descriptor,
    Resources: shared(later(() => resources)),
    ToUnicode: unicode,
  },
  required: ['FontMatrix', 'CharProcs'],
}

/** Thousandths, as in every other font: what readers take when a font does not say. */
const DEFAULT_MATRIX = list([0.001, 0, 0, 0.001, 0, 0])

const type3: Shape = indirect((value, walk) => {
  const found = walk.resolve(value)
  if (!isDictionary(found)) return undefined
  const entries = new Map([['FontMatrix', DEFAULT_MATRIX as Value], ...found.entries])
  return orReported(copyForm({ kind: 'dictionary', entries }, TYPE3, walk), walk)
})

/** Text whose font is gone is drawn in another one, or not at all. */
function orReported(copy: Value | undefined, walk: Walk): Value | undefined {
  if (copy === undefined) walk.removed('PDF-FONT')
  return copy
}

export const cidSystemInfo = shared(
  form({
    keys: { Registry: anyText, Ordering: anyText, Supplement: integer(0, 65_535) },
    required: ['Registry', 'Ordering'],
  }),
)

const MAX_GLYPH_MAP = 131_072

const glyphMap: Shape = streamOf({ keys: {} }, (stream: Stream, walk: Walk): Body | undefined => {
  const bytes = streamBytes(stream, walk)
  if (!bytes) return undefined
  const even = bytes.subarray(0, Math.min(MAX_GLYPH_MAP, bytes.length - (bytes.length % 2)))
  return { raw: deflate(even), entries: { Filter: name('FlateDecode') } }
})

function cidFont(subtype: string): Shape {
  return indirect(
    form({
      fixed: { Type: 'Font', Subtype: subtype },
      keys: {
        BaseFont: anyName,
        CIDSystemInfo: cidSystemInfo,
        FontDescriptor: descriptor,
        DW: anyNumber,
        W: shared(cidWidths),
        DW2: numbers(2),
        W2: shared(cidWidths),
        CIDToGIDMap: either(oneOf('Identity'), glyphMap),
      },
    }),
  )
}

const CID_FONTS: ReadonlyMap<string, Shape> = new Map([
  ['CIDFontType0', cidFont('CIDFontType0')],
  ['CIDFontType2', cidFont('CIDFontType2')],
])

const descendant: Shape = (value, walk) => {
  const { length } = programKeys(walk.entries(walk.entries(value).get('FontDescriptor')), walk)
  if (length === 0) walk.kept('PDF-NOFONT')
  const subtype = walk.resolve(walk.entries(value).get('Subtype'))
  return isName(subtype) ? CID_FONTS.get(subtype.value)?.(value, walk) : undefined
}

const composite = indirect((value, walk) => orReported(type0(value, walk), walk))
const type0 = form({
  fixed: { Type: 'Font', Subtype: 'Type0' },
  keys: {
    BaseFont: anyName,
    Encoding: either(anyName, encodingCMap),
    DescendantFonts: shared(listOf(descendant, { least: 1, most: 1 })),
    ToUnicode: unicode,
  },
  required: ['Encoding', 'DescendantFonts'],
})

const FONTS: ReadonlyMap<string, Shape> = new Map([
  ['Type1', simpleFont('Type1')],
  ['MMType1', simpleFont('MMType1')],
  ['TrueType', simpleFont('TrueType')],
  ['Type3', type3],
  ['Type0', composite],
])

/** ISO 32000-1, 9.5–9.8. */
export const font: Shape = (value, walk) => {
  const entries = walk.entries(value)
  const subtype = walk.resolve(entries.get('Subtype'))
  // Readers take a font that does not say its kind for a simple one.
  const shape = isName(subtype) ? FONTS.get(subtype.value) : UNTOLD
  return orReported(isDictionary(walk.resolve(value)) ? shape?.(value, walk) : undefined, walk)
}
const UNTOLD = simpleFont('Type1')
