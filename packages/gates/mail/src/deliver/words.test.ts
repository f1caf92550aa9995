import { expect, test } from 'vitest'
import { BOUNCE_WORDS, MAIL_OUT_WORDS } from './words.ts'

const BANNED = /エラー|不正|違反|拒否|失敗|アップロード|サニタイズ|！/u

test.each(MAIL_OUT_WORDS.all)('%s is said in three short sentences that blame nobody', (reason) => {
  for (const sentences of Object.values(MAIL_OUT_WORDS.of(reason))) {
    for (const sentence of sentences.split(/(?<=。)/u))
      expect([...sentence].length).toBeLessThanOrEqual(60)
    expect(sentences).not.toMatch(BANNED)
    expect(sentences).toMatch(/。$/u)
  }
})

test.each(Object.entries(BOUNCE_WORDS))('the bounce says %s without blaming', (_, sentence) => {
  expect(sentence).not.toMatch(BANNED)
})
