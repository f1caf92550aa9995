import { describe, expect, test } from 'vitest'
import { verifySfnt } from '../../verify/sfnt.ts'
import { verifyType1 } from '../../verify/type1.ts'
import { checkCff } from './cff.ts'
import { fontProgram } from './font-program.ts'
import { iccProfile } from './icc.ts'
import { rebuildJpx } from './jpx.ts'
import { SyntaxFault } from './lexer.ts'
import { rebuildSfnt } from './sfnt.ts'
import { readType1 } from './type1.ts'

const bytes = (...parts: (string | readonly number[])[]): Buffer =>
  Buffer.concat(
    parts.map((part) =>
      typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part),
    ),
  )

const u32 = (value: number): number[] => [
  value >>> 24,
  (value >> 16) & 255,
  (value >> 8) & 255,
  value & 255,
]
const u16 = (value: number): number[] => [value >> 8, value & 255]

/** CFF index of short items. */
function index(...items: readonly (readonly number[])[]): number[] {
  if (items.length === 0) return [0, 0]
  const offsets = [1]
  for (const item of items) offsets.push((offsets.at(-1) as number) + item.length)
  return [...u16(items.length), 1, ...offsets, ...items.flat()]
}

/** A CFF font with one glyph; `top` gets the offset of the glyphs. */
function cff(extra: readonly number[] = [], strings: readonly (readonly number[])[] = []): Buffer {
  const top = (glyphs: number): number[] => [...extra, 28, ...u16(glyphs), 17]
  const head = (glyphs: number): number[] => [
    1,
    0,
    4,
    1,
    ...index([65]),
    ...index(top(glyphs)),
    ...index(...strings),
    ...index(),
  ]
  const at = head(0).length
  return bytes(head(at), index([14]))
}

const NUMBER = 139
const POST_SCRIPT = [28, ...u16(391), 12, 21]

describe('CFF fonts', () => {
  test('a sound font is kept to the last byte of its structures', () => {
    const font = cff()
    const checked = checkCff(Buffer.concat([font, Buffer.from('hidden')]))
    expect(Buffer.compare(checked?.bytes as Uint8Array, font)).toBe(0)
  })

  test('PostScript code in the font is blanked', () => {
    const font = cff(POST_SCRIPT, [[...Buffer.from('run evil')]])
    expect(Buffer.from(checkCff(font)?.bytes ?? []).toString('latin1')).not.toContain('evil')
    expect(font.toString('latin1')).toContain('evil')
  })

  test('a matrix of other than six numbers, and offsets outside the file, are no font', () => {
    const matrix = (count: number): number[] => [
      ...Array.from({ length: count }, () => NUMBER),
      12,
      7,
    ]
    expect(checkCff(cff(matrix(6)))).toBeDefined()
    expect(checkCff(cff(matrix(5)))).toBeUndefined()
    const outside = cff()
    outside[outside.length - 2] = 200
    expect(checkCff(outside)).toBeUndefined()
  })
})

function sfnt(loca: readonly number[], more: Readonly<Record<string, Buffer>> = {}): Buffer {
  const head = Buffer.alloc(54)
  const maxp = bytes(u32(0x00010000), u16(1))
  const tables: Record<string, Buffer> = {
    glyf: Buffer.alloc(8),
    head,
    hhea: Buffer.alloc(36),
    hmtx: Buffer.alloc(4),
    loca: bytes(loca.flatMap(u16)),
    maxp,
    ...more,
  }
  const names = Object.keys(tables)
  let at = 12 + 16 * names.length
  const directory: number[] = []
  for (const tag of names) {
    const length = tables[tag]?.length ?? 0
    directory.push(...Buffer.from(tag, 'latin1'), 0, 0, 0, 0, ...u32(at), ...u32(length))
    at += length
  }
  const head12 = [...u32(0x00010000), ...u16(names.length), 0, 0, 0, 0, 0, 0]
  return bytes(head12, directory, ...Object.values(tables).map((table) => [...table]))
}

