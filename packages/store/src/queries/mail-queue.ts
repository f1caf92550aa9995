import type { Kysely, Selectable } from 'kysely'
import type {
  MailDeliveryTable,
  MailMessageTable,
  MailRecipientTable,
  MailTables,
} from '../tables.ts'

export type MailMessageRow = Selectable<MailMessageTable>
export type MailDeliveryRow = Selectable<MailDeliveryTable>
export type MailRecipientRow = Selectable<MailRecipientTable>

export function findMail(db: Kysely<MailTables>, id: string): Promise<MailMessageRow | undefined> {
  return db.selectFrom('mail_message').selectAll().where('id', '=', id).executeTakeFirst()
}

/** A message, its deliveries and their recipients: all of it, or a conflict when the id is there already. */
export async function insertMail(
  tx: Kysely<MailTables>,
  message: MailMessageRow,
  deliveries: readonly MailDeliveryRow[],
  recipients: readonly MailRecipientRow[],
): Promise<void> {
  await tx.insertInto('mail_message').values(message).execute()
  for (const delivery of deliveries) await tx.insertInto('mail_delivery').values(delivery).execute()
  for (const recipient of recipients)
    await tx.insertInto('mail_recipient').values(recipient).execute()
}

/** What may leave to this next hop by now, longest waiting first. */
export function listMailDue(
  db: Kysely<MailTables>,
  hop: string,
  now: string,
  limit: number,
): Promise<MailDeliveryRow[]> {
  return db
    .selectFrom('mail_delivery')
    .selectAll()
    .where('state', '=', 'waiting')
    .where('hop', '=', hop)
    .where('next_at', '<=', now)
    .orderBy('next_at')
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** The next instant at which anything that still waits for this next hop is due. */
export async function nextMailDue(
  db: Kysely<MailTables>,
  hop: string,
): Promise<string | undefined> {
  const row = await db
    .selectFrom('mail_delivery')
    .select('next_at')
    .where('state', '=', 'waiting')
    .where('hop', '=', hop)
    .orderBy('next_at')
    .executeTakeFirst()
  return row?.next_at
}

/** What still waits although its time is over. */
export function listMailExpired(
  db: Kysely<MailTables>,
  now: string,
  limit: number,
): Promise<MailDeliveryRow[]> {
  return db
    .selectFrom('mail_delivery')
    .innerJoin('mail_message', 'mail_message.id', 'mail_delivery.message')
    .selectAll('mail_delivery')
    .where('mail_delivery.state', '=', 'waiting')
    .where('mail_message.expires_at', '<=', now)
    .limit(limit)
    .execute()
}

export function findMailDelivery(
  db: Kysely<MailTables>,
  id: string,
): Promise<MailDeliveryRow | undefined> {
  return db.selectFrom('mail_delivery').selectAll().where('id', '=', id).executeTakeFirst()
}

export function listMailDeliveries(
  db: Kysely<MailTables>,
  message: string,
): Promise<MailDeliveryRow[]> {
  return db
    .selectFrom('mail_delivery')
    .selectAll()
    .where('message', '=', message)
    .orderBy('id')
    .execute()
}

export function listMailRecipients(
  db: Kysely<MailTables>,
  delivery: string,
): Promise<MailRecipientRow[]> {
  return db
    .selectFrom('mail_recipient')
    .selectAll()
    .where('delivery', '=', delivery)
    .orderBy('address')
    .execute()
}

/**
 * Notes that the last byte of an attempt is about to leave. From here on the message may have been delivered.
 *
 * @returns false when the delivery no longer waits, e.g. was recalled: then that byte must not leave.
 */
export async function markMailLeaving(tx: Kysely<MailTables>, id: string): Promise<boolean> {
  const result = await tx
    .updateTable('mail_delivery')
    .set((expression) => ({ unanswered: expression('unanswered', '+', 1) }))
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .executeTakeFirst()
  return Number(result.numUpdatedRows) === 1
}

/** Writes the result of an attempt. */
export async function updateMailDelivery(
  tx: Kysely<MailTables>,
  id: string,
  change: Partial<Omit<MailDeliveryRow, 'id' | 'message' | 'hop'>>,
): Promise<void> {
  await tx.updateTable('mail_delivery').set(change).where('id', '=', id).execute()
}

/** Writes the end of one recipient. */
export async function settleMailRecipient(
  tx: Kysely<MailTables>,
  { delivery, address, ...change }: MailRecipientRow,
): Promise<void> {
  await tx
    .updateTable('mail_recipient')
    .set(change)
    .where('delivery', '=', delivery)
    .where('address', '=', address)
    .execute()
}

/** Messages of which nothing waits any more and whose bytes are still kept. */
export function listMailFinished(
  db: Kysely<MailTables>,
  limit: number,
): Promise<{ id: string; sha256: string }[]> {
  return db
    .selectFrom('mail_message')
    .select(['id', 'sha256'])
    .where('kept', '=', 1)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('mail_delivery')
            .select('mail_delivery.id')
            .whereRef('mail_delivery.message', '=', 'mail_message.id')
            .where('mail_delivery.state', '=', 'waiting'),
        ),
      ),
    )
    .limit(limit)
    .execute()
}

