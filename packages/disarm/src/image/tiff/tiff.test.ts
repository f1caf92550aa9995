import { randomBytes } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { verifyTiff } from '../../../verify/tiff.ts'
import { Budget } from '../../../verify/budget.ts'
import { Context, Refusal } from '../../family.ts'
import { encodeFax } from '../../pdf/fax-encode.test-support.ts'
import { grid, jpegSpecimen, segment, WHOLE_BAND } from '../specimens/jpeg-specimen.ts'
import {
  canonicalPages,
  fraction,
  long,
  lzwSpecimen,
  packBitsSpecimen,
  short,
  text,
  tiffSpecimen,
  undefinedBytes,
} from '../specimens/tiff-specimen.ts'
import type { PageSpecimen, TiffSpecimen } from '../specimens/tiff-specimen.ts'
import { decodeFax } from './fax.ts'
import { decodeLzw } from './lzw.ts'
import { tiffFromTiff } from './rebuild.ts'

interface Outcome {
  readonly reason?: string
  readonly output: Uint8Array
  readonly removed: readonly string[]
  readonly kept: readonly string[]
}

function disarm(bytes: Uint8Array): Outcome {
  const context = new Context()
  const rows = (list: readonly { rule: string; count: number }[]) =>
    list.map(({ rule, count }) => `${rule} ${count}`)
  const done = (output: Uint8Array, reason?: string) => {
    const { removed, kept } = context.report()
    const found = { output, removed: rows(removed), kept: rows(kept) }
    return reason === undefined ? found : { ...found, reason }
  }
  try {
    return done(tiffFromTiff(bytes, context, '').output)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return done(new Uint8Array(0), error.reason)
  }
}

/** Accepted by the verifier, and what comes of it is itself. */
function expectCanonical(output: Uint8Array): void {
  expect(() => verifyTiff(output, new Budget(), '')).not.toThrow()
  const again = disarm(output)
  expect([again.reason, again.removed, again.kept]).toEqual([undefined, [], []])
  expect(Buffer.compare(again.output, output)).toBe(0)
}

const written = (specimen: TiffSpecimen) => disarm(tiffSpecimen(specimen))
const one = (page: PageSpecimen, more: Partial<TiffSpecimen> = {}) =>
  written({ pages: [page], ...more })

/** Bytes by their number. */
function made(
  shape: { readonly length: number },
  byte: (value: unknown, index: number) => number,
): Buffer {
  return Buffer.from(Array.from(shape, byte))
}

const GREY: PageSpecimen = {
  width: 6,
  height: 10,
  strips: [made({ length: 60 }, (_, i) => (i * 7) % 256)],
}
const CLEAN = one(GREY).output

