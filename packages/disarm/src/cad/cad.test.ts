import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  cadVerdict,
  cp932,
  disarmCad,
  dxfText,
  p21Text,
  P21_INSTANCES,
  sfcText,
  SFC_FEATURES,
  SFC_HEADER,
  utf8,
} from './specimen.test-support.ts'
import type { DxfParts, Pairs } from './specimen.test-support.ts'

/** Disarms, and checks what holds for every output. */
function clean(bytes: Uint8Array, type: string) {
  const outcome = disarmCad(bytes, type)
  expect(outcome.reason).toBeUndefined()
  expect(cadVerdict(outcome.bytes, type)).toBe(type)
  const again = disarmCad(outcome.bytes, type)
  expect(again.text).toBe(outcome.text)
  expect(again.removed).toEqual([])
  return outcome
}

const latin = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')
const dxf = (parts: DxfParts) => clean(cp932(dxfText(parts)), 'dxf')

describe('a DXF drawing keeps what is drawn', () => {
  it.each([
    ['CP932', cp932],
    ['UTF-8', utf8],
  ] as const)('its letters in %s, its numbers digit by digit', (_name, encode) => {
    const { text, removed } = clean(encode(dxfText()), 'dxf')
    expect(removed).toEqual([])
    expect(text).toContain(`  1\r\n${latin(encode('髙橋 図面 表'))}\r\n`)
    expect(text).toContain(' 20\r\n-2.0E-03\r\n')
    expect(text).toContain(' 21\r\n.5\r\n')
    expect(text).toContain(' 70\r\n1\r\n')
  })

  it('line ends of every kind, comments, padding and a missing last line end', () => {
    const text = dxfText()
    const expected = clean(cp932(text), 'dxf').text
    for (const end of ['\n', '\r'])
      expect(clean(cp932(text.replaceAll('\r\n', end)), 'dxf').text).toBe(expected)
    expect(clean(cp932(`999\r\nDXF made by a program\r\n${text}`), 'dxf').text).toBe(expected)
    expect(clean(cp932(`${text}\u001a\0\0`), 'dxf').text).toBe(expected)
    expect(clean(cp932(text.trimEnd()), 'dxf').text).toBe(expected)
  })
})

