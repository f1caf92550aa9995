import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Context } from '../../family.ts'
import { rebuildJpeg } from '../index.ts'
import { grid, jpegSpecimen, segment, WHOLE_BAND } from '../specimens/jpeg-specimen.ts'
import type { JpegSpecimen, ScanSpecimen } from '../specimens/jpeg-specimen.ts'
import { contains, disarmImage, verified } from '../specimens/report.ts'
import { orientationSegment } from './exif.ts'
import { optimalCode } from './huffman-code.ts'
import { readJpeg } from './read.ts'

/** Sampling factors of the components; one MCU may hold at most ten blocks when they share a scan. */
const SAMPLINGS = [
  ['11'],
  ['22'],
  ['11', '11', '11'],
  ['22', '11', '11'],
  ['21', '11', '11'],
  ['12', '11', '11'],
  ['41', '11', '11'],
  ['22', '11', '11', '22'],
  ['11', '11', '11', '11'],
  ['31', '21', '11'],
] as const

/** Progressive script with successive approximation of DC and AC. */
function progressiveScans(components: number): ScanSpecimen[] {
  const all = Array.from({ length: components }, (_, i) => i)
  const each = (band: Omit<ScanSpecimen, 'components'>) =>
    all.map((i) => ({ components: [i], ...band }))
  return [
    { components: all, from: 0, to: 0, high: 0, low: 1 },
    ...each({ from: 1, to: 5, high: 0, low: 2 }),
    ...each({ from: 6, to: 63, high: 0, low: 2 }),
    ...each({ from: 1, to: 63, high: 2, low: 1 }),
    { components: all, from: 0, to: 0, high: 1, low: 0 },
    ...each({ from: 1, to: 63, high: 1, low: 0 }),
  ]
}

type Form = 'together' | 'apart' | 'progressive'

function scansFor(form: Form, components: number): ScanSpecimen[] {
  const all = Array.from({ length: components }, (_, i) => i)
  if (form === 'progressive') return progressiveScans(components)
  if (form === 'together') return [{ components: all, ...WHOLE_BAND }]
  return all.map((i) => ({ components: [i], ...WHOLE_BAND }))
}

const coefficient = fc.oneof(
  { weight: 6, arbitrary: fc.constant(0) },
  { weight: 3, arbitrary: fc.integer({ min: -9, max: 9 }) },
  { weight: 1, arbitrary: fc.integer({ min: -1023, max: 1023 }) },
)

const pictures: fc.Arbitrary<JpegSpecimen> = fc
  .record({
    sampling: fc.constantFrom(...SAMPLINGS),
    width: fc.integer({ min: 1, max: 40 }),
    height: fc.integer({ min: 1, max: 40 }),
    form: fc.constantFrom<Form>('together', 'apart', 'progressive'),
    restartInterval: fc.constantFrom(0, 1, 3),
    pool: fc.array(fc.array(coefficient, { minLength: 64, maxLength: 64 }), {
      minLength: 1,
      maxLength: 6,
    }),
  })
  .map(({ sampling, width, height, form, restartInterval, pool }) => {
    const bare = sampling.map((hv, i) => ({ id: i + 1, h: +hv[0]!, v: +hv[1]!, blocks: [] }))
    const shape = { width, height, components: bare }
    const components = bare.map((component, i) => {
      const { perLine, mcusHigh } = grid(shape, i)
      const count = perLine * mcusHigh * component.v
      return {
        ...component,
        blocks: Array.from({ length: count }, (_, b) => pool[(b * 5 + i) % pool.length]!),
      }
    })
    const frameMarker = form === 'progressive' ? 0xc2 : 0xc0
    return {
      ...shape,
      components,
      frameMarker,
      restartInterval,
      scans: scansFor(form, bare.length),
    }
  })

/** Coefficients of all blocks that hold part of the picture, per component. */
function shownBlocks(bytes: Uint8Array): number[][][] {
  return readJpeg(bytes, new Context(), '').frame.components.map((component) =>
    blockPlaces(component).map((at) => [...component.coefficients.subarray(at * 64, at * 64 + 64)]),
  )
}

function expectedBlocks(jpeg: JpegSpecimen): number[][][] {
  return jpeg.components.map((component, i) => {
    const { wide, high, perLine } = grid(jpeg, i)
    return blockPlaces({ blocksWide: wide, blocksHigh: high, blocksPerLine: perLine }).map((at) => [
      ...component.blocks[at]!,
    ])
  })
}

