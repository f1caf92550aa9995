/** What comes back: a part of a page goes on as it arrives, a file is held, disarmed in the box, read again by other code, and given on rebuilt. */
import type { DisarmReport, WebDownloadFacts } from '@sekisho/core'
import type { Pool } from '@sekisho/disarm'
import { HEAD_BYTES, extensionOf, headType } from '@sekisho/disarm/look'
import {
  downloadFacts,
  fetchedOf,
  fileFields,
  fitsPage,
  judgeDownload,
  pageFields,
  refusalOf,
  fieldValues,
} from '@sekisho/gates/web'
import type {
  Asks,
  DownloadAnswer,
  Exchange,
  Fetched,
  Refused,
  ResponseHead,
} from '@sekisho/gates/web'
import type { ReadingBox } from '../../host/reading-box.ts'
import { hasNoBody } from '../inspect/inner.ts'
import { Arriving } from './arriving.ts'
import type { GuardTerms } from './guard-terms.ts'
import { holdBody } from './held-body.ts'
import type { Slots } from './slots.ts'
import type { WaitingRoom } from './waiting-room.ts'
import { uncoded } from './uncoded.ts'

export interface DownloadGuardOptions {
  readonly terms: () => GuardTerms
  readonly judge: Asks
  readonly room: WaitingRoom
  readonly pool: Pick<Pool, 'disarm'>
  /** Other code than disarmed it. */
  readonly verify: ReadingBox['verify']
  readonly slots: Slots
}

type Body = AsyncIterable<Uint8Array>

export class DownloadGuard {
  readonly #options: DownloadGuardOptions

  constructor(options: DownloadGuardOptions) {
    this.#options = options
  }

  async judge(exchange: Exchange, head: ResponseHead, body: Body): Promise<DownloadAnswer> {
    if (hasNoBody(exchange.method, head.status))
      return { result: 'pass', headers: head.headers, body }
    const fetched = fetchedOf(exchange, head)
    const plain = uncoded(body, fieldValues(head.headers, 'content-encoding'))
    if (!plain) return this.#refuse(exchange, { form: fetched.form, arrival: 'coding' })
    const arriving = new Arriving(plain)
    const first = await arriving.head(headLength(fetched)).catch(() => undefined)
    if (!first)
      return this.#refuse(
        exchange,
        fetched.form === 'page'
          ? { form: 'page', arrival: 'coding' }
          : { form: 'file', arrival: 'cut' },
      )
    // Nothing is no file: many services answer so when there is nothing to say.
    const isPage =
      fetched.form === 'page' ? fitsPage(fetched.type, headType(first)) : first.length === 0
    return isPage
      ? this.#page(exchange, head, arriving)
      : this.#file(exchange, head, fetched, arriving)
  }

  #page(exchange: Exchange, { headers }: ResponseHead, body: Body): DownloadAnswer {
    const refused = this.#ask(exchange, { form: 'page', arrival: 'whole' })
    return refused ?? { result: 'pass', headers: pageFields(headers), body }
  }

  async #file(
    exchange: Exchange,
    head: ResponseHead,
    fetched: Fetched,
    body: Body,
  ): Promise<DownloadAnswer> {
    const form = 'file'
    if (head.status === 206 || fieldValues(head.headers, 'content-range').length > 0)
      return this.#refuse(exchange, { form, arrival: 'part' })
    const { terms, room } = this.#options
    const { most } = terms().download
    const { person } = exchange
    const held = await holdBody(body, { most, room, person }).catch(() => 'cut' as const)
    if (held === 'cut' || !held)
      return this.#refuse(exchange, { form, arrival: held === 'cut' ? held : 'over' })
    try {
      return await this.#options.slots.take(async () =>
        this.#disarmed(exchange, head, fetched, await held.read()),
      )
    } finally {
      await held.drop()
    }
  }

  async #disarmed(
    exchange: Exchange,
    { headers }: ResponseHead,
    { name, attachment }: Fetched,
    bytes: Uint8Array,
  ): Promise<DownloadAnswer> {
    const { profile } = this.#options.terms().download
    const { report, output, outputName } = await this.#options.pool.disarm(bytes, { name, profile })
    const verified =
      output !== undefined && outputName !== undefined
        ? await this.#options.verify(output, extensionOf(outputName).toLowerCase())
        : undefined
    const clean = verified?.clean ?? false
    const refused = this.#ask(exchange, { form: 'file', arrival: 'whole', report, verified: clean })
    if (refused) return refused
    // The rules let nothing pass that is not there; this is for the compiler.
    if (!output || outputName === undefined)
      return this.#refuse(exchange, { form: 'file', arrival: 'cut' })
    const file = { name: outputName, type: report.outputType, bytes: output.length, attachment }
    return { result: 'pass', headers: fileFields(headers, file), body: only(output) }
  }

  #ask(
    { pattern, service }: Exchange,
    seen: {
      readonly form: WebDownloadFacts['form']
      readonly arrival: WebDownloadFacts['arrival']
      readonly report?: DisarmReport
      readonly verified?: boolean
    },
  ): Refused | undefined {
    const { judge, terms } = this.#options
    const facts = downloadFacts({ pattern, verified: false, ...seen }, terms().download)
    const answer = judgeDownload(judge, facts)
    return answer.result === 'pass' ? undefined : refusalOf(answer, service)
  }

  /** With a fact that no rule lets pass. */
  #refuse(exchange: Exchange, seen: Pick<WebDownloadFacts, 'form' | 'arrival'>): Refused {
    const refused = this.#ask(exchange, seen)
    return refused ?? { result: 'refuse', reason: 'NOT-PERMITTED', service: exchange.service }
  }
}

/** Events come one by one, and the first may be short; nothing waits for a second. */
const headLength = ({ type, form }: Fetched): number =>
  form === 'page' && type === 'text/event-stream' ? 0 : HEAD_BYTES

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
