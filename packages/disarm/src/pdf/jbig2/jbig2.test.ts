import { inflateSync } from 'node:zlib'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { verifyClean } from '../../../verify/index.ts'
import { disarmBytes } from '../../engine.ts'
import { Context, Refusal } from '../../family.ts'
import { encodeFax } from '../fax-encode.test-support.ts'
import { SyntaxFault } from '../lexer.ts'
import {
  ArithmeticEncoder,
  bitsOf,
  encodeRefinement,
  genericSegment,
  halftoneSegment,
  pageSegment,
  pairs,
  patternSegment,
  regionHead,
  rowsOf,
  segment,
  symbolSegment,
  textSegment,
  u16,
  u32,
  USUAL,
} from './encode.test-support.ts'
import type { Generic, Placed, Rows, Text } from './encode.test-support.ts'
import { HuffmanTable } from './huffman.ts'
import { decodeJbig2 } from './picture.ts'
import { standardTable } from './standard-tables.ts'

const [WIDTH, HEIGHT] = [37, 29]
const PAGE = pageSegment(WIDTH, HEIGHT)
const SPECKLED: Rows = drawn(
  (x, y) => (x - 20) ** 2 + (y - 12) ** 2 < 90 || (x * 7 + y * 13) % 23 === 0,
)
const BANDED: Rows = drawn((x, y) => y % 9 > 4 && (x >> 2) % 3 === 0)

function drawn(isBlack: (x: number, y: number) => boolean): Rows {
  return Array.from({ length: HEIGHT }, (_, y) =>
    Array.from({ length: WIDTH }, (_each, x) => (isBlack(x, y) ? 1 : 0)),
  )
}

function decoded(...segments: readonly Uint8Array[]): string {
  const bytes = Buffer.concat(segments)
  const { width, height, pixels } = decodeJbig2(undefined, bytes, HEIGHT, new Context())
  return text(
    Array.from({ length: height }, (_, y) => [...pixels.subarray(y * width, (y + 1) * width)]),
  )
}

function text(rows: Rows): string {
  return rows.map((row) => row.map((bit) => (bit === 1 ? '#' : '.')).join('')).join('\n')
}

/** What a page looks like with pictures put on it. */
function page(...put: readonly (readonly [rows: Rows, x: number, y: number])[]): string {
  const rows = SPECKLED.map((row) => row.map(() => 0))
  for (const [picture, left, top] of put) {
    picture.forEach((row, y) =>
      row.forEach((bit, x) => {
        const line = rows[top + y]
        if (line && bit === 1 && left + x >= 0 && left + x < WIDTH) line[left + x] = 1
      }),
    )
  }
  return text(rows)
}

describe('generic regions give their picture', () => {
  const coded: readonly (readonly [string, Generic])[] = [0, 1, 2, 3].flatMap((template) => [
    [`template ${template}`, { template }] as const,
    [`template ${template}, typical rows`, { template, typical: true }] as const,
  ])
  const elsewhere: readonly (readonly [string, Generic])[] = [
    [
      'four adaptive pixels elsewhere',
      {
        template: 0,
        typical: true,
        adaptive: [
          [-5, -3],
          [7, -6],
          [-20, 0],
          [1, -9],
        ],
      },
    ],
    ['one far away', { template: 2, adaptive: [[-128, -128]] }],
  ]

  it.each([...coded, ...elsewhere])('%s', (_, generic) => {
    for (const rows of [SPECKLED, BANDED]) {
      expect(decoded(PAGE, genericSegment(1, rows, generic))).toBe(text(rows))
    }
  })

  it('in the coding of fax machines', () => {
    const fax = encodeFax(
      SPECKLED.map((row) => row.map((bit) => bit === 1)),
      -1,
    )
    const data = [...regionHead(WIDTH, HEIGHT), 1, ...fax]
    expect(decoded(PAGE, segment(1, 38, data))).toBe(text(SPECKLED))
  })

  it('of unknown length, whose height stands behind the data', () => {
    const whole = genericSegment(1, SPECKLED, { template: 1 })
    const open = Buffer.concat([whole, Buffer.from(u32(HEIGHT))])
    open.writeUInt32BE(0xffffffff, 7)
    open.writeUInt32BE(0xffffffff, 11 + 4)
    expect(decoded(PAGE, open)).toBe(text(SPECKLED))
  })

  it('on a page that is black, or whose height is not known, combined in five ways', () => {
    const put = (operator: number, flags: number): string => {
      const region = genericSegment(1, SPECKLED, { template: 3 })
      region[11 + 16] = operator
      return decoded(pageSegment(WIDTH, 0xffffffff, flags), region)
    }
    const turned = text(SPECKLED.map((row) => row.map((bit) => 1 - bit)))
    const black = text(SPECKLED.map((row) => row.map(() => 1)))
    expect([0, 1, 2, 3, 4].map((operator) => put(operator, 4))).toEqual([
      black,
      text(SPECKLED),
      turned,
      text(SPECKLED),
      text(SPECKLED),
    ])
    expect(put(0, 0)).toBe(text(SPECKLED))
  })
})

