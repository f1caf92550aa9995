import { describe, expect, it } from 'vitest'
import ja from '../../words/message.json' with { type: 'json' }
import { filled, mailRefusalWords } from './words.ts'

const BLAMING =
  /エラー|不正|違反|拒否|失敗|アップロード|ダウンロード|サニタイズ|タイムアウト|無効|処理中|！|!/u

describe('the words of the mail gate', () => {
  it('blame nobody', () => {
    const all = [
      ...Object.values(ja.words),
      ...Object.values(ja.kinds),
      ...Object.values(ja.refused).flatMap((words) => Object.values(words)),
    ]
    expect(all.filter((sentence) => BLAMING.test(sentence))).toEqual([])
  })

  it('a reason of the disarmer has the words of the disarmer, and none is without', () => {
    expect(mailRefusalWords('ENCRYPTED').what).toBe('パスワード付きのファイルです。')
    expect(mailRefusalWords('constructor').cure).toMatch(/。$/u)
  })

  it('what is filled in is not filled again', () => {
    expect(filled('{a}{b}', { a: '{b}', b: 1 })).toBe('{b}1')
  })
})
