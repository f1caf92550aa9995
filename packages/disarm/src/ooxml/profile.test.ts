import { describe, expect, it } from 'vitest'
import { verifyClean } from '../../verify/index.ts'
import { disarmBytes } from '../engine.ts'
import { Context } from '../family.ts'
import type { Profile } from '../profile.ts'
import { readEntry, readZip } from '../zip/read.ts'
import type { Case } from './synthetic.test-support.ts'
import { packageOf } from './synthetic.test-support.ts'

/** What comes out under a profile: rules removed and kept, and all texts of the package. */
function disarm(one: Omit<Case, 'title'>, profile: Partial<Profile>) {
  const extension = one.name.slice(one.name.lastIndexOf('.') + 1)
  const { report, output = new Uint8Array() } = disarmBytes(
    packageOf({ title: '', ...one }),
    extension,
    { profile },
  )
  expect(report.reason).toBeUndefined()
  expect(verifyClean(output)).toMatchObject({ clean: true })
  const context = new Context()
  const zip = readZip(output, context)
  const text = zip.entries.map((entry) => {
    return `${entry.name}\n${Buffer.from(readEntry(zip, entry, context)).toString('utf8')}`
  })
  const again = disarmBytes(output, report.outputType, { profile })
  expect(Buffer.from(again.output ?? []).equals(Buffer.from(output))).toBe(true)
  expect(again.report.removed).toEqual([])
  return {
    removed: report.removed.map(({ rule }) => rule),
    kept: report.kept.map(({ rule }) => rule),
    text: text.join('\n'),
  }
}

const P = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
const SHEET_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml'

describe('links of a town that wants only their words', () => {
  const letter: Omit<Case, 'title'> = {
    name: 'a.docx',
    body:
      '<w:p><w:hyperlink r:id="rIdH"><w:r><w:t>市の頁</w:t></w:r></w:hyperlink><w:hyperlink w:anchor="x"><w:r><w:t>次章</w:t></w:r></w:hyperlink></w:p>' +
      '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> HYPERLINK "https://b.example/" </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>別頁</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>',
    relationships: { main: [['rIdH', 'hyperlink', 'https://a.example/', 'External']] },
  }
  it('lose their targets in letters, also as fields, and keep places inside', () => {
    const { removed, text } = disarm(letter, { links: 'text-only' })
    expect(removed).toContain('URL-REMOVED')
    expect(text).not.toMatch(/example/)
    for (const word of ['市の頁', '別頁', 'w:anchor="x"']) expect(text).toContain(word)
  })
  it('stay otherwise', () => {
    const { removed, text } = disarm(letter, {})
    expect(removed).not.toContain('URL-REMOVED')
    expect(text).toMatch(/a\.example[^]*b\.example|b\.example[^]*a\.example/)
  })
  it('lose their targets on sheets and slides', () => {
    const relationships = [['rIdH', 'hyperlink', 'https://a.example/', 'External']]
    const sheet = disarm(
      {
        name: 'a.xlsx',
        after: '<hyperlinks><hyperlink ref="A1" r:id="rIdH"/></hyperlinks>',
        relationships: { sheet: relationships },
      },
      { links: 'text-only' },
    )
    const slide = disarm(
      {
        name: 'a.pptx',
        body: '<p:sp><p:nvSpPr><p:cNvPr id="2" name="a"><a:hlinkClick r:id="rIdH"/></p:cNvPr><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr/></p:sp>',
        relationships: { slide: relationships },
      },
      { links: 'text-only' },
    )
    for (const { removed, text } of [sheet, slide]) {
      expect(removed).toEqual(['URL-REMOVED'])
      expect(text).not.toMatch(/example/)
    }
  })
})

