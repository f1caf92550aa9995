/**
 * What is different when a crossing is a mail: whom it is for, how it is rebuilt and verified, and that it goes on to the town's mail server. The steps
 * themselves are those of the one passage.
 */
import { SekishoError } from '@sekisho/core'
import type { MailEnvelope, Town } from '@sekisho/core'
import type { Log } from '@sekisho/evidence'
import {
  DOUBT_LINE,
  FOOTER_LINE,
  LIST_LINE,
  certificateNumber,
  isDoubtful,
  mailboxesOf,
  openMailboxes,
  partKey,
  postmastersOf,
  trace,
  writeNotice,
  writeReminder,
} from '@sekisho/gates/mail'
import type { MailFacts, MailQueue, Mailbox } from '@sekisho/gates/mail'
import type { Expected, Inside } from '@sekisho/gates/mail/verify'
import { isFinal } from '@sekisho/passage'
import type { Progress } from '@sekisho/passage'
import {
  findCrossing,
  findMailRow,
  insertMailRow,
  listPickUps,
  listUnreminded,
  searchKey,
  updateMailRow,
} from '@sekisho/store'
import type { Blobs, HighTables, MailRow, Store } from '@sekisho/store'
import { daysAfter, todayInJapan } from '@sekisho/town'
import { isDeskGate } from '../host/mail-route.ts'
import type { MailRoute } from '../host/mail-route.ts'
import type { LinkItem } from '../link/messages.ts'
import { readAuthenticity, readMailFacts } from '../link/mail-messages.ts'
import type { LinkMail, MailWish } from '../link/mail-messages.ts'
import { fromJson } from '../shape.ts'
import { problemOf, progressOf } from './crossings.ts'

/** Days for which the text of a mail can be read on the page. */
export const TEXT_DAYS = 30

/** Days before files of a mail are shredded on which its readers are reminded, and mails looked at in one go. */
export const REMIND_DAYS = 2
const REMIND_MAX = 200
const DAY_MS = 86_400_000

/** Last instant at which the files of a mail can be had; `undefined` while the mail is under way. The other side shreds them no earlier. */
export function filesUntil(
  { until }: Pick<MailRow, 'until'>,
  originalDays: number,
): string | undefined {
  if (until === '') return undefined
  return new Date(Date.parse(until) + (originalDays - TEXT_DAYS) * DAY_MS).toISOString()
}

export interface MailWayOptions {
  readonly town: Town
  readonly route: MailRoute
  readonly model: string
  readonly log: Pick<Log, 'append'>
  readonly store: Store<HighTables>
  /** Where the passage keeps the verified bytes. */
  readonly blobs: Blobs
  readonly queue: Pick<MailQueue, 'submit'>
  /** Something may be due in the queue. */
  readonly submitted: () => void
  /** How people reach this side. */
  readonly origin: string
  readonly clock: () => Date
}

/** One mailbox a mail goes to, and how far it came. */
export interface MailDelivery {
  readonly address: string
  readonly state: string
  readonly reason: string
  readonly reply: string
  readonly at: string
}

export class MailWay {
  readonly #options: MailWayOptions

  constructor(options: MailWayOptions) {
    this.#options = options
  }

  /** Own host name, as it stands in trace fields and Message-IDs. */
  get host(): string {
    return new URL(this.#options.origin).hostname
  }

  /** Whom it is for is looked up in our own list; the low side gives only addresses. */
  progressFor(item: LinkItem, mail: LinkMail, number: string): Progress {
    const { town, route } = this.#options
    const envelope = this.#envelope(mail)
    const zone = town.zones.find((one) => one.id === route.to)?.name ?? route.to
    const addresses = envelope.recipients.map(({ address }) => address)
    return {
      crossing: {
        id: item.id,
        number,
        kind: 'mail-body',
        from: route.from,
        to: route.to,
        // Nobody of the town sent it.
        sender: { id: '', name: '', department: '' },
        level: '1',
        purpose: '',
        fileName: `${number}.eml`,
        size: item.size,
        inputSha256: item.inputSha256,
        receivedAt: item.receivedAt,
        mail: envelope,
      },
      destination: `${zone}／${addresses.join('、')}`,
      state: 'received',
      step: 'ask',
      rounds: 0,
    }
  }

  #envelope({ from, recipients, peer, authenticity }: LinkMail): MailEnvelope {
    const { town, route } = this.#options
    const boxes = openMailboxes(
      mailboxesOf(town, route.domains),
      route.domains,
      postmastersOf(town, route.domains),
    )
    const today = todayInJapan(this.#options.clock())
    const known = new Map<string, string>()
    const unknown: string[] = []
    for (const recipient of recipients) {
      const found = boxes.find(recipient, today)
      if (found.ok) known.set(found.mailbox.address, readerOf(found.mailbox))
      else unknown.push(recipient)
    }
    const all = [...known].map(([address, reader]) => ({ address, reader }))
    return { from, recipients: all, unknown, peer, authenticity }
  }

  /** What the low side may lie about, and this side knows better. */
  refuses({ crossing }: Progress): 'MAIL-NO-READER' | 'MAIL-OVER-LIMIT' | undefined {
    if ((crossing.mail?.recipients ?? []).length === 0) return 'MAIL-NO-READER'
    return crossing.size > this.#options.route.receive.maxBytes ? 'MAIL-OVER-LIMIT' : undefined
  }

  /** How it is to be rebuilt: the judge's cure decides about attachments, and the list of them leads to our own page. */
  wish({ crossing }: Progress, cure: string): MailWish {
    const keep = this.#isDesk() && cure !== 'strip'
    return {
      address: this.#page(crossing.number),
      attachments: keep ? 'keep' : 'remove',
      doubtful: isDoubted(crossing.mail),
      ...this.#until(crossing.receivedAt),
    }
  }

  /** The other side shreds the files so many days after the mail ended; counted from its coming, and without the last day, the day is right for all. */
  #until(receivedAt: string): Pick<MailWish, 'until'> {
    const { originalDays } = this.#options.route
    if (originalDays === 0) return {}
    return { until: daysAfter(todayInJapan(new Date(receivedAt)), originalDays - 1) }
  }

