import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  BLACK_WHITE,
  EVERY_EMF_RECORD,
  MASKED,
  MONO,
  TRUE_COLOUR,
  comment,
  dibInfo,
  emf,
  emfPlus,
  emfRecord,
  fontOf,
  int32,
  place,
  real,
  stretch,
  textOut,
} from '../specimens/emf-specimen.ts'
import { contains, disarmImage, verified } from '../specimens/report.ts'
import { Context } from '../../family.ts'
import { rebuildImage } from '../index.ts'
import { EMF_RULES } from './emf-rules.ts'

const EVERY = emf(EVERY_EMF_RECORD, { handles: 10 })
const LINE = [emfRecord(27, 1, 1), emfRecord(54, 9, 9)]
const CLEAN = emf(LINE)
const BOX = [0, 0, 9, 9]

/** What becomes of a drawing that has one more record. */
function withRecord(record: Uint8Array): ReturnType<typeof disarmImage> {
  return disarmImage(emf([LINE[0]!, record, LINE[1]!]))
}

describe('a drawing stays what it is', () => {
  test('every record of the list comes out byte for byte, and the verifier accepts it', () => {
    const types = new Set(EVERY_EMF_RECORD.map((record) => record.readUInt32LE(0)))
    expect([...EMF_RULES.keys()].filter((type) => !types.has(type))).toEqual([])
    const outcome = disarmImage(EVERY)
    expect(outcome).toMatchObject({ reason: undefined, type: 'emf', size: '96x96', removed: [] })
    expect(Buffer.compare(outcome.output, EVERY)).toBe(0)
    expect(verified(outcome.output)).toBe('emf')
  })

  test('that it is a metafile, whose commands were checked one by one, is said', () => {
    const context = new Context()
    rebuildImage(CLEAN, context, 'image1.emf')
    expect(context.report()).toEqual({
      removed: [],
      kept: [{ rule: 'IMG-METAFILE', where: 'image1.emf', count: 1 }],
    })
  })

  test('the header of the first version is completed', () => {
    const old = Buffer.concat([CLEAN.subarray(0, 88), CLEAN.subarray(108)])
    old.writeUInt32LE(88, 4)
    expect(disarmImage(old)).toMatchObject({ removed: [], output: new Uint8Array(CLEAN) })
  })

  test('a wrong size, number of records or number of handles in the header is set right', () => {
    const lying = Buffer.from(CLEAN)
    lying.writeUInt32LE(0xffffffff, 48)
    lying.writeUInt32LE(0x7fffffff, 52)
    lying.writeUInt16LE(0xffff, 56)
    expect(disarmImage(lying)).toMatchObject({ removed: [], output: new Uint8Array(CLEAN) })
  })

  test('coordinates beyond those that GDI computes with are brought back', () => {
    const outcome = withRecord(emfRecord(54, 0x7fffffff, -0x80000000))
    expect(Buffer.from(outcome.output).includes(emfRecord(54, 0x7ffffff, -0x7ffffff))).toBe(true)
  })

  test('bytes behind the end of a face name do not survive', () => {
    const font = fontOf(1, 'MS\0secret')
    const outcome = disarmImage(emf([font, emfRecord(37, 1)]))
    expect(outcome).toMatchObject({ removed: [] })
    expect(contains(outcome.output, 's\0e\0c')).toBe(false)
    expect(verified(outcome.output)).toBe('emf')
  })
})

/** Records that act, reach out or are unknown. */
const FORBIDDEN: readonly (readonly [name: string, record: Buffer])[] = [
  ['a comment', comment(Buffer.from('anything'))],
  ['a comment of GDI+', emfPlus([0x4001, 1], [0x4008, 0], [0x4002, 0])],
  ['a comment with an EPS picture', comment(Buffer.from('GDIC\x04\0\0@%!PS-Adobe', 'latin1'))],
  ['an escape to the printer driver', emfRecord(105, 8, 4, 0x41414141)],
  ['an escape that passes PostScript', emfRecord(106, 4115, 4, 0x41414141)],
  ['an escape to a named driver', emfRecord(110, 1, 4, 4, Buffer.from('evil'))],
  ['an OpenGL record', emfRecord(102, 4, 0)],
  ['a bounded OpenGL record', emfRecord(103, ...BOX, 4, 0)],
  ['a pixel format', emfRecord(104, ...Array.from({ length: 10 }, () => 0))],
  ['a colour space', emfRecord(99, 1, Buffer.alloc(328))],
  ['a colour space with a file name', emfRecord(122, 1, Buffer.alloc(588), 0, 0)],
  ['a colour profile by its name', emfRecord(113, 0, 8, 0, Buffer.from('\\\\a\\b\0\0'))],
  ['a colour match by a profile path', emfRecord(121, 1, 0, 8, 0, Buffer.from('\\\\a\\b\0\0'))],
  ['a font link', emfRecord(119, 1, 7, 7, 0, 0)],
  ['a record of no known type', emfRecord(0x4242, 1, 2, 3)],
  ['a second header', CLEAN.subarray(0, 108)],
]

