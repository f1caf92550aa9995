/**
 * Who may come in now: connections at once and messages in a minute, per address and together.
 */
import type { MailLimits } from './limits.ts'
import type { MailReason } from './replies.ts'

const MINUTE_MS = 60_000
/** Addresses remembered. An attacker with an IPv6 network has more; /64 is counted as one. */
const MAX_ADDRESSES = 10_000

interface Guest {
  connections: number
  /** Messages of the running minute, and when it began (milliseconds). */
  messages: number
  since: number
}

export class Admission {
  readonly #limits: MailLimits
  readonly #now: () => number
  readonly #guests = new Map<string, Guest>()
  #connections = 0

  /** @param now milliseconds of a clock that never goes back */
  constructor(limits: MailLimits, now: () => number) {
    this.#limits = limits
    this.#now = now
  }

  /** Counts a connection in; whoever was let in is counted out by `leave`. */
  enter(address: string): MailReason | undefined {
    const guest = this.#guest(address)
    if (
      this.#connections >= this.#limits.connections ||
      guest.connections >= this.#limits.connectionsPerAddress
    )
      return 'SMTP-CONNECTIONS'
    this.#connections += 1
    guest.connections += 1
    return undefined
  }

  leave(address: string): void {
    this.#connections -= 1
    this.#guest(address).connections -= 1
  }

  message(address: string): MailReason | undefined {
    const guest = this.#guest(address)
    const now = this.#now()
    if (now - guest.since >= MINUTE_MS) Object.assign(guest, { messages: 0, since: now })
    if (guest.messages >= this.#limits.messagesPerMinute) return 'SMTP-RATE'
    guest.messages += 1
    return undefined
  }

  #guest(address: string): Guest {
    const key = networkOf(address)
    const known = this.#guests.get(key)
    if (known !== undefined) return known
    if (this.#guests.size >= MAX_ADDRESSES) this.#forget()
    const guest = { connections: 0, messages: 0, since: this.#now() }
    this.#guests.set(key, guest)
    return guest
  }

  /** Forgets who is not here and has been quiet for a minute; else the one who came first of those not here. */
  #forget(): void {
    const now = this.#now()
    const gone = [...this.#guests].filter(([, { connections }]) => connections === 0)
    const quiet = gone.filter(([, { since }]) => now - since >= MINUTE_MS)
    for (const [key] of quiet.length > 0 ? quiet : gone.slice(0, 1)) this.#guests.delete(key)
  }
}

/** One house has one /64 of IPv6, and every address in it. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address
  const [head = '', tail = ''] = address.split('::', 2)
  const front = head === '' ? [] : head.split(':')
  const back = tail === '' ? [] : tail.split(':')
  const zeros = address.includes('::') ? Math.max(0, 8 - front.length - back.length) : 0
  const groups = [...front, ...Array.from({ length: zeros }, () => '0'), ...back]
  return groups
    .slice(0, 4)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/u, ''))
    .join(':')
}