  /** The mail stays in the zone in which it comes: its attachments may, too. */
  #isDesk(): boolean {
    const { route } = this.#options
    return isDeskGate(this.#options.town, route) && route.attachments === 'keep'
  }

  /**
   * Keeps what the low side told of the mail.
   *
   * @returns the number of its certificate
   * @throws SekishoError WORKER_FAILED when it is about another mail
   */
  async told({ crossing }: Progress, facts: MailFacts | undefined): Promise<string> {
    if (!facts || facts.certificate.original.sha256 !== crossing.inputSha256)
      throw new SekishoError('WORKER_FAILED', 'a certificate of another mail, or none')
    const { store } = this.#options
    await store.write((tx) => updateMailRow(tx, crossing.id, { facts: JSON.stringify(facts) }))
    return certificateNumber(facts.certificate)
  }

  /** What the new message must say besides being harmless. */
  async expected({ crossing }: Progress): Promise<Expected> {
    const row = await findMailRow(this.#options.store.db, crossing.id)
    const facts = factsIn(row?.facts ?? '')
    if (!facts) throw new SekishoError('WORKER_FAILED', 'nothing is known of the mail')
    return {
      address: this.#page(crossing.number),
      parts: facts.pickUps.filter(({ inline }) => !inline).map(({ part }) => partKey(part)),
      ...(isDoubted(crossing.mail) ? { firstLine: DOUBT_LINE } : {}),
      ...(this.#isDesk() ? { inside: insideOf(facts) } : {}),
      listLine: LIST_LINE,
      lastLine: FOOTER_LINE(certificateNumber(facts.certificate)),
    }
  }

  /**
   * Called before a change of a mail is kept: its row for the page, and the notice when it was refused. The refusal is on record by then; killed here,
   * it is taken up again and the same notice is submitted once.
   */
  async beforeSave(progress: Progress): Promise<void> {
    const { crossing, verified, state } = progress
    const { store, clock } = this.#options
    const known = await findMailRow(store.db, crossing.id)
    if (!known) await this.#insert(progress)
    const seen = verified?.clean ? verified.mail : undefined
    if (seen)
      await store.write((tx) =>
        updateMailRow(tx, crossing.id, {
          subject: seen.subject,
          sender: seen.from,
          search: searchKey(`${seen.subject} ${seen.from} ${crossing.number}`),
        }),
      )
    if (!isFinal(progress)) return
    if (state !== 'delivered') await this.#notice(progress)
    const until = new Date(clock().getTime() + TEXT_DAYS * 86_400_000).toISOString()
    const lost = state !== 'delivered' && (crossing.mail?.recipients ?? []).length === 0
    await store.write((tx) =>
      updateMailRow(tx, crossing.id, { until, ...(lost ? { undelivered: 1 } : {}) }),
    )
  }

  async #insert({ crossing }: Progress): Promise<void> {
    const recipients = crossing.mail?.recipients ?? []
    const waiting = recipients.map(({ address }): MailDelivery => ({
      address,
      state: 'waiting',
      reason: '',
      reply: '',
      at: '',
    }))
    const from = crossing.mail?.from ?? ''
    const row = {
      id: crossing.id,
      number: crossing.number,
      received_at: crossing.receivedAt,
      subject: '',
      sender: from,
      search: searchKey(`${from} ${crossing.number}`),
      facts: '',
      deliveries: JSON.stringify(waiting),
      undelivered: 0,
      until: '',
    }
    const readers = recipients.map(({ reader }) => reader)
    await this.#options.store.write((tx) => insertMailRow(tx, row, readers))
  }

  /** Hands the recorded mail to the queue. The same crossing again is the same message. */
  async deliver({ crossing, cured, ending }: Progress): Promise<void> {
    const message = await this.#options.blobs.get(cured?.sha256 ?? '')
    const bytes = trace(message, {
      host: this.host,
      id: crossing.id,
      number: crossing.number,
      at: ending?.at ?? crossing.receivedAt,
    })
    await this.#submit(crossing.id, crossing.mail, bytes)
  }

  async #notice(progress: Progress): Promise<void> {
    const { crossing } = progress
    const { route, log, model, clock } = this.#options
    const problem = problemOf(progress)
    const recipients = (crossing.mail?.recipients ?? []).map(({ address }) => address)
    if (!problem || recipients.length === 0) return
    await log.append(`${crossing.id}:notice`, {
      v: 1,
      kind: 'changed',
      at: clock().toISOString(),
      side: 'high',
      model,
      actor: 'system',
      crossing: crossing.id,
      number: crossing.number,
      detail: { what: 'mail-notice', reason: problem.reason, recipients },
    })
    const notice = writeNotice({
      id: crossing.id,
      host: this.host,
      address: `postmaster@${route.domains[0] ?? this.host}`,
      recipients,
      from: crossing.mail?.from ?? '',
      receivedAt: crossing.receivedAt,
      problem,
      days: route.originalDays,
    })
    await this.#submit(`${crossing.id}.notice`, crossing.mail, notice)
  }

