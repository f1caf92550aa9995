import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { verifyBmp } from '../../../verify/bmp.ts'
import { Budget } from '../../../verify/budget.ts'
import { Context, Refusal } from '../../family.ts'
import { bmpSpecimen, padded } from '../specimens/bmp-specimen.ts'
import type { BmpSpecimen } from '../specimens/bmp-specimen.ts'
import { isBmp } from './read.ts'
import { bmpFromBmp } from './rebuild.ts'

interface Outcome {
  readonly reason?: string
  readonly output: Buffer
  readonly removed: readonly string[]
  readonly kept: readonly string[]
}

function disarm(bytes: Uint8Array): Outcome {
  const context = new Context()
  const done = (output: Uint8Array, reason?: string) => {
    const { removed, kept } = context.report()
    const found = {
      output: Buffer.from(output),
      removed: removed.map(({ rule }) => rule),
      kept: kept.map(({ rule }) => rule),
    }
    return reason === undefined ? found : { ...found, reason }
  }
  try {
    return done(bmpFromBmp(bytes, context, '').output)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return done(new Uint8Array(0), error.reason)
  }
}

const written = (bmp: BmpSpecimen) => disarm(bmpSpecimen(bmp))

/** Accepted by the verifier, and what comes of it is itself. */
function expectCanonical(output: Uint8Array): void {
  expect(() => verifyBmp(output, new Budget(), '')).not.toThrow()
  const again = disarm(output)
  expect([again.reason, again.removed, again.kept]).toEqual([undefined, [], []])
  expect(Buffer.compare(again.output, output)).toBe(0)
}

/** Depth of a written file and the bytes of its rows. */
function pixelsOf(output: Buffer): { readonly depth: number; readonly rows: readonly number[] } {
  return { depth: output.readUInt16LE(28), rows: [...output.subarray(output.readUInt32LE(10))] }
}

const RED_GREEN_BLUE = [0, 0, 255, 0, 255, 0, 255, 0, 0]
const COLOR: BmpSpecimen = { width: 3, height: 1, bits: 24, pixels: padded([RED_GREEN_BLUE]) }
const CLEAN = written(COLOR).output
const PALETTE = Buffer.from(
  Array.from({ length: 1024 }, (_, i) => (i % 4 === 3 ? 0 : (i * 7) % 256)),
)
const INDEXED: BmpSpecimen = {
  width: 5,
  height: 2,
  bits: 8,
  palette: PALETTE,
  pixels: padded([
    [1, 2, 3, 4, 5],
    [6, 6, 6, 7, 7],
  ]),
}

