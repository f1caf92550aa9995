/** The requests of one inspected connection: each is asked about, decided and on record before a byte of it leaves. */
import { Readable } from 'node:stream'
import {
  WEBSOCKET_MESSAGE,
  askedWhole,
  fieldValues,
  leadsToTenantRefused,
  passedOn,
  showsPage,
  tenantRefused,
  withTenantFields,
} from '@sekisho/gates/web'
import type {
  Admitted,
  Asked,
  Exchange,
  Field,
  Gatekeeper,
  InsideGuard,
  InsideTerms,
  RefusalPage,
  Refused,
  TunnelRecord,
  Why,
} from '@sekisho/gates/web'
import { recordOf } from '../asked.ts'
import { UnreadableBody, hasNoBody } from './inner.ts'
import type { InnerRequest, Reply } from './inner.ts'
import type { Leaving, OutsideAnswer, Way, WayOut } from './way-out.ts'
import { joinSockets } from './websocket.ts'
import type { JoinOptions, Joined } from './websocket.ts'

export interface RequestsOptions {
  /** Number of the connection. */
  readonly within: string
  readonly gatekeeper: Gatekeeper
  readonly guard: InsideGuard
  readonly way: WayOut
  readonly asked: Asked
  readonly admitted: Admitted
  readonly terms: InsideTerms
  readonly idleMs: number
  readonly page: TellsPage
}

/** A refusal as a browser shows it, or as a program of a page reads it. */
export type TellsPage = (
  refused: Why,
  number: string,
  reader: { readonly asked: Asked; readonly page: boolean },
) => RefusalPage

/** A request by its number, and whether its answer is shown as a page. */
interface Asking {
  readonly number: string
  readonly page: boolean
}

/** One request that the rules let pass, on its way. */
interface Passing {
  readonly asking: Asking
  readonly exchange: Exchange
  readonly request: InnerRequest
  readonly way: Way
}

export class Requests {
  readonly #options: RequestsOptions
  /** Bytes towards the outside; of them, those that were read and decided; bytes back. */
  up = 0
  read = 0
  down = 0
  /** Where it went; empty when it was never reached. */
  address = ''
  /** Why the connection ended, where the town should know. */
  reason = ''

  constructor(options: RequestsOptions) {
    this.#options = options
  }

