import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cleanName, nameForType } from './names.ts'

describe('file names', () => {
  it.each(['葛󠄂城市.docx', '𠮷田.pdf', '髙橋・﨑.xlsx', 'か\u3099.txt', '令和8年度(案) 第2版.docx'])(
    'keeps %s exactly, without normalising it',
    (name) => expect(cleanName(name)).toEqual({ name, rules: [] }),
  )

  it.each([
    ['請求書\u202Efdp.exe.pdf', '請求書fdp_exe.pdf', ['NAME-CTRL', 'NAME-EXT']],
    ['../../etc/passwd.txt', '.._.._etc_passwd.txt', ['NAME-CHARS']],
    ['a:b.txt', 'a_b.txt', ['NAME-CHARS']],
    ['CON.txt', '_CON.txt', ['NAME-RESERVED']],
    ['aux .txt', '_aux .txt', ['NAME-RESERVED']],
    ['a.pdf. ', 'a.pdf', ['NAME-CHARS']],
    ['...', 'file', ['NAME-CHARS']],
    ['', 'file', ['NAME-CHARS']],
  ])('makes %j into %j', (name, clean, rules) => {
    expect(cleanName(name)).toEqual({ name: clean, rules })
  })

  it.each([
    ['様式.docm', 'docx', '様式.docx'],
    ['写真.JPG', 'jpeg', '写真.JPG'],
    ['写真.jpg', 'png', '写真.png'],
    ['第1.2版', 'docx', '第1.2版.docx'],
    ['記録.log', 'txt', '記録.txt'],
  ])('gives %s of type %s the name %s', (name, type, expected) => {
    expect(nameForType(name, type).name).toBe(expected)
  })

  it('is cleaned once and for all, is short enough, and never splits a character', () => {
    const name = fc.string({
      unit: fc.constantFrom(...'a.\\/:葛󠄂𠮷髙 ', '\u202E', '\0', 'か\u3099', 'exe', 'con', '.pdf'),
      maxLength: 200,
    })
    fc.assert(
      fc.property(name, (raw) => {
        const { name: clean } = cleanName(raw)
        expect(Buffer.byteLength(clean)).toBeLessThanOrEqual(255)
        expect(clean).not.toMatch(/[\\/:\u0000-\u001F\u202E]/)
        expect(clean.isWellFormed()).toBe(true)
        expect(cleanName(clean).name).toBe(clean)
      }),
    )
  })
})
