import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeOld } from './encode.test-support.ts'
import { PICTURE, WORD_PAGE, disarmPage, municipalPage } from './specimen.test-support.ts'
import { cleanStyle } from './style.ts'

describe('text of a page is what the browser shows', () => {
  const body = disarmPage(municipalPage('utf-8')).body

  it.each(['shift_jis', 'euc-jp', 'iso-2022-jp'] as const)(
    'a page in %s becomes the same page in UTF-8, and the report says so',
    (charset) => {
      const outcome = disarmPage(encodeOld(municipalPage(charset), charset))
      expect(outcome.body).toBe(body)
      expect(outcome.removed).toContain('H-CHARSET')
    },
  )

  it('a wrong declaration does not turn it into noise', () => {
    expect(disarmPage(encodeOld(municipalPage('utf-8'), 'shift_jis')).body).toBe(body)
    expect(disarmPage(municipalPage('shift_jis')).body).toBe(body)
    expect(disarmPage(Buffer.from(`\uFEFF${municipalPage('utf-16')}`, 'utf16le')).body).toBe(body)
  })

  it('a municipal page keeps its tables, lists, ruby, links and picture words', () => {
    expect(body).toContain(
      '<tr><td>町民課</td><td>8:30 ～ 17:15\n</td></tr><tr><td colspan="2">土・日・祝日は休み（㈱・①・Ⅱも可）\n</td></tr>',
    )
    expect(body).toContain('<ul><li>郵送の場合<ul><li>請求書</li><li>返信用封筒</li></ul></li>')
    expect(body).toContain('<ruby>霞<rp>（</rp><rt>かすみ</rt>')
    expect(body).toContain('<a href="mailto:chomin@town.kasumi.lg.jp">chomin@town.kasumi.lg.jp</a>')
    expect(body).toContain('<pre>  様式第1号\n    氏名：　　　　</pre>')
    expect(body).toContain('［霞町役場］')
    expect(body).toContain('検索')
    expect(body).not.toMatch(/form|input|JavaScript|script/)
  })

  it('葛󠄂城, 𠮷, 髙 and references come out as letters', () => {
    const { body: names } = disarmPage(
      '<p>葛\u{E0102}城 𠮷田 髙橋 &#x845B;&#xE0102;城 &#134071; &copy &nbsp;&lt;b&gt; &unknown; AT&T',
    )
    expect(names).toBe(
      '<p>葛\u{E0102}城 𠮷田 髙橋 葛\u{E0102}城 𠮷 © \u00A0&lt;b&gt; &amp;unknown; AT&amp;T</p>',
    )
  })

  it('a page saved by Word keeps its styles and its picture, without what is for Word only', () => {
    const { html, removed } = disarmPage(WORD_PAGE)
    expect(html).toContain(
      "p.MsoNormal,li.MsoNormal{margin:0mm;text-align:justify;font-size:10.5pt;font-family:'ＭＳ明朝',serif}",
    )
    expect(html).toContain(
      `<span style="font-size:14pt;font-family:'ＭＳ ゴシック'">起案書</span></b>`,
    )
    expect(html).toContain(`src="data:image/png;base64,${PICTURE}"`)
    expect(html).toContain('border:solid windowtext 1pt;padding:0mm 5.4pt')
    expect(html).not.toMatch(/mso-|<o:|\[if|vml|filelist/i)
    expect(removed).not.toContain('H-SCRIPT')
  })

  it('misnested tags are read as browsers read them', () => {
    expect(disarmPage('<b>1<p>2</b>3</p>4').body).toBe('<b>1</b><p><b>2</b>3</p>4')
    expect(disarmPage('<p>1<div>2</p>3').body).toBe('<p>1</p><div>2<p></p>3</div>')
    expect(disarmPage('<table><tr>a<td>b</table>c').body).toBe(
      'a<table><tbody><tr><td>b</td></tr></tbody></table>c',
    )
    expect(disarmPage('<pre>\n\n a</pre>').body).toBe('<pre>\n\n a</pre>')
    // An object keeps its paragraph apart from the outer one; without the object they would be one in the other.
    expect(disarmPage('<p>1<object><p>2</p></object>3').body).toBe('<p>1<span>2</span>3</p>')
    expect(disarmPage('<h1>1<object><h2>2</h2></object>3').body).toBe('<h1>1<span>2</span>3</h1>')
  })
})

describe('what acts is not in the output', () => {
  const rows: readonly [string, string, string, string][] = [
    ['H-SCRIPT', 'a script', '<script>alert(1)</script>x', 'x'],
    ['H-SCRIPT', 'a script that hides its end', '<script><!--<script></script>--></script>x', 'x'],
    ['H-SCRIPT', 'an event', '<p onclick="x()">x</p>', '<p>x</p>'],
    ['H-SCRIPT', 'a script URL', '<a href="java\tscript:x()">x</a>', '<a>x</a>'],
    ['H-SCRIPT', 'a data URL to click', '<a href="data:text/html,<b>">x</a>', '<a>x</a>'],
    ['H-SCRIPT', 'an expression', '<p style="width:expression(x())">x</p>', '<p>x</p>'],
    ['H-SCRIPT', 'a template', '<template><script></script></template>x', 'x'],
    ['H-EMBED', 'svg', '<svg><style><img src=x onerror=x()></style></svg>x', 'x'],
    ['H-EMBED', 'math', '<math><mtext><style></math><img src onerror=x()></style></math>x', 'x'],
    ['H-EMBED', 'a frame', '<iframe srcdoc="<b>"></iframe>x', 'x'],
    ['H-EMBED', 'an object', '<object data="x.swf">代わりの文</object>', '<span>代わりの文</span>'],
    ['H-EMBED', 'a refresh', '<meta http-equiv=refresh content="0;url=//e/">x', 'x'],
    ['H-EMBED', 'a base', '<base href="https://e/">x', 'x'],
    ['H-EMBED', 'a form', '<form action=//e/>名<input value=値></form>', '<div>名値</div>'],
    ['H-REMOTE', 'a tracking pixel', '<img src="https://e/p.gif" width=1 height=1>x', 'x'],
    [
      'H-REMOTE',
      'a set of pictures',
      `<img srcset="//e/a 2x" src="data:image/png;base64,${PICTURE}">`,
      `<img alt="" src="data:image/png;base64,${PICTURE}">`,
    ],
    ['H-REMOTE', 'a background', '<div style="background:url(//e/a)">x</div>', '<div>x</div>'],
    ['H-REMOTE', 'a video', '<video src=//e/a poster=//e/b>x</video>y', 'y'],
    ['H-REMOTE', 'a style sheet', '<link rel=stylesheet href=//e/a>x', 'x'],
    ['H-REMOTE', 'an import', '<style>@import "//e/a";</style>x', 'x'],
    ['URL-REMOVED', 'a share', '<a href="file://e/share">x</a>', '<a>x</a>'],
    ['H-SMUGGLE', 'a file in the text', `<p>x ${'UEsDB'.repeat(1000)}</p>`, '<p>x </p>'],
    ['H-SMUGGLE', 'a file in an attribute', `<p title="${'UEsDB'.repeat(1000)}">x</p>`, '<p>x</p>'],
    [
      'T-CTRL',
      'letters that turn the reading direction',
      '<p>\u202Efdp.exe\u200B</p>',
      '<p>fdp.exe</p>',
    ],
    [
      'H-STYLE',
      'one thing laid over another',
      '<div style="position:fixed;top:0">x</div>',
      '<div>x</div>',
    ],
    ['H-STYLE', 'a comment', 'x<!-- 内部用 -->', 'x'],
  ]
  it.each(rows)('%s: %s', (rule, _what, page, expected) => {
    const { body, removed } = disarmPage(`<!DOCTYPE html><body>${page}`)
    expect(body).toBe(expected)
    expect(removed).toContain(rule)
  })

  it('a picture with anything behind it comes out as the picture alone', () => {
    const stuffed = Buffer.concat([Buffer.from(PICTURE, 'base64'), Buffer.from('<script>')])
    const { body } = disarmPage(`<img src="data:image/png;base64,${stuffed.toString('base64')}">`)
    expect(body).toBe(`<img alt="" src="data:image/png;base64,${PICTURE}">`)
    const broken = disarmPage('<img src="data:image/png;base64,AAAA" width=8 height=8>')
    expect(broken.removed).toContain('OX-MEDIA')
  })

  it('bytes that are UTF-7 stay the letters they are', () => {
    const { body } = disarmPage('<meta charset=utf-7><p>+ADw-script+AD4-x')
    expect(body).toBe('<p>+ADw-script+AD4-x</p>')
  })

  it('the head forbids whatever might have been missed', () => {
    expect(disarmPage('x').html).toContain(`content="default-src 'none'; img-src data:;`)
  })
})

describe('H-PHISH: a link that shows one address and leads to another', () => {
  const note = '<a href="https://evil.example/">https://www.town.kasumi.lg.jp/［evil.example］</a>'

  it('says where it leads, once, however often it is rebuilt', () => {
    const first = disarmPage('<a href="https://evil.example/">https://www.town.kasumi.lg.jp/</a>')
    expect(first.body).toBe(note)
    expect(first.removed).toContain('H-PHISH')
    expect(disarmPage(first.html)).toMatchObject({
      body: note,
      removed: [],
      kept: ['H-PHISH', 'URL-REMOVED'],
    })
  })

  it('cannot be talked out of it', () => {
    const fake = disarmPage(
      '<a href="https://evil.example/">www.town.kasumi.lg.jp［www.town.kasumi.lg.jp］</a>',
    )
    expect(fake.body).toContain('［www.town.kasumi.lg.jp］［evil.example］</a>')
    expect(
      disarmPage('<a href="https://evil.example/">ｗｗｗ．ｓｏｕｍｕ．ｇｏ．ｊｐ</a>').body,
    ).toContain('［evil.example］')
    expect(disarmPage('<a href="https://xn--e1afmkfd.jp/">総務省</a>').body).toContain(
      '［xn--e1afmkfd.jp］',
    )
  })

  it('leaves links alone that are what they say, or say no address', () => {
    const plain =
      '<a href="https://www.soumu.go.jp/a">soumu.go.jp</a> <a href="https://e.example/">様式.docx（12.5KB）</a>'
    expect(disarmPage(plain).body).toBe(plain)
  })

  it('and no link at all is left where the town wants only words', () => {
    const { body, removed } = disarmPage('<a href="https://www.soumu.go.jp/">総務省</a>', {
      links: 'text-only',
    })
    expect(body).toBe('<a>総務省</a>')
    expect(removed).toContain('URL-REMOVED')
  })
})

describe('the profile', () => {
  it('decides on what is not seen', () => {
    const page =
      '<style>.h{display:none}</style><p class=h>一</p><p style="font-size:0">二</p><p>三</p>'
    expect(disarmPage(page).kept).toContain('OX-HIDDEN')
    const shown = disarmPage(page, { hidden: 'remove' })
    expect(shown.body).toBe('<p>三</p>')
    expect(shown.removed).toContain('OX-HIDDEN')
  })

  it('decides on the title', () => {
    expect(disarmPage('<title>案 &amp; 件</title>x').html).toContain('<title></title>')
    expect(disarmPage('<title>案 &amp; 件</title>x', { title: 'keep' }).html).toContain(
      '<title>案 &amp; 件</title>',
    )
  })
})

describe('style', () => {
  it('has one spelling', () => {
    expect(
      cleanStyle('COLOR : #FFF ; margin:0 AUTO 1.50em;font:bold 12px/1.5 "MS P", Serif !important')
        .text,
    ).toBe("color:#fff;margin:0 auto 1.5em;font:bold 12px/1.5 'MS P',serif!important")
    expect(cleanStyle('a:b;width:calc(1px);color:rgb(1, 2 ,3);top:1px;content:"x"')).toMatchObject({
      text: 'color:rgb(1,2,3)',
      unknown: 4,
    })
  })

  it('is its own rebuild, whatever it was', () => {
    const piece = fc.constantFrom(
      ...'color font font-family margin border display width : : : ; ; red 1px 0 -1.50em 50% "A B" \'明朝\' serif , / ! !important #FFF rgb(1,2,3) url(x) \\66 /* */ ( )'.split(
        ' ',
      ),
      ' ',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const once = cleanStyle(pieces.join('')).text
        expect(cleanStyle(once)).toMatchObject({ text: once, unknown: 0, remote: 0, script: 0 })
      }),
      { numRuns: 1000 },
    )
  })
})

