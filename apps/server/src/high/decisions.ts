/**
 * 判断する: the questions that people ask, answered through one form and kept in the log. A decision is never written over: a later one replaces
 * it, with its reason.
 */
import { COMES_BACK_DAYS, decisionsDue } from '@sekisho/assess'
import {
  DECISIONS,
  factLabel,
  foldedClassLabel,
  isDay,
  settledForm,
  valueLabel,
} from '@sekisho/core'
import type { DecisionName, EvidenceEntry, Form, Town } from '@sekisho/core'
import type { Log } from '@sekisho/evidence'
import { formOf, loadContractWording, loadGuideline, settledFacts } from '@sekisho/guideline'
import { conclude, decidedDetail, mendForm, openViews } from '@sekisho/judge'
import type { AskedFor, Conclusion, Judge } from '@sekisho/judge'
import { readingsOf, todayInJapan } from '@sekisho/town'
import { countEvidence, listEvidence, nextCount } from '@sekisho/store'
import type { EvidenceFilter, HighTables, Store } from '@sekisho/store'
import type {
  DecisionAnswer,
  DecisionPage,
  DecisionRow,
  DueDecisions,
  NewDecision,
} from '../api.ts'
import { oneAtATime } from '../host/one-at-a-time.ts'
import { readBody, refuse } from '../host/web.ts'
import type { Web, WebContext } from '../host/web.ts'
import { isRecord, oneOf, shape, text } from '../shape.ts'
import type { Check } from '../shape.ts'
import { declarationOf } from './decided-declaration.ts'
import { seesAll } from './evidence.ts'

export interface DecisionsOptions {
  readonly town: Town
  /** Digest of the town. */
  readonly model: string
  readonly judge: Judge
  readonly log: Log
  readonly store: Store<HighTables>
  readonly catchUp: () => Promise<void>
  readonly nameOf: (person: string) => string
}

const PAGE_ROWS = 50
/** Decisions looked through for one that replaces another. */
const REPLACED_MAX = 10_000
const NUMBER = /^D-[0-9]{1,9}$/u

type Facts = Readonly<Record<string, string | number | boolean>>

/** At most so many facts, each short: a form has far fewer. What they must be is the judge's to say. */
const facts: Check<Facts> = (value) => {
  if (!isRecord(value)) return undefined
  const entries = Object.entries(value)
  const fair =
    entries.length <= 100 && entries.every(([name, one]) => name.length <= 60 && isFact(one))
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every value was just checked
  return fair ? (value as Facts) : undefined
}

function isFact(value: unknown): boolean {
  return (
    typeof value === 'boolean' ||
    (typeof value === 'number' && Number.isSafeInteger(value)) ||
    (typeof value === 'string' && value.length <= 60)
  )
}

const tried = shape<{ readonly facts: Facts }>({ facts })
const newDecision = shape<NewDecision>(
  {
    idempotencyKey: text(100, /^[A-Za-z0-9-]{8,100}$/u),
    question: oneOf(DECISIONS),
    subject: text(200),
    facts,
    reason: text(1000),
    supersedes: text(20, NUMBER),
  },
  ['supersedes'],
)

export function addDecisions(app: Web, options: DecisionsOptions): void {
  const alone = oneAtATime()
  app.get('/api/questions', (context) =>
    context.json({
      questions: loadGuideline().forms.map(({ question, title, lead }) => ({
        question,
        title,
        lead,
      })),
    }),
  )
  app.get('/api/questions/:name', (context) => {
    const form = formOf(context.req.param('name'))
    return form ? context.json(askedForm(options, form)) : refuse(context, 404, 'NOT-FOUND')
  })
  app.post('/api/questions/:name/answer', async (context) => {
    const form = formOf(context.req.param('name'))
    if (!form) return refuse(context, 404, 'NOT-FOUND')
    const input = await readBody(context, tried)
    if (!input) return refuse(context, 400, 'BODY-INVALID')
    return context.json(answerOf(options, form, input.facts))
  })
  app.post('/api/decisions', (context) => alone('decide', () => decide(context, options)))
  app.get('/api/decisions', (context) => list(context, options))
  app.get('/api/decisions/due', (context) => due(context, options))
  app.get('/api/decisions/:number/declaration', async (context) => {
    const row = await find(options, context.req.param('number'))
    if (!row || !seesAll(context.get('who'))) return refuse(context, 404, 'NOT-FOUND')
    return context.json(declarationOf(options.town, row.entry))
  })
  app.get('/api/decisions/:number', async (context) => {
    const row = await find(options, context.req.param('number'))
    if (!row || !mayRead(context, row)) return refuse(context, 404, 'NOT-FOUND')
    return context.json(viewOf(options, row, await replacements(options)))
  })
}

