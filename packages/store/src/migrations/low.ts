import type { Kysely } from 'kysely'
import type { LowTables } from '../tables.ts'
import { createMeta } from './meta.ts'

/** Migrations of the low side's spool, oldest first. Never changed once released, only added to. */
export const lowMigrations: readonly {
  readonly id: string
  readonly up: (tx: Kysely<LowTables>) => Promise<void>
}[] = [
  { id: 'low-0001-transfer', up: createTransfer },
  { id: 'low-0002-again', up: addAgain },
  { id: 'low-0003-mail', up: addMail },
  { id: 'low-0004-original-request', up: addOriginalRequest },
]

/** Whoever got a mail may ask to see its sealed original, and another person decides. */
async function addOriginalRequest(tx: Kysely<LowTables>): Promise<void> {
  await tx.schema
    .createTable('original_request')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('transfer', 'text', (column) => column.notNull())
    .addColumn('number', 'text', (column) => column.notNull())
    .addColumn('sha256', 'text', (column) => column.notNull())
    .addColumn('person', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('asked_at', 'text', (column) => column.notNull())
    .addColumn('until', 'text', (column) => column.notNull())
    .addColumn('decided_by', 'text', (column) => column.notNull())
    .addColumn('decided_at', 'text', (column) => column.notNull())
    .addColumn('comment', 'text', (column) => column.notNull())
    .execute()
  await tx.schema
    .createIndex('original_request_by_state')
    .on('original_request')
    .columns(['state', 'until'])
    .execute()
}

/** A mail is a transfer, too; what it brought is kept file by file. */
async function addMail(tx: Kysely<LowTables>): Promise<void> {
  await tx.schema
    .alterTable('transfer')
    .addColumn('kind', 'text', (column) => column.notNull().defaultTo('file'))
    .execute()
  await tx.schema
    .alterTable('transfer')
    .addColumn('mail', 'text', (column) => column.notNull().defaultTo(''))
    .execute()
  await tx.schema
    .createTable('mail_part')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('transfer', 'text', (column) => column.notNull())
    .addColumn('part', 'text', (column) => column.notNull())
    .addColumn('file_name', 'text', (column) => column.notNull())
    .addColumn('size', 'integer', (column) => column.notNull())
    .execute()
  await tx.schema.createIndex('mail_part_by_transfer').on('mail_part').column('transfer').execute()
}

/** A refused file may be tried again with a password or as pictures: a new transfer with the bytes of the old one. */
async function addAgain(tx: Kysely<LowTables>): Promise<void> {
  await tx.schema
    .alterTable('transfer')
    .addColumn('outcome', 'text', (column) => column.notNull().defaultTo('rebuild'))
    .execute()
  await tx.schema
    .alterTable('transfer')
    .addColumn('again_of', 'text', (column) => column.notNull().defaultTo(''))
    .execute()
}

async function createTransfer(tx: Kysely<LowTables>): Promise<void> {
  await createMeta(tx)
  await tx.schema
    .createTable('transfer')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('number', 'text', (column) => column.notNull().unique())
    .addColumn('account', 'text', (column) => column.notNull())
    .addColumn('person', 'text', (column) => column.notNull())
    .addColumn('idempotency_key', 'text', (column) => column.notNull())
    .addColumn('file_name', 'text', (column) => column.notNull())
    .addColumn('purpose', 'text', (column) => column.notNull())
    .addColumn('size', 'integer', (column) => column.notNull())
    .addColumn('received', 'integer', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('step', 'text', (column) => column.notNull())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addColumn('finished_at', 'text')
    .addColumn('input_sha256', 'text')
    .addColumn('problem', 'text')
    .addColumn('removed', 'text', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('taken_up', 'integer', (column) => column.notNull())
    .addColumn('cancel_requested', 'integer', (column) => column.notNull())
    .addColumn('cured', 'text')
    .addColumn('shred_at', 'text')
    .addColumn('shredded', 'integer', (column) => column.notNull())
    .addUniqueConstraint('transfer_once', ['account', 'idempotency_key'])
    .execute()
  await tx.schema
    .createIndex('transfer_by_account')
    .on('transfer')
    .columns(['account', 'created_at'])
    .execute()
  await tx.schema.createIndex('transfer_by_version').on('transfer').column('version').execute()
  await tx.schema
    .createTable('outbox')
    .addColumn('seq', 'integer', (column) => column.primaryKey())
    .addColumn('event', 'text', (column) => column.notNull())
    .execute()
}
