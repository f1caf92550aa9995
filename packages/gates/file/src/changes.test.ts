import { removalReason } from '@sekisho/disarm'
import type { MacroException } from '@sekisho/core'
import type { Progress } from '@sekisho/passage'
import { describe, expect, test } from 'vitest'
import { activeRemoved, changesOf, likenessSentences } from './changes.ts'

const removal = (rule: string, count = 1) => ({ rule, count, where: 'x' })

const LISTED: MacroException = {
  id: 'keisan',
  name: '給付計算マクロ',
  sha256: 'a'.repeat(64),
  system: 'fukushi',
  reason: '国の様式に入っているため',
  approvedBy: '情報担当 髙橋',
  from: '2026-04-01',
  until: '2027-03-31',
}

function delivered(change: Partial<Progress> = {}): Progress {
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
      fileName: 'a.xlsm',
      size: 1,
      inputSha256: '',
      receivedAt: '2026-11-22T05:00:00.000Z',
    },
    destination: 'LGWAN接続系',
    state: 'delivered',
    step: 'deliver',
    rounds: 0,
    ...change,
  }
}

describe('what was active among the removed', () => {
  test('is gathered by its reason, with what to do next, and the rest is left out', () => {
    const groups = activeRemoved([
      removal('OX-VBA', 2),
      removal('OX-META'),
      removal('OX-EXTREL'),
      removal('W-DDE'),
    ])
    expect(groups.map(({ why, next }) => ({ why, next }))).toEqual([
      removalReason('OX-VBA'),
      removalReason('OX-EXTREL'),
    ])
    expect(groups[0]?.sentences).toHaveLength(2)
    expect(groups[0]?.sentences[0]).toContain('2')
  })

  test('is nothing when nothing would have run or reached out', () => {
    expect(activeRemoved([removal('OX-META'), removal('FLATTENED')])).toEqual([])
  })
})

describe('likeness', () => {
  test('is told in words, and in percent only where it is not the same', () => {
    expect(likenessSentences({ text: 1000, pages: 1000 })).toEqual([
      '文字は元と同じです。',
      'ページの見た目は元と同じです。',
    ])
    expect(likenessSentences({ text: 992 })).toEqual(['文字の 99.2% が元と同じです。'])
    expect(likenessSentences({ pages: 999 })).toEqual(['ページの見た目の 99.9% が元と同じです。'])
    expect(likenessSentences({ text: 0 })).toEqual(['文字の 0.0% が元と同じです。'])
  })

  test('is silent where nothing was measured', () => {
    expect(likenessSentences({})).toEqual([])
  })
})

describe('a macro that stayed', () => {
  const verified = (macros?: readonly string[]): Progress =>
    delivered({ verified: { clean: true, type: 'xlsm', ...(macros ? { macros } : {}) } })

  test('is named with its reason and its end, as the town lists it', () => {
    const { macros } = changesOf(verified([LISTED.sha256]), [LISTED])
    const { sha256, name, reason, approvedBy, until } = LISTED
    expect(macros).toEqual([{ sha256, name, reason, approvedBy, until }])
  })

  test('is shown by its digest when the list has it no longer', () => {
    const { macros } = changesOf(verified(['b'.repeat(64)]), [LISTED])
    expect(macros).toMatchObject([{ sha256: 'b'.repeat(64), name: '' }])
  })

  test('is never silent: a type for macros counts as one even when nobody names it', () => {
    expect(changesOf(verified(), [LISTED]).macros).toHaveLength(1)
    const plain = delivered({ verified: { clean: true, type: 'xlsx' } })
    expect(changesOf(plain, [LISTED]).macros).toEqual([])
  })
})

test('as pictures only when that was asked for', () => {
  const { crossing } = delivered()
  expect(changesOf(delivered(), []).outcome).toBe('rebuild')
  const asked = delivered({ crossing: { ...crossing, outcome: 'flatten' } })
  expect(changesOf(asked, []).outcome).toBe('flatten')
})