describe('every way of packing a page gives the same page', () => {
  const data = made({ length: 6 * 10 }, (_, i) => (i * i) % 251)
  const packings: readonly (readonly [string, number, (rows: Buffer) => Buffer])[] = [
    ['nothing', 1, (rows) => rows],
    ['PackBits', 32_773, packBitsSpecimen],
    ['LZW', 5, (rows) => lzwSpecimen(rows)],
    ['LZW of 1988', 5, (rows) => lzwSpecimen(rows, true)],
    ['Deflate', 8, (rows) => deflateSync(rows)],
    ['Deflate by its old number', 32_946, (rows) => deflateSync(rows)],
  ]
  const shape = { width: 6, height: 10 }
  const plain = one({ ...shape, strips: [data] }).output

  test.each(packings)(
    '%s, either byte order, TIFF and BigTIFF, one strip or several',
    (_, compression, pack) => {
      for (const little of [true, false]) {
        for (const big of [true, false]) {
          for (const rowsPerStrip of [1, 3, 10, 0xffff_ffff]) {
            const rows = Math.min(10, rowsPerStrip) * 6
            const strips = Array.from({ length: Math.ceil(60 / rows) }, (_row, i) =>
              pack(data.subarray(i * rows, (i + 1) * rows)),
            )
            const page = { ...shape, compression, rowsPerStrip, strips }
            expect(one(page, { little, big })).toEqual({ output: plain, removed: [], kept: [] })
          }
        }
      }
      expectCanonical(plain)
      expect(canonicalPages(plain)[0]!.data).toEqual(data)
    },
  )

  test('tiles that stick out', () => {
    const tiles = [0, 1].flatMap((row) =>
      [0, 1].map((column) =>
        made({ length: 16 * 16 }, (_, i) => {
          const [x, y] = [column * 16 + (i % 16), row * 16 + Math.floor(i / 16)]
          return x < 20 && y < 18 ? (x * y) % 256 : 0xee
        }),
      ),
    )
    const tiled = one({ width: 20, height: 18, tile: [16, 16], strips: tiles })
    const rows = made({ length: 20 * 18 }, (_, i) => ((i % 20) * Math.floor(i / 20)) % 256)
    expect(tiled).toEqual(one({ width: 20, height: 18, strips: [rows] }))
  })

  test.each([8, 16, 32])('planes of %i bits', (bits) => {
    const size = bits / 8
    const pixels = Array.from({ length: 60 }, () => randomBytes(3 * size))
    const planes = [0, 1, 2].map((p) =>
      Buffer.concat(pixels.map((pixel) => pixel.subarray(p * size, (p + 1) * size))),
    )
    const color = { ...shape, samples: 3, bits, photometric: 2 }
    const apart = one({ ...color, strips: planes, tags: { 284: short(2) } })
    expect(apart).toEqual(one({ ...color, strips: [Buffer.concat(pixels)] }))
    expectCanonical(apart.output)
  })

  test('numbers of 16 and 32 bits are the same numbers in either byte order', () => {
    const little = made({ length: 240 }, (_, i) => i)
    for (const bits of [16, 32]) {
      const page = { width: 480 / bits, height: 4, bits }
      const turned = bits === 16 ? Buffer.from(little).swap16() : Buffer.from(little).swap32()
      const straight = one({ ...page, strips: [little] })
      expect(one({ ...page, strips: [turned] }, { little: false })).toEqual(straight)
      expect(canonicalPages(straight.output)[0]!.data).toEqual(little)
    }
  })

  test('differences between neighbours are undone', () => {
    const rows = (step: number, size: number, differences: readonly number[]) => {
      const bytes = Buffer.alloc(differences.length * size)
      differences.forEach((value, i) => bytes.writeUIntLE(value, i * size, size))
      return { samples: step, bits: size * 8, strips: [bytes], tags: { 317: short(2) } }
    }
    const grey = { width: 3, height: 1 }
    expect(canonicalPages(one({ ...grey, ...rows(1, 1, [5, 1, 255]) }).output)[0]!.data).toEqual(
      Buffer.of(5, 6, 5),
    )
    expect(
      canonicalPages(one({ ...grey, ...rows(1, 2, [300, 1, 0xffff]) }).output)[0]!.data,
    ).toEqual(Buffer.from(Uint16Array.of(300, 301, 300).buffer))
    expect(
      canonicalPages(one({ ...grey, ...rows(1, 4, [70_000, 1, 0xffff_ffff]) }).output)[0]!.data,
    ).toEqual(Buffer.from(Uint32Array.of(70_000, 70_001, 70_000).buffer))
    const colors = rows(3, 1, [1, 2, 3, 10, 20, 30, 1, 1, 1])
    expect(canonicalPages(one({ ...grey, photometric: 2, ...colors }).output)[0]!.data).toEqual(
      Buffer.of(1, 2, 3, 11, 22, 33, 12, 23, 34),
    )
  })

  test('floating point stays floating point, with its own differences', () => {
    const floats = Buffer.from(Float32Array.of(1.5, -2, 1e10).buffer)
    const planes = made({ length: 12 }, (_, i) => floats[(i % 3) * 4 + 3 - Math.floor(i / 3)]!)
    for (let i = 11; i > 0; i--) planes[i] = planes[i]! - planes[i - 1]!
    const page = { width: 3, height: 1, bits: 32, tags: { 339: short(3) } }
    const straight = one({ ...page, strips: [floats] })
    expect(canonicalPages(straight.output)[0]!.data).toEqual(floats)
    expect(one({ ...page, strips: [planes], tags: { 339: short(3), 317: short(3) } })).toEqual(
      straight,
    )
    expectCanonical(straight.output)
  })

  test('depths that are not written are stretched, so that white stays white', () => {
    const twelve = one({ width: 2, height: 1, bits: 12, strips: [Buffer.of(0xff, 0xf8, 0x00)] })
    expect(canonicalPages(twelve.output)[0]!.data).toEqual(
      Buffer.from(Uint16Array.of(65_535, 32_776).buffer),
    )
    const color = one({
      width: 1,
      height: 1,
      bits: 4,
      samples: 3,
      photometric: 2,
      strips: [Buffer.of(0xf8, 0x00)],
    })
    expect(canonicalPages(color.output)[0]!.data).toEqual(Buffer.of(255, 136, 0))
  })
})

