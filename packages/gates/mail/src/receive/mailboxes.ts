/**
 * Whom mail may be for: the town's people within their dates, and its sections.
 */
import { domainToUnicode } from 'node:url'
import type { IsoDate, Person, Town } from '@sekisho/core'

/** A person's mailbox, taken between their first and last day. */
export interface PersonMailbox {
  readonly address: string
  /** Id of the person in the town's file. */
  readonly person: string
  readonly from: IsoDate
  readonly until?: IsoDate
}

/** A section's mailbox (福祉課). Its readers are whoever is in the section on the day. */
export interface SectionMailbox {
  readonly address: string
  /** Id of the department in the town's file. */
  readonly department: string
}

export type Mailbox = PersonMailbox | SectionMailbox

/** What the gate records about a recipient it did not take; the sender is told the same for all but the first. */
export type RecipientProblem = 'foreign' | 'unknown' | 'not-yet' | 'ended'

export type Recipient =
  | { readonly ok: true; readonly mailbox: Mailbox }
  | { readonly ok: false; readonly problem: RecipientProblem }

export interface Mailboxes {
  /** @param today `YYYY-MM-DD` in Japan */
  find(address: string, today: IsoDate): Recipient
}

/** The mailboxes that the town declares in the given domains; who has no address has none. */
export function mailboxesOf(
  { people, departments }: Pick<Town, 'people' | 'departments'>,
  domains: readonly string[],
): readonly Mailbox[] {
  const own = new Set(domains.map(domainKey))
  const sections = departments.flatMap(({ id, mail }): readonly SectionMailbox[] =>
    mail === undefined ? [] : [{ address: mail, department: id }],
  )
  return [...sections, ...people.flatMap(mailboxOf)].filter(({ address }) =>
    own.has(domainKey(split(address)[1])),
  )
}

/**
 * Who reads what is sent to `postmaster` (RFC 5321 4.5.1): whoever declares that address, then the IT officers. The first of them who is there on the day
 * counts, so it needs no thought when one of the two moves on.
 */
export function postmastersOf(
  town: Pick<Town, 'people' | 'departments'>,
  domains: readonly string[],
): readonly Mailbox[] {
  const officers = new Set(
    town.people.filter(({ roles }) => roles.includes('it-officer')).map(({ id }) => id),
  )
  const boxes = mailboxesOf(town, domains)
  return [
    ...boxes.filter(({ address }) => isPostmaster(split(address)[0])),
    ...boxes.filter((box) => 'person' in box && officers.has(box.person)),
  ]
}

/** Ids of the people who read a mailbox on a day. */
export function readersOf(
  mailbox: Mailbox,
  people: readonly Person[],
  today: IsoDate,
): readonly string[] {
  return people
    .filter((one) =>
      'person' in mailbox ? one.id === mailbox.person : one.department === mailbox.department,
    )
    .filter((one) => absence(one, today) === undefined)
    .map(({ id }) => id)
}

/**
 * @param domains what the town receives mail for; nothing else is taken, so the gate is no relay
 * @param postmasters who reads what is sent to `postmaster`, in this order
 */
export function openMailboxes(
  mailboxes: readonly Mailbox[],
  domains: readonly string[],
  postmasters: readonly Mailbox[],
): Mailboxes {
  const own = new Set(domains.map(domainKey))
  const byKey = new Map(mailboxes.map((mailbox) => [addressKey(mailbox.address), mailbox]))
  return {
    find: (address, today) => {
      const [local, domain] = split(address)
      if (domain !== '' && !own.has(domainKey(domain))) return { ok: false, problem: 'foreign' }
      const mailbox = isPostmaster(local)
        ? postmasters.find((one) => absenceFrom(one, today) === undefined)
        : byKey.get(addressKey(address))
      if (mailbox === undefined) return { ok: false, problem: 'unknown' }
      const problem = absenceFrom(mailbox, today)
      return problem === undefined ? { ok: true, mailbox } : { ok: false, problem }
    },
  }
}

function mailboxOf({ id, mail, from, until }: Person): readonly PersonMailbox[] {
  if (mail === undefined) return []
  return [{ address: mail, person: id, from, ...(until === undefined ? {} : { until }) }]
}

const absenceFrom = (mailbox: Mailbox, today: IsoDate): 'not-yet' | 'ended' | undefined =>
  'person' in mailbox ? absence(mailbox, today) : undefined

function absence(
  { from, until }: { readonly from: IsoDate; readonly until?: IsoDate },
  today: IsoDate,
): 'not-yet' | 'ended' | undefined {
  if (today < from) return 'not-yet'
  return until !== undefined && today > until ? 'ended' : undefined
}

const isPostmaster = (local: string): boolean => local.toLowerCase() === 'postmaster'

/** For comparing only; what is stored and shown stays as it was sent. */
export function addressKey(address: string): string {
  const [local, domain] = split(address)
  return `${local.normalize('NFC').toLowerCase()}@${domainKey(domain)}`
}

/** `xn--…` and its Japanese spelling are one domain. */
function domainKey(domain: string): string {
  return (domainToUnicode(domain) || domain).normalize('NFC').toLowerCase()
}

function split(address: string): readonly [local: string, domain: string] {
  const at = address.lastIndexOf('@')
  return at === -1 ? [address, ''] : [address.slice(0, at), address.slice(at + 1)]
}
