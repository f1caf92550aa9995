/**
 * Mail on its way out, at work: takes what was handed in, brings each part of it through the passage, and gives what was recorded to who carries it on.
 * After a crash it goes on from what is on disk.
 */
import { SekishoError } from '@sekisho/core'
import type { Answer, CleanVerdict, DisarmProfile, Question, Town } from '@sekisho/core'
import { RULESET_VERSION } from '@sekisho/disarm'
import type { Log } from '@sekisho/evidence'
import { insideGate, outwardGate } from '@sekisho/gates/mail'
import type {
  CleanedFile,
  MailQueue,
  OutwardRoute,
  OwnLetterFrom,
  Spool,
  SpooledMail,
} from '@sekisho/gates/mail'
import { createPassage } from '@sekisho/passage'
import type {
  Cured,
  Decided,
  DecisionInput,
  Approver,
  Passage,
  Ports,
  Progress,
} from '@sekisho/passage'
import {
  findCrossing,
  listOpenCrossings,
  listEnded,
  listNotTold,
  markTold,
  nextCount,
  readMeta,
  saveCrossing,
  writeMeta,
} from '@sekisho/store'
import type { Blobs, CrossingRow, HighTables, Store } from '@sekisho/store'
import { todayInJapan } from '@sekisho/town'
import { oneAtATime } from '../host/one-at-a-time.ts'
import { progressOf, rowOf } from './crossings.ts'
import { copyOf, noticeOf, supervisorsOf } from './outward-own-letters.ts'
import { partsOf } from './outward-letters.ts'
import { OutwardOutbox, isLinkDown } from './outward-outbox.ts'
import type { OutwardRecord, Zones } from './outward-letters.ts'
import type { MailFileBytes, ReadingBox } from '../host/reading-box.ts'

/** A mail that was recorded as delivered, for the internet side to carry on. */
export interface LeavingForInternet {
  /** Of the crossing: handing it over again changes nothing. */
  readonly id: string
  readonly from: string
  readonly recipients: readonly string[]
  readonly sha256: string
  readonly bytes: Uint8Array
}

export interface OutwardMailsOptions {
  readonly town: Town
  readonly route: OutwardRoute
  readonly zones: Zones
  readonly model: string
  readonly judge: { ask(question: Question): Answer }
  readonly log: Log
  /** A store of its own: mails are no files, and nobody on the low side is told of them. */
  readonly store: Store<HighTables>
  readonly blobs: Blobs
  readonly spool: Spool
  /** To the town's own mail server, and to other governments: never a queue that leads to the internet. */
  readonly inside: Readonly<Record<'own' | 'lgwan', Pick<MailQueue, 'submit'>>>
  /** Cleans one file, where the disarmer works. */
  readonly clean: (file: MailFileBytes) => Promise<CleanedFile>
  /** Where mails are read. */
  readonly box: Pick<ReadingBox, 'read'>
  readonly profile: DisarmProfile
  /**
   * Gives a mail to the internet side. Durable there when it resolves, and once however often it is asked.
   *
   * @throws SekishoError LINK_DOWN; it is tried again
   */
  readonly hand: (mail: LeavingForInternet) => Promise<void>
  readonly copyToSupervisor: boolean
  readonly ownLetters: OwnLetterFrom
  readonly clock: () => Date
}

/** More than this is only said to be that many. */
const COUNTED = 10_000
/** What stands in `told` of a row whose end was carried on. */
const CARRIED = 'carried'
/** … and when its bytes are gone; the row stays for its page. */
const PRUNED = 'pruned'
/** Days for which the bytes of a mail that was carried on are kept. */
export const BYTES_DAYS = 30

export class OutwardMails {
  readonly #options: OutwardMailsOptions
  readonly #records = new Map<string, OutwardRecord>()
  readonly #outside: Passage
  readonly #inside: Passage
  readonly #taking = oneAtATime()
  readonly #outbox: OutwardOutbox

