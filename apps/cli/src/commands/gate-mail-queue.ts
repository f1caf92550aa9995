/** `sekisho gate mail queue …` and `export`: what waits for the next server, taken back, hurried, or as a table. */
import { writeFile } from 'node:fs/promises'
import { bytesText, SekishoError } from '@sekisho/core'
import { MAIL_OUT_WORDS, recallMail } from '@sekisho/gates/mail'
import { csvText, visible } from '@sekisho/report'
import { hastenMail, listMailWaiting } from '@sekisho/store'
import type { MailTables, MailWaitingRow, Store } from '@sekisho/store'
import { ageText } from '../amount-text.ts'
import { UsageError } from '../command.ts'
import type { Arguments, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { MAIL_FORMATS, QUEUE_WAYS, withQueue } from '../mail-places.ts'
import type { QueueWay } from '../mail-places.ts'
import { needOut, readFormat } from '../out-file.ts'

type Action = (store: Store<MailTables>, args: Arguments, terminal: Terminal) => Promise<ExitCode>

const ACTIONS = { list, recall, retry } as const satisfies Readonly<Record<string, Action>>
const VERBS = Object.keys(ACTIONS) as (keyof typeof ACTIONS)[]

/** Rows shown at once; a queue may hold more than anybody reads. */
const MAX_ROWS = 10_000

export async function queue(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const verb = VERBS.find((known) => known === args.positionals[2])
  if (verb === undefined) throw new UsageError(`${VERBS.join('・')} のどれかを書いてください。`)
  return inQueue(args, terminal, (store) => ACTIONS[verb](store, args, terminal))
}

export async function exportQueue(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const out = needOut(args, 'csv')
  return inQueue(args, terminal, async (store) => {
    const rows = await listMailWaiting(store.db, MAX_ROWS)
    await writeFile(out, csvText([COLUMNS, ...rows.map(cells)]))
    terminal.out(`${visible(out)} に、送り待ちの${rows.length}件を書きました。\n`)
    return EXIT.done
  })
}

async function inQueue(
  args: Arguments,
  terminal: Terminal,
  use: (store: Store<MailTables>) => Promise<ExitCode>,
): Promise<ExitCode> {
  const data = args.text('data') ?? 'data'
  const code = await withQueue(data, use, wayOf(args))
  if (code !== undefined) return code
  terminal.err(
    `${visible(data)} に、送り待ちの記録がありません。--data のフォルダを確かめてください。\n`,
  )
  return EXIT.failed
}

function wayOf(args: Arguments): QueueWay {
  const asked = args.text('way') ?? 'in'
  const way = QUEUE_WAYS.find((known) => known === asked)
  if (way === undefined)
    throw new UsageError(`--way は ${QUEUE_WAYS.join('・')} のどれかを書いてください。`)
  return way
}

async function list(
  store: Store<MailTables>,
  args: Arguments,
  terminal: Terminal,
): Promise<ExitCode> {
  const rows = await listMailWaiting(store.db, MAX_ROWS)
  if (readFormat(args, MAIL_FORMATS) === 'json')
    terminal.out(`${JSON.stringify({ sekisho: '1', kind: 'MailQueue', rows }, undefined, 2)}\n`)
  else if (rows.length === 0) terminal.out('送り待ちのメールはありません。\n')
  else {
    for (const row of rows) terminal.out(rowText(row))
    // The rows come with the oldest first.
    const age = ageText(Date.now() - Date.parse(rows[0]?.created_at ?? ''))
    terminal.out(`${rows.length}件が待っています。いちばん古いもの ${age}\n`)
  }
  return EXIT.done
}

/** Nobody's words but ours stand outside `visible`: addresses and replies come from strangers. */
function rowText(row: MailWaitingRow): string {
  const { message, sender, recipients, size, hop, attempts, next_at: next } = row
  const reason = reasonText(row)
  return [
    `${visible(message)}　${visible(sender === '' ? '（差出人なし）' : sender)} → ${visible(recipients.join('、'))}\n`,
    `    ${bytesText(size)}　${visible(hop)} あて　試した回数 ${attempts}　次は ${next}\n`,
    ...(reason === '' ? [] : [`    ${reason}\n`]),
  ].join('')
}

function reasonText({ last_reason: reason, last_reply: reply }: MailWaitingRow): string {
  if (!MAIL_OUT_WORDS.has(reason)) return visible(reason)
  const said = reply === '' ? '' : `　相手の言葉: ${visible(reply)}`
  return `${MAIL_OUT_WORDS.of(reason).what}（${reason}）${said}`
}

const COLUMNS = [
  '番号',
  '差出人',
  '宛先',
  '大きさ（バイト）',
  '届け先',
  '受けた時刻',
  '送れる時刻',
  '次に送る時刻',
  '試した回数',
  '理由',
  '相手の言葉',
] as const

const cells = (row: MailWaitingRow): readonly string[] => [
  row.message,
  row.sender,
  row.recipients.join('、'),
  String(row.size),
  row.hop,
  row.created_at,
  row.release_at,
  row.next_at,
  String(row.attempts),
  row.last_reason,
  row.last_reply,
]

async function recall(
  store: Store<MailTables>,
  args: Arguments,
  terminal: Terminal,
): Promise<ExitCode> {
  if (wayOf(args) !== 'in')
    throw new UsageError(
      '外へのメールは、送った人が画面「メール」の「送ったメール」で取り消します。',
    )
  const id = args.positionals[3]
  if (id === undefined)
    throw new UsageError('取り消すメールの番号を書いてください（queue list で分かります）。')
  try {
    const { recalled, late } = await recallMail(store, id, Date.now())
    if (recalled.length > 0)
      terminal.out(`○ ${visible(recalled.join('、'))} への送信を取り消しました。\n`)
    if (late.length > 0) {
      const { what, why } = MAIL_OUT_WORDS.of('MAIL-OUT-RECALL-LATE')
      terminal.out(`× ${visible(late.join('、'))}　${what}${why}（MAIL-OUT-RECALL-LATE）\n`)
    }
    return late.length > 0 ? EXIT.refused : EXIT.done
  } catch (error) {
    if (!(error instanceof SekishoError) || error.code !== 'NOT_FOUND') throw error
    terminal.err(`${visible(id)} は、送り待ちにありません。queue list で確かめてください。\n`)
    return EXIT.failed
  }
}

async function retry(
  store: Store<MailTables>,
  args: Arguments,
  terminal: Terminal,
): Promise<ExitCode> {
  const now = new Date().toISOString()
  const count = await store.write((tx) => hastenMail(tx, now, args.positionals[3]))
  terminal.out(
    count === 0
      ? '待たせているメールはありません。取り消せる時間のうちのものは、早めません。\n'
      : `${count}件を、待たずに送り直します。動いている関所は、数分のうちに試します。\n`,
  )
  return EXIT.done
}
