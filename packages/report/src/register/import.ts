import { SekishoError } from '@sekisho/core'
import { editTown, MAX_EDITS, readTown } from '@sekisho/town'
import type { Edit, EditValue, Problem, TownReading } from '@sekisho/town'
import words from '../../words/registers.json' with { type: 'json' }
import type { HeldWorkbook } from '../excel/read.ts'
import { entryChanges, leftNotice, noticeOf, wholeChange } from './changes.ts'
import type { RegisterChange } from './changes.ts'
import { entryEdits, sameValue } from './edits.ts'
import { entriesOf } from './export.ts'
import { townNames } from './names.ts'
import type { Called } from './names.ts'
import { listedProblems, placed, registerProblem } from './problem.ts'
import type { RegisterProblem } from './problem.ts'
import { NAMING, REGISTERS, sheetName } from './registers.ts'
import type { NamingKey, Register, RegisterKey } from './registers.ts'
import { cellPlace, readSheet } from './rows.ts'
import type { RegisterSheet, SheetReading } from './rows.ts'
import { entryOf, scalarText, valueAt } from './value.ts'
import type { Entry } from './value.ts'
import { readId, readWish } from './wish.ts'
import type { Wish, WishReading } from './wish.ts'

export interface ImportOptions {
  /** Entries that a sheet does not have shall go. Otherwise they stay, and are counted. */
  readonly remove?: boolean
}

/** What an import would do, or everything that keeps it from being done. */
export type ImportPlan =
  | { readonly ok: false; readonly problems: readonly RegisterProblem[] }
  | {
      readonly ok: true
      /** The whole town file as it would be; the very same text when nothing changes. */
      readonly text: string
      /** What that text reads as. */
      readonly read: TownReading
      readonly changes: readonly RegisterChange[]
      /** What a person should know besides: sheets that were not read, entries that stay, comments that go. */
      readonly notices: readonly string[]
    }

/**
 * Plans what the registers in a workbook change in a town file. Nothing is written, and nothing is planned in part: either every cell can be read and the
 * result is a town, or all that is to be mended is listed by sheet and cell. A register without a sheet stays as it is.
 *
 * @param town the file as text, and as it reads
 * @throws SekishoError `BUG` when the planned text does not hold what the workbook says
 */
export function planImport(
  book: HeldWorkbook,
  town: { readonly read: TownReading; readonly text: string },
  { remove = false }: ImportOptions = {},
): ImportPlan {
  const found = findSheets(book)
  const entries = entriesOf(town.read)
  const wishes = readWishes(found.sheets, entries, town.read, book.dates, remove)
  const drafts = wishes.map((one) =>
    draftOf(one, entries[one.sheet.register.key] ?? [], town.read, remove),
  )
  const problems = [...found.problems, ...wishes.flatMap((one) => one.problems)]
  const result = applied(town.text, drafts)
  if (!result.ok || problems.length > 0) {
    const later = result.ok ? [] : result.problems.map((one) => inWorkbook(one, drafts))
    return { ok: false, problems: listedProblems([...problems, ...unmasked(later, problems)]) }
  }
  drafts.forEach((draft) => holdAgainst(result.read, draft))
  if (!sameValue(besideRegisters(result.read), besideRegisters(town.read)))
    throw new SekishoError('BUG', 'an import that changes more than the registers')
  const changes = drafts.flatMap((draft) => draft.changes)
  const notices = [...found.notices, ...drafts.flatMap((draft) => draft.notices)]
  return changes.length === 0
    ? { ok: true, ...town, changes, notices }
    : { ok: true, text: result.text, read: result.read, changes, notices }
}

/** The planned text, read again, must hold what the sheet says: the last line against a slip of our own. */
function holdAgainst(read: TownReading, { wishes, ids }: Draft): void {
  const { register } = wishes.sheet
  const after = new Map(
    (entriesOf(read)[register.key] ?? []).map((entry) => [scalarText(entry['id']), entry]),
  )
  const holds = wishes.wishes.every(({ id, values }) =>
    register.fields.every(({ path }) => sameValue(valueAt(after.get(id), path), values.get(path))),
  )
  if (!holds || !sameValue([...after.keys()], ids))
    throw new SekishoError('BUG', `an import that does not hold what ${register.key} asks`)
}

function besideRegisters({ document }: TownReading): unknown {
  const whole = document.toJS() as Record<string, unknown>
  return Object.entries(whole).filter(([key]) => !REGISTERS.some((one) => one.key === key))
}

/** With cells still to be mended, a name that seems to be missing may only not have been read. */
const unmasked = (
  later: readonly RegisterProblem[],
  earlier: readonly RegisterProblem[],
): readonly RegisterProblem[] =>
  earlier.length === 0 ? later : later.filter(({ reason }) => reason !== 'TOWN-REFERENCE')

