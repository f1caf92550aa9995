/** Drawings as CAD programs write them, for tests. Texts are given as characters and written in CP932 where that is asked for. */
import { disarmBytes } from '../engine.ts'
import { verifyClean } from '../../verify/index.ts'

/** CP932 for the few letters of the tests; ASCII stays. */
const CP932: Readonly<Record<string, readonly number[]>> = {
  図: [0x90, 0x7d],
  面: [0x96, 0xca],
  表: [0x95, 0x5c],
  髙: [0xfb, 0xfc],
  橋: [0x8b, 0xb4],
  線: [0x90, 0xfc],
}

export function cp932(text: string): Uint8Array {
  return Uint8Array.from(
    [...text].flatMap((character) => CP932[character] ?? [character.charCodeAt(0)]),
  )
}

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Groups as `code value` pairs. */
export type Pairs = readonly (readonly [code: number, value: string | number])[]

const lines = (pairs: Pairs): string =>
  pairs.map(([code, value]) => `${String(code).padStart(3)}\r\n${value}\r\n`).join('')

export interface DxfParts {
  readonly header?: Pairs
  readonly classes?: Pairs
  readonly style?: Pairs
  readonly blocks?: Pairs
  readonly entities?: Pairs
  readonly objects?: Pairs
  /** Whole sections more. */
  readonly more?: string
}

/** A drawing of AutoCAD 2000 with a layer, a text, a line and a dictionary. */
export function dxfText(parts: DxfParts = {}): string {
  const section = (name: string, pairs: Pairs) =>
    lines([[0, 'SECTION'], [2, name], ...pairs, [0, 'ENDSEC']])
  return [
    section('HEADER', [
      [9, '$ACADVER'],
      [1, 'AC1015'],
      [9, '$EXTMIN'],
      [10, '0.0'],
      [20, '0.0'],
      [9, '$HANDSEED'],
      [5, '1F'],
      ...(parts.header ?? []),
    ]),
    section('CLASSES', [...(parts.classes ?? [])]),
    section('TABLES', [
      [0, 'TABLE'],
      [2, 'LAYER'],
      [5, '2'],
      [70, '     1'],
      [0, 'LAYER'],
      [2, '図面'],
      [70, 0],
      [62, 7],
      [6, 'CONTINUOUS'],
      [0, 'ENDTAB'],
      [0, 'TABLE'],
      [2, 'STYLE'],
      [70, 1],
      [0, 'STYLE'],
      [2, 'STANDARD'],
      [70, 0],
      ...(parts.style ?? [
        [3, 'txt.shx'],
        [4, 'extfont2.shx'],
      ]),
      [0, 'ENDTAB'],
    ]),
    section('BLOCKS', [
      ...(parts.blocks ?? [
        [0, 'BLOCK'],
        [8, '0'],
        [2, '*Model_Space'],
        [70, 0],
        [10, '0.0'],
        [1, ''],
        [0, 'ENDBLK'],
      ]),
    ]),
    section('ENTITIES', [
      [0, 'TEXT'],
      [5, '10'],
      [8, '図面'],
      [10, '1.5'],
      [20, '-2.0E-03'],
      [40, '2.5'],
      [1, '髙橋 図面 表'],
      [0, 'LINE'],
      [5, '11'],
      [8, '図面'],
      [10, '0.0'],
      [20, '0.0'],
      [11, '10.'],
      [21, '.5'],
      ...(parts.entities ?? []),
    ]),
    section('OBJECTS', [
      [0, 'DICTIONARY'],
      [5, 'C'],
      [100, 'AcDbDictionary'],
      ...(parts.objects ?? []),
    ]),
    parts.more ?? '',
    lines([[0, 'EOF']]),
  ].join('')
}

