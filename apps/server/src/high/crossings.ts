/**
 * The high side at work: asks the low side what is new, takes each crossing through the passage, and tells the low
 * side what became of it. After a crash it goes on from what is on disk.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { SekishoError } from '@sekisho/core'
import type { Answer, CleanVerdict, EvidenceKind, Question, Town } from '@sekisho/core'
import type { Log } from '@sekisho/evidence'
import { fileProblem, endingOf, removalSentences } from '@sekisho/gates/file'
import { MAIL_REASONS, mailProblem } from '@sekisho/gates/mail'
import type { Expected } from '@sekisho/gates/mail/verify'
import { createPassage, isFinal } from '@sekisho/passage'
import type { Gate, Passage, Ports, Progress } from '@sekisho/passage'
import {
  addMailTurned,
  findCrossing,
  insertDelivery,
  listDisposable,
  listHeld,
  listOpenCrossings,
  listUntold,
  markTold,
  numberTaken,
  readMeta,
  releaseBlob,
  saveCrossing,
  writeMeta,
} from '@sekisho/store'
import type { Blobs, CrossingRow, HighTables, Store } from '@sekisho/store'
import { oneAtATime } from '../host/one-at-a-time.ts'
import { departmentName, isActive, personOf } from '../host/people.ts'
import { problem } from '../host/problem.ts'
import type { LinkClient } from '../link/client.ts'
import type { LinkEvent, LinkItem, LinkState } from '../link/messages.ts'
import type { MailWay } from './mail-way.ts'

/** Days a delivered file can be taken. */
export const INBOX_DAYS = 30
/** Crossings under way at once. */
const AT_ONCE = 4
/** One poll waits this long for something new, ms. */
const POLL_MS = 20_000
const RETRY_FIRST_MS = 500
const RETRY_LAST_MS = 30_000
const TELL_AGAIN_MS = 1000
/** How often what time alone changes is looked at, ms. */
const SWEEP_MS = 60_000
const BATCH = 100

export interface CrossingsOptions {
  readonly town: Town
  readonly route: Town['gates']['file'][number]
  readonly model: string
  readonly gate: Gate
  readonly judge: { ask(question: Question): Answer }
  readonly log: Log
  readonly store: Store<HighTables>
  readonly blobs: Blobs
  readonly link: LinkClient
  /** Re-reads disarmed bytes as what they will be opened as. */
  readonly verify: (
    bytes: Uint8Array,
    ending: string,
    options?: { readonly mail: Expected },
  ) => Promise<CleanVerdict>
  /** What is different for mails; absent where the town runs no mail gate. */
  readonly mail?: { readonly way: MailWay; readonly gate: Gate }
  readonly clock?: () => Date
}

export class Crossings {
  readonly passage: Passage
  readonly #options: CrossingsOptions
  readonly #stop = new AbortController()
  readonly #slots = slots(AT_ONCE)
  readonly #running = new Set<string>()
  readonly #work = new Set<Promise<void>>()
  readonly #telling = oneAtATime()
  #tellingSoon = false
  #heard: number | undefined
  #loops: Promise<unknown> = Promise.resolve()

