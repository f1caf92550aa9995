import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { disarmBytes } from '../src/engine.ts'
import { chunk, png, pngOf } from './canonical.test-support.ts'
import { verifyClean } from './index.ts'

const FOLDER = join(import.meta.dirname, '../../../corpus/disarm/image')
const reason = (bytes: Uint8Array, type: string): string => {
  const verdict = verifyClean(bytes, type)
  return verdict.clean ? 'clean' : verdict.reason
}
function disarmed(name: string): Buffer {
  const { output } = disarmBytes(
    readFileSync(join(FOLDER, name)),
    name.slice(name.lastIndexOf('.') + 1),
  )
  if (!output) throw new Error(`${name} was refused`)
  return Buffer.from(output)
}

describe('every picture of the corpus', () => {
  const names = readdirSync(FOLDER).filter((name) => /\.(?:jpg|png|gif)$/u.test(name))
  it.each(names)('%s is caught as it came and accepted as it is written', (name) => {
    const bytes = readFileSync(join(FOLDER, name))
    const { output, report } = disarmBytes(bytes, name.slice(name.lastIndexOf('.') + 1))
    if (output) expect(reason(output, report.outputType)).toBe('clean')
    if (!output?.every((byte, index) => byte === bytes[index]))
      expect(reason(bytes, report.type)).not.toBe('clean')
  })
})

describe('a PNG with anything else in it is caught', () => {
  const header = (
    more: Partial<Record<'width' | 'depth' | 'colour' | 'interlace', number>>,
  ): Buffer =>
    chunk(
      'IHDR',
      Buffer.from([
        0,
        0,
        0,
        more.width ?? 1,
        0,
        0,
        0,
        1,
        more.depth ?? 8,
        more.colour ?? 0,
        0,
        0,
        more.interlace ?? 0,
      ]),
    )
  const pixels = (...bytes: readonly number[]): Buffer =>
    chunk('IDAT', deflateSync(Buffer.from(bytes)))
  const end = chunk('IEND', Buffer.alloc(0))
  const palette = (...bytes: readonly number[]): Buffer => chunk('PLTE', Buffer.from(bytes))
  const alpha = (...bytes: readonly number[]): Buffer => chunk('tRNS', Buffer.from(bytes))
  const indexed = header({ colour: 3 })
  it.each<readonly [string, Buffer]>([
    ...[
      'tEXt',
      'zTXt',
      'iTXt',
      'eXIf',
      'iCCP',
      'gAMA',
      'pHYs',
      'tIME',
      'acTL',
      'fdAT',
      'prVt',
      'IDAT',
    ].map((type) => [`a chunk ${type}`, png([[type, Buffer.from('a\0b')]])] as const),
    ['bytes behind the end', Buffer.concat([png(), Buffer.from('PK')])],
    ['a false checksum', Buffer.concat([png().subarray(0, -1), Buffer.from('x')])],
    ['a full end', pngOf([header({}), pixels(0, 1), chunk('IEND', Buffer.from('x'))])],
    ['interlacing', pngOf([header({ interlace: 1 }), pixels(0, 1), end])],
    ['a depth that does not exist', pngOf([header({ depth: 3 }), pixels(0, 1), end])],
    ['no width', pngOf([header({ width: 0 }), pixels(0, 1), end])],
    ['more pixels than the picture', pngOf([header({}), pixels(0, 1, 2), end])],
    ['fewer pixels than the picture', pngOf([header({}), pixels(0), end])],
    ['a filter that does not exist', pngOf([header({}), pixels(5, 1), end])],
    [
      'bytes behind the pixels',
      pngOf([
        header({}),
        chunk('IDAT', Buffer.concat([deflateSync(Buffer.from([0, 1])), Buffer.from('x')])),
        end,
      ]),
    ],
    ['spare bits', pngOf([header({ depth: 1 }), pixels(0, 0x81), end])],
    ['a palette without need', pngOf([header({}), palette(1, 1, 1), pixels(0, 0), end])],
    ['no palette where one is due', pngOf([indexed, pixels(0, 0), end])],
    ['an index outside the palette', pngOf([indexed, palette(1, 1, 1), pixels(0, 1), end])],
    [
      'a colour that no pixel shows',
      pngOf([indexed, palette(1, 1, 1, 2, 2, 2), pixels(0, 1), end]),
    ],
    ['a palette too long', pngOf([indexed, palette(1, 1, 1, 0, 0, 0), pixels(0, 0), end])],
    [
      'transparency beyond the palette',
      pngOf([indexed, palette(1, 1, 1), alpha(0, 0), pixels(0, 0), end]),
    ],
    [
      'transparency that says nothing',
      pngOf([indexed, palette(1, 1, 1), alpha(255), pixels(0, 0), end]),
    ],
    ['transparency of grey out of range', pngOf([header({}), alpha(1, 0), pixels(0, 0), end])],
  ])('%s', (_, bytes) => expect(reason(bytes, 'png')).toMatch(/^VERIFY-(?:PNG|TRAILING)$/u))
  it.each([
    ['palette', pngOf([indexed, palette(0, 0, 0, 2, 2, 2), alpha(255, 0), pixels(0, 1), end])],
    ['grey', pngOf([header({}), alpha(0, 7), pixels(0, 7), end])],
  ])('transparency that says something is accepted: %s', (_, bytes) =>
    expect(reason(bytes, 'png')).toBe('clean'),
  )
})

