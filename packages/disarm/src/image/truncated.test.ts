import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { verifyGif } from '../../verify/gif.ts'
import { verifyJpeg } from '../../verify/jpeg.ts'
import { verifyPng } from '../../verify/png.ts'
import { Budget } from '../../verify/budget.ts'
import { Context, Refusal } from '../family.ts'
import { gifFromGif } from './gif/rebuild.ts'
import { jpegFromJpeg } from './jpeg/rebuild.ts'
import { readJpeg } from './jpeg/read.ts'
import { pngFromPng } from './png/rebuild.ts'
import { readPng } from './png/read.ts'
import { extension, gifSpecimen } from './specimens/gif-specimen.ts'
import { grid, jpegSpecimen, WHOLE_BAND } from './specimens/jpeg-specimen.ts'
import type { JpegSpecimen } from './specimens/jpeg-specimen.ts'
import { pngSpecimen } from './specimens/png-specimen.ts'

type Rebuild = (
  bytes: Uint8Array,
  context: Context,
  where: string,
) => { readonly output: Uint8Array; readonly width: number; readonly height: number }

function attempt(rebuild: Rebuild, bytes: Uint8Array) {
  const context = new Context()
  const kept = () => context.report().kept.map(({ rule }) => rule)
  try {
    return { ...rebuild(bytes, context, ''), kept: kept(), reason: undefined }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { output: new Uint8Array(0), kept: kept(), reason: error.reason }
  }
}

function noise(length: number): number[] {
  let seed = 1
  return Array.from({ length }, () => (seed = (seed * 48_271) % 0x7fffffff) % 251)
}
const GREY = { width: 40, height: 60, bitDepth: 8, colorType: 0, samples: noise(2400) }
const PALETTE = Uint8Array.from({ length: 768 }, (_, i) => (i * 53 + 7) % 256)
const FRAME = { width: 40, height: 60, pixels: noise(2400) }
const GIF = { width: 40, height: 60, palette: PALETTE, frames: [FRAME] }

function jpegOf(width: number, height: number, change: Partial<JpegSpecimen> = {}): Uint8Array {
  const shape = { width, height, components: [{ id: 1, h: 1, v: 1, blocks: [] }] }
  const { wide, high } = grid(shape, 0)
  const blocks = Array.from({ length: wide * high }, (_, i) =>
    Array.from({ length: 64 }, (_value, k) => ((i + k) % 9) - 4),
  )
  const scans = [{ components: [0], ...WHOLE_BAND }]
  return jpegSpecimen({ ...shape, components: [{ id: 1, h: 1, v: 1, blocks }], scans, ...change })
}

const JPEG = jpegOf(40, 64)

describe.each<
  readonly [string, Rebuild, (bytes: Uint8Array, budget: Budget, where: string) => void, Uint8Array]
>([
  ['PNG', pngFromPng, verifyPng, pngSpecimen(GREY)],
  ['GIF', gifFromGif, verifyGif, gifSpecimen(GIF)],
  ['JPEG', jpegFromJpeg, verifyJpeg, JPEG],
])('a %s whose end is missing', (_, rebuild, verify, whole) => {
  const full = attempt(rebuild, whole)

  test('is shown as far as it goes and reported, whole and in the written form', () => {
    for (const share of [0.5, 0.7, 0.9]) {
      const { output, kept, reason } = attempt(rebuild, whole.subarray(0, whole.length * share))
      expect([reason, kept]).toEqual([undefined, ['IMG-TRUNCATED']])
      expect(() => verify(output, new Budget(), '')).not.toThrow()
      expect(attempt(rebuild, output)).toMatchObject({ output, kept: [], reason: undefined })
      expect(Buffer.compare(output, full.output)).not.toBe(0)
    }
  })

  test('has the size of the whole picture', () => {
    const { width, height } = rebuild(whole.subarray(0, whole.length * 0.6), new Context(), '')
    expect([width, height]).toEqual([full.reason ?? 40, _ === 'JPEG' ? 64 : 60])
  })

  test('is refused when next to nothing is there, and never crashes at any length', () => {
    expect(attempt(rebuild, whole.subarray(0, whole.length * 0.05)).reason).toBe('IMG-DECODE')
    for (let length = 0; length < whole.length; length += 7) {
      expect(attempt(rebuild, whole.subarray(0, length)).reason).toBeOneOf([
        undefined,
        'IMG-DECODE',
      ])
    }
  })
})

