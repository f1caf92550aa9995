import { readFileSync } from 'node:fs'
import { loadGuideline } from '@sekisho/guideline'
import { describe, expect, test } from 'vitest'

const BANNED =
  /エラー|不正|違反|拒否|失敗|アップロード|ダウンロード|サニタイズ|タイムアウト|無効|処理中|禁止されて|！|!/u
const json = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8'))

function* textsOf(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value
  else if (typeof value === 'object' && value !== null)
    for (const one of Object.values(value)) yield* textsOf(one)
}

describe('the words', () => {
  const files = [
    'words/ja.json',
    'words/controls.json',
    'data/burden.json',
    'data/occasions.json',
    'data/drivers.json',
    'data/rates.json',
  ]
  test.each(files)('%s: short, plain, blaming nobody', (file) => {
    for (const text of textsOf(json(file))) {
      expect(text).not.toMatch(BANNED)
      for (const sentence of text.split('。')) expect([...sentence].length).toBeLessThanOrEqual(60)
    }
  })
  test('every control of the table has a name and an estimate of its own', () => {
    const ids = loadGuideline().controls.map(({ id }) => id)
    expect(Object.keys(json('words/controls.json') as object).toSorted()).toEqual(ids.toSorted())
    expect(Object.keys(json('data/burden.json') as object).toSorted()).toEqual(ids.toSorted())
  })
  test('every threat has a name, and names only controls of the table', () => {
    const ids = new Set(loadGuideline().controls.map(({ id }) => id))
    const names = (json('words/ja.json') as { threats: Record<string, string> }).threats
    const threats = json('data/threats.json') as {
      id: string
      likelihood: string[]
      impact: string[]
      verified: boolean
    }[]
    expect(threats).toHaveLength(12)
    for (const { id, likelihood, impact, verified } of threats) {
      expect(names[id]).toBeDefined()
      expect(verified).toBe(false)
      expect([...likelihood, ...impact].filter((control) => !ids.has(control))).toEqual([])
    }
  })
})