describe('what nobody sees, for a town that does not want it', () => {
  it('hidden text goes, and the text around it stays', () => {
    const one = {
      name: 'a.docx',
      body: '<w:p><w:r><w:t>表</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>裏</w:t></w:r><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>面</w:t></w:r></w:p>',
    }
    const gone = disarm(one, { hidden: 'remove' })
    expect(gone.removed).toContain('OX-HIDDEN')
    expect(gone.text).not.toContain('裏')
    expect(gone.text).toMatch(/表[^]*面/)
    expect(disarm(one, {})).toMatchObject({ kept: ['OX-HIDDEN'], text: /裏/ })
  })
  it('hidden rows, columns and sheets are emptied; what counted on them keeps its value', () => {
    const one: Omit<Case, 'title'> = {
      name: 'a.xlsx',
      parts: {
        'xl/worksheets/sheet1.xml':
          '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cols><col min="2" max="2" width="9" hidden="1"/></cols><sheetData><row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>77</v></c><c r="C1"><f>裏!A1</f><v>5</v></c></row><row r="2" hidden="1"><c r="A2"><v>88</v></c></row></sheetData></worksheet>',
        'xl/worksheets/sheet2.xml':
          '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1"><v>99</v></c></row></sheetData></worksheet>',
      },
      types: { 'xl/worksheets/sheet2.xml': SHEET_TYPE },
      sheets: '<sheet name="裏" sheetId="2" state="veryHidden" r:id="rId2"/>',
      relationships: { main: [['rId2', 'worksheet', 'worksheets/sheet2.xml']] },
    }
    const { removed, text } = disarm(one, { hidden: 'remove' })
    expect(removed).toContain('OX-HIDDEN')
    for (const value of ['77', '88', '99', '裏']) expect(text).not.toContain(value)
    expect(text).toContain('<c r="C1"><v>5</v></c>')
    expect(text).toContain('<row r="2" hidden="1"/>')
    expect(disarm(one, {}).text).toMatch(/77[^]*88[^]*99/)
  })
  it('hidden slides go', () => {
    const one: Omit<Case, 'title'> = {
      name: 'a.pptx',
      parts: {
        'ppt/slides/slide1.xml': `<p:sld ${P} show="0"><p:cSld name="裏"><p:spTree/></p:cSld></p:sld>`,
      },
    }
    expect(disarm(one, { hidden: 'remove' })).toMatchObject({ removed: ['OX-HIDDEN'] })
    expect(disarm(one, { hidden: 'remove' }).text).not.toContain('裏')
    expect(disarm(one, {})).toMatchObject({ kept: ['OX-HIDDEN'], text: /裏/ })
  })
})

describe('tracked changes', () => {
  const one: Omit<Case, 'title'> = {
    name: 'a.docx',
    body:
      '<w:p><w:pPr><w:jc w:val="left"/><w:pPrChange w:id="1" w:author="甲"><w:pPr/></w:pPrChange></w:pPr><w:ins w:id="2" w:author="甲"><w:r><w:t>新</w:t></w:r></w:ins><w:del w:id="3" w:author="甲"><w:r><w:delText>旧</w:delText></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r></w:del></w:p>' +
      '<w:tbl><w:tr><w:trPr><w:del w:id="4" w:author="甲"/></w:trPr><w:tc><w:p><w:r><w:t>消行</w:t></w:r></w:p></w:tc></w:tr><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>',
  }
  it('are accepted when the town wants it, half a field in deleted text with them', () => {
    const { removed, text } = disarm(one, { changes: 'accept' })
    expect(removed).toContain('OX-REV')
    expect(text).toContain('<w:r><w:t>新</w:t></w:r></w:p>')
    expect(text).not.toMatch(/旧|甲|消行|fldChar/)
  })
  it('stay otherwise, and are reported', () => {
    expect(disarm(one, {})).toMatchObject({ kept: ['OX-REV'], text: /甲/ })
  })
})

