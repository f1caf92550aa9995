import { describe, expect, it } from 'vitest'
import words from '../../words/roadmap.json' with { type: 'json' }

const BANNED = /エラー|不正|違反|拒否|失敗|アップロード|サニタイズ|タイムアウト|無効|！|!/u

function textsOf(value: unknown, path: string): [string, string][] {
  if (typeof value === 'string') return [[path, value]]
  return Object.entries(value as object).flatMap(([key, one]) => textsOf(one, `${path}.${key}`))
}

describe('every sentence of the roadmap', () => {
  it.each(textsOf(words, 'roadmap'))('%s is short, plain and blames nobody', (_, text) => {
    for (const one of text.split('。')) expect([...one].length).toBeLessThanOrEqual(60)
    expect(text).not.toMatch(BANNED)
  })
})
