import type { MacroException } from '@sekisho/core'
import type { Progress } from '@sekisho/passage'
import { describe, expect, test } from 'vitest'
import { fileGate } from './gate.ts'

const DIGEST = 'a'.repeat(64)
const LISTED: MacroException = {
  id: 'keisan',
  name: '給付計算マクロ',
  sha256: DIGEST,
  system: 'fukushi',
  reason: '国の様式に入っているため',
  approvedBy: '情報担当 髙橋',
  from: '2026-04-01',
  until: '2027-03-31',
}

function factsOf(verified: Progress['verified'], today = '2026-11-22') {
  const gate = fileGate({
    model: 'α',
    edition: 'R8.3',
    fromZone: 'internet',
    toZone: 'lgwan',
    approval: 'active-content',
    macros: [LISTED],
    today: () => today,
  })
  const progress: Progress = {
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
    state: 'curing',
    step: 'ask-again',
    rounds: 0,
    ...(verified ? { verified } : {}),
  }
  const { macrosKept, macroException } = gate.facts(progress, false)
  return { macrosKept, macroException }
}

describe('a macro that is still inside', () => {
  test('is an exception while the town lists its digest', () => {
    const verified = { clean: true, type: 'xlsm', macros: [DIGEST] } as const
    expect(factsOf(verified)).toEqual({ macrosKept: 1, macroException: true })
    expect(factsOf(verified, '2027-04-01')).toEqual({ macrosKept: 1, macroException: false })
  })

  test('is none when its digest is another', () => {
    const verified = { clean: true, type: 'xlsm', macros: ['b'.repeat(64)] } as const
    expect(factsOf(verified)).toEqual({ macrosKept: 1, macroException: false })
  })

  test('is none when the type holds macros and nobody says which', () => {
    const verified = { clean: true, type: 'xlsm' } as const
    expect(factsOf(verified)).toEqual({ macrosKept: 1, macroException: false })
  })

  test('is not there in any other file', () => {
    const verified = { clean: true, type: 'xlsx' } as const
    expect(factsOf(verified)).toEqual({ macrosKept: 0, macroException: true })
  })
})
