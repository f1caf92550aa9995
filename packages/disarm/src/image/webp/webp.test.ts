import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Context } from '../../family.ts'
import { contains, disarmImage, verified } from '../specimens/report.ts'
import {
  canvasSpecimen,
  chunksOf,
  lengthsCode,
  losslessSpecimen,
  lossySpecimen,
  NO_OPTIONS,
  singleCode,
  stepSpecimen,
  webpSpecimen,
} from '../specimens/webp-specimen.ts'
import type { BitRows, ChunkSpecimen, LossySpecimen } from '../specimens/webp-specimen.ts'
import { webpFromWebp } from './rebuild.ts'
import { BoolDecoder } from './vp8/bool-decoder.ts'
import { BoolEncoder } from './vp8/bool-encoder.ts'
import type { Vp8Picture } from './vp8/picture.ts'
import { readVp8 } from './vp8/read.ts'

const CORPUS = join(import.meta.dirname, '../../../../../corpus/disarm/webp')
const golden = readdirSync(CORPUS).map((name) => [name, readFileSync(join(CORPUS, name))] as const)
const file = (name: string): Buffer => readFileSync(join(CORPUS, name))

const LOSSLESS: ChunkSpecimen = ['VP8L', losslessSpecimen({ width: 4, height: 3 })]
const LOSSY: ChunkSpecimen = ['VP8 ', lossySpecimen({ row: ['one', 'skipped'] })]
const lossy = (specimen: Partial<LossySpecimen>): Buffer =>
  webpSpecimen([['VP8 ', lossySpecimen({ row: ['one', 'skipped'], ...specimen })]])
const lossless = (before: BitRows, symbols: BitRows = []): Buffer =>
  webpSpecimen([['VP8L', losslessSpecimen({ width: 4, height: 3, before, symbols })]])
const typesOf = (webp: Uint8Array): string =>
  chunksOf(webp)
    .map(([type]) => type)
    .join(' ')

describe('pictures of other programs', () => {
  it.each(golden)('%s is written anew, accepted, and then stays as it is', (_, bytes) => {
    const first = disarmImage(bytes)
    expect(verified(first.output)).toBe('webp')
    expect(first.removed).toEqual([])
    expect(first.output.length).toBeLessThanOrEqual(bytes.length)
    expect(disarmImage(first.output)).toEqual(first)
  })

  it.each(['photo-lossy.webp', 'shape-alpha.webp'])('no symbol of %s changes', (name) => {
    const before = symbolsOf(file(name))
    expect(before.coefficients.length).toBeGreaterThan(300)
    expect(symbolsOf(disarmImage(file(name)).output)).toEqual(before)
  })

  it('an animation keeps its frames, times, places and repetitions', () => {
    const heads = (webp: Uint8Array) =>
      chunksOf(webp).map(([type, data]) => [type, [...data.subarray(0, 16)]])
    const before = heads(file('film.webp'))
    expect(before.length).toBeGreaterThan(3)
    expect(heads(disarmImage(file('film.webp')).output)).toEqual(before)
  })
})

/** Everything of a lossy picture that a reader shows. */
function symbolsOf(webp: Uint8Array) {
  const data = chunksOf(webp).find(([type]) => type === 'VP8 ')![1]
  const { header, macroblocks, coefficients } = readVp8(data, new Context(), '')
  return { header, macroblocks, coefficients: numbersOf(coefficients) }
}

function numbersOf(coefficients: Vp8Picture['coefficients']): number[] {
  return Array.from({ length: coefficients.size }, () => coefficients.next())
}

