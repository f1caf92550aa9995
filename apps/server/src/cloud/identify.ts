/**
 * Who is at a terminal: by its certificate, else by name and password, else, in a lab only, by where it comes from. Whoever shows a certificate that nobody knows is not asked
 * again by a weaker way.
 */
import { createHmac, randomBytes } from 'node:crypto'
import type { IsoDate, Town } from '@sekisho/core'
import type { Client, Gatekeeper, Refused, Shown } from '@sekisho/gates/web'
import { contains, readAddress } from '@sekisho/town'
import { verifyPassword } from '../host/password.ts'
import type { KnownClients } from './known-clients.ts'

/** Passwords that are tried at a time, and that wait: each takes 64 MB and a tenth of a second. */
const AT_ONCE = 2
const WAITING = 64
/** Wrong passwords from one terminal within `MINUTE` after which it has to wait. */
const WRONG = 10
const MINUTE = 60_000
/** How long a password that was right is taken without trying it again. */
const REMEMBERED = 5 * MINUTE
const REMEMBERED_MOST = 2_000

const WHO: Refused = { result: 'refuse', reason: 'WEB-WHO', service: '' }

export interface IdentifyOptions {
  readonly town: () => Town
  readonly known: () => KnownClients
  readonly today: () => IsoDate
  /** Milliseconds. */
  readonly clock?: () => number
}

export function identifier(options: IdentifyOptions): Gatekeeper['identify'] {
  const passwords = new Passwords(options)
  const places = new Places()
  const tried = async ({ from, credentials, certificate }: Shown): Promise<Client | Refused> => {
    if (certificate !== undefined) {
      const known = options.known()
      const id = known.certificates.get(certificate)
      // Somebody's certificate with somebody else's password is one of the two in wrong hands.
      const same = credentials === undefined || (await passwords.personOf(from, credentials)) === id
      return clientOf(same ? id : undefined, options)
    }
    const id = credentials === undefined ? undefined : await passwords.personOf(from, credentials)
    return clientOf(id, options)
  }
  // A certificate or a name is what they are held to; where they come from counts only without either.
  return (shown) =>
    shown.certificate === undefined && shown.credentials === undefined
      ? clientOf(places.personAt(shown.from, options.known()), options)
      : tried(shown)
}

/** Who is where, read once for each address. */
class Places {
  #known: KnownClients | undefined
  readonly #ids = new Map<string, string | undefined>()

  personAt(from: string, known: KnownClients): string | undefined {
    if (known !== this.#known || this.#ids.size >= REMEMBERED_MOST) this.#ids.clear()
    this.#known = known
    if (this.#ids.has(from)) return this.#ids.get(from)
    const address = readAddress(from.replace(/^::ffff:(?=\d+\.)/u, ''))
    const there = address && known.addresses.find(({ range }) => contains(range, address))
    this.#ids.set(from, there?.id)
    return there?.id
  }
}

/** A person of the town who is in office today, or one of its machines. */
function clientOf(id: string | undefined, { town, today }: IdentifyOptions): Client | Refused {
  if (id === undefined) return WHO
  const { people, systems } = town()
  const day = today()
  const person = people.find((one) => one.id === id)
  if (person)
    return person.from <= day && day <= (person.until ?? day)
      ? { id, department: person.department }
      : WHO
  const system = systems.find(({ hosts }) => hosts.some((host) => host.id === id))
  return system ? { id, department: system.owner } : WHO
}

class Passwords {
  readonly #options: IdentifyOptions
  readonly #clock: () => number
  /** What is remembered is not the password, and means nothing in another process. */
  readonly #key = randomBytes(32)
  readonly #right = new Map<string, { readonly id: string; readonly hash: string; until: number }>()
  readonly #wrong = new Map<string, { count: number; until: number }>()
  #busy = 0
  readonly #queue: (() => void)[] = []

  constructor(options: IdentifyOptions) {
    this.#options = options
    this.#clock = options.clock ?? Date.now
  }

  async personOf(from: string, header: string): Promise<string | undefined> {
    const { credentials } = this.#options.known()
    const mark = createHmac('sha256', this.#key).update(header).digest('base64')
    const right = this.#right.get(mark)
    // A person whose line was taken out or changed is somebody else at once.
    if (right && right.until > this.#clock() && credentials.get(right.id) === right.hash)
      return right.id
    const given = basicOf(header)
    const hash = given && credentials.get(given.name)
    if (!given || hash === undefined || this.#mustWait(from)) return undefined
    if (!(await this.#tried(hash, given.password))) {
      this.#count(from)
      return undefined
    }
    if (this.#right.size >= REMEMBERED_MOST) this.#right.clear()
    this.#right.set(mark, { id: given.name, hash, until: this.#clock() + REMEMBERED })
    return given.name
  }

  async #tried(hash: string, password: string): Promise<boolean> {
    while (this.#busy >= AT_ONCE) {
      if (this.#queue.length >= WAITING) return false
      await new Promise<void>((resolve) => this.#queue.push(resolve))
    }
    this.#busy += 1
    try {
      return await verifyPassword({ hash, password })
    } finally {
      this.#busy -= 1
      this.#queue.shift()?.()
    }
  }

  #mustWait(from: string): boolean {
    const wrong = this.#wrong.get(from)
    return wrong !== undefined && wrong.until > this.#clock() && wrong.count >= WRONG
  }

  #count(from: string): void {
    const now = this.#clock()
    const before = this.#wrong.get(from)
    if (this.#wrong.size >= REMEMBERED_MOST) this.#wrong.clear()
    if (before && before.until > now) before.count += 1
    else this.#wrong.set(from, { count: 1, until: now + MINUTE })
  }
}

/** RFC 7617. */
function basicOf(header: string): { readonly name: string; readonly password: string } | undefined {
  const coded = /^Basic +([A-Za-z0-9+/]{1,1024}={0,2})$/iu.exec(header)?.[1]
  if (coded === undefined) return undefined
  const text = Buffer.from(coded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon < 1 ? undefined : { name: text.slice(0, colon), password: text.slice(colon + 1) }
}
