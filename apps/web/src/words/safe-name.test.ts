import { describe, expect, it } from 'vitest'
import { nameParts, safeName } from './safe-name.ts'

describe('a name from outside', () => {
  it('cannot turn the reading direction to look like another type', () => {
    expect(safeName('見積書\u202Exslx.exe')).toBe('見積書U+202Exslx.exe')
  })

  it.each(['\u200B', '\u2066', '\uFEFF', '\u00AD', '\n', '\u{E0041}'])(
    'shows the hidden character %j as its code point',
    (letter) => {
      expect(nameParts(`a${letter}b`).map((part) => part.hidden)).toEqual([false, true, false])
    },
  )

  it.each([
    '葛󠄂城.docx',
    '𠮷田.xlsx',
    '髙橋.pdf',
    '﨑川.zip',
    '辻󠄁.txt',
    '神\uFA19.txt',
    'か\u3099.txt',
  ])('keeps %s exactly, selectors and compatibility forms included', (name) => {
    expect(nameParts(name)).toEqual([{ text: name, hidden: false }])
  })
})
