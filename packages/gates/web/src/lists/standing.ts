/** May a snapshot be used today? Only signed by who may import, approved by another who may, unchanged since, and young enough. */
import type { IsoDate, Person } from '@sekisho/core'
import { daysBetween, todayInJapan } from '@sekisho/town'
import { listDigest } from './destination-list.ts'
import type { DestinationList } from './destination-list.ts'
import { openListRecord } from './list-record.ts'
import type { ListRecord } from './list-record.ts'

/** A snapshot as it lies in the folder, with its notes as text. */
export interface HeldList {
  readonly list: DestinationList
  readonly imported: string
  readonly approved?: string
}

/** What the town says about lists. */
export interface ListTerms {
  /** Verifier keys, `s0003+…`. */
  readonly signers: readonly string[]
  readonly people: readonly Person[]
  /** Days from import after which a list is not used any more. */
  readonly listDays: number
  /** Today in Japan. */
  readonly at: IsoDate
}

export type Standing = Readonly<
  { readonly list: DestinationList; readonly record: ListRecord; readonly age: number } & (
    | { readonly state: 'usable'; readonly approval: ListRecord }
    | { readonly state: 'old' | 'unapproved' }
  )
>
export type ListStanding =
  | Standing
  | { readonly state: 'missing' }
  | { readonly state: 'unsigned' | 'altered'; readonly list: DestinationList }

/**
 * The snapshot of one list that is used today: the newest version that may be. A newer one that waits for approval does not take the place of
 * one in force. Of none that may be used, what is the matter with the newest.
 */
export function standingOf(held: readonly HeldList[], terms: ListTerms): ListStanding {
  const all = held
    .map((one) => standing(one, terms))
    .toSorted((a, b) => b.list.version.localeCompare(a.list.version, 'en') || ageOf(a) - ageOf(b))
  return all.find(({ state }) => state === 'usable') ?? all[0] ?? { state: 'missing' }
}

function standing(held: HeldList, terms: ListTerms): Exclude<ListStanding, { state: 'missing' }> {
  const { list } = held
  const record = openListRecord(held.imported, terms.signers)
  if (record?.kind !== 'import' || !mayImport(record, terms.people))
    return { state: 'unsigned', list }
  if (!isAbout(record, list)) return { state: 'altered', list }
  const age = daysBetween(dayOf(record), terms.at)
  // A day that has not come is no younger list; a clock was wrong, or somebody wants it to last.
  if (age > terms.listDays || age < -1) return { state: 'old', list, record, age }
  const approval =
    held.approved === undefined ? undefined : openListRecord(held.approved, terms.signers)
  const good =
    approval?.kind === 'approval' &&
    isAbout(approval, list) &&
    mayApprove(approval, record, terms.people)
  return good
    ? { state: 'usable', list, record, approval, age }
    : { state: 'unapproved', list, record, age }
}

const isAbout = (record: ListRecord, list: DestinationList): boolean =>
  record.list === list.list && record.version === list.version && record.digest === listDigest(list)

/** Importing is the IT officer's. */
export function mayImport(record: ListRecord, people: readonly Person[]): boolean {
  return holds(record, people, ['it-officer'])
}

/** Approving is another IT officer's or the CISO's: who made it does not approve it. */
export function mayApprove(
  approval: ListRecord,
  imported: ListRecord,
  people: readonly Person[],
): boolean {
  return approval.by !== imported.by && holds(approval, people, ['it-officer', 'ciso'])
}

function holds(
  record: ListRecord,
  people: readonly Person[],
  roles: readonly Person['roles'][number][],
): boolean {
  const day = dayOf(record)
  const person = people.find(({ id }) => id === record.by)
  if (!person || person.from > day || (person.until ?? day) < day) return false
  return person.roles.some((role) => roles.includes(role))
}

const dayOf = (record: ListRecord): IsoDate => todayInJapan(new Date(record.at))
const ageOf = (one: ListStanding): number => ('age' in one ? one.age : Number.MAX_SAFE_INTEGER)
