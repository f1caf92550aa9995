import type { TownReading } from '@sekisho/town'
import words from '../../words/registers.json' with { type: 'json' }
import { bothCalendars, eraText } from '../era.ts'
import { listReference, writeWorkbook } from '../excel/workbook.ts'
import type { Cell, Column, Sheet } from '../excel/workbook.ts'
import { townNames } from './names.ts'
import { choicesOf, fieldWords, REGISTERS, sheetName } from './registers.ts'
import type { Field, Register } from './registers.ts'
import { cellOf, valueAt } from './value.ts'
import type { Entry } from './value.ts'

/**
 * The registers of a town as an Excel workbook: a sheet for each with an empty row to fill in, closed values to choose from, and what each column means.
 * It shows what town.yaml says; what is not written there is an empty cell.
 *
 * @param day of the export, `YYYY-MM-DD`
 */
export function exportRegisters(read: TownReading, day: string): Uint8Array {
  const entries = entriesOf(read)
  return registerBook(day, read, (register) => entries[register.key])
}

/**
 * The same sheets without entries. With a town, its names are offered as choices.
 *
 * @param day of the template, `YYYY-MM-DD`
 */
export function registerTemplate(day: string, read?: TownReading): Uint8Array {
  return registerBook(day, read, () => [])
}

/** The lists behind the registers, as written. */
export function entriesOf({ document }: TownReading): Readonly<Record<string, readonly Entry[]>> {
  const whole = document.toJS() as Record<string, readonly Entry[] | null | undefined>
  return Object.fromEntries(REGISTERS.map(({ key }) => [key, whole[key] ?? []]))
}

function registerBook(
  day: string,
  read: TownReading | undefined,
  entries: (register: Register) => readonly Entry[] | undefined,
): Uint8Array {
  const lists = choiceLists(read)
  const sheets = REGISTERS.map((register) =>
    registerSheet(register, lists, entries(register) ?? [], read),
  )
  return writeWorkbook({
    title: [read?.town.name, words.title].filter((one) => one !== undefined).join('　'),
    made: words.made.replace('{date}', eraText(day)),
    sheets: [...sheets, choicesSheet(lists), aboutSheet(day, read?.town.name)],
  })
}

/** Lists of choices by the key of `listKey`, in the order of their columns. */
type Lists = ReadonlyMap<string, readonly string[]>

function choiceLists(read: TownReading | undefined): Lists {
  const lists = new Map<string, readonly string[]>([['yes-no', [words.yes, words.no]]])
  const names = read && townNames(read.town)
  for (const field of REGISTERS.flatMap(({ fields }) => fields)) {
    const key = listKey(field)
    if (key === undefined || lists.has(key)) continue
    const values =
      field.kind === 'reference' ? names?.[field.names!].labels : [...choicesOf(field).values()]
    if (values !== undefined && values.length > 0) lists.set(key, values)
  }
  return lists
}

/** Columns of several values cannot offer a list, but the list is there to read. */
const listKey = (field: Field): string | undefined =>
  field.kind === 'yes-no' ? 'yes-no' : (field.names ?? field.choices)

function listTitle(key: string): string {
  const lists: Readonly<Record<string, string>> = words.lists
  const register = REGISTERS.find(({ fields }) => fields.some((field) => field.choices === key))
  const field = register?.fields.find((one) => one.choices === key)
  return lists[key] ?? (register && field ? fieldWords(register.key, field.path)[0] : key)
}

function choicesSheet(lists: Lists): Sheet {
  const columns = [...lists]
  const height = columns.reduce((most, [, values]) => Math.max(most, values.length), 0)
  return {
    name: words.choicesSheet,
    columns: columns.map(([key]) => ({ title: listTitle(key), width: [10, 40] })),
    rows: Array.from({ length: height }, (_, row) => columns.map(([, values]) => values[row])),
  }
}

function registerSheet(
  { key, fields }: Register,
  lists: Lists,
  entries: readonly Entry[],
  read: TownReading | undefined,
): Sheet {
  const names = read && townNames(read.town)
  return {
    name: sheetName(key),
    columns: fields.map((field) => column(fieldWords(key, field.path)[0], field, lists)),
    rows: entries.map((entry) =>
      fields.map((field): Cell => names && cellOf(valueAt(entry, field.path), field, names)),
    ),
    spare: 1,
  }
}

function column(title: string, field: Field, lists: Lists): Column {
  const key = listKey(field)
  const values = key === undefined ? undefined : lists.get(key)
  const offers = values !== undefined && field.kind !== 'choices' && field.kind !== 'references'
  const at = [...lists.keys()].indexOf(key ?? '')
  return {
    title,
    width: field.kind === 'text' ? [12, 40] : [10, 30],
    ...(field.kind === 'day' ? { takes: 'date' } : {}),
    ...(offers ? { list: listReference(words.choicesSheet, at, values.length) } : {}),
  }
}

function aboutSheet(day: string, town: string | undefined): Sheet {
  const { facts, about } = words
  const fact = (name: string, help: string): Cell[] => [facts.label, name, '', help]
  return {
    name: words.aboutSheet,
    columns: [
      { title: about.sheet, width: [16, 24] },
      { title: about.column, width: [16, 24] },
      { title: about.needed, width: [12, 20] },
      { title: about.help, width: [40, 70] },
    ],
    rows: [
      ...(town === undefined ? [] : [fact(facts.town, town)]),
      fact(facts.made, bothCalendars(day)),
      fact(facts.rows, facts.rowsHelp),
      fact(facts.text, facts.textHelp),
      fact(facts.days, facts.daysHelp),
      ...REGISTERS.flatMap(({ key, fields }) =>
        fields.map((field): Cell[] => {
          const [title, help] = fieldWords(key, field.path)
          return [sheetName(key), title, neededWords(field), help]
        }),
      ),
    ],
  }
}

const neededWords = ({ needed }: Field): string =>
  needed === 'always' ? words.neededYes : needed === 'group' ? words.neededGroup : words.neededNo
