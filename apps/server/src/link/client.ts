/**
 * The high side's end of the link: the only connection between the sides, opened from here. Everything that comes
 * back is checked against its form and its limit before it is used.
 */
import { createHash } from 'node:crypto'
import { Agent, request } from 'node:https'
import type { IncomingMessage } from 'node:http'
import { SekishoError } from '@sekisho/core'
import { LINK_NAMES } from './certificates.ts'
import type { LinkCertificates } from './certificates.ts'
import { fromJson } from '../shape.ts'
import type { Check } from '../shape.ts'
import { readPickUpBegun } from './mail-messages.ts'
import type { MailWish, PickUpBegun, PickUpWish } from './mail-messages.ts'
import { MESSAGE_MAX, readCured, readPollAnswer } from './messages.ts'
import { readMailOutNews, writeMailOut } from './mail-out-messages.ts'
import type { MailOut, MailOutNews } from './mail-out-messages.ts'
import type { LinkCured, LinkState, PollAnswer, PollRequest } from './messages.ts'

/** Longest time for an ordinary answer beyond what was asked to wait, ms. */
const ANSWER_MS = 15_000
/** Longest time for disarming one file, ms; the worker's own limit is shorter. */
const DISARM_MS = 10 * 60_000
/** Longest time for fetching one file, ms. */
const FETCH_MS = 10 * 60_000

export interface ClientOptions {
  readonly host: string
  readonly port: number
  readonly certificates: LinkCertificates
}

export interface LinkClient {
  poll(asked: PollRequest): Promise<PollAnswer>
  /** @param mail how a mail is to be rebuilt; absent for a file */
  disarm(id: string, mail?: MailWish): Promise<LinkCured>
  /** Has a file that a mail brought begin its own way. */
  pickUp(mail: string, wish: PickUpWish): Promise<PickUpBegun>
  /** The bytes, exactly as many and with the digest that was said. */
  output(id: string, cured: LinkCured): Promise<Uint8Array>
  show(id: string, state: LinkState): Promise<void>
  close(): void
}

/** What the line does for mail to the internet. */
export interface MailOutLink {
  /** Brings a mail for the internet. Once, however often it is brought. */
  bringMail(id: string, mail: MailOut): Promise<void>
  /** What became of mails that were brought; the same again until it is forgotten. */
  mailNews(): Promise<readonly MailOutNews[]>
  forgetMailNews(upTo: number): Promise<void>
}

/**
 * @throws (from each call) SekishoError LINK_DOWN when there is no sound answer, CONFIG_INVALID when the other side
 *   holds another town, NOT_FOUND when it does not know the file
 */
export function createLinkClient(options: ClientOptions): LinkClient & MailOutLink {
  const { host, port, certificates } = options
  const agent = new Agent({
    ...certificates,
    host,
    port,
    // Only our own small authority, only the low side's name, whatever address it has.
    servername: LINK_NAMES.low,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.3',
    keepAlive: true,
    maxSockets: 8,
  })
  const ask = <T>(call: Call, check: Check<T>): Promise<T> => askFor(agent, call, check)
  return {
    poll: (asked) =>
      ask(
        { method: 'POST', path: '/poll', body: asked, timeoutMs: asked.waitMs + ANSWER_MS },
        readPollAnswer,
      ),
    disarm: (id, mail) =>
      ask(
        { method: 'POST', path: `/items/${id}/disarm`, body: mail, timeoutMs: DISARM_MS },
        readCured,
      ),
    pickUp: (mail, wish) =>
      ask(
        { method: 'POST', path: `/items/${mail}/pick-ups`, body: wish, timeoutMs: ANSWER_MS },
        readPickUpBegun,
      ),
    async output(id, cured) {
      const call = { method: 'GET', path: `/items/${id}/output`, timeoutMs: FETCH_MS } as const
      const bytes = await bytesOf(agent, call, cured.size)
      if (createHash('sha256').update(bytes).digest('hex') !== cured.sha256)
        throw new SekishoError('WORKER_FAILED', 'the bytes are not those that were announced')
      return bytes
    },
    async show(id, state) {
      const path = `/items/${id}/state`
      await ask({ method: 'PUT', path, body: state, timeoutMs: ANSWER_MS }, (value) => value ?? {})
    },
    async bringMail(id, mail) {
      const bytes = writeMailOut(mail)
      const call = { method: 'PUT', path: `/mail-out/${id}`, bytes, timeoutMs: FETCH_MS } as const
      await ask(call, (value) => value ?? {})
    },
    mailNews: () =>
      ask({ method: 'GET', path: '/mail-out/news', timeoutMs: ANSWER_MS }, readMailOutNews),
    async forgetMailNews(upTo) {
      const call = { method: 'POST', path: `/mail-out/news/${upTo}`, timeoutMs: ANSWER_MS } as const
      await ask(call, (value) => value ?? {})
    },
    close: () => {
      agent.destroy()
    },
  }
}

interface Call {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  readonly body?: unknown
  /** Instead of a body in JSON. */
  readonly bytes?: Buffer
  readonly timeoutMs: number
}

async function askFor<T>(agent: Agent, call: Call, check: Check<T>): Promise<T> {
  const text = (await bytesOf(agent, call, MESSAGE_MAX, true)).toString('utf8')
  const answer = fromJson(text, check)
  if (answer === undefined) throw new SekishoError('LINK_DOWN', 'an answer of no known form')
  return answer
}

/** Reads an answer of exactly `size` bytes, or of at most that when `upTo`. */
function bytesOf(agent: Agent, call: Call, size: number, upTo = false): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(call.timeoutMs)
    const json = call.body === undefined ? undefined : Buffer.from(JSON.stringify(call.body))
    const body = call.bytes ?? json
    const type = call.bytes ? 'application/octet-stream' : 'application/json'
    const headers = body
      ? { 'content-type': type, 'content-length': body.length }
      : { 'content-length': 0 }
    const down = (error: Error): void => {
      reject(new SekishoError('LINK_DOWN', 'the line to the other side', { cause: error }))
    }
    const asked = request({ agent, method: call.method, path: call.path, headers, signal })
    asked.once('error', down)
    asked.once('response', (answer) => {
      readAnswer(answer, size, upTo).then(resolve, (error: unknown) => {
        asked.destroy()
        reject(error instanceof SekishoError ? error : down(new Error('read', { cause: error })))
      })
    })
    asked.end(body)
  })
}

async function readAnswer(answer: IncomingMessage, size: number, upTo: boolean): Promise<Buffer> {
  if (answer.statusCode !== 200) {
    answer.destroy()
    throw statusError(answer.statusCode ?? 0)
  }
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of answer) {
    if (!Buffer.isBuffer(chunk)) continue
    length += chunk.length
    // Attacker-controlled: stops at the limit, not at the end.
    if (length > size) throw new SekishoError('LINK_DOWN', 'more bytes than announced')
    chunks.push(chunk)
  }
  if (!upTo && length !== size) throw new SekishoError('LINK_DOWN', 'fewer bytes than announced')
  return Buffer.concat(chunks)
}

function statusError(status: number): SekishoError {
  if (status === 404) return new SekishoError('NOT_FOUND', 'the other side does not know it')
  if (status === 409) return new SekishoError('CONFIG_INVALID', 'the other side holds another town')
  if (status === 422) return new SekishoError('WORKER_FAILED', 'the other side cannot make it')
  return new SekishoError('LINK_DOWN', `the other side answered ${status}`)
}