describe('refinements give their picture', () => {
  const changed = SPECKLED.map((row, y) =>
    row.map((bit, x) => (x === y || x === 7 ? 1 - bit : bit)),
  )
  const refinement = (template: number, typical: boolean): readonly number[] => {
    const encoder = new ArithmeticEncoder()
    encodeRefinement(encoder, changed, SPECKLED, { template, typical })
    const adaptive = template === 0 ? [255, 255, 255, 255] : []
    return [template | (typical ? 2 : 0), ...adaptive, ...encoder.finish()]
  }

  it.each([
    [0, false],
    [0, true],
    [1, false],
    [1, true],
  ])('template %i, typical rows %s, of a region and of the page', (template, typical) => {
    const data = refinement(template, typical)
    const apart = genericSegment(1, SPECKLED, { template: 0 }, 36)
    const head = regionHead(WIDTH, HEIGHT)
    expect(decoded(PAGE, apart, segment(2, 42, [...head, ...data], [1]))).toBe(text(changed))
    const onPage = genericSegment(1, SPECKLED, { template: 0 })
    const replacing = regionHead(WIDTH, HEIGHT, 0, 0, 4)
    expect(decoded(PAGE, onPage, segment(2, 42, [...replacing, ...data]))).toBe(text(changed))
  })
})

const LETTERS: readonly Rows[] = [
  rowsOf('####', '#...', '####'),
  rowsOf('##.', '#.#', '##.', '#..'),
  rowsOf('.#.', '#.#', '#.#', '.#.'),
  rowsOf('#.', '##', '#.', '#.', '##'),
]
const PLACED: readonly Placed[] = [
  { symbol: 0, along: 2, across: 4 },
  { symbol: 1, along: 9, across: 4 },
  { symbol: 2, along: 20, across: 4 },
  { symbol: 3, along: 5, across: 15 },
  { symbol: 0, along: 23, across: 15 },
]
const put = (places: readonly Placed[]): string =>
  page(
    ...places.map(
      ({ symbol, refined, along, across }) => [refined ?? LETTERS[symbol]!, along, across] as const,
    ),
  )
const textOf = (more: Partial<Text> = {}): Buffer =>
  textSegment(2, [1], [WIDTH, HEIGHT], { symbols: LETTERS, placed: PLACED, ...more })

