import { describe, expect, it } from 'vitest'
import ja from '../words/ja.json' with { type: 'json' }
import { DISARM_RULES, REFUSAL_REASONS, isActive } from './rules.ts'
import { keptSentence, refusalWords, removalSentence } from './words.ts'

const BANNED = /エラー|不正|違反|拒否|失敗|アップロード|サニタイズ|してください！|無効です/

function* sentences(): Generator<[string, string]> {
  for (const [rule, text] of Object.entries({ ...ja.removed })) yield [rule, text]
  for (const [rule, text] of Object.entries({ ...ja.kept })) yield [`kept ${rule}`, text]
  for (const [kind, words] of Object.entries(ja.reasons)) {
    for (const [part, text] of Object.entries(words)) yield [`${kind} ${part}`, text]
  }
  for (const [reason, words] of Object.entries(ja.refused)) {
    for (const [part, text] of Object.entries(words)) yield [`${reason} ${part}`, text]
  }
}

describe('words for people', () => {
  it('exist for every rule and every reason that can be reported', () => {
    expect(DISARM_RULES.map(({ id }) => id).filter((id) => !(id in ja.removed))).toEqual([])
    expect(REFUSAL_REASONS.filter((reason) => !(reason in ja.refused))).toEqual([])
    expect(
      Object.keys(ja.kept).filter((id) => !DISARM_RULES.some((rule) => rule.id === id)),
    ).toEqual([])
  })

  it('are short, polite and blame nobody', () => {
    for (const [key, text] of sentences()) {
      const longest = Math.max(...text.split('。').map((sentence) => sentence.length + 1))
      const facts = {
        key,
        ends: text.endsWith('。'),
        short: longest <= 60,
        polite: !BANNED.test(text),
      }
      expect(facts).toEqual({ key, ends: true, short: true, polite: true })
    }
  })

  it('count, and answer for an unknown id without showing it', () => {
    expect(removalSentence('OX-VBA', 1)).toBe('マクロ（VBA）を1件取り除きました。')
    expect(removalSentence('W-FIELD', 3)).toBe(
      '外を参照するフィールドを文字に変えました。（3 か所）',
    )
    expect(removalSentence('__proto__', 1)).not.toContain('proto')
    expect(keptSentence('__proto__', 1)).not.toContain('proto')
    expect(refusalWords('constructor').what).toBe('このファイルは通せませんでした。')
  })

  it('tell what runs or reaches out from what does not', () => {
    expect(['OX-VBA', 'W-DDE', 'PDF-JS', 'OX-EXTREL', 'X-EXTLINK'].every(isActive)).toBe(true)
    expect(['OX-META', 'IMG-EXIF', 'TYPE-MISMATCH', 'OX-PRINTER', 'unknown'].some(isActive)).toBe(
      false,
    )
  })
})