describe('a JPEG with anything else in it is caught', () => {
  const clean = disarmed('photo-baseline.jpg')
  const segment = (marker: number, text: string): Buffer =>
    Buffer.concat([Buffer.from([0xff, marker, 0, text.length + 2]), Buffer.from(text, 'latin1')])
  const marks = [...clean.entries()].flatMap(([at, byte]) =>
    byte === 0xff && [0xc0, 0xc4, 0xda, 0xdb].includes(clean[at + 1]!) ? [at] : [],
  )
  const inserted = (at: number, what: Buffer): Buffer =>
    Buffer.concat([clean.subarray(0, at), what, clean.subarray(at)])
  const set = (at: number, value: number): Buffer => {
    const bytes = Buffer.from(clean)
    bytes[at] = value
    return bytes
  }
  const first = (marker: number): number => clean.indexOf(Buffer.from([0xff, marker]))

  it('the clean one is accepted', () => expect(reason(clean, 'jpg')).toBe('clean'))
  it('every other marker segment, before every segment', () => {
    const others = Array.from({ length: 0xfe - 0xc0 + 1 }, (_, index) => 0xc0 + index).filter(
      (marker) => ![0xd8, 0xd9].includes(marker),
    )
    for (const at of marks) {
      for (const marker of others)
        expect(`${marker} ${reason(inserted(at, segment(marker, 'x'.repeat(12))), 'jpg')}`).toMatch(
          / VERIFY-JPEG$/u,
        )
    }
  })
  it.each([
    ['fill bytes', inserted(first(0xdb), Buffer.from([0xff]))],
    ['bytes behind the end', Buffer.concat([clean, Buffer.from('PK')])],
    ['bytes before the end', inserted(clean.length - 2, Buffer.from('PK'))],
    ['a second end', Buffer.concat([clean, Buffer.from([0xff, 0xd9])])],
    ['a progressive frame', set(first(0xc0) + 1, 0xc2)],
    ['an extended frame without need', set(first(0xc0) + 1, 0xc1)],
    ['twelve bits', set(first(0xc0) + 4, 12)],
    ['a table of zeros', set(first(0xdb) + 5, 0)],
    ['a table under another number', set(first(0xdb) + 4, 1)],
    ['a component twice', set(first(0xc0) + 13, clean[first(0xc0) + 10]!)],
    ['another table of a component', set(first(0xc0) + 12, 3)],
    ['a sampling of nothing', set(first(0xc0) + 11, 0)],
    ['a scan of a part of the frequencies', set(first(0xda) + 12, 1)],
    ['another table in the scan', set(first(0xda) + 6, 0x01)],
    ['a picture that is taller', set(first(0xc0) + 5, clean[first(0xc0) + 5]! + 1)],
    ['a thumbnail', set(first(0xe0) + 16, 1)],
  ])('%s', (_, bytes) => expect(reason(bytes, 'jpg')).toMatch(/^VERIFY-/u))

  it('a turned photo tells its orientation and nothing else', () => {
    const turned = disarmed('photo-gps-turned.jpg')
    expect(reason(turned, 'jpg')).toBe('clean')
    const at = turned.indexOf('Exif', 0, 'latin1')
    for (let offset = 0; offset < 30; offset++) {
      const bytes = Buffer.from(turned)
      bytes[at + offset] = bytes[at + offset]! ^ 0x40
      expect(reason(bytes, 'jpg')).not.toBe('clean')
    }
  })
})

describe('a GIF with anything else in it is caught', () => {
  const clean = disarmed('film.gif')
  const frame = clean.indexOf(0x2c, 13 + (clean[10]! & 0x80 ? 3 * (2 << (clean[10]! & 7)) : 0))
  const inserted = (at: number, what: Buffer): Buffer =>
    Buffer.concat([clean.subarray(0, at), what, clean.subarray(at)])
  const set = (at: number, value: number): Buffer => {
    const bytes = Buffer.from(clean)
    bytes[at] = value
    return bytes
  }
  const last = clean.length - 1
  it('the clean one is accepted', () => expect(reason(clean, 'gif')).toBe('clean'))
  it.each([
    ['an older version', set(4, 0x37)],
    ['a comment', inserted(last, Buffer.from([0x21, 0xfe, 1, 0x61, 0]))],
    ['a plain text block', inserted(last, Buffer.from([0x21, 0x01, 1, 0x61, 0]))],
    [
      'an application block',
      inserted(last, Buffer.from('!\u00ff\u000bXMP DataXMP\u0001a\u0000', 'latin1')),
    ],
    [
      'a second loop block',
      inserted(
        last,
        Buffer.from('!\u00ff\u000bNETSCAPE2.0\u0003\u0001\u0000\u0000\u0000', 'latin1'),
      ),
    ],
    ['bytes behind the end', Buffer.concat([clean, Buffer.from('PK')])],
    ['no end', clean.subarray(0, last)],
    ['a background', set(11, 1)],
    ['an aspect', set(12, 49)],
    ['a sorted table', set(10, clean[10]! ^ 0x08)],
    ['a frame outside the screen', set(frame + 2, 0xff)],
    ['an interlaced frame', set(frame + 9, clean[frame + 9]! | 0x40)],
  ])('%s', (_, bytes) => expect(reason(bytes, 'gif')).toMatch(/^VERIFY-GIF$/u))
})