function blockPlaces(shape: {
  blocksWide: number
  blocksHigh: number
  blocksPerLine: number
}): number[] {
  return Array.from({ length: shape.blocksHigh }, (_, y) => y).flatMap((y) =>
    Array.from({ length: shape.blocksWide }, (_, x) => y * shape.blocksPerLine + x),
  )
}

function block(dc: number, ...ac: number[]): number[] {
  return [dc, ...ac, ...Array.from({ length: 63 - ac.length }, () => 0)]
}

const DOT: JpegSpecimen = {
  width: 8,
  height: 8,
  components: [{ id: 1, h: 1, v: 1, blocks: [block(100, 5, -7, 0, 3)] }],
  scans: [{ components: [0], ...WHOLE_BAND }],
}
const COLOUR: JpegSpecimen = {
  ...DOT,
  components: [1, 2, 3].map((id) => ({ id, h: 1, v: 1, blocks: [block(id)] })),
  scans: [{ components: [0, 1, 2], ...WHOLE_BAND }],
}
const STRIP: JpegSpecimen = {
  width: 40,
  height: 8,
  components: [{ id: 1, h: 1, v: 1, blocks: [1, 2, 3, 4, 5].map((dc) => block(dc, dc)) }],
  scans: [{ components: [0], ...WHOLE_BAND }],
}

const hiddenBlocks = (dc: number) => ({
  ...DOT,
  components: [
    { id: 1, h: 2, v: 2, blocks: [block(1), block(dc, 9), block(dc, 8), block(dc, 7)] },
    { id: 2, h: 1, v: 1, blocks: [block(2)] },
    { id: 3, h: 1, v: 1, blocks: [block(3)] },
  ],
  scans: [{ components: [0, 1, 2], ...WHOLE_BAND }],
})

const latin = (text: string) => Buffer.from(text, 'latin1')

const exif = (little: boolean, value: number, tag = 0x0112) => {
  const tiff = Buffer.alloc(8 + 2 + 24 + 4)
  const put16 = (v: number, at: number) =>
    little ? tiff.writeUInt16LE(v, at) : tiff.writeUInt16BE(v, at)
  const put32 = (v: number, at: number) =>
    little ? tiff.writeUInt32LE(v, at) : tiff.writeUInt32BE(v, at)
  tiff.write(little ? 'II' : 'MM', 0, 'latin1')
  put16(42, 2)
  put32(8, 4)
  put16(2, 8)
  put16(0x010f, 10)
  put16(tag, 22)
  put16(3, 24)
  put32(1, 26)
  put16(value, 30)
  return segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), tiff, Buffer.from('GPS 35.68')]))
}

const refused = (change: Partial<JpegSpecimen>) =>
  disarmImage(jpegSpecimen({ ...DOT, ...change })).reason

const refusedScans = (...scans: ScanSpecimen[]) => refused({ frameMarker: 0xc2, scans })

const oneBlock = (dc: number, ac: number) => [{ id: 1, h: 1, v: 1, blocks: [block(dc, ac)] }]

const sized = (width: number, height: number) => {
  const bytes = Buffer.from(jpegSpecimen(DOT))
  const at = bytes.indexOf(Buffer.of(0xff, 0xc0))
  bytes.writeUInt16BE(height, at + 5)
  bytes.writeUInt16BE(width, at + 7)
  return disarmImage(bytes).reason
}

const steps = (...values: number[]) => ({
  ...STRIP,
  width: 8 * values.length,
  components: [{ id: 1, h: 1, v: 1, blocks: values.map((dc) => block(dc)) }],
})