describe('nothing but pictures leaves a WebP', () => {
  const canvas: ChunkSpecimen = ['VP8X', canvasSpecimen(0x2c, 4, 3)]
  const plain = webpSpecimen([LOSSLESS])

  it.each([
    ['where it was taken', ['EXIF', exif('GPS 35.68,139.76')], ['IMG-EXIF 1']],
    ['XMP', ['XMP ', Buffer.from('<x:xmpmeta/>')], ['IMG-EXIF 1']],
    ['a colour profile', ['ICCP', Buffer.from('acsp owner')], ['IMG-ICC 1']],
    ['an unknown chunk', ['EVIL', Buffer.from('anything')], ['IMG-WEBP 1']],
    ['a chunk of a program', ['EVIL', Buffer.from('<?php x')], ['IMG-POLY 1', 'IMG-WEBP 1']],
    ['a second picture', LOSSLESS, ['IMG-WEBP 1']],
    ['transparency for a picture that has its own', ['ALPH', Buffer.of(0)], ['IMG-WEBP 1']],
  ] as const)('%s is gone and reported', (_, chunk, removed) => {
    const outcome = disarmImage(webpSpecimen([canvas, LOSSLESS, chunk]))
    expect(outcome.removed).toEqual(removed)
    expect(Buffer.compare(outcome.output, disarmImage(plain).output)).toBe(0)
  })

  it('how the picture is turned is the only thing of Exif that stays', () => {
    const turned = disarmImage(webpSpecimen([canvas, LOSSLESS, ['EXIF', exif('GPS 35.68', 6)]]))
    expect(turned.removed).toEqual(['IMG-EXIF 1'])
    expect(typesOf(turned.output)).toBe('VP8X VP8L EXIF')
    expect(chunksOf(turned.output)[2]![1]).toHaveLength(26)
    expect(contains(turned.output, 'GPS')).toBe(false)
    expect(disarmImage(turned.output)).toEqual({ ...turned, removed: [] })
    const prefixed = Buffer.concat([Buffer.from('Exif\0\0'), exif('', 6)])
    const other = disarmImage(webpSpecimen([canvas, LOSSLESS, ['EXIF', prefixed]]))
    expect(Buffer.compare(other.output, turned.output)).toBe(0)
  })

  it.each([
    ['the end of the file', webpSpecimen([LOSSLESS], Buffer.from('<script>')), 'IMG-POLY 1'],
    ['lossless symbols', padded(LOSSLESS, 'hidden'), 'IMG-TRAIL 1'],
    ['lossy symbols', lossy({ trailing: Buffer.from('0000hidden') }), 'IMG-TRAIL 1'],
  ])('bytes behind %s are gone and reported', (_, bytes, removed) => {
    const outcome = disarmImage(bytes)
    expect(outcome.removed).toEqual([removed])
    expect(contains(outcome.output, 'hidden') || contains(outcome.output, 'script')).toBe(false)
    expect(verified(outcome.output)).toBe('webp')
  })

  it('transparency that is not packed ends with its last pixel, and says nothing of how it was made', () => {
    const alpha = Buffer.concat([Buffer.of(0xd4), Buffer.alloc(32 * 16, 7), Buffer.from('hidden')])
    const outcome = disarmImage(
      webpSpecimen([['VP8X', canvasSpecimen(0x10, 32, 16)], ['ALPH', alpha], LOSSY]),
    )
    expect(outcome.removed).toEqual(['IMG-TRAIL 1'])
    const [head, level] = chunksOf(outcome.output)
    expect([head![1][0], level![1][0], level![1].length]).toEqual([0x10, 0x04, 1 + 32 * 16])
  })

  it('a canvas that says nothing goes, and a size of the canvas that is not the size of the picture', () => {
    const wide = disarmImage(webpSpecimen([['VP8X', canvasSpecimen(0xff, 400, 300)], LOSSLESS]))
    expect(wide.size).toBe('4x3')
    expect(typesOf(wide.output)).toBe('VP8L')
  })
})

function exif(text: string, orientation = 1): Buffer {
  const head = Buffer.from('4d4d002a000000080001011200030000000100000000', 'hex')
  head[19] = orientation
  return Buffer.concat([head, Buffer.alloc(4), Buffer.from(text)])
}

function padded([type, data]: ChunkSpecimen, text: string): Buffer {
  return webpSpecimen([[type, Buffer.concat([data, Buffer.from(text)])]])
}

