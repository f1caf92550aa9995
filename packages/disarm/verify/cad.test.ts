import { describe, expect, it } from 'vitest'
import {
  cadVerdict,
  cp932,
  disarmCad,
  dxfText,
  p21Text,
  sfcText,
  SFC_FEATURES,
  utf8,
} from '../src/cad/specimen.test-support.ts'

const latin = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'))
const DXF = disarmCad(
  cp932(
    dxfText({
      objects: [
        [0, 'LAYOUT'],
        [5, '21'],
        [2, 'p'],
        [7, 'a.ctb'],
      ],
    }),
  ),
  'dxf',
).text
const SFC = disarmCad(cp932(sfcText(SFC_FEATURES)), 'sfc').text
const P21 = disarmCad(utf8(p21Text()), 'p21').text

const pairs = (...lines: readonly string[]) => lines.map((line) => `${line}\r\n`).join('')

describe('nothing that acts is accepted in a clean DXF drawing', () => {
  const line = pairs('  0', 'LINE')
  const cases: readonly (readonly [title: string, from: string, to: string])[] = [
    [
      'a block of another drawing',
      pairs('  1', '', '  0', 'ENDBLK'),
      pairs('  1', 'x.dwg', '  0', 'ENDBLK'),
    ],
    [
      'the bit of an XREF',
      pairs(' 70', '0', ' 10', '0.0', '  1', ''),
      pairs(' 70', '4', ' 10', '0.0', '  1', ''),
    ],
    ['a font on a server', 'txt.shx', '\\\\evil\\txt.shx'],
    ['a printer on a server', pairs('  2', 'p'), pairs('  2', '\\\\evil\\p')],
    ['a picture', line, pairs('  0', 'IMAGE', '340', '21') + line],
    ['an OLE frame', line, pairs('  0', 'OLE2FRAME') + line],
    ['a proxy', line, pairs('  0', 'ACAD_PROXY_ENTITY') + line],
    ['a VBA project', pairs('  0', 'LAYOUT'), pairs('  0', 'VBA_PROJECT')],
    ['a hyperlink', line, line + pairs('1001', 'PE_URL', '1000', 'http://evil/')],
    ['additions of nobody', line, line + pairs('1000', 'evil')],
    ['unknown braces', line, line + pairs('102', '{EVIL', '102', '}')],
    ['binary data', line, line + pairs('310', '00')],
    ['a comment', line, pairs('999', 'evil') + line],
    ['a menu', pairs('  9', '$EXTMIN'), pairs('  9', '$MENU', '  1', 'a', '  9', '$EXTMIN')],
    ['a time', pairs('  9', '$EXTMIN'), pairs('  9', '$TDCREATE', ' 40', '1.0', '  9', '$EXTMIN')],
    ['a path', line, line + pairs('  6', '\\\\evil\\a')],
    [
      'a section',
      pairs('  0', 'EOF'),
      pairs('  0', 'SECTION', '  2', 'ACDSDATA', '  0', 'ENDSEC', '  0', 'EOF'),
    ],
    ['a word where a number belongs', pairs(' 62', '7'), pairs(' 62', 'x')],
    ['another width of a code', pairs(' 62'), pairs('62')],
    ['another line end', '\r\n', '\n'],
    ['bytes behind the end', pairs('  0', 'EOF'), pairs('  0', 'EOF', '')],
    ['a control character', 'CONTINUOUS', 'CONTINUOUS\u0007'],
  ]
  it.each(cases)('%s', (_title, from, to) => {
    expect(cadVerdict(latin(DXF), 'dxf')).toBe('dxf')
    expect(DXF).toContain(from)
    expect(cadVerdict(latin(DXF.replace(from, () => to)), 'dxf')).toMatch(/^VERIFY-(?!CRASH)/)
  })
})

describe('nothing that acts or tells who is accepted in a clean exchange structure', () => {
  it.each([
    ["(''),(''),", "('Yamada'),(''),"],
    ['1980-01-01', '2026-01-01'],
    ['ENDSEC;\r\nDATA;', 'ENDSEC;\r\nREFERENCE;\r\nENDSEC;\r\nDATA;'],
    ['#20=', "#21=PERSON('Yamada');\r\n#20="],
    ['#20=', "#21=DOCUMENT_FILE('\\\\\\\\evil\\\\a');\r\n#20="],
    ['#20=', "#21=DOCUMENT_FILE('\\X2\\005C005C\\X0\\evil');\r\n#20="],
    ['#20=', "#21=A('\\X\\07');\r\n#20="],
    ['#20=', '/* evil */\r\n#20='],
    ['#20=', '#21=A(b);\r\n#20='],
    ['#20=', '#21=A( 1);\r\n#20='],
    ['#20=', '#21=A(+1);\r\n#20='],
    ['END-ISO-10303-21;\r\n', 'END-ISO-10303-21;\r\nevil'],
  ])('P21: %s becomes %s', (from, to) => {
    expect(cadVerdict(latin(P21), 'p21')).toBe('p21')
    expect(P21).toContain(from)
    expect(cadVerdict(latin(P21.replace(from, () => to)), 'p21')).toMatch(/^VERIFY-(?!CRASH)/)
  })

  it.each([
    ['raster1.tif', '\\\\evil\\raster1.tif'],
    ['raster1.tif', 'http://evil/raster1.tif'],
    ['C-BMK', 'a*/b'],
    ["\\'C-BMK\\'", 'C-BMK'],
    ['layer_feature', 'evil'],
    ['\r\nSXF*/', '\r\nSXF3*/'],
    ['/*SXF\r\n', '/*EVIL\r\n'],
    ["'0.130000'", "' 0.130000'"],
  ])('SFC: %s becomes %s', (from, to) => {
    expect(cadVerdict(latin(SFC), 'sfc')).toBe('sfc')
    expect(SFC).toContain(from)
    expect(cadVerdict(latin(SFC.replace(from, () => to)), 'sfc')).toMatch(/^VERIFY-(?!CRASH)/)
  })
})