describe('a JPEG is rebuilt from its coefficients', () => {
  test('sequential and progressive scans, all samplings and restart intervals are read as written', () => {
    fc.assert(
      fc.property(pictures, (picture) => {
        expect(shownBlocks(jpegSpecimen(picture))).toEqual(expectedBlocks(picture))
      }),
      { numRuns: 150 },
    )
  })

  test('no coefficient changes; the output satisfies the verifier and is its own rebuild', () => {
    fc.assert(
      fc.property(pictures, (picture) => {
        const first = disarmImage(jpegSpecimen(picture))
        expect(verified(first.output)).toBe('jpeg')
        expect(shownBlocks(first.output)).toEqual(expectedBlocks(picture))
        expect(disarmImage(first.output)).toEqual({ ...first, removed: [] })
      }),
      { numRuns: 150 },
    )
  })

  test('fill bytes, DNL and a missing EOI do not change the picture', () => {
    const plain = disarmImage(jpegSpecimen(STRIP)).output
    expect(disarmImage(jpegSpecimen({ ...STRIP, fill: 3 })).output).toEqual(plain)
    expect(disarmImage(jpegSpecimen({ ...STRIP, heightInDnl: true })).output).toEqual(plain)
    expect(disarmImage(jpegSpecimen({ ...STRIP, withoutEnd: true })).output).toEqual(plain)
  })

  test('blocks that are never shown cannot carry a message', () => {
    expect(disarmImage(jpegSpecimen(hiddenBlocks(50))).output).toEqual(
      disarmImage(jpegSpecimen(hiddenBlocks(-9))).output,
    )
  })

  test('density, component ids and Adobe transform keep their meaning', () => {
    const jfif = segment(0xe0, Buffer.from('JFIF\0\x01\x02\x01\0\x48\0\x60\0\0', 'latin1'))
    const adobe = segment(0xee, Buffer.from('Adobe\0\x65\xc0\0\0\0\x02', 'latin1'))
    const cmyk = {
      ...DOT,
      components: [67, 77, 89, 75].map((id) => ({ id, h: 1, v: 1, blocks: [block(id)] })),
      scans: [{ components: [0, 1, 2, 3], ...WHOLE_BAND }],
      early: [jfif, adobe],
    }
    const { output, removed } = disarmImage(jpegSpecimen(cmyk))
    const { density, adobeTransform, frame } = readJpeg(output, new Context(), '')
    expect(removed).toEqual([])
    expect(density).toEqual({ unit: 1, x: 72, y: 96 })
    expect(adobeTransform).toBe(2)
    expect(frame.components.map(({ id }) => id)).toEqual([67, 77, 89, 75])
    expect(contains(output, 'Adobe\0\x64\0\0\0\0\x02')).toBe(true)
  })

  test('values beyond 8 bits of a quantisation table survive in 16 bits', () => {
    const wide = Buffer.alloc(129)
    for (let k = 0; k < 64; k++) wide.writeUInt16BE(300 + k, 1 + k * 2)
    wide[0] = 0x10
    const bytes = Buffer.from(jpegSpecimen(DOT))
    const at = bytes.indexOf(Buffer.of(0xff, 0xdb))
    const forged = Buffer.concat([
      bytes.subarray(0, at),
      segment(0xdb, wide),
      bytes.subarray(at + 69),
    ])
    const { output } = disarmImage(forged)
    const [component] = readJpeg(output, new Context(), '').frame.components
    expect([...component!.quantization!.subarray(0, 2)]).toEqual([300, 301])
    expect(verified(output)).toBe('jpeg')
  })
})

