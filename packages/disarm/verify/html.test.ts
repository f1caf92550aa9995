import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { disarmBytes } from '../src/engine.ts'
import { placeholderPng } from '../src/image/index.ts'
import { verifyClean } from './index.ts'

const PICTURE = Buffer.from(placeholderPng(3, 2)).toString('base64')
const HEAD = `<!DOCTYPE html>
<html lang="ja"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"><title></title><style>
p.a,.b > td{color:#ff0000;font:bold 12px/1.5 'MS PGothic',serif}
</style></head>`
const BODY = `<body bgcolor="white"><h1 id="top">霞町</h1><p class="a b" style="margin:0 auto;text-align:center">葛\u{E0102}城 &amp; 𠮷 <b>太い</b><br><a href="https://evil.example/">www.town.kasumi.lg.jp［evil.example］</a></p>
<table border="1"><caption>表</caption><colgroup><col span="2" width="50%"></colgroup><tbody><tr><td colspan="2"><ul><li value="3">一<ul><li>二</li></ul></li></ul></td></tr></tbody></table><dl><dt>語</dt><dd>訳</dd></dl>
<pre>

x</pre><ruby>漢<rt>かん</rt></ruby><img alt="絵" src="data:image/png;base64,${PICTURE}" width="1"></body></html>`
const CLEAN = HEAD + BODY

const verdictOf = (page: string): string => {
  const verdict = verifyClean(Buffer.from(page), 'html')
  return verdict.clean ? 'clean' : verdict.reason
}