  constructor(options: CrossingsOptions) {
    this.#options = options
    this.passage = createPassage(this.#ports())
  }

  /** Takes up what a crash left, and begins to ask. */
  async start(): Promise<void> {
    for (const row of await listOpenCrossings(this.#options.store.db)) this.#go(row.id)
    this.#loops = Promise.all([this.#poll(), this.#sweep()])
  }

  async close(): Promise<void> {
    this.#stop.abort()
    this.#options.link.close()
    await Promise.all([this.#loops, ...this.#work])
  }

  /** When the low side last answered, ms since the epoch. */
  get heard(): number | undefined {
    return this.#heard
  }

  /** Progress of one crossing, as saved. */
  async find(id: string): Promise<Progress | undefined> {
    const row = await findCrossing(this.#options.store.db, id)
    return row && progressOf(row)
  }

  /** Tells the low side soon; what could not be told is tried again. */
  tell(): void {
    if (this.#tellingSoon) return
    this.#tellingSoon = true
    const work = this.#telling('tell', async () => {
      this.#tellingSoon = false
      await this.#tellAll()
    })
      .catch(async (error: unknown) => {
        this.#complain(error)
        await this.#pause(TELL_AGAIN_MS)
        if (!this.#stop.signal.aborted) this.tell()
      })
      .finally(() => this.#work.delete(work))
    this.#work.add(work)
  }

  async #poll(): Promise<void> {
    for (let wait = RETRY_FIRST_MS; !this.#stop.signal.aborted;) {
      try {
        await this.#pollOnce()
        this.#heard = Date.now()
        wait = RETRY_FIRST_MS
      } catch (error) {
        this.#complain(error)
        await this.#pause(wait)
        wait = Math.min(wait * 2, RETRY_LAST_MS)
      }
    }
  }

  async #pollOnce(): Promise<void> {
    const { store, link, model } = this.#options
    const spool = (await readMeta(store.db, 'spool')) ?? ''
    const itemsAfter = Number((await readMeta(store.db, 'items')) ?? 0)
    const eventsAfter = Number((await readMeta(store.db, 'events')) ?? 0)
    const news = await link.poll({ model, spool, itemsAfter, eventsAfter, waitMs: POLL_MS })
    await Promise.all(news.events.map((event) => this.#append(news.spool, event)))
    for (const item of news.items) await this.#take(item)
    // Only now: whatever was read is on disk.
    const changed = news.spool !== spool
    const items = news.items.at(-1)?.version ?? (changed ? 0 : itemsAfter)
    const events = news.events.at(-1)?.seq ?? (changed ? 0 : eventsAfter)
    if (!changed && items === itemsAfter && events === eventsAfter) return
    await store.write(async (tx) => {
      await countTurnedAway(tx, news.events)
      await writeMeta(tx, 'spool', news.spool)
      await writeMeta(tx, 'items', String(items))
      await writeMeta(tx, 'events', String(events))
    })
  }

  /** What the low side says happened there, marked as its word. */
  async #append(spool: string, event: LinkEvent): Promise<void> {
    const { number, file, ...detail } = event.detail
    await this.#options.log.append(`low:${spool}:${event.seq}`, {
      v: 1,
      kind: event.kind,
      at: this.#now().toISOString(),
      side: 'low',
      model: this.#options.model,
      actor: event.actor,
      ...(number === undefined ? {} : { number }),
      detail: { ...detail, ...(file === undefined ? {} : { file }), toldAt: event.at },
    })
  }

  async #take(item: LinkItem): Promise<void> {
    const known = await this.find(item.id)
    if (known && isFinal(known)) {
      // It asks about something that ended: it missed the answer.
      await this.#options.store.write((tx) => markTold(tx, item.id, ''))
      this.tell()
      return
    }
    const incoming = known ?? (await this.#progressFor(item))
    if (!incoming) return this.#noGate(item)
    if (!known) await this.passage.receive(incoming)
    this.#go(item.id, item.cancelRequested ? item.person : undefined)
  }

  /** A mail for a gate that the town does not declare any more: it stays sealed on the low side, and the log says so. */
  async #noGate({ id, number, mail }: LinkItem): Promise<void> {
    await this.#options.log.append(`${id}:no-gate`, {
      v: 1,
      kind: 'failed',
      at: this.#now().toISOString(),
      side: 'high',
      model: this.#options.model,
      actor: 'system',
      crossing: id,
      number,
      detail: { what: 'mail-no-gate', reason: 'MAIL-NO-GATE', recipients: mail?.recipients ?? [] },
    })
  }

  /** Who sends is looked up in our own list of people; the low side gives only an id. */
  async #progressFor(item: LinkItem): Promise<Progress | undefined> {
    const { town, route, store, mail } = this.#options
    const person = personOf(town, item.person)
    const zone = town.zones.find((one) => one.id === route.to)?.name ?? route.to
    const department = person ? departmentName(town, person) : ''
    let { number } = item
    for (let copy = 2; await numberTaken(store.db, number, item.id); copy += 1)
      number = `${item.number}-${copy}`
    if (item.mail) return mail?.way.progressFor(item, item.mail, number)
    return {
      crossing: {
        id: item.id,
        number,
        kind: 'file',
        from: route.from,
        to: route.to,
        sender: { id: item.person, name: person?.name ?? '', department },
        // What comes from the Internet has the lowest class until a person gives it another.
        level: '1',
        purpose: item.purpose,
        fileName: item.fileName,
        size: item.size,
        inputSha256: item.inputSha256,
        receivedAt: item.receivedAt,
        ...(item.outcome === 'flatten' ? { outcome: item.outcome } : {}),
        ...(item.again === '' ? {} : { again: item.again }),
      },
      destination: `${zone}／${department} ${person?.name ?? ''}（${item.person}）`,
      state: 'received',
      step: 'ask',
      rounds: 0,
    }
  }