describe('nothing but the picture leaves a JPEG', () => {
  const clean = disarmImage(jpegSpecimen(DOT)).output

  test.each([
    [
      'Exif with GPS',
      segment(0xe1, latin('Exif\0\0MM\0*\0\0\0\x08\0\0 GPS 35.68')),
      ['IMG-EXIF 1'],
    ],
    ['XMP', segment(0xe1, latin('http://ns.adobe.com/xap/1.0/\0<x/>')), ['IMG-EXIF 1']],
    ['an ICC profile', segment(0xe2, latin('ICC_PROFILE\0\x01\x01')), ['IMG-ICC 1']],
    ['MPF', segment(0xe2, latin('MPF\0MM')), ['IMG-EXIF 1']],
    ['Photoshop data', segment(0xed, latin('Photoshop 3.0\0')), ['IMG-EXIF 1']],
    ['C2PA', segment(0xeb, latin('JP\0\x01')), ['IMG-EXIF 1']],
    ['a JFXX thumbnail', segment(0xe0, latin('JFXX\0\x10thumb')), ['IMG-EXIF 1']],
    ['a comment', segment(0xfe, latin('shot by Yamada')), ['IMG-EXIF 1']],
    [
      'a program in a comment',
      segment(0xfe, latin('<?php system($_GET[0]);')),
      ['IMG-EXIF 1', 'IMG-POLY 1'],
    ],
    [
      'bytes between segments',
      Buffer.concat([segment(0xdd, Uint8Array.of(0, 0)), latin('between')]),
      ['IMG-TRAIL 1'],
    ],
  ])('%s is gone and reported', (_title, hidden, removed) => {
    const outcome = disarmImage(jpegSpecimen({ ...DOT, early: [hidden] }))
    expect(outcome.removed).toEqual(removed)
    expect(outcome.output).toEqual(clean)
  })

  test('a JFIF thumbnail that shows the uncropped picture is gone', () => {
    const thumbnail = segment(0xe0, latin(`JFIF\0\x01\x01\0\0\x01\0\x01\x02\x02uncropped!!!`))
    const outcome = disarmImage(jpegSpecimen({ ...DOT, early: [thumbnail] }))
    expect(outcome.removed).toEqual(['IMG-EXIF 1'])
    expect(contains(outcome.output, 'uncropped')).toBe(false)
    expect(contains(outcome.output, 'JFIF\0\x01\x01\0\0\x01\0\x01\0\0')).toBe(true)
  })

  test.each([
    ['a zip behind EOI', { trailing: latin('PK\x03\x04zip') }, 'IMG-POLY 1'],
    ['a film behind EOI', { trailing: latin('\0\0\0\x18ftypmp42') }, 'IMG-TRAIL 1'],
    ['a second picture behind EOI', { trailing: Buffer.from(jpegSpecimen(DOT)) }, 'IMG-TRAIL 1'],
    ['bytes behind the last block', { beforeEnd: latin('hidden in the scan') }, 'IMG-TRAIL 1'],
  ])('%s is gone and reported', (_title, hidden, rule) => {
    const outcome = disarmImage(jpegSpecimen({ ...DOT, ...hidden }))
    expect(outcome.removed).toEqual([rule])
    expect(outcome.output).toEqual(clean)
  })

  test('zeros that fill a sector and a line end are not worth a line in the report', () => {
    for (const trailing of [Buffer.alloc(700), latin('\r\n')]) {
      expect(disarmImage(jpegSpecimen({ ...DOT, trailing }))).toMatchObject({
        removed: [],
        output: clean,
      })
    }
    expect(disarmImage(jpegSpecimen({ ...DOT, trailing: latin('\n\n\n') })).removed).toEqual([
      'IMG-TRAIL 1',
    ])
  })
})

describe('orientation', () => {
  test.each([2, 3, 4, 5, 6, 7, 8])('%d alone survives of Exif, in 36 bytes of our own', (value) => {
    for (const little of [true, false]) {
      const { output, removed } = disarmImage(
        jpegSpecimen({ ...DOT, early: [exif(little, value)] }),
      )
      expect(removed).toEqual(['IMG-EXIF 1'])
      expect(contains(output, 'GPS')).toBe(false)
      const ours = segment(0xe1, orientationSegment(value))
      expect(ours.length).toBe(36)
      expect(Buffer.from(output).indexOf(ours)).toBe(2)
      expect(verified(output)).toBe('jpeg')
    }
  })

  test('1, nonsense and offsets beyond the end leave no Exif at all', () => {
    const clean = disarmImage(jpegSpecimen(DOT)).output
    const beyond = segment(0xe1, Buffer.from('Exif\0\0MM\0*\xff\xff\xff\xff', 'latin1'))
    for (const early of [
      exif(true, 1),
      exif(false, 9),
      exif(true, 0),
      exif(true, 6, 0x0113),
      beyond,
    ]) {
      expect(disarmImage(jpegSpecimen({ ...DOT, early: [early] })).output).toEqual(clean)
    }
  })
})

