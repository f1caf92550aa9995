import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  OLE_HEX,
  disarmRtf,
  latin,
  pngHex,
  rtf,
  shownText,
  verdictOf,
} from './specimen.test-support.ts'

/** Disarms, and checks what holds for every output: the verifier takes it and a second pass changes nothing. */
function clean(bytes: Uint8Array, profile = {}) {
  const outcome = disarmRtf(bytes, profile)
  expect(outcome.reason).toBeUndefined()
  expect(outcome.verdict).toBe('rtf')
  const again = disarmRtf(outcome.output, profile)
  expect(again.text).toBe(outcome.text)
  expect(again.removed).toEqual([])
  return outcome
}

describe('objects never survive, whatever their data is dressed in (RTF-OBJ)', () => {
  const object = (inside: string) =>
    rtf(
      `before{\\object\\objemb\\objw100\\objh100{\\*\\objclass Equation.3}${inside}{\\result{\\pict\\pngblip ${pngHex}}shown}}after`,
    )
  const nested = OLE_HEX.replace(/(..)/g, '{\\b $1}')
  const quoted = OLE_HEX.replace(/(....)/g, "$1\\'00")
  const disguises: readonly [string, string][] = [
    ['plain hexadecimal', `{\\*\\objdata ${OLE_HEX}}`],
    ['white space between the digits', `{\\*\\objdata ${OLE_HEX.replace(/(.)/g, '$1 \r\n\t')}}`],
    ['escapes between the digits', `{\\*\\objdata ${quoted}}`],
    ['groups between the digits', `{\\*\\objdata ${nested}}`],
    ['bytes behind bin', `{\\*\\objdata \\bin4 {\\}}${OLE_HEX}}`],
    ['the word in the middle of a group', `{\\b x\\objdata ${OLE_HEX}}`],
    ['unknown words before it', `{\\*\\objdata\\zzz1\\yyy ${OLE_HEX}}`],
    ['no star', `{\\objdata ${OLE_HEX}}`],
    ['a data group inside of another', `{\\*\\objdata {\\*\\objdata ${OLE_HEX}}${OLE_HEX}}`],
  ]
  it.each(disguises)('%s', (_title, data) => {
    const { text, removed } = clean(object(data))
    expect(removed).toContain('RTF-OBJ')
    expect(text).not.toMatch(/obj|4571756174696f6e|d0cf11e0|Equation/i)
    expect(text).toContain(`\\pngblip ${pngHex}`)
    expect(shownText(text)).toContain('shown')
    expect(shownText(text)).toMatch(/^before.*after$/s)
  })

  it.each(['objocx', 'objlink\\objupdate', 'objautlink', 'objhtml', 'objemb\\objsetsize'])(
    'an object as %s leaves only what it showed',
    (kind) => {
      const { text, removed } = clean(
        rtf(`{\\object\\${kind}{\\*\\objdata ${OLE_HEX}}{\\result {\\b\\f1\\'8c\\'a9}}}`),
      )
      expect(removed).toContain('RTF-OBJ')
      expect(shownText(text)).toBe('見')
      expect(text).not.toContain('obj')
    },
  )

  it('data outside of any object goes, too', () => {
    const { text, removed } = clean(rtf(`a{\\*\\objdata ${OLE_HEX}}b`))
    expect(removed).toEqual(['RTF-OBJ'])
    expect(text).toMatch(/ab\}$/)
  })
})

describe('a destination that goes takes its content with it, star or not, first in its group or not', () => {
  it.each([
    ['objdata', 'RTF-OBJ'],
    ['objclass', 'RTF-OBJ'],
    ['template', 'RTF-TPL'],
    ['filetbl', 'RTF-TPL'],
    ['datastore', 'RTF-TPL'],
    ['nextfile', 'RTF-TPL'],
    ['fontemb', 'OX-FONT'],
    ['passwordhash', 'OX-PROT'],
    ['private1', 'OX-META'],
  ])('%s', (word, rule) => {
    for (const group of [
      `{\\${word} evil}`,
      `{\\*\\${word} evil}`,
      `{\\b x\\${word} evil{evil}}`,
    ]) {
      const { text, removed } = clean(rtf(`a${group}b`))
      expect(removed).toEqual([rule])
      expect(text).not.toContain('evil')
    }
  })
})