interface FoundSheets {
  readonly sheets: readonly RegisterSheet[]
  readonly problems: readonly RegisterProblem[]
  readonly notices: readonly string[]
}

function findSheets(book: HeldWorkbook): FoundSheets {
  const readings = REGISTERS.flatMap((register) => {
    const name = sheetName(register.key)
    const held = book.sheets.filter((sheet) => sheet.name.trim() === name)
    // Which of two a clerk has filled in, nobody may guess.
    if (held.length > 1) return [twice(name)]
    return held.map((sheet) => readSheet(register, sheet))
  })
  const names = REGISTERS.map(({ key }) => sheetName(key))
  const ours = new Set([...names, words.choicesSheet, words.aboutSheet])
  const nothing = registerProblem('REG-NO-SHEET', {}, { value: names.join(words.listMark) })
  return {
    sheets: readings.flatMap((reading) => (reading.ok ? [reading.sheet] : [])),
    problems: [
      ...(readings.length === 0 ? [nothing] : []),
      ...readings.flatMap((reading) => (reading.ok ? [] : reading.problems)),
    ],
    notices: book.sheets
      .filter(({ name }) => !ours.has(name.trim()))
      .map(({ name }) => noticeOf('ignored', { name })),
  }
}

const twice = (sheet: string): SheetReading => ({
  ok: false,
  problems: [registerProblem('REG-SHEET-TWICE', { sheet })],
})

/** A sheet, what its rows wish, and which rows cannot be read. */
interface SheetWishes {
  /** What things are called now, and what they will be called. */
  readonly names: Record<'before' | 'after', ReturnType<typeof townNames>>
  readonly sheet: RegisterSheet
  readonly wishes: readonly Wish[]
  readonly problems: readonly RegisterProblem[]
}

type Entries = Readonly<Partial<Record<RegisterKey, readonly Entry[]>>>

function readWishes(
  sheets: readonly RegisterSheet[],
  entries: Entries,
  { town }: TownReading,
  dates: HeldWorkbook['dates'],
  remove: boolean,
): readonly SheetWishes[] {
  const shownNames = townNames(town)
  const identified = sheets.map((sheet) =>
    identify(sheet, { dates, names: shownNames, shownNames }),
  )
  const after = Object.fromEntries(
    NAMING.map((key) => [key, calledAfter(key, identified, town, remove)]),
  )
  const reading: WishReading = { dates, names: townNames(town, after), shownNames }
  return identified.map(({ sheet, rows, problems }) => {
    const current = new Map(entries[sheet.register.key]?.map((one) => [scalarText(one['id']), one]))
    const wishes = rows.map(({ id, row }) => readWish(sheet, row, id, current.get(id), reading))
    const called = { before: shownNames, after: reading.names }
    return {
      sheet,
      wishes,
      names: called,
      problems: [...problems, ...wishes.flatMap((wish) => wish.problems)],
    }
  })
}

interface Identified {
  readonly sheet: RegisterSheet
  readonly rows: readonly { readonly id: string; readonly row: RegisterSheet['rows'][number] }[]
  readonly problems: readonly RegisterProblem[]
}

function identify(sheet: RegisterSheet, reading: WishReading): Identified {
  const rows = new Map<string, RegisterSheet['rows'][number]>()
  const problems: RegisterProblem[] = []
  for (const row of sheet.rows) {
    const id = readId(sheet, row, reading)
    const place = cellPlace(sheet, row.row, sheet.register.fields[0]!)
    if (typeof id !== 'string') problems.push(registerProblem(id.reason, place, id.values))
    else if (rows.has(id)) problems.push(registerProblem('REG-ID-TWICE', place, { value: id }))
    else rows.set(id, row)
  }
  return { sheet, rows: [...rows].map(([id, row]) => ({ id, row })), problems }
}

/** What there will be of one list: an asset may be placed in a service, a paper belong to a contract, that comes with the same workbook. */
function calledAfter(
  key: NamingKey,
  identified: readonly Identified[],
  town: TownReading['town'],
  remove: boolean,
): readonly Called[] {
  const found = identified.find(({ sheet }) => sheet.register.key === key)
  if (!found) return town[key]
  const wished = new Map(
    found.rows.map(({ id, row }) => {
      const cell = row.cells.get('name')
      return [id, cell?.kind === 'text' ? cell.text.trim() : id]
    }),
  )
  const kept = town[key].filter(({ id }) => !remove && !wished.has(id))
  return [...kept, ...[...wished].map(([id, name]) => ({ id, name }))]
}

/** What one register asks of the file, and where each entry will stand. */
interface Draft {
  readonly wishes: SheetWishes
  /** Edits in place and at the end; then what goes, from the end. */
  readonly edits: readonly Edit[]
  readonly removals: readonly Edit[]
  /** Ids in the order of the list when all is done. */
  readonly ids: readonly string[]
  readonly changes: readonly RegisterChange[]
  readonly notices: readonly string[]
}

