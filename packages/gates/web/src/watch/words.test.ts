import { expect, it } from 'vitest'
import words from '../../words/watch.json' with { type: 'json' }

const BANNED = /エラー|不正|違反|拒否|失敗|アップロード|サニタイズ/u

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}

it('the watch speaks in short sentences that blame nobody', () => {
  for (const text of textsIn(words)) {
    expect(text).not.toMatch(BANNED)
    for (const sentence of text.split('。')) expect([...sentence].length).toBeLessThanOrEqual(60)
  }
})
