import { describe, expect, test } from 'vitest'
import { endingOf, shownName } from './name.ts'

describe('a name inside a sentence', () => {
  test.each(['葛\u{E0102}城.docx', '𠮷田.xlsx', '髙橋.pdf', '山﨑.csv', 'が.txt', '⚠\uFE0F.png'])(
    '%s is shown as it is',
    (name) => {
      expect(shownName(name)).toBe(name)
    },
  )

  test.each([
    ['turned around', 'a\u202Excod.exe', 'a〔U+202E〕xcod.exe'],
    ['an isolate', '\u2066a', '〔U+2066〕a'],
    ['a line feed', 'a\nb', 'a〔U+000A〕b'],
    ['an escape sequence', '\u001B[31m', '〔U+001B〕[31m'],
    ['a zero-width space', 'a\u200Bb', 'a〔U+200B〕b'],
    ['a byte order mark', '\uFEFFa', '〔U+FEFF〕a'],
    ['an invisible tag', 'a\u{E0041}', 'a〔U+E0041〕'],
    ['a line separator', 'a\u2028b', 'a〔U+2028〕b'],
  ])('%s is seen', (_, name, shown) => {
    expect(shownName(name)).toBe(shown)
  })
})

test.each([
  ['a.DOCX', 'docx'],
  ['a.txt.exe', 'exe'],
  ['a', ''],
  ['a.', ''],
  ['.htaccess', 'htaccess'],
  ['a.docx ', ''],
  ['a.拡張', ''],
])('the ending of %j is %j', (name, ending) => {
  expect(endingOf(name)).toBe(ending)
})
