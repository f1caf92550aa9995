import type { Kysely } from 'kysely'
import type { HighTables } from '../tables.ts'
import { createMeta } from './meta.ts'

/** Migrations of the high side's store, oldest first. Never changed once released, only added to. */
export const highMigrations: readonly {
  readonly id: string
  readonly up: (tx: Kysely<HighTables>) => Promise<void>
}[] = [
  { id: 'high-0001-crossing', up: createCrossing },
  { id: 'high-0002-mail', up: createMail },
  { id: 'high-0003-evidence-readers', up: addReaders },
  { id: 'high-0004-mail-reminded', up: addReminded },
]

/** Mails whose files wait for a password are looked at once before they are shredded. */
async function addReminded(tx: Kysely<HighTables>): Promise<void> {
  await tx.schema
    .alterTable('mail')
    .addColumn('reminded', 'integer', (column) => column.notNull().defaultTo(0))
    .execute()
}

/** A mail is found by whom it is for. The rows are written again from the log. */
async function addReaders(tx: Kysely<HighTables>): Promise<void> {
  await tx.schema
    .alterTable('evidence')
    .addColumn('readers', 'text', (column) => column.notNull().defaultTo(''))
    .execute()
  await tx.deleteFrom('evidence').execute()
}

async function createMail(tx: Kysely<HighTables>): Promise<void> {
  await tx.schema
    .createTable('mail')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('number', 'text', (column) => column.notNull())
    .addColumn('received_at', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('sender', 'text', (column) => column.notNull())
    .addColumn('search', 'text', (column) => column.notNull())
    .addColumn('facts', 'text', (column) => column.notNull())
    .addColumn('deliveries', 'text', (column) => column.notNull())
    .addColumn('undelivered', 'integer', (column) => column.notNull())
    .addColumn('until', 'text', (column) => column.notNull())
    .execute()
  await tx.schema.createIndex('mail_by_number').on('mail').column('number').execute()
  await tx.schema.createIndex('mail_by_received').on('mail').column('received_at').execute()
  await tx.schema
    .createTable('mail_reader')
    .addColumn('mail', 'text', (column) => column.notNull())
    .addColumn('reader', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('mail_reader_once', ['reader', 'mail'])
    .execute()
  await tx.schema
    .createTable('pick_up')
    .addColumn('key', 'text', (column) => column.primaryKey())
    .addColumn('mail', 'text', (column) => column.notNull())
    .addColumn('part', 'text', (column) => column.notNull())
    .addColumn('person', 'text', (column) => column.notNull())
    .addColumn('crossing', 'text', (column) => column.notNull())
    .addColumn('asked_at', 'text', (column) => column.notNull())
    .execute()
  await tx.schema.createIndex('pick_up_by_mail').on('pick_up').column('mail').execute()
  await tx.schema
    .createTable('mail_turned')
    .addColumn('day', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('count', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('mail_turned_once', ['day', 'reason'])
    .execute()
}

async function createCrossing(tx: Kysely<HighTables>): Promise<void> {
  await createMeta(tx)
  await tx.schema
    .createTable('crossing')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('number', 'text', (column) => column.notNull())
    .addColumn('person', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('step', 'text', (column) => column.notNull())
    .addColumn('progress', 'text', (column) => column.notNull())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addColumn('changed_at', 'text', (column) => column.notNull())
    .addColumn('blob', 'text', (column) => column.notNull())
    .addColumn('decided_by', 'text', (column) => column.notNull())
    .addColumn('told', 'text', (column) => column.notNull())
    .execute()
  await tx.schema.createIndex('crossing_by_number').on('crossing').column('number').execute()
  await tx.schema
    .createIndex('crossing_by_person')
    .on('crossing')
    .columns(['person', 'created_at'])
    .execute()
  await tx.schema.createIndex('crossing_by_state').on('crossing').column('state').execute()
  await tx.schema.createIndex('crossing_by_decider').on('crossing').column('decided_by').execute()
  await createInbox(tx)
  await createEvidence(tx)
}

async function createInbox(tx: Kysely<HighTables>): Promise<void> {
  await tx.schema
    .createTable('inbox')
    .addColumn('crossing', 'text', (column) => column.primaryKey())
    .addColumn('person', 'text', (column) => column.notNull())
    .addColumn('sha256', 'text', (column) => column.notNull())
    .addColumn('output_name', 'text', (column) => column.notNull())
    .addColumn('size', 'integer', (column) => column.notNull())
    .addColumn('delivered_at', 'text', (column) => column.notNull())
    .addColumn('taken_at', 'text')
    .addColumn('until', 'text', (column) => column.notNull())
    .execute()
}

async function createEvidence(tx: Kysely<HighTables>): Promise<void> {
  await tx.schema
    .createTable('evidence')
    .addColumn('idx', 'integer', (column) => column.primaryKey())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('actor', 'text', (column) => column.notNull())
    .addColumn('person', 'text', (column) => column.notNull())
    .addColumn('number', 'text', (column) => column.notNull())
    .addColumn('file_key', 'text', (column) => column.notNull())
    .addColumn('rules', 'text', (column) => column.notNull())
    .addColumn('digests', 'text', (column) => column.notNull())
    .addColumn('entry', 'text', (column) => column.notNull())
    .execute()
  await tx.schema.createIndex('evidence_by_number').on('evidence').column('number').execute()
  await tx.schema.createIndex('evidence_by_at').on('evidence').column('at').execute()
}
