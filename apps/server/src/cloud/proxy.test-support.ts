import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import type { Admitted, FirstBytes, Gatekeeper, Refused, TunnelRecord } from '@sekisho/gates/web'
import { ReadBuffers } from './read-buffers.ts'
import { TUNNEL_LIMITS, serveTunnel } from './tunnel.ts'
import type { TunnelLimits, TunnelOptions } from './tunnel.ts'

/** A proxy on the loopback that admits one name, with what it wrote down. */
export interface TestProxy {
  readonly port: number
  readonly records: TunnelRecord[]
  readonly cut: AbortController
  close(): Promise<void>
}

export interface TestGate {
  readonly origin: number
  readonly limits?: Partial<TunnelLimits>
  readonly firstBytes?: (bytes: Buffer) => FirstBytes
  readonly record?: (entry: TunnelRecord) => Promise<void>
  readonly identify?: Gatekeeper['identify']
  readonly addresses?: readonly string[]
  readonly budget?: number
  readonly plain?: TunnelOptions['plain']
}

export const ALLOWED = 'www.town.example:443'

export async function startProxy(gate: TestGate): Promise<TestProxy> {
  const records: TunnelRecord[] = []
  const cut = new AbortController()
  let left = gate.budget ?? Infinity
  let numbers = 0
  const gatekeeper: Gatekeeper = {
    number: () => `W-${(numbers += 1)}`,
    identify: gate.identify ?? (() => Promise.resolve({ id: 's0001', department: 'fukushi' })),
    admit: ({ target }): Promise<Admitted | Refused> =>
      Promise.resolve(
        target === ALLOWED
          ? {
              result: 'pass',
              service: 'town',
              host: 'www.town.example',
              port: gate.origin,
              addresses: gate.addresses ?? ['127.0.0.1'],
              maySend: (bytes) => (left -= bytes) >= 0,
              cut: cut.signal,
            }
          : { result: 'refuse', reason: 'WEB-NOT-DECLARED', service: '' },
      ),
    admitPlain: () => Promise.resolve({ result: 'refuse', reason: 'X11-PLAIN', service: '' }),
    firstBytes: (_asked, _admitted, bytes) => gate.firstBytes?.(bytes) ?? { result: 'pass' },
    inside: () => ({ result: 'refuse', reason: 'X11-INSPECT', service: '' }),
    record: async (entry) => {
      await gate.record?.(entry)
      records.push(entry)
    },
  }
  const limits = { ...TUNNEL_LIMITS, ...gate.limits }
  const buffers = new ReadBuffers()
  const options = { gatekeeper, limits, buffers, ...(gate.plain ? { plain: gate.plain } : {}) }
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    void serveTunnel(socket, options)
  })
  const port = await listen(server)
  return { port, records, cut, close: () => closed(server) }
}

export async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

export function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()))
}

/** A server outside that counts what reaches it. */
export interface Origin {
  readonly port: number
  readonly seen: { connections: number; bytes: number }
  close(): Promise<void>
}

export async function startOrigin(serve: (socket: Socket) => void): Promise<Origin> {
  const seen = { connections: 0, bytes: 0 }
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    seen.connections += 1
    socket.on('data', (chunk: Buffer) => (seen.bytes += chunk.length))
    socket.on('error', () => undefined)
    serve(socket)
  })
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy()
    await closed(server)
  }
  return { port: await listen(server), seen, close }
}

/** Sends `text`, ends its half when told, and returns all that comes back. */
export async function say(port: number, text: string | Buffer, end = true): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: end })
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk))
  socket.on('error', () => undefined)
  if (end) socket.end(text)
  else socket.write(text)
  await once(socket, 'close')
  return Buffer.concat(chunks).toString('latin1')
}
