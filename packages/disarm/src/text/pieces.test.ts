import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { disarmBytes } from '../engine.ts'
import { isActiveCell } from './csv.ts'
import { decodedPieces, detectEncoding } from './encoding.ts'
import { mayAct } from './first-letter.ts'

/** Long enough for several pieces, and cut so that letters stand across their edges. */
const AROUND = [65_530, 65_533, 65_534, 65_535, 65_536, 131_071]

describe('a long text', () => {
  it('is told by its encoding wherever its letters are cut', () => {
    const kanji: readonly (readonly [string, number[]])[] = [
      ['utf-8', [0xe8, 0x91, 0x9b]],
      ['cp932', [0x8a, 0x8b]],
      ['euc-jp', [0xb3, 0xeb]],
    ]
    for (const [encoding, letter] of kanji)
      for (const length of AROUND) {
        const tail = Array.from({ length: 40 }, () => letter).flat()
        const bytes = Uint8Array.from([...new Uint8Array(length).fill(0x61), ...tail])
        expect(detectEncoding(bytes)).toBe(encoding)
        expect(disarmBytes(bytes, 'csv').output?.length).toBe(bytes.length)
        expect(detectEncoding(bytes.subarray(0, -1))).not.toBe(encoding)
      }
  })

  it('loses unseen letters of two units and marks of order across the edge of a piece', () => {
    for (const length of AROUND) {
      const text = `\uFEFF${'a'.repeat(length >> 1)}\u{E0041}\uFEFFb`
      for (const bytes of [Buffer.from(text, 'utf16le'), Buffer.from(text)]) {
        const { report, output } = disarmBytes(new Uint8Array(bytes), 'txt')
        expect(report.removed).toEqual([{ rule: 'T-CTRL', where: '', count: 2 }])
        expect(output?.length).toBe(bytes.length - (bytes[0] === 0xff ? 6 : 7))
      }
    }
  })

  it('is decoded in pieces and not as a whole', () => {
    const longest = Math.max(
      ...[...decodedPieces(new Uint8Array(1_000_000).fill(0x61), 'utf-8')].map(
        ({ length }) => length,
      ),
    )
    expect(longest).toBeLessThan(100_000)
  })
})

describe('the first letter of a cell', () => {
  it('never hides a cell that acts', () => {
    const letter = fc.oneof(
      fc.constantFrom(...'=+-@＝＋﹣＠　"\u00A0\u2003\u200B\uFEFF\t ⁼₊§a1葛髙𠮷'),
      fc.integer({ min: 1, max: 0xffff }).map((code) => String.fromCharCode(code)),
    )
    fc.assert(
      fc.property(fc.array(letter, { minLength: 1, maxLength: 4 }), (letters) => {
        const cell = `${letters.join('').toWellFormed()}=CALL(1)`
        const wide = new Uint8Array(Buffer.from(cell, 'utf16le'))
        if (!isActiveCell(cell)) return
        expect(mayAct(new TextEncoder().encode(cell), 0, 'utf-8')).toBe(true)
        expect(mayAct(wide, 0, 'utf-16le')).toBe(true)
      }),
      { numRuns: 3000 },
    )
  })
})