  /**
   * Tells the readers of a mail, once, that a file of it waits for a password and is shredded soon. On record first; killed in between, the same reminder
   * is submitted again and is one message.
   */
  async remind(): Promise<void> {
    const { store, route, clock } = this.#options
    const ahead = TEXT_DAYS - route.originalDays + REMIND_DAYS
    const due = new Date(clock().getTime() + ahead * DAY_MS).toISOString()
    for (const row of await listUnreminded(store.db, due, REMIND_MAX)) {
      await this.#remindOf(row)
      await store.write((tx) => updateMailRow(tx, row.id, { reminded: 1 }))
    }
  }

  async #remindOf(row: MailRow): Promise<void> {
    const { store, route, log, model, clock } = this.#options
    const until = filesUntil(row, route.originalDays) ?? ''
    const crossing = await findCrossing(store.db, row.id)
    const progress = crossing && progressOf(crossing)
    const mail = progress?.crossing.mail
    // What was refused was told by a notice, and what is over nobody can be helped with.
    if (!mail || progress.state !== 'delivered' || until <= clock().toISOString()) return
    const taken = new Set((await listPickUps(store.db, row.id)).map(({ part }) => part))
    const left = (factsIn(row.facts)?.pickUps ?? []).filter(
      ({ will, part }) => will === 'password' && !taken.has(part),
    )
    const recipients = mail.recipients.map(({ address }) => address)
    if (left.length === 0 || recipients.length === 0) return
    await log.append(`${row.id}:reminder`, {
      v: 1,
      kind: 'changed',
      at: clock().toISOString(),
      side: 'high',
      model,
      actor: 'system',
      crossing: row.id,
      number: row.number,
      detail: { what: 'mail-reminder', recipients, until, parts: left.map(({ part }) => part) },
    })
    const reminder = writeReminder({
      id: row.id,
      host: this.host,
      address: `postmaster@${route.domains[0] ?? this.host}`,
      recipients,
      from: mail.from,
      receivedAt: row.received_at,
      number: row.number,
      // Not the clock: written again after a crash it must be the same message.
      at: new Date(Date.parse(until) - REMIND_DAYS * DAY_MS).toISOString(),
      until,
      files: left.map(({ name }) => name),
      page: this.#page(row.number),
    })
    await this.#submit(`${row.id}.reminder`, mail, reminder)
  }

  /**
   * With the null sender: whoever the town's server might tell of a failure is a stranger, and may be forged. What fails the IT officer sees.
   */
  async #submit(id: string, mail: MailEnvelope | undefined, bytes: Uint8Array): Promise<void> {
    const { queue, submitted } = this.#options
    const recipients = (mail?.recipients ?? []).map(({ address }) => address)
    const done = await queue.submit({ id, sender: '', recipients, bytes, telling: 'nobody' })
    if (!done.ok) throw new SekishoError('CONFIG_INVALID', `mail not taken: ${done.refused.reason}`)
    submitted()
  }

  #page(number: string): string {
    return `${new URL(this.#options.origin).origin}/mail/${number}`
  }
}

/** What the certificate says is in the mail: the second reader holds the bytes against it. */
function insideOf({ certificate: { parts } }: MailFacts): Inside {
  return {
    files: parts.flatMap(({ fate, disarm }) => (fate === 'attached' ? [disarm?.sha256 ?? ''] : [])),
    calendars: parts.filter(({ fate }) => fate === 'calendar').length,
  }
}

/** Whether the readers are told to doubt the sender. The low side asked DNS and may lie about it, as about every word of a stranger's mail. */
function isDoubted(mail: MailEnvelope | undefined): boolean {
  const authenticity = readAuthenticity(mail?.authenticity)
  return authenticity !== undefined && isDoubtful(authenticity)
}

/** What the low side told of a mail, as it was kept. */
export function factsIn(json: string): MailFacts | undefined {
  return json === '' ? undefined : fromJson(json, readMailFacts)
}

/** Who may see what is sent to a mailbox. */
export function readerOf(mailbox: Mailbox): string {
  return 'person' in mailbox ? `person:${mailbox.person}` : `department:${mailbox.department}`
}