describe('what is no drawing goes', () => {
  test.each(FORBIDDEN)('%s is dropped and reported', (_, record) => {
    const outcome = withRecord(record)
    expect(outcome.removed).toEqual(['IMG-METAFILE 1'])
    expect(Buffer.compare(outcome.output, CLEAN)).toBe(0)
  })

  test.each(FORBIDDEN)('the verifier rejects %s put back', (_, record) => {
    expect(verified(emf([...LINE, record]))).toMatch(/^VERIFY-EMF/u)
  })

  test('the description, which names program and author, is dropped and reported', () => {
    const outcome = disarmImage(emf(LINE, { description: 'Editor\0Yamada\0\0' }))
    expect(outcome.removed).toEqual(['IMG-METAFILE 1'])
    expect(Buffer.compare(outcome.output, CLEAN)).toBe(0)
  })

  test('bytes behind the end are dropped and reported, and another format among them by its name', () => {
    const trail = disarmImage(Buffer.concat([CLEAN, Buffer.from('hello')]))
    const zip = disarmImage(Buffer.concat([CLEAN, Buffer.from('PK\x03\x04', 'latin1')]))
    expect([trail.removed, zip.removed]).toEqual([['IMG-TRAIL 1'], ['IMG-POLY 1']])
    expect(Buffer.compare(trail.output, CLEAN)).toBe(0)
  })

  test('a picture that GDI+ alone paints is refused, so that a placeholder stands for it', () => {
    const outcome = disarmImage(emf([emfPlus([0x4001, 0], [0x400a, 0]), ...LINE]))
    expect(outcome.reason).toBe('IMG-DECODE')
  })

  test('a picture that only says that both paint is refused, not delivered as an empty sheet', () => {
    const moves = emfRecord(27, 1, 1)
    const outcome = disarmImage(emf([emfPlus([0x4001, 1], [0x400a, 0]), moves]))
    expect(outcome.reason).toBe('IMG-DECODE')
    expect(disarmImage(emf([emfPlus([0x4001, 1], [0x4008, 0]), moves])).reason).toBeUndefined()
  })

  test('of a picture that both paint, the records that everybody reads stay', () => {
    const outcome = disarmImage(emf([emfPlus([0x4001, 1], [0x400a, 0]), ...LINE]))
    expect(Buffer.compare(outcome.output, CLEAN)).toBe(0)
  })

  test('a file that is cut off keeps what could be read', () => {
    const outcome = disarmImage(CLEAN.subarray(0, CLEAN.length - 25))
    expect(outcome.removed).toEqual(['IMG-TRUNCATED 1'])
    expect(verified(outcome.output)).toBe('emf')
  })
})

/** Records whose numbers lead a careless reader astray. */
const LYING: readonly (readonly [name: string, record: Buffer])[] = [
  ['more points than there are', emfRecord(4, ...BOX, 1000, 1, 1)],
  ['a number of points that overflows', emfRecord(86, ...BOX, 0x40000001, 1)],
  ['polygons with more points than are announced', emfRecord(8, ...BOX, 1, 1, 2, 1, 2, 3, 4)],
  ['polygons with more points than all have', emfRecord(8, ...BOX, 1, 1, 9, 1, 1)],
  [
    'a text that lies behind the record',
    emfRecord(84, ...BOX, 1, 0, 0, 0, 0, 9, 4000, 0, ...BOX, 0),
  ],
  [
    'a bitmap that lies behind the record',
    emfRecord(81, ...BOX, 0, 0, 0, 0, 1, 1, 80, 40, 120, 4, 0, 0, 1, 1),
  ],
  ['a bitmap of fewer bytes than its size', stretch([dibInfo(100, 100, 24), Buffer.alloc(64)])],
  ['a gradient of a vertex that is not there', emfRecord(118, ...BOX, 1, 1, 0, 0, 0, 0, 0, 0, 7)],
  [
    'a region of more rectangles than it has',
    emfRecord(74, ...BOX, 48, 32, 1, 900, 16, ...BOX, ...BOX),
  ],
  ['an object that was never made', emfRecord(37, 7)],
  ['a stock object that does not exist', emfRecord(37, 0x80000014)],
  ['the end of an object that was never made', emfRecord(40, 7)],
  ['an object made at the place of the metafile', emfRecord(38, 0, 0, 1, 0, 0)],
  ['an object beyond all handles', emfRecord(38, 0xffff, 0, 1, 0, 0)],
  ['more restored than was saved', emfRecord(34, -1)],
  ['a state restored by its number', emfRecord(34, 1)],
  ['a transformation by what is no number', emfRecord(35, real(Number.NaN), 0, 0, 0, 0, 0)],
  ['an endless transformation', emfRecord(35, real(Number.POSITIVE_INFINITY), 0, 0, 0, 0, 0)],
  ['a mapping mode that does not exist', emfRecord(17, 99)],
  ['a record too short for its fields', emfRecord(43, 1, 2)],
  [
    'a JPEG in the clothes of a bitmap',
    stretch([dibInfo(1, 1, 0, { compression: 4 }), Buffer.from('\xff\xd8\xff', 'latin1')]),
  ],
  [
    'a PNG in the clothes of a bitmap',
    stretch([dibInfo(1, 1, 0, { compression: 5 }), Buffer.from('\x89PNG', 'latin1')]),
  ],
  [
    'colour masks that overlap',
    stretch([
      dibInfo(2, 1, 16, { compression: 3, rest: Buffer.concat([0xff, 0xff, 0xff].map(int32)) }),
      Buffer.alloc(4),
    ]),
  ],
]

