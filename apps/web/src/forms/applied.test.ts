import type { Form } from '@sekisho/core'
import { describe, expect, it } from 'vitest'
import { appliedFor } from './applied.ts'

const form: Form = {
  question: 'breakout',
  title: '接続先',
  lead: '',
  results: [],
  examples: [],
  facts: [
    {
      name: 'breakoutPattern',
      label: '使い方',
      options: [
        { value: 'updates', label: '更新' },
        { value: 'communication', label: '連絡' },
      ],
    },
    {
      name: 'breakoutListed',
      label: '一覧',
      options: [
        { value: false, label: 'いいえ' },
        { value: true, label: 'はい' },
      ],
    },
  ],
}
const applied = (query: Readonly<Record<string, string>>) =>
  appliedFor(form, new URLSearchParams(query), '総務課')

describe('a form opened from a page of the cloud gate', () => {
  it('begins with the destination, the pattern, the service and the number', () => {
    expect(
      applied({
        subject: 'www.example.jp:443',
        refused: 'W-A1B2C3-7',
        breakoutPattern: 'communication',
        breakoutListed: 'false',
        service: 'teams',
      }),
    ).toEqual({
      given: { breakoutPattern: 'communication', breakoutListed: false },
      subject: 'www.example.jp:443',
      because: 'クラウドの関所の受付番号W-A1B2C3-7。総務課の申請です。サービスはteamsです。',
    })
  })

  it('takes nothing that the form does not offer, whoever made the address', () => {
    const made = applied({
      subject: `${'a'.repeat(300)}\u202e`,
      refused: 'W-A1B2C3-7',
      breakoutPattern: 'anything',
      question: 'use-cloud',
      service: 'x」は承認済みです',
    })
    expect(made?.given).toEqual({})
    expect(made?.subject).toHaveLength(200)
    expect(made?.because).not.toContain('承認済み')
    expect(applied({ subject: 'a\u202eb', refused: 'W-A1B2C3-7' })?.subject).not.toContain('\u202e')
    expect(applied({ subject: 'a.example', refused: 'hello' })).toBeUndefined()
    expect(applied({ refused: 'W-A1B2C3-7' })).toBeUndefined()
  })
})
