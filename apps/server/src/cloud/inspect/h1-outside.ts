/** HTTP/1.1 towards a destination, over one connection. What comes back is read by Node's parser in its strict form. */
import { createHash } from 'node:crypto'
import { Agent, request as requestOutside } from 'node:http'
import type { ClientRequest, IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { TLSSocket } from 'node:tls'
import { INSIDE_HEAD } from '@sekisho/gates/web'
import type { Field } from '@sekisho/gates/web'
import { hasNoBody } from './inner.ts'
import type { Leaving, Outside, OutsideAnswer } from './way-out.ts'

export class H1Outside implements Outside {
  readonly #socket: TLSSocket
  readonly #agent: Agent

  constructor(socket: TLSSocket) {
    this.#socket = socket
    this.#agent = new Agent({ keepAlive: true, maxSockets: 1 })
    this.#agent.createConnection = () => socket
  }

  get alive(): boolean {
    return !this.#socket.destroyed && this.#socket.writable && !this.#socket.readableEnded
  }

  close(): void {
    this.#agent.destroy()
    this.#socket.destroy()
  }

  send(leaving: Leaving): Promise<OutsideAnswer | undefined> {
    if (!this.alive) return Promise.resolve(undefined)
    const { method, path, authority, fields, body, bytes, upgrade } = leaving
    const heads: Field[] = [['host', authority], ...fields]
    if (body || WITH_BODY.has(method)) heads.push(['content-length', String(bytes)])
    if (upgrade !== undefined) heads.push(['connection', 'Upgrade'], ['upgrade', upgrade])
    const outgoing = requestOutside({
      agent: this.#agent,
      method,
      path,
      headers: heads.flat(),
      setHost: false,
      insecureHTTPParser: false,
      maxHeaderSize: INSIDE_HEAD.bytes,
    })
    const answer = answerOf(outgoing, leaving)
    if (body)
      void pipeline(Readable.from(body, { objectMode: false }), outgoing).catch(() => undefined)
    else outgoing.end()
    return answer
  }
}

/** Methods whose requests say how long their body is even when there is none (RFC 9110 8.6). */
const WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH'])

function answerOf(
  outgoing: ClientRequest,
  { method, upgrade, key = '' }: Leaving,
): Promise<OutsideAnswer | undefined> {
  const { promise, resolve } = Promise.withResolvers<OutsideAnswer | undefined>()
  outgoing.on('response', (got) => resolve(answered(got, method)))
  outgoing.on('error', () => resolve(undefined))
  outgoing.on('close', () => resolve(undefined))
  outgoing.on('upgrade', (got: IncomingMessage, socket: Duplex, held: Buffer) => {
    const is = String(got.headers.upgrade).toLowerCase()
    // Another protocol than was asked for would be spoken with nobody who understands it.
    if (is === upgrade && got.headers['sec-websocket-accept'] === acceptOf(key))
      return resolve({ ...answered(got, method), joined: { socket, held } })
    socket.destroy()
    resolve(undefined)
  })
  return promise
}

function answered(got: IncomingMessage, method: string): Omit<OutsideAnswer, 'joined'> {
  const status = got.statusCode ?? 502
  const { rawHeaders } = got
  const headers = Array.from({ length: rawHeaders.length / 2 }, (_, nth): Field => [
    rawHeaders[nth * 2]!.toLowerCase(),
    rawHeaders[nth * 2 + 1]!,
  ])
  if (hasNoBody(method, status)) got.resume()
  return { status, headers, body: got, discard: () => void got.destroy() }
}

/** RFC 6455 4.2.2: what the other side answers to a key. */
function acceptOf(key: string): string {
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
}