describe('numbers that lie', () => {
  test.each(LYING)('%s: the record is dropped and the verifier rejects it', (_, record) => {
    const outcome = withRecord(record)
    expect(outcome.removed).toEqual(['IMG-METAFILE 1'])
    expect(Buffer.compare(outcome.output, CLEAN)).toBe(0)
    for (const handles of [1, 2]) {
      expect(verified(emf([...LINE, record], { handles }))).toMatch(/^VERIFY-EMF/u)
    }
  })

  test('a bitmap that asks for four thousand million pixels is a bomb', () => {
    const record = stretch([dibInfo(65_535, 65_535, 32, { size: 0 }), Buffer.alloc(4)])
    expect(withRecord(record).reason).toBe('IMG-BOMB')
  })

  test('states are not saved without end', () => {
    const saves = Array.from({ length: 10_005 }, () => emfRecord(33))
    const outcome = disarmImage(emf(saves))
    expect(outcome.removed).toEqual(['IMG-METAFILE 5'])
    expect(verified(outcome.output)).toBe('emf')
    expect(verified(emf(saves))).toMatch(/^VERIFY-EMF/u)
  })

  test('an object whose making was dropped is not used', () => {
    const bad = emfRecord(39, 1, 9, 0, 0)
    const outcome = disarmImage(emf([emfRecord(38, 1, 0, 1, 0, 0), bad, emfRecord(37, 1)]))
    expect(outcome.removed).toEqual(['IMG-METAFILE 2'])
    expect(verified(outcome.output)).toBe('emf')
  })
})

