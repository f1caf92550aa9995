import type { Kysely } from 'kysely'
import type { MailTables } from '../tables.ts'
import { createMeta } from './meta.ts'

/** Migrations of the queue to the next hops of mail, oldest first. Never changed once released, only added to. */
export const mailMigrations: readonly {
  readonly id: string
  readonly up: (tx: Kysely<MailTables>) => Promise<void>
}[] = [{ id: 'mail-0001-queue', up: createQueue }]

async function createQueue(tx: Kysely<MailTables>): Promise<void> {
  await createMeta(tx)
  await tx.schema
    .createTable('mail_message')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('message_id', 'text', (column) => column.notNull())
    .addColumn('sender', 'text', (column) => column.notNull())
    .addColumn('sha256', 'text', (column) => column.notNull())
    .addColumn('size', 'integer', (column) => column.notNull())
    .addColumn('telling', 'text', (column) => column.notNull())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addColumn('release_at', 'text', (column) => column.notNull())
    .addColumn('expires_at', 'text', (column) => column.notNull())
    .addColumn('kept', 'integer', (column) => column.notNull())
    .execute()
  await tx.schema
    .createIndex('mail_message_by_bytes')
    .on('mail_message')
    .columns(['sha256', 'kept'])
    .execute()
  await createDelivery(tx)
  await tx.schema
    .createTable('mail_recipient')
    .addColumn('delivery', 'text', (column) => column.notNull())
    .addColumn('address', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('reply', 'text', (column) => column.notNull())
    .addColumn('settled_at', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('mail_recipient_once', ['delivery', 'address'])
    .execute()
  await tx.schema
    .createTable('outbox')
    .addColumn('seq', 'integer', (column) => column.primaryKey())
    .addColumn('event', 'text', (column) => column.notNull())
    .execute()
}

async function createDelivery(tx: Kysely<MailTables>): Promise<void> {
  await tx.schema
    .createTable('mail_delivery')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('message', 'text', (column) => column.notNull())
    .addColumn('hop', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('unanswered', 'integer', (column) => column.notNull())
    .addColumn('next_at', 'text', (column) => column.notNull())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addColumn('last_reason', 'text', (column) => column.notNull())
    .addColumn('last_reply', 'text', (column) => column.notNull())
    .addColumn('last_at', 'text', (column) => column.notNull())
    .execute()
  await tx.schema
    .createIndex('mail_delivery_by_due')
    .on('mail_delivery')
    .columns(['state', 'hop', 'next_at'])
    .execute()
  await tx.schema
    .createIndex('mail_delivery_by_message')
    .on('mail_delivery')
    .column('message')
    .execute()
}