function concluded(options: DecisionsOptions, form: Form, given: Facts): Conclusion {
  return conclude(options.judge, form, askedFor(options), given)
}

/** The model, the edition and the readings of today: a reading whose paper is still to come is not in force. */
function askedFor({ town }: DecisionsOptions): AskedFor {
  const { model, edition } = town
  return { model, edition, readings: readingsOf(town, todayInJapan(new Date())) }
}

/** The form as this town is asked: what its readings settle is not a question to whoever fills it in. */
function askedForm(options: DecisionsOptions, form: Form): Form {
  const { openPoints } = loadGuideline()
  return settledForm(form, settledFacts(openPoints, form.question, askedFor(options)))
}

function answerOf(options: DecisionsOptions, form: Form, given: Facts): DecisionAnswer {
  const conclusion = concluded(options, form, given)
  const { answer, found, grounds, open } = conclusion
  const changes = mendForm(options.judge, form, askedFor(options), conclusion)
  return {
    answer,
    found: foundOf(form, found).map((one) => ({ ...one, value: shownClass(options, one.value) })),
    grounds: grounds.map(({ fact, findings }) => ({ label: factLabel(form, fact), findings })),
    changes: (changes ?? []).map(({ fact, to, who }) => ({
      label: factLabel(form, fact),
      to: valueLabel(form, fact, to),
      who,
    })),
    wording: loadContractWording()
      .filter(({ rule }) => answer.determining.includes(rule))
      .map(({ title, text: clause }) => ({ title, text: clause })),
    open: openViews(form, open, askedFor(options)),
  }
}

/** The five levels of a class, or three on the screen of a town that reads O8 so. What is recorded is never folded. */
function shownClass(options: DecisionsOptions, label: string): string {
  return askedFor(options).readings?.O8 === 'three' ? foldedClassLabel(label) : label
}

function foundOf(form: Form, found: Readonly<Record<string, string>>): DecisionAnswer['found'] {
  return Object.entries(found).map(([fact, value]) => ({
    label: factLabel(form, fact),
    value: valueLabel(form, fact, value),
  }))
}

async function decide(context: WebContext, options: DecisionsOptions): Promise<Response> {
  const input = await readBody(context, newDecision)
  const form = input && formOf(input.question)
  if (!input || !form || input.subject.trim() === '') return refuse(context, 400, 'BODY-INVALID')
  const { supersedes } = input
  if (supersedes !== undefined) {
    if (input.reason.trim() === '') return refuse(context, 400, 'DECISION-REASON')
    const before = await find(options, supersedes)
    if (!before || !mayRead(context, before) || before.entry.detail['question'] !== form.question)
      return refuse(context, 404, 'NOT-FOUND')
    if ((await replacements(options)).has(supersedes))
      return refuse(context, 409, 'DECISION-REPLACED')
  }
  const row = await record(context, options, form, input)
  return context.json(viewOf(options, row, await replacements(options)))
}

interface Row {
  readonly idx: number
  readonly entry: EvidenceEntry
}

/** Recorded with its facts: whoever reads it later sees what was known. The same key is the same decision. */
async function record(
  context: WebContext,
  options: DecisionsOptions,
  form: Form,
  input: NewDecision,
): Promise<Row> {
  const { log, store, model, judge } = options
  const who = context.get('who')
  const conclusion = concluded(options, form, input.facts)
  const number = `D-${await store.write((tx) => nextCount(tx, 'decision'))}`
  const { index } = await log.append(`decision:${who.account}:${input.idempotencyKey}`, {
    v: 1,
    kind: 'decided',
    at: new Date().toISOString(),
    side: 'high',
    model,
    actor: who.person.id,
    number,
    detail: decidedDetail(form, conclusion, judge.digest, {
      subject: input.subject,
      because: input.reason,
      ...(input.supersedes !== undefined && { supersedes: input.supersedes }),
    }),
  })
  const { entry } = await log.read(index)
  return { idx: index, entry }
}

