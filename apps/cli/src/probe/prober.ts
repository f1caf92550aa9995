/**
 * The program in a namespace of a lab: it sends what it is told, answers whoever asks, and ends when its input ends. It is started as a process of its own,
 * so it imports nothing but the runtime.
 *
 * A line in: `{answer: addresses}`, `{ask: questions}`, `{hold: questions}` or `{say: milliseconds}`; a line out for each of the last three.
 */
import { createSocket } from 'node:dgram'
import type { Socket as UdpSocket } from 'node:dgram'
import { connect, createServer, isIPv6 } from 'node:net'
import type { Socket } from 'node:net'
import { createInterface } from 'node:readline'

interface Asked {
  readonly protocol: 'tcp' | 'udp'
  readonly source: string
  readonly target: string
  readonly port: number
  readonly sourcePort: number
  /** Milliseconds until nothing more is waited for. */
  readonly wait: number
}

/** Connections under way at once. */
const AT_ONCE = 2_000
/** Datagrams sent in a row. */
const UDP_BURST = 40
/** Every port of a place leads here. */
const ANSWER_PORT = 9

createServer((socket) => {
  socket.on('error', () => {})
  socket.pipe(socket)
}).listen({ host: '::', port: ANSWER_PORT, backlog: 4_096 })

const held: (Socket | undefined)[] = []

process.stdout.write('ready\n')
for await (const line of createInterface({ input: process.stdin })) {
  const told = JSON.parse(line) as {
    answer?: readonly string[]
    ask?: readonly Asked[]
    hold?: readonly Asked[]
    say?: number
  }
  if (told.answer) told.answer.forEach(answerUdp)
  else if (told.ask) reply(await askAll(told.ask))
  else if (told.hold) reply(await holdAll(told.hold))
  else if (told.say !== undefined) reply(await sayAll(told.say))
}
process.exit(0)

function reply(answers: readonly boolean[]): void {
  process.stdout.write(`${JSON.stringify({ answers })}\n`)
}

/** One socket for each address, so that an answer comes from the address that was asked. */
function answerUdp(address: string): void {
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4')
  socket.on('error', () => {})
  socket.on('message', (bytes, { port, address: from }) => socket.send(bytes, port, from))
  socket.bind({ address, port: ANSWER_PORT })
}

async function askAll(questions: readonly Asked[]): Promise<readonly boolean[]> {
  const answers: boolean[] = questions.map(() => false)
  const udp = askUdp(questions, answers)
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < questions.length) {
      const at = next
      next += 1
      const question = questions[at]!
      // oxlint-disable-next-line no-await-in-loop -- a worker does one after another
      if (question.protocol === 'tcp') answers[at] = await askTcp(question)
    }
  }
  await Promise.all([udp, ...Array.from({ length: AT_ONCE }, worker)])
  return answers
}

function askTcp(question: Asked): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = dial(question)
    const end = (answered: boolean): void => {
      clearTimeout(timer)
      // A reset leaves nothing behind at either end; while it is still being made, a socket would only be reset later.
      if (answered) socket.resetAndDestroy()
      else socket.destroy()
      resolve(answered)
    }
    const timer = setTimeout(end, question.wait, false)
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
  })
}

function dial({ source, target, port, sourcePort }: Asked): Socket {
  return connect({
    host: target,
    port,
    localAddress: source,
    localPort: sourcePort,
  })
}

/** All that one address asks by UDP goes out of one socket; the answers are told apart by who sends them. */
async function askUdp(questions: readonly Asked[], answers: boolean[]): Promise<void> {
  const sockets = new Map<string, Promise<UdpSocket>>()
  const waiting = new Map<string, number>()
  const sends: (() => void)[] = []
  let longest = 0
  for (const [at, question] of questions.entries()) {
    if (question.protocol !== 'udp') continue
    const { source, target, port, sourcePort, wait } = question
    const own = `${source} ${sourcePort}`
    let socket = sockets.get(own)
    if (!socket) {
      socket = bound(source, sourcePort, (from) => {
        const index = waiting.get(`${own} ${from}`)
        if (index !== undefined) answers[index] = true
      })
      sockets.set(own, socket)
    }
    waiting.set(`${own} ${target} ${port}`, at)
    longest = Math.max(longest, wait)
    sends.push(() => void socket.then((one) => one.send(Buffer.alloc(16), port, target)))
  }
  await Promise.all(sockets.values())
  for (const [at, send] of sends.entries()) {
    send()
    // The one who answers has room for some hundreds that it has not read yet.
    // oxlint-disable-next-line no-await-in-loop -- one burst after another
    if (at % UDP_BURST === 0) await new Promise((resolve) => setTimeout(resolve, 4))
  }
  const started = Date.now()
  const expected = (): boolean =>
    questions.some(({ protocol, wait }, at) => {
      const due = wait > 1_000 ? wait : 0
      return protocol === 'udp' && due > Date.now() - started && answers[at] === false
    })
  do {
    // oxlint-disable-next-line no-await-in-loop -- waiting is the work
    await new Promise((resolve) => setTimeout(resolve, 100))
  } while (expected() && Date.now() - started < longest)
  for (const socket of sockets.values()) (await socket).close()
}

function bound(source: string, port: number, heard: (from: string) => void): Promise<UdpSocket> {
  return new Promise((resolve) => {
    const socket = createSocket({ type: isIPv6(source) ? 'udp6' : 'udp4', reuseAddr: true })
    socket.on('error', () => resolve(socket))
    socket.on('message', (_, from) => heard(`${from.address} ${from.port}`))
    socket.bind({ address: source, port }, () => resolve(socket))
  })
}

async function holdAll(questions: readonly Asked[]): Promise<readonly boolean[]> {
  for (const socket of held.splice(0)) socket?.resetAndDestroy()
  const made = await Promise.all(
    questions.map(
      (question) =>
        new Promise<Socket | undefined>((resolve) => {
          const socket = dial(question)
          const timer = setTimeout(() => {
            socket.destroy()
            resolve(undefined)
          }, question.wait)
          socket.on('error', () => resolve(undefined))
          socket.once('connect', () => {
            clearTimeout(timer)
            resolve(socket)
          })
        }),
    ),
  )
  held.push(...made)
  return made.map((socket) => socket !== undefined)
}

function sayAll(wait: number): Promise<readonly boolean[]> {
  return Promise.all(
    held.map(
      (socket) =>
        new Promise<boolean>((resolve) => {
          if (!socket || socket.destroyed) {
            resolve(false)
            return
          }
          const timer = setTimeout(resolve, wait, false)
          socket.once('data', () => {
            clearTimeout(timer)
            resolve(true)
          })
          socket.write('1')
        }),
    ),
  )
}