describe('a DXF drawing names nothing outside of itself (CAD-TOKEN, OX-UNC)', () => {
  const xref: Pairs = [
    [0, 'BLOCK'],
    [2, 'XR'],
    [70, 4],
    [10, '0.0'],
    [1, '\\\\evil\\share\\x.dwg'],
    [0, 'ENDBLK'],
  ]
  const threats: readonly (readonly [string, DxfParts, string])[] = [
    ['a block in another drawing', { blocks: xref }, 'OX-UNC'],
    [
      'a picture',
      {
        entities: [
          [0, 'IMAGE'],
          [5, '20'],
          [340, '21'],
        ],
        objects: [
          [3, 'evil'],
          [350, '21'],
          [0, 'IMAGEDEF'],
          [5, '21'],
          [1, '\\\\evil\\a.png'],
        ],
      },
      'OX-UNC',
    ],
    [
      'an underlay',
      {
        objects: [
          [0, 'PDFDEFINITION'],
          [5, '21'],
          [1, 'http://evil/a.pdf'],
        ],
      },
      'OX-UNC',
    ],
    [
      'an OLE frame',
      {
        entities: [
          [0, 'OLE2FRAME'],
          [5, '20'],
          [310, 'd0cf11e0a1b11ae1evil'],
        ],
      },
      'OX-OLE',
    ],
    [
      'a VBA project',
      {
        objects: [
          [0, 'VBA_PROJECT'],
          [5, '20'],
          [310, '00'],
          [1, 'evil'],
        ],
      },
      'OX-VBA',
    ],
    [
      'a proxy',
      {
        entities: [
          [0, 'ACAD_PROXY_ENTITY'],
          [5, '20'],
          [310, '00ff'],
          [1, 'evil'],
        ],
      },
      'CAD-TOKEN',
    ],
    [
      'a text that runs DIESEL',
      {
        entities: [
          [0, 'RTEXT'],
          [1, '$(getenv,evil)'],
        ],
      },
      'CAD-TOKEN',
    ],
    [
      'a hyperlink',
      {
        entities: [
          [0, 'LINE'],
          [10, '1'],
          [1001, 'PE_URL'],
          [1000, 'http://evil/'],
          [1002, '{'],
          [1002, '}'],
        ],
      },
      'URL-REMOVED',
    ],
    [
      'data of an unknown program',
      {
        entities: [
          [0, 'LINE'],
          [10, '1'],
          [1001, 'EVIL'],
          [1000, 'evil'],
          [1004, '00ff'],
        ],
      },
      'CAD-TOKEN',
    ],
    [
      'braces of an unknown program',
      {
        entities: [
          [0, 'LINE'],
          [102, '{EVIL'],
          [1, 'evil'],
          [102, '{ACAD_REACTORS'],
          [330, 'E1'],
          [102, '}'],
          [102, '}'],
        ],
      },
      'CAD-TOKEN',
    ],
    [
      'binary data',
      {
        entities: [
          [0, 'LINE'],
          [92, '2'],
          [310, '00ff'],
          [10, '1'],
        ],
      },
      'CAD-TOKEN',
    ],
    [
      'a font on a server',
      {
        style: [
          [3, '\\\\evil\\share\\evil.shx'],
          [4, ''],
        ],
      },
      'CAD-TOKEN',
    ],
    [
      'a printer on a server',
      {
        objects: [
          [0, 'LAYOUT'],
          [1, 'a'],
          [2, '\\\\evil\\printer'],
        ],
      },
      'CAD-TOKEN',
    ],
    [
      'a menu',
      {
        header: [
          [9, '$MENU'],
          [1, 'evil'],
        ],
      },
      'CAD-TOKEN',
    ],
    [
      'a base for links',
      {
        header: [
          [9, '$HYPERLINKBASE'],
          [1, 'http://evil'],
        ],
      },
      'CAD-TOKEN',
    ],
    [
      'a project name',
      {
        header: [
          [9, '$PROJECTNAME'],
          [1, 'evil'],
        ],
      },
      'CAD-TOKEN',
    ],
    [
      'a path in any other text',
      {
        entities: [
          [0, 'INSERT'],
          [2, '\\\\evil\\share\\'],
          [10, '1'],
        ],
      },
      'OX-UNC',
    ],
    [
      'an unknown class',
      {
        classes: [
          [0, 'CLASS'],
          [1, 'EVIL'],
          [2, 'Evil'],
          [3, 'evil.arx'],
        ],
      },
      'CAD-TOKEN',
    ],
    [
      'an unknown section',
      {
        more: '  0\r\nSECTION\r\n  2\r\nACDSDATA\r\n  0\r\nACDSRECORD\r\n  1\r\nevil\r\n  0\r\nENDSEC\r\n',
      },
      'CAD-TOKEN',
    ],
    [
      'an unknown code',
      {
        entities: [
          [0, 'LINE'],
          [600, 'evil'],
        ],
      },
      'CAD-TOKEN',
    ],
    [
      'text where a number belongs',
      {
        entities: [
          [0, 'LINE'],
          [40, 'evil'],
          [70, 'evil'],
          [330, 'evil!'],
        ],
      },
      'CAD-TOKEN',
    ],
  ]
  it.each(threats)('%s', (_title, parts, rule) => {
    const { text, removed } = dxf(parts)
    expect(removed).toContain(rule)
    expect(text.replace('evil.shx', '')).not.toMatch(/evil(?!.shx)|\\\\|d0cf11|http/i)
  })

  it('who worked when is gone', () => {
    const { text, removed } = dxf({
      header: [
        [9, '$TDCREATE'],
        [40, '2453000.5'],
        [9, '$LASTSAVEDBY'],
        [1, 'yamada'],
      ],
    })
    expect(removed).toContain('OX-META')
    expect(text).not.toMatch(/TDCREATE|2453000|yamada/)
  })

  it('a path that is drawn is text', () => {
    const { text, removed } = dxf({
      entities: [
        [0, 'MTEXT'],
        [10, '1'],
        [1, 'https://www.example.jp/ \\P 1/100'],
      ],
    })
    expect(removed).toEqual([])
    expect(text).toContain('https://www.example.jp/ \\P 1/100')
  })

  it('a layer named 表 or a font with a Japanese name is no path', () => {
    const { removed } = dxf({
      style: [
        [3, 'txt.shx'],
        [4, '表.shx'],
      ],
      entities: [
        [0, 'LINE'],
        [8, '表'],
        [10, '1'],
      ],
    })
    expect(removed).toEqual([])
  })

  it.each([
    ['no drawing', '  0\r\nEOF\r\n'],
    ['a section that never ends', dxfText().replace(/ {2}0\r\nENDSEC\r\n/g, '')],
    ['a code that is no number', dxfText().replace(' 10\r\n', ' 1x\r\n')],
    ['half a group', dxfText().replace('  0\r\nEOF\r\n', ' 10')],
    ['a record outside of any section', `  0\r\nLINE\r\n${dxfText()}`],
    [
      'a line of a megabyte',
      dxfText({
        entities: [
          [0, 'TEXT'],
          [1, 'x'.repeat(2 ** 20)],
        ],
      }),
    ],
    ['UTF-16', `\uFEFF${dxfText()}`],
  ])('%s is refused', (title, text) => {
    const bytes = title === 'UTF-16' ? Buffer.from(text, 'utf16le') : cp932(text)
    expect(disarmCad(bytes, 'dxf').reason).toMatch(/^(?:CAD-TOKEN|TYPE-MISMATCH)$/)
  })
})