async function list(context: WebContext, options: DecisionsOptions): Promise<Response> {
  await options.catchUp()
  const wanted = Number(context.req.query('page') ?? 1)
  const page = Number.isSafeInteger(wanted) && wanted > 0 && wanted < 100_000 ? wanted : 1
  const who = context.get('who')
  const question = DECISIONS.find((one) => one === context.req.query('question'))
  const filter: EvidenceFilter = {
    kind: 'decided',
    ...(seesAll(who) ? {} : { onlyPerson: who.person.id }),
  }
  const all = (await rowsOf(options, filter)).filter(
    ({ entry }) => question === undefined || entry.detail['question'] === question,
  )
  const replaced = await replacements(options)
  const rows = all.slice((page - 1) * PAGE_ROWS, page * PAGE_ROWS)
  return context.json({
    rows: rows.map((row) => viewOf(options, row, replaced)),
    page,
    pages: Math.max(1, Math.ceil(all.length / PAGE_ROWS)),
    total: all.length,
  } satisfies DecisionPage)
}

/** What comes back by its date, of the decisions this person may see. */
async function due(context: WebContext, options: DecisionsOptions): Promise<Response> {
  await options.catchUp()
  const at = context.req.query('at') ?? todayInJapan(new Date())
  if (!isDay(at)) return refuse(context, 400, 'BODY-INVALID')
  const who = context.get('who')
  const rows = await rowsOf(options, {
    kind: 'decided',
    ...(seesAll(who) ? {} : { onlyPerson: who.person.id }),
  })
  const replaced = new Set((await replacements(options)).keys())
  const entries = rows.map(({ entry }) => entry)
  return context.json({
    at,
    days: COMES_BACK_DAYS,
    rows: decisionsDue(entries, replaced, at),
  } satisfies DueDecisions)
}

async function rowsOf({ store }: DecisionsOptions, filter: EvidenceFilter): Promise<Row[]> {
  const limit = Math.min(REPLACED_MAX, await countEvidence(store.db, filter))
  const rows = await listEvidence(store.db, filter, { limit, offset: 0 })
  return rows.map(({ idx, entry }) => ({ idx, entry: JSON.parse(entry) as EvidenceEntry }))
}

async function find(options: DecisionsOptions, number: string): Promise<Row | undefined> {
  if (!NUMBER.test(number)) return undefined
  await options.catchUp()
  return (await rowsOf(options, { kind: 'decided', number }))[0]
}

/** Number of a decision → number of the one that replaced it. */
async function replacements(options: DecisionsOptions): Promise<ReadonlyMap<string, string>> {
  await options.catchUp()
  const rows = await rowsOf(options, { kind: 'decided' })
  return new Map(
    rows.flatMap(({ entry }) => {
      const before = entry.detail['supersedes']
      return typeof before === 'string' && entry.number !== undefined
        ? [[before, entry.number]]
        : []
    }),
  )
}

function mayRead(context: WebContext, { entry }: Row): boolean {
  const who = context.get('who')
  return seesAll(who) || entry.actor === who.person.id
}

function viewOf(
  options: DecisionsOptions,
  { idx, entry }: Row,
  replaced: ReadonlyMap<string, string>,
): DecisionRow {
  const { detail, number = '' } = entry
  const word = (name: string): string => (typeof detail[name] === 'string' ? detail[name] : '')
  const words = (name: string): readonly string[] => {
    const value = detail[name]
    return Array.isArray(value) ? value : []
  }
  const question = word('question') as DecisionName
  const supersedes = word('supersedes')
  const supersededBy = replaced.get(number)
  return {
    number,
    index: idx,
    at: entry.at,
    person: options.nameOf(entry.actor),
    question,
    title: formOf(question)?.title ?? question,
    subject: word('subject'),
    result: word('result') as DecisionRow['result'],
    found: words('found').map((label) => shownClass(options, label)),
    rules: words('findings'),
    reason: word('because'),
    facts: JSON.parse(word('facts') || '{}') as DecisionRow['facts'],
    ...(supersedes === '' ? {} : { supersedes }),
    ...(supersededBy === undefined ? {} : { supersededBy }),
  }
}
