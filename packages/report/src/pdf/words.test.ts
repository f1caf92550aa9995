import { expect, it } from 'vitest'
import { filled } from '../filled.ts'
import { WORDS } from './words.ts'

const BANNED =
  /エラー|不正|違反|拒否|失敗|アップロード|ダウンロード|サニタイズ|タイムアウト|無効|処理中|禁止されて|！|!/u
const LONGEST = 60

const texts = (value: unknown): readonly string[] =>
  typeof value === 'string' ? [value] : Object.values(value as object).flatMap(texts)

it('the sentences of the document are short and plain', () => {
  const sentences = texts(WORDS).flatMap((text) => text.split(/(?<=。)|\n/u))
  expect(sentences.filter((one) => one.length > LONGEST || BANNED.test(one))).toEqual([])
})

it('no two states share a shape', () => {
  const marks = Object.values(WORDS.marks)
  expect(new Set(marks).size).toBe(marks.length)
})

it('a value is put in as it is', () => {
  expect(filled('{a}と{b}', { a: '{b}$&', b: 1 })).toBe('{b}$&と1')
})
