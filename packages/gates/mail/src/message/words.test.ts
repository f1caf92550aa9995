import { DENIED_EXTENSIONS, NAMED_TYPES, UNSUPPORTED_EXTENSIONS } from '@sekisho/disarm/look'
import { describe, expect, it } from 'vitest'
import ja from '../../words/message.json' with { type: 'json' }
import { KINDS, filled, kindWords, mailRefusalWords } from './words.ts'

const BLAMING =
  /エラー|不正|違反|拒否|失敗|アップロード|ダウンロード|サニタイズ|タイムアウト|無効|処理中|！|!/u

describe('the words of the mail gate', () => {
  it('blame nobody', () => {
    const all = [
      ...Object.values(ja.words),
      ...Object.values(ja.kinds),
      ...Object.keys(ja.extensions),
      ...Object.values(ja.refused).flatMap((words) => Object.values(words)),
    ]
    expect(all.filter((sentence) => BLAMING.test(sentence))).toEqual([])
  })

  it('a reason of the disarmer has the words of the disarmer, and none is without', () => {
    expect(mailRefusalWords('ENCRYPTED').what).toBe('パスワード付きのファイルです。')
    expect(mailRefusalWords('constructor').cure).toMatch(/。$/u)
  })

  it('name every type that is told apart, and every name that is refused at once', () => {
    expect([...NAMED_TYPES].filter((type) => KINDS[type] === undefined)).toEqual([])
    const names = [...DENIED_EXTENSIONS, ...UNSUPPORTED_EXTENSIONS]
    const untold = names.filter((one) => kindWords('unknown', `a.${one}`) === KINDS['unknown'])
    expect(untold).toEqual([])
  })

  it('say what a file is, and not what a name pretends', () => {
    expect(kindWords('unknown', 'setup.EXE')).toBe('実行ファイル（exe）')
    expect(kindWords('exe', '見積書.pdf')).toBe('実行ファイル')
    expect(kindWords('pdf', 'a.js')).toBe('PDF')
    expect(kindWords('unknown', 'a.constructor')).toBe('種類のわからないファイル')
  })

  it('what is filled in is not filled again', () => {
    expect(filled('{a}{b}', { a: '{b}', b: 1 })).toBe('{b}1')
  })
})