  /** Never rejects: what cannot be asked, decided or recorded is refused. */
  readonly answer = async (request: InnerRequest): Promise<Reply> => {
    const asking = {
      number: this.#options.gatekeeper.number(),
      page: showsPage(request.headers),
    }
    try {
      return await this.#answer(request, asking)
    } catch (error) {
      const reason = error instanceof UnreadableBody ? 'HEAD-BODY' : 'WEB-CLOSED'
      return this.#refuse({ result: 'refuse', reason, service: '' }, asking).catch(() =>
        this.#page({ reason: 'WEB-CLOSED' }, asking),
      )
    }
  }

  /** A head that could not be read. */
  readonly fault = (reason: string): Promise<Reply> => {
    const asking = { number: this.#options.gatekeeper.number(), page: true }
    return this.#refuse(this.#because(reason), asking).catch(() =>
      this.#page({ reason: 'WEB-CLOSED' }, asking),
    )
  }

  #page(refused: Why, { number, page: shown }: Asking): Reply {
    const { page, asked } = this.#options
    const { status, headers, body } = page(refused, number, { asked, page: shown })
    const bytes = Buffer.from(body)
    const fields = Object.entries(headers).map(([name, value]): Field => [
      name.toLowerCase(),
      value,
    ])
    return {
      status,
      headers: [...fields, ['content-length', String(bytes.length)]],
      body: Readable.from([bytes]),
    }
  }

  async #answer(request: InnerRequest, asking: Asking): Promise<Reply> {
    const { gatekeeper, asked, guard } = this.#options
    const way = await this.#options.way.ready()
    if (typeof way === 'string')
      return this.#refuse(this.#because(way === 'cut' ? 'WEB-CUT' : 'WEB-UNREACHABLE'), asking)
    this.address = way.address
    const { method, hosts } = request
    const judged = gatekeeper.inside(asked, { method, hosts }, way.certificate)
    if (judged.result === 'refuse') return this.#refuse(judged, asking)
    if (request.upgrade !== undefined && !this.#maySpeak(request))
      return this.#refuse(this.#because('WEB-UPGRADE'), asking)
    const passing = { exchange: this.#exchangeOf(request, asking.number), asking, request, way }
    const decided = await guard.upload(passing.exchange, request.body)
    if (decided.result === 'refuse') return this.#refuse(decided, asking)
    const { bytes, body } = decided
    const leaving = {
      ...this.#leaving(passing),
      bytes,
      ...(body && { body: exactly(body, bytes) }),
    }
    const stays = await this.#staying(passing, leaving)
    if (stays === undefined) return this.#send(passing, leaving)
    // What waited for it is not kept.
    await body?.[Symbol.asyncIterator]().return?.()
    return this.#refuse(this.#because(stays), asking)
  }

  /** Why that which may leave stays all the same; `undefined` once it is on record that it leaves. */
  async #staying({ request, exchange }: Passing, leaving: Leaving): Promise<string | undefined> {
    const { gatekeeper, admitted, within } = this.#options
    // A person who closed the page while it was decided does not want it sent.
    if (request.gone()) return 'WEB-GONE'
    const head = sizeOf(leaving)
    // What a head carries nobody decides: it counts for the day like the bytes of a tunnel.
    if (!admitted.maySend(head)) return 'WEB-BUDGET'
    const { bytes } = leaving
    await gatekeeper.record(
      this.#recordOf(exchange.number, 'request', { up: head + bytes, read: bytes, within }),
    )
    this.up += head + bytes
    this.read += bytes
    return undefined
  }

  async #send(passing: Passing, leaving: Leaving): Promise<Reply> {
    const { asking, way } = passing
    const answer = await way.outside.send(leaving)
    if (!answer) return this.#refuse(this.#because('WEB-UNREACHABLE'), asking)
    return answer.joined ? this.#join(passing, answer, answer.joined) : this.#take(passing, answer)
  }

  async #take({ exchange, asking }: Passing, answer: OutsideAnswer): Promise<Reply> {
    const { status } = answer
    const headers = withOneLength(passedOn(answer.headers))
    const bare = hasNoBody(exchange.method, status)
    try {
      if (this.#options.terms.writes.length > 0 && leadsToTenantRefused(headers))
        await this.#noticed(exchange.number)
      const body = bare ? nothing() : this.#noticing(this.#counted(answer.body), exchange)
      const decided = await this.#options.guard.download(exchange, { status, headers }, body)
      if (decided.result === 'refuse') {
        answer.discard()
        return await this.#refuse(decided, asking)
      }
      return { status, headers: passedOn(decided.headers), ...(!bare && { body: decided.body }) }
    } catch (error) {
      answer.discard()
      throw error
    }
  }

  #join({ exchange }: Passing, answer: OutsideAnswer, joined: Joined): Reply {
    const { admitted } = this.#options
    const names = ['sec-websocket-accept', 'sec-websocket-protocol']
    const fields = answer.headers.filter(([name]) => names.includes(name))
    return {
      status: 101,
      headers: [...fields, ['connection', 'Upgrade'], ['upgrade', 'websocket']],
      join: async (terminal, held) => {
        const decide = this.#decide(exchange)
        const ended = await joinSockets({ terminal, held, joined, admitted, decide })
        this.up += ended.up
        this.read += ended.read
        this.down += ended.down
        this.reason ||= ended.reason
      },
    }
  }

  /** A message is decided like the body of a request of its own. */
  #decide(exchange: Exchange): JoinOptions['decide'] {
    const { guard, gatekeeper } = this.#options
    return async (body) => {
      const asking = { number: gatekeeper.number(), page: false }
      const headers = [['content-type', WEBSOCKET_MESSAGE]] as const
      const message = { ...exchange, number: asking.number, method: 'POST', headers }
      const decided = await guard
        .upload(message, body)
        .catch((error: unknown) =>
          this.#because(error instanceof UnreadableBody ? 'HEAD-BODY' : 'WEB-CLOSED'),
        )
      if (decided.result === 'pass') return { ...decided, body: decided.body ?? nothing() }
      await this.#refuse(decided, asking)
      return { result: 'refuse', told: `${asking.number} ${decided.reason}` }
    }
  }

  /** Declared, and asked for as RFC 6455 4.1 has it. */
  #maySpeak({ upgrade, method, headers }: InnerRequest): boolean {
    const [key = '', ...others] = fieldValues(headers, 'sec-websocket-key')
    return (
      this.#options.terms.websocket &&
      upgrade === 'websocket' &&
      method === 'GET' &&
      others.length === 0 &&
      /^[A-Za-z0-9+/]{22}==$/u.test(key)
    )
  }

  #leaving({ request, exchange }: Passing): Leaving {
    const { terms, way } = this.#options
    const fields = askedWhole(
      passedOn(request.headers).filter(([name]) => name !== 'content-length'),
    )
    const limited = withTenantFields(fields, terms.writes)
    const { method, path } = exchange
    const base = { method, path, authority: way.authority, bytes: 0 }
    if (request.upgrade === undefined) return { ...base, fields: limited }
    // Without extensions nothing is packed, and each message can be read.
    const socket = request.headers.filter(
      ([name]) => name.startsWith('sec-websocket-') && name !== 'sec-websocket-extensions',
    )
    const [key = ''] = fieldValues(socket, 'sec-websocket-key')
    return { ...base, fields: [...limited, ...socket], upgrade: request.upgrade, key }
  }

  #exchangeOf({ version, method, path, headers }: InnerRequest, number: string): Exchange {
    const { asked, admitted, terms } = this.#options
    return {
      number,
      person: asked.client.id,
      service: admitted.service,
      pattern: terms.pattern,
      method,
      host: admitted.host,
      path,
      headers,
      version,
    }
  }

  async *#counted(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of body) {
      this.down += piece.length
      yield piece
    }
  }

  /** A sign-in that the login host turned away for its tenant is on record before its page is shown. */
  #noticing(body: AsyncIterable<Uint8Array>, { number }: Exchange): AsyncIterable<Uint8Array> {
    if (this.#options.terms.writes.length === 0) return body
    return tenantRefused(body, () => this.#noticed(number))
  }

  #noticed(number: string): Promise<void> {
    const entry = this.#recordOf(number, 'noticed', { reason: 'WEB-TENANT-OTHER' })
    return this.#options.gatekeeper.record(entry)
  }

  async #refuse(refused: Refused, asking: Asking): Promise<Reply> {
    const { gatekeeper, asked, admitted } = this.#options
    const service = refused.service || admitted.service
    const answered = { ...refused, service }
    await gatekeeper.record(recordOf(asking.number, 'refused', asked, answered), answered)
    return this.#page(answered, asking)
  }

  #because(reason: string): Refused {
    return { result: 'refuse', reason, service: this.#options.admitted.service }
  }

  #recordOf(number: string, kind: TunnelRecord['kind'], more: Partial<TunnelRecord>): TunnelRecord {
    const { asked, admitted } = this.#options
    return { ...recordOf(number, kind, asked, admitted), address: this.address, ...more }
  }
}

/** The body as it was decided, to the byte: what is longer or shorter than that was not. */
async function* exactly(
  body: AsyncIterable<Uint8Array>,
  bytes: number,
): AsyncGenerator<Uint8Array> {
  let sent = 0
  for await (const piece of body) {
    sent += piece.length
    if (sent > bytes) throw new UnreadableBody('more than was decided')
    yield piece
  }
  if (sent < bytes) throw new UnreadableBody('less than was decided')
}

// oxlint-disable-next-line require-yield -- it is the body of an answer without one
async function* nothing(): AsyncGenerator<Uint8Array> {}

/** Several equal lengths are one (RFC 9112 6.3); different ones are none, and the body ends where the connection does. */
function withOneLength(fields: readonly Field[]): readonly Field[] {
  const lengths = new Set(fieldValues(fields, 'content-length'))
  const others = fields.filter(([name]) => name !== 'content-length')
  const [length = ''] = lengths
  return lengths.size === 1 ? [...others, ['content-length', length]] : others
}

function sizeOf({ method, path, authority, fields }: Leaving): number {
  const text = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return Buffer.byteLength(
    `${method} ${path} HTTP/1.1\r\nhost: ${authority}\r\n${text}\r\n`,
    'latin1',
  )
}
