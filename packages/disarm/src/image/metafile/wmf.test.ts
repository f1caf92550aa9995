import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MONO, dibInfo, int32 } from '../specimens/emf-specimen.ts'
import { contains, disarmImage, verified } from '../specimens/report.ts'
import {
  EVERY_WMF_RECORD,
  WMF_END,
  wmf,
  wmfFont,
  wmfRecord,
  wmfStretch,
} from '../specimens/wmf-specimen.ts'
import { WMF_RULES } from './wmf-rules.ts'

const EVERY = wmf(EVERY_WMF_RECORD, { objects: 6 })
const LINE = [wmfRecord(0x0214, 1, 1), wmfRecord(0x0213, 9, 9)]
const CLEAN = wmf(LINE)
const PEN = wmfRecord(0x02fa, 0, 1, 0, int32(0xff))
const BRUSH = wmfRecord(0x02fc, 0, int32(0xff), 0)

function withRecord(record: Uint8Array): ReturnType<typeof disarmImage> {
  return disarmImage(wmf([LINE[0]!, record, LINE[1]!]))
}

describe('a drawing stays what it is', () => {
  /** Written as META_PATBLT, because for one device only. */
  const rewritten = [0x0922, 0x0b23]

  test('every record of the list comes out byte for byte, and the verifier accepts it', () => {
    const types = new Set(EVERY_WMF_RECORD.map((record) => record.readUInt16LE(4)))
    const missing = [...WMF_RULES.keys()].filter((type) => !types.has(type))
    expect(missing).toEqual(rewritten)
    const outcome = disarmImage(EVERY)
    expect(outcome).toMatchObject({ reason: undefined, type: 'wmf', size: '100x100', removed: [] })
    expect(Buffer.compare(outcome.output, EVERY)).toBe(0)
    expect(verified(outcome.output)).toBe('wmf')
  })

  test.each([
    ['META_BITBLT', 0x0922, 2],
    ['META_DIBBITBLT', 0x0940, 2],
    ['META_STRETCHBLT', 0x0b23, 4],
    ['META_DIBSTRETCHBLT', 0x0b41, 4],
  ])('a %s without a bitmap becomes the META_PATBLT that it is', (_, type, source) => {
    const given = wmfRecord(
      type,
      int32(0xf00021),
      ...Array.from({ length: source }, () => 1),
      0,
      7,
      8,
      5,
      6,
    )
    const outcome = disarmImage(wmf([given]))
    expect(outcome.removed).toEqual([])
    expect(
      Buffer.compare(outcome.output, wmf([wmfRecord(0x061d, int32(0xf00021), 7, 8, 5, 6)])),
    ).toBe(0)
  })

  test('a plain metafile gets a placeable header from its window', () => {
    const window = [wmfRecord(0x020b, 10, 20), wmfRecord(0x020c, 300, 400)]
    const outcome = disarmImage(wmf([...window, ...LINE], { placeable: false }))
    const expected = wmf([...window, ...LINE], { box: [20, 10, 420, 310], unitsPerInch: 96 })
    expect(outcome).toMatchObject({ removed: [], size: '400x300' })
    expect(Buffer.compare(outcome.output, expected)).toBe(0)
  })

  test('a plain metafile without a window is placed where its points are', () => {
    const outcome = disarmImage(wmf(LINE, { placeable: false }))
    expect(Buffer.compare(outcome.output, wmf(LINE, { box: [1, 1, 9, 9] }))).toBe(0)
  })

  test('a placeable header that places nothing, or whose checksum is wrong, is made anew', () => {
    const empty = disarmImage(wmf(LINE, { box: [5, 5, 5, 5] }))
    expect(Buffer.compare(empty.output, wmf(LINE, { box: [1, 1, 9, 9] }))).toBe(0)
    const wrong = Buffer.from(CLEAN)
    wrong.writeUInt16LE(0, 20)
    expect(Buffer.compare(disarmImage(wrong).output, CLEAN)).toBe(0)
  })

  test('bytes behind the end of a face name do not survive', () => {
    const outcome = disarmImage(wmf([wmfFont(Buffer.from('Arial\0secret'))], { objects: 1 }))
    expect(outcome.removed).toEqual([])
    expect(contains(outcome.output, 'secret')).toBe(false)
    expect(verified(outcome.output)).toBe('wmf')
  })
})

