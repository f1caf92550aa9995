import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Context } from '../../family.ts'
import { encodePng } from '../index.ts'
import { chunk, headerChunk, packedRows, pngSpecimen } from '../specimens/png-specimen.ts'
import type { PngSpecimen } from '../specimens/png-specimen.ts'
import { contains, disarmImage, verified } from '../specimens/report.ts'
import { readPng } from './read.ts'

const FORMS = [
  [0, 1],
  [0, 2],
  [0, 4],
  [0, 8],
  [0, 16],
  [2, 8],
  [2, 16],
  [3, 1],
  [3, 2],
  [3, 4],
  [3, 8],
  [4, 8],
  [4, 16],
  [6, 8],
  [6, 16],
] as const
const SAMPLES_PER_PIXEL = [1, 0, 3, 1, 2, 0, 4]

const pictures: fc.Arbitrary<PngSpecimen> = fc
  .record({
    form: fc.constantFrom(...FORMS),
    width: fc.integer({ min: 1, max: 19 }),
    height: fc.integer({ min: 1, max: 19 }),
    interlaced: fc.boolean(),
    filters: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 5 }),
    seed: fc.array(fc.nat(65_535), { minLength: 1, maxLength: 40 }),
  })
  .map(({ form: [colorType, bitDepth], width, height, interlaced, filters, seed }) => {
    const count = width * height * SAMPLES_PER_PIXEL[colorType]!
    const samples = Array.from({ length: count }, (_, i) => seed[i % seed.length]! % 2 ** bitDepth)
    const plain = { width, height, bitDepth, colorType, interlaced, filters, samples }
    return colorType === 3 ? { ...plain, palette: rainbow(2 ** bitDepth) } : plain
  })

function rainbow(size: number): Uint8Array {
  return Uint8Array.from({ length: size * 3 }, (_, i) => (i * 37 + 11) % 256)
}

const GREY: PngSpecimen = {
  width: 4,
  height: 3,
  bitDepth: 8,
  colorType: 0,
  samples: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
}

function decoded(bytes: Uint8Array) {
  return readPng(bytes, new Context(), '')
}

describe('a PNG is rebuilt from its pixels', () => {
  test('every colour type, depth, filter and interlacing is read as it was written', () => {
    fc.assert(
      fc.property(pictures, (picture) => {
        expect(Buffer.from(decoded(pngSpecimen(picture)).data)).toEqual(packedRows(picture))
      }),
      { numRuns: 300 },
    )
  })

  test('the output shows the same pixels, satisfies the verifier, and is its own rebuild', () => {
    fc.assert(
      fc.property(pictures, (picture) => {
        const first = disarmImage(pngSpecimen(picture))
        expect(verified(first.output)).toBe('png')
        expect(Buffer.from(decoded(first.output).data)).toEqual(packedRows(picture))
        expect(disarmImage(first.output)).toEqual({ ...first, removed: [] })
      }),
      { numRuns: 200 },
    )
  })

  test('transparency of indexed, grey and RGB pictures survives', () => {
    const indexed = {
      ...GREY,
      colorType: 3,
      bitDepth: 2,
      samples: [0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3],
    }
    const alphas = Uint8Array.of(0, 128, 7)
    const withPalette = pngSpecimen({ ...indexed, palette: rainbow(4), transparency: alphas })
    const grey = pngSpecimen({ ...GREY, transparency: Uint8Array.of(0, 5) })
    const rgb = pngSpecimen({
      ...GREY,
      width: 2,
      height: 2,
      colorType: 2,
      transparency: Uint8Array.of(0, 1, 0, 2, 0, 3),
    })
    expect([...decoded(disarmImage(withPalette).output).transparency!]).toEqual([0, 128, 7])
    expect([...decoded(disarmImage(grey).output).transparency!]).toEqual([0, 5])
    expect([...decoded(disarmImage(rgb).output).transparency!]).toEqual([0, 1, 0, 2, 0, 3])
  })
})

