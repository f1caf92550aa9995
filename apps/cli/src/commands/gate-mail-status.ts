/** `sekisho gate mail status`: what waits where, since when, and what was turned away most. */
import { existsSync } from 'node:fs'
import { bytesText } from '@sekisho/core'
import { lookAtSpool, mailWords, MAIL_REASONS } from '@sekisho/gates/mail'
import type { SpoolLook } from '@sekisho/gates/mail'
import { visible } from '@sekisho/report'
import { countMailWaiting, listHeld, listMailTurned, openStore } from '@sekisho/store'
import type { HighTables, MailTables, Store } from '@sekisho/store'
import { daysAfter, todayInJapan } from '@sekisho/town'
import { ageText } from '../amount-text.ts'
import type { Arguments, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { MAIL_FORMATS, mailPlaces, withQueue, withStore } from '../mail-places.ts'
import { readFormat } from '../out-file.ts'

/** Days that the most frequent refusals are counted over. */
const DAYS = 7
const SHOWN_REASONS = 5

interface Status {
  readonly spool: SpoolLook | undefined
  readonly queue: Awaited<ReturnType<typeof countMailWaiting>> | undefined
  /** Mail to the outside: what waits for a person, since when, and what waits for the server of the internet side. */
  readonly outward:
    | {
        readonly held: number
        readonly oldestHeld: string
        readonly waiting: number
        readonly oldestWaiting: string
      }
    | undefined
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
    outward: await outwardOf(data, now),
    turnedAway: existsSync(store) ? await turnedAway(store, now) : undefined,
  }
}

type Waiting = Awaited<ReturnType<typeof countMailWaiting>>

/** More than this is only said to be that many. */
const HELD_MAX = 10_000

async function outwardOf(data: string, now: Date): Promise<Status['outward']> {
  const { outward, outwardQueue, lgwanQueue } = mailPlaces(data)
  const held = await withStore<HighTables, { created_at: string }[]>(outward, (store) =>
    listHeld(store.db, HELD_MAX),
  )
  const count = (queue: Store<MailTables>): ReturnType<typeof countMailWaiting> =>
    countMailWaiting(queue.db, now.toISOString())
  const hops = [
    await withStore<MailTables, Waiting>(outwardQueue, count),
    await withStore<MailTables, Waiting>(lgwanQueue, count),
  ].filter((one) => one !== undefined)
  if (held === undefined && hops.length === 0) return undefined
  const queues = hops.flat()
  return {
    held: held?.length ?? 0,
    oldestHeld: held?.[0]?.created_at ?? '',
    waiting: queues.reduce((sum, { waiting }) => sum + waiting, 0),
    oldestWaiting: queues.map(({ oldest }) => oldest).toSorted()[0] ?? '',
  }
}

function outwardLines(outward: Status['outward'], now: Date): readonly string[] {
  if (outward === undefined) return []
  const { held, oldestHeld, waiting, oldestWaiting } = outward
  const age = (since: string): string =>
    since === '' ? '' : `　いちばん古いもの ${ageText(now.getTime() - Date.parse(since))}`
  return [
    held === 0 ? '外への承認待ち　ありません' : `外への承認待ち　${held}通${age(oldestHeld)}`,
    waiting === 0
      ? '外への送り待ち　ありません'
      : `外への送り待ち　${waiting}通${age(oldestWaiting)}`,
  ]
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

function textOf(
  { spool, queue, outward, turnedAway: turned }: Status,
  data: string,
  now: Date,
): string[] {
  if (spool === undefined && queue === undefined && outward === undefined)
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
    ...outwardLines(outward, now),
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