describe('hostile pages', () => {
  const tag = fc.constantFrom(
    ...'p div b i a span font ul li dl dt dd table tr td th tbody caption colgroup col h1 h2 pre ruby rt rp form section svg math style title textarea select option template button img br hr body html object'.split(
      ' ',
    ),
  )
  const piece = fc.oneof(
    tag.map((name) => `<${name}>`),
    tag.map((name) => `</${name}>`),
    fc.constantFrom(
      'x',
      ' ',
      '\n',
      '&lt;',
      '&#13;',
      '<!--',
      '-->',
      '<a href="https://e.jp/">www.a.jp',
      ' style="color:red"',
      '<p id="&quot;>',
      '<![CDATA[',
      ']]>',
      '</',
      '<',
      '葛\u{E0102}',
      '［',
      '］',
      '\r',
      '\0',
    ),
  )

  it('are written so that both readers agree, and a second rebuild changes nothing', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        expect(disarmPage(`x${pieces.join('')}`).reason).toBeUndefined()
      }),
      { numRuns: 800 },
    )
  })

  it('cannot make the reader fall, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (bytes) => {
        expect(disarmPage(bytes).reason).not.toBe('ENG-CRASH')
      }),
      { numRuns: 300 },
    )
  })

  it('nested a hundred thousand deep are flattened, and endless ones refused', () => {
    expect(disarmPage('<div>'.repeat(20_000) + 'x').removed).toContain('H-SIZE')
    expect(disarmPage('<b>'.repeat(2_000) + '<p>'.repeat(2_000) + 'x').reason).toBeUndefined()
    expect(disarmPage('<br>'.repeat(300_001)).reason).toBe('H-SIZE')
    expect(disarmPage(`<p>${'a'.repeat(32 * 1024 * 1024)}`).reason).toBe('H-SIZE')
  })
})
