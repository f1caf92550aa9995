import { diffLists, isSame, listDigest, listWords, meaningOf } from '@sekisho/gates/web'
import type { DestinationList } from '@sekisho/gates/web'
import { visible } from '@sekisho/report'
import type { Desk } from './cloud-lists.ts'

/** Lines of one heading that are shown; a first import has hundreds. All of them are in `--json`. */
const MAX_LINES = 30

/** What a snapshot changes, for a person to approve. */
export function diffText(
  before: DestinationList | undefined,
  after: DestinationList,
  { town, terms }: Desk,
): string {
  const diff = diffLists(before, after, terms.at)
  const meaning = meaningOf(before, after, town, terms.at)
  const from = before === undefined ? '（使っている一覧なし）' : before.version
  const parts = (['gains', 'loses', 'soon', 'later', 'changes'] as const).map((key) =>
    section(
      listWords.diff[key],
      diff[key].map(({ sentence }) => sentence),
    ),
  )
  return [
    `一覧 ${after.list}　${from} → ${after.version}\n`,
    ...(isSame(diff) ? [`${listWords.diff.nothing}\n`] : parts),
    section(listWords.diff.services, meaning.services),
    section(listWords.diff.firewall, meaning.firewall),
    section(
      listWords.diff.leftOut,
      after.leftOut.map(({ name, why }) => `「${name}」　${listWords.leftOut[why]}`),
    ),
  ].join('')
}

function section(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return ''
  const shown = lines.slice(0, MAX_LINES).map((one) => `  ${visible(one)}\n`)
  const rest = lines.length - shown.length
  return `\n${title}（${lines.length}件）\n${shown.join('')}${rest > 0 ? `  ほか${rest}件（--json ですべて出ます）\n` : ''}`
}

/** The same for a program. */
export function json(
  before: DestinationList | undefined,
  after: DestinationList,
  { town, terms }: Desk,
): string {
  const body = {
    sekisho: '1',
    kind: 'CloudListDiff',
    ok: true,
    list: after.list,
    before: before?.version,
    after: after.version,
    digest: listDigest(after),
    ...diffLists(before, after, terms.at),
    meaning: meaningOf(before, after, town, terms.at),
    leftOut: after.leftOut,
  }
  return `${JSON.stringify(body, undefined, 2)}\n`
}