describe('symbols and texts give their picture', () => {
  it.each([0, 1, 2, 3])('symbols by template %i', (template) => {
    expect(decoded(PAGE, symbolSegment(1, LETTERS, template), textOf())).toBe(put(PLACED))
  })

  it.each([0, 1, 2, 3])('corner %i, along lines and columns', (corner) => {
    const right = corner > 1
    const bottom = corner % 2 === 0
    for (const transposed of [false, true]) {
      const expected = PLACED.map(({ symbol, along, across }) => {
        const rows = LETTERS[symbol]!
        const [x, y] = transposed ? [across, along] : [along, across]
        const left = right ? x - rows[0]!.length + 1 : x
        return [rows, left, bottom ? y - rows.length + 1 : y] as const
      })
      const region = textOf({ corner, transposed })
      expect(decoded(PAGE, symbolSegment(1, LETTERS), region)).toBe(page(...expected))
    }
  })

  it.each([0, 1])('symbols that are changed where they stand, template %i', (template) => {
    const other = rowsOf('#####', '#...#', '#.#.#', '#...#', '#####')
    const placed = PLACED.map((each, i) => (i % 2 === 1 ? { ...each, refined: other } : each))
    const region = textOf({ placed, refines: true, template })
    expect(decoded(PAGE, symbolSegment(1, LETTERS), region)).toBe(put(placed))
  })

  it('symbols of the shared part, as a PDF keeps them apart', () => {
    const shared = symbolSegment(1, LETTERS)
    const bytes = Buffer.concat([PAGE, textOf()])
    const bitmap = decodeJbig2(shared, bytes, HEIGHT, new Context())
    expect(bitmap.pixels.reduce((sum, bit) => sum + bit, 0)).toBe(put(PLACED).split('#').length - 1)
  })

  const [first, second] = [
    rowsOf('.##', '#..', '#..', '.##'),
    rowsOf('#..#', '####', '#..#', '#..#'),
  ]
  const sideBySide = first.map((row, y) => [...row, ...second[y]!])
  const plain = sideBySide.map((row) => `${row.join('')}|`).join('')
  const fax = encodeFax(
    sideBySide.map((row) => row.map((bit) => bit === 1)),
    -1,
  )
  const packed = [...fax].map((byte) => byte.toString(2).padStart(8, '0')).join('')

  it.each([
    ['not packed', `00000|${plain}`],
    ['packed like a fax', `0${fax.length.toString(2).padStart(4, '0')}|${packed}`],
  ])('Huffman codes, symbols %s', (_, bitmaps) => {
    // Height 4, widths 3 and 1 more; export none of 0, then both.
    const dictionary = `1110000 1110000 10 111111 ${bitmaps} 00000 00010`
    const head = [...u16(1), ...u32(2), ...u32(2)]
    const symbols = segment(1, 0, [...head, ...bitsOf(dictionary)])
    // Both symbols have words of one bit; lines at −1 and 4 more, columns at 6 and 6 more.
    const lengths = Array.from({ length: 35 }, (_each, i) => (i === 1 ? '0001' : '0000')).join('')
    const places = '0 1100 000000110 0 1000010 1 01'
    const region = [...regionHead(WIDTH, HEIGHT), ...u16(0x11), ...u16(0), ...u32(2)]
    const data = [...region, ...bitsOf(`${lengths}00|${places}`)]
    const expected = page([first, 6, 3], [second, 14, 3])
    expect(decoded(PAGE, symbols, segment(2, 6, data, [1]))).toBe(expected)
  })

  it('each standard table uses up all its words', () => {
    for (let table = 1; table <= 15; table++)
      expect([table, standardTable(table).share]).toEqual([table, 1])
  })
})

describe('halftones give their picture', () => {
  const patterns = [0, 1, 2, 3, 4].map((dark) =>
    Array.from({ length: 4 }, (_, y) =>
      Array.from({ length: 4 }, (_each, x) => ((x + 2 * y) % 5 < dark ? 1 : 0)),
    ),
  )
  const values = Array.from({ length: 7 }, (_, y) =>
    Array.from({ length: 9 }, (_each, x) => (x * y + x) % 5),
  )
  const grey = values.flatMap((row, y) =>
    row.map((value, x) => [patterns[value]!, 4 * x, 4 * y] as const),
  )

  it.each([0, 1, 2, 3])('template %i', (template) => {
    const halftone = { values, planes: 3, template, vector: [1024, 0] as const }
    const region = halftoneSegment(2, [1], [WIDTH, HEIGHT], halftone)
    expect(decoded(PAGE, patternSegment(1, patterns, template), region)).toBe(page(...grey))
  })

  it('patterns that lie outside are not coded', () => {
    const skip = values.map((row, y) => row.map((_, x) => (x > 4 || y > 3 ? 1 : 0)))
    const halftone = { values, planes: 3, vector: [1024, 0] as const, skip }
    const region = halftoneSegment(2, [1], [20, 16], halftone)
    const seen = grey.filter(([, x, y]) => x < 20 && y < 16)
    expect(decoded(PAGE, patternSegment(1, patterns), region)).toBe(page(...seen))
  })
})

