import { describe, expect, it } from 'vitest'
import { loadGuideline } from './guideline.ts'
import { OWN_REASONS, readSentences } from './sentences.ts'
import type { Sentences, Words } from './sentences.ts'

const { rules, sentences } = loadGuideline()
/** Words that frighten or blame, or that only the trade understands. */
const BANNED =
  /エラー|不正|違反|拒否|失敗|アップロード|ダウンロード|サニタイズ|タイムアウト|無効|処理中|禁止されて|！|!/u
const MAX_SENTENCE_CHARS = 60

describe('the sentences an official reads', () => {
  const all: [string, Words][] = [
    ...sentences.ja.rules,
    ...OWN_REASONS.map((reason): [string, Words] => [reason, sentences.ja.reasons[reason]]),
  ]

  it('exist for every rule and every reason of the judge, in both languages', () => {
    const keys = rules.map(({ key }) => key).toSorted()
    expect([...sentences.ja.rules.keys()].toSorted()).toEqual(keys)
    expect([...sentences.en.rules.keys()].toSorted()).toEqual(keys)
    expect([...sentences.en.missing.keys()]).toEqual([...sentences.ja.missing.keys()])
  })

  it('are never longer than 60 characters, even with everything still missing', () => {
    const long = all.flatMap(([key, words]) =>
      [words.short, words.message, expanded(key, words.cure), words.why]
        .flatMap((text) => text.split(/(?<=。)/u))
        .filter((sentence) => [...sentence].length > MAX_SENTENCE_CHARS)
        .map((sentence) => `${key}: ${sentence}`),
    )
    expect(long).toEqual([])
  })

  it('use no word that blames or frightens', () => {
    const bad = all.filter(([, words]) => BANNED.test(Object.values(words).join('')))
    expect(bad.map(([key]) => key)).toEqual([])
  })

  it('are whole polite sentences, and the short form is a heading', () => {
    for (const [, { short, message, cure, why }] of all) {
      expect(short).not.toContain('。')
      for (const text of [message, cure, why])
        expect(text).toMatch(/(?:です|ます|ません|ください|でした)。$|：\{missing\}。$/u)
    }
  })

  it('say something different in the cure than in the message', () => {
    for (const [, words] of all) expect(words.cure).not.toBe(words.message)
  })

  function expanded(key: string, cure: string): string {
    const needs = rules.find((rule) => rule.key === key)?.needs ?? []
    const names = needs.map(({ fact, comparison, value }) =>
      sentences.ja.missing.get(`${fact}${comparison === 'equal' ? '=' : '>='}${String(value)}`),
    )
    return cure.replace('{missing}', names.join(sentences.ja.listMark))
  }
})

describe('a damaged sentence file', () => {
  const words = { short: 's', message: 'm', cure: 'c', why: 'w' }
  const whole = {
    listMark: ',',
    rules: { A: words },
    reasons: Object.fromEntries(OWN_REASONS.map((reason) => [reason, words])),
    missing: {},
  }

  it('is read when whole', () => {
    expect(read(whole).rules.get('A')).toEqual(words)
  })

  it('stops the start instead of leaving an official without a reason', () => {
    expect(() => read({ ...whole, reasons: {} })).toThrow('x.json')
    expect(() => read({ ...whole, rules: { A: { ...words, cure: '' } } })).toThrow('x.json')
    expect(() => read({ ...whole, missing: { a: 1 } })).toThrow('x.json')
    expect(() => read([])).toThrow('x.json')
  })
})

function read(data: unknown): Sentences {
  return readSentences('x.json', JSON.stringify(data))
}