describe('a JPEG that two readers would show differently is refused', () => {
  test('no truncation is shown half', () => {
    const whole = jpegSpecimen(STRIP)
    for (let length = 0; length < whole.length - 3; length++) {
      expect(disarmImage(whole.subarray(0, length)).reason).toBe('IMG-DECODE')
    }
  })

  test.each([
    ['lossless', 0xc3],
    ['hierarchical', 0xc5],
    ['arithmetic', 0xc9],
    ['arithmetic progressive', 0xca],
    ['JPEG-LS', 0xf7],
  ])('%s coding', (_title, frameMarker) => {
    expect(refused({ frameMarker })).toBe('IMG-DECODE')
  })

  test('a lost or doubled restart marker', () => {
    const restarts = Buffer.from(jpegSpecimen({ ...STRIP, restartInterval: 1 }))
    const at = restarts.indexOf(Buffer.of(0xff, 0xd1))
    const lost = Buffer.concat([restarts.subarray(0, at), restarts.subarray(at + 2)])
    const renamed = Buffer.from(restarts)
    renamed[at + 1] = 0xd5
    expect(disarmImage(restarts).reason).toBeUndefined()
    expect(disarmImage(lost).reason).toBe('IMG-DECODE')
    expect(disarmImage(renamed).reason).toBe('IMG-DECODE')
  })

  test('a component that comes twice, or never', () => {
    const [scan] = DOT.scans
    expect(refused({ scans: [scan!, scan!] })).toBe('IMG-DECODE')
    expect(refused({ scans: [] })).toBe('IMG-DECODE')
    const colour = [1, 2, 3].map((id) => ({ id, h: 1, v: 1, blocks: [block(id)] }))
    expect(refused({ components: colour })).toBe('IMG-DECODE')
    expect(refused({ components: colour.map((component) => ({ ...component, id: 1 })) })).toBe(
      'IMG-DECODE',
    )
  })

  test('progressive bands out of order', () => {
    const dc = { components: [0], from: 0, to: 0, high: 0, low: 0 }
    const ac = { components: [0], from: 1, to: 63, high: 0, low: 0 }
    expect(refusedScans(dc, ac)).toBeUndefined()
    expect(refusedScans(dc)).toBeUndefined()
    expect(refusedScans(ac, dc)).toBe('IMG-DECODE')
    expect(refusedScans(dc, ac, ac)).toBe('IMG-DECODE')
    expect(refusedScans(dc, { ...ac, high: 1 })).toBe('IMG-DECODE')
    expect(refusedScans({ ...dc, to: 5 })).toBe('IMG-DECODE')
    expect(refusedScans(dc, { ...ac, from: 9, to: 3 })).toBe('IMG-DECODE')
  })

  test('coefficients that 8-bit pictures cannot have', () => {
    expect(refused({ components: oneBlock(1023, -1023) })).toBeUndefined()
    expect(refused({ components: oneBlock(0, 1024) })).toBe('IMG-DECODE')
    expect(refused({ components: oneBlock(2048, 0) })).toBe('IMG-DECODE')
  })

  test('DC values that grow beyond 8-bit pictures step by step', () => {
    expect(disarmImage(jpegSpecimen(steps(1500, 2047))).reason).toBeUndefined()
    expect(disarmImage(jpegSpecimen(steps(1500, 2048))).reason).toBe('IMG-DECODE')
  })

  test('DC values too far apart for one sequential difference', () => {
    const apart = {
      ...STRIP,
      width: 16,
      components: [{ id: 1, h: 1, v: 1, blocks: [block(-2046), block(2046)] }],
      frameMarker: 0xc2,
      scans: [{ components: [0], from: 0, to: 0, high: 0, low: 2 }],
    }
    expect(disarmImage(jpegSpecimen(apart)).reason).toBe('IMG-DECODE')
  })

  test('a code that no table defines', () => {
    const bytes = Buffer.from(jpegSpecimen(DOT))
    const scan = bytes.indexOf(Buffer.of(0xff, 0xda)) + 10
    bytes[scan] = 0xfc
    expect(disarmImage(bytes).reason).toBe('IMG-DECODE')
  })

  test('data behind a restart marker that follows the last block', () => {
    const restarts = { ...STRIP, restartInterval: 1 }
    const closing = Buffer.of(0xff, 0xd4)
    const hidden = Buffer.concat([closing, Buffer.from('hidden')])
    expect(disarmImage(jpegSpecimen({ ...restarts, beforeEnd: closing })).reason).toBeUndefined()
    expect(disarmImage(jpegSpecimen({ ...restarts, beforeEnd: hidden })).reason).toBe('IMG-DECODE')
  })

  test.each([
    ['two components', [1, 2]],
    ['five components', [1, 2, 3, 4, 5]],
  ])('%s', (_title, ids) => {
    const components = ids.map((id) => ({ id, h: 1, v: 1, blocks: [block(0)] }))
    const scans = [{ components: ids.map((_, i) => i).slice(0, 4), ...WHOLE_BAND }]
    expect(refused({ components, scans })).toBe('IMG-DECODE')
  })

  test('a quantisation table with a zero, a Huffman table with too many codes', () => {
    const bytes = Buffer.from(jpegSpecimen(DOT))
    const zero = Buffer.from(bytes)
    zero[bytes.indexOf(Buffer.of(0xff, 0xdb)) + 20] = 0
    const crowded = Buffer.from(bytes)
    // Three codes of one bit, and three fewer of eight: one bit has only two codes.
    const table = bytes.indexOf(Buffer.of(0xff, 0xc4)) + 5
    crowded.set([3, 0, 0, 0, 0, 0, 0, 248], table)
    expect(disarmImage(zero).reason).toBe('IMG-DECODE')
    expect(disarmImage(crowded).reason).toBe('IMG-DECODE')
  })
})

