import { expect, test } from 'vitest'
import { PASSAGE_REASONS, passageWords } from './words.ts'

const BANNED = /エラー|不正|違反|拒否|失敗|アップロード|サニタイズ|！/u

test.each(PASSAGE_REASONS)('%s is said in three short sentences that blame nobody', (reason) => {
  const words = passageWords(reason)
  for (const sentence of Object.values(words ?? {})) {
    expect([...sentence].length).toBeLessThanOrEqual(60)
    expect(sentence).not.toMatch(BANNED)
    expect(sentence).toMatch(/。$|^\{comment\}$/u)
  }
})