describe('a lossy picture has one way to be written', () => {
  const plain = disarmImage(lossy({})).output

  it.each<readonly [string, Partial<LossySpecimen>]>([
    ['eight partitions', { partitions: 3 }],
    ['another version', { version: 3 }],
    ['a wish to be enlarged', { scale: 2 }],
    ['another colour space', { kind: 3 }],
    ['zeros up to the end of a block', { row: ['zeros', 'skipped'] }],
  ])('%s leaves no trace', (_, change) => {
    const outcome = disarmImage(lossy(change))
    expect(verified(outcome.output)).toBe('webp')
    const expected = change.row ? disarmImage(lossy({ row: ['skipped', 'skipped'] })).output : plain
    expect(Buffer.compare(outcome.output, expected)).toBe(0)
  })

  it('a macroblock without coefficients is one that is skipped', () => {
    const [empty, skipped] = (['empty', 'skipped'] as const).map(
      (kind) => disarmImage(lossy({ row: [kind, 'skipped'] })).output,
    )
    expect(empty).toEqual(skipped)
  })

  it('segments are absolute, and one that no macroblock is in has no values', () => {
    const segments = { quantizers: [5, -30, 0, 99], levels: [3, -20, 9, 9], of: [0, 1] }
    const outcome = disarmImage(lossy({ segments: { absolute: false, ...segments } }))
    const data = chunksOf(outcome.output)[0]![1]
    expect(readVp8(data, new Context(), '').header).toMatchObject({
      segments: [
        { quantizer: 25, filterLevel: 13 },
        { quantizer: 0, filterLevel: 0 },
        { quantizer: 0, filterLevel: 0 },
        { quantizer: 0, filterLevel: 0 },
      ],
      quantizers: { base: 0, deltas: [-2, -1, 0, 1, 2] },
    })
    const absolute = { absolute: true, quantizers: [25, 0, 7, 7], levels: [13, 0, 7, 7] }
    const same = disarmImage(lossy({ segments: { ...absolute, of: [0, 1] } }))
    expect(Buffer.compare(same.output, outcome.output)).toBe(0)
  })

  it('a filter that is off has no settings', () => {
    const off = disarmImage(lossy({ filterLevel: 0 })).output
    expect(Buffer.compare(disarmImage(lossy({ filterLevel: 0, sharpness: 5 })).output, off)).toBe(0)
  })

  it('arithmetic coding gives back every bit at every probability', () => {
    const bit = fc.tuple(fc.nat(1), fc.integer({ min: 1, max: 255 }))
    fc.assert(
      fc.property(fc.array(bit, { maxLength: 400 }), (bits) => {
        const encoder = new BoolEncoder()
        for (const [value, probability] of bits) encoder.bit(value, probability)
        const bytes = encoder.finish()
        const decoder = new BoolDecoder(bytes)
        expect(bits.map(([, probability]) => decoder.bit(probability))).toEqual(
          bits.map(([value]) => value),
        )
        expect(decoder.consumed).toBeGreaterThanOrEqual(bits.length === 0 ? 0 : bytes.length - 1)
      }),
      { numRuns: 200 },
    )
  })
})