describe('nothing outside of the file is named (RTF-TPL)', () => {
  it.each([
    '{\\*\\template \\\\\\\\evil\\\\share\\\\a.dotm}',
    '{\\*\\template http://evil.example/a.dotm}',
    '{\\filetbl{\\file\\fid1\\fnetwork\\\\\\\\evil\\\\a}}',
    '{\\*\\mailmerge{\\mmdatasource C:\\\\a.mdb}}',
    '{\\*\\datastore 01050000}',
    '{\\*\\themedata 504b0304}',
    '{\\*\\colorschememapping 3c3f}',
    '{\\*\\xmlopen\\xmlns1{\\factoidname x}}',
    '{\\*\\nextfile \\\\\\\\evil\\\\b.rtf}',
    '{\\*\\docvar {x}{y}}',
    '{\\info{\\*\\userprops{\\propname a}\\proptype30{\\staticval b}{\\*\\linkval c}}}',
  ])('%s is gone and reported', (group) => {
    const { text, removed } = clean(rtf(`a${group}b`))
    expect(removed.length).toBeGreaterThan(0)
    expect(text).toMatch(/\\par ab\}$/)
    expect(text).not.toMatch(/evil|504b|3c3f|factoid|linkval/)
  })
})

describe('fields are judged as in Word documents (RTF-FIELD)', () => {
  const field = (instruction: string, result = 'shown') =>
    rtf(`{\\field{\\*\\fldinst ${instruction}}{\\fldrslt ${result}}}`)

  it.each([
    'DDEAUTO c:\\\\\\\\windows\\\\\\\\cmd.exe "/k calc"',
    'DDE excel a b',
    '{\\b D}{\\i D}{ E}AUTO cmd "/k calc"',
    "{\\rtlch \\'44\\'44\\'45 }cmd",
    '\\u68?\\u68?\\u69? cmd',
    'INCLUDEPICTURE "http://evil.example/a.png" \\\\d',
    'INCLUDETEXT "\\\\\\\\\\\\\\\\evil\\\\\\\\a"',
    'LINK Excel.Sheet "\\\\\\\\\\\\\\\\evil\\\\\\\\a.xls"',
    'HYPERLINK "\\\\\\\\\\\\\\\\evil\\\\\\\\share"',
    'HYPERLINK "file:///c:/a.exe"',
    'HYPERLINK "ms-msdt:/id"',
    'IMPORT a',
    'MACROBUTTON Auto click',
    '{\\field{\\*\\fldinst QUOTE 68}{\\fldrslt D}}DEAUTO cmd',
    '',
  ])('%s leaves only the text it showed', (instruction) => {
    const { text, removed } = clean(field(instruction))
    expect(text).not.toMatch(/fldinst|evil|calc|cmd/)
    expect(shownText(text)).toContain('shown')
    if (instruction !== '') expect(removed).toContain('RTF-FIELD')
  })

  it('a page number, a link to the web and a field inside of a field stay', () => {
    expect(clean(field(' PAGE ')).text).toContain('{\\field{\\*\\fldinst  PAGE }{\\fldrslt shown}}')
    const link = clean(field('HYPERLINK "https://www.example.jp/a?b=1" \\\\o "tip" '))
    expect(link.text).toContain('{\\*\\fldinst  HYPERLINK "https://www.example.jp/a?b=1" }')
    expect(link.kept).toEqual(['URL-REMOVED'])
    const nested = clean(
      field(' IF {\\field{\\*\\fldinst MERGEFIELD a}{\\fldrslt 1}} = 1 "y" "n" '),
    )
    expect(nested.text).toContain(
      ' IF {\\field{\\*\\fldinst MERGEFIELD a}{\\fldrslt 1}} = 1 "y" "n" }',
    )
  })

  it('links are only words where the town wants that', () => {
    const { text, removed } = clean(field('HYPERLINK "https://www.example.jp/"'), {
      links: 'text-only',
    })
    expect(removed).toEqual(['URL-REMOVED'])
    expect(text).not.toContain('HYPERLINK')
    const place = clean(field('HYPERLINK \\\\l "a"'), { links: 'text-only' })
    expect(place.text).toContain(' HYPERLINK \\\\l "a" ')
  })

  it('a form stays without the macros of its boxes', () => {
    const { text, removed } = clean(
      field(
        'FORMTEXT {\\*\\formfield{\\fftype0\\ffmaxlen10{\\*\\ffname a}{\\*\\ffentrymcr AutoRun}{\\*\\ffexitmcr x}}}',
      ),
    )
    expect(text).toContain('{\\*\\formfield\\fftype0\\ffmaxlen10{\\*\\ffname a}}')
    expect(text).not.toMatch(/mcr|AutoRun/)
    expect(removed).toEqual(['RTF-FIELD'])
  })
})