  /** Takes one crossing as far as it goes, again and again until it is recorded. */
  #go(id: string, cancelledBy?: string): void {
    if (cancelledBy === undefined && this.#running.has(id)) return
    this.#running.add(id)
    const work = this.#persist(id, cancelledBy).finally(() => {
      this.#running.delete(id)
      this.#work.delete(work)
    })
    this.#work.add(work)
  }

  /** Waits outside of the slots: what cannot go on now keeps nobody else from going on. */
  async #persist(id: string, cancelledBy: string | undefined): Promise<void> {
    for (let wait = RETRY_FIRST_MS; !this.#stop.signal.aborted;) {
      try {
        await this.#slots(() => this.#advance(id, cancelledBy))
        return
      } catch (error) {
        this.#complain(error)
        await this.#pause(wait)
        wait = Math.min(wait * 2, RETRY_LAST_MS)
      }
    }
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stop.signal }).catch(() => undefined)
  }

  async #advance(id: string, cancelledBy: string | undefined): Promise<void> {
    if (cancelledBy !== undefined) await this.passage.cancel(id, cancelledBy)
    const progress = await this.find(id)
    if (!progress || isFinal(progress)) return
    const reason = this.#refusesSender(progress)
    await (reason ? this.passage.refuse(id, reason) : this.passage.pass(id))
  }

  /** What the low side may lie about, and this side knows better. */
  #refusesSender(progress: Progress): OwnReason | undefined {
    const { crossing } = progress
    if (crossing.mail) return this.#options.mail?.way.refuses(progress)
    const person = personOf(this.#options.town, crossing.sender.id)
    if (!person || !isActive(person, this.#now())) return 'SENDER-UNKNOWN'
    return crossing.size > this.#options.route.maxBytes ? 'SIZE-OVER-LIMIT' : undefined
  }

  #ports(): Ports {
    const { gate, judge, log, store, blobs, link, model, route, mail } = this.#options
    const way = ({ crossing }: Progress): MailWay | undefined =>
      crossing.mail ? mail?.way : undefined
    return {
      gate: mail
        ? {
            kind: gate.kind,
            facts: (progress, approved) =>
              (progress.crossing.mail ? mail.gate : gate).facts(progress, approved),
          }
        : gate,
      judge,
      model,
      clock: () => this.#now(),
      log: {
        append: (key, entry) => log.append(key, entry),
        read: async (index) => (await log.read(index)).entry,
      },
      async cure(progress, cure) {
        const { id, number } = progress.crossing
        const mails = way(progress)
        const { mail: facts, ...cured } = await link.disarm(id, mails?.wish(progress, cure))
        if (cured.report.verdict === 'refused') return cured
        if (cured.size > outputLimit(route.maxBytes))
          throw new SekishoError('WORKER_FAILED', 'more bytes than any output has')
        await blobs.put(await link.output(id, { ...cured }))
        if (!mails) return cured
        const certificate = await mails.told(progress, facts)
        return { ...cured, certificate, outputName: `${number}.eml` }
      },
      // A harmless text under the name of a program is not harmless: the ending is part of what is verified.
      verify: async (progress) => {
        const { cured } = progress
        const bytes = await blobs.get(cured?.sha256 ?? '')
        const mails = way(progress)
        return mails
          ? this.#options.verify(bytes, 'eml', { mail: await mails.expected(progress) })
          : this.#options.verify(bytes, endingOf(cured?.outputName ?? ''))
      },
      store: {
        load: (id) => this.find(id),
        save: async (progress) => {
          await way(progress)?.beforeSave(progress)
          await store.write((tx) => saveCrossing(tx, rowOf(progress, this.#now())))
          this.tell()
        },
      },
      deliver: async (progress) => {
        const mails = way(progress)
        if (mails) return mails.deliver(progress)
        const { crossing, cured, ending } = progress
        const at = ending?.at ?? this.#now().toISOString()
        await store.write((tx) =>
          insertDelivery(tx, {
            crossing: crossing.id,
            person: crossing.sender.id,
            sha256: cured?.sha256 ?? '',
            output_name: cured?.outputName ?? '',
            size: cured?.size ?? 0,
            delivered_at: at,
            until: new Date(Date.parse(at) + INBOX_DAYS * 86_400_000).toISOString(),
          }),
        )
      },
    }
  }

  async #tellAll(): Promise<void> {
    const { store, link } = this.#options
    for (;;) {
      const rows = await listUntold(store.db, BATCH)
      if (rows.length === 0) return
      for (const row of rows) {
        await link.show(row.id, stateOf(progressOf(row))).catch((error: unknown) => {
          // A spool that does not know it any more need not be told.
          if (!(error instanceof SekishoError) || error.code !== 'NOT_FOUND') throw error
        })
        await store.write((tx) => markTold(tx, row.id, `${row.state}/${row.step}`))
      }
    }
  }

  /** Deadlines, bytes that nobody needs any more, and what the low side has not been told. */
  async #sweep(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.#sweepOnce().catch((error: unknown) => {
        this.#complain(error)
      })
      await this.#pause(SWEEP_MS)
    }
  }

  async #sweepOnce(): Promise<void> {
    const { store, blobs } = this.#options
    this.tell()
    for (const row of await listHeld(store.db, 10_000)) {
      const { deadline } = progressOf(row)
      if (deadline !== undefined && Date.parse(deadline) <= this.#now().getTime()) this.#go(row.id)
    }
    for (const row of await listDisposable(store.db, this.#now().toISOString(), BATCH)) {
      const progress = progressOf(row)
      if (progress.state === 'delivered')
        await this.#note(progress, 'expired', 'changed', { what: 'delivery-expired' })
      const others = await store.write((tx) => releaseBlob(tx, row.id, row.blob))
      if (others === 0) await blobs.remove(row.blob)
    }
  }

  /** One more entry about a crossing, on disk when it resolves. */
  async #note(
    { crossing, cured }: Progress,
    key: string,
    kind: EvidenceKind,
    detail: Record<string, string>,
    actor = 'system',
  ): Promise<void> {
    await this.#options.log.append(`${crossing.id}:${key}`, {
      v: 1,
      kind,
      at: this.#now().toISOString(),
      side: 'high',
      model: this.#options.model,
      actor,
      crossing: crossing.id,
      number: crossing.number,
      detail: {
        file: crossing.fileName,
        person: crossing.sender.id,
        outputName: cured?.outputName ?? '',
        outputSha256: cured?.sha256 ?? '',
        ...detail,
      },
    })
  }

  /** Puts on record that a delivered file was taken; only then are the bytes handed out. */
  recordTaken(progress: Progress, actor: string, takenAt: string): Promise<void> {
    return this.#note(progress, `taken:${takenAt}`, 'taken', {}, actor)
  }

  #complain(error: unknown): void {
    if (this.#stop.signal.aborted) return
    const code = error instanceof SekishoError ? error.code : 'BUG'
    if (code === 'LINK_DOWN') return
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    process.stderr.write(`${this.#now().toISOString()} ${code} ${text}\n`)
  }

  #now(): Date {
    return this.#options.clock?.() ?? new Date()
  }
}