describe('TrueType fonts', () => {
  test('tables that are not on the list do not survive', () => {
    const font = sfnt([0, 4], { DSIG: Buffer.from('secret!!'), ZZZZ: Buffer.from('payload!') })
    const rebuilt = Buffer.from(rebuildSfnt(font)?.bytes ?? [])
    expect(rebuilt.length).toBeGreaterThan(100)
    expect(rebuilt.toString('latin1')).not.toMatch(/secret|payload|DSIG|ZZZZ/u)
    expect(Buffer.compare(rebuildSfnt(rebuilt)?.bytes as Uint8Array, rebuilt)).toBe(0)
  })

  test('glyph offsets that fall back or lie outside are no font', () => {
    expect(rebuildSfnt(sfnt([0, 4]))).toBeDefined()
    expect(rebuildSfnt(sfnt([4, 0]))).toBeUndefined()
    expect(rebuildSfnt(sfnt([0, 400]))).toBeUndefined()
  })

  test('a glyph in an impossible place is blank, and the others stay; a font of mostly such glyphs is none', () => {
    const three = { maxp: bytes(u32(0x00010000), u16(3)), glyf: Buffer.from('aaaabbcc') }
    const mended = rebuildSfnt(sfnt([0, 2, 1, 4], three))?.bytes as Uint8Array
    expect(Buffer.from(mended).toString('latin1')).toContain('aaaaaabbcc')
    expect(() => verifySfnt(mended, 'glyf', 'font')).not.toThrow()
    expect(Buffer.compare(rebuildSfnt(mended)?.bytes as Uint8Array, mended)).toBe(0)
    expect(rebuildSfnt(sfnt([0, 2, 900, 901], three))).toBeUndefined()
  })

  test('where unused glyphs point to the beginning, a glyph ends where the next one begins', () => {
    // 0 → 2, 2 → 10, 10 → 18, 18 → 26 and 26 → 46 are glyphs; 0 → 10, 0 → 18 and 0 → 46 would be the table over and over.
    const loca = [0, 1, 0, 1, 5, 0, 5, 9, 0, 9, 13, 23, 0, 23]
    const glyf = Buffer.from(`aa${'b'.repeat(8)}${'c'.repeat(8)}${'d'.repeat(8)}${'e'.repeat(20)}`)
    const font = sfnt(loca, { maxp: bytes(u32(0x00010000), u16(13)), glyf })
    const mended = rebuildSfnt(font)?.bytes as Uint8Array
    expect(Buffer.from(mended).toString('latin1')).toContain(`${'d'.repeat(8)}${'e'.repeat(20)}aa`)
    expect(() => verifySfnt(mended, 'glyf', 'font')).not.toThrow()
    expect(Buffer.compare(rebuildSfnt(mended)?.bytes as Uint8Array, mended)).toBe(0)
  })

  test('places that are not sorted are read one by one', () => {
    const three = { maxp: bytes(u32(0x00010000), u16(3)), glyf: Buffer.from('aaaabbbbcccc') }
    const mended = rebuildSfnt(sfnt([4, 2, 0, 6], three))?.bytes as Uint8Array
    expect(Buffer.from(mended).toString('latin1')).toContain('ccccbbbbaaaa')
    expect(() => verifySfnt(mended, 'glyf', 'font')).not.toThrow()
  })

  test('a small font cannot grow by many glyphs in one place', () => {
    const many = { maxp: bytes(u32(0x00010000), u16(400)), glyf: Buffer.alloc(64) }
    const offsets = Array.from({ length: 401 }, (_, i) => (i % 2) * 32)
    expect(rebuildSfnt(sfnt(offsets, many))).toBeUndefined()
  })
})

function type1(
  clear: string,
  secret: string,
  trailer: string = `${'0'.repeat(512)}cleartomark`,
): Buffer {
  const out: number[] = []
  let key = 55_665
  for (const byte of Buffer.from(`    ${secret}`, 'latin1')) {
    const sealed = byte ^ (key >> 8)
    out.push(sealed)
    key = ((sealed + key) * 52_845 + 22_719) & 0xffff
  }
  return bytes(`%!PS-AdobeFont-1.0\n${clear}\ncurrentfile eexec\n`, out, trailer)
}

describe('Type 1 fonts', () => {
  const matrix = '/FontMatrix [0.001 0 0 0.001 0 0] readonly def'

  test('a sound font is kept and what follows it is not', () => {
    const font = type1(matrix, 'dup /Private /CharStrings 1 dict')
    const read = readType1(Buffer.concat([font, Buffer.from('hidden')]))
    expect(read).toBeDefined()
    expect(Buffer.from(read?.bytes ?? []).toString('latin1')).not.toContain('hidden')
  })

  test('the encrypted part is kept to its last byte, whatever that looks like', () => {
    const seen = new Set<number>()
    for (let last = 0; last < 256; last += 1) {
      const secret = `dup /Private /CharStrings 1 dict${String.fromCharCode(last)}`
      const bare = type1(matrix, secret, '')
      seen.add(bare.at(-1) as number)
      for (const trailer of ['', `${'0'.repeat(512)}cleartomark`, `${'0'.repeat(512)}\n`]) {
        const read = readType1(type1(matrix, secret, trailer))
        const kept = Buffer.from(read?.bytes ?? []).subarray(0, bare.length)
        expect([last, trailer.length, kept.equals(bare)]).toEqual([last, trailer.length, true])
        expect(read?.lengths).toEqual(verifyType1(read?.bytes as Uint8Array, 'font'))
        const again = readType1(read?.bytes as Uint8Array)
        expect(Buffer.compare(again?.bytes as Uint8Array, read?.bytes as Uint8Array)).toBe(0)
      }
    }
    expect(seen.size).toBe(256)
  })

  test('a script in the font matrix is no font (CVE-2024-4367)', () => {
    const evil = "/FontMatrix [1 0 0 1 0 (0\\); alert\\('x'\\)//)] def"
    expect(readType1(type1(evil, '/CharStrings'))).toBeUndefined()
    expect(readType1(type1(matrix, `/CharStrings ${evil}`))).toBeUndefined()
    expect(readType1(type1('/FontMatrix [1 0 0 1 0] def', '/CharStrings'))).toBeUndefined()
  })

  test('a font without glyph programs is no font', () => {
    expect(readType1(type1(matrix, 'nothing here'))).toBeUndefined()
  })
})

