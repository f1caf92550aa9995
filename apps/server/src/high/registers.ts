/**
 * 台帳: what the declaration in force says, as tables; workbooks out, and what a workbook would change. The declaration itself is never written here.
 */
import { basename } from 'node:path'
import { declare, REACH_WORDS } from '@sekisho/network'
import {
  eraText,
  exportRegisters,
  MAX_WORKBOOK_BYTES,
  registerTables,
  registerTemplate,
} from '@sekisho/report'
import type { RegisterTable } from '@sekisho/report'
import { todayInJapan } from '@sekisho/town'
import type { ImportState, RegisterPage, RegistersPage } from '../api.ts'
import { attachment, XLSX, YAML } from '../host/attachment.ts'
import { oneAtATime } from '../host/one-at-a-time.ts'
import { readBytes, refuse } from '../host/web.ts'
import type { Web, WebContext } from '../host/web.ts'
import { text } from '../shape.ts'
import { decidedBook } from './decided.ts'
import type { DecidedBook, DecidedWork } from './decided.ts'
import { seesAll } from './evidence.ts'
import { importId } from './imports.ts'
import type { ImportJob, Imports } from './imports.ts'
import { lastUse, usesByFlow, useText } from './last-use.ts'
import type { UseRecords } from './last-use.ts'
import type { InForce } from './subject.ts'

export interface RegistersOptions extends InForce, UseRecords {
  readonly imports: Imports
  readonly log: { readonly dir: string; readonly verifier: string }
  readonly decided?: (work: DecidedWork) => Promise<DecidedBook>
}

/** Rows of one page of a register. */
const PAGE_ROWS = 100
/** Longest text that is sought, and longest name of a file, UTF-16 units. */
const SOUGHT_MAX = 200
const NAME_MAX = 255
const ID = /^[0-9a-f]{64}$/u

/** Shown to those who mend or audit the town; workbooks are brought by those who mend it. */
export function addRegisters(app: Web, options: RegistersOptions): void {
  addTables(app, registerTables(options.read), options)
  addWorkbooks(app, options)
  addImports(app, options)
}

function addTables(app: Web, tables: readonly RegisterTable[], options: RegistersOptions): void {
  const seek = seeker(tables)
  app.get('/api/registers', (context) => {
    if (!seesAll(context.get('who'))) return refuse(context, 403, 'NOT-YOUR-ROLE')
    return context.json({
      registers: tables.map(({ key, name, rows }) => ({ key, name, count: rows.length })),
    } satisfies RegistersPage)
  })
  app.get('/api/registers/table/:key', async (context) => {
    if (!seesAll(context.get('who'))) return refuse(context, 403, 'NOT-YOUR-ROLE')
    const table = tables.find(({ key }) => key === context.req.param('key'))
    const sought = text(SOUGHT_MAX)(context.req.query('find') ?? '')
    const page = pageOf(context.req.query('page'))
    if (!table) return refuse(context, 404, 'NOT-FOUND')
    if (sought === undefined || page === undefined) return refuse(context, 400, 'BODY-INVALID')
    const uses = await usesIn(table, options)
    const found = seek(table, sought, uses)
    return context.json({
      key: table.key,
      name: table.name,
      columns: uses ? [...table.columns, REACH_WORDS.flows.columns.lastUse] : table.columns,
      named: uses ? [...table.named, false] : table.named,
      used: uses !== undefined,
      rows: found.slice((page - 1) * PAGE_ROWS, page * PAGE_ROWS),
      found: found.length,
      all: table.rows.length,
      page,
      pages: Math.max(1, Math.ceil(found.length / PAGE_ROWS)),
    } satisfies RegisterPage)
  })
}

/** Whole numbers from 1; 1 without one. */
function pageOf(asked = '1'): number | undefined {
  return /^[1-9]\d{0,6}$/u.test(asked) ? Number(asked) : undefined
}

type Rows = RegisterTable['rows']

/** When each line of a register of flows was last used, in the order of its rows; a declaration says it of none. */
async function usesIn(
  { key, rows }: RegisterTable,
  options: RegistersOptions,
): Promise<readonly string[] | undefined> {
  if ((key !== 'flows' && key !== 'fixed') || rows.length === 0) return undefined
  const { town } = options.read
  const useOf = usesByFlow(await lastUse(options, declare(town, { at: todayInJapan(new Date()) })))
  const flows = key === 'fixed' ? town.flows.filter(({ fixed }) => fixed !== undefined) : town.flows
  return flows.map((flow) => useText(useOf(flow), (at) => eraText(todayInJapan(new Date(at)))))
}

/**
 * Rows that hold every word, each with what is known of its use. Widths of letters, large and small, and variants of a kanji are the same to somebody who seeks.
 */
function seeker(
  tables: readonly RegisterTable[],
): (table: RegisterTable, sought: string, uses: readonly string[] | undefined) => Rows {
  const keys = new Map(
    tables.map((table) => [table.key, table.rows.map((row) => searchKey(row.join('\n')))]),
  )
  return ({ key, rows }, sought, uses) => {
    const words = searchKey(sought)
      .split(/\s+/u)
      .filter((word) => word !== '')
    return rows.flatMap((row, at) => {
      const use = uses?.[at]
      const known = `${keys.get(key)?.[at] ?? ''}\n${searchKey(use ?? '')}`
      if (!words.every((word) => known.includes(word))) return []
      return [use === undefined ? row : [...row, use]]
    })
  }
}

