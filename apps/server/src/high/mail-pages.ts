/**
 * メール: what came by mail for me and my section, what became of each part, and the files that wait outside.
 */
import { createHash } from 'node:crypto'
import { SekishoError } from '@sekisho/core'
import type { Person, Town } from '@sekisho/core'
import type { Log } from '@sekisho/evidence'
import {
  FATE_WORDS,
  authenticitySentences,
  certificateNumber,
  MAIL_OUT_WORDS,
  kindWords,
  partKey,
  willSentence,
} from '@sekisho/gates/mail'
import type { Certificate, MailFacts, PickUpFacts } from '@sekisho/gates/mail'
import { readRebuilt } from '@sekisho/gates/mail/verify'
import type { ReadMail } from '@sekisho/gates/mail/verify'
import type { Progress } from '@sekisho/passage'
import {
  findCrossing,
  findMailFor,
  findPickUp,
  insertPickUp,
  listMailsFor,
  listPickUps,
  searchKey,
} from '@sekisho/store'
import type { Blobs, HighTables, MailRow as StoredMail, PickUpRow, Store } from '@sekisho/store'
import type { MailCertificate, MailPage, MailPickUp, MailRow, NewPickUp } from '../api.ts'
import { readBody, refuse } from '../host/web.ts'
import type { Web, WebContext } from '../host/web.ts'
import type { LinkClient } from '../link/client.ts'
import { PART_KEY, readAuthenticity } from '../link/mail-messages.ts'
import type { PickUpBegun } from '../link/mail-messages.ts'
import { shape, text } from '../shape.ts'
import { problemOf, progressOf } from './crossings.ts'
import { factsIn, filesUntil } from './mail-way.ts'
import type { MailDelivery } from './mail-way.ts'

const PAGE = 50
/** Longest text of a page, UTF-16 units: what a person reads. */
const TEXT_MAX = 500_000
const MEMBERS_MAX = 100

export interface MailPagesOptions {
  readonly town: Town
  readonly model: string
  readonly store: Store<HighTables>
  readonly blobs: Blobs
  readonly log: Pick<Log, 'append'>
  readonly link: Pick<LinkClient, 'pickUp'>
  /** Days for which the files of a mail wait on the other side. */
  readonly originalDays: number
}

const newPickUp = shape<NewPickUp>(
  {
    idempotencyKey: text(64, /^[A-Za-z0-9_-]{8,64}$/u),
    password: text(255, /^[^\u0000]+$/u),
  },
  ['password'],
)

export function addMails(app: Web, options: MailPagesOptions): void {
  app.get('/api/mails', async (context) => {
    const { db } = options.store
    const find = searchKey((context.req.query('q') ?? '').slice(0, 200).trim())
    const after = (context.req.query('after') ?? '').slice(0, 64)
    const readers = readersFor(context.get('who').person)
    const rows = await listMailsFor(db, { readers, find, after }, PAGE + 1)
    const mails = await Promise.all(rows.slice(0, PAGE).map((row) => rowOf(options.store, row)))
    const next = rows.length > PAGE ? mails.at(-1)?.id : undefined
    return context.json({ mails, ...(next === undefined ? {} : { next }) })
  })
  app.get('/api/mails/:id', async (context) => {
    const row = await ownMail(context, options)
    return row
      ? context.json(await pageOf(options, row, context.get('who').person))
      : refuse(context, 404, 'NOT-FOUND')
  })
  app.post('/api/mails/:id/pick-ups/:part', (context) => askFor(context, options))
}

/** A mail of others does not exist. */
async function ownMail(
  context: WebContext,
  { store }: MailPagesOptions,
): Promise<StoredMail | undefined> {
  const name = context.req.param('id') ?? ''
  if (!/^[A-Za-z0-9-]{1,40}$/u.test(name)) return undefined
  return findMailFor(store.db, name, readersFor(context.get('who').person))
}

function readersFor({ id, department }: Person): readonly string[] {
  return [`person:${id}`, `department:${department}`]
}