describe('the same pixels, however they were written', () => {
  test.each<readonly [string, BmpSpecimen]>([
    ['from top to bottom', { ...COLOR, height: -1 }],
    ['OS/2', { ...COLOR, headerSize: 12 }],
    ['OS/2 2', { ...COLOR, headerSize: 64 }],
    ['Windows 4', { ...COLOR, headerSize: 108 }],
    ['Windows 5', { ...COLOR, headerSize: 124 }],
    [
      '32 bits whose fourth byte means nothing',
      { ...COLOR, bits: 32, pixels: Buffer.of(0, 0, 255, 9, 0, 255, 0, 8, 255, 0, 0, 7) },
    ],
    ['16 bits', { ...COLOR, bits: 16, pixels: padded([[0, 0x7c, 0xe0, 0x03, 0x1f, 0]]) }],
    [
      '16 bits with masks',
      {
        ...COLOR,
        bits: 16,
        compression: 3,
        masks: [0xf800, 0x07e0, 0x001f],
        pixels: padded([[0, 0xf8, 0xe0, 0x07, 0x1f, 0]]),
      },
    ],
    [
      'masks in a header of 52 bytes',
      {
        ...COLOR,
        headerSize: 52,
        bits: 16,
        compression: 3,
        masks: [0xf800, 0x07e0, 0x001f],
        pixels: padded([[0, 0xf8, 0xe0, 0x07, 0x1f, 0]]),
      },
    ],
    [
      'colours of ten bits',
      {
        ...COLOR,
        bits: 32,
        compression: 3,
        masks: [0x3ff00000, 0x000ffc00, 0x000003ff],
        pixels: Buffer.from(Uint32Array.of(0x3ff00000, 0x000ffc00, 0x000003ff).buffer),
      },
    ],
    [
      'an alpha that is 0 everywhere',
      {
        ...COLOR,
        headerSize: 124,
        bits: 32,
        compression: 3,
        masks: [0xff0000, 0xff00, 0xff, 0xff000000],
        pixels: Buffer.of(0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0),
      },
    ],
  ])('%s', (_, bmp) => {
    expect(written(bmp)).toEqual({ output: CLEAN, removed: [], kept: [] })
    expectCanonical(CLEAN)
  })

  test('an alpha is kept where the header says that there is one', () => {
    const masks = [0xff0000, 0xff00, 0xff, 0xff000000]
    const pixels = Buffer.of(0, 0, 255, 255, 0, 255, 0, 128, 255, 0, 0, 0)
    for (const [headerSize, compression] of [
      [56, 3],
      [108, 3],
      [124, 3],
      [40, 6],
    ] as const) {
      const { output } = written({ ...COLOR, headerSize, compression, bits: 32, masks, pixels })
      expect(pixelsOf(output)).toEqual({ depth: 32, rows: [...pixels] })
      expectCanonical(output)
    }
  })

  test('depths of 1, 2 and 4 bits keep their indices', () => {
    const palette = PALETTE.subarray(0, 16)
    const one = written({
      width: 10,
      height: 1,
      bits: 1,
      palette,
      pixels: padded([[0b1010_1010, 0b1011_1111]]),
    })
    expect(pixelsOf(one.output)).toEqual({ depth: 1, rows: [0b1010_1010, 0b1000_0000, 0, 0] })
    const two = written({
      width: 5,
      height: 1,
      bits: 2,
      palette,
      pixels: padded([[0b0001_1011, 0b0100_0000]]),
    })
    expect(pixelsOf(two.output)).toEqual({ depth: 4, rows: [0x01, 0x23, 0x10, 0] })
    const four = written({
      width: 3,
      height: 1,
      bits: 4,
      palette: PALETTE.subarray(0, 64),
      pixels: padded([[0x12, 0x3f]]),
    })
    expect(pixelsOf(four.output)).toEqual({ depth: 4, rows: [0x12, 0x30, 0, 0] })
    for (const { output } of [one, two, four]) expectCanonical(output)
  })

  test('run lengths of 8 and 4 bits: runs, literals, line ends, jumps', () => {
    const runs = Buffer.of(2, 6, 1, 6, 2, 7, 0, 0, 0, 5, 1, 2, 3, 4, 5, 0, 0, 1)
    const stored = written({
      ...INDEXED,
      pixels: padded([
        [6, 6, 6, 7, 7],
        [1, 2, 3, 4, 5],
      ]),
    })
    expect(written({ ...INDEXED, compression: 1, pixels: runs })).toEqual(stored)
    const jump = written({
      ...INDEXED,
      compression: 1,
      pixels: Buffer.of(1, 6, 0, 2, 2, 1, 2, 7, 0, 1),
    })
    expect(pixelsOf(jump.output).rows).toEqual([6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7, 7, 0, 0, 0])
    const nibbles = written({
      width: 7,
      height: 1,
      bits: 4,
      compression: 2,
      palette: PALETTE.subarray(0, 64),
      pixels: Buffer.of(3, 0x12, 0, 3, 0x34, 0x50, 1, 0x60, 0, 1),
    })
    expect(pixelsOf(nibbles.output).rows).toEqual([0x12, 0x13, 0x45, 0x60])
    for (const { output } of [stored, jump, nibbles]) expectCanonical(output)
  })

  test('the resolution stays when it is one', () => {
    const { output } = written({ ...COLOR, perMetre: [11_811, 5906] })
    expect([output.readUInt32LE(38), output.readUInt32LE(42)]).toEqual([11_811, 5906])
    expectCanonical(output)
    expect(written({ ...COLOR, perMetre: [0xffff_ffff, 1] }).output).toEqual(CLEAN)
  })

  test('any picture of any depth survives and is its own rebuild', () => {
    const pictures = fc.record({
      width: fc.integer({ min: 1, max: 40 }),
      height: fc.integer({ min: -9, max: 9 }).filter((height) => height !== 0),
      bits: fc.constantFrom(1, 4, 8, 16, 24, 32),
      seed: fc.uint8Array({ minLength: 8, maxLength: 40 }),
    })
    fc.assert(
      fc.property(pictures, ({ width, height, bits, seed }) => {
        const size = Math.ceil((width * bits) / 32) * 4 * Math.abs(height)
        const pixels = Buffer.from(
          Array.from({ length: size }, (_, i) => seed[i % seed.length]! ^ (i >> 3)),
        )
        const outcome = written({
          width,
          height,
          bits,
          palette: bits > 8 ? Buffer.alloc(0) : PALETTE.subarray(0, 4 << bits),
          pixels,
        })
        expect([outcome.reason, outcome.removed, outcome.kept]).toEqual([undefined, [], []])
        expectCanonical(outcome.output)
      }),
      { numRuns: 200 },
    )
  })
})

