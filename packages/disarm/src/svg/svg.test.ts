import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { verifyClean } from '@sekisho/disarm/verify'
import { disarmBytes } from '../engine.ts'
import type { Profile } from '../profile.ts'

const SVG = 'xmlns="http://www.w3.org/2000/svg"'
const LINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'
const HEAD = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<svg ${SVG} ${LINK}`
const PNG = readFileSync(
  join(import.meta.dirname, '../../../../corpus/disarm/image/drawing-mono.png'),
).toString('base64')

interface Outcome {
  readonly reason: string | undefined
  readonly removed: readonly string[]
  /** What is inside of the root, or the whole when it has attributes. */
  readonly inside: string
  readonly output: Uint8Array
}

function disarm(source: string | Uint8Array, profile: Partial<Profile> = {}): Outcome {
  const { report, output = new Uint8Array(0) } = disarmBytes(Buffer.from(source), 'svg', {
    profile: { title: 'keep', ...profile },
  })
  const text = Buffer.from(output).toString()
  const inside = text === `${HEAD}/>` ? '' : text.replace(`${HEAD}>`, '').replace(/<\/svg>$/u, '')
  const removed = report.removed.map(({ rule, count }) => `${rule} ${count}`)
  return { reason: report.reason, removed, inside, output }
}

function verified(bytes: Uint8Array | string): string {
  const verdict = verifyClean(Buffer.from(bytes), 'svg')
  return verdict.clean ? 'clean' : verdict.reason
}

/** The picture with this inside. */
const svg = (inside: string, more = ''): string => `<svg ${SVG} ${LINK} ${more}>${inside}</svg>`
/** The written form with this inside. */
const written = (inside: string): string => `${HEAD}>${inside}</svg>`

/** Expects that `inside` becomes exactly this, which the verifier accepts and which is its own rebuild. */
function expectBecomes(inside: string, expected: string, removed: readonly string[] = []): void {
  const outcome = disarm(svg(inside))
  expect([outcome.reason, outcome.inside, outcome.removed]).toEqual([undefined, expected, removed])
  expect(verified(outcome.output)).toBe('clean')
  expect(disarm(outcome.output)).toEqual({ ...outcome, removed: [] })
}

const RECT = '<rect width="9" height="9"/>'

describe('a drawing stays what it is', () => {
  test.each([
    [
      'shapes',
      `${RECT}<path d="M0,0 L1.5-2e3z"/><circle cx="1" cy="2" r="3"/><polygon points="0,0 1,1 2,0"/>`,
    ],
    [
      'text in Japanese',
      '<text x="1" y="2" font-family="\'ＭＳ 明朝\',serif">葛󠄂城市 <tspan font-weight="bold">髙橋</tspan></text>',
    ],
    ['spaces in a text', '<text xml:space="preserve">  a  b\n c </text>'],
    [
      'gradients',
      '<linearGradient id="a"><stop offset="0" stop-color="#fff"/></linearGradient><linearGradient id="b" xlink:href="#a"/><rect fill="url(#b)"/>',
    ],
    [
      'patterns, masks and clips',
      '<pattern id="p"><path d="M0 0"/></pattern><mask id="m"><rect/></mask><clipPath id="c"><rect/></clipPath><g mask="url(#m)" clip-path="url(#c)"><rect fill="url(#p) none"/></g>',
    ],
    [
      'filters',
      '<filter id="f"><feGaussianBlur in="SourceAlpha" stdDeviation="2 3" result="b"/><feMerge><feMergeNode in="b"/></feMerge></filter><g filter="url(#f)"/>',
    ],
    [
      'symbols used again',
      '<symbol id="s" viewBox="0 0 1 1"><rect/></symbol><use x="1" xlink:href="#s"/>',
    ],
    [
      'markers',
      '<marker id="e" orient="auto-start-reverse" markerWidth="3"><path d="M0 0"/></marker><path d="M0 0" marker-end="url(#e)"/>',
    ],
    [
      'text on a path',
      '<path id="t" d="M0 0"/><text><textPath xlink:href="#t" startOffset="50%">a</textPath></text>',
    ],
    ['transformations', '<g transform="matrix(1,0,0,-1 2.5 3) rotate(-45)"/>'],
    ['a style', '<g style="fill:#ff0000;stroke:rgb(1,2,3);font-family:\'A B\'"/>'],
    [
      'a style sheet',
      '<style>.a,#b > rect{fill:none;stroke-width:2px !important}\n@media print{.c{display:none}}</style>'
        .replace(' !', '!')
        .replace('>', '>')
        .replace('b > rect', 'b &gt; rect'),
    ],
    ['names in Japanese', '<g id="レイヤー_1" class="線 面"/>'],
    ['links that the policy allows', '<a xlink:href="https://www.example.jp/"><text>a</text></a>'],
  ])('%s', (_, inside) => expectBecomes(inside, inside))

  test('what writers spell in their own way comes out in one', () => {
    expectBecomes('<use href="#a"/><g id="a"/>', '<use xlink:href="#a"/><g id="a"/>')
    expectBecomes('<g style=" fill : url( \'#a\' ) ; ; "/>', '<g style="fill:url(#a)"/>')
    expectBecomes(
      '<g fill=\'red\'  transform="translate (1 ,2)"></g>',
      '<g fill="red" transform="translate(1 ,2)"/>',
    )
    expectBecomes(
      '<style type="text/css"><![CDATA[ .a { fill : red } /* note */ ]]></style>',
      '<style type="text/css">.a {fill:red}</style>'.replace('.a {', '.a{'),
    )
    expectBecomes('<text font-family=\'"A"\'/>', '<text font-family="\'A\'"/>')
    expectBecomes('<path d=" M0 0\n\tL1 1 "/>', '<path d="M0 0 L1 1"/>')
    expectBecomes('<!-- Generator: any -->\n<g>\n</g>', '<g/>')
    expectBecomes('<x:g xmlns:x="http://www.w3.org/2000/svg" x:y=""/>', '<g/>', ['SVG-XML 1'])
  })

  test('a colour that also has a profile keeps what every reader shows', () => {
    expectBecomes(
      '<g style="fill:#CD853F icc-color(acmecs, 0.1, 0.2)"/>',
      '<g style="fill:#CD853F"/>',
    )
  })

  test('a drawing without a namespace is taken for what it is meant to be', () => {
    const outcome = disarm('<svg width="5"><rect/></svg>')
    expect(Buffer.from(outcome.output).toString()).toBe(`${HEAD} width="5"><rect/></svg>`)
  })

  test('embedded pictures are rebuilt; one that cannot be read becomes a grey box', () => {
    const image = (data: string): string => `<image width="9" xlink:href="data:image/${data}"/>`
    const good = disarm(svg(image(`jpeg;base64,${PNG}`)))
    expect(good.inside).toMatch(/^<image width="9" xlink:href="data:image\/png;base64,/u)
    expect(verified(good.output)).toBe('clean')
    expect(disarm(good.output)).toEqual({ ...good, removed: [] })
    const bad = disarm(svg(image('png;base64,AAAA')))
    expect([bad.removed, verified(bad.output)]).toEqual([['IMG-DECODE 1'], 'clean'])
  })

  test('a photo larger than any attribute may be is still found', () => {
    const padded = `${PNG}${'\n'.repeat(5_000_000)}`
    const outcome = disarm(svg(`<image xlink:href="data:image/png;base64,${padded}"/>`))
    expect(outcome.inside).toMatch(/^<image xlink:href="data:image\/png;base64,/u)
    expect(disarm(svg('<image xlink:href="data:lifted,7"/>'))).toMatchObject({ inside: '' })
  })

  test('the words of HTML in a drawing become lines of text in the same box, without what runs', () => {
    const html =
      '<h:div xmlns:h="http://www.w3.org/1999/xhtml" onclick="x()">申請<h:br/>受付 <h:script>no()</h:script><h:p>決裁</h:p></h:div>'
    const line = (down: string, text: string): string =>
      `<tspan x="60" dy="${down}">${text}</tspan>`
    expectBecomes(
      `<g><foreignObject x="10" y="20" width="100" height="40px">${html}</foreignObject></g>`,
      `<g><text x="60" y="40" fill="currentColor" stroke="none" text-anchor="middle">${line('-0.85em', '申請')}${line('1.2em', '受付')}${line('1.2em', '決裁')}</text></g>`,
      ['SVG-SCRIPT 1'],
    )
  })

  test('of a switch the part that every reader shows stays', () => {
    const html =
      '<foreignObject width="9" height="9"><p xmlns="http://www.w3.org/1999/xhtml">a</p></foreignObject>'
    expectBecomes(`<switch>${html}<text>a</text></switch>`, '<switch><text>a</text></switch>', [
      'SVG-SCRIPT 1',
    ])
  })

  test('a drawing inside of a drawing is rebuilt by the same rules, and not without end', () => {
    const within = (inner: string): string =>
      `<image xlink:href="data:image/svg+xml;base64,${Buffer.from(svg(inner)).toString('base64')}"/>`
    const outcome = disarm(svg(within(`<script>alert(1)</script>${RECT}`)))
    expect([outcome.removed, verified(outcome.output)]).toEqual([['SVG-SCRIPT 1'], 'clean'])
    const deep = disarm(svg(within(within(within(within(RECT))))))
    expect([deep.removed, verified(deep.output)]).toEqual([['IMG-DECODE 1'], 'clean'])
  })
})

/** What acts, by the rule it is reported under and what is left of it. */
const ACTIVE: readonly (readonly [name: string, inside: string, removed: string, left: string])[] =
  [
    ['a script', '<script>alert(1)</script>', 'SVG-SCRIPT 1', ''],
    [
      'a script of another file',
      '<script xlink:href="https://a.example/x.js"/>',
      'SVG-SCRIPT 1',
      '',
    ],
    ['an event attribute', '<g onload="alert(1)"/>', 'SVG-SCRIPT 1', '<g/>'],
    ['an event attribute in other case', '<g OnClick="alert(1)"/>', 'SVG-SCRIPT 1', '<g/>'],
    [
      'an animation of a link',
      '<a><animate attributeName="href" to="javascript:alert(1)"/></a>',
      'SVG-SCRIPT 1',
      '<g/>',
    ],
    ['a set', '<g><set attributeName="onmouseover" to="alert(1)"/></g>', 'SVG-SCRIPT 1', '<g/>'],
    ['a handler', '<handler>alert(1)</handler>', 'SVG-SCRIPT 1', ''],
    ['a frame', '<iframe src="https://a.example/"/>', 'SVG-SCRIPT 1', ''],
    [
      'HTML without a frame',
      '<h:body xmlns:h="http://www.w3.org/1999/xhtml"><h:script/></h:body>',
      'SVG-SCRIPT 1',
      '',
    ],
    ['a link that runs', '<a xlink:href="javascript:alert(1)"/>', 'SVG-SCRIPT 1', '<g/>'],
    [
      'a link that runs, in a text',
      '<text><a href=" JavaScript:alert(1)">x</a></text>',
      'SVG-SCRIPT 1',
      '<text><tspan>x</tspan></text>',
    ],
    ['reuse of a script', '<use href="data:image/svg+xml,&lt;svg/>#a"/>', 'SVG-SCRIPT 1', ''],
    [
      'an expression',
      '<g style="width:expression(alert(1));fill:red"/>',
      'SVG-SCRIPT 1',
      '<g style="fill:red"/>',
    ],
    ['a behaviour', '<g style="behavior:url(#x)"/>', 'SVG-SCRIPT 1', '<g/>'],
    ['key frames', '<style>@keyframes a{from{fill:red}}</style>', 'SVG-SCRIPT 1', ''],
    [
      'an event listener',
      '<g ev:event="click" xmlns:ev="http://www.w3.org/2001/xml-events"/>',
      'SVG-SCRIPT 1',
      '<g/>',
    ],
  ]

const FETCHING: readonly (readonly [
  name: string,
  inside: string,
  removed: string,
  left: string,
])[] = [
  ['a picture of the web', '<image href="https://a.example/p.png"/>', 'SVG-EXT 1', ''],
  ['a picture of a share', '<image xlink:href="file://host/share/p.png"/>', 'SVG-EXT 1', ''],
  ['reuse of another file', '<use href="other.svg#a"/>', 'SVG-EXT 1', ''],
  ['a paint of another file', '<g fill="url(other.svg#a)"/>', 'SVG-EXT 1', '<g/>'],
  [
    'a paint of the web in a style',
    '<g style="fill:url(https://a.example/x#a)"/>',
    'SVG-EXT 1',
    '<g/>',
  ],
  [
    'a gradient of another file',
    '<linearGradient xlink:href="other.svg#a"/>',
    'SVG-EXT 1',
    '<linearGradient/>',
  ],
  [
    'an import',
    '<style>@import "https://a.example/a.css";.a{fill:red}</style>',
    'SVG-EXT 1',
    '<style>.a{fill:red}</style>',
  ],
  [
    'a font of the web',
    '<style>@font-face{font-family:a;src:url(https://a.example/a.woff)}</style>',
    'SVG-EXT 1',
    '',
  ],
  [
    'a fetching filter',
    '<filter><feImage href="https://a.example/p.png"/></filter>',
    'SVG-EXT 1',
    '<filter/>',
  ],
  ['another base', '<g xml:base="https://a.example/"/>', 'SVG-EXT 1', '<g/>'],
  ['a cursor of the web', '<g style="cursor:url(https://a.example/c.cur)"/>', 'SVG-EXT 1', '<g/>'],
  [
    'a background of the web',
    '<g style="background:url(//a.example/p.png)"/>',
    'SVG-EXT 1',
    '<g/>',
  ],
  ['a link to a share', '<a href="\\\\host\\share"/>', 'URL-REMOVED 1', '<g/>'],
]

const UNSEEN: readonly (readonly [name: string, inside: string, removed: string, left: string])[] =
  [
    ['who made it', '<metadata><author>Yamada</author></metadata>', 'SVG-XML 1', ''],
    [
      'notes of an editor',
      '<i:view xmlns:i="http://www.inkscape.org/namespaces/inkscape"/>',
      'SVG-XML 1',
      '',
    ],
    [
      'an attribute of an editor',
      '<g i:label="x" xmlns:i="http://www.inkscape.org/namespaces/inkscape"/>',
      'SVG-XML 1',
      '<g/>',
    ],
    ['data of a program', '<g data-x="1"/>', 'SVG-XML 1', '<g/>'],
    ['an element of no known name', '<wobble/>', 'SVG-XML 1', ''],
    ['characters that nobody sees', '<g>hidden</g>', 'SVG-XML 1', '<g/>'],
    [
      'parts that only one program shows',
      '<g requiredExtensions="http://ns.adobe.com/x/"><rect/></g>',
      'SVG-XML 1',
      '',
    ],
    [
      'an escape that hides what it says',
      '<g style="fill:u\\72l(https://a.example)"/>',
      'SVG-EXT 1',
      '<g/>',
    ],
    ['an instruction', '<?php echo 1 ?>', 'SVG-XML 1', ''],
    ['a function of no known name', '<g fill="paint(worklet)"/>', 'SVG-XML 1', '<g/>'],
  ]

describe('what acts, fetches or is not seen goes', () => {
  test.each([...ACTIVE, ...FETCHING, ...UNSEEN])('%s', (_, inside, removed, left) => {
    expectBecomes(inside, left, [removed])
  })

  test.each([...ACTIVE, ...FETCHING, ...UNSEEN])(
    'the verifier rejects %s put back',
    (_, inside) => {
      expect(verified(written(RECT))).toBe('clean')
      expect(verified(written(RECT + inside))).toMatch(/^VERIFY-/u)
    },
  )

  test('the verifier takes no other attribute for a reference', () => {
    expect(verified(written('<g id="a"/><use xlink:href="#a"/>'))).toBe('clean')
    expect(verified(written('<g id="a"/><use xlink:role="#a"/>'))).toBe('VERIFY-SVG')
    expect(verified(written('<g id="a"/><use xlink:href="#a" x="1"/>'))).toBe('VERIFY-SVG')
  })

  test('a style sheet of another file is reported', () => {
    const outcome = disarm(`<?xml-stylesheet href="https://a.example/a.css"?>${svg(RECT)}`)
    expect([outcome.removed, outcome.inside]).toEqual([['SVG-EXT 1'], RECT])
  })

  test('links become words where the town wants no links', () => {
    const outcome = disarm(svg('<a href="https://www.example.jp/"><text>a</text></a>'), {
      links: 'text-only',
    })
    expect([outcome.removed, outcome.inside]).toEqual([['URL-REMOVED 1'], '<g><text>a</text></g>'])
  })

  test('the title of the whole goes when the town wants none, that of a part stays', () => {
    const source = svg('<title>file</title><g><title>part</title></g>')
    const outcome = disarm(source, { title: 'remove' })
    expect([outcome.removed, outcome.inside]).toEqual([['SVG-XML 1'], '<g><title>part</title></g>'])
    expect(disarm(source).removed).toEqual([])
  })
})

describe('what stands before the drawing', () => {
  const PUBLIC =
    '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd"'

  test('the usual DOCTYPE is taken off', () => {
    expect(disarm(`<?xml version="1.0" standalone="no"?>\n${PUBLIC}>\n${svg(RECT)}`)).toMatchObject(
      { removed: [], inside: RECT },
    )
  })

  test('the entities of Illustrator, which name namespaces, are understood', () => {
    const subset =
      '[ <!ENTITY ns_svg "http://www.w3.org/2000/svg"> <!ENTITY c "#f00"> <!ATTLIST svg a CDATA #IMPLIED> <!-- > --> ]'
    const source = `<?xml version="1.0" encoding="utf-8"?>${PUBLIC} ${subset}><svg xmlns="&ns_svg;"><g fill="&c;"/></svg>`
    expect(disarm(source)).toMatchObject({ removed: [], inside: '<g fill="#f00"/>' })
  })

  test('quotes and brackets in an entity stay text', () => {
    const source = `<!DOCTYPE svg [<!ENTITY e 'a" onload="alert(1)>'>]><svg ${SVG}><g id="x" class="&e;"/><text>&e;</text></svg>`
    expect(disarm(source).inside).toBe('<g id="x"/><text>a" onload="alert(1)&gt;</text>')
  })

  test.each([
    ['an entity of another file', '<!ENTITY e SYSTEM "file:///etc/passwd">'],
    ['an entity of entities', '<!ENTITY a "x"><!ENTITY e "&a;&a;&a;">'],
    ['an entity that is markup', '<!ENTITY e "<script/>">'],
    ['a parameter entity', '<!ENTITY % p SYSTEM "https://a.example/x.dtd">%p;'],
    ['an entity in disguise', '<!ENTITY e "&#60;script/>">'],
    [
      'too many entities',
      Array.from({ length: 70 }, (_, index) => `<!ENTITY e${index || ''} "x">`).join(''),
    ],
    ['a subset that does not end', '<!ENTITY e "x"'],
  ])('%s: refused', (_, subset) => {
    expect(disarm(`<!DOCTYPE svg [${subset}]>${svg('<text>&e;</text>')}`).reason).toBe('SVG-XML')
  })

  test('text that entities multiply: refused', () => {
    const source = `<!DOCTYPE svg [<!ENTITY e "${'x'.repeat(1000)}">]>${svg(`<text>${'&e;'.repeat(2000)}</text>`)}`
    expect(disarm(source).reason).toBe('SVG-XML')
  })

  test('a DOCTYPE of another file is reported', () => {
    expect(disarm(`<!DOCTYPE svg SYSTEM "https://a.example/x.dtd">${svg(RECT)}`).removed).toEqual([
      'SVG-EXT 1',
    ])
  })

  test('old encodings that the declaration names are read, and others refused', () => {
    const head = (encoding: string): Buffer =>
      Buffer.from(`<?xml version="1.0" encoding="${encoding}"?>`)
    const sjis = Buffer.concat([
      head('Shift_JIS'),
      Buffer.from(`<svg ${SVG}><text>`),
      Buffer.from([0x93, 0x87]),
      Buffer.from('</text></svg>'),
    ])
    expect(disarm(sjis).inside).toBe('<text>島</text>')
    const utf7 = Buffer.concat([head('UTF-7'), Buffer.from(svg(RECT))])
    expect(disarm(utf7).reason).toBe('SVG-XML')
  })

  test('what is no well-formed XML is refused', () => {
    expect(disarm(svg('<g>')).reason).toBe('SVG-XML')
    expect(disarm(svg('&unknown;')).reason).toBe('SVG-XML')
  })
})

describe('pictures that never end', () => {
  const level = (index: number): string =>
    `<g id="l${index}">${`<use xlink:href="#l${index - 1}"/>`.repeat(10)}</g>`
  const bomb = (levels: number): string =>
    `<g id="l0">${RECT}</g>${Array.from({ length: levels }, (_, index) => level(index + 1)).join('')}`

  test('ten elements that each use the one before ten times: refused', () => {
    expect(disarm(svg(bomb(3))).reason).toBeUndefined()
    expect(disarm(svg(bomb(9))).reason).toBe('SVG-XML')
    expect(verified(written(bomb(9)))).toBe('VERIFY-SVG')
  })

  test.each<[string, string]>([
    ['an element that uses itself', '<g id="a"><use xlink:href="#a"/></g>'],
    [
      'two that use each other',
      '<g id="a"><use xlink:href="#b"/></g><g id="b"><use xlink:href="#a"/></g>',
    ],
    ['a pattern painted with itself', '<pattern id="p"><rect fill="url(#p)"/></pattern>'],
    [
      'a pattern painted with itself by a style sheet',
      '<style>.a{fill:url(#p)}</style><pattern id="p"><rect class="a"/></pattern>',
    ],
    ...['rect:not(.a)', ':not(.a)', '[width]', 'g > [width]', '.b, :is(g, rect)', 'svg *'].map(
      (selector): [string, string] => [
        `a pattern painted with itself by ${selector}`,
        `<style>${selector.replaceAll('>', '&gt;')}{fill:url(#p)}</style><pattern id="p"><g><rect width="1" class="c"/></g></pattern>`,
      ],
    ),
    [
      'a chain without end',
      Array.from(
        { length: 80 },
        (_, index) => `<g id="c${index}"><use xlink:href="#c${index + 1}"/></g>`,
      ).join('') + '<use xlink:href="#c0"/>',
    ],
  ])('%s: refused', (_, inside) => {
    expect(disarm(svg(inside)).reason).toBe('SVG-XML')
    expect(verified(written(inside))).toBe('VERIFY-SVG')
  })

  test.each([
    'path.line',
    'path#line',
    'path.c.line',
    'g path.line:first-child',
    '.x,path.line[d]',
  ])(
    'a line with an arrow drawn by a line is no loop when the style sheet tells them apart: %s',
    (selector) => {
      const arrow = '<marker id="m"><path d="M0 0h1"/></marker>'
      const line = '<g><path d="M0 0h9" class="c line" id="line"/></g>'
      const outcome = disarm(svg(`${arrow}<style>${selector}{marker-end:url(#m)}</style>${line}`))
      expect(outcome.reason).toBeUndefined()
      expect(outcome.inside).toContain('marker-end:url(#m)')
      expect(verified(outcome.output)).toBe('clean')
    },
  )

  test('patterns that multiply each other: refused', () => {
    const pattern = (index: number): string =>
      `<pattern id="l${index}">${`<rect fill="url(#l${index - 1})"/>`.repeat(20)}</pattern>`
    const inside = Array.from({ length: 9 }, (_, index) => pattern(index + 1)).join('')
    expect(disarm(svg(`${inside}<rect fill="url(#l9)"/>`)).reason).toBe('SVG-XML')
  })

  test('a side of a thousand million units goes', () => {
    expect(disarm(svg(RECT, 'width="1e9" height="5"')).removed).toEqual(['SVG-XML 1'])
    expect(verified(written(RECT).replace('<svg', '<svg width="1e9"'))).toMatch(/^VERIFY-/u)
  })

  test.each([
    ['comments that do not end', '<style>' + '/*'.repeat(300_000) + '</style>'],
    ['quotes that do not end', '<style>' + 'a{b:"'.repeat(100_000) + '</style>'],
    ['brackets', '<style>' + 'a{fill:rgb('.repeat(50_000) + '</style>'],
    ['spaces', `<g fill="${' '.repeat(500_000)}x${' '.repeat(500_000)}y("/>`],
    ['half URLs', `<g fill="${'url(#a'.repeat(15_000)}"/>`],
    ['embedded pictures that do not end', `<text>${'data:image/'.repeat(100_000)}</text>`],
    ['declarations', `<style>.a{${'fill:url(#a);'.repeat(300_000)}}</style>`],
    ['media that is none', '<style>' + `@media ${'a'.repeat(190)}!{}`.repeat(1000) + '</style>'],
  ])('many %s are read once', (_, inside) => {
    const outcome = disarm(svg(inside))
    expect(outcome.reason ?? verified(outcome.output)).toBeOneOf(['clean', 'SVG-XML'])
  })
})