const FORBIDDEN: readonly (readonly [name: string, record: Buffer])[] = [
  [
    'SetAbortProc, which runs code on old Windows (MS06-001)',
    wmfRecord(0x0626, 9, 4, int32(0x90909090)),
  ],
  ['a comment', wmfRecord(0x0626, 15, 4, Buffer.from('note'))],
  ['a whole EMF in comments', wmfRecord(0x0626, 15, 8, Buffer.from('WMFC\x01\0\0\0', 'latin1'))],
  ['PostScript', wmfRecord(0x0626, 37, 4, Buffer.from('%!PS'))],
  ['an EPS picture', wmfRecord(0x0626, 33, 4, Buffer.from('%!PS'))],
  ['SetAbortProc under another number of parameters', wmfRecord(0xff26, 9, 4, int32(0x90909090))],
  ['a record of no known type', wmfRecord(0x0777, 1, 2)],
  [
    'a bitmap for one device only',
    wmfRecord(0x0922, int32(0xcc0020), 0, 0, 2, 2, 0, 0, 0, 2, 2, 2, 0x0101, 0, 0),
  ],
]

describe('what is no drawing goes', () => {
  test.each(FORBIDDEN)('%s is dropped and reported', (_, record) => {
    const outcome = withRecord(record)
    expect(outcome.removed).toEqual(['IMG-METAFILE 1'])
    expect(Buffer.compare(outcome.output, CLEAN)).toBe(0)
  })

  test.each(FORBIDDEN)('the verifier rejects %s put back', (_, record) => {
    expect(verified(wmf([...LINE, record]))).toMatch(/^VERIFY-WMF/u)
  })

  test('bytes behind the end are dropped and reported', () => {
    const outcome = disarmImage(Buffer.concat([CLEAN, WMF_END, Buffer.from('hidden')]))
    expect(outcome.removed).toEqual(['IMG-TRAIL 1'])
    expect(Buffer.compare(outcome.output, CLEAN)).toBe(0)
  })

  test('a file that is cut off keeps what could be read', () => {
    const outcome = disarmImage(CLEAN.subarray(0, CLEAN.length - 8))
    expect(outcome.removed).toEqual(['IMG-TRUNCATED 1'])
    expect(verified(outcome.output)).toBe('wmf')
  })
})

const LYING: readonly (readonly [name: string, record: Buffer])[] = [
  ['more points than there are', wmfRecord(0x0324, 999, 1, 1)],
  ['polygons with more points than there are', wmfRecord(0x0538, 1, 999, 1, 1)],
  ['a text longer than its record', wmfRecord(0x0521, 999, Buffer.from('ab'), 1, 1)],
  ['an object that was never made', wmfRecord(0x012d, 3)],
  ['the end of an object that was never made', wmfRecord(0x01f0, 3)],
  ['more restored than was saved', wmfRecord(0x0127, -1)],
  ['a mapping mode that does not exist', wmfRecord(0x0103, 99)],
  [
    'a region with more scans than it has',
    wmfRecord(0x06ff, 0, 6, 0, 0, 19, 9, 2, 0, 0, 9, 9, 2, 0, 9, 0, 9, 2),
  ],
  ['a bitmap of fewer bytes than its size', wmfStretch(dibInfo(100, 100, 24))],
  ['a JPEG in the clothes of a bitmap', wmfStretch(dibInfo(1, 1, 0, { compression: 4 }))],
]

