/**
 * 証跡: searching the log, proving an entry, saving a table. The log is the truth; the rows here only find it.
 */
import { SekishoError } from '@sekisho/core'
import { EVIDENCE_KINDS } from '@sekisho/core'
import type { EvidenceEntry } from '@sekisho/core'
import type { Log } from '@sekisho/evidence'
import { countEvidence, listEvidence } from '@sekisho/store'
import type { EvidenceFilter, HighTables, Store } from '@sekisho/store'
import type { EvidencePage, EvidenceProof, EvidenceRow } from '../api.ts'
import type { SignedIn } from '../host/accounts.ts'
import { seesAll } from '../host/people.ts'
import { refuse } from '../host/web.ts'
import type { Web, WebContext } from '../host/web.ts'
import { toCsv } from './csv.ts'
import { sentenceFor } from './evidence-sentence.ts'

const PAGE_ROWS = 50
/** Rows in one table to save. */
export const CSV_ROWS_MAX = 100_000

export interface EvidenceOptions {
  readonly log: Log
  readonly store: Store<HighTables>
  /** Brings the rows up to the log. */
  readonly catchUp: () => Promise<void>
  /** Name of a person by id, for reading. */
  readonly nameOf: (person: string) => string
}

export function addEvidence(app: Web, options: EvidenceOptions): void {
  const { log, store, catchUp } = options
  app.get('/api/evidence', async (context) => {
    await catchUp()
    const filter = filterOf(context)
    const page = wholeQuery(context, 'page', 1)
    const total = await countEvidence(store.db, filter)
    const rows = await listEvidence(store.db, filter, {
      limit: PAGE_ROWS,
      offset: (page - 1) * PAGE_ROWS,
    })
    return context.json({
      rows: rows.map((row) => rowOf(row, options)),
      page,
      pages: Math.max(1, Math.ceil(total / PAGE_ROWS)),
      total,
      checkpoint: log.checkpoint(),
    } satisfies EvidencePage)
  })
  app.get('/api/evidence.csv', async (context) => {
    await catchUp()
    const filter = filterOf(context)
    const rows = await listEvidence(store.db, filter, { limit: CSV_ROWS_MAX, offset: 0 })
    context.header('content-type', 'text/csv; charset=utf-8')
    context.header('content-disposition', 'attachment; filename="evidence.csv"')
    return context.body(
      toCsv(
        rows.map((row) => rowOf(row, options)),
        filter,
      ),
    )
  })
  app.get('/api/evidence/:index/proof', async (context) => {
    const index = Number(context.req.param('index'))
    if (!Number.isSafeInteger(index) || index < 0) return refuse(context, 404, 'NOT-FOUND')
    const { entry } = await log.read(index)
    if (!mayRead(context.get('who'), entry)) return refuse(context, 404, 'NOT-FOUND')
    const proof = await log.prove(index)
    return context.json({
      ...proof,
      entry: Buffer.from(proof.entry, 'utf8').toString('base64'),
    } satisfies EvidenceProof)
  })
}

export { seesAll }

function mayRead(who: SignedIn, { actor, detail }: EvidenceEntry): boolean {
  return seesAll(who) || actor === who.person.id || detail['person'] === who.person.id
}

const TEXTS = ['file', 'rule', 'sha256', 'number'] as const

/** The filter in the address. Whoever may not see everything sees only what is about them, whatever they ask for. */
function filterOf(context: WebContext): EvidenceFilter {
  const query = (name: string): string => (context.req.query(name) ?? '').slice(0, 300)
  const who = context.get('who')
  const person = query('person')
  const kind = EVIDENCE_KINDS.find((one) => one === query('kind'))
  const from = instant(query('from'), 0)
  const to = instant(query('to'), 1)
  return {
    ...Object.fromEntries(TEXTS.map((name) => [name, query(name)]).filter(([, text]) => text)),
    ...(person ? { person } : {}),
    ...(seesAll(who) ? {} : { onlyPerson: who.person.id }),
    ...(kind ? { kind } : {}),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
  }
}

/** A day in Japan or an instant; `addDays` makes the last day inclusive. */
function instant(text: string, addDays: number): string | undefined {
  const day = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/u.test(text)
  const time = Date.parse(day ? `${text}T00:00:00+09:00` : text)
  if (Number.isNaN(time)) return undefined
  return new Date(time + (day ? addDays * 86_400_000 : 0)).toISOString()
}

function wholeQuery(context: WebContext, name: string, least: number): number {
  const value = Number(context.req.query(name) ?? least)
  return Number.isSafeInteger(value) && value >= least && value < 10_000_000 ? value : least
}

function rowOf(
  { idx, entry }: { idx: number; entry: string },
  options: EvidenceOptions,
): EvidenceRow {
  const parsed: EvidenceEntry = JSON.parse(entry)
  if (typeof parsed.kind !== 'string') throw new SekishoError('STORE_CORRUPT', `evidence ${idx}`)
  return { index: idx, entry: parsed, sentence: sentenceFor(parsed, options.nameOf) }
}
