import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { EVIDENCE_KINDS } from '@sekisho/core'
import { describe, expect, it } from 'vitest'
import { REASONS, WORDS, fill, say } from './say.ts'
import { localProblem } from './problem.ts'

const HERE = import.meta.dirname
/** Longer than this and a tired reader loses the thread (公用文作成の考え方). */
const MOST_LETTERS = 60
const BANNED = [
  'エラーが発生しました',
  '不正な',
  '無効な',
  'ポリシー違反',
  'アクセスが拒否',
  'サニタイズ',
  'アップロード',
  'ダウンロード',
  'タイムアウト',
  '処理中です',
  'はい／いいえ',
  '本当に',
  'してはいけません',
  'ログイン',
  '！',
  '?',
]

const sentences = [
  ...Object.entries(WORDS).map(([key, text]) => [key, text] as const),
  ...Object.entries(REASONS).flatMap(([key, texts]) =>
    Object.entries(texts).map(([kind, text]) => [`${key}.${kind}`, text] as const),
  ),
]

function sourceFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/u.test(name) && !name.includes('.test.'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
}

describe('the words of the screens', () => {
  it.each(sentences)('%s has no sentence longer than 60 letters', (_key, text) => {
    for (const sentence of text.split('。'))
      expect([...sentence].length).toBeLessThanOrEqual(MOST_LETTERS)
  })

  it.each(sentences)('%s blames nobody and uses no banned word', (_key, text) => {
    for (const word of BANNED) expect(text).not.toContain(word)
  })

  it('give every refusal what, why and what to do', () => {
    for (const texts of Object.values(REASONS))
      for (const kind of ['short', 'full', 'help'] as const) expect(texts[kind]).not.toBe('')
  })

  it('end in 。 when they are sentences', () => {
    for (const texts of Object.values(REASONS))
      for (const kind of ['full', 'help'] as const) expect(texts[kind]).toMatch(/。$/u)
  })

  it('are all used: no sentence is kept that nobody sees', () => {
    const code = sourceFiles(join(HERE, '..')).join('\n')
    const unused = Object.keys(WORDS).filter((key) => !mentioned(code, key))
    expect(unused).toEqual([])
    expect(Object.keys(REASONS).filter((key) => !code.includes(`'${key}'`))).toEqual([])
  })

  it('stand in one file only: no key hides another', () => {
    const keys = readdirSync(HERE)
      .filter((name) => name.endsWith('.json'))
      .flatMap((name) => Object.keys(JSON.parse(readFileSync(join(HERE, name), 'utf8')) as object))
    expect(keys.length).toBe(new Set(keys).size)
  })

  it('name every kind of evidence', () => {
    for (const kind of EVIDENCE_KINDS) expect(say(`kind.${kind}`)).not.toBe('')
  })

  it('never stand in the code itself', () => {
    const inline = sourceFiles(join(HERE, '..'))
      .flatMap((code) => code.split('\n'))
      .filter((line) => !/^\s*(?:\/?\*|\/\/)/u.test(line))
      .map((line) => line.replace(/\s\/\/ .*$/u, ''))
      .filter((line) => /[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(line))
    expect(inline).toEqual(INLINE)
  })
})

/** Units and separators, which are grammar and not wording. */
const INLINE = ['  if (bytes < 1024) return `${bytes}バイト`']

describe('placeholders', () => {
  it('are filled once: a file named {name} is shown, not replaced again', () => {
    expect(fill('「{name}」は{state}', { name: '{state}', state: '差止め' })).toBe(
      '「{state}」は差止め',
    )
  })

  it('do not reach into the prototype of the values', () => {
    expect(fill('{constructor}', {})).toBe('{constructor}')
  })

  it('are filled in a local refusal', () => {
    const problem = localProblem('FILE-TOO-LARGE', 'x', { size: '300.0MB', most: '200MB' })
    expect(problem.why).toBe('このファイルは300.0MBです。1件200MBまでの決まりです。')
    expect(problem.number).toBe('')
  })
})

/** A key is used by itself or through a template such as `kind.${kind}`. */
function mentioned(code: string, key: string): boolean {
  if (code.includes(`'${key}'`)) return true
  const parts = key.split('.')
  return parts.some(
    (_, index) => index > 0 && code.includes(`\`${parts.slice(0, index).join('.')}.\${`),
  )
}
