import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { disarmBytes } from '../src/engine.ts'
import { bmpSpecimen } from '../src/image/specimens/bmp-specimen.ts'
import { jpegSpecimen, WHOLE_BAND } from '../src/image/specimens/jpeg-specimen.ts'
import { fraction, short, tiffSpecimen } from '../src/image/specimens/tiff-specimen.ts'
import { verifyClean } from './index.ts'

const reason = (bytes: Uint8Array, type: string): string => {
  const verdict = verifyClean(bytes, type)
  return verdict.clean ? 'clean' : verdict.reason
}
function disarmed(bytes: Uint8Array, type: string): Buffer {
  const { output, report } = disarmBytes(bytes, type)
  if (!output) throw new Error(`refused: ${report.reason}`)
  return Buffer.from(output)
}
/** A copy with one number changed. */
const set = (bytes: Buffer, at: number, value: number, size = 1): Buffer => {
  const copy = Buffer.from(bytes)
  copy.writeUIntLE(value, at, size)
  return copy
}

describe('a BMP with anything else in it is caught', () => {
  const color = disarmed(
    bmpSpecimen({ width: 3, height: 2, bits: 24, pixels: Buffer.alloc(24, 7) }),
    'bmp',
  )
  const masks = [0xff0000, 0xff00, 0xff, 0xff000000]
  const alpha = disarmed(
    bmpSpecimen({
      width: 2,
      height: 1,
      bits: 32,
      headerSize: 108,
      compression: 3,
      masks,
      pixels: Buffer.alloc(8, 9),
    }),
    'bmp',
  )
  const indexed = disarmed(
    bmpSpecimen({
      width: 3,
      height: 1,
      bits: 1,
      palette: Buffer.of(1, 2, 3, 0, 4, 5, 6, 0),
      pixels: Buffer.of(0x40, 0, 0, 0),
    }),
    'bmp',
  )
  const single = disarmed(
    bmpSpecimen({
      width: 3,
      height: 1,
      bits: 4,
      palette: Buffer.alloc(64, 1),
      pixels: Buffer.of(0x22, 0x20, 0, 0),
    }),
    'bmp',
  )

  it('the clean ones are accepted', () => {
    for (const clean of [color, alpha, indexed, single]) expect(reason(clean, 'bmp')).toBe('clean')
  })
  it.each<readonly [string, Buffer]>([
    ['bytes behind the pixels', Buffer.concat([color, Buffer.from('PK')])],
    ['pixels missing', color.subarray(0, -1)],
    ['reserved words', set(color, 6, 0x2a2f, 2)],
    ['another length', set(color, 2, 0, 4)],
    ['another offset of the pixels', set(color, 10, 55, 4)],
    ['a longer header', set(color, 14, 124, 4)],
    ['no plane', set(color, 26, 0, 2)],
    ['an embedded JPEG', set(color, 30, 4, 4)],
    ['run lengths', set(single, 30, 2, 4)],
    ['an image size of 0', set(color, 34, 0, 4)],
    ['one resolution', set(color, 38, 2835, 4)],
    ['a resolution that is none', set(set(color, 38, 0xffffffff, 4), 42, 0xffffffff, 4)],
    ['a count of colours', set(indexed, 46, 2, 4)],
    ['important colours', set(indexed, 50, 2, 4)],
    ['bytes that fill up a row', set(color, color.length - 1, 1)],
    ['bits that fill up a row', set(indexed, indexed.length - 4, 0x41)],
    ['a colour that no pixel shows', set(single, 54, 1)],
    ['the fourth byte of a colour', set(indexed, 57, 1)],
    ['rows from top to bottom', set(color, 22, 0xfffffffe, 4)],
    ['no pixels', set(color, 18, 0, 4)],
    ['16 bits', set(color, 28, 16, 2)],
    ['other masks', set(alpha, 54, 0xff, 4)],
    ['a linked profile', set(alpha, 70, 0x4c494e4b, 4)],
    ['end points of colours', set(alpha, 74, 1, 4)],
    ['an alpha without opacity', set(set(alpha, 125, 0), 129, 0)],
  ])('%s', (_, bytes) =>
    expect(reason(bytes, 'bmp')).toMatch(/^VERIFY-(?:BMP|TYPE|TEXT-CONTROL)$/u),
  )
})