describe('fax', () => {
  const bitmaps = fc
    .record({
      width: fc.integer({ min: 1, max: 300 }),
      height: fc.integer({ min: 1, max: 12 }),
      seed: fc.nat(),
    })
    .map(({ width, height, seed }) => {
      let state = seed + 1
      const random = () => (state = (state * 48_271) % 0x7fffffff) / 0x7fffffff
      return Array.from({ length: height }, () => {
        let black = random() < 0.2
        return Array.from({ length: width }, () => {
          if (random() < 0.15) black = !black
          return black
        })
      })
    })
  const packed = (rows: readonly (readonly boolean[])[]) =>
    Buffer.concat(
      rows.map((row) => {
        const bytes = Buffer.alloc(Math.ceil(row.length / 8))
        row.forEach((black, x) => {
          if (black) bytes[x >> 3]! |= 0x80 >> (x & 7)
        })
        return bytes
      }),
    )
  const turned = (data: Uint8Array) =>
    Buffer.from(
      data.map((byte) =>
        Number.parseInt([...byte.toString(2).padStart(8, '0')].toReversed().join(''), 2),
      ),
    )

  test.each([
    ['T.6', -1, 4, 0],
    ['T.4 in one dimension', 0, 3, 0],
    ['T.4 in two dimensions', 4, 3, 1],
  ])('%s, either bit order, is the page that was sent', (_, k, compression, options) => {
    fc.assert(
      fc.property(bitmaps, fc.boolean(), (rows, reversed) => {
        const code = encodeFax(rows, k)
        const outcome = one({
          width: rows[0]!.length,
          height: rows.length,
          bits: 1,
          photometric: 0,
          compression,
          strips: [reversed ? turned(code) : code],
          tags: { 292: long(options), 266: short(reversed ? 2 : 1) },
        })
        expect(outcome.kept).toEqual([])
        expect(canonicalPages(outcome.output)[0]!.data).toEqual(packed(rows))
        expectCanonical(outcome.output)
      }),
      { numRuns: 60 },
    )
  })

  test('rows that begin on byte or word bounds (TIFF 6.0 §10)', () => {
    // Five pixels, two rows: white 2 black 3; white 0 black 5.
    const bytes = Buffer.from([0b0111_1000, 0b0011_0101, 0b0011_0000])
    expect(decodeFax(bytes, 5, 2, 'bytes')).toMatchObject({
      count: 2,
      damaged: false,
      rows: Uint8Array.of(0b0011_1000, 0b1111_1000),
    })
    const words = Buffer.from([0b0111_1000, 0, 0b0011_0101, 0b0011_0000])
    expect(decodeFax(words, 5, 2, 'words')).toMatchObject({
      count: 2,
      damaged: false,
      rows: Uint8Array.of(0b0011_1000, 0b1111_1000),
    })
  })

  test('a line that the telephone damaged is the one above it, and the page goes on and says so', () => {
    const rows = Array.from({ length: 12 }, (_, y) =>
      Array.from({ length: 200 }, (_x, x) => (x + y) % 9 < 3),
    )
    const code = Buffer.from(encodeFax(rows, 0))
    const lines = code.length / 12
    code.fill(0x80, Math.round(lines * 4.4), Math.round(lines * 4.6))
    const outcome = one({
      width: 200,
      height: 12,
      bits: 1,
      photometric: 0,
      compression: 3,
      strips: [code],
    })
    expect(outcome.kept).toEqual(['IMG-TRUNCATED 1'])
    const data = canonicalPages(outcome.output)[0]!.data
    expect(data.subarray(-25 * 4)).toEqual(packed(rows).subarray(-25 * 4))
    expect(data.subarray(0, 25 * 3)).toEqual(packed(rows).subarray(0, 25 * 3))
  })

  test('noise neither hangs nor paints outside the page', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.integer({ min: 1, max: 70 }),
        fc.constantFrom('bytes', 'words', 'lines', 'mixed', 'group4'),
        (data, width, mode) => {
          const { rows, count } = decodeFax(data, width, 9, mode)
          expect(rows.length).toBe(9 * Math.ceil(width / 8))
          expect(count).toBeLessThanOrEqual(9)
          const spare = Math.ceil(width / 8) * 8 - width
          for (let y = 0; y < 9; y++)
            expect(rows[(y + 1) * Math.ceil(width / 8) - 1]! & ((1 << spare) - 1)).toBe(0)
        },
      ),
      { numRuns: 500 },
    )
  })

  test('noise in LZW neither hangs nor writes beyond its target', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.integer({ min: 0, max: 3000 }),
        (data, size) => {
          expect(decodeLzw(data, new Uint8Array(size))).toBeLessThanOrEqual(size)
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('what a page looks like is kept', () => {
  test('pages in their order, their own resolution for each direction, and how they are turned', () => {
    const fax = {
      ...GREY,
      tags: { 282: fraction(204, 1), 283: fraction(98, 1), 296: short(2), 274: short(6) },
    }
    const { output, removed } = written({
      pages: [fax, { ...GREY, height: 9, strips: [GREY.strips[0]!.subarray(6)] }],
    })
    const pages = canonicalPages(output)
    expect(pages).toHaveLength(2)
    expect(
      pages.map(({ tags }) => [
        tags.get(254),
        tags.get(257),
        tags.get(274),
        tags.get(282),
        tags.get(283),
      ]),
    ).toEqual([
      [[2], [10], [6], [204, 1], [98, 1]],
      [[2], [9], [1], undefined, undefined],
    ])
    expect(removed).toEqual([])
    expectCanonical(output)
  })

  test('a resolution that is none is left out', () => {
    for (const value of [fraction(0, 1), fraction(1, 0), fraction(0xffff_ffff, 1)]) {
      const { output } = one({ ...GREY, tags: { 282: value, 283: value } })
      expect(output).toEqual(CLEAN)
    }
  })

  test('colours of a palette that no pixel shows cannot carry a message; a map of 8 bits is widened', () => {
    const map = Array.from({ length: 768 }, (_, i) => i % 256)
    const { output } = one({
      ...GREY,
      photometric: 3,
      strips: [Buffer.alloc(60, 7)],
      tags: { 320: short(...map) },
    })
    const colors = canonicalPages(output)[0]!.tags.get(320)!
    expect(colors.flatMap((value, i) => (value === 0 ? [] : [[i, value]]))).toEqual([
      [7, 7 * 257],
      [263, 7 * 257],
      [519, 7 * 257],
    ])
    expectCanonical(output)
  })

  test('YCbCr with smaller chroma becomes RGB', () => {
    // Two units of two lumas: red 255 0 0 is 76 85 255, white is 255 128 128.
    const units = Buffer.of(76, 76, 85, 255, 255, 255, 128, 128)
    const { output } = one({
      width: 4,
      height: 1,
      samples: 3,
      photometric: 6,
      strips: [units],
      tags: { 530: short(2, 1) },
    })
    const { data, tags } = canonicalPages(output)[0]!
    expect(tags.get(262)).toEqual([2])
    expect(
      [...data.subarray(0, 3)].map((value, i) => Math.abs(value - [254, 0, 0][i]!) < 3),
    ).toEqual([true, true, true])
    expect([...data.subarray(6)]).toEqual([255, 255, 255, 255, 255, 255])
    expectCanonical(output)
  })

  test('opacity is kept where it is named, other extra samples go and are reported', () => {
    const page = {
      ...GREY,
      width: 3,
      samples: 2,
      strips: [made({ length: 60 }, (_, i) => i)],
    }
    const alpha = one({ ...page, tags: { 338: short(2) } })
    expect([alpha.removed, canonicalPages(alpha.output)[0]!.tags.get(338)]).toEqual([[], [2]])
    const unnamed = one(page)
    expect([unnamed.removed, canonicalPages(unnamed.output)[0]!.tags.get(277)]).toEqual([
      ['IMG-TIFF 1'],
      [1],
    ])
    expectCanonical(alpha.output)
  })

  test.each([
    ['CMYK', 5, 4],
    ['Lab', 8, 3],
    ['white is 0', 0, 1],
  ])('%s stays what it is', (_, photometric, samples) => {
    const strips = [made({ length: 60 * samples }, (_value, i) => i)]
    const { output } = one({ ...GREY, photometric, samples, strips })
    expect(canonicalPages(output)[0]!.tags.get(262)).toEqual([photometric])
    expect(canonicalPages(output)[0]!.data).toEqual(strips[0])
    expectCanonical(output)
  })

  test('bits behind the last pixel of a row are gone', () => {
    const page = { width: 3, height: 2, bits: 1, photometric: 0 }
    const { output } = one({ ...page, strips: [Buffer.of(0b1011_1111, 0b0101_0101)] })
    expect(canonicalPages(output)[0]!.data).toEqual(Buffer.of(0b1010_0000, 0b0100_0000))
  })

  test('tags that old writers leave out have the values that every reader gives them', () => {
    const tags = {
      258: short(8),
      259: undefined,
      262: undefined,
      277: undefined,
      278: undefined,
      279: undefined,
    }
    expect(one({ ...GREY, tags }).output).toEqual(CLEAN)
  })
})

describe('JPEG in TIFF', () => {
  const block = (first: number) => [
    first,
    ...Array.from({ length: 63 }, (_, i) => (i === first % 60 ? 3 : 0)),
  ]
  const picture = (width: number, height: number, from: number) => {
    const shape = { width, height, components: [{ id: 1, h: 1, v: 1, blocks: [] }] }
    const { wide, high } = grid(shape, 0)
    const blocks = Array.from({ length: high * wide }, (_, i) => block(from + i))
    return jpegSpecimen({
      ...shape,
      components: [{ id: 1, h: 1, v: 1, blocks }],
      scans: [{ components: [0], ...WHOLE_BAND }],
    })
  }
  const page = { width: 16, height: 24, compression: 7 }
  const whole = one({ ...page, strips: [picture(16, 24, 1)] })

  test('strips become one JPEG of the same coefficients', () => {
    const strips = [picture(16, 8, 1), picture(16, 16, 3)]
    expect(
      one({ ...page, rowsPerStrip: 8, strips: [strips[0]!, picture(16, 8, 3), picture(16, 8, 5)] }),
    ).toEqual(whole)
    expect(whole.reason).toBeUndefined()
    expectCanonical(whole.output)
  })

  test('tiles, too', () => {
    const tiles = [1, 2, 3, 4, 5, 6].map((from) => picture(8, 8, from))
    expect(one({ ...page, tile: [8, 8], strips: tiles })).toEqual(whole)
  })

  test('tables that all strips share are taken from their tag', () => {
    const jpeg = Buffer.from(picture(16, 24, 1))
    const frame = jpeg.indexOf(Buffer.of(0xff, 0xc0))
    const scan = jpeg.indexOf(Buffer.of(0xff, 0xda))
    const tables = Buffer.concat([
      jpeg.subarray(0, frame),
      jpeg.subarray(frame + 13, scan),
      Buffer.of(0xff, 0xd9),
    ])
    const strip = Buffer.concat([
      jpeg.subarray(0, 2),
      jpeg.subarray(frame, frame + 13),
      jpeg.subarray(scan),
    ])
    expect(one({ ...page, strips: [strip], tags: { 347: undefinedBytes(tables) } })).toEqual(whole)
    expect(one({ ...page, strips: [strip] }).reason).toBe('IMG-DECODE')
  })

  test('a comment inside a strip goes like any other', () => {
    const jpeg = Buffer.from(picture(16, 24, 1))
    const comment = segment(0xfe, Buffer.from('<?php hidden'))
    const strip = Buffer.concat([jpeg.subarray(0, 2), comment, jpeg.subarray(2)])
    const outcome = one({ ...page, strips: [strip] })
    expect(outcome).toEqual({ ...whole, removed: ['IMG-EXIF 1', 'IMG-POLY 1'] })
  })

  test('strips that are not of one picture are refused by name', () => {
    const narrow = one({
      ...page,
      rowsPerStrip: 16,
      strips: [picture(16, 16, 1), picture(8, 8, 1)],
    })
    expect(narrow.reason).toBe('IMG-TIFF')
    expect(one({ ...page, photometric: 2, samples: 3, strips: [picture(16, 24, 1)] }).reason).toBe(
      'IMG-TIFF',
    )
  })

  test('a strip that is not there stays grey and is reported', () => {
    const strips = [picture(16, 8, 1), Buffer.alloc(0), picture(16, 8, 5)]
    expect(one({ ...page, rowsPerStrip: 8, strips }).kept).toEqual(['IMG-TRUNCATED 1'])
  })
})

describe('nothing but the pages leaves a TIFF', () => {
  test.each([
    [
      'the name of the machine and of the person',
      { 271: text('Copier\0'), 315: text('Tanaka\0'), 306: text('2026:11:25 00:00:00\0') },
      ['IMG-EXIF 3'],
    ],
    [
      'Exif, GPS, XMP, IPTC and Photoshop blocks',
      {
        34665: long(8),
        34853: long(8),
        700: undefinedBytes('<x:xmpmeta>'),
        33723: undefinedBytes('a'),
        34377: undefinedBytes('8BIM'),
      },
      ['IMG-EXIF 5'],
    ],
    ['the fax number of the sender', { 34909: text('03-1234-5678\0') }, ['IMG-EXIF 1']],
    ['a colour profile', { 34675: undefinedBytes('profile') }, ['IMG-ICC 1']],
    [
      'private tags',
      { 45_000: undefinedBytes('secret'), 65000: undefinedBytes('MZ') },
      ['IMG-TIFF 2'],
    ],
    [
      'a program in a description',
      { 270: text('<?php system($_GET[0]); ?>\0') },
      ['IMG-EXIF 1', 'IMG-POLY 1'],
    ],
    [
      'hints about halftones and fax lines',
      { 263: short(1), 280: short(0), 326: long(0), 297: short(0, 1) },
      [],
    ],
  ])('%s', (_, tags, removed) => {
    expect(one({ ...GREY, tags })).toEqual({ output: CLEAN, removed, kept: [] })
  })

  test('a thumbnail that shows the uncropped picture is no page', () => {
    const thumbnail = { ...GREY, tags: { 254: long(1) } }
    const mask = { ...GREY, tags: { 254: long(4) } }
    expect(written({ pages: [GREY, thumbnail, mask] })).toEqual({
      output: CLEAN,
      removed: ['IMG-TIFF 2'],
      kept: [],
    })
    expect(written({ pages: [thumbnail] }).output).toEqual(CLEAN)
  })

  test('bytes that belong to nothing, in front of the pages, between them and behind them', () => {
    expect(one(GREY, { trailing: Buffer.from('behind') }).removed).toEqual(['IMG-TRAIL 1'])
    const zip = one(GREY, { trailing: Buffer.from('PK\x03\x04') })
    expect(zip).toEqual({ output: CLEAN, removed: ['IMG-POLY 1'], kept: [] })
    const unused = { ...GREY, strips: [GREY.strips[0]!, Buffer.from('%PDF-1.7 hidden')] }
    expect(one({ ...unused, tags: { 273: long(8), 279: long(60) } })).toEqual(zip)
  })
})

describe('a TIFF that would cost too much, or that two readers would show differently, is refused', () => {
  test.each<readonly [string, PageSpecimen, string]>([
    [
      '65,535 × 65,535 pixels',
      { ...GREY, tags: { 256: long(65_535), 257: long(65_535) } },
      'IMG-BOMB',
    ],
    ['64 samples of 32 bits', { ...GREY, tags: { 277: short(64) } }, 'IMG-TIFF'],
    [
      'a small picture in an enormous tile',
      { ...GREY, tile: [0xfff0, 0xfff0], strips: [Buffer.alloc(9)] },
      'IMG-BOMB',
    ],
    [
      'ten million strips',
      { ...GREY, tags: { 256: long(1), 257: long(10_000_000), 278: long(1) } },
      'IMG-BOMB',
    ],
    ['old JPEG', { ...GREY, compression: 6 }, 'IMG-TIFF'],
    ['JBIG and others', { ...GREY, compression: 34_661 }, 'IMG-TIFF'],
    ['a photometric interpretation nobody knows', { ...GREY, photometric: 32_803 }, 'IMG-TIFF'],
    [
      'samples of different depths',
      { ...GREY, samples: 3, photometric: 2, tags: { 258: short(8, 8, 4) } },
      'IMG-TIFF',
    ],
    ['an index into a palette of 16 bits', { ...GREY, photometric: 3, bits: 16 }, 'IMG-TIFF'],
    ['a palette without a map', { ...GREY, photometric: 3 }, 'IMG-DECODE'],
    ['no width', { ...GREY, width: 0 }, 'IMG-DECODE'],
    ['no data at all', { ...GREY, strips: [] }, 'IMG-DECODE'],
    [
      'a deflated strip that swells',
      { ...GREY, compression: 8, strips: [deflateSync(Buffer.alloc(3_000_000))] },
      'IMG-BOMB',
    ],
  ])('%s', (_, page, reason) => {
    expect(one(page).reason).toBe(reason)
  })

  test.each<readonly [string, PageSpecimen]>([
    [
      'a hundred million and more bilevel pixels',
      { ...GREY, width: 20_000, height: 5001, bits: 1 },
    ],
    [
      'a fax line of a hundred million dots',
      { ...GREY, width: 100_000_000, height: 1, bits: 1, compression: 4 },
    ],
  ])('%s', (_, page) => {
    expect(one(page).reason).toBe('IMG-BOMB')
  })

  test('pages that share one list of a hundred thousand strips', () => {
    const dots = { width: 1, height: 100_000, rowsPerStrip: 1, strips: [Buffer.of(1)] }
    const list = long(...Array.from({ length: 100_000 }, () => 8))
    const ones = long(...Array.from({ length: 100_000 }, () => 1))
    const file = tiffSpecimen({
      pages: [
        { ...dots, tags: { 273: list, 279: ones } },
        ...Array.from({ length: 11 }, () => GREY),
      ],
    })
    // The later pages get the directory entries of the first.
    const entries = (at: number) => file.subarray(at + 2, at + 2 + 12 * file.readUInt16LE(at))
    const first = file.readUInt32LE(4)
    for (let at = first; at !== 0; at = file.readUInt32LE(at + 2 + 12 * file.readUInt16LE(at)))
      entries(first).copy(file, at + 2)
    expect(disarm(file).reason).toBe('IMG-BOMB')
  })

  test('directories of twenty thousand entries each', () => {
    const size = 2 + 20_000 * 12 + 4
    const chain = (pages: number) => {
      const file = Buffer.alloc(8 + pages * size)
      file.write('II*\0\x08', 'latin1')
      for (let page = 0; page < pages; page++) {
        file.writeUInt16LE(20_000, 8 + page * size)
        const next = page + 1 < pages ? 8 + (page + 1) * size : 0
        file.writeUInt32LE(next, 8 + (page + 1) * size - 4)
      }
      return file
    }
    expect(disarm(chain(10)).reason).toBe('IMG-DECODE')
    expect(disarm(chain(11)).reason).toBe('IMG-BOMB')
  })

  test('a chain of pages that bites its tail', () => {
    expect(written({ pages: [GREY], loopTo: 0 }).reason).toBe('IMG-DECODE')
    expect(written({ pages: [GREY, GREY, GREY], loopTo: 1 }).reason).toBe('IMG-DECODE')
  })

  test('1,000 pages pass, 1,001 are a bomb', () => {
    const dot = { width: 1, height: 1, strips: [Buffer.of(1)] }
    const pages = (count: number) => written({ pages: Array.from({ length: count }, () => dot) })
    expect(pages(1000).reason).toBeUndefined()
    expect(pages(1001).reason).toBe('IMG-BOMB')
  })

  test('a thousand strips that are all the same megabyte', () => {
    const strip = Buffer.alloc(100_000, 0x80)
    const strips = {
      273: long(...Array<number>(1000).fill(8)),
      279: long(...Array<number>(1000).fill(100_000)),
    }
    const page = {
      width: 8,
      height: 1000,
      rowsPerStrip: 1,
      compression: 32_773,
      strips: [strip],
      tags: strips,
    }
    expect(one(page).reason).toBe('IMG-BOMB')
  })

  test('the pixels are paid from the budget of the whole file', () => {
    const context = new Context({ limits: { decodedBytes: 50 } })
    expect(() => tiffFromTiff(tiffSpecimen({ pages: [GREY] }), context, '')).toThrow('LIMIT-SIZE')
  })
})

describe('a TIFF that was cut off', () => {
  test('rows that are missing are white, and that is reported', () => {
    const outcome = one({
      ...GREY,
      rowsPerStrip: 2,
      strips: [
        GREY.strips[0]!.subarray(0, 12),
        Buffer.alloc(5),
        Buffer.of(),
        Buffer.of(),
        Buffer.of(),
      ],
    })
    expect(outcome.kept).toEqual(['IMG-TRUNCATED 1'])
    expect(canonicalPages(outcome.output)[0]!.data.subarray(12)).toEqual(Buffer.alloc(48, 0xff))
    expectCanonical(outcome.output)
  })

  test('a page that is gone is left out and reported, the others come', () => {
    const gone = { ...GREY, strips: [] }
    const outcome = written({ pages: [GREY, gone, GREY] })
    expect(canonicalPages(outcome.output)).toHaveLength(2)
    expect(outcome.removed).toEqual(['IMG-DECODE 1'])
  })
})

describe('hostile bytes', () => {
  const jpegPage = {
    width: 8,
    height: 8,
    compression: 7,
    strips: [
      jpegSpecimen({
        width: 8,
        height: 8,
        components: [{ id: 1, h: 1, v: 1, blocks: [Array.from({ length: 64 }, (_, i) => i % 5)] }],
        scans: [{ components: [0], ...WHOLE_BAND }],
      }),
    ],
  }
  const faxRows = Array.from({ length: 9 }, (_, y) =>
    Array.from({ length: 30 }, (_x, x) => (x * y) % 7 < 2),
  )
  const seeds = [
    tiffSpecimen({
      pages: [GREY, { ...GREY, compression: 5, strips: [lzwSpecimen(GREY.strips[0]!)] }],
    }),
    tiffSpecimen({
      pages: [
        {
          width: 30,
          height: 9,
          bits: 1,
          photometric: 0,
          compression: 4,
          strips: [encodeFax(faxRows, -1)],
        },
      ],
      little: false,
    }),
    tiffSpecimen({
      pages: [
        {
          ...GREY,
          photometric: 3,
          tags: { 320: short(...Array.from({ length: 768 }, (_, i) => i * 80)) },
        },
      ],
      big: true,
    }),
    tiffSpecimen({ pages: [jpegPage] }),
  ]
  const change = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255))
  const changed = (seed: Uint8Array, changes: readonly (readonly [number, number])[]) => {
    const bytes = Uint8Array.from(seed)
    for (const [place, value] of changes) bytes[Math.floor(place * (bytes.length - 1))] = value
    return bytes
  }

  test('a mutated TIFF is refused by reason or comes out in the form that the verifier accepts and that is its own rebuild', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...seeds),
        fc.array(change, { minLength: 1, maxLength: 6 }),
        (seed, changes) => {
          const outcome = disarm(changed(seed, changes))
          if (outcome.reason === undefined) expectCanonical(outcome.output)
          else expect(outcome.reason).toMatch(/^(?:IMG-DECODE|IMG-BOMB|IMG-TIFF|LIMIT-SIZE)$/u)
        },
      ),
      { numRuns: 800 },
    )
  })

  test('whatever the verifier accepts after a change is what the disarmer would write', () => {
    const clean = seeds.map((seed) => disarm(seed).output)
    fc.assert(
      fc.property(
        fc.constantFrom(...clean),
        fc.array(change, { minLength: 1, maxLength: 2 }),
        (seed, changes) => {
          const bytes = changed(seed, changes)
          try {
            verifyTiff(bytes, new Budget(), '')
          } catch (error) {
            expect(error).toMatchObject({ name: 'Rejection' })
            return
          }
          expectCanonical(bytes)
        },
      ),
      { numRuns: 800 },
    )
  })

  test('the input is never changed', () => {
    for (const seed of seeds) {
      const before = Buffer.from(seed)
      disarm(seed)
      expect(Buffer.compare(before, seed)).toBe(0)
    }
  })
})