describe('SFC and P21 keep their features and instances', () => {
  it.each([
    ['CP932', cp932],
    ['UTF-8', utf8],
  ] as const)('of SXF, in %s', (_name, encode) => {
    const { text, removed } = clean(encode(sfcText(SFC_FEATURES)), 'sfc')
    expect(removed).toEqual(['OX-META'])
    for (const [index, feature] of SFC_FEATURES.entries())
      expect(text).toContain(`/*SXF\r\n#${(index + 1) * 10} = ${latin(encode(feature))}\r\nSXF*/`)
  })

  it('of ISO 10303-21, without white space', () => {
    const { text, removed } = clean(utf8(p21Text()), 'p21')
    expect(removed).toEqual(['OX-META'])
    expect(text).toContain("#10=CARTESIAN_POINT('origin',(0.0,-1.5E-02));\r\n")
    expect(text).toContain("'it''s \\X2\\9AD96A4B\\X0\\'")
    expect(text).toContain('#40=(LENGTH_UNIT()NAMED_UNIT(*)SI_UNIT(.MILLI.,.METRE.));')
  })

  it('who made it is gone, the version of the library stays', () => {
    const { text } = clean(cp932(sfcText(SFC_FEATURES)), 'sfc')
    expect(text).toContain(
      "FILE_NAME('D0PL001Z.SFC','1980-01-01T00:00:00',(''),(''),'SCADEC_API_Ver3.30$$3.1','','');",
    )
    expect(text).not.toMatch(/town|9AD9|CAD 10|2004/)
    const person = clean(utf8(p21Text(["#1=PERSON('1','Yamada','Taro',$,$,$);"])), 'p21')
    expect(person.text).toContain("#1=PERSON('','','',$,$,$);")
  })
})

describe('SFC and P21 name nothing outside of the drawing', () => {
  it.each([
    ["externally_defined_symbol_feature('1','0',\\'\\\\evil\\share\\a.tif\\','0')", "\\'a.tif\\'"],
    ["externally_defined_symbol_feature('1',\\'C:/evil/a.tif\\')", "\\'a.tif\\'"],
    ["attribute_feature(\\'file://evil/a.saf\\')", "\\'a.saf\\'"],
    ["layer_feature('\\\\evil\\表','1')", "''"],
  ])('%s', (feature, expected) => {
    const { text, removed } = clean(cp932(sfcText([feature])), 'sfc')
    expect(removed).toContain('OX-UNC')
    expect(text).toContain(expected)
    expect(text).not.toContain('evil')
  })

  it.each([
    "#1=DOCUMENT_FILE('\\\\\\\\evil\\\\a','','',$,'','');",
    "#1=DOCUMENT_FILE('http://evil/a.stp','','',$,'','');",
    "#1=EXTERNAL_SOURCE(IDENTIFIER('\\X2\\005C005C\\X0\\evil\\X\\5Ca'));",
    "#1=EXTERNAL_SOURCE(IDENTIFIER('\\\\evil\\a'));",
    "#1=X('../evil/a');",
  ])('%s', (instance) => {
    const { text, removed } = clean(utf8(p21Text([instance])), 'p21')
    expect(removed).toContain('OX-UNC')
    expect(text).not.toContain('evil')
  })

  it('references and signatures of the third edition, comments and what follows the end go', () => {
    const text = p21Text()
      .replace(
        'DATA;',
        'ANCHOR;<a>=#1;ENDSEC;REFERENCE;#9=<http://evil/a.stp#b>;ENDSEC;/* evil */DATA;/*evil*/',
      )
      .concat('evil')
    const { text: written, removed } = clean(utf8(text), 'p21')
    expect(removed).toContain('CAD-TOKEN')
    expect(written).not.toContain('evil')
  })

  it('escapes of control characters and of right-to-left overrides go', () => {
    const { text, removed } = clean(
      utf8(p21Text(["#1=A('a\\X\\07b\\X2\\202E0041\\X0\\c\\X2\\00\\X0\\');"])),
      'p21',
    )
    expect(removed).toContain('T-CTRL')
    expect(text).toContain("#1=A('abc');")
  })

  it('a feature that is not understood is not left out: codes count features', () => {
    for (const feature of [
      "line_feature('1'",
      'line_feature(1)',
      "evil(\\'a\\')",
      "text_string_feature(\\'*/\\')",
    ])
      expect(disarmCad(cp932(sfcText([feature])), 'sfc').reason).toBe('CAD-TOKEN')
  })

  it('a text ending in 表 does not swallow its quote', () => {
    const { text } = clean(
      cp932(sfcText(["layer_feature('表','1')", "layer_feature(\\'表\\','1')"])),
      'sfc',
    )
    expect(text.match(/layer_feature\(\\'\x95\\\\','1'\)/g)).toHaveLength(2)
  })

  it.each([
    p21Text(['#1=A(']),
    p21Text([`#1=A(${'('.repeat(40)}${')'.repeat(40)});`]),
    p21Text(['#1=A(b c);']),
    p21Text(["#1=A('x);"]),
    p21Text().replace('ENDSEC;\nEND', 'END'),
    'ISO-10303-21;',
    p21Text().replace('HEADER;', ''),
  ])('what cannot be read is refused', (text) => {
    expect(disarmCad(utf8(text), 'p21').reason).toBe('CAD-TOKEN')
  })
})