describe('prefix codes aimed at a table (CVE-2023-4863)', () => {
  const green = (lengths: readonly number[]): BitRows => [
    ...NO_OPTIONS,
    ...lengthsCode([...lengths, ...Array.from({ length: 280 - lengths.length }, () => 0)]),
    ...[2, 3, 255, 0].flatMap(singleCode),
  ]
  const zeros: BitRows = Array.from({ length: 12 }, () => [0, 1] as const)

  it.each<readonly [string, readonly number[]]>([
    ['more words than fit', [1, 1, 1]],
    ['far more words than fit', Array.from({ length: 200 }, () => 3)],
    ['fewer words than fit', [1, 2]],
    ['long words alone', [15, 15, 15, 15]],
    ['no word at all', []],
  ])('%s: refused before anything is decoded', (_, lengths) => {
    expect(disarmImage(lossless(green(lengths), zeros)).reason).toBe('IMG-DECODE')
  })

  it('a deep code is read, and comes out as shallow as its use', () => {
    const deep = [...Array.from({ length: 14 }, (_, i) => i + 1), 15, 15]
    const outcome = disarmImage(lossless(green(deep), zeros))
    expect(verified(outcome.output)).toBe('webp')
    // Twelve pixels of one colour: five codes of one symbol, and no bits behind them.
    const plain = [0, 2, 3, 255, 0].flatMap(singleCode)
    expect(outcome.output).toEqual(disarmImage(lossless([...NO_OPTIONS, ...plain])).output)
  })

  it.each<readonly [string, BitRows]>([
    [
      'a copy from before the first pixel',
      [
        [256 + 1, 9],
        [0, 1],
      ],
    ],
    [
      'a copy beyond the last pixel',
      [
        [0, 9],
        [256 + 23, 9],
        [1023, 10],
        [0, 1],
      ],
    ],
  ])('%s is refused', (_, symbols) => {
    // 256 words of nine bits would be half a tree; with 24 lengths and more of nine it is full.
    const nine = Array.from({ length: 280 }, (_each, i) => (i < 232 ? 8 : 9))
    expect(nine.reduce((sum, length) => sum + 2 ** -length, 0)).toBe(1)
    const words = symbols.flatMap(([value, bits]): BitRows =>
      bits === 9 ? [wordOf(nine, value)] : [[value, bits]],
    )
    // Enough zeros for every pixel that is left: nothing is wrong but the copy.
    const rest = Array.from({ length: 12 }, () => [0, 8] as const)
    expect(disarmImage(lossless(green(nine), [...words, ...rest])).reason).toBe('IMG-DECODE')
  })

  it.each<readonly [string, BitRows]>([
    [
      'a transform twice',
      [
        [1, 1],
        [2, 2],
        [1, 1],
        [2, 2],
        [0, 1],
        [0, 1],
      ],
    ],
    [
      'a colour cache of no bits',
      [
        [0, 1],
        [1, 1],
        [0, 4],
      ],
    ],
    [
      'a colour cache of 2^15 colours',
      [
        [0, 1],
        [1, 1],
        [15, 4],
      ],
    ],
  ])('%s is refused', (_, start) => {
    const codes = [1, 2, 3, 255, 0].flatMap(singleCode)
    expect(disarmImage(lossless([...start, [0, 1], ...codes])).reason).toBe('IMG-DECODE')
  })

  it('65,536 groups of codes, of which one is used, cost no more than they are long', () => {
    const codes = [1, 2, 3, 255, 0].flatMap(singleCode)
    const entropy: BitRows = [[0, 1], ...[255, 255, 0, 0, 0].flatMap(singleCode)]
    const before: BitRows = [[0, 1], [0, 1], [1, 1], [7, 3], ...entropy]
    expect(disarmImage(lossless([...before, ...codes])).reason).toBe('IMG-DECODE')
  })
})

/** The canonical word of a symbol, turned round. */
function wordOf(lengths: readonly number[], symbol: number): readonly [number, number] {
  const order = lengths.map((_, i) => i).toSorted((a, b) => lengths[a]! - lengths[b]! || a - b)
  let word = 0
  let length = lengths[order[0]!]!
  for (const each of order) {
    word *= 2 ** (lengths[each]! - length)
    length = lengths[each]!
    if (each === symbol) break
    word++
  }
  const digits = word.toString(2).padStart(length, '0')
  return [Number.parseInt([...digits].toReversed().join(''), 2), length]
}