test('the kind of a font is told by its bytes; anything else is no font', () => {
  expect(fontProgram(cff())?.subtype).toBe('Type1C')
  expect(fontProgram(cff(), 'CIDFontType0C')?.subtype).toBe('CIDFontType0C')
  expect(fontProgram(sfnt([0, 4]))?.lengths).toHaveLength(1)
  expect(fontProgram(Buffer.from('MZ\x90\0program'))).toBeUndefined()
  expect(fontProgram(new Uint8Array())).toBeUndefined()
})

function profile(space: string, tags: Readonly<Record<string, Buffer>>): Buffer {
  const names = Object.keys(tags)
  let at = 128 + 4 + 12 * names.length
  const directory = [...u32(names.length)]
  for (const tag of names) {
    const length = tags[tag]?.length ?? 0
    directory.push(...Buffer.from(tag, 'latin1'), ...u32(at), ...u32(length))
    at += length
  }
  const header = Buffer.alloc(128)
  header[8] = 2
  header.write(`mntr${space}XYZ `, 12, 'latin1')
  header.write('acsp', 36, 'latin1')
  header.write('makermodel', 48, 'latin1')
  return bytes([...header], directory, ...Object.values(tags).map((tag) => [...tag]))
}

describe('colour profiles', () => {
  const point = bytes('XYZ \0\0\0\0', u32(1), u32(2), u32(3))
  const curve = bytes('curv\0\0\0\0', u32(1), u16(563))
  const gray = {
    wtpt: point,
    kTRC: curve,
    cprt: Buffer.from('text\0\0\0\0owner'),
    dmnd: Buffer.from('desc\0\0\0\0maker'),
  }

  test('colour stays; maker, owner and unknown tags go', () => {
    const rebuilt = Buffer.from(iccProfile(profile('GRAY', gray), 1) ?? []).toString('latin1')
    expect(rebuilt).toContain('kTRC')
    expect(rebuilt).not.toMatch(/maker|owner|dmnd/u)
  })

  test('a profile for other colours, without its curves, or cut off, is not one', () => {
    expect(iccProfile(profile('GRAY', gray), 3)).toBeUndefined()
    expect(iccProfile(profile('GRAY', { wtpt: point }), 1)).toBeUndefined()
    expect(iccProfile(profile('GRAY', gray).subarray(0, 100), 1)).toBeUndefined()
    const huge = { wtpt: point, kTRC: bytes('curv\0\0\0\0', u32(0xffffff)) }
    expect(iccProfile(profile('GRAY', huge), 1)).toBeUndefined()
  })
})

describe('JPEG 2000', () => {
  const size = [
    ...u16(0xff51),
    ...u16(41),
    ...u16(0),
    ...u32(4),
    ...u32(4),
    ...u32(0),
    ...u32(0),
    ...u32(4),
    ...u32(4),
    ...u32(0),
    ...u32(0),
    ...u16(1),
    7,
    1,
    1,
  ]
  const comment = [...u16(0xff64), ...u16(8), ...u16(1), ...Buffer.from('evil')]
  const stream = (extra: readonly number[]): Buffer =>
    bytes(
      u16(0xff4f),
      size,
      extra,
      u16(0xff90),
      u16(10),
      u16(0),
      u32(16),
      [0, 1],
      u16(0xff93),
      [1, 2],
      u16(0xffd9),
    )

  test('comments, unknown boxes and what follows the picture go', () => {
    const box = (type: string, body: Buffer): Buffer => bytes(u32(body.length + 8), type, [...body])
    const file = Buffer.concat([
      box('jP  ', Buffer.alloc(4)),
      box('uuid', Buffer.from('evil')),
      box('jp2c', Buffer.concat([stream(comment), Buffer.from('evil')])),
    ])
    const clean = Buffer.from(rebuildJpx(file))
    expect(clean.toString('latin1')).not.toMatch(/evil|uuid/u)
    expect(Buffer.compare(rebuildJpx(clean), clean)).toBe(0)
  })

  test('unknown markers, walls and cut streams are refused', () => {
    expect(() => rebuildJpx(stream([...u16(0xff30), ...u16(2)]))).toThrow(SyntaxFault)
    expect(() => rebuildJpx(stream([]).subarray(0, 50))).toThrow(SyntaxFault)
    const wall = stream([])
    wall.writeUInt32BE(0x7fffffff, 8)
    expect(() => rebuildJpx(wall)).toThrow(SyntaxFault)
  })
})
