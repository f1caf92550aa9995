import { SekishoError } from '@sekisho/core'
import { diskError } from '@sekisho/evidence'
import { describe, expect, it } from 'vitest'
import { troubleSentence } from './trouble.ts'

const ofSystem = (code: string): Error =>
  Object.assign(new Error(`${code}: some words, mkdir '/x'`), { code, path: '/var/lib/x' })

describe('what kept a command', () => {
  it.each([
    ['EACCES', '権限がありません'],
    ['EROFS', '書き込めない状態'],
    ['ENOSPC', 'ディスクがいっぱい'],
  ])('%s of the disk is told in a sentence, with the place and no English', (code, wanted) => {
    for (const error of [
      ofSystem(code),
      diskError(ofSystem(code)),
      new SekishoError('STORE_UNAVAILABLE', 'the disk refused', { cause: ofSystem(code) }),
    ]) {
      const sentence = troubleSentence(error)
      expect(sentence).toContain(wanted)
      expect(sentence).toContain('/var/lib/x')
      expect(sentence).not.toMatch(/SekishoError|refused|some words|E[A-Z]{4,}/u)
    }
  })

  it('words for programmers are never shown; those that were written for a town are', () => {
    const damaged = troubleSentence(new SekishoError('LOG_CORRUPT', 'the key of the log is gone'))
    expect(damaged).toContain('LOG_CORRUPT')
    expect(damaged).not.toContain('the key')
    const own = troubleSentence(new SekishoError('NOT_FOUND', 'このフォルダに定義がありません。'))
    expect(own).toContain('このフォルダに定義がありません。')
  })
})
