import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  exported,
  faults,
  planned,
  sentences,
  SHEETS,
  textOf,
  TOWN,
  withCells,
} from './book.test-support.ts'
import type { Content } from './book.test-support.ts'
import type { ImportPlan } from './import.ts'

const CORPUS = join(import.meta.dirname, '../../../../corpus/town/registers')
const RECORDS = `
media:
  # 窓口のもの
  - { id: usb-1, name: 受け渡し用 﨑, kind: ssd, number: "003", from: 2026-04-01, holder: town, owner: jumin, place: 書庫, content: one, assets: [], encrypted: true }
incidents:
  - { id: j-1, name: 入れ違い, found: 2026-11-10, sort: suspected, sign: none, summary: 入れ違えた。, involves: [specialCare], persons: 5 }
`
const WHOLE = TOWN + RECORDS
const taken = (
  sheet: 'media' | 'incidents',
  cells: Readonly<Record<string, Content>>,
): ImportPlan => planned(withCells(exported(WHOLE), SHEETS[sheet], cells), {}, WHOLE)

describe('the registers of media and incidents', () => {
  it.each(readdirSync(CORPUS).filter((name) => name.endsWith('.yaml')))(
    'of %s change no byte when taken in again',
    (name) => {
      const text = readFileSync(join(CORPUS, name), 'utf8')
      const plan = planned(exported(text), { remove: true }, text)
      expect(sentences(plan)).toEqual([])
      expect(textOf(plan)).toBe(text)
    },
  )

  it('write down the end of a medium, all of it or nothing', () => {
    const whole = {
      S2: '令和8年11月20日',
      T2: '専用の機器でチップを砕く',
      U2: '事業者が庁内で',
      V2: '乙リサイクル',
      W2: '住民課 髙橋',
      X2: 'いいえ',
      Y2: 'いいえ',
      Z2: '渡す前に職員が一度消した、証明書に製造番号が1台ごとにある',
    }
    const plan = taken('media', whole)
    expect(plan.ok && plan.read.town.media[0]?.disposed).toEqual({
      date: '2026-11-20',
      method: 'chip-break',
      hands: 'contractor-here',
      by: '乙リサイクル',
      witness: '住民課 髙橋',
      reuse: false,
      leased: false,
      confirmed: ['staffErasedFirst', 'certificateSerials'],
    })
    expect(textOf(plan)).toContain('# 窓口のもの')
    const { X2: _, ...without } = whole
    expect(faults(taken('media', without))).toEqual(['X2 REG-MISSING'])
  })

  it('keep a number that begins with zero, and never take one from a number format', () => {
    const plan = taken('media', { H2: '金庫' })
    expect(textOf(plan)).toBe(WHOLE.replace('place: 書庫', 'place: 金庫'))
    expect(faults(taken('media', { D2: { v: 46_000, s: 3 } }))).toEqual(['D2 REG-TEXT-NUMBER'])
  })

  it('write down who was told of an incident, and say so in words', () => {
    const plan = taken('incidents', { J2: '2026-11-10', L2: 'R8.11.12', H2: { v: 12 } })
    expect(plan.ok && plan.read.town.incidents[0]).toMatchObject({
      persons: 12,
      reported: { csirt: '2026-11-10', first: '2026-11-12' },
    })
    expect(sentences(plan)).toEqual([
      '事案「入れ違い」の人数が「5」から「12」に変わります。',
      '事案「入れ違い」のCSIRTへの連絡が「空欄」から「令和8年11月10日」に変わります。',
      '事案「入れ違い」の速報が「空欄」から「令和8年11月12日」に変わります。',
    ])
  })

  it('refuse a count that is none, and an aspect nobody knows, each at its cell', () => {
    const cells = { G2: '要配慮個人情報、ほか', H2: '５人', C2: { v: 46_000 } }
    expect(faults(taken('incidents', cells))).toEqual([
      'C2 REG-DAY-NUMBER',
      'G2 REG-CHOICE',
      'H2 REG-COUNT',
    ])
  })
})