describe('numbers that lie', () => {
  test.each(LYING)('%s: the record is dropped and the verifier rejects it', (_, record) => {
    const outcome = withRecord(record)
    expect(outcome.removed).toEqual(['IMG-METAFILE 1'])
    expect(Buffer.compare(outcome.output, CLEAN)).toBe(0)
    expect(verified(wmf([...LINE, record]))).toMatch(/^VERIFY-WMF/u)
  })

  test('a bitmap that asks for four thousand million pixels is a bomb', () => {
    expect(withRecord(wmfStretch(dibInfo(65_535, 65_535, 32, { size: 0 }))).reason).toBe('IMG-BOMB')
  })

  test('objects behind one that is dropped are still those that were meant', () => {
    const bad = wmfRecord(0x01f9, 1, 2, 3)
    const outcome = disarmImage(
      wmf([PEN, bad, BRUSH, wmfRecord(0x012d, 2), wmfRecord(0x01f0, 1), PEN, wmfRecord(0x012d, 1)]),
    )
    const expected = wmf([PEN, BRUSH, wmfRecord(0x012d, 1), PEN, wmfRecord(0x012d, 2)], {
      objects: 3,
    })
    expect(outcome.removed).toEqual(['IMG-METAFILE 2'])
    expect(Buffer.compare(outcome.output, expected)).toBe(0)
    expect(verified(outcome.output)).toBe('wmf')
  })

  test('the place of an object that ended is taken again', () => {
    const records = [
      PEN,
      BRUSH,
      PEN,
      ...[1, 0].map((place) => wmfRecord(0x01f0, place)),
      BRUSH,
      PEN,
      wmfRecord(0x012d, 1),
      wmfRecord(0x012d, 0),
      wmfRecord(0x0228, 0, 0),
    ]
    const outcome = disarmImage(wmf(records))
    expect(outcome.removed).toEqual(['IMG-METAFILE 1'])
    expect(Buffer.compare(outcome.output, wmf(records.slice(0, -1), { objects: 3 }))).toBe(0)
  })
})

describe('the verifier', () => {
  test.each([
    ['checksum', 20],
    ['handle', 4],
    ['reserved word', 16],
    ['type', 22],
    ['version', 26],
    ['size', 28],
    ['number of objects', 32],
    ['largest record', 34],
    ['number of parameters', 38],
  ])('rejects another %s in the header', (_, at) => {
    const bytes = Buffer.from(CLEAN)
    bytes.writeUInt8(bytes.readUInt8(at) ^ 0x40, at)
    expect(verified(bytes)).toMatch(/^VERIFY-WMF/u)
  })

  test('rejects a plain metafile and bytes behind the end', () => {
    expect(verified(wmf(LINE, { placeable: false }))).toMatch(/^VERIFY-/u)
    expect(verified(Buffer.concat([CLEAN, WMF_END]))).toMatch(/^VERIFY-WMF/u)
  })

  test('rejects a bitmap with fill bits that say something', () => {
    const [info, bits] = [MONO[0], Buffer.from(MONO[1])]
    bits.writeUInt8(1, 3)
    expect(verified(wmf([wmfStretch(Buffer.concat([info, bits]))]))).toMatch(/^VERIFY-WMF/u)
  })
})

describe('hostile bytes', () => {
  const change = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255))
  const changes = fc.array(change, { minLength: 1, maxLength: 6 })

  test('whatever a changed drawing becomes, the verifier accepts it, and whatever it accepts is written again the same', () => {
    fc.assert(
      fc.property(changes, (list) => {
        const bytes = new Uint8Array(EVERY)
        for (const [where, value] of list) bytes[Math.floor(where * (bytes.length - 1))] = value
        const outcome = disarmImage(bytes)
        expect(outcome.reason ?? verified(outcome.output)).toBeOneOf([
          'IMG-DECODE',
          'IMG-BOMB',
          'wmf',
        ])
        if (verified(bytes) !== 'wmf') return
        expect(outcome.removed).toEqual([])
        expect(Buffer.compare(outcome.output, bytes)).toBe(0)
      }),
      { numRuns: 1500 },
    )
  })

  test('records in any order and number', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...EVERY_WMF_RECORD), { maxLength: 40 }), (records) => {
        const outcome = disarmImage(wmf(records))
        expect(verified(outcome.output)).toBe('wmf')
        expect(disarmImage(outcome.output)).toEqual({ ...outcome, removed: [] })
      }),
      { numRuns: 300 },
    )
  })
})
