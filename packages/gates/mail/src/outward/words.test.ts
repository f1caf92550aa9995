import { describe, expect, it } from 'vitest'
import { OUTWARD_TEXT, OUTWARD_WORDS } from './words.ts'

const BLAMING = /エラー|不正|違反|拒否|失敗|アップロード|サニタイズ|無効|！|!/u

describe('the words of mail on its way out', () => {
  it('blame nobody, and each says what to do', () => {
    const sentences = OUTWARD_WORDS.all.flatMap((reason) => Object.values(OUTWARD_WORDS.of(reason)))
    expect(
      [...sentences, ...Object.values(OUTWARD_TEXT)].filter((one) => BLAMING.test(one)),
    ).toEqual([])
    expect(
      OUTWARD_WORDS.all.filter((reason) => !OUTWARD_WORDS.of(reason).cure.endsWith('。')),
    ).toEqual([])
  })
})
