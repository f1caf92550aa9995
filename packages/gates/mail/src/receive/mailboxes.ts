/**
 * Whom mail may be for: the town's people, within their dates.
 */
import { domainToUnicode } from 'node:url'
import type { IsoDate, Person } from '@sekisho/core'

export interface Mailbox {
  readonly address: string
  /** Id of the person in the town's file. */
  readonly person: string
  readonly from: IsoDate
  readonly until?: IsoDate
}

/** What the gate records about a recipient it did not take; the sender is told the same for all but the first. */
export type RecipientProblem = 'foreign' | 'unknown' | 'not-yet' | 'ended'

export type Recipient =
  | { readonly ok: true; readonly mailbox: Mailbox }
  | { readonly ok: false; readonly problem: RecipientProblem }

export interface Mailboxes {
  /** @param today `YYYY-MM-DD` in Japan */
  find(address: string, today: IsoDate): Recipient
}

/** One mailbox per person: the id of the town's file before the `@`. The file has no addresses of its own yet. */
export function mailboxesOf(people: readonly Person[], domain: string): readonly Mailbox[] {
  return people.map(({ id, from, until }) => ({
    address: `${id}@${domain}`,
    person: id,
    from,
    ...(until === undefined ? {} : { until }),
  }))
}

/**
 * @param domains what the town receives mail for; nothing else is taken, so the gate is no relay
 * @param postmaster person who reads what is sent to `postmaster` (RFC 5321 4.5.1: always taken)
 */
export function openMailboxes(
  mailboxes: readonly Mailbox[],
  domains: readonly string[],
  postmaster: Mailbox,
): Mailboxes {
  const own = new Set(domains.map(domainKey))
  const byKey = new Map(mailboxes.map((mailbox) => [addressKey(mailbox.address), mailbox]))
  return {
    find: (address, today) => {
      const [local, domain] = split(address)
      if (domain !== '' && !own.has(domainKey(domain))) return { ok: false, problem: 'foreign' }
      if (local.toLowerCase() === 'postmaster') return { ok: true, mailbox: postmaster }
      const mailbox = byKey.get(addressKey(address))
      if (mailbox === undefined) return { ok: false, problem: 'unknown' }
      if (today < mailbox.from) return { ok: false, problem: 'not-yet' }
      if (mailbox.until !== undefined && today > mailbox.until)
        return { ok: false, problem: 'ended' }
      return { ok: true, mailbox }
    },
  }
}

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