  constructor(options: OutwardMailsOptions) {
    this.#options = options
    const gate = {
      route: options.route,
      fromZone: 'lgwan',
      toZone: 'internet',
      read: (id: string) => this.#record(id).outgoing,
    } as const
    this.#outside = createPassage(this.#ports(outwardGate(gate)))
    this.#inside = createPassage(this.#ports(insideGate(gate)))
    this.#outbox = new OutwardOutbox({
      store: options.store,
      carryOn: async (row) => {
        await this.#carryOn(progressOf(row))
        this.#records.delete(row.id)
      },
      needsLink: async ({ id, state }) =>
        state === 'delivered' && (await this.#load(id)).direction === 'internet',
      carried: CARRIED,
    })
  }

  /** Everything that can be done now: new mails, windows that are over, deadlines, what waits to be carried on. Never two at once. */
  run(): Promise<void> {
    return this.#taking('run', async () => {
      for (const id of this.#options.spool.ids()) await this.#attempt(() => this.#take(id))
      const now = this.#options.clock().getTime()
      const open = await listOpenCrossings(this.#options.store.db)
      for (const { id } of open.filter((row) => isDue(progressOf(row), now)))
        await this.#attempt(() => this.#pass(id))
      await this.#attempt(() => this.handOver())
    })
  }

  async find(id: string): Promise<{ progress: Progress; record: OutwardRecord } | undefined> {
    const row = await findCrossing(this.#options.store.db, id)
    return row && { progress: progressOf(row), record: await this.#read(id) }
  }

  /** The sender takes it back. `cancelled` when it had not left; any other state is the outcome that stands. */
  async recall(id: string, person: string): Promise<Progress> {
    const record = await this.#load(id)
    const progress = await this.#passage(record).cancel(id, person)
    await this.#attempt(() => this.handOver())
    return progress
  }

  async decide(id: string, approver: Approver, input: DecisionInput): Promise<Decided> {
    const record = await this.#load(id)
    const decided = await this.#passage(record).decide(id, approver, input)
    // What was decided stands, whether or not it can be carried on at once.
    await this.#attempt(() => this.handOver())
    return decided
  }

  /** What ended is carried on, or its sender is told. */
  handOver(): Promise<void> {
    return this.#outbox.empty()
  }

  /**
   * Lets go of the bytes of mails that were carried on {@link BYTES_DAYS} days ago. How each ended is in the log before it is carried on. In turn with
   * `run`: what is just being taken in may have the same bytes.
   *
   * @returns how many mails have no bytes any more
   */
  prune(): Promise<number> {
    return this.#taking('run', async () => {
      const { store, blobs, clock } = this.#options
      const before = new Date(clock().getTime() - BYTES_DAYS * 86_400_000).toISOString()
      const rows = await listNotTold(store.db, PRUNED)
      const old = rows.filter((row) => row.told === CARRIED && row.changed_at < before)
      const kept = new Set(rows.filter((row) => !old.includes(row)).flatMap(bytesIn))
      for (const row of old) {
        // First the bytes: a crash in between only removes them twice.
        for (const sha256 of bytesIn(row)) if (!kept.has(sha256)) await blobs.remove(sha256)
        await store.write((tx) => markTold(tx, row.id, PRUNED))
      }
      return old.length
    })
  }

  /** How many ended and were not carried on yet. */
  async toCarryOn(): Promise<number> {
    return (await listEnded(this.#options.store.db, COUNTED)).length
  }

  // --- what was handed in

  async #take(id: string): Promise<void> {
    const { spool, blobs, town, zones } = this.#options
    const about = await spool.about(id)
    const bytes = await bytesOf(spool, id)
    const { outgoing } = await this.#examine(about, bytes)
    const number = await this.#numberOf(id)
    if (!outgoing.ok) {
      await this.#notSent(about, number, outgoing.reason)
    } else {
      await blobs.put(bytes)
      const { size, sha256, receivedAt } = about
      const { from } = about.envelope
      const mail = { family: id, number, from, outgoing, size, sha256, receivedAt }
      for (const { record, progress } of partsOf(mail, town, zones)) {
        await this.#keep(progress.crossing.id, record)
        await this.#passage(record).receive(await this.#prepared(progress, record, bytes))
      }
    }
    // Only now: everything it became is on disk.
    await spool.remove(id)
  }

  #examine(
    { envelope }: SpooledMail,
    bytes: Uint8Array,
  ): Promise<Extract<Awaited<ReturnType<ReadingBox['read']>>, { kind: 'examined' }>> {
    const { town, route, clock } = this.#options
    const { senders: _, ...plain } = route
    const { people, departments } = town
    const submitted = { from: envelope.from, recipients: envelope.recipients, bytes }
    const today = todayInJapan(clock())
    return this.#options.box.read(
      { kind: 'examine', submitted, route: plain, people, departments, today },
      'examined',
    )
  }

  /** What is for those inside is written down as it will be delivered; the rest waits for the gate's cures. */
  async #prepared(
    progress: Progress,
    { direction }: OutwardRecord,
    bytes: Uint8Array,
  ): Promise<Progress> {
    if (direction === 'internet') return progress
    const domain = this.#options.route.ownDomains[0] ?? this.#options.ownLetters.host
    const copy = await this.#options.box.read({ kind: 'inside', bytes, domain }, 'inside')
    if (!copy.bytes) throw new SekishoError('WORKER_FAILED', 'a mail that was read before')
    const sha256 = await this.#options.blobs.put(copy.bytes)
    const cured: Cured = { report: UNCHANGED, sha256, size: copy.bytes.length, outputName: NAME }
    return { ...progress, cured }
  }

  /** Refused before it is a crossing: nobody of the town is known to have sent it. On record, and told to the address if it is ours. */
  async #notSent(about: SpooledMail, number: string, reason: string): Promise<void> {
    const { log, model, clock, inside, route, ownLetters } = this.#options
    const { id, envelope, peer, sha256, size } = about
    const now = clock()
    await log.append(`${id}:not-sent`, {
      v: 1,
      kind: 'refused',
      at: now.toISOString(),
      side: 'high',
      model,
      actor: 'system',
      number,
      detail: {
        reason,
        from: envelope.from.slice(0, 320),
        recipients: envelope.recipients.length,
        peer: peer.address,
        sha256,
        size,
      },
    })
    const box = route.senders.find(envelope.from, todayInJapan(now))
    if (box)
      await inside.own.submit(
        noticeOf({ id, number, to: box.address, subject: '', reason, from: ownLetters, now }),
      )
  }

  /** A number per mail handed in, the same after a crash. */
  #numberOf(family: string): Promise<string> {
    return this.#options.store.write(async (tx) => {
      const known = await readMeta(tx, `number:${family}`)
      if (known !== undefined) return known
      const number = `M-${await nextCount(tx, 'outward-number', 1001)}`
      await writeMeta(tx, `number:${family}`, number)
      return number
    })
  }

  // --- the passage

  async #pass(id: string): Promise<void> {
    const record = await this.#load(id)
    await this.#passage(record).pass(id)
  }

  #passage({ direction }: OutwardRecord): Passage {
    return direction === 'internet' ? this.#outside : this.#inside
  }

  #ports(gate: Ports['gate']): Ports {
    const { judge, model, clock, log, store, blobs } = this.#options
    return {
      gate,
      judge,
      model,
      clock,
      log: {
        append: (key, entry) => log.append(key, entry),
        read: async (index) => (await log.read(index)).entry,
      },
      cure: (progress) => this.#cure(progress),
      verify: (progress) => this.#verify(progress),
      store: {
        load: async (id) => {
          const row = await findCrossing(store.db, id)
          return row && progressOf(row)
        },
        save: (progress) => store.write((tx) => saveCrossing(tx, rowOf(progress, clock()))),
      },
      // The row that says so is saved after this, and is the outbox: `handOver` reads it. The bytes are on disk since they were made.
      deliver: async ({ cured }) => {
        if (!(await blobs.has(cured?.sha256 ?? '')))
          throw new SekishoError('STORE_CORRUPT', 'the bytes of a recorded mail')
      },
    }
  }

  async #cure({ crossing }: Progress): Promise<Cured> {
    const { blobs, clean, profile, route, ownLetters } = this.#options
    const bytes = await blobs.get(crossing.inputSha256)
    const files = await this.#filesOf(crossing.id, bytes)
    const cleaned = new Map<string, CleanedFile>()
    for (const file of files)
      if (!cleaned.has(file.sha256))
        cleaned.set(file.sha256, file.locked ? { result: 'locked' } : await clean(file))
    const options = { files: [...cleaned], profile, domain: route.ownDomains[0] ?? ownLetters.host }
    const { rewritten } = await this.#options.box.read(
      { kind: 'rewrite', bytes, options },
      'rewritten',
    )
    const { report } = rewritten
    const base = { report, ruleset: RULESET_VERSION }
    if (!rewritten.ok) return { ...base, sha256: '', size: 0, outputName: '' }
    const sha256 = await blobs.put(rewritten.bytes)
    return { ...base, sha256, size: rewritten.bytes.length, outputName: NAME }
  }

  async #filesOf(id: string, bytes: Uint8Array): Promise<readonly MailFileBytes[]> {
    if (this.#record(id).outgoing.files.length === 0) return []
    return (await this.#options.box.read({ kind: 'files', bytes }, 'files')).files
  }

  async #verify({ crossing, cured }: Progress): Promise<CleanVerdict> {
    const { outgoing } = this.#record(crossing.id)
    const bytes = await this.#options.blobs.get(cured?.sha256 ?? '')
    const locked = outgoing.files.filter((file) => file.locked).map(({ sha256 }) => sha256)
    const leaving = { locked, sender: outgoing.sender.address }
    return (await this.#options.box.read({ kind: 'verify', bytes, leaving }, 'verified')).verdict
  }

  // --- what ended

  async #carryOn(progress: Progress): Promise<void> {
    const record = await this.#load(progress.crossing.id)
    if (progress.state === 'delivered') return this.#send(progress, record)
    if (progress.state === 'cancelled') return
    const { inside, ownLetters, clock } = this.#options
    const { id, number, purpose } = progress.crossing
    await inside.own.submit(
      noticeOf({
        id,
        number,
        to: record.outgoing.sender.address,
        subject: purpose,
        progress,
        from: ownLetters,
        now: clock(),
      }),
    )
  }

  async #send(progress: Progress, record: OutwardRecord): Promise<void> {
    const { inside, hand, blobs, copyToSupervisor, town, ownLetters, clock } = this.#options
    const { crossing, cured } = progress
    const { id } = crossing
    const { from, recipients } = record
    const bytes = await blobs.get(cured?.sha256 ?? '')
    if (record.direction !== 'internet') {
      await accepted(
        inside[record.direction].submit({ id, sender: from, recipients, bytes, telling: 'sender' }),
      )
      return
    }
    await hand({ id, from, recipients, sha256: cured?.sha256 ?? '', bytes })
    const to = copyToSupervisor ? supervisorsOf(town, crossing.sender, clock()) : []
    if (to.length > 0)
      await accepted(
        inside.own.submit(copyOf({ progress, record, to, bytes, from: ownLetters, now: clock() })),
      )
  }

  // --- what is kept beside a progress

  async #keep(id: string, record: OutwardRecord): Promise<void> {
    this.#records.set(id, record)
    await this.#options.store.write((tx) => writeMeta(tx, `mail:${id}`, JSON.stringify(record)))
  }

  async #load(id: string): Promise<OutwardRecord> {
    const known = this.#records.get(id)
    if (known) return known
    const record = await this.#read(id)
    this.#records.set(id, record)
    return record
  }

  async #read(id: string): Promise<OutwardRecord> {
    const text = await readMeta(this.#options.store.db, `mail:${id}`)
    if (text === undefined) throw new SekishoError('NOT_FOUND', `mail ${id}`)
    const record: OutwardRecord = JSON.parse(text)
    return record
  }

  #record(id: string): OutwardRecord {
    const record = this.#records.get(id)
    if (!record) throw new SekishoError('BUG', 'a mail that was not loaded')
    return record
  }

  /** One mail that cannot go on now keeps none of the others; it is tried again. */
  async #attempt(work: () => Promise<void>): Promise<void> {
    await work().catch((error: unknown) => {
      if (isLinkDown(error)) return
      const code = error instanceof SekishoError ? error.code : 'BUG'
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
      process.stderr.write(`${this.#options.clock().toISOString()} ${code} ${text}\n`)
    })
  }
}

/** Digests of what is kept of a mail: as it was handed in, and as it leaves. */
function bytesIn(row: Pick<CrossingRow, 'progress'>): readonly string[] {
  const { crossing, cured } = progressOf(row)
  return [crossing.inputSha256, cured?.sha256 ?? ''].filter((one) => one !== '')
}

/** What waits for a person or for its window is left alone until time has changed something. */
function isDue({ state, approval, deadline, notBefore }: Progress, now: number): boolean {
  if (state === 'held' && !approval) return Date.parse(deadline ?? '') <= now
  return notBefore === undefined || Date.parse(notBefore) <= now
}

async function bytesOf(spool: Spool, id: string): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of spool.message(id)) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** What the queue does not take was ours to write right. */
async function accepted(submitting: ReturnType<MailQueue['submit']>): Promise<void> {
  const submitted = await submitting
  if (!submitted.ok) throw new SekishoError('BUG', `the queue: ${submitted.refused.reason}`)
}

/** Name of a mail as a file. */
const NAME = 'mail.eml'

/** Nothing was looked for in what stays inside. */
const UNCHANGED = {
  type: 'eml',
  outputType: 'eml',
  verdict: 'confirmed-absent',
  removed: [],
  kept: [],
} as const
