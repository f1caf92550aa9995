import { describe, expect, it } from 'vitest'
import words from '../../words/receive.json' with { type: 'json' }
import { VERDICTS } from './authenticity.ts'
import { MAIL_REASONS, replyFor } from './replies.ts'
import { authenticitySentences, mailWords } from './sentences.ts'

const BANNED = /エラー|不正|違反|拒否|失敗|アップロード|サニタイズ|無効|！/u

it('every reason has its words and every word its reason', () => {
  expect(Object.keys(words.reasons).toSorted()).toEqual(MAIL_REASONS)
  expect(Object.keys(words.verdicts).toSorted()).toEqual([...VERDICTS].toSorted())
})

describe.each(MAIL_REASONS)('%s', (reason) => {
  it('is said in short sentences that blame nobody', () => {
    for (const text of Object.values(mailWords(reason))) {
      for (const sentence of text.split('。')) expect([...sentence].length).toBeLessThanOrEqual(60)
      expect(text).not.toMatch(BANNED)
      expect(text).toMatch(/。$/u)
    }
  })

  it('is on the wire in ASCII, with an enhanced code of the same class', () => {
    const { code, text } = replyFor(reason)
    expect(text).toMatch(new RegExp(`^${String(code)[0]}\\.\\d\\.\\d ${reason} [ -~]+$`, 'u'))
    expect(text.length).toBeLessThan(500)
  })
})

it('a domain in a sentence about the sender hides nothing', () => {
  const spf = { verdict: 'fail' as const, domain: 'a\u202Egro.example' }
  const dmarc = { verdict: 'none' as const, domain: '', policy: '' }
  expect(authenticitySentences({ spf, dkim: [], dmarc })).toEqual([
    '送信元のサーバー（SPF）（a〔U+202E〕gro.example）：差出人のドメインの決まりに合いません。なりすましかもしれません。',
    '電子署名（DKIM）：差出人のドメインに決まりがないか、署名がありません。',
    '差出人のドメイン（DMARC）：差出人のドメインに決まりがないか、署名がありません。',
  ])
})
