import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { disarmBytes } from '../src/engine.ts'
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
} from '../src/image/specimens/webp-specimen.ts'
import type { ChunkSpecimen, LossySpecimen } from '../src/image/specimens/webp-specimen.ts'
import { verifyClean } from './index.ts'

const CORPUS = join(import.meta.dirname, '../../../corpus/disarm/webp')
const reason = (bytes: Uint8Array): string => {
  const verdict = verifyClean(bytes, 'webp')
  return verdict.clean ? 'clean' : verdict.reason
}
const written = (bytes: Uint8Array): Buffer => Buffer.from(disarmBytes(bytes, 'webp').output!)
const clean = (name: string): Buffer => written(readFileSync(join(CORPUS, name)))

const lossy = (specimen: Partial<LossySpecimen> = {}): Buffer =>
  webpSpecimen([['VP8 ', lossySpecimen({ row: ['one', 'skipped'], ...specimen })]])
const LOSSY = chunksOf(written(lossy()))[0]!
// Twelve pixels of one colour are already written as they will be.
const LOSSLESS: ChunkSpecimen = ['VP8L', losslessSpecimen({ width: 4, height: 3 })]

describe('the WebP of the grammar is accepted', () => {
  it.each(readdirSync(CORPUS))('%s is caught as it came and accepted as it is written', (name) => {
    expect(reason(readFileSync(join(CORPUS, name)))).toBe('VERIFY-WEBP')
    expect(reason(clean(name))).toBe('clean')
  })

  it.each<readonly [string, Buffer]>([
    ['a lossless picture', webpSpecimen([LOSSLESS])],
    ['a turned one', webpSpecimen([['VP8X', canvasSpecimen(8, 4, 3)], LOSSLESS, turned(6)])],
    ['a lossy one', webpSpecimen([LOSSY])],
    ['an animation', animation([LOSSLESS])],
  ])('%s', (_, bytes) => expect(reason(bytes)).toBe('clean'))
})

function turned(orientation: number): ChunkSpecimen {
  const data = Buffer.from('4d4d002a00000008000101120003000000010000000000000000', 'hex')
  data[19] = orientation
  return ['EXIF', data]
}

function animation(chunks: readonly ChunkSpecimen[], ...more: readonly ChunkSpecimen[]): Buffer {
  return webpSpecimen([
    ['VP8X', canvasSpecimen(2, 4, 3)],
    ['ANIM', Buffer.alloc(6)],
    ['ANMF', stepSpecimen(4, 3, chunks)],
    ...more,
  ])
}

describe('a WebP with anything else in it is caught', () => {
  const alpha: ChunkSpecimen = ['ALPH', Buffer.alloc(1 + 32 * 16)]
  const hinted: ChunkSpecimen = ['ALPH', Buffer.concat([Buffer.of(0x10), Buffer.alloc(512)])]
  const long: ChunkSpecimen = ['ALPH', Buffer.alloc(2 + 32 * 16)]
  const canvas = (flags: number, width = 4, height = 3): ChunkSpecimen => [
    'VP8X',
    canvasSpecimen(flags, width, height),
  ]
  const filled = webpSpecimen([['VP8L', Buffer.from(LOSSLESS[1])]])

  it('transparency itself is not', () => {
    expect(reason(webpSpecimen([canvas(0x10, 32, 16), alpha, LOSSY]))).toBe('clean')
  })

  it.each<readonly [string, Buffer]>([
    ...['EXIF', 'XMP ', 'ICCP', 'EVIL', 'VP8L', 'ALPH', 'ANIM'].flatMap((type) => [
      [`a chunk ${type}`, webpSpecimen([LOSSLESS, [type, Buffer.from('ab')]])] as const,
      [
        `a chunk ${type} in an animation`,
        animation([LOSSLESS], [type, Buffer.from('ab')]),
      ] as const,
      [`a chunk ${type} in a frame`, animation([LOSSLESS, [type, Buffer.from('ab')]])] as const,
    ]),
    ['bytes behind the end', webpSpecimen([LOSSLESS], Buffer.from('PK'))],
    ['a place where the picture was taken', webpSpecimen([canvas(8), LOSSLESS, gps()])],
    ['a picture that is not turned', webpSpecimen([canvas(8), LOSSLESS, turned(1)])],
    ['a canvas without need', webpSpecimen([canvas(0), LOSSLESS])],
    ['a canvas of another size', webpSpecimen([canvas(8, 5), LOSSLESS, turned(6)])],
    ['a flag too many', webpSpecimen([canvas(0x28), LOSSLESS, turned(6)])],
    ['a flag too few', webpSpecimen([canvas(0), LOSSLESS, turned(6)])],
    ['a hint at how transparency was made', webpSpecimen([canvas(0x10, 32, 16), hinted, LOSSY])],
    ['a level too many', webpSpecimen([canvas(0x10, 32, 16), long, LOSSY])],
    ['a frame beyond the canvas', animation([['VP8L', losslessSpecimen({ width: 9, height: 3 })]])],
    ['a filling byte that says something', fillingByte(filled)],
  ])('%s', (_, bytes) => expect(reason(bytes)).toBe('VERIFY-WEBP'))
})

function gps(): ChunkSpecimen {
  return ['EXIF', Buffer.concat([turned(6)[1], Buffer.from('GPS')])]
}

