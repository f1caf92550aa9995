import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { connect, isIPv6 } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { AGENT_LIMITS, answerTo, probeBytes } from '@sekisho/network'
import type { Pace, WireQuestion, WireSighting } from '@sekisho/network'
import { nameOf } from './agent-port.ts'

export interface Sender {
  /** The machine's own address: nothing is ever sent from another. */
  readonly address: string
  readonly targets: ReadonlySet<string>
  readonly key: Buffer
  readonly run: string
  readonly pace: Pace
}

/** Sends one packet that begins a connection, and tells what came of it. What may not be sent is not sent, whoever asks. */
export async function sendQuestion(question: WireQuestion, sender: Sender): Promise<WireSighting> {
  if (!sender.targets.has(question.target)) return 'not-allowed'
  if (isIPv6(question.target) !== isIPv6(sender.address)) return 'not-allowed'
  // Nothing can be told of UDP unless an agent answers; and a service is not to be sent what it does not know.
  if (question.protocol === 'udp' && !question.agent) return 'unsent'
  const wait = sender.pace.next(Date.now())
  if (wait === undefined) return 'not-allowed'
  await pause(wait)
  return question.protocol === 'tcp' ? sendTcp(question, sender) : sendUdp(question, sender)
}

function sendTcp(question: WireQuestion, sender: Sender): Promise<WireSighting> {
  const { nonce, bytes } = probeOf(question, sender)
  return new Promise((resolve) => {
    const socket = connect({
      host: question.target,
      port: question.port,
      localAddress: sender.address,
    })
    let connected = false
    const heard: Buffer[] = []
    const end = (seen: WireSighting): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(seen)
    }
    const timer = setTimeout(() => end(connected ? 'connected' : 'silent'), AGENT_LIMITS.wait)
    socket.once('connect', () => {
      connected = true
      // To a service nothing is said: it was reached, that is all there is to know.
      if (question.agent) socket.write(bytes)
      else end('connected')
    })
    socket.on('data', (more) => {
      heard.push(more)
      if (isAnswer(Buffer.concat(heard), question, sender, nonce)) end('answered')
    })
    socket.once('end', () => end('connected'))
    socket.once('error', (error: NodeJS.ErrnoException) =>
      end(connected ? 'connected' : seenOf(error)),
    )
  })
}

function sendUdp(question: WireQuestion, sender: Sender): Promise<WireSighting> {
  const { nonce, bytes } = probeOf(question, sender)
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(sender.address) ? 'udp6' : 'udp4')
    const end = (seen: WireSighting): void => {
      clearTimeout(timer)
      socket.close()
      resolve(seen)
    }
    const timer = setTimeout(end, AGENT_LIMITS.wait, 'silent')
    socket.once('error', (error: NodeJS.ErrnoException) => end(seenOf(error)))
    socket.on('message', (answer, { address, port }) => {
      if (address !== question.target || port !== question.port) return
      if (isAnswer(answer, question, sender, nonce)) end('answered')
    })
    socket.bind({ address: sender.address }, () => {
      socket.connect(question.port, question.target, () => socket.send(bytes))
    })
  })
}

function probeOf(question: WireQuestion, { key, run }: Sender) {
  const nonce = randomBytes(16)
  return { nonce, bytes: probeBytes(key, run, targetName(question), nonce) }
}

const isAnswer = (
  bytes: Buffer,
  question: WireQuestion,
  { key, run }: Sender,
  nonce: Buffer,
): boolean => bytes.equals(answerTo(key, run, targetName(question), nonce))

const targetName = ({ protocol, target, port }: WireQuestion): string =>
  nameOf({ protocol, address: target, port })

const seenOf = ({ code }: NodeJS.ErrnoException): WireSighting =>
  code === 'ECONNREFUSED'
    ? 'refused'
    : code === 'EADDRNOTAVAIL' || code === 'EACCES' || code === 'EPERM' || code === 'EMFILE'
      ? 'unsent'
      : 'silent'
