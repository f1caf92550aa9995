import { randomBytes } from 'node:crypto'
import { createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import {
  AGENT_LIMITS,
  command,
  greetMessage,
  paceOf,
  proofOf,
  readMessage,
  same,
  sealOf,
} from '@sekisho/network'
import type { AgentCommand, Pace, Seal } from '@sekisho/network'
import { closePort, openPort } from './agent-port.ts'
import type { OpenPort } from './agent-port.ts'
import { sendQuestion } from './agent-send.ts'
import { lineReader } from './line-reader.ts'

export interface AgentOptions {
  /** The machine's own address, as the declaration has it, and the port for the operator. Port 0 takes any free one. */
  readonly address: string
  readonly port: number
  readonly key: Buffer
  /** Digest of the declaration that this agent goes by; an operator with another is turned away. */
  readonly model: string
  /** Addresses to which anything may be sent. */
  readonly targets: ReadonlySet<string>
}

export interface RunningAgent {
  readonly port: number
  /** Settles when the run, or the agent's time, is over. */
  readonly done: Promise<'ran' | 'time'>
  close(): void
}

/** Milliseconds for an operator to show that it has the key. */
const GREETING = 5_000
/** Connections that have not yet shown the key: more are dropped at once. */
const STRANGERS = 4

/**
 * An agent on one machine: it listens for the operator, does what it is told within its limits for one run, and ends. It sends from its own address only,
 * to the town's own machines only, and says nothing to anybody but a number used once and its seal.
 */
export function startAgent(options: AgentOptions): Promise<RunningAgent> {
  let finish: (how: 'ran' | 'time') => void = () => {}
  const done = new Promise<'ran' | 'time'>((resolve) => (finish = resolve))
  const sockets = new Set<Socket>()
  let taken = false
  const server: Server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    if (taken || sockets.size >= STRANGERS) {
      socket.destroy()
      return
    }
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    greet(socket, options, (seal, run, lines) => {
      if (taken) {
        socket.destroy()
        return
      }
      taken = true
      void serve(socket, seal, run, lines, options).then((obeyed) => {
        // An operator who found another agent missing, and asked nothing, may come again.
        if (obeyed) close('ran')
        else taken = false
      })
    })
  })
  const close = (how: 'ran' | 'time'): void => {
    clearTimeout(timer)
    server.close()
    for (const socket of sockets) socket.destroySoon()
    finish(how)
  }
  const timer = setTimeout(close, AGENT_LIMITS.minutes * 60_000, 'time')
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
    server.listen({ host: options.address, port: options.port }, () => {
      const bound = server.address()
      const port = typeof bound === 'object' && bound !== null ? bound.port : options.port
      resolve({ port, done, close: () => close('time') })
    })
  })
}

/** Hears nothing of a stranger but one line that proves the key; whatever else it says, it is not answered. */
function greet(
  socket: Socket,
  { key, model }: AgentOptions,
  known: (seal: Seal, run: string, lines: AsyncIterator<string>) => void,
): void {
  const agent = randomBytes(16).toString('hex')
  const timer = setTimeout(() => socket.destroy(), GREETING)
  const lines = lineReader(socket, AGENT_LIMITS.line)
  socket.write(`${JSON.stringify({ sekisho: 'probe-agent-1', agent })}\n`)
  void lines.next().then(({ value }) => {
    clearTimeout(timer)
    const said = typeof value === 'string' ? readMessage(greetMessage, value) : undefined
    const greeting = said && { agent, operator: said.operator, run: said.run, model: said.model }
    if (!said || !greeting || !same(said.proof, proofOf(key, 'operator', greeting))) {
      socket.destroy()
      return
    }
    if (said.model !== model) {
      socket.end(`${JSON.stringify({ reason: 'PROBE-OTHER-TOWN' })}\n`)
      return
    }
    socket.write(`${JSON.stringify({ proof: proofOf(key, 'agent', greeting) })}\n`)
    known(sealOf(key, 'agent', greeting), said.run, lines)
  })
}

/** @returns whether anything was done */
async function serve(
  socket: Socket,
  seal: Seal,
  run: string,
  lines: AsyncIterator<string>,
  options: AgentOptions,
): Promise<boolean> {
  let obeyed = false
  const pace = paceOf(AGENT_LIMITS.perSecond, AGENT_LIMITS.perRun)
  const ports: OpenPort[] = []
  try {
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- one command after another
      const { value, done } = await lines.next()
      if (done === true) return obeyed
      const body = seal.open(value)
      const told = body === undefined ? undefined : readMessage(command, body)
      if (!told || 'end' in told) return obeyed
      obeyed = true
      // oxlint-disable-next-line no-await-in-loop -- one command after another
      const reply = await obey(told, { ...options, run, pace, ports })
      socket.write(`${seal.seal(JSON.stringify(reply))}\n`)
    }
  } finally {
    await Promise.all(ports.map(closePort))
    socket.end()
  }
}

interface Run extends AgentOptions {
  readonly run: string
  readonly pace: Pace
  readonly ports: OpenPort[]
}

async function obey(told: Exclude<AgentCommand, { end: true }>, run: Run): Promise<object> {
  if ('open' in told) {
    const opened = await Promise.all(
      told.open.map(async ({ protocol, port }) => {
        if (run.ports.length >= AGENT_LIMITS.ports) return 'closed' as const
        const made = await openPort({ ...run, protocol, port })
        if (typeof made === 'string') return made
        run.ports.push(made)
        return 'open' as const
      }),
    )
    return { opened }
  }
  const seen = await Promise.all(told.ask.map((question) => sendQuestion(question, run)))
  return { seen }
}
