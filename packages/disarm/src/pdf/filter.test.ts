import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Context, Refusal } from '../family.ts'
import { decodeStream } from './filter.ts'
import { SyntaxFault } from './lexer.ts'
import { dictionary, list, name } from './objects.ts'
import type { Value } from './objects.ts'
import { predict, unpredict } from './predictor.ts'

function decode(
  raw: Uint8Array,
  filter: Value,
  parameters: Value = null,
  context = new Context(),
): Uint8Array {
  const entries = dictionary({ Filter: filter, DecodeParms: parameters })
  const resolve = (value: Value | undefined): Value => value ?? null
  return decodeStream({ kind: 'stream', dictionary: entries, raw }, resolve, context).bytes
}

/** Nine-bit codes only: a clear code before the table needs ten bits. */
function encodeLzw(bytes: Uint8Array): Uint8Array {
  let bits = ''
  for (const [i, byte] of bytes.entries()) {
    if (i % 200 === 0) bits += (256).toString(2).padStart(9, '0')
    bits += byte.toString(2).padStart(9, '0')
  }
  bits += (257).toString(2).padStart(9, '0')
  return Uint8Array.from({ length: Math.ceil(bits.length / 8) }, (_, i) =>
    Number.parseInt(bits.slice(8 * i, 8 * i + 8).padEnd(8, '0'), 2),
  )
}

function encodeAscii85(bytes: Uint8Array): Uint8Array {
  let out = ''
  for (let at = 0; at < bytes.length; at += 4) {
    const part = bytes.subarray(at, at + 4)
    let value = 0
    for (let i = 0; i < 4; i += 1) value = value * 256 + (part[i] ?? 0)
    let group = ''
    for (let i = 0; i < 5; i += 1) {
      group = String.fromCharCode(33 + (value % 85)) + group
      value = Math.floor(value / 85)
    }
    out += group.slice(0, part.length + 1)
  }
  return Buffer.from(`${out}~>`)
}

const some = fc.uint8Array({ maxLength: 600 })
const same = (a: Uint8Array, b: Uint8Array): void => expect(Buffer.compare(a, b)).toBe(0)

describe('stream filters', () => {
  test('each filter gives back what was encoded', () => {
    fc.assert(
      fc.property(some, (bytes) => {
        same(decode(deflateSync(bytes), name('FlateDecode')), bytes)
        same(decode(encodeLzw(bytes), name('LZWDecode')), bytes)
        same(decode(encodeAscii85(bytes), name('ASCII85Decode')), bytes)
        const hexadecimal = Buffer.from(`${Buffer.from(bytes).toString('hex')}>`)
        same(decode(hexadecimal, name('ASCIIHexDecode')), bytes)
        same(decode(deflateSync(hexadecimal), list([name('Fl'), name('AHx')])), bytes)
      }),
    )
  })

  test('run-length data is expanded', () => {
    const packed = Uint8Array.of(2, 65, 66, 67, 254, 68, 128, 1, 1)
    expect(Buffer.from(decode(packed, name('RunLengthDecode'))).toString()).toBe('ABCDDD')
  })

  test('PNG prediction is undone exactly, for every geometry', () => {
    const rows = fc.record({
      colors: fc.integer({ min: 1, max: 4 }),
      bits: fc.constantFrom(1, 2, 4, 8, 16),
      columns: fc.integer({ min: 1, max: 20 }),
    })
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 8 }), fc.nat(), (geometry, height, seed) => {
        const row = Math.ceil((geometry.colors * geometry.bits * geometry.columns) / 8)
        const bytes = Uint8Array.from({ length: row * height }, (_, i) => (i * seed) >> 3)
        same(unpredict(predict(bytes, geometry), 15, geometry, new Context()), bytes)
      }),
    )
  })

  test('TIFF prediction adds the pixel on the left', () => {
    const rows = { colors: 1, bits: 8, columns: 3 }
    const plain = unpredict(Uint8Array.of(1, 1, 1, 5, 0, 255), 2, rows, new Context())
    expect([...plain]).toEqual([1, 2, 3, 5, 5, 4])
  })

  test('any bytes through any filter end in bytes or in a fault', () => {
    const filters = fc.constantFrom(
      'FlateDecode',
      'LZWDecode',
      'ASCII85Decode',
      'ASCIIHexDecode',
      'RunLengthDecode',
    )
    const parameters = fc.record({
      Predictor: fc.integer(),
      Colors: fc.integer(),
      Columns: fc.integer(),
    })
    fc.assert(
      fc.property(some, filters, parameters, (bytes, filter, settings) => {
        try {
          decode(bytes, name(filter), dictionary(settings))
        } catch (fault) {
          expect(fault).toBeInstanceOf(SyntaxFault)
        }
      }),
    )
  })
})

describe('bombs', () => {
  const small = (): Context => new Context({ limits: { decodedBytes: 1_000_000 } })
  const refusal = (run: () => unknown): string => {
    try {
      run()
    } catch (fault) {
      if (fault instanceof Refusal) return fault.reason
    }
    return 'none'
  }

  test('a deflate bomb ends at the budget', () => {
    const bomb = deflateSync(new Uint8Array(4_000_000))
    expect(refusal(() => decode(bomb, name('FlateDecode'), null, small()))).toBe('LIMIT-SIZE')
  })

  test('a bomb inside a bomb ends at the budget', () => {
    const bomb = deflateSync(deflateSync(new Uint8Array(4_000_000)))
    const twice = list([name('FlateDecode'), name('FlateDecode')])
    expect(refusal(() => decode(bomb, twice, null, small()))).toBe('LIMIT-SIZE')
  })

  test('run-length and LZW bombs end at the budget', () => {
    const runs = Uint8Array.from({ length: 40_000 }, (_, i) => (i % 2 === 0 ? 129 : 0))
    expect(refusal(() => decode(runs, name('RunLengthDecode'), null, small()))).toBe('LIMIT-SIZE')
  })
})