/** Sums of mails that were turned away at the door, counted with the cursor: each once. */
async function countTurnedAway(
  tx: Parameters<typeof addMailTurned>[0],
  events: readonly LinkEvent[],
): Promise<void> {
  for (const { at, detail } of events) {
    const count = Number(detail['count'])
    if (detail['what'] !== 'mail-turned-away' || !Number.isSafeInteger(count)) continue
    const reason = MAIL_REASONS.find((one) => one === detail['reason'])
    if (reason) await addMailTurned(tx, at.slice(0, 10), reason, Math.min(count, 1_000_000))
  }
}

/** Output may be larger than input, since it is packed anew, but not without bound. */
function outputLimit(maxBytes: number): number {
  return maxBytes * 2 + 16 * 1024 * 1024
}

/** The row a progress is kept in. */
export function rowOf(progress: Progress, now: Date): Omit<CrossingRow, 'told'> {
  const { crossing, approval, ending } = progress
  const decider = ending?.state === 'returned' ? ending.actor : approval?.approver.id
  return {
    id: crossing.id,
    number: crossing.number,
    person: crossing.sender.id,
    state: progress.state,
    step: progress.step,
    progress: JSON.stringify(progress),
    created_at: crossing.receivedAt,
    changed_at: now.toISOString(),
    blob: progress.cured?.sha256 ?? '',
    decided_by: decider ?? '',
  }
}

/** The progress in a row; written by {@link rowOf} alone. */
export function progressOf(row: Pick<CrossingRow, 'progress'>): Progress {
  const progress: Progress = JSON.parse(row.progress)
  return progress
}

/** Reasons that this side has before it asks the judge. */
const OWN_REASONS = [
  'SENDER-UNKNOWN',
  'SIZE-OVER-LIMIT',
  'MAIL-NO-READER',
  'MAIL-OVER-LIMIT',
] as const
type OwnReason = (typeof OWN_REASONS)[number]

/** What the giver is shown on the low side. */
function stateOf(progress: Progress): LinkState {
  const lines = problemOf(progress)
  return {
    state: progress.state,
    step: progress.step,
    removed: removalSentences(progress.cured?.report.removed ?? []),
    ...(lines ? { problem: lines } : {}),
  }
}

/** The four lines of a crossing that did not arrive. */
export function problemOf(progress: Progress): ReturnType<typeof fileProblem> {
  const reason = progress.ending?.reason
  const own = OWN_REASONS.find((one) => one === reason)
  if (!own) return progress.crossing.mail ? mailProblem(progress) : fileProblem(progress)
  const { fileName: file, number } = progress.crossing
  return problem(own, { file, number }, new Date(progress.ending?.at ?? 0))
}

/** Lets at most `count` pieces of work run at once; the others wait in order. */
function slots(count: number): (work: () => Promise<void>) => Promise<void> {
  let free = count
  const waiting: (() => void)[] = []
  return async (work) => {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free += 1
    }
  }
}