describe('nothing but pixels leaves a PNG', () => {
  const clean = disarmImage(pngSpecimen(GREY)).output

  test.each(['tEXt', 'zTXt', 'iTXt', 'eXIf', 'tIME', 'caBX', 'prVt', 'sPLT'])(
    'metadata in %s is gone and reported',
    (type) => {
      const hidden = chunk(type, Buffer.from('Author\0Yamada 35.68,139.76'))
      const outcome = disarmImage(pngSpecimen({ ...GREY, early: [hidden], late: [hidden] }))
      expect(outcome.removed).toEqual(['IMG-EXIF 2'])
      expect(outcome.output).toEqual(clean)
    },
  )

  test('a colour profile is gone and reported as what it is', () => {
    const early = [chunk('iCCP', Buffer.from('p\0\0x'))]
    const outcome = disarmImage(pngSpecimen({ ...GREY, early }))
    expect(outcome.removed).toEqual(['IMG-ICC 1'])
    expect(outcome.output).toEqual(clean)
  })

  test('rendering hints of fixed size are dropped without a word', () => {
    const hints = [chunk('gAMA', Buffer.alloc(4)), chunk('pHYs', Buffer.alloc(9))]
    const outcome = disarmImage(pngSpecimen({ ...GREY, early: hints }))
    expect(outcome.removed).toEqual([])
    expect(outcome.output).toEqual(clean)
  })

  test.each([
    ['a zip behind IEND', { trailing: Buffer.from('PK\x03\x04rest', 'latin1') }, 'IMG-POLY 1'],
    [
      'remains of the uncropped picture behind IEND',
      { trailing: Buffer.alloc(99, 7) },
      'IMG-TRAIL 1',
    ],
    ['bytes behind the last row', { surplus: Buffer.from('secret') }, 'IMG-TRAIL 1'],
    ['bytes behind the zlib stream', { behindStream: Buffer.from('<?php x') }, 'IMG-POLY 1'],
    [
      'a program in a text chunk',
      { late: [chunk('tEXt', Buffer.from('c\0<?php x'))] },
      'IMG-POLY 1',
    ],
  ])('%s is gone and reported', (_title, hidden, rule) => {
    const outcome = disarmImage(pngSpecimen({ ...GREY, ...hidden }))
    expect(outcome.removed).toContain(rule)
    expect(outcome.output).toEqual(clean)
  })

  test('of an animated PNG the first picture stays and the others are reported', () => {
    const control = chunk('fcTL', Buffer.alloc(26))
    const frames = [control, chunk('fdAT', Buffer.alloc(30))]
    const outcome = disarmImage(
      pngSpecimen({ ...GREY, early: [chunk('acTL', Buffer.alloc(8)), control], late: frames }),
    )
    expect(outcome.removed).toEqual(['IMG-ANIM 4'])
    expect(outcome.output).toEqual(clean)
  })

  test('palette entries that no pixel uses cannot carry a message', () => {
    const palette = Buffer.alloc(768, 'message in colours')
    const samples = [0, 1, 4, 4, 0, 1, 4, 4, 0, 1, 4, 4]
    const { output } = disarmImage(pngSpecimen({ ...GREY, colorType: 3, samples, palette }))
    const kept = decoded(output).palette!
    expect(kept.length).toBe(5 * 3)
    expect([...kept.subarray(6, 12)]).toEqual([0, 0, 0, 0, 0, 0])
    expect([...kept.subarray(12)]).toEqual([...palette.subarray(12, 15)])
  })

  test('an index beyond the palette becomes black for every reader', () => {
    const samples = [0, 1, 7, 0, 1, 7, 0, 1, 7, 0, 1, 7]
    const { output } = disarmImage(
      pngSpecimen({ ...GREY, colorType: 3, samples, palette: rainbow(2) }),
    )
    expect([...decoded(output).palette!.subarray(6)]).toEqual(Array.from({ length: 18 }, () => 0))
  })

  test('spare bits at the end of a row cannot carry a message', () => {
    const loud = { ...GREY, width: 8, height: 1, samples: [255, 255, 255, 255, 255, 255, 255, 255] }
    const stream = pngSpecimen({
      ...loud,
      bitDepth: 1,
      width: 8,
      samples: [1, 1, 1, 1, 1, 1, 1, 1],
    })
    const narrow = Buffer.from(stream)
    headerChunk({ width: 3, height: 1, bitDepth: 1, colorType: 0 }).forEach((byte, i) => {
      narrow[8 + i] = byte
    })
    expect([...decoded(narrow).data]).toEqual([0b1110_0000])
  })
})

