import { describe, expect, test } from 'vitest'
import { REFUSAL_REASONS } from '@sekisho/disarm'
import { PASSAGE_REASONS } from '@sekisho/passage'
import type { Progress } from '@sekisho/passage'
import { SENTENCES_MAX, fileProblem, keptSentences, removalSentences } from './sentences.ts'

function refused(reason: string, change: Partial<Progress> = {}): Progress {
  return {
    crossing: {
      id: 'x',
      number: 'S-1042',
      kind: 'file',
      from: 'internet',
      to: 'lgwan',
      sender: { id: 's0001', name: '髙橋', department: '総務課' },
      level: '1',
      purpose: '確認',
      fileName: 'a\u202Excod.{comment}',
      size: 1,
      inputSha256: '',
      receivedAt: '2026-11-22T05:00:00.000Z',
    },
    destination: 'LGWAN接続系',
    state: 'refused',
    step: 'ask-again',
    rounds: 0,
    ending: {
      state: 'refused',
      reason,
      actor: 'system',
      comment: '宛先が違います{file}',
      at: '2026-11-22T05:03:00.000Z',
    },
    ...change,
  }
}

describe('a refusal', () => {
  test.each([...PASSAGE_REASONS])('%s has four lines and names the file safely', (reason) => {
    const lines = fileProblem(refused(reason))
    for (const line of [lines?.what, lines?.why, lines?.cure]) expect(line).toMatch(/[。}]$/u)
    expect(lines).toMatchObject({ reason, number: 'S-1042', at: '2026-11-22T05:03:00.000Z' })
    expect(JSON.stringify(lines)).not.toContain('\u202E')
  })

  test.each(REFUSAL_REASONS.slice(0, 10))('%s of the disarmer keeps its words', (reason) => {
    const report = {
      type: 'x',
      outputType: '',
      verdict: 'refused',
      removed: [],
      kept: [],
      reason,
    } as const
    const cured = { report, sha256: '', size: 0, outputName: '' }
    const lines = fileProblem(refused(reason, { cured }))
    for (const line of [lines?.what, lines?.why, lines?.cure]) expect(line).toMatch(/。$/u)
  })

  test('what a person wrote is not taken for a placeholder, and a placeholder in a name neither', () => {
    const lines = fileProblem(refused('RETURNED'))
    expect(lines?.why).toBe('宛先が違います{file}')
    expect(lines?.what).toContain('{comment}')
  })

  test('there is none while it is under way, and none when it arrived', () => {
    expect(fileProblem(refused('X', { state: 'held' }))).toBeUndefined()
    const { ending } = refused('')
    if (!ending) throw new Error('ending')
    const delivered = { state: 'delivered', ending: { ...ending, state: 'delivered' } } as const
    expect(fileProblem(refused('', delivered))).toBeUndefined()
  })
})

describe('what was taken out', () => {
  const removal = (rule: string, count: number) => ({ rule, count, where: 'x' })

  test('one sentence per kind, counts added up', () => {
    const sentences = removalSentences([
      removal('OX-VBA', 1),
      removal('OX-META', 2),
      removal('OX-VBA', 2),
    ])
    expect(sentences).toHaveLength(2)
    expect(sentences[0]).toContain('3')
  })

  test('a file with a thousand kinds of things does not make a page of a thousand lines', () => {
    const many = Array.from({ length: 1000 }, (_, index) => removal(`R-${index}`, 1))
    expect(removalSentences(many)).toHaveLength(SENTENCES_MAX)
    expect(keptSentences(many)).toHaveLength(SENTENCES_MAX)
  })
})
