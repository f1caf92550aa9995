/**
 * The low side's spool: what people hand over, until the high side has ended it. Everything acknowledged is on disk.
 */
import { createHash } from 'node:crypto'
import type { CrossingState, DisarmOffer, Step } from '@sekisho/core'
import { SekishoError } from '@sekisho/core'
import {
  announceTransfer,
  countOpenTransfers,
  findMailPart,
  findTransfer,
  findTransferByKey,
  forgetEvents,
  insertMailParts,
  insertTransfer,
  listAbandoned,
  listAnnounced,
  listEvents,
  listMailParts,
  listShreddable,
  listTransfers,
  pushEvent,
  removeMailParts,
  updateTransfer,
} from '@sekisho/store'
import type { LowTables, MailPartRow, Store, TransferRow, Vault } from '@sekisho/store'
import type { NewTransfer } from '../api.ts'
import { newId } from '../host/identifiers.ts'
import { oneAtATime } from '../host/one-at-a-time.ts'
import { BATCH_MAX, readCured } from '../link/messages.ts'
import type { LinkCured, LinkState, LowEvent } from '../link/messages.ts'
import { fromJson } from '../shape.ts'

/** Transfers of one account that may be under way at once. */
export const OPEN_MAX = 200
/** Transfers listed for their owner. */
const LIST_MAX = 200
/** Hours after which an upload that nobody continues is thrown away. */
const ABANDONED_HOURS = 48

export interface SpoolOptions {
  readonly store: Store<LowTables>
  /** Originals, sealed. */
  readonly originals: Vault
  /** Disarmed bytes on their way out, sealed. */
  readonly outputs: Vault
  /** Passwords of files, sealed until the file was opened with them; they never leave this side. */
  readonly passwords: Vault
  /** Files that mails brought, sealed until somebody asks for them. */
  readonly parts: Vault
  /** Days an original stays sealed after its crossing ended. */
  readonly originalDays: number
  /** The same for the original of a mail and for what it brought. */
  readonly mailDays: number
  readonly clock?: () => Date
}

export interface Giver {
  readonly account: string
  readonly person: string
}

/** What came to this side by itself: a mail, or a file out of one. `account` begins with `@`, as no account of a person does. */
export interface Arrival {
  readonly account: `@${string}`
  readonly key: string
  readonly person: string
  readonly kind: 'file' | 'mail'
  readonly fileName: string
  readonly purpose: string
  readonly size: number
  readonly receivedAt: string
  /** JSON of what is known of a mail; empty for a file. */
  readonly mail: string
  readonly password?: string
}

export type Begun =
  | { readonly ok: true; readonly row: TransferRow }
  | { readonly ok: false; readonly reason: 'TRANSFER-DIFFERS' | 'TOO-MANY-OPEN' }

export type Continued =
  | { readonly ok: true; readonly row: TransferRow }
  | {
      readonly ok: false
      readonly reason: 'OFFSET-DIFFERS' | 'TRANSFER-ENDED'
      readonly offset: number
    }

export type Cancelled =
  | { readonly ok: true; readonly row: TransferRow }
  | { readonly ok: false; readonly row: TransferRow }

/** A transfer of which nothing is known yet but what its giver said. */
const FRESH = {
  state: 'receiving',
  step: 'receive',
  finished_at: null,
  input_sha256: null,
  problem: null,
  removed: '[]',
  version: 0,
  taken_up: 0,
  cancel_requested: 0,
  cured: null,
  shred_at: null,
  shredded: 0,
} as const

/** How a refused file is to be tried again: with a password, or (without one) as pictures. */
export interface AgainWish {
  readonly idempotencyKey: string
  readonly password?: string
}

export type Again =
  | { readonly ok: true; readonly row: TransferRow }
  | { readonly ok: false; readonly reason: 'AGAIN-NOT-OFFERED' | 'TOO-MANY-OPEN' }