function searchKey(value: string): string {
  return value
    .normalize('NFKC')
    .replaceAll(/\p{Variation_Selector}/gu, '')
    .toLowerCase()
}

function addWorkbooks(app: Web, options: RegistersOptions): void {
  const { read, log, decided = decidedBook } = options
  const { town } = read
  const alone = oneAtATime()
  const made = (make: (day: string) => Uint8Array, name: string) => (context: WebContext) => {
    if (!seesAll(context.get('who'))) return refuse(context, 403, 'NOT-YOUR-ROLE')
    const day = todayInJapan(new Date())
    return attachment(context, `${name}-${day}.xlsx`, XLSX, make(day))
  }
  app.get(
    '/api/registers/export.xlsx',
    made((day) => exportRegisters(read, day), 'registers'),
  )
  app.get(
    '/api/registers/template.xlsx',
    made((day) => registerTemplate(day, read), 'template'),
  )
  app.get('/api/registers/decisions.xlsx', async (context) => {
    if (!seesAll(context.get('who'))) return refuse(context, 403, 'NOT-YOUR-ROLE')
    const day = todayInJapan(new Date())
    const people = town.people.map(({ id, name }) => [id, name] as const)
    const work = { dir: log.dir, key: log.verifier, day, town: town.name, people }
    // One after another: each reads the whole log.
    const book = await alone('decided', () => decided(work))
    return 'bytes' in book
      ? attachment(context, `decisions-${day}.xlsx`, XLSX, book.bytes)
      : refuse(context, 503, 'LOG-NOT-WHOLE')
  })
}

function addImports(app: Web, { imports, file }: RegistersOptions): void {
  app.post('/api/registers/import', async (context) => {
    if (!context.get('who').person.roles.includes('it-officer'))
      return refuse(context, 403, 'NOT-YOUR-ROLE')
    const name = text(NAME_MAX)(context.req.query('name') ?? '')
    if (name === undefined || name === '') return refuse(context, 400, 'BODY-INVALID')
    const bytes = await readBytes(context, MAX_WORKBOOK_BYTES)
    if (!bytes)
      return refuse(context, 413, 'WORKBOOK-TOO-LARGE', { max: MAX_WORKBOOK_BYTES / 1024 / 1024 })
    if (bytes.length === 0) return refuse(context, 400, 'FILE-EMPTY', { file: name })
    const about = { name, remove: context.req.query('remove') === '1' }
    const work = { bytes, ...about }
    const job = imports.ask(importId(work), work, about)
    return job ? context.json(stateOf(job)) : refuse(context, 503, 'TRY-LATER')
  })
  app.get('/api/registers/import/:id', (context) => {
    if (!seesAll(context.get('who'))) return refuse(context, 403, 'NOT-YOUR-ROLE')
    const [id = '', ending] = context.req.param('id').split('.')
    const job = ID.test(id) ? imports.find(id) : undefined
    if (!job) return refuse(context, 404, 'IMPORT-GONE')
    if (ending === undefined) return context.json(stateOf(job))
    return ending === 'yaml' ? textOf(context, job, file) : refuse(context, 404, 'NOT-FOUND')
  })
}

/** The whole declaration as it would be, for whoever puts it in force. */
function textOf(context: WebContext, { found }: ImportJob, file: string): Response {
  if (found?.state !== 'done' || !found.preview.ok) return refuse(context, 404, 'IMPORT-GONE')
  // The name stands in a header.
  const name = /^[\w.-]{1,100}$/u.test(basename(file)) ? basename(file) : 'town.yaml'
  return attachment(context, name, YAML, Buffer.from(found.preview.text))
}

/** Lines of one kind on the page; the rest is counted. */
const MOST_LINES = 300

function stateOf({ id, began, found, name, remove }: ImportJob): ImportState {
  const about = { id, name, remove }
  if (found === undefined) {
    const seconds = Math.max(0, Math.round((Date.now() - began.getTime()) / 1000))
    return { ...about, state: 'working', seconds }
  }
  if (found.state === 'stopped') return { ...about, state: 'stopped' }
  const { preview } = found
  if (!preview.ok) return { ...about, state: 'problems', problems: preview.problems }
  const { changes, crossings, appear, vanish, notices } = preview
  const count = (effect: (typeof changes)[number]['effect']): number =>
    changes.filter((change) => change.effect === effect).length
  return {
    ...about,
    state: 'preview',
    counts: { add: count('add'), change: count('change'), remove: count('remove') },
    changes: changes.slice(0, MOST_LINES).map(({ effect, sentence, sheet, cell }) => ({
      effect,
      sentence,
      ...(sheet !== undefined && { place: `${sheet} ${cell ?? ''}`.trim() }),
    })),
    more: Math.max(0, changes.length - MOST_LINES),
    crossings: crossings.map(({ sentence }) => sentence),
    appear,
    vanish,
    notices,
  }
}