describe('what breaks parsers is not written (RTF-PARSE)', () => {
  it.each([
    ['{\\rt', '{\\rt a}'],
    ['{\\rtf', '{\\rtf a}'],
    ['{\\rt0x', '{\\rt0x a}'],
    ['{\\rtxyz1', '{\\rtxyz1 a}'],
  ])('a header %s becomes the one header', (_title, text) => {
    expect(clean(latin(text)).text).toMatch(/^\{\\rtf1\\ansi\\ansicpg1252\\uc1[ x]/)
  })

  it.each([
    ['depth 101', '{'.repeat(101) + 'a'],
    ['bin longer than the file', 'a\\bin99999999 x'],
    ['bin of negative length', 'a\\bin-1 x'],
  ])('%s is refused', (_title, body) => {
    expect(disarmRtf(rtf(body)).reason).toBe('RTF-PARSE')
  })

  it('depth 100 is written', () => {
    clean(rtf(`${'{'.repeat(99)}a${'}'.repeat(99)}`))
  })

  it.each([
    ['a word of 33 letters', `\\${'a'.repeat(33)} `],
    ['a number beyond 32 bits', '\\fs4294967300 '],
    ['a number of many digits', `\\fs${'0'.repeat(40)}1 `],
    ['a size that fits no paper', '\\fs70000 '],
    ['a font beyond the table', '\\f40000 '],
    ['an unknown word', '\\evilword5 '],
    ['an unknown symbol', '\\!'],
    ['half an escape', "\\'zz"],
    ['an unknown destination', '{\\*\\evildest x{\\b y}}'],
    ['a star before formatting', '{\\*\\b x}'],
    ['bytes behind bin', '\\bin5 {{{{{'],
    ['a font table in the text', '{\\b {\\fonttbl{\\f9 x;}}}'],
  ])('%s is dropped and reported', (_title, body) => {
    const { text, removed } = clean(rtf(`a${body}b`))
    expect(removed).toEqual(['RTF-PARSE'])
    expect(shownText(text)).toMatch(/^a(?:zz)?b$/)
  })

  it('a list override counts what it has, never what it claims (CVE-2014-1761)', () => {
    const level = '{\\lfolevel\\listoverridestartat\\levelstartat1}'
    const table = (count: number, levels: number) =>
      rtf(
        `{\\*\\listtable{\\list\\listtemplateid1{\\listlevel\\levelnfc0{\\leveltext\\'02\\'00.;}{\\levelnumbers\\'01;}}\\listid7}}` +
          `{\\*\\listoverridetable{\\listoverride\\listid7\\listoverridecount${count}${level.repeat(levels)}\\ls1}}\\ls1 a`,
      )
    expect(clean(table(25, 25)).text).toContain('\\listoverridecount9')
    expect(clean(table(25, 25)).removed).toEqual(['RTF-PARSE'])
    expect(clean(table(25, 0)).text).toContain('\\listoverridecount0\\ls1')
    expect(clean(table(1, 1)).removed).toEqual([])
  })

  it('the text of a list level has as many characters as it says, and numbers only where it has them', () => {
    const { text } = clean(
      rtf(
        `{\\*\\listtable{\\list{\\listlevel\\levelnfc0{\\leveltext\\'ff\\'00.x\\'01;}{\\levelnumbers\\'01\\'02\\'04\\'f0;}}\\listid7}}a`,
      ),
    )
    expect(text).toContain("{\\leveltext\\'04\\'00.x\\'01;}{\\levelnumbers\\'01\\'04;}")
  })

  it('fonts are numbered as every reader counts, and are not too many (CVE-2023-21716)', () => {
    const fonts = (from: number, count: number) =>
      `{\\fonttbl${Array.from({ length: count }, (_, i) => `{\\f${from + i}A;}`).join('')}}`
    expect(disarmRtf(rtf('a', fonts(0, 5000))).reason).toBe('RTF-PARSE')
    expect(clean(rtf('a', fonts(32_767, 3))).text.match(/\{\\f\d+\\fnil/g)).toHaveLength(1)
  })

  it('what stands behind the last brace is gone and reported', () => {
    const { removed, text } = clean(Buffer.concat([rtf('a'), latin('MZ\0\x01')]))
    expect(removed).toEqual(['RTF-PARSE'])
    expect(text).toMatch(/a\}$/)
  })

  it('an unfinished file is closed', () => {
    expect(clean(rtf('{\\b a').subarray(0, -3)).text).toMatch(/\{\\b a\}\}$/)
  })
})