/** An SFC file of level 2: header as the common library writes it, features in comments. */
export function sfcText(features: readonly string[], header = SFC_HEADER): string {
  const comments = features.map(
    (one, index) => `/*SXF\r\n#${(index + 1) * 10} = ${one}\r\nSXF*/\r\n`,
  )
  return `ISO-10303-21;\r\nHEADER;\r\n${header}ENDSEC;\r\nDATA;\r\n\r\n${comments.join('\r\n')}ENDSEC;\r\nEND-ISO-10303-21;\r\n`
}

export const SFC_HEADER =
  "FILE_DESCRIPTION(('SCADEC level2 feature_mode'),\r\n        '2;1');\r\nFILE_NAME('D0PL001Z.SFC',\r\n        '2004-1-1T12:0:0',\r\n" +
  "        ('\\X2\\9AD96A4B\\X0\\'),\r\n        ('town'),\r\n        'SCADEC_API_Ver3.30$$3.1',\r\n        'CAD 10',\r\n        '');\r\nFILE_SCHEMA(('ASSOCIATIVE_DRAUGHTING'));\r\n"

export const SFC_FEATURES: readonly string[] = [
  "layer_feature(\\'C-BMK\\','1')",
  "pre_defined_colour_feature(\\'black\\')",
  "user_defined_colour_feature('255','0','128')",
  "pre_defined_font_feature(\\'continuous\\')",
  "width_feature('0.130000')",
  "text_font_feature(\\'MS Gothic\\')",
  "line_feature('1','1','1','1','0.000000','0.000000','100.5','-3.2E-05')",
  "polyline_feature('1','1','1','1','3','(0.0,1.0,2.0)','(0.0,1.0,4.0)')",
  "text_string_feature('1','1','1',\\'図面 髙橋 表\\','10.0','10.0','5.0','20.0','0.00','0.0','0.0','1','1')",
  "sfig_org_feature(\\'図面1\\','3')",
  "externally_defined_symbol_feature('1','0','1','1','1',\\'raster1.tif\\','0.0','0.0','0.0','1.0')",
  "drawing_sheet_feature(\\'図面\\','3','1','420','297')",
]

/** A P21 file: instances with every kind of parameter. */
export function p21Text(instances: readonly string[] = P21_INSTANCES): string {
  return `ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION(('SCADEC level2 AP202_mode'),'2;1');\nFILE_NAME('a.p21','2004-01-01T00:00:00',('Yamada'),('town'),'SCADEC_API_Ver3.30$$3.1','CAD','');\nFILE_SCHEMA(('ASSOCIATIVE_DRAUGHTING'));\nENDSEC;\nDATA;\n${instances.join('\n')}\nENDSEC;\nEND-ISO-10303-21;\n`
}

export const P21_INSTANCES: readonly string[] = [
  "#10 = CARTESIAN_POINT ( 'origin', ( 0.0 , -1.5E-02 ) ) ;",
  '#20=DIRECTION($,(1.,0.));',
  "#30=TEXT_LITERAL_WITH_EXTENT('it''s \\X2\\9AD96A4B\\X0\\','text',#20,'left',.RIGHT.,*,#10);",
  '#40=(LENGTH_UNIT()NAMED_UNIT(*)SI_UNIT(.MILLI.,.METRE.));',
  '#50=MEASURE_WITH_UNIT(LENGTH_MEASURE(25.4),#40);',
  '#60=BITS("0F3");',
]

export interface CadOutcome {
  readonly reason: string | undefined
  readonly bytes: Uint8Array
  /** Bytes as characters. */
  readonly text: string
  readonly removed: readonly string[]
}

export function disarmCad(bytes: Uint8Array, type: string): CadOutcome {
  const { report, output } = disarmBytes(bytes, type)
  return {
    reason: report.reason,
    bytes: output ?? new Uint8Array(),
    text: output ? Buffer.from(output).toString('latin1') : '',
    removed: [...new Set(report.removed.map(({ rule }) => rule))],
  }
}

export function cadVerdict(bytes: Uint8Array, type: string): string {
  const verdict = verifyClean(bytes, type)
  return verdict.clean ? verdict.type : verdict.reason
}