describe('nothing but the picture leaves a BMP', () => {
  const linked = Buffer.from('\\\\203.0.113.5\\share\\profile.icm\0', 'latin1')

  test('a profile that is a path to a file server is gone and reported', () => {
    const bmp = { ...COLOR, headerSize: 124, colorSpace: 0x4c494e4b, trailing: linked }
    expect(written(bmp)).toEqual({ output: CLEAN, removed: ['IMG-BMP', 'IMG-TRAIL'], kept: [] })
  })

  test('a profile inside is gone and reported', () => {
    const bmp = {
      ...COLOR,
      headerSize: 124,
      colorSpace: 0x4d424544,
      trailing: Buffer.from('profile'),
    }
    expect(written(bmp)).toEqual({ output: CLEAN, removed: ['IMG-ICC', 'IMG-TRAIL'], kept: [] })
  })

  test.each([
    ['behind the pixels', { trailing: Buffer.from('PK\x03\x04') }],
    ['between header and pixels', { gap: Buffer.from('<script>alert(1)</script>') }],
    [
      'in front of the pixels, where an offset jumps over it',
      { gap: Buffer.from('__HALT_COMPILER') },
    ],
  ])('another format %s', (_, change) => {
    expect(written({ ...COLOR, ...change })).toEqual({
      output: CLEAN,
      removed: ['IMG-POLY'],
      kept: [],
    })
  })

  test('a BMP that is also a script begins with our sizes, not with those that hid it', () => {
    const bytes = bmpSpecimen(COLOR)
    bytes.write('/*', 2, 'latin1')
    expect(disarm(bytes).output).toEqual(CLEAN)
  })

  test('colours that no pixel shows cannot carry a message', () => {
    const { output } = written({
      ...INDEXED,
      pixels: padded([
        [1, 1, 1, 1, 1],
        [1, 1, 1, 1, 1],
      ]),
    })
    const table = output.subarray(54, 54 + 1024)
    expect([...table].flatMap((byte, i) => (byte === 0 ? [] : [i]))).toEqual([4, 5, 6])
    expectCanonical(output)
  })

  test('bytes that fill up a row are 0', () => {
    const { output } = written({ ...COLOR, pixels: Buffer.of(...RED_GREEN_BLUE, 1, 2, 3) })
    expect(output).toEqual(CLEAN)
  })
})

describe('what is no bitmap, or would cost too much, is refused', () => {
  test.each<readonly [string, BmpSpecimen, string]>([
    ['a JPEG in a BMP', { ...COLOR, bits: 24, compression: 4 }, 'IMG-DECODE'],
    ['a PNG in a BMP', { ...COLOR, bits: 24, compression: 5 }, 'IMG-DECODE'],
    ['a JPEG of no depth', { ...COLOR, bits: 0, compression: 4 }, 'IMG-DECODE'],
    [
      'Huffman coding of OS/2',
      { ...INDEXED, bits: 1, compression: 3, headerSize: 64 },
      'IMG-DECODE',
    ],
    ['run lengths of 24 bits', { ...COLOR, compression: 4, headerSize: 64 }, 'IMG-DECODE'],
    ['65,535 × 65,535 pixels', { ...COLOR, width: 65_535, height: 65_535 }, 'IMG-BOMB'],
    ['the smallest of all heights', { ...COLOR, height: -0x8000_0000 }, 'IMG-BOMB'],
    [
      'a hundred million pixels in twelve bytes',
      { ...COLOR, width: 1, height: 90_000_000 },
      'IMG-BOMB',
    ],
    [
      'as many in one run',
      { ...INDEXED, compression: 1, width: 9_000, height: 9_000, pixels: Buffer.of(255, 1, 0, 1) },
      'IMG-BOMB',
    ],
    ['no width', { ...COLOR, width: 0 }, 'IMG-DECODE'],
    ['a width below 0', { ...COLOR, width: -3 }, 'IMG-DECODE'],
    ['7 bits', { ...COLOR, bits: 7 }, 'IMG-DECODE'],
    [
      'masks that share bits',
      { ...COLOR, bits: 32, compression: 3, masks: [0xff00, 0xff00, 0xff] },
      'IMG-DECODE',
    ],
    [
      'a mask with a hole',
      { ...COLOR, bits: 32, compression: 3, masks: [0xff00ff, 0xff00, 0] },
      'IMG-DECODE',
    ],
    ['not one row', { ...COLOR, pixels: Buffer.alloc(8) }, 'IMG-DECODE'],
  ])('%s', (_, bmp, reason) => {
    expect(written(bmp).reason).toBe(reason)
  })

  test('the pixels are paid from the budget of the whole file', () => {
    const context = new Context({ limits: { decodedBytes: 5 } })
    expect(() => bmpFromBmp(bmpSpecimen(COLOR), context, '')).toThrow('LIMIT-SIZE')
  })

  test('a run that goes on beyond its row stays in its row', () => {
    const { output } = written({
      ...INDEXED,
      compression: 1,
      pixels: Buffer.of(255, 6, 0, 255, ...Buffer.alloc(256, 9), 0, 0, 5, 7, 0, 1),
    })
    expect(pixelsOf(output).rows).toEqual([6, 6, 6, 6, 6, 0, 0, 0, 7, 7, 7, 7, 7, 0, 0, 0])
  })

  test('nor does it reach into the next row', () => {
    const pixels = Buffer.of(255, 6, 0, 0, 2, 7, 0, 1)
    const { output } = written({ ...INDEXED, compression: 1, pixels })
    expect(pixelsOf(output).rows).toEqual([6, 6, 6, 6, 6, 0, 0, 0, 7, 7, 0, 0, 0, 0, 0, 0])
  })

  test('a text that begins with BM is no bitmap', () => {
    expect(isBmp(Buffer.from('BMI,身長,体重\r\n22.5,170,65\r\n'))).toBe(false)
  })
})