describe('pictures are made anew (RTF-PICT)', () => {
  it('what cannot be becomes a grey box', () => {
    const { text, removed } = clean(rtf('{\\pict\\picw5\\pngblip 89504e47deadbeef}'))
    expect(removed).toContain('RTF-PICT')
    expect(text).toMatch(/\\picw5\\pngblip 89504e470d0a1a0a/)
    expect(text).not.toContain('deadbeef')
  })

  it('the word says what the data is, also from bin and with spaces', () => {
    const png = Buffer.from(pngHex, 'hex')
    const bin = Buffer.concat([
      latin(`{\\rtf1 {\\pict\\jpegblip\\bin${png.length} `),
      png,
      latin('}}'),
    ])
    expect(clean(bin).text).toContain(`{\\pict\\pngblip ${pngHex}}`)
    const spaced = clean(rtf(`{\\pict\\pngblip ${pngHex.replace(/(.)/g, '$1\r\n ')}}`))
    expect(spaced.text).toContain(`{\\pict\\pngblip ${pngHex}}`)
  })

  it('a picture without data leaves nothing, its properties neither', () => {
    const { text } = clean(
      rtf('a{\\pict{\\*\\picprop{\\sp{\\sn wzDescription}{\\sv x}}}\\picw1\\pngblip}b'),
    )
    expect(text).toMatch(/ab\}$/)
  })
})

describe('what looks the same stays the same', () => {
  it.each([
    'a{\\super 2\\super0 b}',
    '\\keepn0\\widctlpar\\sb120\\sl-240\\slmult0 a',
    '\\trowd\\trgaph108\\clvmgf\\clbrdrt\\brdrs\\brdrw10\\brsp20\\cellx5000\\intbl a\\cell\\row',
    '{\\rtlch\\fcs1\\af0\\ltrch\\fcs0\\loch\\af0\\hich\\af0\\dbch\\f1\\u12354?}',
    '{\\*\\nesttableprops\\trowd\\cellx100\\nestrow}',
    '{\\footnote\\ftnalt\\pard note}{\\xe{\\v entry}}',
    '{\\*\\pn\\pnlvlbody\\pndec\\pnstart1{\\pntxta.}}{\\pntext 1.\\tab}',
    '\\emdash\\lquote\\rquote\\bullet\\~\\_\\-\\line\\page\\tab',
  ])('%s', (body) => {
    const { text, removed } = clean(rtf(body))
    expect(removed).toEqual([])
    expect(text.endsWith(`${body.startsWith('a') ? ' ' : ''}${body}}`)).toBe(true)
  })

  it('bullets that are pictures are made anew and keep their places', () => {
    const { text, removed } = clean(
      rtf(
        `{\\*\\listtable{\\*\\listpicture\\pard{\\*\\shppict{\\pict\\pngblip ${pngHex}}}{\\pict\\pngblip 00}}}a`,
      ),
    )
    expect(removed).toEqual(['RTF-PICT'])
    expect(text).toContain(`{\\*\\shppict{\\pict\\pngblip ${pngHex}}}{\\pict\\pngblip 8950`)
  })
})