function draftOf(
  wishes: SheetWishes,
  entries: readonly Entry[],
  read: TownReading,
  remove: boolean,
): Draft {
  const { register } = wishes.sheet
  const { key } = register
  const now = new Map(entries.map((entry, index) => [scalarText(entry['id']), { entry, index }]))
  const named = new Set(wishes.wishes.map(({ id }) => id))
  const sound = wishes.wishes.filter(({ problems }) => problems.length === 0)
  const { before, after } = wishes.names
  const names = { before, after, sheet: wishes.sheet }
  const fresh = sound.filter(({ id }) => !now.has(id))
  const kept = sound.filter(({ id }) => now.has(id))
  const absent = [...now].filter(([id]) => !named.has(id))
  const going = remove ? absent : []
  const gone = new Set(going.map(([id]) => id))
  return {
    wishes,
    edits: [
      ...kept.flatMap(({ id, values }) => {
        const { entry, index } = now.get(id)!
        return entryEdits(`${key}[${index}]`, register, entry, values)
      }),
      ...newEntries(register, entries, fresh, read),
    ],
    removals: going
      .map(([, { index }]) => index)
      .toSorted((one, other) => other - one)
      .map((index) => ({ path: `${key}[${index}]`, remove: true })),
    ids: [...[...now.keys()].filter((id) => !gone.has(id)), ...fresh.map(({ id }) => id)],
    changes: [
      ...fresh.map((wish) =>
        wholeChange('add', key, wish.id, scalarText(wish.values.get('name')), {
          ...cellPlace(wishes.sheet, wish.row.row, register.fields[0]!),
        }),
      ),
      ...kept.flatMap((wish) => entryChanges(wish, now.get(wish.id)!.entry, names)),
      ...going.map(([id, { entry }]) => wholeChange('remove', key, id, scalarText(entry['name']))),
    ],
    notices: [
      ...going.flatMap(([, { entry, index }]) => commentNotice(read, key, index, entry)),
      ...(remove || absent.length === 0 ? [] : [leftNotice(key, absent.length)]),
    ],
  }
}

function newEntries(
  { key }: Register,
  entries: readonly Entry[],
  fresh: readonly Wish[],
  { document }: TownReading,
): readonly Edit[] {
  const values = fresh.map((wish) => entryOf(wish.values))
  if (values.length === 0) return []
  // A list that is not written, or written without a value, comes whole.
  if (!Array.isArray((document.toJS() as Record<string, unknown>)[key]))
    return [{ path: key, value: values satisfies EditValue }]
  return values.map((value, index) => ({ path: `${key}[${entries.length + index}]`, value }))
}

/** A comment above an entry that goes, goes with it: the person should know. */
function commentNotice(
  { document }: TownReading,
  key: RegisterKey,
  index: number,
  entry: Entry,
): readonly string[] {
  const node = document.getIn([key, index], true) as { readonly commentBefore?: string | null }
  return typeof node?.commentBefore === 'string' && node.commentBefore.trim() !== ''
    ? [noticeOf('comment', { register: sheetName(key), name: scalarText(entry['name']) })]
    : []
}

type Applied =
  | { readonly ok: true; readonly text: string; readonly read: TownReading }
  | { readonly ok: false; readonly problems: readonly Problem[] }

function applied(before: string, drafts: readonly Draft[]): Applied {
  const edits = [
    ...drafts.flatMap((draft) => draft.edits),
    ...drafts.flatMap((draft) => draft.removals),
  ]
  let text = before
  for (let start = 0; start < edits.length; start += MAX_EDITS) {
    const edited = editTown(text, edits.slice(start, start + MAX_EDITS))
    if (!edited.ok) return edited
    text = edited.text
  }
  const read = readTown(text)
  return read.ok ? { ok: true, text, read } : read
}

/** Says of a problem in the file that would be, which cell it comes from. */
function inWorkbook(
  { reason, path, message, cure }: Problem,
  drafts: readonly Draft[],
): RegisterProblem {
  const match = /^([a-zA-Z]+)\[(\d+)\](?:\.(.*))?$/u.exec(path)
  const draft = drafts.find(({ wishes }) => wishes.sheet.register.key === match?.[1])
  const id = draft?.ids[Number(match?.[2])]
  const wish = draft?.wishes.wishes.find((one) => one.id === id)
  if (!draft || !wish) return { reason, place: `town.yaml ${path}`, message, cure }
  const { sheet } = draft.wishes
  const inner = match?.[3] ?? 'id'
  const field =
    sheet.register.fields.find((one) => one.path === inner || inner.startsWith(`${one.path}[`)) ??
    sheet.register.fields[0]!
  return { reason, ...placed(cellPlace(sheet, wish.row.row, field)), message, cure }
}
