/** A terminal that says what it wants to, through CONNECT and TLS under the certificate of the town: what curl and browsers do not say. */
import { once } from 'node:events'
import { connect as connectH2 } from 'node:http2'
import type { OutgoingHttpHeaders } from 'node:http2'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { TLSSocket } from 'node:tls'

export interface Gate {
  readonly host?: string
  readonly port: number
  /** Certificate of the town's authority, PEM; without one whoever answers is believed. */
  readonly ca?: string
}

/** Milliseconds without a word after which nothing more is waited for. */
const QUIET_MS = 15_000

export async function insideOf(gate: Gate, host: string, alpn: string): Promise<TLSSocket> {
  const { port, ca } = gate
  const socket = connect(port, gate.host ?? '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write(`CONNECT ${host}:443 HTTP/1.1\r\nHost: ${host}:443\r\n\r\n`)
  const head = await firstOf(socket)
  if (!/^HTTP\/1\.[01] 200/u.test(head)) throw new Error(head)
  const terminal = connectTls({
    socket,
    servername: host,
    ALPNProtocols: [alpn],
    ...(ca === undefined ? { rejectUnauthorized: false } : { ca }),
  })
  terminal.on('error', () => undefined)
  await Promise.race([once(terminal, 'secureConnect'), closing(terminal)])
  return terminal
}

/** What comes first; nothing when the other side only closes. */
async function firstOf(socket: Socket): Promise<string> {
  const came = once(socket, 'data').then(([piece]) => String(piece))
  return Promise.race([came, once(socket, 'close').then(() => '')])
}

async function closing(socket: Socket): Promise<never> {
  await once(socket, 'close')
  throw new Error('closed before TLS was there')
}

/** @returns all that came back until the gate had ended it, or nothing more came */
export async function sayH1(
  gate: Gate,
  host: string,
  pieces: readonly (string | Uint8Array)[],
): Promise<string> {
  const terminal = await insideOf(gate, host, 'http/1.1')
  const said: Buffer[] = []
  terminal.on('data', (piece: Buffer) => said.push(piece))
  terminal.setTimeout(QUIET_MS, () => terminal.destroy())
  for (const piece of pieces) terminal.write(piece)
  await once(terminal, 'close')
  return Buffer.concat(said).toString()
}

/** A body of a length that was not said, in as many frames as pieces. */
export async function sayH2(
  gate: Gate,
  host: string,
  headers: OutgoingHttpHeaders,
  pieces: readonly Uint8Array[],
): Promise<string> {
  const terminal = await insideOf(gate, host, 'h2')
  const session = connectH2(`https://${host}`, { createConnection: () => terminal })
  const stream = session.request({ ':authority': host, ...headers })
  const said: Buffer[] = []
  stream.on('response', (fields) =>
    said.push(Buffer.from(`HTTP/2 ${String(fields[':status'])}\r\n\r\n`)),
  )
  stream.on('data', (piece: Buffer) => said.push(piece))
  stream.on('error', () => undefined)
  stream.setTimeout(QUIET_MS, () => stream.close())
  for (const piece of pieces) stream.write(piece)
  stream.end()
  await once(stream, 'close')
  session.destroy()
  return Buffer.concat(said).toString()
}