describe('a BMP that was cut off', () => {
  test('missing rows are reported', () => {
    const whole = bmpSpecimen(INDEXED)
    const cut = disarm(whole.subarray(0, -8))
    expect(cut.kept).toEqual(['IMG-TRUNCATED'])
    expect(pixelsOf(cut.output).rows.slice(8)).toEqual([0, 0, 0, 0, 0, 0, 0, 0])
    expectCanonical(cut.output)
  })

  test('a missing filling of the last row is nothing to speak of', () => {
    expect(disarm(bmpSpecimen(INDEXED).subarray(0, -3))).toEqual(written(INDEXED))
  })
})

describe('hostile bytes', () => {
  const seeds = [
    bmpSpecimen(COLOR),
    bmpSpecimen(INDEXED),
    bmpSpecimen({
      ...INDEXED,
      compression: 1,
      pixels: Buffer.of(2, 6, 1, 6, 2, 7, 0, 0, 0, 5, 1, 2, 3, 4, 5, 0, 0, 1),
    }),
    bmpSpecimen({
      ...COLOR,
      headerSize: 124,
      bits: 32,
      compression: 3,
      masks: [0xff0000, 0xff00, 0xff, 0xff000000],
      pixels: Buffer.alloc(12, 99),
    }),
    bmpSpecimen({
      width: 10,
      height: 2,
      bits: 1,
      palette: PALETTE.subarray(0, 8),
      pixels: Buffer.of(170, 128, 0, 0, 85, 64, 0, 0),
    }),
  ]
  // Not the upper bytes of width and height: sixteen million pixels are allowed, and a thousand such pictures take a day.
  const place = fc.nat(200).filter((at) => ![19, 20, 21, 23, 24, 25].includes(at))
  const change = fc.tuple(place, fc.nat(255))
  const changed = (seed: Uint8Array, changes: readonly (readonly [number, number])[]) => {
    const bytes = Uint8Array.from(seed)
    for (const [at, value] of changes) bytes[Math.min(at, bytes.length - 1)] = value
    return bytes
  }

  test('a mutated BMP is refused by reason or comes out in the form that the verifier accepts and that is its own rebuild', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...seeds),
        fc.array(change, { minLength: 1, maxLength: 6 }),
        (seed, changes) => {
          const outcome = disarm(changed(seed, changes))
          if (outcome.reason === undefined) expectCanonical(outcome.output)
          else expect(outcome.reason).toMatch(/^(?:IMG-DECODE|IMG-BOMB|LIMIT-SIZE)$/u)
        },
      ),
      { numRuns: 1000 },
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
            verifyBmp(bytes, new Budget(), '')
          } catch (error) {
            expect(error).toMatchObject({ name: 'Rejection' })
            return
          }
          expectCanonical(bytes)
        },
      ),
      { numRuns: 1000 },
    )
  })
})