describe('a TIFF with anything else in it is caught', () => {
  const rows = Buffer.from(Array.from({ length: 60 }, (_, i) => i * 4))
  const tags = { 282: fraction(200, 1), 283: fraction(100, 1), 296: short(2) }
  const grey = disarmed(
    tiffSpecimen({ pages: [{ width: 6, height: 10, strips: [rows], tags }] }),
    'tif',
  )
  const two = disarmed(
    tiffSpecimen({
      pages: Array.from({ length: 2 }, () => ({ width: 6, height: 10, strips: [rows] })),
    }),
    'tif',
  )
  const bilevel = disarmed(
    tiffSpecimen({
      pages: [{ width: 3, height: 1, bits: 1, photometric: 0, strips: [Buffer.of(0xe0)] }],
    }),
    'tif',
  )
  const map = { 320: short(...Array.from({ length: 768 }, (_, i) => i * 85)) }
  const indexed = disarmed(
    tiffSpecimen({
      pages: [{ width: 6, height: 10, photometric: 3, strips: [Buffer.alloc(60, 7)], tags: map }],
    }),
    'tif',
  )
  const block = [5, ...Array<number>(63).fill(0)]
  const picture = {
    width: 8,
    height: 8,
    components: [{ id: 1, h: 1, v: 1, blocks: [block] }],
    scans: [{ components: [0], ...WHOLE_BAND }],
  }
  const jpeg = disarmed(
    tiffSpecimen({
      pages: [{ width: 8, height: 8, compression: 7, strips: [jpegSpecimen(picture)] }],
    }),
    'tif',
  )
  /** Offset of the value of a tag in the first directory. */
  const valueOf = (bytes: Buffer, tag: number): number => entryOf(bytes, tag) + 8
  const entryOf = (bytes: Buffer, tag: number): number => {
    for (let at = 10; ; at += 12) if (bytes.readUInt16LE(at) === tag) return at
  }
  const change = (bytes: Buffer, tag: number, value: number, size = 2): Buffer =>
    set(bytes, valueOf(bytes, tag), value, size)
  const outside = (bytes: Buffer, tag: number): number => bytes.readUInt32LE(valueOf(bytes, tag))
  const renamed = (bytes: Buffer, tag: number, to: number): Buffer =>
    set(bytes, entryOf(bytes, tag), to, 2)
  const nextOf = (bytes: Buffer): number => 10 + bytes.readUInt16LE(8) * 12

  it('the clean ones are accepted', () => {
    for (const clean of [grey, two, bilevel, indexed, jpeg])
      expect(reason(clean, 'tif')).toBe('clean')
  })
  it.each([270, 271, 305, 306, 315, 330, 347, 700, 33723, 34377, 34665, 34675, 34853, 65000])(
    'tag %i in the place of any other',
    (tag) => {
      for (let at = 10; at < nextOf(grey); at += 12)
        expect(reason(set(grey, at, tag, 2), 'tif')).toBe('VERIFY-TIFF')
    },
  )
  it.each<readonly [string, Buffer]>([
    ['bytes behind the last strip', Buffer.concat([grey, Buffer.from('PK')])],
    ['a strip that ends early', grey.subarray(0, -2)],
    ['a directory further on', set(grey, 4, 10, 4)],
    ['a chain that bites its tail', set(grey, nextOf(grey), 8, 4)],
    ['a further directory outside', set(grey, nextOf(grey), grey.length, 4)],
    ['a page that says it is alone', change(two, 254, 0, 4)],
    ['a page that says it is a thumbnail', change(grey, 254, 1, 4)],
    ['a page of several that is alone', change(grey, 254, 2, 4)],
    ['another width', change(grey, 256, 5, 4)],
    ['another height', change(grey, 257, 9, 4)],
    ['no width', change(grey, 256, 0, 4)],
    ['another depth', change(grey, 258, 4)],
    ['old JPEG', change(grey, 259, 6)],
    ['no compression', change(grey, 259, 1)],
    ['a mask', change(grey, 262, 4)],
    ['data outside its place', change(grey, 273, 8, 4)],
    ['a ninth orientation', change(grey, 274, 9)],
    ['a length of strips that is not ours', change(grey, 278, 5, 4)],
    ['a shorter strip', change(grey, 279, 9, 4)],
    ['planes', change(grey, 284, 2)],
    [
      'a resolution that is not reduced',
      set(set(grey, outside(grey, 282), 400, 4), outside(grey, 282) + 4, 2, 4),
    ],
    ['a resolution over another number', set(grey, outside(grey, 282) + 4, 3, 4)],
    ['a resolution of 0', set(grey, outside(grey, 282), 0, 4)],
    ['a unit nobody knows', change(grey, 296, 4)],
    ['no differences', change(grey, 317, 1)],
    ['something in the unused half of a value', set(grey, valueOf(grey, 274) + 2, 1)],
    ['values in another place', change(grey, 283, outside(grey, 282), 4)],
    ['a value of another type', set(grey, entryOf(grey, 256) + 2, 3, 2)],
    ['a map nobody asked for', renamed(grey, 317, 320)],
    ['a colour that no pixel shows', set(indexed, outside(indexed, 320) + 2, 300, 2)],
    [
      'a map of 8 bits',
      set(
        set(set(indexed, outside(indexed, 320) + 14, 9, 2), outside(indexed, 320) + 526, 9, 2),
        outside(indexed, 320) + 1038,
        9,
        2,
      ),
    ],
    ['JPEG that is called RGB', change(jpeg, 262, 2)],
    ['JPEG of another width', change(jpeg, 256, 16, 4)],
  ])('%s', (_, bytes) =>
    expect(reason(bytes, 'tif')).toMatch(/^VERIFY-(?:TIFF|TRAILING|DEFLATE)$/u),
  )

  /** A copy whose only strip is another. */
  const withStrip = (bytes: Buffer, strip: Buffer): Buffer => {
    const from = bytes.readUInt32LE(valueOf(bytes, 273))
    const filled = Buffer.concat([strip, Buffer.alloc(strip.length % 2)])
    return change(Buffer.concat([bytes.subarray(0, from), filled]), 279, strip.length, 4)
  }
  it.each<readonly [string, Buffer]>([
    ['bits behind the last pixel', withStrip(bilevel, deflateSync(Buffer.of(0xe1)))],
    ['more rows than the page', withStrip(bilevel, deflateSync(Buffer.of(0xe0, 0)))],
    ['fewer rows than the page', withStrip(grey, deflateSync(rows.subarray(6)))],
    [
      'bytes behind the packed rows',
      withStrip(bilevel, Buffer.concat([deflateSync(Buffer.of(0xe0)), Buffer.from('hide')])),
    ],
    [
      'a JPEG with a comment',
      withStrip(jpeg, commented(jpeg.subarray(jpeg.readUInt32LE(valueOf(jpeg, 273))))),
    ],
    ['a JPEG that was not rebuilt', withStrip(jpeg, Buffer.from(jpegSpecimen(picture)))],
  ])('%s', (_, bytes) => expect(reason(bytes, 'tif')).toMatch(/^VERIFY-(?:TIFF|TRAILING|JPEG)$/u))
  it('a strip exchanged for the same rows is accepted', () =>
    expect(reason(withStrip(bilevel, deflateSync(Buffer.of(0xe0))), 'tif')).toBe('clean'))
  it('bytes between the header and the first directory', () => {
    const shifted = Buffer.concat([bilevel.subarray(0, 8), Buffer.from('PK'), bilevel.subarray(8)])
    shifted.writeUInt32LE(10, 4)
    const at = valueOf(bilevel, 273)
    shifted.writeUInt32LE(bilevel.readUInt32LE(at) + 2, at + 2)
    expect(reason(shifted, 'tif')).toBe('VERIFY-TIFF')
  })
  it('a byte that is not 0 behind a strip of odd length', () => {
    const odd = [bilevel, grey, jpeg, indexed].find(
      (bytes) => bytes.readUInt32LE(valueOf(bytes, 279)) % 2 === 1,
    )
    expect(reason(set(odd!, odd!.length - 1, 1), 'tif')).toBe('VERIFY-TIFF')
  })
})

function commented(jpeg: Buffer): Buffer {
  return Buffer.concat([
    jpeg.subarray(0, 2),
    Buffer.from('fffe0005aabbcc', 'hex'),
    jpeg.subarray(2),
  ])
}

describe('a list that begins with the letters of a bitmap', () => {
  const list = Buffer.from('BMI,\u8eab\u9577,\u4f53\u91cd\r\n22.5,170,65\r\n')
  it('is a list on both sides', () => {
    expect(disarmed(list, 'csv')).toEqual(list)
    expect(reason(list, 'csv')).toBe('clean')
  })
})