/** What the giver may try next with the same bytes; nothing once they are shredded. */
export function offersOf(
  row: Pick<TransferRow, 'state' | 'cured' | 'shredded'>,
): readonly DisarmOffer[] {
  if (row.state !== 'refused' || row.cured === null || row.shredded !== 0) return []
  return fromJson(row.cured, readCured)?.report.offers ?? []
}

/** The outcome asked for; anything unknown is the same format again. */
export function outcomeOf({ outcome }: Pick<TransferRow, 'outcome'>): 'rebuild' | 'flatten' {
  return outcome === 'flatten' ? 'flatten' : 'rebuild'
}

const FINAL: readonly CrossingState[] = ['delivered', 'refused', 'returned', 'cancelled']

export class Spool {
  readonly #options: SpoolOptions
  readonly #inTurn = oneAtATime()
  readonly #waiting = new Set<() => void>()
  #changes = 0

  constructor(options: SpoolOptions) {
    this.#options = options
  }

  /** Begins a transfer, or finds the one this account began with the same key. */
  begin(giver: Giver, wanted: NewTransfer): Promise<Begun> {
    return this.#inTurn(`account ${giver.account}`, async () => {
      const { store } = this.#options
      const known = await findTransferByKey(store.db, giver.account, wanted.idempotencyKey)
      if (known) {
        const same = known.file_name === wanted.fileName && known.size === wanted.size
        return same ? { ok: true, row: known } : { ok: false, reason: 'TRANSFER-DIFFERS' }
      }
      if ((await countOpenTransfers(store.db, giver.account)) >= OPEN_MAX)
        return { ok: false, reason: 'TOO-MANY-OPEN' }
      const id = newId()
      await this.#options.originals.create(id)
      const row = await store.write((tx) =>
        insertTransfer(tx, {
          id,
          account: giver.account,
          person: giver.person,
          idempotency_key: wanted.idempotencyKey,
          file_name: wanted.fileName,
          purpose: wanted.purpose,
          size: wanted.size,
          received: 0,
          ...FRESH,
          created_at: this.#now(),
          outcome: 'rebuild',
          again_of: '',
        }),
      )
      return { ok: true, row }
    })
  }

  /**
   * Takes in what came to this side by itself; durable when it resolves. The same key twice is one transfer, and one that a crash cut short is
   * gone on with. No limit on how many are under way: who sent it was promised that it is kept.
   */
  take(arrival: Arrival, content: () => AsyncIterable<Buffer>): Promise<TransferRow> {
    const { account, key } = arrival
    return this.#inTurn(`arrival ${account} ${key}`, async () => {
      const known = await findTransferByKey(this.#options.store.db, account, key)
      if (known && known.state !== 'receiving') return known
      const row = known ?? (await this.#arrived(arrival))
      const { originals } = this.#options
      if (known) {
        await originals.remove(row.id)
        await originals.create(row.id)
      }
      // Of the bytes that are sealed, not of what is read back: whoever takes them out compares.
      const hash = createHash('sha256')
      let at = 0
      for await (const piece of inPieces(content())) {
        await originals.append(row.id, at, piece)
        hash.update(piece)
        at += piece.length
      }
      if (at !== row.size) throw new SekishoError('STORE_CORRUPT', 'not the bytes that came')
      await originals.finish(row.id)
      return this.#received(row, hash.digest('hex'))
    })
  }

  /** The place of the bytes and the password first, then the row: what is on record can be worked on. */
  async #arrived(arrival: Arrival): Promise<TransferRow> {
    const { originals, store } = this.#options
    const id = newId()
    await originals.create(id)
    if (arrival.password !== undefined) await this.#keepPassword(id, arrival.password)
    return store.write((tx) =>
      insertTransfer(tx, {
        id,
        account: arrival.account,
        person: arrival.person,
        idempotency_key: arrival.key,
        file_name: arrival.fileName,
        purpose: arrival.purpose,
        size: arrival.size,
        received: 0,
        ...FRESH,
        created_at: arrival.receivedAt,
        outcome: 'rebuild',
        again_of: '',
        kind: arrival.kind,
        mail: arrival.mail,
      }),
    )
  }

  async #keepPassword(id: string, password: string): Promise<void> {
    const { passwords } = this.#options
    await passwords.create(id)
    await passwords.append(id, 0, Buffer.from(password))
    await passwords.finish(id)
  }

  /**
   * Tries a refused file again, with its password or as pictures: a new transfer, with its own number and its own place in the log, of the bytes that
   * are still sealed here. The same key twice is one transfer.
   */
  again(giver: Giver, id: string, wish: AgainWish): Promise<Again> {
    return this.#inTurn(`account ${giver.account}`, async () => {
      const { store } = this.#options
      const known = await findTransferByKey(store.db, giver.account, wish.idempotencyKey)
      if (known) return { ok: true, row: known }
      const old = await this.#row(id)
      const asked = wish.password === undefined ? 'flatten' : 'password'
      if (!offersOf(old).includes(asked)) return { ok: false, reason: 'AGAIN-NOT-OFFERED' }
      if ((await countOpenTransfers(store.db, giver.account)) >= OPEN_MAX)
        return { ok: false, reason: 'TOO-MANY-OPEN' }
      return { ok: true, row: await this.#repeat(old, wish) }
    })
  }

  /** Bytes and password first, then the row: what is on record can be worked on. */
  async #repeat(old: TransferRow, wish: AgainWish): Promise<TransferRow> {
    const { originals, store } = this.#options
    const id = newId()
    await originals.create(id)
    let at = 0
    for await (const chunk of originals.read(old.id)) {
      await originals.append(id, at, chunk)
      at += chunk.length
    }
    if (wish.password !== undefined) await this.#keepPassword(id, wish.password)
    const { number: _, ...copied } = old
    const row = await store.write((tx) =>
      insertTransfer(tx, {
        ...copied,
        id,
        idempotency_key: wish.idempotencyKey,
        received: old.size,
        ...FRESH,
        created_at: this.#now(),
        outcome: wish.password === undefined ? 'flatten' : old.outcome,
        again_of: old.number,
      }),
    )
    return this.#whole(row)
  }

  /** The password given for this transfer, as long as it was not used. */
  async password(id: string): Promise<string | undefined> {
    const { passwords } = this.#options
    if (!(await passwords.ids()).includes(id)) return undefined
    const chunks: Buffer[] = []
    for await (const chunk of passwords.read(id)) chunks.push(chunk)
    return Buffer.concat(chunks).toString()
  }

  /** Adds bytes at `offset`. When it resolves they survive a power cut. The last ones make the transfer whole. */
  continue(id: string, offset: number, bytes: Uint8Array): Promise<Continued> {
    return this.#inTurn(id, async () => {
      const row = await this.#row(id)
      if (row.state !== 'receiving')
        return row.received === offset && bytes.length === 0
          ? { ok: true, row }
          : { ok: false, reason: 'TRANSFER-ENDED', offset: row.received }
      const { originals } = this.#options
      const { accepted, offset: end } =
        offset + bytes.length > row.size
          ? { accepted: false, offset: await originals.size(id) }
          : await originals.append(id, offset, bytes)
      if (!accepted) return { ok: false, reason: 'OFFSET-DIFFERS', offset: end }
      return {
        ok: true,
        row: end === row.size ? await this.#whole(row) : await this.#grown(row, end),
      }
    })
  }

  async #grown(row: TransferRow, received: number): Promise<TransferRow> {
    await this.#options.store.write((tx) => updateTransfer(tx, row.id, { received }))
    return { ...row, received }
  }

  /** All bytes are here: seal it, take its digest, and tell the high side. */
  async #whole(row: TransferRow): Promise<TransferRow> {
    const { originals } = this.#options
    await originals.finish(row.id)
    const hash = createHash('sha256')
    for await (const chunk of originals.read(row.id)) hash.update(chunk)
    return this.#received(row, hash.digest('hex'))
  }

  async #received(row: TransferRow, input_sha256: string): Promise<TransferRow> {
    const { store } = this.#options
    const change = { state: 'received', received: row.size, input_sha256 }
    await store.write((tx) => announceTransfer(tx, row.id, change))
    this.#wake()
    return { ...row, ...change }
  }

  /**
   * Takes it back: at once while the high side has not taken it up, else by asking the high side, which alone knows
   * whether it has arrived.
   */
  async cancel(id: string, waitMs: number): Promise<Cancelled> {
    const asked = await this.#inTurn(id, async () => {
      const row = await this.#row(id)
      if (isFinal(row)) return row
      if (row.taken_up === 0) return this.#cancelledHere(row)
      await this.#options.store.write((tx) => announceTransfer(tx, id, { cancel_requested: 1 }))
      this.#wake()
      return this.#row(id)
    })
    const row = isFinal(asked) ? asked : await this.#settled(id, waitMs)
    return { ok: row.state === 'cancelled' || !isFinal(row), row }
  }

  async #cancelledHere(row: TransferRow): Promise<TransferRow> {
    const at = this.#now()
    const event: LowEvent & { at: string } = {
      kind: 'cancelled',
      at,
      actor: row.person,
      detail: { number: row.number, file: row.file_name, step: row.step },
    }
    await this.#options.store.write(async (tx) => {
      await pushEvent(tx, JSON.stringify(event))
      await updateTransfer(tx, row.id, { state: 'cancelled', finished_at: at, shred_at: at })
    })
    this.#wake()
    return this.#row(row.id)
  }

  /** Waits until the high side has ended it, or the time is up. */
  async #settled(id: string, waitMs: number): Promise<TransferRow> {
    const until = Date.now() + waitMs
    for (;;) {
      const seen = this.#changes
      const row = await this.#row(id)
      const left = until - Date.now()
      if (isFinal(row) || left <= 0) return row
      await this.#change(seen, left)
    }
  }

  find(id: string): Promise<TransferRow | undefined> {
    return findTransfer(this.#options.store.db, id)
  }

  list(account: string): Promise<TransferRow[]> {
    return listTransfers(this.#options.store.db, account, LIST_MAX)
  }

  /** Puts something that happened here on its way to the log; durable when it resolves. */
  note(event: LowEvent): Promise<void> {
    return this.change(event, async () => undefined)
  }

  /** The same in one unit with what it is about: neither is there without the other. */
  async change(
    event: LowEvent,
    work: (tx: Parameters<typeof updateTransfer>[0]) => Promise<void>,
  ): Promise<void> {
    const text = JSON.stringify({ ...event, at: this.#now() })
    await this.#options.store.write(async (tx) => {
      await pushEvent(tx, text)
      await work(tx)
    })
    this.#wake()
  }

  /** What the high side has not seen; waits for something when there is nothing. Items count as taken up from here. */
  async news(
    itemsAfter: number,
    eventsAfter: number,
    waitMs: number,
  ): Promise<{ items: TransferRow[]; events: { seq: number; event: string }[] }> {
    const { store } = this.#options
    if (eventsAfter > 0) await store.write((tx) => forgetEvents(tx, eventsAfter))
    const until = Date.now() + waitMs
    for (;;) {
      const seen = this.#changes
      const events = await listEvents(store.db, eventsAfter, BATCH_MAX)
      const items = await this.#takeUp(itemsAfter)
      const left = until - Date.now()
      if (items.length + events.length > 0 || left <= 0) return { items, events }
      await this.#change(seen, left)
    }
  }

  /** One unit, so that a transfer is either cancelled here or taken up there, never both. */
  async #takeUp(after: number): Promise<TransferRow[]> {
    const { store } = this.#options
    if ((await listAnnounced(store.db, after, 1)).length === 0) return []
    return store.write(async (tx) => {
      const rows = await listAnnounced(tx, after, BATCH_MAX)
      for (const { id } of rows.filter((row) => row.taken_up === 0 && !isFinal(row)))
        await updateTransfer(tx, id, { taken_up: 1 })
      return rows
    })
  }

  /** The sealed original of a transfer that the high side has taken up. */
  async original(id: string): Promise<Uint8Array> {
    const row = await this.#row(id)
    const chunks: Buffer[] = []
    for await (const chunk of this.#options.originals.read(id)) chunks.push(chunk)
    const bytes = Buffer.concat(chunks)
    if (createHash('sha256').update(bytes).digest('hex') !== row.input_sha256)
      throw new SekishoError('STORE_CORRUPT', 'the original is not what was received')
    return bytes
  }

  /** Keeps what disarming made, bytes first: a result that is on record has its bytes. `parts` are what a mail brought, by its pick-ups. */
  async keepCured(
    id: string,
    cured: LinkCured,
    output: Uint8Array | undefined,
    contents: readonly Uint8Array[] = [],
  ): Promise<void> {
    const { outputs, parts, store } = this.#options
    if (output) await fill(outputs, id, output)
    const rows = (cured.mail?.pickUps ?? []).map(({ part, name, bytes }) => ({
      id: partId(id, part),
      transfer: id,
      part,
      file_name: name,
      size: bytes,
    }))
    for (const [index, row] of rows.entries())
      await fill(parts, row.id, contents[index] ?? new Uint8Array())
    const change = { cured: JSON.stringify(cured), state: 'curing', step: 'cure' }
    await store.write(async (tx) => {
      await insertMailParts(tx, rows)
      await updateTransfer(tx, id, change)
    })
    await this.#options.passwords.remove(id)
  }

  /** A file that a mail brought, as long as it is kept. */
  part(mail: string, part: string): Promise<MailPartRow | undefined> {
    return findMailPart(this.#options.store.db, mail, part)
  }

  partContent(id: string): AsyncGenerator<Buffer> {
    return this.#options.parts.read(id)
  }

  output(id: string): AsyncGenerator<Buffer> {
    return this.#options.outputs.read(id)
  }

  /** What the high side says about it. A final state is never changed again. */
  show(id: string, shown: LinkState): Promise<void> {
    return this.#inTurn(id, async () => {
      const row = await this.#row(id)
      if (isFinal(row)) return
      const final = FINAL.includes(shown.state)
      await this.#options.store.write((tx) =>
        updateTransfer(tx, id, {
          state: shown.state,
          step: shown.step,
          removed: JSON.stringify(shown.removed),
          problem: shown.problem ? JSON.stringify(shown.problem) : null,
          ...(final ? { finished_at: this.#now(), shred_at: this.#shredAt(row) } : {}),
        }),
      )
      if (final) await this.#options.outputs.remove(id)
      if (final) await this.#options.passwords.remove(id)
      this.#wake()
    })
  }

  /** After a start: an upload whose last bytes were on disk, but not yet announced, is announced. */
  async recover(): Promise<void> {
    const { passwords } = this.#options
    // A password whose transfer was never put on record belongs to nobody.
    for (const id of await passwords.ids()) if (!(await this.find(id))) await passwords.remove(id)
    for (const row of await listAbandoned(this.#options.store.db, '9999', 100_000)) {
      // Taken again from its beginning by whoever brought it: killed in between, it may have no place for its bytes.
      if (row.account.startsWith('@')) continue
      const end = await this.#options.originals.size(row.id)
      if (end === row.size) await this.#whole(row)
      else if (end !== row.received) await this.#grown(row, end)
    }
  }

  /** Shreds originals whose days are over, and forgets uploads that nobody continues. */
  async tidy(): Promise<void> {
    const { store, originals, outputs } = this.#options
    const before = new Date(this.#clock() - ABANDONED_HOURS * 3_600_000).toISOString()
    for (const row of await listAbandoned(store.db, before, 1000))
      await this.#inTurn(row.id, async () => {
        // A mail is gone on with by whoever took it: nobody else has it any more.
        if (row.kind === 'mail') return
        if ((await this.#row(row.id)).state === 'receiving') await this.#cancelledHere(row)
      })
    for (const row of await listShreddable(store.db, this.#now(), 1000)) {
      const event: LowEvent & { at: string } = {
        kind: 'changed',
        at: this.#now(),
        actor: 'system',
        detail: { what: 'original-shredded', number: row.number, sha256: row.input_sha256 ?? '' },
      }
      // On its way to the log first, then gone.
      if (row.shredded === 0)
        await store.write(async (tx) => {
          await pushEvent(tx, JSON.stringify(event))
          await updateTransfer(tx, row.id, { shredded: 1 })
        })
      await originals.remove(row.id)
      await outputs.remove(row.id)
      await this.#options.passwords.remove(row.id)
      for (const part of await listMailParts(store.db, row.id))
        await this.#options.parts.remove(part.id)
      await store.write(async (tx) => {
        await removeMailParts(tx, row.id)
        await updateTransfer(tx, row.id, { shredded: 2 })
      })
    }
  }

  async #row(id: string): Promise<TransferRow> {
    const row = await findTransfer(this.#options.store.db, id)
    if (!row) throw new SekishoError('NOT_FOUND', 'no such transfer')
    return row
  }

  #wake(): void {
    this.#changes += 1
    for (const wake of this.#waiting) wake()
    this.#waiting.clear()
  }

  /** Waits for a change after the one seen: one that came while looking is not missed. */
  async #change(seen: number, waitMs: number): Promise<void> {
    if (this.#changes !== seen) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, waitMs)
    this.#waiting.add(resolve)
    await promise
    clearTimeout(timer)
    this.#waiting.delete(resolve)
  }

  #clock(): number {
    return (this.#options.clock?.() ?? new Date()).getTime()
  }

  #now(): string {
    return new Date(this.#clock()).toISOString()
  }

  #shredAt({ kind }: Pick<TransferRow, 'kind'>): string {
    const { originalDays, mailDays } = this.#options
    const days = kind === 'mail' ? mailDays : originalDays
    return new Date(this.#clock() + days * 86_400_000).toISOString()
  }
}

/** Bytes of one sealed piece. */
const CHUNK = 4 * 1024 * 1024

/** Each append waits for the disk: what comes in small chunks is gathered, up to this many bytes. */
const GATHERED = 1024 * 1024

async function* inPieces(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let gathered: Buffer[] = []
  let size = 0
  for await (const chunk of chunks) {
    gathered.push(chunk)
    size += chunk.length
    if (size < GATHERED) continue
    yield Buffer.concat(gathered)
    gathered = []
    size = 0
  }
  if (size > 0) yield Buffer.concat(gathered)
}

/** Writes a whole file, anew when a crash left a piece of it. */
async function fill(vault: Vault, id: string, bytes: Uint8Array): Promise<void> {
  await vault.remove(id)
  await vault.create(id)
  for (let at = 0; at < bytes.length; at += CHUNK)
    await vault.append(id, at, bytes.subarray(at, at + CHUNK))
  await vault.finish(id)
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567'

/** The same part of the same mail has the same id, also when it is taken out a second time after a crash. */
function partId(transfer: string, part: string): string {
  const digest = createHash('sha256').update(`${transfer} ${part}`).digest()
  return [...digest.subarray(0, 26)].map((byte) => LETTERS[byte % 32]).join('')
}

function isFinal(row: Pick<TransferRow, 'state'>): boolean {
  return FINAL.some((state) => state === row.state)
}

/** A step as stored; anything unknown is the first one. */
export function stepOf(row: Pick<TransferRow, 'step'>, steps: readonly Step[]): Step {
  return steps.find((step) => step === row.step) ?? 'receive'
}
