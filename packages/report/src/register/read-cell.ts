import { foreignClass, nearest } from '@sekisho/core'
import { deceives, MAX_TEXT } from '@sekisho/town'
import type { EditValue } from '@sekisho/town'
import words from '../../words/registers.json' with { type: 'json' }
import { readDay } from '../era.ts'
import type { HeldCell } from '../excel/read.ts'
import { dayOfSerial } from '../excel/serial.ts'
import { halfWidth } from './half-width.ts'
import type { Names } from './names.ts'
import { fault } from './problem.ts'
import type { Fault } from './problem.ts'
import { choicesOf } from './registers.ts'
import type { Field, Named } from './registers.ts'
import { LIST_MARKS, scalarText } from './value.ts'

/** What a cell means: a value, nothing (an empty cell), or what is wrong with it. */
export type CellReading =
  | { readonly ok: true; readonly value: EditValue | undefined }
  | { readonly ok: false; readonly fault: Fault }

/** What is needed to read a cell besides the cell. */
export interface Reading {
  /** Where serial numbers of days begin in this workbook. */
  readonly dates: 1900 | 1904
  readonly names: Readonly<Record<Named, Names>>
}

/**
 * Reads one cell as a clerk means it. Digits, codes and closed values are understood in full-width characters and with spaces around them; of a name only
 * spaces around it are taken off, and no character of it is changed. What could mean two things is not guessed.
 */
export function readCell(
  cell: HeldCell | undefined,
  field: Field,
  { dates, names }: Reading,
): CellReading {
  if (cell === undefined) return value(undefined)
  if (cell.formula) return wrong('REG-FORMULA')
  if (cell.kind === 'fault') return wrong('REG-FAULT')
  if (field.kind === 'day') return readDayCell(cell, dates)
  if (field.kind === 'yes-no' && cell.kind === 'boolean') return value(cell.value)
  const text = textOf(cell)
  if (text === undefined)
    return field.kind === 'ports'
      ? wrong('REG-PORTS', { value: String(cell.kind === 'text' ? cell.text : cell.value) })
      : wrong('REG-TEXT-NUMBER')
  return text === '' ? value(undefined) : readText(text, field, names)
}

function readText(text: string, field: Field, names: Readonly<Record<Named, Names>>): CellReading {
  if (deceives(text)) return wrong('REG-TEXT-HIDDEN')
  switch (field.kind) {
    case 'id':
      return readId(text)
    case 'text':
      return text.length <= MAX_TEXT
        ? value(text)
        : wrong('REG-TEXT-LONG', { value: text.length, limit: MAX_TEXT })
    case 'choice':
      return readChoice(text, field)
    case 'choices':
      return readChoices(text, field)
    case 'yes-no':
      return readYesNo(text)
    case 'ports':
      return readPorts(text)
    case 'reference':
      return readReference(text, field.names!, names)
    case 'references':
      return readReferences(text, field.names!, names)
    case 'count':
      return readCount(text)
    case 'day':
      // Days were read above, from text and number alike.
      return wrong('REG-DAY', { value: text })
  }
}

const value = (one: EditValue | undefined): CellReading => ({ ok: true, value: one })
const wrong = (...[reason, values]: Parameters<typeof fault>): CellReading => ({
  ok: false,
  fault: fault(reason, values),
})

/** Digits that a number of Excel holds without loss. */
const MAX_DIGITS = 15

/** The text of a cell; a number only when it is shown as it is. Undefined when what is seen is not what is there. */
function textOf(cell: HeldCell): string | undefined {
  if (cell.kind === 'text') return cell.text.trim()
  if (cell.kind !== 'number' || cell.shown !== 'plain') return undefined
  const digits = String(cell.value)
  return Number.isInteger(cell.value) && digits.length <= MAX_DIGITS ? digits : undefined
}

function readDayCell(cell: HeldCell, dates: 1900 | 1904): CellReading {
  if (cell.kind === 'number') {
    const day = cell.shown === 'date' ? dayOfSerial(cell.value, dates) : undefined
    return day === undefined ? wrong('REG-DAY-NUMBER', { value: cell.value }) : value(day)
  }
  const text =
    cell.kind === 'text' ? cell.text.trim() : words[cell.kind === 'boolean' ? 'yes' : 'no']
  if (text === '') return value(undefined)
  const read = readDay(text)
  if (read.ok) return value(read.day)
  const reason = { form: 'REG-DAY', calendar: 'REG-DAY-CALENDAR', era: 'REG-DAY-ERA' } as const
  return wrong(reason[read.reason], { value: text })
}