describe('what takes the place of the missing end', () => {
  test('of a PNG: white, where there is opacity nothing', () => {
    const whole = pngSpecimen(GREY)
    const { data } = readPng(whole.subarray(0, whole.length / 2), new Context(), '')
    const rows = Math.floor(data.findLastIndex((value) => value !== 255) / 40) + 1
    expect(rows).toBeGreaterThan(8)
    expect([...data.subarray(0, rows * 40)]).toEqual(GREY.samples.slice(0, rows * 40))
    expect(data.subarray(rows * 40).every((value) => value === 255)).toBe(true)
  })

  test('of a JPEG: grey blocks, and all blocks before them as they were', () => {
    const all = readJpeg(JPEG, new Context(), '').frame.components[0]!.coefficients
    const cut = readJpeg(JPEG.subarray(0, JPEG.length / 2), new Context(), '').frame.components[0]!
      .coefficients
    const first = cut.findIndex((value, i) => value !== all[i])
    expect(cut.subarray(Math.floor(first / 64) * 64).every((value) => value === 0)).toBe(true)
    expect(first).toBeGreaterThan(64 * 5)
  })

  test('of a GIF: a later frame that has hardly begun is left out, a missing second half is transparent', () => {
    const later = gifSpecimen({ ...GIF, frames: [FRAME, { ...FRAME, control: [1, 0, 0, 0] }] })
    const one = attempt(gifFromGif, gifSpecimen(GIF))
    const first = attempt(gifFromGif, later.subarray(0, gifSpecimen(GIF).length + 60))
    expect(first).toEqual({ ...one, kept: ['IMG-TRUNCATED'] })
  })

  test.each([
    ['an interlaced PNG', pngFromPng, pngSpecimen({ ...GREY, interlaced: true })],
    [
      'an interlaced GIF',
      gifFromGif,
      gifSpecimen({ ...GIF, frames: [{ ...FRAME, interlaced: true }] }),
    ],
  ])('%s is refused: each reader shows something else', (_, rebuild, whole) => {
    expect(attempt(rebuild, whole.subarray(0, whole.length / 2)).reason).toBe('IMG-DECODE')
  })

  test('a JPEG with restart markers, and a progressive one', () => {
    const restarts = jpegOf(40, 64, { restartInterval: 3 })
    const progressive = jpegOf(40, 64, {
      frameMarker: 0xc2,
      scans: [
        { components: [0], from: 0, to: 0, high: 0, low: 0 },
        { components: [0], from: 1, to: 63, high: 0, low: 0 },
      ],
    })
    for (const whole of [restarts, progressive]) {
      const cut = attempt(jpegFromJpeg, whole.subarray(0, whole.length * 0.6))
      expect([cut.reason, cut.kept]).toEqual([undefined, ['IMG-TRUNCATED']])
      expect(() => verifyJpeg(cut.output, new Budget(), '')).not.toThrow()
    }
  })

  test('damage in the middle is still refused: no two readers agree about it', () => {
    const bytes = Buffer.from(JPEG)
    bytes.fill(0xfc, JPEG.length >> 1, (JPEG.length >> 1) + 4)
    expect(attempt(jpegFromJpeg, bytes).reason).toBe('IMG-DECODE')
    const png = Buffer.from(pngSpecimen(GREY))
    png.fill(0xff, png.length >> 1, (png.length >> 1) + 4)
    expect(attempt(pngFromPng, png).reason).toBe('IMG-DECODE')
  })
})

describe('oddities that every reader forgives', () => {
  test('zeros between the blocks of a GIF, a control block that is too long or too short', () => {
    const clean = attempt(gifFromGif, gifSpecimen(GIF))
    const early = [Uint8Array.of(0, 0), extension(0xf9, Uint8Array.of(0, 0))]
    expect(attempt(gifFromGif, gifSpecimen({ ...GIF, early }))).toEqual(clean)
    const long = extension(0xf9, Uint8Array.of(4, 9, 0, 0, 99))
    const { output, reason } = attempt(gifFromGif, gifSpecimen({ ...GIF, early: [long] }))
    expect(reason).toBeUndefined()
    expect(Buffer.from(output).includes(Buffer.from('21f9040409000000', 'hex'))).toBe(true)
  })

  test('a transparent colour of the wrong length is none', () => {
    const clean = attempt(pngFromPng, pngSpecimen(GREY))
    expect(attempt(pngFromPng, pngSpecimen({ ...GREY, transparency: Uint8Array.of(0) }))).toEqual(
      clean,
    )
  })
})

test('every golden picture that is whole stays as it was', () => {
  const folder = join(import.meta.dirname, '../../../../corpus/disarm/image')
  for (const [file, rebuild] of [
    ['photo-baseline.jpg', jpegFromJpeg],
    ['drawing-rgb.png', pngFromPng],
    ['film.gif', gifFromGif],
  ] as const) {
    expect(attempt(rebuild, readFileSync(join(folder, file))).kept).toEqual([])
  }
})
