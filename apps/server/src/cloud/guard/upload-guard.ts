/** What a terminal sends: held whole, read in the box, judged, and only then given on. */
import type { IsoDate, Town, WebGate, WebUploadFacts } from '@sekisho/core'
import type { Pool } from '@sekisho/disarm'
import {
  SENT_BYTES,
  UNREAD,
  examineInBox,
  examineSent,
  judgeUpload,
  refusalOf,
  uploadFacts,
} from '@sekisho/gates/web'
import type {
  Asks,
  Examined,
  Exchange,
  Refused,
  SendBudget,
  UploadAnswer,
} from '@sekisho/gates/web'
import { areApproved } from './file-approvals.ts'
import type { GuardTerms } from './guard-terms.ts'
import { holdBody } from './held-body.ts'
import type { HeldBody } from './held-body.ts'
import type { Slots } from './slots.ts'
import type { WaitingRoom } from './waiting-room.ts'

export interface UploadGuardOptions {
  readonly orders: () => { readonly town: Town; readonly gate: WebGate }
  readonly terms: () => GuardTerms
  readonly judge: Asks
  readonly budget: SendBudget
  readonly dataDir: string
  readonly room: WaitingRoom
  readonly pool: Pick<Pool, 'ask'>
  readonly slots: Slots
  readonly today: () => IsoDate
}

type Size = WebUploadFacts['size']

export class UploadGuard {
  readonly #options: UploadGuardOptions

  constructor(options: UploadGuardOptions) {
    this.#options = options
  }

  async judge(exchange: Exchange, body: AsyncIterable<Uint8Array>): Promise<UploadAnswer> {
    // A method that may not be, an address that is too long: said before a byte of the body is taken.
    const early = this.#ask(exchange, { ...UNREAD, carries: 'nothing' }, 'within', false)
    if (early) return early
    const { room } = this.#options
    const { person, pattern } = exchange
    const held = await holdBody(body, { most: SENT_BYTES[pattern], room, person })
    if (!held) return this.#refuse(exchange, UNREAD, 'over')
    try {
      const answer = await this.#judgeHeld(exchange, held)
      if (answer.result === 'refuse' || answer.body === undefined) await held.drop()
      return answer
    } catch (error) {
      await held.drop()
      throw error
    }
  }

  async #judgeHeld(exchange: Exchange, held: HeldBody): Promise<UploadAnswer> {
    const examined = await this.#examine(exchange, held)
    const size = examined.over ? 'over' : 'within'
    const approved = await this.#approved(exchange, examined)
    const refused = this.#ask(exchange, examined.facts, size, approved)
    if (refused) return refused
    if (!this.#spend(exchange, held.bytes))
      return this.#refuse(exchange, examined.facts, 'spent', approved)
    if (held.bytes === 0) return { result: 'pass', bytes: 0 }
    const { bytes, sha256 } = held
    return { result: 'pass', body: held.stream(), bytes, sha256 }
  }

  /** A request without a body has its short address alone to be read. */
  #examine(exchange: Exchange, held: HeldBody): Promise<Examined> {
    const { method, path, headers, pattern } = exchange
    const terms = { ...this.#options.terms().upload.labels, most: SENT_BYTES[pattern] }
    const request = { method, path, headers }
    if (held.bytes === 0)
      return Promise.resolve(examineSent({ ...request, body: new Uint8Array() }, terms))
    return this.#options.slots.take(async () =>
      examineInBox(this.#options.pool, { ...request, body: await held.read() }, terms),
    )
  }

  #approved({ service, person }: Exchange, { files }: Examined): Promise<boolean> {
    const { dataDir, orders, today } = this.#options
    const { town, gate } = orders()
    const wanted = files.map(({ sha256 }) => ({ sha256, service, sender: person }))
    return areApproved(dataDir, wanted, {
      signers: gate.signers,
      people: town.people,
      today: today(),
    })
  }

  /** The head counts where it is sent, with what the gate itself writes into it. */
  #spend({ person, service }: Exchange, bytes: number): boolean {
    const { budget, orders } = this.#options
    const most = orders().gate.services.find((one) => one.service === service)?.dailyBytes
    return budget.spend(person, service, bytes, most)
  }

  #ask(
    exchange: Exchange,
    facts: Examined['facts'],
    size: Size,
    approved: boolean,
  ): Refused | undefined {
    const seen = { exchange, examined: { facts }, size, approved }
    const answer = judgeUpload(this.#options.judge, uploadFacts(seen, this.#options.terms().upload))
    return answer.result === 'pass' ? undefined : refusalOf(answer, exchange.service)
  }

  /** With a fact that no rule lets pass. */
  #refuse(exchange: Exchange, facts: Examined['facts'], size: Size, approved = false): Refused {
    const refused = this.#ask(exchange, facts, size, approved)
    return refused ?? { result: 'refuse', reason: 'NOT-PERMITTED', service: exchange.service }
  }
}