describe('bitmaps', () => {
  const sameAs = (
    dib: readonly [Uint8Array, Uint8Array],
    as: readonly [Uint8Array, Uint8Array],
  ) => {
    const outcome = disarmImage(emf([stretch(dib)]))
    expect(outcome.removed).toEqual([])
    expect(Buffer.compare(outcome.output, emf([stretch(as)]))).toBe(0)
    expect(verified(outcome.output)).toBe('emf')
  }
  const grey = Buffer.alloc(1024)
  grey.set([9, 9, 9, 0, 8, 8, 8], 0)
  const FOUR = dibInfo(4, 2, 8, { rest: grey })

  test('runs of eight bits become plain rows', () => {
    const runs = Buffer.from([2, 1, 1, 0, 0, 0, 0, 3, 1, 0, 1, 0, 0, 1])
    const given = [dibInfo(4, 2, 8, { compression: 1, rest: grey }), runs] as const
    sameAs(given, [FOUR, Buffer.from([1, 1, 0, 0, 1, 0, 1, 0])])
  })

  test('runs of four bits become plain rows, and a jump leaves the first colour', () => {
    const table = Buffer.alloc(64)
    const runs = Buffer.from([3, 0x12, 0, 2, 0, 1, 0, 4, 0x34, 0x56, 0, 1])
    const given = [dibInfo(8, 2, 4, { compression: 2, rest: table }), runs] as const
    sameAs(given, [
      dibInfo(8, 2, 4, { rest: table }),
      Buffer.from([0x12, 0x10, 0, 0, 0, 0x03, 0x45, 0x60]),
    ])
  })

  test('runs that leave the bitmap are cut off where it ends', () => {
    const runs = Buffer.from([255, 1, 255, 1, 0, 0, 255, 1, 0, 0, 255, 1])
    const given = [dibInfo(4, 2, 8, { compression: 1, rest: grey }), runs] as const
    sameAs(given, [FOUR, Buffer.alloc(8, 1)])
  })

  test('the header of OS/2 becomes the usual one', () => {
    const core = Buffer.alloc(18)
    core.writeUInt32LE(12, 0)
    core.writeUInt16LE(2, 4)
    core.writeUInt16LE(2, 6)
    core.writeUInt32LE(0x10001, 8)
    core.fill(255, 15)
    sameAs([core, MONO[1]], MONO)
  })

  test('a header of the fifth version loses its colour profile', () => {
    const five = Buffer.alloc(124)
    dibInfo(2, 1, 16, { compression: 3 }).copy(five)
    five.writeUInt32LE(124, 0)
    five.set(MASKED[0].subarray(40), 40)
    five.write('LINK', 56)
    sameAs([five, MASKED[1]], MASKED)
  })

  test('a short colour table is filled up, so that no pixel can name a colour outside of it', () => {
    const short = dibInfo(4, 2, 8, { used: 2, rest: grey.subarray(0, 8) })
    sameAs([short, Buffer.alloc(8, 255)], [FOUR, Buffer.alloc(8, 255)])
  })

  test('bits that no pixel has are 0', () => {
    sameAs([MONO[0], Buffer.from([0xbf, 1, 2, 3, 0x7f, 4, 5, 6])], MONO)
    const marked = emf([stretch([MONO[0], Buffer.from([0x81, 0, 0, 0, 0x40, 0, 0, 0])])])
    expect(verified(marked)).toMatch(/^VERIFY-EMF/u)
    expect(
      verified(emf([stretch([MONO[0], Buffer.from([0x80, 1, 0, 0, 0x40, 0, 0, 0])])])),
    ).toMatch(/^VERIFY-EMF/u)
  })

  test('the fourth byte of a colour is 0', () => {
    const marked = Uint8Array.from(BLACK_WHITE, (byte, index) => (index % 4 === 3 ? 7 : byte))
    sameAs([dibInfo(2, 2, 1, { rest: marked }), MONO[1]], MONO)
    expect(verified(emf([stretch([dibInfo(2, 2, 1, { rest: marked }), MONO[1]])]))).toMatch(
      /^VERIFY-EMF/u,
    )
  })

  test('offsets that overlap or leave gaps are laid out anew', () => {
    const gap = Buffer.from('hidden in the gap...')
    const [info, bits] = TRUE_COLOUR
    const at = place([info, bits], 80 + gap.length)
    const record = emfRecord(
      81,
      ...BOX,
      0,
      0,
      0,
      0,
      2,
      2,
      ...at,
      0,
      0xcc0020,
      9,
      9,
      gap,
      info,
      bits,
    )
    const outcome = disarmImage(emf([record]))
    expect(Buffer.compare(outcome.output, emf([stretch(TRUE_COLOUR)]))).toBe(0)
    expect(verified(emf([record]))).toMatch(/^VERIFY-EMF/u)
  })
})

describe('the verifier', () => {
  test.each([
    ['size', 48],
    ['number of records', 52],
    ['number of handles', 56],
    ['length of the description', 60],
    ['palette entries', 68],
    ['pixel format', 88],
    ['use of OpenGL', 96],
    ['size in micrometres', 103],
  ])('rejects another %s in the header', (_, at) => {
    const bytes = Buffer.from(CLEAN)
    bytes.writeUInt8(bytes.readUInt8(at) ^ 0x80, at)
    expect(verified(bytes)).toMatch(/^VERIFY-EMF/u)
  })

  test('rejects bytes behind the end and an end with a palette', () => {
    expect(verified(Buffer.concat([CLEAN, Buffer.alloc(4)]))).toMatch(/^VERIFY-EMF/u)
    expect(verified(emf(LINE, { end: emfRecord(14, 1, 16, 0, 24) }))).toMatch(/^VERIFY-EMF/u)
  })

  test('rejects a text with fill bytes that say something', () => {
    const bytes = Buffer.from(textOut('abc'))
    bytes.writeUInt8(65, 76 + 6)
    expect(verified(emf([bytes]))).toMatch(/^VERIFY-EMF/u)
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
          'emf',
        ])
        if (verified(bytes) !== 'emf') return
        expect(outcome.removed).toEqual([])
        expect(Buffer.compare(outcome.output, bytes)).toBe(0)
      }),
      { numRuns: 1500 },
    )
  })

  test('records in any order and number', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...EVERY_EMF_RECORD), { maxLength: 30 }), (records) => {
        const outcome = disarmImage(emf(records))
        expect(verified(outcome.output)).toBe('emf')
        expect(disarmImage(outcome.output)).toEqual({ ...outcome, removed: [] })
      }),
      { numRuns: 300 },
    )
  })
})