describe('drawings keep place and paint only', () => {
  const shape = (name: string, value: string) =>
    rtf(
      `{\\shp{\\*\\shpinst\\shpleft0\\shpz1{\\sp{\\sn ${name}}{\\sv ${value}}}{\\shptxt in the box\\par}}{\\shprslt old}}`,
    )

  it.each([
    ['pFragments', '2;20;0,0,0'],
    ['pihlShape', '1'],
    ['pibName', '\\\\\\\\evil\\\\a.png'],
    ['metroBlob', '504b'],
    ['pGuides', '8;1;0'],
    ['pVertices', '8;99999999;(0,0)'],
    ['pVertices', '8;1;(0,0);(1,1)'],
    ['pVertices', '7777;1;(0,0)'],
    ['shapeType', '0x1'],
    ['shapeType', '99999999999'],
  ])('%s = %s goes, the text of the box stays', (name, value) => {
    const { text, removed } = clean(shape(name, value))
    expect(removed.some((rule) => rule === 'RTF-PARSE' || rule === 'RTF-TPL')).toBe(true)
    expect(text).not.toContain(name)
    expect(text).toContain('{\\shptxt in the box\\par}')
  })

  it.each([
    ['shapeType', '202'],
    ['fillColor', '16777215'],
    ['pVertices', '8;2;(0,0);(-1,21600)'],
    ['wzDescription', 'a box'],
  ])('%s = %s stays', (name, value) => {
    const { text, removed } = clean(shape(name, value))
    expect(removed).toEqual([])
    expect(text).toContain(`{\\sp{\\sn ${name}}{\\sv ${value}}}`)
  })
})

describe('text survives', () => {
  const shown = (body: string) => shownText(clean(rtf(body)).text)

  it.each([
    ["\\f1\\'8d\\'82\\'8b\\'b4", '高橋', 'double bytes as escapes'],
    ["\\f1 \\'83J\\'83\\\\", 'カソ', 'a second byte that is a letter or a backslash'],
    ['\\f1 \x8d\x82\x8b\xb4', '高橋', 'raw bytes'],
    ['\\f1 \x95\x5c\x8e\xa6', '表示', 'a raw letter whose second byte is a backslash'],
    ['\\f1 \x95\x5c\\par', '表\n', 'the same before a paragraph'],
    ['\\f1 \x95\\\\\x8e\xa6', '表示', 'the same when the backslash was escaped'],
    ['\\f1 \x83\x7b\x83\x7d', 'ボマ', 'raw letters whose second bytes are braces'],
    ['\\f0 {\x83}b', 'ƒb', 'a brace in a font of another alphabet'],
    ["\\f1\\'8d\r\n\\'82", '高', 'a character cut by a line end'],
    ["\\f1\\'fb\\'fc", '髙', 'a character that only CP932 has'],
    ['\\u-26335?\\u-9151?', '\u9921\uFFFD', 'half of a pair'],
    ['\\u-10174?\\u-8265?', '𠮷', 'a character of two units'],
    ['\\u-31653?\\u-9408?\\u-8958?', '葛\u{E0102}', 'a variation selector'],
    ["\\uc2\\u39641\\'fb\\'fc a", '髙 a', 'a fallback of two bytes'],
    ['\\uc0\\u39641 a', '髙a', 'no fallback'],
    ['\\uc1\\u39641\\par', '髙\n', 'a fallback that is missing'],
    ["\\f2\\'b7", '\uF0B7', 'a letter of the font Symbol'],
    ["\\f0\\'80\\'e9", '€é', 'Windows letters'],
    ['{\\upr{old}{\\*\\ud{\\u39641?}}}', '髙', 'the Unicode branch of two'],
    ['\\{\\}\\\\', '\\\\\\\\', 'braces and backslashes'],
  ])('%s is %s: %s', (body, expected) => {
    expect(shown(body)).toBe(expected)
  })

  it.each([
    ['\\mac', "\\'8a", 'ä'],
    ['\\pc', "\\'81", 'ü'],
    ['\\pca', "\\'9b", 'ø'],
    ['\\ansi\\ansicpg1251', "\\'e6", 'ж'],
    ['\\ansi\\ansicpg874', "\\'a1", 'ก'],
    ['\\ansi\\ansicpg949', "\\'b0\\'a1", '가'],
    ['\\ansi\\ansicpg936', "\\'b0\\'a1", '啊'],
    ['\\ansi\\ansicpg950', "\\'a4\\'40", '一'],
    ['\\mac\\ansicpg10007', "\\'80", 'А'],
    ['\\mac\\ansicpg10001', "\\'88\\'9f", '亜'],
  ])('%s reads %s as %s', (set, body, expected) => {
    expect(shownText(clean(latin(`{\\rtf1${set} ${body}}`)).text)).toBe(expected)
  })

  it('control characters go and are reported', () => {
    const { text, removed } = clean(rtf("a\\'00\\'1b[31m\\u155?b\x07"))
    expect(removed).toEqual(['T-CTRL'])
    expect(text).toMatch(/a\[31mb\}$/)
  })

  it('whatever Unicode text goes in comes out', () => {
    const escape = (text: string) =>
      Array.from(
        { length: text.length },
        (_, at) => `\\u${(text.charCodeAt(at) << 16) >> 16}?`,
      ).join('')
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (any) => {
        const text = any.replace(/[\u0000-\u001F\u007F-\u009F\\{}\uFFFE\uFFFF]/gu, '')
        expect(shown(escape(text))).toBe(text)
      }),
      { numRuns: 200 },
    )
  })
})

