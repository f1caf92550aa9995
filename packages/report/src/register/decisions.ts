import { factLabel, isAsked, valueLabel } from '@sekisho/core'
import type { EvidenceEntry, FactValue, Form } from '@sekisho/core'
import { formOf } from '@sekisho/guideline'
import words from '../../words/decisions.json' with { type: 'json' }
import { bothCalendars, eraText } from '../era.ts'
import { writeWorkbook } from '../excel/workbook.ts'
import type { Cell, Column, Sheet } from '../excel/workbook.ts'
import { visible } from '../visible.ts'

/** An entry of the log and where it stands in it. */
export interface LoggedEntry {
  readonly index: number
  readonly entry: EvidenceEntry
}

/** What the workbook says beside the decisions. */
export interface DecisionsAbout {
  /** Day of the export, `YYYY-MM-DD`. */
  readonly day: string
  readonly town?: string
  /** Entries of the log that were verified before, and their root. */
  readonly size: number
  readonly root: string
  /** Name of a person by id; the id itself when the town does not know it. */
  readonly nameOf: (person: string) => string
}

type ColumnKey = keyof typeof words.columns
const COLUMNS = Object.keys(words.columns) as readonly ColumnKey[]
const WIDE: ReadonlySet<ColumnKey> = new Set([
  'subject',
  'facts',
  'because',
  'rules',
  'determining',
])

/**
 * The register of decisions as an Excel workbook: one row for each entry of the kind `decided`, in the order of the log. It only goes out, for a decision is
 * recorded by deciding. What the log holds was written by people: it is shown with its unseen characters, and never interpreted.
 *
 * @param entries of one log, verified by whoever calls; other kinds are passed over
 */
export function decisionsWorkbook(
  entries: readonly LoggedEntry[],
  about: DecisionsAbout,
): Uint8Array {
  const decided = entries.filter(({ entry }) => entry.kind === 'decided')
  const after = replacements(decided)
  const title = [about.town, words.title].filter((one) => one !== undefined).join('　')
  return writeWorkbook({
    title,
    made: words.made.replace('{date}', eraText(about.day)),
    sheets: [
      {
        name: words.sheet,
        columns: COLUMNS.map(columnOf),
        rows: decided.map((one) => rowOf(one, after, about)),
      },
      aboutSheet(decided.length, about),
    ],
  })
}

const columnOf = (key: ColumnKey): Column => ({
  title: words.columns[key][0]!,
  width: WIDE.has(key) ? [16, 48] : [8, 20],
})

/** Number of a decision → number of the one that replaced it. */
function replacements(decided: readonly LoggedEntry[]): ReadonlyMap<string, string> {
  return new Map(
    decided.flatMap(({ entry }) => {
      const before = textOf(entry, 'supersedes')
      return before === '' || entry.number === undefined ? [] : [[before, entry.number] as const]
    }),
  )
}

function rowOf(
  { index, entry }: LoggedEntry,
  after: ReadonlyMap<string, string>,
  { nameOf }: DecisionsAbout,
): readonly Cell[] {
  const form = formOf(textOf(entry, 'question'))
  const { day, time } = inJapan(entry.at)
  const cells: Readonly<Record<ColumnKey, Cell>> = {
    number: entry.number ?? '',
    day: day === undefined ? entry.at : eraText(day),
    time,
    person: nameOf(entry.actor),
    question: form?.title ?? `${words.unknownQuestion}（${textOf(entry, 'question')}）`,
    subject: textOf(entry, 'subject'),
    result: resultText(textOf(entry, 'result')),
    found: listOf(entry, 'found'),
    rules: listOf(entry, 'findings'),
    determining: listOf(entry, 'determining'),
    facts: factsText(form, textOf(entry, 'facts')),
    because: textOf(entry, 'because'),
    supersedes: textOf(entry, 'supersedes'),
    supersededBy: after.get(entry.number ?? '') ?? '',
    index: String(index),
    judge: textOf(entry, 'judge'),
    model: entry.model,
  }
  return COLUMNS.map((key) => {
    const cell = cells[key]
    return typeof cell === 'string' ? fitting(visible(cell)) : cell
  })
}

// Excel calls a workbook damaged when a cell holds more.
const fitting = (text: string): string =>
  text.length <= MAX_CELL ? text : `${text.slice(0, MAX_CELL).toWellFormed()}…`

/** UTF-16 units that a cell of Excel can hold. */
const MAX_CELL = 32_000

const textOf = ({ detail }: EvidenceEntry, name: string): string => {
  const value = detail[name]
  return typeof value === 'string' ? value : ''
}

const listOf = ({ detail }: EvidenceEntry, name: string): string => {
  const value = detail[name]
  return Array.isArray(value) ? value.join(words.listMark) : ''
}

const resultText = (result: string): string =>
  Object.entries(words.results).find(([name]) => name === result)?.[1] ?? result

/** The facts that the form asked for, in its words; those of a question that is no more, by name. */
function factsText(form: Form | undefined, text: string): string {
  const facts = readFacts(text)
  if (facts === undefined) return words.unreadable
  const asked = form?.facts.filter((fact) => fact.name in facts && isAsked(fact, facts))
  const names = asked?.map(({ name }) => name) ?? Object.keys(facts)
  return names
    .map((name) => {
      const value = facts[name]!
      const said = form === undefined ? String(value) : valueLabel(form, name, value)
      const label = form === undefined ? name : factLabel(form, name)
      // Filled in by function: `$&` in a fact is two characters.
      return words.fact.replace('{label}', () => label).replace('{value}', () => said)
    })
    .join(words.factMark)
}

function readFacts(text: string): Readonly<Record<string, FactValue>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    return value as Readonly<Record<string, FactValue>>
  } catch {
    return undefined
  }
}

const CLOCK = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Tokyo',
  dateStyle: 'short',
  timeStyle: 'short',
})

function inJapan(at: string): { readonly day?: string; readonly time: string } {
  const instant = new Date(at)
  if (Number.isNaN(instant.getTime())) return { time: '' }
  const [day = '', time = ''] = CLOCK.format(instant).split(' ')
  return { day, time }
}

function aboutSheet(count: number, { day, town, size, root }: DecisionsAbout): Sheet {
  const { facts } = words
  return {
    name: words.about,
    columns: [
      { title: words.item, width: [20, 40] },
      { title: words.meaning, width: [40, 80] },
    ],
    rows: [
      ...(town === undefined ? [] : [[facts.town, visible(town)]]),
      [facts.made, bothCalendars(day)],
      [facts.count, words.counted.replace('{count}', String(count))],
      [facts.size, words.counted.replace('{count}', String(size))],
      [facts.root, root],
      [facts.only, facts.onlyHelp],
      ...COLUMNS.map((key) => words.columns[key]),
    ],
  }
}