describe('a page', () => {
  it('of the grammar is clean, and is what the disarmer writes', () => {
    expect(verdictOf(CLEAN)).toBe('clean')
    const { output, report } = disarmBytes(Buffer.from(CLEAN), 'html')
    expect(report.removed).toEqual([])
    expect(Buffer.from(output!).toString()).toBe(CLEAN)
  })

  const put = (what: string): string => CLEAN.replace('<p class', `${what}<p class`)
  const changed = (from: string, to: string): string => {
    expect(CLEAN).toContain(from)
    return CLEAN.replace(from, to)
  }
  const rows: readonly [string, string, string][] = [
    ['a script', put('<script>x</script>'), 'VERIFY-HTML-NESTING'],
    ['svg', put('<svg></svg>'), 'VERIFY-HTML-NESTING'],
    ['a frame', put('<iframe></iframe>'), 'VERIFY-HTML-NESTING'],
    ['a form', put('<form></form>'), 'VERIFY-HTML-NESTING'],
    ['a style sheet in the body', put('<style></style>'), 'VERIFY-HTML-NESTING'],
    ['a refresh', put('<meta http-equiv="refresh" content="0">'), 'VERIFY-HTML-NESTING'],
    ['a comment', put('<!-- x -->'), 'VERIFY-HTML'],
    ['a declaration', put('<![CDATA[x]]>'), 'VERIFY-HTML'],
    ['an event', put('<i onclick="x()"></i>'), 'VERIFY-HTML-ATTRIBUTE'],
    ['an attribute without quotes', put('<i class=a></i>'), 'VERIFY-HTML-ATTRIBUTE'],
    ['attributes in another order', put('<i title="b" class="a"></i>'), 'VERIFY-HTML-ATTRIBUTE'],
    ['an attribute twice', put('<i class="a" class="b"></i>'), 'VERIFY-HTML-ATTRIBUTE'],
    ['a script URL', put('<a href="javascript:x()">x</a>'), 'VERIFY-HTML-ATTRIBUTE'],
    ['a share', put('<a href="file://e/">x</a>'), 'VERIFY-HTML-ATTRIBUTE'],
    ['a link that lies', changed('［evil.example］', ''), 'VERIFY-HTML-LINK'],
    ['a remote picture', put('<img alt="" src="https://e/x.png">'), 'VERIFY-HTML-ATTRIBUTE'],
    ['a picture of a mail', put('<img alt="" src="cid:image1">'), 'VERIFY-HTML-ATTRIBUTE'],
    [
      'a picture without words',
      put(`<img src="data:image/png;base64,${PICTURE}">`),
      'VERIFY-HTML-ATTRIBUTE',
    ],
    [
      'bytes behind a picture',
      put(
        `<img alt="" src="data:image/png;base64,${Buffer.concat([Buffer.from(PICTURE, 'base64'), Buffer.from('PK!')]).toString('base64')}">`,
      ),
      'VERIFY-PNG',
    ],
    ['a background picture', put('<i style="background:url(//e)"></i>'), 'VERIFY-HTML-ATTRIBUTE'],
    ['a fixed box', put('<i style="position:fixed"></i>'), 'VERIFY-HTML-ATTRIBUTE'],
    ['an expression', put('<i style="width:expression(x)"></i>'), 'VERIFY-HTML-ATTRIBUTE'],
    ['an import', changed('p.a,', '@import url(x);p.a,'), 'VERIFY-HTML-STYLE'],
    ['another policy of the head', changed('img-src data:', 'img-src *'), 'VERIFY-HTML'],
    ['another charset', changed('utf-8', 'utf-7'), 'VERIFY-HTML'],
    ['a block in a paragraph', changed('<b>太い</b>', '<div>太い</div>'), 'VERIFY-HTML-NESTING'],
    ['an item in an item', changed('一<ul>', '一<li>x</li><ul>'), 'VERIFY-HTML-NESTING'],
    ['text in a table', changed('<tbody>', 'x<tbody>'), 'VERIFY-HTML-NESTING'],
    ['a cell outside of a row', put('<td>x</td>'), 'VERIFY-HTML-NESTING'],
    ['an element that is not closed', changed('</dl>', ''), 'VERIFY-HTML'],
    ['a line feed that browsers pass over', changed('<pre>\n\n', '<pre>\n'), 'VERIFY-HTML-TEXT'],
    ['another reference', put('&nbsp;'), 'VERIFY-HTML'],
    ['letters that turn the reading direction', put('\u202E'), 'VERIFY-HTML-TEXT'],
    ['a file in the text', put('A'.repeat(5000)), 'VERIFY-HTML-TEXT'],
    ['a file in an attribute', put(`<i title="${'A'.repeat(5000)}"></i>`), 'VERIFY-HTML-ATTRIBUTE'],
    ['anything behind the end', `${CLEAN}\n`, 'VERIFY-TRAILING'],
    ['a byte order mark', `\uFEFF${CLEAN}`, 'VERIFY-HTML'],
  ]
  it.each(rows)('with %s is not clean', (_what, page, reason) => {
    expect(page).not.toBe(CLEAN)
    expect(verdictOf(page)).toBe(reason)
  })
})

describe('whatever is accepted after a change', () => {
  const word = fc.constantFrom(
    ...'p div li a td tr table h1 h2 b pre ruby rt dd dt ul img br span style color 0 -1 1px red #FFF #fff http https evil.example www.a.jp < > " \' & &amp; ; : ［ ］ ［evil.example］ / x'.split(
      ' ',
    ),
    ' ',
    '\n',
    '',
  )

  it('is what the disarmer would write', () => {
    const pieces = CLEAN.split(/([\w#.-]+|[<>"&;:,［］ \n])/u).filter((piece) => piece !== '')
    let accepted = 0
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), word), { minLength: 1, maxLength: 2 }), (list) => {
        const copy = [...pieces]
        for (const [at, piece] of list) copy[at % copy.length] = piece
        const page = copy.join('')
        if (verdictOf(page) !== 'clean') {
          expect(verdictOf(page)).not.toBe('VERIFY-CRASH')
          return
        }
        accepted++
        const { output, report } = disarmBytes(Buffer.from(page), 'html', {
          profile: { title: 'keep' },
        })
        expect({ removed: report.removed, page: Buffer.from(output ?? []).toString() }).toEqual({
          removed: [],
          page,
        })
      }),
      { numRuns: 1500 },
    )
    expect(accepted).toBeGreaterThan(25)
  })
})
