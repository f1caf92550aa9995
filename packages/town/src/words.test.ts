import { describe, expect, test } from 'vitest'
import { fileText } from './corpus.test-support.ts'

const FILES = ['ja', 'reach', 'diff', 'expected', 'places', 'spread', 'register']
// ux.md's list of words that blame or say nothing.
const BANNED = /エラー|不正な|違反|拒否|失敗|アップロード|サニタイズ|無効/u

function* textsOf(value: unknown, path: string): Generator<readonly [string, string]> {
  if (typeof value === 'string') yield [path, value]
  else
    for (const [key, one] of Object.entries(value as object)) yield* textsOf(one, `${path}.${key}`)
}
const texts = FILES.flatMap((name) => [
  ...textsOf(JSON.parse(fileText(`packages/town/words/${name}.json`)), name),
])

describe('every sentence for people', () => {
  test.each(texts)('%s is short, plain and blames nobody', (_, text) => {
    for (const one of text.split('。')) expect([...one].length).toBeLessThanOrEqual(60)
    expect(text).not.toMatch(BANNED)
    expect(text).not.toContain('！')
  })
})

test('every reason has a message and a cure', () => {
  const words = JSON.parse(fileText('packages/town/words/ja.json')) as Record<string, object>
  for (const [reason, entry] of Object.entries(words)) {
    expect(reason).toMatch(/^TOWN-[A-Z-]+$/u)
    expect(Object.keys(entry)).toEqual(expect.arrayContaining(['message', 'cure']))
  }
})
