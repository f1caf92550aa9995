import { expect, it } from 'vitest'
import { BOOK } from './words.ts'

const BANNED =
  /エラー|不正|違反|拒否|失敗|アップロード|ダウンロード|サニタイズ|タイムアウト|無効|処理中|禁止されて|！|!/u
const LONGEST = 60

const texts = (value: unknown): readonly string[] =>
  typeof value === 'string' ? [value] : Object.values(value as object).flatMap(texts)

it('the sentences of the workbooks are short and plain', () => {
  const sentences = texts(BOOK).flatMap((text) => text.split(/(?<=。)|\n/u))
  expect(sentences.filter((one) => one.length > LONGEST || BANNED.test(one))).toEqual([])
})