describe('whatever a drawing is changed to', () => {
  const seeds = [
    ['dxf', cp932(dxfText())],
    [
      'dxf',
      utf8(
        dxfText({
          objects: [
            [3, 'a'],
            [350, '21'],
            [0, 'LAYOUT'],
            [5, '21'],
            [2, 'p'],
            [7, 'a.ctb'],
            [102, '{ACAD_REACTORS'],
            [330, 'C'],
            [102, '}'],
            [1001, 'ACAD'],
            [1070, '5'],
          ],
        }),
      ),
    ],
    ['sfc', cp932(sfcText(SFC_FEATURES))],
    ['p21', utf8(p21Text(P21_INSTANCES))],
    ['sfc', cp932(sfcText(SFC_FEATURES, SFC_HEADER.replaceAll(/\s/g, '')))],
  ] as const
  const changes = fc.array(
    fc.record({
      kind: fc.constantFrom('set', 'drop', 'add', 'copy'),
      at: fc.nat(),
      value: fc.nat(255),
    }),
    { minLength: 1, maxLength: 4 },
  )
  it.each(seeds)(
    '%s: accepted is written again byte for byte, and written is accepted',
    (type, seed) => {
      const written = Buffer.from(disarmCad(seed, type).bytes)
      fc.assert(
        fc.property(changes, fc.boolean(), (list, canonical) => {
          let bytes = canonical ? written : Buffer.from(seed)
          for (const { kind, at, value } of list) {
            const place = at % bytes.length
            const put =
              kind === 'copy'
                ? bytes.subarray(place, place + value)
                : kind === 'drop'
                  ? []
                  : [value]
            bytes = Buffer.concat([
              bytes.subarray(0, place),
              Buffer.from(put),
              bytes.subarray(place + (kind === 'set' || kind === 'drop' ? 1 : 0)),
            ])
          }
          expectHeld(new Uint8Array(bytes), type)
        }),
        { numRuns: 250 },
      )
    },
  )

  function expectHeld(bytes: Uint8Array, type: string): void {
    const verdict = cadVerdict(bytes, type)
    expect(verdict).not.toBe('VERIFY-CRASH')
    const outcome = disarmCad(bytes, type)
    expect(outcome.reason).not.toBe('ENG-CRASH')
    if (verdict === type) {
      expect(outcome.reason).toBeUndefined()
      expect(outcome.removed).toEqual([])
      expect(outcome.text).toBe(latin(bytes))
    }
    if (outcome.reason === undefined) {
      expect(cadVerdict(outcome.bytes, type)).toBe(type)
      expect(disarmCad(outcome.bytes, type).text).toBe(outcome.text)
    }
  }
})
