/**
 * Who may do what, from the town's own list of people.
 */
import type { Person, Town } from '@sekisho/core'
import type { SignedIn } from './accounts.ts'

/** Calendar day in Japan: people come and go at midnight there. */
const DAY = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Tokyo', dateStyle: 'short' })

/** True from the first to the last day of service, both inclusive. */
export function isActive(person: Person, now: Date): boolean {
  const day = DAY.format(now)
  return person.from <= day && (person.until === undefined || day <= person.until)
}

export function personOf(town: Town, id: string): Person | undefined {
  return town.people.find((person) => person.id === id)
}

export function departmentName(town: Town, person: Person): string {
  return town.departments.find((one) => one.id === person.department)?.name ?? person.department
}

/**
 * Who may approve what a person sends: approvers of the same department; when there is none besides the sender,
 * any approver. Never the sender.
 */
export function approversFor(town: Town, sender: string, now: Date): readonly Person[] {
  const department = personOf(town, sender)?.department
  const all = town.people.filter(
    (person) => person.id !== sender && person.roles.includes('approver') && isActive(person, now),
  )
  const near = all.filter((person) => person.department === department)
  return near.length > 0 ? near : all
}

/** Roles that see everybody's entries; anybody else sees their own. */
const ALL_SEEING = ['it-officer', 'ciso', 'auditor'] as const

/** Officers and auditors. */
export function seesAll({ person }: SignedIn): boolean {
  return ALL_SEEING.some((role) => person.roles.includes(role))
}
