/** TLS of a terminal, ended here: the hello that was held is read again, by TLS itself. */
import type { Socket } from 'node:net'
import { createServer } from 'node:tls'
import type { SecureContext, TLSSocket } from 'node:tls'

export interface EndTlsOptions {
  /** The terminal, paused. */
  readonly inside: Socket
  /** What it sent: its hello, and what came with it. */
  readonly first: Buffer
  readonly context: SecureContext
  /** ALPN, in the order of preference. */
  readonly protocols: readonly string[]
  readonly milliseconds: number
}

/** The terminal inside TLS; `undefined` for one that does not believe us, or is gone. */
export async function endTls({
  inside,
  first,
  context,
  protocols,
  milliseconds,
}: EndTlsOptions): Promise<TLSSocket | undefined> {
  const { promise, resolve } = Promise.withResolvers<TLSSocket | undefined>()
  // One for each connection: what is spoken is the destination's to say. It never listens.
  const server = createServer({
    SNICallback: (_, done) => done(null, context),
    ALPNProtocols: [...protocols],
    handshakeTimeout: milliseconds,
    allowHalfOpen: true,
  })
  server.once('secureConnection', resolve)
  server.on('tlsClientError', () => resolve(undefined))
  inside.once('close', () => resolve(undefined))
  inside.unshift(first)
  server.emit('connection', inside)
  const terminal = await promise
  terminal?.on('error', () => undefined)
  if (!terminal) inside.destroy()
  return terminal
}