/** The data has an odd length, so one byte stands behind it. */
function fillingByte(webp: Buffer): Buffer {
  const bytes = Buffer.from(webp)
  expect(bytes.readUInt32LE(16) % 2).toBe(1)
  bytes[bytes.length - 1] = 1
  return bytes
}

describe('symbols coded in any other way are caught', () => {
  const longer = (chunk: ChunkSpecimen, byte: number): Buffer =>
    webpSpecimen([[chunk[0], Buffer.concat([chunk[1], Buffer.of(byte)])]])
  const segments = { absolute: true, quantizers: [5, 6, 0, 0], levels: [1, 2, 0, 0], of: [0, 1] }
  const full = { ...segments, quantizers: [5, 6, 7, 0] }
  const careful = (specimen: Partial<LossySpecimen>): Buffer =>
    lossy({ careful: true, ...specimen })
  const codes = [1, 2, 3, 255, 0].flatMap(singleCode)

  it('those of the grammar are not', () => {
    expect(reason(careful({}))).toBe('clean')
    expect(reason(careful({ segments, quantizer: 0, filterLevel: 1 }))).toBe('clean')
    expect(reason(careful({ filterLevel: 0 }))).toBe('clean')
  })

  it.each<readonly [string, Buffer]>([
    ['a zero behind lossy symbols', longer(LOSSY, 0)],
    ['a byte behind lossy symbols', longer(LOSSY, 9)],
    ['a zero behind lossless symbols', longer(LOSSLESS, 0)],
    ['a skip chance that does not follow', careful({ skip: 129 })],
    ['a token chance that does not follow', careful({ chance: [11 * 24 * 3, 99] })],
    ['eight partitions', careful({ partitions: 3 })],
    ['another version', careful({ version: 3 })],
    ['a wish to be enlarged', careful({ scale: 1 })],
    ['another colour space', careful({ kind: 2 })],
    ['zeros up to the end of a block', careful({ row: ['zeros', 'skipped'] })],
    ['an empty macroblock that is not skipped', careful({ row: ['empty', 'skipped'] })],
    [
      'values of segments that nothing is in',
      careful({ segments: full, quantizer: 0, filterLevel: 1 }),
    ],
    ['a quantiser of the frame that nothing uses', careful({ segments, filterLevel: 1 })],
    ['a filter that is off and has settings', careful({ filterLevel: 0, sharpness: 3 })],
    [
      'a prefix code longer than its use',
      lossless([...NO_OPTIONS, ...lengthsCode(deep(280)), ...[2, 3, 255, 0].flatMap(singleCode)]),
    ],
    ['more words than fit', lossless([...NO_OPTIONS, ...lengthsCode([1, 1, 1, ...deep(277)])])],
    ['a symbol that is never used', lossless([...NO_OPTIONS, ...pair(), ...codes.slice(4)])],
    ['bits behind the last symbol', lossless([...NO_OPTIONS, ...codes, [1, 1]])],
  ])('%s', (_, bytes) => expect(reason(bytes)).toBe('VERIFY-WEBP'))
})

function lossless(before: readonly (readonly [number, number])[]): Buffer {
  const symbols = Array.from({ length: 12 }, () => [0, 1] as const)
  const data = losslessSpecimen({ width: 4, height: 3, before: [...before], symbols })
  return webpSpecimen([['VP8L', data]])
}

/** Lengths 1, 2, 3 … of a code that is complete. */
function deep(size: number): number[] {
  return Array.from({ length: size }, (_, i) => (i < 15 ? i + 1 : i === 15 ? 15 : 0))
}

/** A code of two symbols, where one would do. */
function pair(): (readonly [number, number])[] {
  return [
    [1, 1],
    [1, 1],
    [1, 1],
    [1, 8],
    [2, 8],
  ]
}

describe('whatever is accepted after a change is what the disarmer would write', () => {
  const seeds = [...readdirSync(CORPUS).map(clean), webpSpecimen([LOSSY]), webpSpecimen([LOSSLESS])]
  const change = fc.record({
    kind: fc.constantFrom('set', 'flip', 'drop', 'add'),
    at: fc.nat(),
    value: fc.nat(255),
  })

  it('byte for byte, with nothing left to remove', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...seeds),
        fc.array(change, { minLength: 1, maxLength: 3 }),
        (seed, changes) => {
          const bytes = changes.reduce(changed, seed)
          const verdict = verifyClean(bytes, 'webp')
          if (!verdict.clean) expect(verdict.reason).not.toBe('VERIFY-CRASH')
          else {
            const { output, report } = disarmBytes(bytes, 'webp')
            expect(report).toMatchObject({ verdict: 'confirmed-absent', removed: [] })
            expect(Buffer.compare(output!, bytes)).toBe(0)
          }
        },
      ),
      { numRuns: 600 },
    )
  })

  function changed(
    bytes: Buffer,
    { kind, at, value }: { kind: string; at: number; value: number },
  ): Buffer {
    const place = at % bytes.length
    const copy = Buffer.from(bytes)
    if (kind === 'set') copy[place] = value
    if (kind === 'flip') copy[place] = copy[place]! ^ (1 << (value & 7))
    if (kind === 'set' || kind === 'flip') return copy
    const added = kind === 'add' ? [value] : []
    const rest = copy.subarray(kind === 'add' ? place : place + 1)
    return Buffer.concat([copy.subarray(0, place), Buffer.from(added), rest])
  }
})
