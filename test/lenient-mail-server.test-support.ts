/**
 * The worst next hop there is: it takes every false end for the end of a message, and every kind of line end for one. Whatever would smuggle, smuggles here.
 */
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

/** What it believed to be a mail. */
export interface BelievedMail {
  readonly from: string
  readonly to: readonly string[]
  readonly message: string
}

export interface LenientServer {
  readonly port: number
  /** In order. */
  readonly mails: readonly BelievedMail[]
  close(): Promise<void>
}

/** A dot between any two of the bytes that anybody ever took for a line end. */
const ANY_END = /[\r\n\0]+\.[\r\n\0]+/u
const BYE = '221 bye'
const ANY_LINE_END = /[\r\n\0]+/u

export function startLenientServer(): Promise<LenientServer> {
  return serve((socket, mails) => {
    socket.write('220 lenient\r\n')
    const read = reader(mails, (answer) => {
      socket.write(`${answer}\r\n`)
      if (answer === BYE) socket.end()
    })
    socket.on('data', read)
  })
}

/** Reads along with the same eyes what another server is told, and lets that one answer. */
export function startLenientReader(port: number): Promise<LenientServer> {
  return serve((socket, mails) => {
    const server = connect(port, '127.0.0.1')
    server.on('error', () => socket.destroy())
    const read = reader(mails, () => undefined)
    socket.on('data', (chunk: string) => {
      read(chunk)
      server.write(chunk, 'latin1')
    })
    socket.on('end', () => server.end())
    server.pipe(socket)
  })
}

async function serve(
  talk: (socket: Socket, mails: BelievedMail[]) => void,
): Promise<LenientServer> {
  const sockets = new Set<Socket>()
  const mails: BelievedMail[] = []
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.setEncoding('latin1')
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
    talk(socket, mails)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    mails,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

function reader(mails: BelievedMail[], answer: (line: string) => void): (chunk: string) => void {
  let from = ''
  let to: string[] = []
  let inMessage = false
  let held = ''
  const command = (line: string): void => {
    const address = /<(.*?)>/u.exec(line)?.[1] ?? ''
    const verb = line.slice(0, 4).toUpperCase()
    if (verb === 'MAIL') [from, to] = [address, []]
    if (verb === 'RCPT') to.push(address)
    inMessage = verb === 'DATA'
    answer(inMessage ? '354 go on' : verb === 'QUIT' ? BYE : '250 yes')
  }
  return (chunk) => {
    held += chunk
    for (;;) {
      const end = (inMessage ? ANY_END : ANY_LINE_END).exec(held)
      if (!end) return
      const text = held.slice(0, end.index)
      held = held.slice(end.index + end[0].length)
      if (inMessage) {
        inMessage = false
        mails.push({ from, to, message: text })
        answer('250 taken')
      } else if (text !== '') command(text)
    }
  }
}