/** How many messages need these bytes. */
export async function countMailKeeping(db: Kysely<MailTables>, sha256: string): Promise<number> {
  const row = await db
    .selectFrom('mail_message')
    .select((select) => select.fn.countAll<number | string>().as('count'))
    .where('sha256', '=', sha256)
    .where('kept', '=', 1)
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** The bytes of this message are not needed any more. */
export async function releaseMail(tx: Kysely<MailTables>, id: string): Promise<void> {
  await tx.updateTable('mail_message').set({ kept: 0 }).where('id', '=', id).execute()
}

/**
 * Forgets messages that ended before `before` and whose bytes are gone. None while an outcome waits to be put into the log: a row is the only thing that
 * could still say what became of the mail.
 *
 * @returns how many were forgotten
 */
export async function pruneMail(
  tx: Kysely<MailTables>,
  before: string,
  limit: number,
): Promise<number> {
  const untold = await tx.selectFrom('outbox').select('seq').limit(1).executeTakeFirst()
  if (untold) return 0
  const old = await tx
    .selectFrom('mail_message')
    .select('id')
    .where('kept', '=', 0)
    .where('created_at', '<', before)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('mail_delivery')
            .select('mail_delivery.id')
            .whereRef('mail_delivery.message', '=', 'mail_message.id')
            .where((delivery) =>
              delivery.or([
                delivery('mail_delivery.state', '=', 'waiting'),
                delivery('mail_delivery.last_at', '>=', before),
              ]),
            ),
        ),
      ),
    )
    .limit(limit)
    .execute()
  for (const { id } of old) {
    const deliveries = await listMailDeliveries(tx, id)
    for (const delivery of deliveries)
      await tx.deleteFrom('mail_recipient').where('delivery', '=', delivery.id).execute()
    await tx.deleteFrom('mail_delivery').where('message', '=', id).execute()
    await tx.deleteFrom('mail_message').where('id', '=', id).execute()
  }
  return old.length
}

/** What waits, per next hop: how many, since when, and how many of them can still be recalled. */
export async function countMailWaiting(
  db: Kysely<MailTables>,
  now: string,
): Promise<{ hop: string; waiting: number; held: number; oldest: string }[]> {
  const rows = await db
    .selectFrom('mail_delivery')
    .innerJoin('mail_message', 'mail_message.id', 'mail_delivery.message')
    .select((select) => [
      'mail_delivery.hop as hop',
      select.fn.countAll<number | string>().as('waiting'),
      select.fn
        .sum<number | string>(
          select.case().when('mail_message.release_at', '>', now).then(1).else(0).end(),
        )
        .as('held'),
      select.fn.min('mail_delivery.created_at').as('oldest'),
    ])
    .where('mail_delivery.state', '=', 'waiting')
    .groupBy('mail_delivery.hop')
    .orderBy('mail_delivery.hop')
    .execute()
  return rows.map((row) => ({ ...row, waiting: Number(row.waiting), held: Number(row.held) }))
}

/** A delivery that waits, with what a person asks of it. */
export interface MailWaitingRow {
  readonly message: string
  readonly sender: string
  readonly size: number
  readonly hop: string
  readonly attempts: number
  readonly created_at: string
  readonly release_at: string
  readonly next_at: string
  readonly last_reason: string
  readonly last_reply: string
  /** Those whom it has not reached, in order. */
  readonly recipients: readonly string[]
}

/** What waits, oldest first. */
export async function listMailWaiting(
  db: Kysely<MailTables>,
  limit: number,
): Promise<readonly MailWaitingRow[]> {
  const rows = await db
    .selectFrom('mail_delivery')
    .innerJoin('mail_message', 'mail_message.id', 'mail_delivery.message')
    .select([
      'mail_delivery.id as delivery',
      'mail_delivery.message as message',
      'mail_message.sender as sender',
      'mail_message.size as size',
      'mail_delivery.hop as hop',
      'mail_delivery.attempts as attempts',
      'mail_delivery.created_at as created_at',
      'mail_message.release_at as release_at',
      'mail_delivery.next_at as next_at',
      'mail_delivery.last_reason as last_reason',
      'mail_delivery.last_reply as last_reply',
    ])
    .where('mail_delivery.state', '=', 'waiting')
    .orderBy('mail_delivery.created_at')
    .orderBy('mail_delivery.id')
    .limit(limit)
    .execute()
  return Promise.all(
    rows.map(async ({ delivery, ...row }) => {
      const all = await listMailRecipients(db, delivery)
      const recipients = all.filter(({ state }) => state === 'waiting')
      return { ...row, size: Number(row.size), recipients: recipients.map((one) => one.address) }
    }),
  )
}

/**
 * Makes what waits due now, of one message or of all. What can still be recalled stays where it is: haste is no way around the window.
 *
 * @returns how many deliveries are due earlier than they were
 */
export async function hastenMail(
  tx: Kysely<MailTables>,
  now: string,
  message?: string,
): Promise<number> {
  let late = tx
    .selectFrom('mail_delivery')
    .innerJoin('mail_message', 'mail_message.id', 'mail_delivery.message')
    .select('mail_delivery.id as id')
    .where('mail_delivery.state', '=', 'waiting')
    .where('mail_delivery.next_at', '>', now)
    .where('mail_message.release_at', '<=', now)
  if (message !== undefined) late = late.where('mail_delivery.message', '=', message)
  const ids = await late.execute()
  for (const { id } of ids)
    await tx.updateTable('mail_delivery').set({ next_at: now }).where('id', '=', id).execute()
  return ids.length
}
