/**
 * What became of mails on the internet side. The low side says so, and it is kept as its word.
 */
import { SekishoError } from '@sekisho/core'
import type { Log } from '@sekisho/evidence'
import type { MailQueue, OwnLetterFrom } from '@sekisho/gates/mail'
import { findCrossing, readMeta, writeMeta } from '@sekisho/store'
import type { HighTables, Store } from '@sekisho/store'
import type { Progress } from '@sekisho/passage'
import type { MailOutLink } from '../link/client.ts'
import type { MailOutNews } from '../link/mail-out-messages.ts'
import { progressOf } from './crossings.ts'
import type { OutwardRecord } from './outward-letters.ts'
import { noticeOf } from './outward-own-letters.ts'

/** How it went with one recipient. */
export interface Fate {
  readonly address: string
  readonly state: 'waiting' | 'sent' | 'failed' | 'expired' | 'recalled'
  readonly reason: string
  /** Words of the next server, visible ASCII. */
  readonly reply: string
  readonly at: string
}

export interface OutwardFatesOptions {
  readonly store: Store<HighTables>
  readonly log: Pick<Log, 'append'>
  readonly model: string
  readonly link: MailOutLink
  /** The queue to the town's own mail server. */
  readonly own: Pick<MailQueue, 'submit'>
  readonly ownLetters: OwnLetterFrom
  readonly clock: () => Date
}

export class OutwardFates {
  readonly #options: OutwardFatesOptions

  constructor(options: OutwardFatesOptions) {
    this.#options = options
  }

  /** Of one crossing, as far as anything is known. */
  async of(id: string): Promise<readonly Fate[]> {
    const text = await readMeta(this.#options.store.db, `fate:${id}`)
    return text === undefined ? [] : (JSON.parse(text) as readonly Fate[])
  }

  /** Asks the low side what is new; it forgets what is on record here. A line that is down is asked again later. */
  async fetch(): Promise<void> {
    const { link } = this.#options
    try {
      const news = await link.mailNews()
      for (const one of news) await this.#keep(one)
      const last = news.at(-1)
      if (last) await link.forgetMailNews(last.seq)
    } catch (error) {
      const code = error instanceof SekishoError ? error.code : 'BUG'
      if (code === 'LINK_DOWN' || code === 'NOT_FOUND') return
      process.stderr.write(`${this.#options.clock().toISOString()} ${code} ${String(error)}\n`)
    }
  }

  async #keep(news: MailOutNews): Promise<void> {
    const { store, log, model, clock } = this.#options
    // Of a mail that never left here nothing is believed.
    const row = await findCrossing(store.db, news.message)
    if (row?.state !== 'delivered') return
    const at = clock().toISOString()
    const lost = news.ended.some(({ state }) => state !== 'sent')
    await log.append(`${news.message}:fate:${news.seq}`, {
      v: 1,
      kind: lost ? 'failed' : 'changed',
      at,
      side: 'low',
      model,
      actor: 'system',
      crossing: row.id,
      number: row.number,
      detail: {
        what: lost ? 'mail-undelivered' : news.ended.length > 0 ? 'mail-sent' : 'mail-waiting',
        recipients: news.ended.map(({ address, state }) => `${state} ${address}`),
        stillWaiting: news.stillWaiting,
        unanswered: news.unanswered,
        reason: news.ended.find(({ state }) => state !== 'sent')?.reason ?? news.reason,
        toldAt: news.at,
      },
    })
    const before = await this.of(row.id)
    const ended = news.ended.map((one): Fate => ({ ...one, at }))
    const rest = before.filter(({ address }) => !ended.some((one) => one.address === address))
    await store.write((tx) => writeMeta(tx, `fate:${row.id}`, JSON.stringify([...rest, ...ended])))
    if (lost) await this.#tellSender(progressOf(row), news)
  }

  /** In the words of our own queue: what a next server said stands on the page, not in a mail of ours. */
  async #tellSender({ crossing }: Progress, { seq, ended }: MailOutNews): Promise<void> {
    const { store, own, ownLetters, clock } = this.#options
    const record = await readMeta(store.db, `mail:${crossing.id}`)
    if (record === undefined) return
    const { outgoing }: OutwardRecord = JSON.parse(record)
    const lost = ended.filter(({ state }) => state !== 'sent')
    const notice = noticeOf({
      id: `${crossing.id}.${seq}`,
      number: crossing.number,
      to: outgoing.sender.address,
      subject: crossing.purpose,
      reason: lost[0]?.reason ?? '',
      recipients: lost.map(({ address }) => address),
      from: ownLetters,
      now: clock(),
    })
    await own.submit(notice)
  }
}
