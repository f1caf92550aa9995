/** `sekisho gate mail status`: what waits where, since when, and what was turned away most. */
import { existsSync } from 'node:fs'
import { lookAtSpool, mailWords, MAIL_REASONS } from '@sekisho/gates/mail'
import type { SpoolLook } from '@sekisho/gates/mail'
import { visible } from '@sekisho/report'
import { countMailWaiting, listMailTurned, openStore } from '@sekisho/store'
import type { HighTables } from '@sekisho/store'
import { daysAfter, todayInJapan } from '@sekisho/town'
import { ageText, bytesText } from '../amount-text.ts'
import type { Arguments, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { MAIL_FORMATS, mailPlaces, withQueue } from '../mail-places.ts'
import { readFormat } from '../out-file.ts'

/** Days that the most frequent refusals are counted over. */
const DAYS = 7
const SHOWN_REASONS = 5

interface Status {
  readonly spool: SpoolLook | undefined
  readonly queue: Awaited<ReturnType<typeof countMailWaiting>> | undefined
  readonly turnedAway: readonly { readonly reason: string; readonly count: number }[] | undefined
}

export async function status(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const format = readFormat(args, MAIL_FORMATS)
  const data = args.text('data') ?? 'data'
  const now = new Date()
  const found = await statusOf(data, now)
  if (format === 'json')
    terminal.out(
      `${JSON.stringify({ sekisho: '1', kind: 'MailStatus', at: now.toISOString(), ...found }, undefined, 2)}\n`,
    )
  else terminal.out(`${textOf(found, data, now).join('\n')}\n`)
  return EXIT.done
}

async function statusOf(data: string, now: Date): Promise<Status> {
  const { spool, store } = mailPlaces(data)
  return {
    spool: await lookAtSpool(spool),
    queue: await withQueue(data, (queue) => countMailWaiting(queue.db, now.toISOString())),
    turnedAway: existsSync(store) ? await turnedAway(store, now) : undefined,
  }
}

async function turnedAway(path: string, now: Date): Promise<Status['turnedAway']> {
  const store = await openStore<HighTables>({ path })
  try {
    return await listMailTurned(store.db, daysAfter(todayInJapan(now), -DAYS))
  } catch {
    // A store from before there was a mail gate has no such list.
    return undefined
  } finally {
    await store.close()
  }
}

function textOf({ spool, queue, turnedAway: turned }: Status, data: string, now: Date): string[] {
  if (spool === undefined && queue === undefined)
    return [
      `${visible(data)} に、メールの関所の記録がありません。`,
      '関所がまだメールを受けていないか、--data のフォルダが違います。',
    ]
  return [
    ...spoolLines(spool, now),
    ...(queue ?? []).map(
      ({ hop, waiting, held, oldest }) =>
        `送り待ち　${visible(hop)} あて ${waiting}通（うち取り消せるもの ${held}通）　いちばん古いもの ${ageText(now.getTime() - Date.parse(oldest))}`,
    ),
    ...(queue?.length === 0 ? ['送り待ち　ありません'] : []),
    ...turnedLines(turned ?? []),
  ]
}

function spoolLines(spool: SpoolLook | undefined, now: Date): readonly string[] {
  if (spool === undefined) return []
  const { count, bytes, damaged, oldest } = spool
  const age =
    oldest === undefined ? '' : `　いちばん古いもの ${ageText(now.getTime() - Date.parse(oldest))}`
  return [
    count === 0
      ? '組み直し待ち　ありません'
      : `組み直し待ち　${count}通（${bytesText(bytes)}）${age}`,
    ...(damaged === 0 ? [] : [`こわれたファイル　${damaged}件（damaged フォルダ）`]),
  ]
}

function turnedLines(turned: NonNullable<Status['turnedAway']>): readonly string[] {
  if (turned.length === 0) return []
  return [
    `受けなかったもの（この${DAYS}日間、多い順）`,
    ...turned.slice(0, SHOWN_REASONS).map(({ reason, count }) => {
      const known = MAIL_REASONS.find((one) => one === reason)
      const words = known === undefined ? '' : mailWords(known).what
      return `  ${String(count).padStart(6)}件　${words}（${visible(reason)}）`
    }),
  ]
}
