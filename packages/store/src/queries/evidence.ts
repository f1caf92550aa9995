import type { EvidenceEntry } from '@sekisho/core'
import type { Expression, ExpressionBuilder, Kysely, SqlBool } from 'kysely'
import type { EvidenceTable, HighTables } from '../tables.ts'
import { contains } from './contains.ts'
import { searchKey } from './search-key.ts'

/** What to look for. Everything given must hold. */
export interface EvidenceFilter {
  /** Person id or actor, exact; also everything about a mail to that person. */
  readonly person?: string
  /** Whatever else is asked: only what this person did or what is about them. */
  readonly onlyPerson?: string
  /** Part of a file name, by search key. */
  readonly file?: string
  /** Rule id, exact. */
  readonly rule?: string
  readonly kind?: string
  /** ISO instants, inclusive and exclusive. */
  readonly from?: string
  readonly to?: string
  readonly sha256?: string
  readonly number?: string
}

/** The row by which an entry is found. */
export function evidenceRow(idx: number, entry: EvidenceEntry): EvidenceTable {
  const { detail } = entry
  return {
    idx,
    kind: entry.kind,
    at: new Date(entry.at).toISOString(),
    actor: entry.actor,
    person: word(detail['person']),
    number: entry.number ?? '',
    file_key: searchKey(`${word(detail['file'])} ${word(detail['outputName'])}`),
    rules: spaced([
      ...words(detail['rules']),
      ...words(detail['findings']),
      word(detail['reason']),
    ]),
    digests: spaced([word(detail['sha256']), word(detail['outputSha256'])]),
    readers: spaced(words(detail['readers'])),
    entry: JSON.stringify(entry),
  }
}

/** Adds rows; a row that is there already stays. */
export async function insertEvidence(
  tx: Kysely<HighTables>,
  rows: readonly EvidenceTable[],
): Promise<void> {
  if (rows.length === 0) return
  await tx
    .insertInto('evidence')
    .values([...rows])
    .onConflict((conflict) => conflict.column('idx').doNothing())
    .execute()
}

/** Index of the first entry that has no row yet. */
export async function nextEvidence(db: Kysely<HighTables>): Promise<number> {
  const row = await db
    .selectFrom('evidence')
    .select((select) => select.fn.max('idx').as('last'))
    .executeTakeFirst()
  const last = row?.last ?? null
  return last === null ? 0 : last + 1
}

/** Newest first. */
export function listEvidence(
  db: Kysely<HighTables>,
  filter: EvidenceFilter,
  page: { readonly limit: number; readonly offset: number },
): Promise<{ idx: number; entry: string }[]> {
  return db
    .selectFrom('evidence')
    .select(['idx', 'entry'])
    .where((where) => where.and(conditions(where, filter)))
    .orderBy('idx', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
}

export async function countEvidence(
  db: Kysely<HighTables>,
  filter: EvidenceFilter,
): Promise<number> {
  const row = await db
    .selectFrom('evidence')
    .select((select) => select.fn.countAll<number | string>().as('count'))
    .where((where) => where.and(conditions(where, filter)))
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

function conditions(
  where: ExpressionBuilder<HighTables, 'evidence'>,
  filter: EvidenceFilter,
): Expression<SqlBool>[] {
  const { person, onlyPerson, file, rule, kind, from, to, sha256, number } = filter
  return [
    ...(person
      ? [
          where.or([
            where('person', '=', person),
            where('actor', '=', person),
            where('number', 'in', mailsTo(where, person)),
          ]),
        ]
      : []),
    ...(onlyPerson
      ? [where.or([where('person', '=', onlyPerson), where('actor', '=', onlyPerson)])]
      : []),
    ...(file ? [contains('file_key', searchKey(file))] : []),
    ...(rule ? [contains('rules', ` ${rule} `)] : []),
    ...(kind ? [where('kind', '=', kind)] : []),
    ...(from ? [where('at', '>=', from)] : []),
    ...(to ? [where('at', '<', to)] : []),
    ...(sha256 ? [contains('digests', ` ${sha256.toLowerCase()} `)] : []),
    ...(number ? [where('number', '=', number.toUpperCase())] : []),
  ]
}

/** Numbers of the mails to a person: only where a mail was received it is said whom it is for. */
function mailsTo(where: ExpressionBuilder<HighTables, 'evidence'>, person: string) {
  return where
    .selectFrom('evidence as mail')
    .select('mail.number')
    .where('mail.number', '!=', '')
    .where(contains('mail.readers', ` person:${person} `))
}

function word(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function words(value: unknown): string[] {
  return Array.isArray(value) ? value.map(word) : []
}

function spaced(values: readonly string[]): string {
  return ` ${[...new Set(values.filter((value) => value !== ''))].join(' ')} `
}