describe('comments and notes', () => {
  const comments =
    '<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><authors><author>係</author></authors><commentList><comment ref="B2" authorId="0"><text><t>内緒</t></text></comment></commentList></comments>'
  const one: Omit<Case, 'title'> = {
    name: 'a.xlsx',
    after: '<legacyDrawing r:id="rIdL"/>',
    parts: {
      'xl/comments1.xml': comments,
      'xl/drawings/vmlDrawing1.vml': '<xml xmlns:v="urn:schemas-microsoft-com:vml"/>',
    },
    types: {
      'xl/comments1.xml':
        'application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml',
      'xl/drawings/vmlDrawing1.vml': 'application/vnd.openxmlformats-officedocument.vmlDrawing',
    },
    relationships: {
      sheet: [
        ['rIdC', 'comments', '../comments1.xml'],
        ['rIdL', 'vmlDrawing', '../drawings/vmlDrawing1.vml'],
      ],
    },
  }
  it('of cells go with their boxes when the town wants it, and stay otherwise', () => {
    const gone = disarm(one, { comments: 'remove' })
    expect(gone.removed).toEqual(['OX-REV'])
    expect(gone.text).not.toMatch(/内緒|legacyDrawing/)
    expect(disarm(one, {})).toMatchObject({ kept: ['OX-REV'], text: /内緒/ })
  })
  it('of letters go with their marks', () => {
    const W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    const letter: Omit<Case, 'title'> = {
      name: 'a.docx',
      body: '<w:p><w:commentRangeStart w:id="0"/><w:r><w:t>本文</w:t></w:r><w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r></w:p>',
      parts: {
        'word/comments.xml': `<w:comments ${W}><w:comment w:id="0"><w:p><w:r><w:t>内緒</w:t></w:r></w:p></w:comment></w:comments>`,
      },
      types: {
        'word/comments.xml':
          'application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml',
      },
      relationships: { main: [['rIdC', 'comments', 'comments.xml']] },
    }
    const { removed, text } = disarm(letter, { comments: 'remove' })
    expect(removed).toEqual(['OX-REV'])
    expect(text).not.toMatch(/内緒|comment/)
    expect(text).toContain('本文')
  })
})

describe('the title', () => {
  const one: Omit<Case, 'title'> = {
    name: 'a.docx',
    parts: {
      'docProps/core.xml':
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>令和8年度 計画 &lt;案&gt;</dc:title><dc:creator>髙橋</dc:creator></cp:coreProperties>',
    },
    types: { 'docProps/core.xml': 'application/vnd.openxmlformats-package.core-properties+xml' },
    relationships: {
      '': [
        [
          'rId9',
          'http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties',
          'docProps/core.xml',
        ],
      ],
    },
  }
  it('stays alone when the town wants it', () => {
    const { removed, kept, text } = disarm(one, { title: 'keep' })
    expect({ removed, kept }).toEqual({ removed: ['OX-META'], kept: ['OX-META'] })
    expect(text).toContain('<dc:title>令和8年度 計画 &lt;案&gt;</dc:title>')
    expect(text).not.toContain('髙橋')
  })
  it('goes otherwise', () => {
    expect(disarm(one, {}).text).not.toMatch(/計画|docProps/)
  })
})

describe('the program that wrote it', () => {
  const properties = (words: string): Omit<Case, 'title'> => ({
    name: 'a.docx',
    parts: {
      'docProps/app.xml': `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">${words}</Properties>`,
    },
    types: {
      'docProps/app.xml': 'application/vnd.openxmlformats-officedocument.extended-properties+xml',
    },
    relationships: { '': [['rId9', 'extended-properties', 'docProps/app.xml']] },
  })
  const written = '<Application>Microsoft Office Word</Application>'
  it.each([
    [
      '2007',
      '<Application>Microsoft Office Word</Application><AppVersion>12.0000</AppVersion>',
      `${written}<AppVersion>12.0000</AppVersion>`,
    ],
    [
      'any later one',
      '<Application>Microsoft Macintosh Word</Application><AppVersion>14.0300</AppVersion>',
      `${written}<AppVersion>16.0300</AppVersion>`,
    ],
    [
      'LibreOffice, whichever',
      '<Application>LibreOffice/7.4.7.2$Linux_X86_64</Application>',
      '<Application>LibreOffice</Application>',
    ],
  ])('is told by its kind, because readers draw by it: %s', (_kind, given, expected) => {
    const { removed, text } = disarm(properties(`${given}<Company>香澄町</Company>`), {})
    expect(text).toContain(`${expected}</Properties>`)
    expect(text).not.toContain('香澄町')
    expect(removed).toEqual(['OX-META'])
  })
  it('is not told when it is none of these: its name could be anything', () => {
    expect(disarm(properties('<Application>cmd /c calc</Application>'), {}).text).not.toMatch(
      /calc|docProps/,
    )
  })
})