describe('limits of a JPEG', () => {
  test('a header of 65,535 × 65,535 is a bomb; one within the limit but without data allocates nothing', () => {
    expect(sized(65_535, 65_535)).toBe('IMG-BOMB')
    expect(sized(10_000, 10_001)).toBe('IMG-BOMB')
    expect(sized(10_000, 10_000)).toBe('IMG-DECODE')
    expect(sized(0, 8)).toBe('IMG-DECODE')
    expect(sized(8, 0)).toBe('IMG-DECODE')
  })

  test('a size that the data cannot fill is refused before memory is asked for', () => {
    const bytes = Buffer.from(jpegSpecimen(DOT))
    bytes.writeUInt16BE(9000, bytes.indexOf(Buffer.of(0xff, 0xc0)) + 5)
    bytes.writeUInt16BE(9000, bytes.indexOf(Buffer.of(0xff, 0xc0)) + 7)
    const context = new Context({ limits: { decodedBytes: 1_000_000 } })
    expect(rebuildJpeg(bytes, context)).toEqual({ ok: false, reason: 'IMG-DECODE' })
  })

  test('colour without subsampling at the limit of pixels exceeds the limit of coefficients', () => {
    const bytes = Buffer.from(jpegSpecimen(COLOUR))
    const at = bytes.indexOf(Buffer.of(0xff, 0xc0))
    bytes.writeUInt16BE(10_000, at + 5)
    bytes.writeUInt16BE(10_000, at + 7)
    expect(disarmImage(bytes).reason).toBe('IMG-BOMB')
  })

  test('one hundred scans pass, one more is a bomb', () => {
    const dc = { components: [0], from: 0, to: 0, high: 0, low: 0 }
    const bands = (count: number) => {
      const refinements = [3, 2, 1].map((low) => ({
        components: [0],
        from: 1,
        to: 63,
        high: low + 1,
        low,
      }))
      const firsts = Array.from({ length: 63 }, (_, i) => ({
        components: [0],
        from: i + 1,
        to: i + 1,
        high: 0,
        low: 4,
      }))
      const singles = Array.from({ length: 63 }, (_, i) => ({
        components: [0],
        from: i + 1,
        to: i + 1,
        high: 1,
        low: 0,
      }))
      return [dc, ...firsts, ...refinements, ...singles].slice(0, count)
    }
    const reason = (count: number) =>
      disarmImage(jpegSpecimen({ ...DOT, frameMarker: 0xc2, scans: bands(count) })).reason
    expect(reason(100)).toBeUndefined()
    expect(reason(101)).toBe('IMG-BOMB')
  })
})

describe('optimalCode', () => {
  test('is a prefix code of at most 16 bits without the all-ones code, however skewed the counts', () => {
    const fibonacci = [1, 1]
    while (fibonacci.length < 40) fibonacci.push(fibonacci.at(-1)! + fibonacci.at(-2)!)
    const counts = fc.oneof(
      fc.constant(fibonacci),
      fc.array(fc.oneof(fc.constant(0), fc.nat(2 ** 31)), { minLength: 1, maxLength: 256 }),
    )
    fc.assert(
      fc.property(counts, (values) => {
        const frequencies = new Uint32Array(256)
        frequencies.set(values)
        const { counts: perLength, symbols, lengths } = optimalCode(frequencies)
        const kraft = [...perLength].reduce((sum, count, i) => sum + count * 2 ** (15 - i), 0)
        expect(kraft).toBeLessThan(65_536)
        expect(symbols.length).toBe(values.filter((value) => value > 0).length)
        values.forEach((value, symbol) => expect(lengths[symbol]! > 0).toBe(value > 0))
      }),
      { numRuns: 100 },
    )
  })
})