describe('hostile bytes', () => {
  const SEED = written(
    '<style>.a{fill:url(#b);stroke:rgb(1,2,3)}\n@media print{g{opacity:0.5}}</style><linearGradient id="b"><stop offset="0"/></linearGradient>' +
      `<g class="a" id="c" style="fill:#fff;font-family:'A B'" transform="scale(2)"><path d="M0 0L1 1"/><use xlink:href="#b"/></g><text xml:space="preserve">a &amp; b</text>` +
      `<image width="9" xlink:href="data:image/png;base64,${PNG}"/>`,
  )
  const pieces = fc.constantFrom(
    '<',
    '>',
    '"',
    "'",
    '&',
    ';',
    '{',
    '}',
    '(',
    ')',
    '/*',
    '*/',
    '-->',
    '\\',
    ' ',
    '\n',
    '#',
    '@import',
    'url(',
    'url(#c)',
    'data:',
    ':',
    ',',
    '<script/>',
    '<g>',
    '</g>',
    ' onload="x"',
    'xlink:href="#c"',
    ' href="x"',
    '!important',
    'icc-color(a)',
    '<![CDATA[',
    ']]>',
    '\u3042',
    '=',
    '0',
    '%41',
  )
  const change = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(3), pieces)

  test('whatever a changed drawing becomes, the verifier accepts it, and whatever it accepts is written again the same', () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 5 }), (changes) => {
        let text = SEED
        for (const [where, length, piece] of changes) {
          const at = Math.floor(where * text.length)
          text = text.slice(0, at) + piece + text.slice(at + length)
        }
        const outcome = disarm(text)
        expect(outcome.reason ?? verified(outcome.output)).toMatch(
          /^(?:clean|SVG-XML|T-BINARY|TYPE-[A-Z]+)$/u,
        )
        if (outcome.reason === undefined)
          expect(disarm(outcome.output)).toEqual({ ...outcome, removed: [] })
        if (verified(text) !== 'clean') return
        expect(outcome.removed).toEqual([])
        expect(Buffer.from(outcome.output).toString()).toBe(text)
      }),
      { numRuns: 1500 },
    )
  })

  test('values and style sheets made of the pieces that matter', () => {
    const css = fc.array(
      fc.oneof(
        pieces,
        fc.constantFrom(
          'fill:',
          'red',
          'rgb(',
          '1px',
          '#fff',
          '.a',
          'g',
          '+',
          '/',
          '*',
          '-',
          '.',
          '[',
          ']',
          '~',
        ),
      ),
      { maxLength: 14 },
    )
    fc.assert(
      fc.property(css, css, (value, sheet) => {
        const escape = (list: readonly string[]): string =>
          list.join('').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
        const outcome = disarm(
          svg(
            `<style>.a{fill:red}${escape(sheet)}</style><g fill="${escape(value)}" style="stroke:${escape(value)}" class="${escape(sheet)}"/>`,
          ),
        )
        expect(outcome.reason ?? 'SVG-XML').toBe('SVG-XML')
        if (outcome.reason !== undefined) return
        expect(verified(outcome.output)).toBe('clean')
        expect(disarm(outcome.output)).toEqual({ ...outcome, removed: [] })
      }),
      { numRuns: 1500 },
    )
  })
})
