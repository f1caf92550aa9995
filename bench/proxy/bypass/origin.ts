/** A destination over real TLS: it keeps every request that reaches it, and counts the bytes of bodies. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createSecureServer } from 'node:http2'
import type { Http2SecureServer, Http2ServerRequest, Http2ServerResponse } from 'node:http2'
import type { Socket } from 'node:net'
import type { TlsOptions } from 'node:tls'

/** A request as it reached the destination. */
export interface Arrived {
  readonly version: string
  readonly method: string
  readonly host: string
  readonly path: string
  /** As sent, in pairs. */
  readonly fields: readonly (readonly [string, string])[]
  /** Bytes of its body so far. */
  body: number
  /** Of its body, lower-case hex; empty while it has not ended. */
  sha256: string
}

export interface Served {
  readonly type: string
  readonly bytes: Uint8Array
  /** What it is to be saved as. */
  readonly name?: string
}

export class Origin {
  arrived: Arrived[] = []
  /** What it answers, by path; a plain line for every other. */
  readonly #pages: Readonly<Record<string, Served>>
  readonly #server: Http2SecureServer

  /** Bytes of bodies since it was last emptied. */
  get bodyBytes(): number {
    return this.arrived.reduce((sum, { body }) => sum + body, 0)
  }

  /** @param secure its certificate and key */
  constructor(secure: TlsOptions, pages: Readonly<Record<string, Served>> = {}) {
    this.#pages = pages
    this.#server = createSecureServer({ allowHTTP1: true, ...secure }, (request, response) => {
      void this.#take(request, response).catch(() => undefined)
    })
    this.#server.on('sessionError', () => undefined)
    // What this server cannot read has reached it all the same.
    this.#server.on(
      'clientError',
      ({ rawPacket }: Error & { rawPacket?: Buffer }, socket: Socket) => {
        this.arrived.push({ ...UNREAD, body: rawPacket?.length ?? 0 })
        socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
      },
    )
    // Whatever is spoken after an upgrade counts as body.
    this.#server.on('upgrade', (request: Http2ServerRequest, socket: Socket, head: Buffer) => {
      const one = this.#begin(request)
      one.body += head.length
      socket.on('error', () => undefined)
      socket.on('data', (piece: Buffer) => (one.body += piece.length))
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n\r\n')
    })
  }

  async listen(port: number): Promise<void> {
    this.#server.listen(port, '0.0.0.0')
    await once(this.#server, 'listening')
  }

  /** A connection that somebody else accepted. */
  serve(socket: Socket): void {
    this.#server.emit('connection', socket)
  }

  #begin(request: Http2ServerRequest): Arrived {
    const { rawHeaders: raw, headers, httpVersion: version, method, url: path } = request
    const fields = raw.flatMap((name, nth) =>
      nth % 2 === 0 ? [[name.toLowerCase(), raw[nth + 1] ?? ''] as const] : [],
    )
    const host = String(headers[':authority'] ?? headers.host ?? '')
    const one: Arrived = { version, method, host, path, fields, body: 0, sha256: '' }
    this.arrived.push(one)
    return one
  }

  async #take(request: Http2ServerRequest, response: Http2ServerResponse): Promise<void> {
    const one = this.#begin(request)
    const hash = createHash('sha256')
    for await (const piece of request) {
      one.body += (piece as Buffer).length
      hash.update(piece as Buffer)
    }
    one.sha256 = hash.digest('hex')
    this.#answer(request, response)
  }

  /** As servers of files do: a part when a part is asked for. */
  #answer({ url, headers }: Http2ServerRequest, response: Http2ServerResponse): void {
    const { type, bytes, name } = this.#pages[url] ?? { type: 'text/plain', bytes: HELLO }
    response.setHeader('content-type', type)
    response.setHeader('etag', '"1"')
    response.setHeader('accept-ranges', 'bytes')
    if (name !== undefined)
      response.setHeader('content-disposition', `attachment; filename="${name}"`)
    const [, from = '', to = ''] = /^bytes=(\d+)-(\d+)$/u.exec(headers.range ?? '') ?? []
    if (from === '') return void response.end(bytes)
    response.statusCode = 206
    response.setHeader('content-range', `bytes ${from}-${to}/${bytes.length}`)
    response.end(bytes.subarray(Number(from), Number(to) + 1))
  }
}

const UNREAD = { version: '1.1', method: '', host: '', path: '', fields: [], sha256: '' }
const HELLO = Buffer.from('from the service outside')
