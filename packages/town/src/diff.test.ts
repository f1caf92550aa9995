import type { Town } from '@sekisho/core'
import { describe, expect, test } from 'vitest'
import { mendedText, mendedWith, readable } from './corpus.test-support.ts'
import { diffTowns } from './diff.ts'
import { modelDigest } from './digest.ts'
import type { Edit } from './edit.ts'

const before = readable(mendedText()).town
const after = (...edits: readonly Edit[]) => readable(mendedWith(...edits)).town
const changes = (...edits: readonly Edit[]) =>
  diffTowns(before, after(...edits)).map((one) => `${one.effect}: ${one.sentence}`)

describe('what changes between two towns', () => {
  test('nothing, when only comments and spacing differ', () => {
    const same = readable(`# 注\n${mendedText().replaceAll('\n  - {', '\n  -   {')}`).town
    expect(diffTowns(before, same)).toEqual([])
  })
  test('a flow that is taken out closes, and its reverse opens', () => {
    const without = after({ path: 'flows[3]', remove: true })
    expect(diffTowns(before, without)).toEqual([
      {
        effect: 'loses',
        subject: 'flows.web',
        sentence:
          '「メールサーバー」から「取引先のサイト」へ、TCP 443が通らなくなります（通信「取引先のサイトの閲覧」）。',
      },
    ])
    expect(diffTowns(without, before).map((one) => one.effect)).toEqual(['gains'])
  })
  test('a port that changes opens one way and closes another, what opens first', () => {
    expect(changes({ path: 'flows[3].ports', value: [80] })).toEqual([
      'gains: 「メールサーバー」から「取引先のサイト」へ、TCP 80が通るようになります（通信「取引先のサイトの閲覧」）。',
      'loses: 「メールサーバー」から「取引先のサイト」へ、TCP 443が通らなくなります（通信「取引先のサイトの閲覧」）。',
    ])
  })
  test('a later expiry is a change of paper', () => {
    expect(changes({ path: 'flows[3].expires', value: '2030-03-31' })).toEqual([
      'changes: 通信「取引先のサイトの閲覧」の期限が「2029-03-31」から「2030-03-31」に変わります。',
    ])
  })
  test('a boundary that is opened is something gained', () => {
    expect(changes({ path: 'boundaries[2].default', value: 'allow' })).toEqual([
      'gains: 境界「LGWAN接続系 ⇔ インターネット接続系」の決めていない通信の扱いが「止める」から「通す」に変わります。',
    ])
  })
  test('a host, a gate and a body are told by name and field', () => {
    expect(
      changes(
        { path: 'systems[0].hosts[2].removableMedia.write', value: true },
        { path: 'gates.file[0].record', value: false },
        { path: 'town.model', value: 'β' },
      ),
    ).toEqual([
      'changes: 団体「破れ町」のモデルが「α」から「β」に変わります。',
      'changes: 機器「窓口端末2」の外部媒体が変わります。',
      'changes: ファイルの関所「file-in」の記録が「はい」から「いいえ」に変わります。',
    ])
  })
  test('what a value points to is told by name, and a word of the file in Japanese', () => {
    const told = changes(
      { path: 'systems[0].hosts[0].authentication', value: ['knowledge'] },
      { path: 'systems[0].owner', value: 'joho' },
      { path: 'departments[1]', value: { id: 'joho', name: '情報課' } },
      { path: 'gates.file[0].method', value: 'eye-check' },
    )
    expect(told).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/のログインの要素が「知識、所持」から「知識」に変わります。$/u),
        expect.stringMatching(/の主管課が「[^」a-z]+」から「情報課」に変わります。$/u),
        'changes: ファイルの関所「file-in」の方法が「組み直し」から「目視」に変わります。',
      ]),
    )
  })
  test('there is a difference exactly when the digests differ', () => {
    const edits: readonly Edit[] = [
      { path: 'town.staff', value: 11 },
      { path: 'zones[0].name', value: '別の名前' },
      { path: 'peers[1].addresses', value: ['203.0.113.9'] },
      { path: 'systems[0].vendor', value: '事業者' },
      { path: 'flows[0].fixed.approvedBy', value: '別の課長' },
      { path: 'gates.screen[0].clipboard', value: true },
      { path: 'organisation.logs.retentionDays', value: 400 },
      { path: 'exceptions[0].reason', value: '別の理由' },
      { path: 'boundaries[0].logDenied', value: false },
      { path: 'people', value: [{ id: 'p', name: '人', department: 'soumu', from: '2026-04-01' }] },
      { path: 'controls', value: [{ control: 'OP-04', title: '訓練', date: '2026-04-01' }] },
      {
        path: 'tests',
        value: [{ name: '確認', from: 'zone:lgwan', to: 'internet', expect: '差止め' }],
      },
    ]
    const unseen = edits.filter((edit) => {
      const other = after(edit)
      const told = diffTowns(before, other).length > 0
      return !told || modelDigest(other) === modelDigest(before)
    })
    expect(unseen).toEqual([])
  })
})

const named = (name: string) => modelDigest(after({ path: 'town.name', value: name }))

describe('the digest of a model', () => {
  test('is SHA-256 in lower-case hex', () => {
    expect(modelDigest(before)).toMatch(/^[0-9a-f]{64}$/u)
  })
  test('does not change with comments, order of keys or defaults written out', () => {
    const same = after({ path: 'gates.file[0].approval', value: 'always' })
    expect(modelDigest(same)).toBe(modelDigest(before))
    const reordered = Object.fromEntries(Object.entries(before).toReversed()) as unknown as Town
    expect(modelDigest(reordered)).toBe(modelDigest(before))
  })
  test('changes with one code point of a name', () => {
    expect(named('葛\u{E0102}城')).not.toBe(named('葛城'))
  })
})