describe('a PNG that no strict reader would show is refused', () => {
  const valid = Buffer.from(pngSpecimen(GREY))

  test.each([
    ['a 65,535 × 65,535 header', { width: 65_535, height: 65_535 }, 'IMG-BOMB'],
    ['one pixel more than the limit', { width: 10_000, height: 10_001 }, 'IMG-BOMB'],
    [
      '16-bit RGBA beyond the limit of bytes',
      { width: 9000, height: 9000, colorType: 6, bitDepth: 16 },
      'IMG-BOMB',
    ],
    [
      'exactly the limit, but no data',
      { width: 10_000, height: 10_000, bitDepth: 1 },
      'IMG-DECODE',
    ],
    ['width 0', { width: 0 }, 'IMG-DECODE'],
    ['a depth that its colour type has not', { colorType: 2, bitDepth: 4 }, 'IMG-DECODE'],
    ['colour type 5', { colorType: 5 }, 'IMG-DECODE'],
  ])('%s', (_title, header, reason) => {
    const bytes = pngSpecimen(GREY)
    const forged = Buffer.from(bytes)
    headerChunk({ ...GREY, ...header }).forEach((byte, i) => (forged[8 + i] = byte))
    expect(disarmImage(forged).reason).toBe(reason)
  })

  test('a small stream that inflates without end is a bomb', () => {
    const surplus = Buffer.alloc(80_000_000)
    expect(disarmImage(pngSpecimen({ ...GREY, surplus })).reason).toBe('IMG-BOMB')
  })

  test.each([
    ['a wrong CRC of IHDR', 8 + 8 + 13],
    ['a changed byte of the pixel data', valid.indexOf('IDAT') + 6],
  ])('%s', (_title, at) => {
    const broken = Buffer.from(valid)
    broken[at] = broken[at]! ^ 1
    expect(disarmImage(broken).reason).toBe('IMG-DECODE')
  })

  test('no truncation of a PNG is shown half', () => {
    for (let length = 0; length < valid.length; length++) {
      expect(disarmImage(valid.subarray(0, length)).reason).toBe('IMG-DECODE')
    }
  })

  test.each([
    ['two headers', { early: [headerChunk(GREY)] }],
    ['a critical chunk nobody knows', { early: [chunk('EVIL', Buffer.alloc(4))] }],
    [
      'pixel data in two places',
      { late: [chunk('tEXt', Buffer.alloc(1)), chunk('IDAT', Buffer.alloc(1))] },
    ],
    ['a palette behind the pixels', { late: [chunk('PLTE', Buffer.alloc(3))] }],
    ['an indexed picture without a palette', { colorType: 3 }],
    ['filter 5', { filters: [5] }],
  ])('%s', (_title, change) => {
    expect(disarmImage(pngSpecimen({ ...GREY, ...change })).reason).toBe('IMG-DECODE')
  })
})

describe('encodePng', () => {
  test('refuses parts that contradict each other as a bug of the caller', () => {
    const picture = {
      width: 2,
      height: 2,
      bitDepth: 8,
      colorType: 0,
      data: new Uint8Array(4),
    } as const
    expect(contains(encodePng(picture), 'IHDR')).toBe(true)
    expect(() => encodePng({ ...picture, data: new Uint8Array(3) })).toThrow('do not fit')
    expect(() => encodePng({ ...picture, colorType: 3 })).toThrow('do not fit')
    expect(() => encodePng({ ...picture, bitDepth: 3 })).toThrow('do not fit')
  })
})