function readId(text: string): CellReading {
  const id = halfWidth(text)
  return /^[a-z0-9][a-z0-9-]{0,62}$/u.test(id) ? value(id) : wrong('REG-ID', { value: text })
}

function choiceOf(text: string, field: Field): string | undefined {
  const given = halfWidth(text).toLowerCase()
  const found = [...choicesOf(field)].find((pair) =>
    pair.some((one) => halfWidth(one).toLowerCase() === given),
  )
  return found?.[0]
}

const allowed = (field: Field): string => [...choicesOf(field).values()].join(words.listMark)

function readChoice(text: string, field: Field): CellReading {
  const found = choiceOf(text, field)
  if (found !== undefined) return value(found)
  const foreign = field.choices === 'class' ? foreignClass(text) : undefined
  return foreign === undefined
    ? wrong('REG-CHOICE', { value: text, allowed: allowed(field) })
    : wrong('REG-CLASS-SCHEME', { value: text, allowed: foreign.candidates.join(words.listMark) })
}

/** Cuts a cell into its values: at `・` too, unless something known is called so. */
const partsOf = (text: string, isKnown: (part: string) => boolean): readonly string[] =>
  text
    .split(LIST_MARKS)
    .flatMap((part) => (isKnown(part.trim()) ? [part] : part.split('・')))
    .map((part) => part.trim())

function readChoices(text: string, field: Field): CellReading {
  if (halfWidth(text) === words.none) return value([])
  const parts = partsOf(text, (part) => choiceOf(part, field) !== undefined)
  const found = parts.map((part) => choiceOf(part, field))
  const bad = found.indexOf(undefined)
  if (bad >= 0) return wrong('REG-CHOICE', { value: parts[bad], allowed: allowed(field) })
  return value([...new Set(found as string[])])
}

function readReferences(
  text: string,
  kind: Named,
  names: Readonly<Record<Named, Names>>,
): CellReading {
  if (halfWidth(text) === words.none) return value([])
  const parts = partsOf(text, (part) => names[kind].find(part) !== undefined)
  const found: string[] = []
  for (const part of parts) {
    const read = readReference(part, kind, names)
    if (!read.ok) return read
    found.push(scalarText(read.value))
  }
  return value([...new Set(found)])
}

function readCount(text: string): CellReading {
  const digits = halfWidth(text)
  return /^\d{1,9}$/u.test(digits) ? value(Number(digits)) : wrong('REG-COUNT', { value: text })
}

function readYesNo(text: string): CellReading {
  if (text === words.yes) return value(true)
  return text === words.no ? value(false) : wrong('REG-YES-NO', { value: text })
}

const LAST_PORT = 65_535
const PORT_MARKS = /[、,，・;；]/u

function readPorts(text: string): CellReading {
  if (text === words.any) return value('any')
  const parts = halfWidth(text)
    .split(PORT_MARKS)
    .map((part) => part.trim().replaceAll(/\s*[-~〜–]\s*/gu, '-'))
  const ports = parts.map((part) => (/^\d{1,5}$/u.test(part) ? Number(part) : part))
  return ports.every(isPort) ? value(ports) : wrong('REG-PORTS', { value: text })
}

function isPort(port: number | string): boolean {
  if (typeof port === 'number') return port >= 1 && port <= LAST_PORT
  const [from = 0, to = 0] = port.split('-').map(Number)
  return /^\d{1,5}-\d{1,5}$/u.test(port) && from >= 1 && from <= to && to <= LAST_PORT
}

const KIND_WORDS: Readonly<Record<Named, string>> = {
  department: words.lists.department,
  place: words.lists.place,
  end: words.lists.end,
  asset: words.lists.asset,
  covered: words.lists.covered,
  contract: words.lists.contract,
  entruster: words.lists.entruster,
}

function readReference(
  text: string,
  kind: Named,
  names: Readonly<Record<Named, Names>>,
): CellReading {
  const found = names[kind].find(text)
  if (found === 'many') return wrong('REG-REFERENCE-MANY', { value: text, kind: KIND_WORDS[kind] })
  if (found !== undefined) return value(found.reference)
  const suggestion = nearest(text, names[kind].labels)
  return wrong('REG-REFERENCE', { value: text, kind: KIND_WORDS[kind], suggestion })
}
