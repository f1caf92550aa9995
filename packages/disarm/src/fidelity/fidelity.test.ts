import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { disarmBytes } from '../engine.ts'
import { Context } from '../family.ts'
import type { Pixmap } from '../flatten/pixmap.ts'
import { tooFar } from './index.ts'
import { pageLikeness } from './pages.ts'
import { textLikeness } from './similarity.ts'
import { zip } from '../../verify/canonical.test-support.ts'
import { wordsOf } from './words.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

describe('likeness of words', () => {
  it('is full for the same words in another order of parts, and for other white space', () => {
    expect(textLikeness('住所 氏名', '住所氏名')).toBe(1000)
    expect(textLikeness('', '何か')).toBe(1000)
  })

  it('falls with what is missing, also when only a name changed its form: 葛󠄂城 is not 葛城', () => {
    expect(textLikeness('髙橋'.repeat(50), '髙橋'.repeat(25))).toBeLessThan(520)
    expect(textLikeness('葛\u{E0102}城', '葛城')).toBeLessThan(600)
    expect(textLikeness('一', '')).toBe(0)
  })

  it('is never above full, never below nothing, and full for the text itself', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        const value = textLikeness(a, b)
        expect(value >= 0 && value <= 1000).toBe(true)
        expect(textLikeness(a, a)).toBe(1000)
      }),
    )
  })
})

describe('likeness of drawn pages', () => {
  const page = (paint: (x: number, y: number) => number): Pixmap => {
    const rgb = new Uint8Array(80 * 80 * 3)
    for (let i = 0; i < 80 * 80; i++) rgb.fill(paint(i % 80, Math.floor(i / 80)), i * 3, i * 3 + 3)
    return { width: 80, height: 80, rgb }
  }
  const blank = page(() => 255)
  const line = page((_, y) => (y > 20 && y < 30 ? 0 : 255))

  it('is full for the same page, and nothing when all that was on it is gone', () => {
    expect(pageLikeness([line], [line])).toBe(1000)
    expect(pageLikeness([line], [blank])).toBe(0)
    expect(pageLikeness([blank], [blank])).toBe(1000)
  })

  it('the worst page counts, and a missing page is another document', () => {
    expect(pageLikeness([line, line], [line, blank])).toBe(0)
    expect(pageLikeness([line, line], [line])).toBe(0)
  })
})

describe('what is too far', () => {
  it('is refused by name, unless the report itself says what was taken out', () => {
    expect(tooFar({ text: 500 }, [])).toBe('FIDELITY-TEXT')
    expect(tooFar({ text: 1000, pages: 100 }, [])).toBe('FIDELITY-IMAGE')
    expect(tooFar({ text: 500 }, [{ rule: 'W-ALTCHUNK', count: 1, where: '' }])).toBeUndefined()
    expect(tooFar({ text: 500 }, [{ rule: 'OX-META', count: 1, where: '' }])).toBe('FIDELITY-TEXT')
    expect(tooFar({}, [])).toBeUndefined()
  })

  it('is measured for a text file and stands in the report', () => {
    const { report } = disarmBytes(bytes('氏名,値\r\n髙橋,1\r\n'), 'csv', { fidelity: 'text' })
    expect(report.fidelity).toEqual({ text: 1000 })
  })
})

describe('the words of a document', () => {
  it('are its runs and its cells, with entities, without what only stands in for others', () => {
    const xml =
      '<w:document xmlns:w="w"><w:t>a&amp;b</w:t><mc:Fallback><w:t>twice</w:t></mc:Fallback><w:t xml:space="preserve"> 髙</w:t><w:instrText>DDE</w:instrText></w:document>'
    const document = zip([['word/document.xml', xml]])
    expect(wordsOf(document, 'docx', new Context())).toBe('a&b  髙')
  })

  it('are unknown for a picture and for a package without words', () => {
    expect(wordsOf(bytes('x'), 'png', new Context())).toBeUndefined()
    expect(wordsOf(zip([['a.xml', '<a/>']]), 'docx', new Context())).toBeUndefined()
  })
})