describe('limits of a WebP', () => {
  const animation = (frames: number, width = 4, height = 3): Buffer =>
    webpSpecimen([
      ['VP8X', canvasSpecimen(0x02, width, height)],
      ['ANIM', Buffer.alloc(6)],
      ...Array.from(
        { length: frames },
        () =>
          [
            'ANMF',
            stepSpecimen(width, height, [['VP8L', losslessSpecimen({ width, height })]]),
          ] as const,
      ),
    ])

  it('500 frames pass; of 501 the first is left, and the report says so', () => {
    expect(typesOf(disarmImage(animation(500)).output)).toMatch(/^VP8X ANIM(?: ANMF){500}$/u)
    const outcome = disarmImage(animation(501))
    expect(outcome.removed).toEqual(['IMG-ANIM 1'])
    expect(typesOf(outcome.output)).toBe('VP8L')
  })

  it.each([
    ['a lossless picture of 16,384 × 16,384 in thirty bytes', [16_384, 16_384]],
    ['one of 16,384 × 6,104', [16_384, 6104]],
  ] as const)('%s is a bomb', (_, [width, height]) => {
    const bytes = webpSpecimen([['VP8L', losslessSpecimen({ width, height })]])
    expect(disarmImage(bytes).reason).toBe('IMG-BOMB')
  })

  it('a picture spends from the budget of the whole file before it is decoded', () => {
    const context = new Context({ limits: { decodedBytes: 1_000_000 } })
    const bytes = webpSpecimen([['VP8L', losslessSpecimen({ width: 4000, height: 4000 })]])
    expect(() => webpFromWebp(bytes, context, '')).toThrow('LIMIT-SIZE')
  })

  it.each<readonly [string, readonly ChunkSpecimen[]]>([
    ['no picture', []],
    [
      'a frame beyond the canvas',
      [
        ['VP8X', canvasSpecimen(0x02, 3, 3)],
        ['ANIM', Buffer.alloc(6)],
        ['ANMF', stepSpecimen(4, 3, [LOSSLESS])],
      ],
    ],
    [
      'a frame without a picture',
      [
        ['VP8X', canvasSpecimen(0x02, 4, 3)],
        ['ANMF', stepSpecimen(4, 3, [])],
      ],
    ],
  ])('%s is refused', (_, chunks) => {
    expect(disarmImage(webpSpecimen(chunks)).reason).toBe('IMG-DECODE')
  })

  it.each(golden.filter(([name]) => name !== 'film.webp'))(
    '%s cut off anywhere is refused by reason',
    (_, bytes) => {
      for (let length = 12; length < bytes.length - 20; length += 7) {
        expect(disarmImage(bytes.subarray(0, length)).reason).toBe('IMG-DECODE')
      }
    },
  )

  it('of an animation that is cut off between two frames the whole ones stay, and the report says so', () => {
    const bytes = file('film.webp')
    const last = bytes.lastIndexOf('ANMF')
    const outcome = disarmImage(bytes.subarray(0, last))
    expect(outcome.removed).toEqual(['IMG-TRUNCATED 1'])
    expect(disarmImage(bytes.subarray(0, last + 40)).reason).toBe('IMG-DECODE')
  })
})

describe('hostile WebP', () => {
  const seeds = [...golden.map(([, bytes]) => bytes), lossy({}), webpSpecimen([LOSSLESS])]
  const change = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255))

  it('changed bytes are refused by reason or written so that the verifier accepts, once and for all', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...seeds),
        fc.array(change, { minLength: 1, maxLength: 6 }),
        (seed, changes) => {
          const bytes = Uint8Array.from(seed)
          for (const [at, value] of changes)
            bytes[12 + Math.floor(at * (bytes.length - 13))] = value
          expectSound(bytes)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('so are random bits behind a good head', () => {
    const noise = fc.uint8Array({ minLength: 60, maxLength: 400 })
    const head = Buffer.from('9001009d012a20002000', 'hex')
    const image = losslessSpecimen({ width: 9, height: 9, before: [] })
    fc.assert(
      fc.property(noise, fc.boolean(), (bytes, isLossy) => {
        const data = Buffer.concat([isLossy ? head : image, bytes])
        expectSound(webpSpecimen([[isLossy ? 'VP8 ' : 'VP8L', data]]))
      }),
      { numRuns: 300 },
    )
  })

  function expectSound(bytes: Uint8Array): void {
    const outcome = disarmImage(bytes)
    expect(outcome.reason ?? verified(outcome.output)).toBeOneOf(['IMG-DECODE', 'IMG-BOMB', 'webp'])
    if (outcome.reason === undefined) {
      expect(disarmImage(outcome.output)).toEqual({ ...outcome, removed: [] })
    }
  }
})
