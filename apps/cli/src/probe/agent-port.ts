import { createSocket } from 'node:dgram'
import type { Socket as UdpSocket } from 'node:dgram'
import { createServer, isIPv6 } from 'node:net'
import type { Server } from 'node:net'
import { AGENT_LIMITS, answerBytes, PROBE_BYTES } from '@sekisho/network'

export interface PortOptions {
  readonly address: string
  readonly protocol: 'tcp' | 'udp'
  readonly port: number
  readonly key: Buffer
  readonly run: string
}

export type OpenPort =
  | { readonly protocol: 'tcp'; readonly socket: Server }
  | { readonly protocol: 'udp'; readonly socket: UdpSocket }

/** Connections at once at one port; more than agents ever make come from somebody else. */
const AT_ONCE = 32

/**
 * Listens at a port of the machine's own address and answers the agents of this run, once each; everybody else hears nothing. A port at which a service
 * listens is left to it.
 */
export function openPort(options: PortOptions): Promise<OpenPort | 'busy' | 'closed'> {
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException): void =>
      resolve(error.code === 'EADDRINUSE' ? 'busy' : 'closed')
    if (options.protocol === 'tcp') openTcp(options, resolve, failed)
    else openUdp(options, resolve, failed)
  })
}

function openTcp(
  options: PortOptions,
  opened: (port: OpenPort) => void,
  failed: (error: NodeJS.ErrnoException) => void,
): void {
  const server = createServer((socket) => {
    const heard: Buffer[] = []
    let size = 0
    socket.setTimeout(AGENT_LIMITS.wait, () => socket.destroy())
    socket.on('error', () => socket.destroy())
    socket.on('data', (bytes) => {
      size += bytes.length
      heard.push(bytes)
      if (size < PROBE_BYTES) return
      const answer = answerBytes(options.key, options.run, nameOf(options), Buffer.concat(heard))
      if (answer === undefined) socket.destroy()
      else socket.end(answer)
    })
  })
  server.maxConnections = AT_ONCE
  server.once('error', failed)
  server.listen({ host: options.address, port: options.port, exclusive: true }, () => {
    server.on('error', () => {})
    opened({ protocol: 'tcp', socket: server })
  })
}

function openUdp(
  options: PortOptions,
  opened: (port: OpenPort) => void,
  failed: (error: NodeJS.ErrnoException) => void,
): void {
  const socket = createSocket(isIPv6(options.address) ? 'udp6' : 'udp4')
  socket.on('error', failed)
  socket.on('message', (bytes, { address, port }) => {
    const answer = answerBytes(options.key, options.run, nameOf(options), bytes)
    if (answer !== undefined) socket.send(answer, port, address)
  })
  socket.bind({ address: options.address, port: options.port, exclusive: true }, () =>
    opened({ protocol: 'udp', socket }),
  )
}

/** The target as both agents write it: an answer is right only for the port that was asked. */
export const nameOf = ({
  protocol,
  address,
  port,
}: Pick<PortOptions, 'protocol' | 'address' | 'port'>): string => `${protocol} ${address} ${port}`

export function closePort(port: OpenPort): Promise<void> {
  return new Promise((resolve) => {
    if (port.protocol === 'udp') port.socket.close(() => resolve())
    else port.socket.close(() => resolve())
  })
}
