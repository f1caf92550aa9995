/**
 * A next hop of mail that does what a test wants, byte by byte: a well-behaved server cannot be told to misbehave.
 */
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

export interface Taken {
  readonly from: string
  readonly to: readonly string[]
  readonly message: string
}

/** What to answer; `undefined` for the ordinary answer, `cut` to end the connection, `hang` for silence. */
export type Behaviour = (
  step: 'greeting' | 'EHLO' | 'STARTTLS' | 'MAIL' | 'RCPT' | 'DATA' | 'end' | 'RSET',
  line: string,
) => string | undefined

export interface Peer {
  readonly port: number
  /** Messages it took, in order, also those for which it gave no answer. */
  readonly taken: Taken[]
  /** Commands it got, in order. */
  readonly lines: string[]
  connections: number
  most: number
  behaviour: Behaviour
  close(): Promise<void>
}

export async function startPeer(behaviour: Behaviour = () => undefined, port = 0): Promise<Peer> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    peer.connections += 1
    peer.most = Math.max(peer.most, sockets.size)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
    talk(peer, socket)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const peer: Peer = {
    port: (server.address() as AddressInfo).port,
    taken: [],
    lines: [],
    connections: 0,
    most: 0,
    behaviour,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
  return peer
}

const ORDINARY = {
  greeting: '220 peer.example ESMTP',
  EHLO: '250-peer.example\r\n250-PIPELINING\r\n250-SIZE 10000000\r\n250 8BITMIME',
  STARTTLS: '502 5.5.1 not here',
  MAIL: '250 2.1.0 ok',
  RCPT: '250 2.1.5 ok',
  DATA: '354 go on',
  end: '250 2.0.0 queued',
  RSET: '250 2.0.0 ok',
}

function talk(peer: Peer, socket: Socket): void {
  let from = ''
  let to: string[] = []
  /** Between MAIL and the end of its message. */
  let open = false
  let inData = false
  let held = ''
  // It knows no TLS: after a 220 it cuts the handshake.
  let deaf = false
  const answer = (step: keyof typeof ORDINARY, line: string): string => {
    const said = peer.behaviour(step, line) ?? ORDINARY[step]
    if (said === 'cut') socket.destroy()
    else if (said !== 'hang') socket.write(`${said}\r\n`)
    return said
  }
  const command = (line: string): void => {
    peer.lines.push(line)
    const verb = line.slice(0, 4).toUpperCase()
    if (verb === 'EHLO' || verb === 'HELO') answer('EHLO', line)
    else if (verb === 'STAR') deaf = answer('STARTTLS', line).startsWith('2')
    else if (verb === 'MAIL' && open) socket.write('503 5.5.1 nested MAIL\r\n')
    else if (verb === 'MAIL') {
      to = []
      from = /<(.*?)>/u.exec(line)?.[1] ?? ''
      open = /^(?:2|hang)/u.test(answer('MAIL', line))
    } else if (verb === 'RCPT') {
      if (/^(?:2|hang)/u.test(answer('RCPT', line))) to.push(/<(.*?)>/u.exec(line)?.[1] ?? '')
    } else if (verb === 'DATA') {
      if (to.length === 0) socket.write('554 5.5.1 no valid recipients\r\n')
      else inData = /(?:^|\n)354/u.test(answer('DATA', line))
    } else if (verb === 'RSET') {
      open = false
      answer('RSET', line)
    } else if (verb === 'QUIT') socket.end('221 2.0.0 bye\r\n')
    else socket.write('500 5.5.2 what\r\n')
  }
  answer('greeting', '')
  socket.setEncoding('latin1')
  socket.on('data', (chunk: string) => {
    if (deaf) {
      socket.destroy()
      return
    }
    held += chunk
    for (;;) {
      const mark = inData ? '\r\n.\r\n' : '\r\n'
      const end = held.indexOf(mark)
      if (end < 0) return
      const text = held.slice(0, end)
      held = held.slice(end + mark.length)
      if (!inData) {
        command(text)
        continue
      }
      inData = false
      open = false
      const said = peer.behaviour('end', '') ?? ORDINARY.end
      // Cut after the end: it has the message and never said so.
      if (said === 'cut' || said === 'hang' || said.startsWith('2'))
        peer.taken.push({ from, to, message: `${text}\r\n`.replaceAll('\r\n..', '\r\n.') })
      if (said === 'cut') socket.destroy()
      else if (said !== 'hang') socket.write(`${said}\r\n`)
    }
  })
}
