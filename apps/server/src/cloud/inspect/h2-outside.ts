/** HTTP/2 towards a destination, over one connection. Frames and the grammar of fields are nghttp2's. */
import { connect, constants } from 'node:http2'
import type { ClientHttp2Session, IncomingHttpHeaders } from 'node:http2'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { TLSSocket } from 'node:tls'
import { INSIDE_HEAD } from '@sekisho/gates/web'
import type { Field } from '@sekisho/gates/web'
import { WINDOW, asObject } from './h2-terminal.ts'
import { hasNoBody } from './inner.ts'
import type { Leaving, Outside, OutsideAnswer } from './way-out.ts'

export class H2Outside implements Outside {
  readonly #session: ClientHttp2Session

  constructor(socket: TLSSocket, authority: string) {
    this.#session = connect(`https://${authority}`, {
      createConnection: () => socket,
      settings: { enablePush: false, initialWindowSize: WINDOW.stream },
      maxHeaderListPairs: INSIDE_HEAD.fields,
    })
    this.#session.on('error', () => undefined)
    this.#session.once('connect', () => this.#session.setLocalWindowSize(WINDOW.connection))
  }

  get alive(): boolean {
    return !this.#session.closed && !this.#session.destroyed
  }

  close(): void {
    this.#session.destroy()
  }

  send({
    method,
    path,
    authority,
    fields,
    body,
    bytes,
  }: Leaving): Promise<OutsideAnswer | undefined> {
    if (!this.alive) return Promise.resolve(undefined)
    const { promise, resolve } = Promise.withResolvers<OutsideAnswer | undefined>()
    const stream = this.#session.request(
      {
        ':method': method,
        ':scheme': 'https',
        ':authority': authority,
        ':path': path,
        ...asObject(fields),
        ...(body && { 'content-length': String(bytes) }),
      },
      { endStream: body === undefined },
    )
    stream.on('response', (headers) => {
      const status = headers[':status'] ?? 502
      if (hasNoBody(method, status)) stream.resume()
      const discard = (): void => stream.close(constants.NGHTTP2_CANCEL)
      resolve({ status, headers: pairsOf(headers), body: stream, discard })
    })
    stream.on('error', () => resolve(undefined))
    stream.on('close', () => resolve(undefined))
    if (body)
      void pipeline(Readable.from(body, { objectMode: false }), stream).catch(() => undefined)
    return promise
  }
}

function pairsOf(headers: IncomingHttpHeaders): readonly Field[] {
  return Object.entries(headers)
    .filter(([name]) => !name.startsWith(':'))
    .flatMap(([name, value = '']) => [value].flat().map((one): Field => [name, one]))
}