describe('what the town may want otherwise', () => {
  it('changes are kept and reported, or accepted', () => {
    const body = '{\\revised\\revauth1 new}{\\deleted\\revauthdel1 old}{\\revised more}'
    const kept = clean(rtf(body))
    expect(kept.kept).toEqual(['OX-REV'])
    expect(kept.text).toContain('{\\deleted\\revauthdel1 old}')
    const accepted = clean(rtf(body), { changes: 'accept' })
    expect(accepted.removed).toEqual(['OX-REV'])
    expect(shownText(accepted.text)).toBe('newmore')
    expect(accepted.text).not.toMatch(/revised|deleted|revauth/)
  })

  it('hidden text is kept and reported, or goes', () => {
    const body = 'a{\\v secret\\v0 b}{\\v\\plain c}'
    expect(clean(rtf(body)).kept).toEqual(['OX-HIDDEN'])
    const removed = clean(rtf(body), { hidden: 'remove' })
    expect(removed.removed).toEqual(['OX-HIDDEN'])
    expect(shownText(removed.text)).toBe('abc')
  })

  it('comments are kept and reported, or go', () => {
    const body = 'a{\\*\\atnid ab}{\\*\\atnauthor A B}\\chatn{\\*\\annotation\\pard note}b'
    expect(clean(rtf(body)).kept).toEqual(['OX-REV'])
    const without = clean(rtf(body), { comments: 'remove' })
    expect(without.removed).toEqual(['OX-REV'])
    expect(without.text).toMatch(/ab\}$/)
  })

  it('who wrote it always goes, the title only when wanted', () => {
    const body = '{\\info{\\title Plan}{\\author Yamada}{\\*\\company X}\\version3}a'
    const without = clean(rtf(body))
    expect(without.removed).toEqual(['OX-META'])
    expect(without.text).not.toMatch(/Plan|Yamada|info/)
    const titled = disarmRtf(rtf(body), { title: 'keep' })
    expect(titled.text).toContain('{\\info{\\title Plan}}')
    expect(titled.text).not.toContain('Yamada')
    expect(titled.kept).toEqual(['OX-META'])
    expect(verdictOf(titled.output)).toBe('rtf')
  })
})