/** One line of a list. */
export async function rowOf(store: Store<HighTables>, row: StoredMail): Promise<MailRow> {
  const crossing = await findCrossing(store.db, row.id)
  const deliveries = deliveriesIn(row)
  const { id, number, subject, sender, received_at, undelivered } = row
  const sent = deliveries.length > 0 && deliveries.every(({ state }) => state === 'sent')
  return {
    id,
    number,
    subject,
    from: sender,
    receivedAt: received_at,
    state: crossing ? progressOf(crossing).state : 'received',
    pickUps: factsIn(row.facts)?.pickUps.length ?? 0,
    delivery: undelivered === 1 ? 'undelivered' : sent ? 'sent' : 'waiting',
  }
}

/** Written by this side alone. */
function deliveriesIn({ deliveries }: Pick<StoredMail, 'deliveries'>): readonly MailDelivery[] {
  return JSON.parse(deliveries) as readonly MailDelivery[]
}

async function pageOf(
  options: MailPagesOptions,
  row: StoredMail,
  reader: Person,
): Promise<MailPage> {
  const { store } = options
  const crossing = await findCrossing(store.db, row.id)
  const progress = crossing && progressOf(crossing)
  const facts = factsIn(row.facts)
  const until = filesUntil(row, options.originalDays)
  const read = crossing && (await textOf(options, progressOf(crossing), crossing.blob))
  const lines = progress && problemOf(progress)
  const authenticity = readAuthenticity(progress?.crossing.mail?.authenticity)
  return {
    ...(await rowOf(store, row)),
    to: progress?.crossing.mail?.recipients.map(({ address }) => address) ?? [],
    date: read?.date ?? '',
    cc: read?.cc ?? '',
    ...(read ? { text: read.text.slice(0, TEXT_MAX).toWellFormed() } : {}),
    ...(read && row.until !== '' ? { textUntil: row.until } : {}),
    deliveries: deliveriesIn(row).map(({ address, state, reason, at }) => ({
      address,
      state: STATES.find((one) => one === state) ?? 'waiting',
      at,
      why: MAIL_OUT_WORDS.has(reason) ? MAIL_OUT_WORDS.of(reason).what : '',
    })),
    ...(facts ? { certificate: certificateOf(facts.certificate) } : {}),
    pickUpList: facts ? await pickUpsOf(options, row.id, facts, reader) : [],
    ...(until === undefined || (facts?.pickUps ?? []).length === 0 ? {} : { pickUpUntil: until }),
    authenticity: authenticity ? authenticitySentences(authenticity) : [],
    ...(lines ? { problem: lines } : {}),
  }
}

const STATES = ['waiting', 'sent', 'failed', 'expired', 'recalled'] as const

/** Only of what was let through: the verifier has read exactly these bytes. */
async function textOf(
  { blobs }: MailPagesOptions,
  { state, verified, cured }: Progress,
  blob: string,
): Promise<ReadMail | undefined> {
  if (state !== 'delivered' || !verified?.clean || !cured || blob === '') return undefined
  return readRebuilt(await blobs.get(cured.sha256))
}

function certificateOf(certificate: Certificate): MailCertificate {
  const { original, headers, hiddenPlaces, flattened, parts } = certificate
  return {
    number: certificateNumber(certificate),
    originalSha256: original.sha256,
    originalBytes: original.bytes,
    fieldsKept: headers.kept,
    fieldsLeftOut: headers.leftOut,
    contradicted: headers.contradicted,
    hiddenPlaces,
    flattened: flattened.length > 0,
    parts: parts.map(({ part, type, name, bytes, sha256, fate, reason = '' }) => ({
      part,
      type,
      name,
      bytes,
      sha256,
      fate: FATE_WORDS[fate],
      reason,
    })),
  }
}

async function pickUpsOf(
  options: MailPagesOptions,
  mail: string,
  { pickUps }: MailFacts,
  reader: Person,
): Promise<readonly MailPickUp[]> {
  const asked = await listPickUps(options.store.db, mail)
  return Promise.all(pickUps.map((entry) => pickUpOf(options, entry, asked, reader)))
}

