import { describe, expect, it } from 'vitest'
import { Bits, huffmanCode } from './jpeg-bits.ts'

/** One code of each length from 1 to 12: `0`, `10`, `110` …, of the symbols 1 to 12. */
const counts = Uint8Array.from({ length: 16 }, (_, index) => (index < 12 ? 1 : 0))
const symbols = Uint8Array.from({ length: 12 }, (_, index) => index + 1)
const code = () => huffmanCode(counts, symbols, 'here')
const bits = (...bytes: number[]) => new Bits(Uint8Array.from(bytes), 0, 'here')

describe('the bits of a JPEG scan, as the second reader takes them', () => {
  it('short and long codes, and how often each was used', () => {
    const table = code()
    // 0 10 11111111 1110 (twelve bits) 0, filled up with ones
    const read = bits(0b01011111, 0b11111100, 0b11111111, 0x00, 0xff, 0xd9)
    expect([1, 2, 3, 4].map(() => read.symbol(table))).toEqual([1, 2, 12, 1])
    expect([...table.uses]).toEqual([2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
  })

  it('ends before the marker', () => {
    const read = bits(0b01111111, 0xff, 0xd9)
    expect(read.symbol(code())).toBe(1)
    expect(read.finish()).toBe(1)
  })

  it.each([
    ['padding that says something', [0b01111110, 0xff, 0xd9]],
    ['a whole byte of padding', [0b01111111, 0xff, 0x00, 0xff, 0xd9]],
    ['a byte that no block needed', [0b01111111, 0x12, 0xff, 0xd9]],
  ])('does not pass %s', (_, bytes) => {
    const read = bits(...bytes)
    expect(read.symbol(code())).toBe(1)
    expect(() => read.finish()).toThrow('VERIFY-JPEG')
  })

  it.each([
    ['a code that the end cuts off', [0b11111111, 0x00, 0xff, 0xd9]],
    ['a short code that the end cuts off', [0b11101111, 0xff, 0xd9], 1],
    ['a code that no table has', [0xff, 0x00, 0xff, 0x00, 0xff, 0xd9]],
    ['a marker inside a code', [0xff, 0x01, 0x00, 0x00]],
    ['nothing at all', []],
  ])('does not read %s', (_, bytes, first = 0) => {
    const read = bits(...bytes)
    for (let count = 0; count < first; count++) read.symbol(code())
    expect(() => read.symbol(code())).toThrow('VERIFY-JPEG')
  })

  it('does not take bits that are not there', () => {
    const read = bits(0b10100000, 0xff, 0xd9)
    expect(read.take(3)).toBe(5)
    expect(() => read.take(6)).toThrow('VERIFY-JPEG')
  })
})
