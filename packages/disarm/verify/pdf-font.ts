import { verifyCff } from './cff.ts'
import { verifyCMap } from './pdf-cmap.ts'
import { contentBody } from './pdf-content.ts'
import { resources } from './pdf-graphics.ts'
import {
  anyInteger,
  anyName,
  anyNumber,
  anyText,
  byKind,
  choose,
  dict,
  entriesOf,
  indirect,
  inflated,
  integer,
  later,
  list,
  map,
  nameOf,
  numbers,
  oneOf,
  shared,
  stream,
} from './pdf-rule.ts'
import type { Keys, Rule, Site, Stream } from './pdf-rule.ts'
import { verifySfnt } from './sfnt.ts'
import { verifyType1 } from './type1.ts'
import { demand } from './rejection.ts'

const MAX_GLYPH_MAP = 131_072
const widths = shared(list(anyNumber, 0, 65_536))
const cidWidths = shared(
  list(byKind({ number: anyNumber, array: list(anyNumber, 0, 200_000) }), 0, 200_000),
)

const encodingDictionary = dict(
  {
    Type: oneOf('Encoding'),
    BaseEncoding: anyName,
    Differences: list(byKind({ number: anyNumber, name: anyName }), 0, 100_000),
  },
  'Type',
)
const encoding = byKind({
  name: anyName,
  dict: encodingDictionary,
  reference: shared(encodingDictionary),
})

function lengthsFit({ entries }: Stream, lengths: readonly number[], site: Site): void {
  lengths.forEach((length, index) => {
    const stated = entries.get(`Length${index + 1}`)
    const fits = stated?.kind === 'number' && stated.value === length
    demand(fits, 'VERIFY-PDF-FONT', site.where)
  })
}

const LENGTH = integer(0, 2_147_483_647)

/** Type 1: clear text, encrypted part, zeros. */
const fontFile = stream(
  { keys: { Length1: LENGTH, Length2: LENGTH, Length3: LENGTH } },
  (found, site) => lengthsFit(found, verifyType1(inflated(found, site), site.where), site),
)

const fontFile2 = stream({ keys: { Length1: LENGTH } }, (found, site) => {
  const bytes = inflated(found, site)
  verifySfnt(bytes, 'glyf', site.where)
  lengthsFit(found, [bytes.length], site)
})

const fontFile3 = stream(
  { keys: { Subtype: oneOf('Type1C CIDFontType0C OpenType') }, required: 'Subtype' },
  (found, site) => {
    const bytes = inflated(found, site)
    if (nameOf(found.entries.get('Subtype')) === 'OpenType') verifySfnt(bytes, 'CFF ', site.where)
    else verifyCff(bytes, site.where)
  },
)

/** ISO 32000-1, tables 122 and 124. */
const DESCRIPTOR: Keys = {
  Type: oneOf('FontDescriptor'),
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
  Style: dict({ Panose: anyText }),
  Lang: anyName,
  FontFile: fontFile,
  FontFile2: fontFile2,
  FontFile3: fontFile3,
}
const PROGRAMS = ['FontFile', 'FontFile2', 'FontFile3']
const descriptorKeys = dict(DESCRIPTOR, 'Type')

/** With one program at most: two programs are two fonts. */
const descriptor = shared((value, site) => {
  descriptorKeys(value, site)
  const programs = PROGRAMS.filter((key) => entriesOf(value, site).has(key))
  demand(programs.length <= 1, 'VERIFY-PDF-FONT', site.where)
})

const unicodeMap = stream({ keys: {} }, (found, site) =>
  verifyCMap(inflated(found, site), 'unicode', site.where),
)
const unicode = byKind({ name: oneOf('Identity-H Identity-V'), reference: unicodeMap })

function simpleFont(subtype: string): Rule {
  const keys: Keys = {
    Type: oneOf('Font'),
    Subtype: oneOf(subtype),
    BaseFont: anyName,
    FirstChar: integer(0, 255),
    LastChar: integer(0, 255),
    Widths: widths,
    FontDescriptor: descriptor,
    Encoding: encoding,
    ToUnicode: unicode,
  }
  return indirect(dict(keys, 'Type Subtype'))
}

const glyph = stream({ keys: {} }, contentBody)

/** The matrix must be six numbers: a reader that pastes it into a program runs whatever stands there (CVE-2024-4367). */
const type3 = indirect(
  dict(
    {
      Type: oneOf('Font'),
      Subtype: oneOf('Type3'),
      FontBBox: numbers(4),
      FontMatrix: numbers(6),
      CharProcs: shared(map(glyph)),
      Encoding: encoding,
      FirstChar: integer(0, 255),
      LastChar: integer(0, 255),
      Widths: widths,
      FontDescriptor: descriptor,
      Resources: shared(later(() => resources)),
      ToUnicode: unicode,
    },
    'Type Subtype FontMatrix CharProcs',
  ),
)

const SYSTEM: Keys = { Registry: anyText, Ordering: anyText, Supplement: integer(0, 65_535) }

const glyphMap = stream({ keys: {} }, (found, site) => {
  const { length } = inflated(found, site)
  demand(length % 2 === 0 && length <= MAX_GLYPH_MAP, 'VERIFY-PDF-FONT', site.where)
})

function cidFont(subtype: string): Rule {
  const keys: Keys = {
    Type: oneOf('Font'),
    Subtype: oneOf(subtype),
    BaseFont: anyName,
    CIDSystemInfo: shared(dict(SYSTEM, 'Registry Ordering')),
    FontDescriptor: descriptor,
    DW: anyNumber,
    W: cidWidths,
    DW2: numbers(2),
    W2: cidWidths,
    CIDToGIDMap: byKind({ name: oneOf('Identity'), reference: glyphMap }),
  }
  return indirect(dict(keys, 'Type Subtype'))
}

const CID_FONTS: Readonly<Record<string, Rule>> = {
  CIDFontType0: cidFont('CIDFontType0'),
  CIDFontType2: cidFont('CIDFontType2'),
}
const descendant = choose((value, site) => byName(CID_FONTS, subtypeOf(value, site)))

const embeddedCMap = stream(
  {
    keys: {
      Type: oneOf('CMap'),
      CMapName: anyName,
      CIDSystemInfo: dict(SYSTEM, 'Registry Ordering Supplement'),
      WMode: integer(0, 1),
      UseCMap: anyName,
    },
    required: 'Type CIDSystemInfo',
  },
  (found, site) => verifyCMap(inflated(found, site), 'glyphs', site.where),
)

const composite = indirect(
  dict(
    {
      Type: oneOf('Font'),
      Subtype: oneOf('Type0'),
      BaseFont: anyName,
      Encoding: byKind({ name: anyName, reference: embeddedCMap }),
      DescendantFonts: shared(list(descendant, 1, 1)),
      ToUnicode: unicode,
    },
    'Type Subtype Encoding DescendantFonts',
  ),
)

const FONTS: Readonly<Record<string, Rule>> = {
  Type1: simpleFont('Type1'),
  MMType1: simpleFont('MMType1'),
  TrueType: simpleFont('TrueType'),
  Type3: type3,
  Type0: composite,
}

function subtypeOf(value: Parameters<Rule>[0], site: Site): string {
  return nameOf(entriesOf(value, site).get('Subtype')) ?? ''
}

function byName(rules: Readonly<Record<string, Rule>>, name: string): Rule | undefined {
  return Object.hasOwn(rules, name) ? rules[name] : undefined
}

/** ISO 32000-1, 9.5–9.8. */
export const font = choose((value, site) => byName(FONTS, subtypeOf(value, site)))
