import { describe, expect, it } from 'vitest'
import ja from '../../words/lists.json' with { type: 'json' }
import { cloudTown, microsoft365, ownList, TODAY } from '../destination/destination.test-support.ts'
import { diffLists, isSame } from './diff.ts'
import { meaningOf } from './meaning.ts'

const before = microsoft365('2026103000')
const after = microsoft365('2026113000', 'changes-2026113000.json')
const sentences = (lines: readonly { readonly sentence: string }[]): readonly string[] =>
  lines.map(({ sentence }) => sentence)

describe('two snapshots, in words', () => {
  const diff = diffLists(before, after, '2026-12-01')

  it('what opens, what closes, what is announced for 30 days and for later', () => {
    expect(sentences(diff.loses)).toEqual(['名前「*.online.office.com」（Common、46番）'])
    expect(sentences(diff.soon)).toEqual([
      '2026-12-20から：名前「outlook.cloud.microsoft」（Exchange、1番）',
    ])
    expect(sentences(diff.later)).toEqual(['2027-03-01から：番号 52.238.119.141/32（Skype、11番）'])
    expect(sentences(diff.changes)).toEqual(['22番（Skype）が、なくてはならないものになります。'])
    expect(diff.gains).toEqual([])
  })

  it('what was announced and whose day has come is simply new', () => {
    const late = diffLists(before, after, '2026-12-20')
    expect(sentences(late.gains)).toEqual(['名前「outlook.cloud.microsoft」（Exchange、1番）'])
    expect(late.soon).toEqual([])
  })

  it('the thirtieth day is within 30 days, the one after is not', () => {
    expect(diffLists(before, after, '2026-11-20').soon).toHaveLength(1)
    expect(diffLists(before, after, '2026-11-19').soon).toHaveLength(0)
  })

  it('with no list in use everything is new', () => {
    const first = diffLists(undefined, before, TODAY)
    expect(first.gains.length).toBeGreaterThan(30)
    expect(first.loses).toEqual([])
  })

  it('the same list has nothing to tell', () => {
    expect(isSame(diffLists(before, before, TODAY))).toBe(true)
    expect(isSame(diff)).toBe(false)
  })
})

describe('what a snapshot means for the town', () => {
  const { services, firewall } = meaningOf(before, after, cloudTown(), '2026-12-01')

  it('names each service that gains, loses or must act, and by when', () => {
    expect(services).toContain(
      '「メールと予定表」は、2026-12-20までに承認しないと、新しい入口へつながりません。',
    )
    expect(services).toContain(
      '「Web会議」で開く名前が1件減ります。使えなくなるものがないか確かめてください。',
    )
    // 22 became required, and so comes to whoever takes the area.
    expect(services).toContain('「Web会議」で開く名前が1件増えます。')
  })

  it('names the addresses that the firewall lacks, and those it does not need', () => {
    expect(firewall).toContain(
      '「メールと予定表」の相手「メールの接続先」に 40.96.0.0/13 がありません。足すまで、ファイアウォールで止まります。',
    )
    expect(firewall.join('')).not.toContain('「メールの接続先」に 13.107.6.152/31')
    expect(firewall).toContain(
      '「メールと予定表」の相手「メールの接続先」の 192.0.2.0/28 は一覧にありません。ほかの用がなければ外せます。',
    )
  })

  it('says so when nobody uses the list, and when no ranges are published', () => {
    const town = cloudTown()
    expect(meaningOf(undefined, ownList('kaigi'), town, TODAY)).toEqual({
      services: [ja.diff.serviceNone],
      firewall: [],
    })
    expect(meaningOf(undefined, ownList('updates'), town, TODAY).firewall).toEqual([
      '「更新と失効の一覧」は番号の範囲が公開されていません。相手の番号は一覧から決まりません。',
    ])
  })
})

describe('the words about lists', () => {
  const all = [
    ...Object.values(ja.problems).flatMap(({ message, cure }) => [message, cure]),
    ...Object.values(ja.leftOut),
    ...Object.values(ja.standing),
    ...Object.values(ja.standingCure),
    ...Object.values(ja.diff),
  ]
  it('blame nobody', () => {
    const blaming = /エラー|不正|違反|拒否|失敗|アップロード|ダウンロード|サニタイズ|！|!/u
    expect(all.filter((sentence) => blaming.test(sentence))).toEqual([])
  })
  it('are of sentences of at most 60 letters', () => {
    const long = all.flatMap((text) => text.split(/(?<=。)/u)).filter((one) => [...one].length > 60)
    expect(long).toEqual([])
  })
})