async function pickUpOf(
  options: MailPagesOptions,
  entry: PickUpFacts,
  asked: readonly PickUpRow[],
  reader: Person,
): Promise<MailPickUp> {
  const { part, name, kind, bytes, members, inline, will } = entry
  const own = asked.filter((one) => one.part === part)
  return {
    part: partKey(part),
    name,
    kind: kindWords(kind, name),
    bytes,
    members: members.slice(0, MEMBERS_MAX),
    inline,
    will,
    sentence: willSentence(entry),
    asked: await Promise.all(own.map((one) => askedOf(options, one, reader))),
  }
}

async function askedOf(
  { town, store }: MailPagesOptions,
  { person, asked_at, crossing }: PickUpRow,
  reader: Person,
): Promise<MailPickUp['asked'][number]> {
  const row = crossing === '' ? undefined : await findCrossing(store.db, crossing)
  const progress = row && progressOf(row)
  const lines = progress && problemOf(progress)
  return {
    person: town.people.find(({ id }) => id === person)?.name ?? person,
    mine: person === reader.id,
    at: asked_at,
    state: progress?.state ?? 'received',
    number: row?.number ?? '',
    ...(lines ? { problem: lines } : {}),
  }
}

// --- asking for a file

async function askFor(context: WebContext, options: MailPagesOptions): Promise<Response> {
  const row = await ownMail(context, options)
  const place = context.req.param('part') ?? ''
  const facts = row && factsIn(row.facts)
  const entry = PART_KEY.test(place)
    ? facts?.pickUps.find(({ part }) => partKey(part) === place)
    : undefined
  if (!row || !facts || !entry) return refuse(context, 404, 'NOT-FOUND')
  const wanted = await readBody(context, newPickUp)
  if (!wanted) return refuse(context, 400, 'BODY-INVALID')
  const fill = { file: entry.name, number: row.number }
  if (entry.will === 'refused') return refuse(context, 409, 'PICK-UP-REFUSED', fill)
  const until = filesUntil(row, options.originalDays)
  if (until !== undefined && until <= new Date().toISOString())
    return refuse(context, 410, 'PICK-UP-GONE', fill)
  if (entry.bytes === 0) return refuse(context, 409, 'FILE-EMPTY', fill)
  if (entry.will === 'password' && wanted.password === undefined)
    return refuse(context, 400, 'PICK-UP-PASSWORD', fill)
  const { person } = context.get('who')
  try {
    await begin(options, row, entry, person, wanted)
  } catch (error) {
    const code = error instanceof SekishoError ? error.code : ''
    if (code === 'NOT_FOUND') return refuse(context, 410, 'PICK-UP-GONE', fill)
    if (code === 'LINK_DOWN') return refuse(context, 503, 'PICK-UP-LATER', fill)
    throw error
  }
  const asked = await listPickUps(options.store.db, row.id)
  return context.json(await pickUpOf(options, entry, asked, person))
}

/** On record first; then the other side begins an ordinary transfer in the name of the person. The password is in nothing that is written here. */
async function begin(
  { store, log, link, model }: MailPagesOptions,
  row: StoredMail,
  { part, name }: PickUpFacts,
  { id: person }: Person,
  { idempotencyKey, password }: NewPickUp,
): Promise<void> {
  const key = createHash('sha256')
    .update([person, row.id, part, idempotencyKey].join(' '))
    .digest('hex')
  const known = await findPickUp(store.db, key)
  if (known && known.crossing !== '') return
  const asked_at = known?.asked_at ?? new Date().toISOString()
  await log.append(`pick-up:${key}`, {
    v: 1,
    kind: 'changed',
    at: asked_at,
    side: 'high',
    model,
    actor: person,
    crossing: row.id,
    number: row.number,
    detail: { what: 'mail-pick-up', file: name, part, password: password !== undefined },
  })
  const begun: PickUpBegun = await link.pickUp(row.id, {
    key,
    part,
    person,
    purpose: `メールの添付（${row.number}）`,
    ...(password === undefined ? {} : { password }),
  })
  const pickUp = { key, mail: row.id, part, person, crossing: begun.id, asked_at }
  await store.write((tx) => insertPickUp(tx, pickUp))
}