describe('hostile segments (CVE-2021-30860)', () => {
  const symbols = symbolSegment(1, LETTERS)
  const wall = (type: number, data: readonly number[]): Buffer => segment(1, type, data)
  const region = [...regionHead(WIDTH, HEIGHT)]

  it.each<readonly [string, readonly Uint8Array[]]>([
    ['no page', [symbols]],
    ['a region before its page', [genericSegment(1, SPECKLED, { template: 0 })]],
    ['a reference to nothing', [PAGE, segment(3, 6, [...region, ...u16(0), ...u32(0)], [2])]],
    ['a reference to itself', [PAGE, segment(1, 6, [...region, ...u16(0), ...u32(0)], [1])]],
    ['an unknown type', [PAGE, segment(1, 33, [])]],
    ['a segment that is cut off', [PAGE, symbols.subarray(0, -1)]],
    ['a page of 65,535 × 65,535', [pageSegment(65_535, 65_535)]],
    ['a page wider than 65,535', [pageSegment(70_000, 1)]],
    [
      'a region of 2,147,483,647 columns',
      [PAGE, wall(38, [...regionHead(0x7fffffff, 8), 0, ...pairs(USUAL[0]!)])],
    ],
    ['more symbols than there can be', [PAGE, declared(1, 0x7fffffff)]],
    ['fewer symbols exported than promised', [PAGE, symbolSegment(1, LETTERS, 0, 3)]],
    ['more symbols exported than promised', [PAGE, symbolSegment(1, LETTERS, 0, 0xffffffff)]],
    [
      'a text without its symbols',
      [PAGE, textSegment(2, [], [WIDTH, HEIGHT], { symbols: LETTERS, placed: PLACED })],
    ],
    ['more instances than promised', [PAGE, symbols, textOf({ instances: 1 })]],
    ['an adaptive pixel that is not decoded yet', [PAGE, adaptive(1, 0)]],
    ['an adaptive pixel of the line below', [PAGE, adaptive(0, 1)]],
    [
      'a halftone without patterns',
      [PAGE, halftoneSegment(2, [], [8, 8], { values: [[0]], planes: 1 })],
    ],
    ['four thousand million places of a halftone', [PAGE, patternSegment(1, [[[1]]]), grid()]],
    ['a Huffman table with more words than fit', [PAGE, wall(53, [...tooFull()])]],
  ])('%s: no picture', (_, segments) => {
    expect(() => decoded(...segments)).toThrow(SyntaxFault)
  })

  function declared(exported: number, made: number): Buffer {
    const head = [...u16(0), ...pairs(USUAL[0]!), ...u32(exported), ...u32(made)]
    return segment(1, 0, [...head, 0, 0, 0])
  }

  function adaptive(x: number, y: number): Buffer {
    const places = [[x, y], ...USUAL[0]!.slice(1)] as const
    return segment(1, 38, [...region, 0, ...pairs(places), 0, 0])
  }

  function grid(): Buffer {
    const data = [...region, 0, ...u32(65_535), ...u32(65_535), ...u32(0), ...u32(0), 1, 0, 0, 0]
    return segment(2, 22, data, [1])
  }

  /** Three words of one bit. */
  function tooFull(): number[] {
    return [0, ...u32(0), ...u32(2), ...bitsOf('1 0 1 0 1 0')]
  }

  it('hundreds of huge pictures that nothing shows do not fill the memory', () => {
    // Fax lines that are like the one above, a bit each.
    const lines = Buffer.alloc(9000 / 8, 0xff)
    const huge = (number: number): Buffer =>
      segment(number, 36, [...regionHead(9000, 9000), 1, ...lines])
    const shown = genericSegment(4, SPECKLED, { template: 0 })
    expect(decoded(PAGE, huge(1), huge(2), shown)).toBe(text(SPECKLED))
    expect(() => decoded(PAGE, huge(1), huge(2), huge(3), shown)).toThrow(SyntaxFault)
  })

  it.each([
    [10_000, put(PLACED)],
    [20_000, undefined],
  ])('%i references to the same four symbols', (count, expected) => {
    const all = Array.from({ length: count }, () => LETTERS).flat()
    // Behind the head of twelve bytes, with one reference, stand the data.
    const size = [WIDTH, HEIGHT] as const
    const data = textSegment(2, [1], size, { symbols: all, placed: PLACED }).subarray(12)
    const references = [...u32(0xe0000000 + count), ...Buffer.alloc((count + 8) >> 3)]
    const head = [...u32(2), 6, ...references, ...Buffer.alloc(count, 1), 1, ...u32(data.length)]
    const run = (): string => decoded(PAGE, symbols, Buffer.from([...head, ...data]))
    if (expected === undefined) expect(run).toThrow(SyntaxFault)
    else expect(run()).toBe(expected)
  })

  it('a table whose words cannot be told apart is none', () => {
    const line = { prefix: 1, bits: 0, least: 0, kind: 'range' } as const
    expect(new HuffmanTable([line, line]).share).toBe(1)
    expect(() => new HuffmanTable([line, line, line])).toThrow(SyntaxFault)
  })

  it('comments, and what follows the end of the page, leave no trace', () => {
    const picture = genericSegment(1, SPECKLED, { template: 0 })
    const comment = segment(2, 62, Buffer.from('secret'))
    const end = segment(3, 49, [])
    expect(decoded(PAGE, comment, picture, end, Buffer.from('\r\nsecret of another page'))).toBe(
      text(SPECKLED),
    )
  })

  it('a text of very many symbols in few bytes ends with the budget of the file', () => {
    const letter = LETTERS.slice(0, 1)
    const placed = Array.from({ length: 10_000 }, () => ({ symbol: 0, along: 3, across: 3 }))
    const long = textSegment(2, [1], [WIDTH, HEIGHT], { symbols: letter, placed })
    const bytes = Buffer.concat([PAGE, symbolSegment(1, letter), long])
    expect(bytes.length).toBeLessThan(500)
    const context = new Context({ limits: { decodedBytes: 100_000 } })
    expect(() => decodeJbig2(undefined, bytes, HEIGHT, context)).toThrow('LIMIT-SIZE')
  })

  it('changed bytes give a picture or none, and never anything else', () => {
    const seeds = [
      Buffer.concat([PAGE, symbols, textOf()]),
      Buffer.concat([PAGE, genericSegment(1, SPECKLED, { template: 0, typical: true })]),
      Buffer.concat([
        PAGE,
        patternSegment(1, [[[1]], [[0]]]),
        halftoneSegment(2, [1], [8, 8], { values: [[0, 1]], planes: 1 }),
      ]),
    ]
    const change = fc.tuple(fc.nat(), fc.nat(255))
    fc.assert(
      fc.property(
        fc.constantFrom(...seeds),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        (seed, changes) => {
          const bytes = Buffer.from(seed)
          for (const [at, value] of changes) bytes[at % bytes.length] = value
          const limits = { decodedBytes: 4_000_000 }
          try {
            decodeJbig2(undefined, bytes, HEIGHT, new Context({ limits }))
          } catch (error) {
            expect(error instanceof SyntaxFault || error instanceof Refusal).toBe(true)
          }
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('JBIG2 in a PDF', () => {
  const body = Buffer.concat([PAGE, genericSegment(1, SPECKLED, { template: 0 })])

  it('comes out as plain rows, 0 for black, and no segment is left', () => {
    const { output, report } = disarmBytes(pdfOf(body), 'pdf')
    expect(verifyClean(output!, 'pdf')).toEqual({ clean: true, type: 'pdf' })
    // The file of this test has no table of its objects, and nothing else to report.
    expect(report.removed.map(({ rule }) => rule)).toEqual(['PDF-XREF'])
    expect(report.kept).toEqual([])
    expect(text(rasterOf(output!))).toBe(text(SPECKLED))
    const written = Buffer.from(output!).toString('latin1')
    expect(written).not.toContain('JBIG2')
    expect(written).toContain('/BitsPerComponent 1')
  })

  it('a picture that cannot be decoded goes, and the report says so', () => {
    const { output, report } = disarmBytes(pdfOf(body.subarray(0, -30)), 'pdf')
    expect(report.removed.map(({ rule }) => rule)).toContain('PDF-FILTER')
    expect(Buffer.from(output!).toString('latin1')).not.toContain('JBIG2')
  })

  it('put back into a clean file it is caught', () => {
    const { output } = disarmBytes(pdfOf(body), 'pdf')
    const bytes = Buffer.from(output!)
    const image = bytes.indexOf('/Subtype /Image')
    const filter = bytes.indexOf('/FlateDecode', image)
    bytes.write('/JBIG2Decode', filter, 'latin1')
    expect(verifyClean(bytes, 'pdf')).toMatchObject({ clean: false, reason: /^VERIFY-PDF/u })
  })
})

/** The picture of a written PDF, 1 for black. */
function rasterOf(output: Uint8Array): Rows {
  const bytes = Buffer.from(output)
  const from = bytes.indexOf('stream\n', bytes.indexOf('/Subtype /Image')) + 7
  const raster = inflateSync(bytes.subarray(from, bytes.indexOf('\nendstream', from)))
  return drawn((x, y) => (raster[5 * y + (x >> 3)]! & (0x80 >> (x & 7))) === 0)
}

function pdfOf(body: Buffer): Buffer {
  const content = `q ${WIDTH} 0 0 ${HEIGHT} 0 0 cm /Im Do Q`
  const image = `/Subtype /Image /Width ${WIDTH} /Height ${HEIGHT} /ColorSpace /DeviceGray /BitsPerComponent 1`
  return Buffer.concat([
    Buffer.from(`%PDF-1.4
1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj
2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj
3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 ${WIDTH} ${HEIGHT}] /Contents 4 0 R
/Resources << /XObject << /Im 5 0 R >> >> >> endobj
4 0 obj << /Length ${content.length} >> stream
${content}
endstream endobj
5 0 obj << /Type /XObject ${image} /Filter /JBIG2Decode /Length ${body.length} >> stream
`),
    body,
    Buffer.from('\nendstream endobj\ntrailer << /Size 6 /Root 1 0 R >>\n'),
  ])
}
