import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import {
  addressText,
  agentOutcomes,
  agentPlan,
  AGENT_LIMITS,
  askReply,
  helloMessage,
  openReply,
  portOf,
  proofOf,
  readMessage,
  same,
  sealOf,
  welcomeMessage,
} from '@sekisho/network'
import type {
  Declared,
  Outcome,
  Place,
  PortState,
  Question,
  Seal,
  WireSighting,
} from '@sekisho/network'
import { lineReader } from './line-reader.ts'

/** An agent, as the operator's list has it. */
export interface AgentAddress {
  readonly place: Place
  readonly address: string
  readonly port: number
}

export type AgentRun =
  | { readonly ok: true; readonly outcomes: readonly Outcome[] }
  | {
      readonly ok: false
      readonly reason: 'PROBE-NO-AGENT' | 'PROBE-OTHER-TOWN' | 'PROBE-TOO-MANY'
      /** The agent it is about. */
      readonly agent: string
    }

/** Milliseconds until an agent must have said who it is. */
const GREETING = 5_000

/** Has every agent ask the others, and tells what became of it. Ends the agents' run, however it goes. */
export async function runAgents(
  declared: Declared,
  agents: readonly AgentAddress[],
  key: Buffer,
): Promise<AgentRun> {
  const places = agents.map(({ place }) => place)
  const plan = agentPlan(declared, places)
  const tooMany = agents.find((_, at) => overLimits(plan.questions, plan.ports.get(at) ?? [], at))
  if (tooMany) return { ok: false, reason: 'PROBE-TOO-MANY', agent: tooMany.place.id }
  const run = randomBytes(16).toString('hex')
  const lines: Line[] = []
  try {
    for (const agent of agents) {
      // oxlint-disable-next-line no-await-in-loop -- the first that is not there ends it
      const line = await reach(agent, declared.digest, run, key)
      if (typeof line === 'string') return { ok: false, reason: line, agent: agent.place.id }
      lines.push(line)
    }
    const states = await openPorts(lines, plan.ports)
    const stateOf = (place: number, port: string): PortState =>
      states.get(`${place} ${port}`) ?? 'closed'
    const seen = await askAll(lines, plan.questions, stateOf)
    if (!seen) return { ok: false, reason: 'PROBE-NO-AGENT', agent: '' }
    const outcomes = agentOutcomes(declared, places, plan.questions, seen, stateOf)
    return { ok: true, outcomes }
  } finally {
    for (const line of lines) line.end()
  }
}

const overLimits = (
  questions: readonly Question[],
  ports: readonly string[],
  at: number,
): boolean =>
  ports.length > AGENT_LIMITS.ports ||
  questions.filter(({ from }) => from === at).length > AGENT_LIMITS.perRun

/** A sealed line to one agent: a command, and its answer. */
interface Line {
  call(body: object): Promise<string | undefined>
  end(): void
}

async function reach(
  { address, port }: AgentAddress,
  model: string,
  run: string,
  key: Buffer,
): Promise<Line | 'PROBE-NO-AGENT' | 'PROBE-OTHER-TOWN'> {
  const socket = connect({ host: address, port })
  socket.on('error', () => socket.destroy())
  const timer = setTimeout(() => socket.destroy(), GREETING)
  const lines = lineReader(socket, AGENT_LIMITS.line)
  try {
    const hello = readMessage(helloMessage, (await lines.next()).value ?? '')
    if (!hello) return 'PROBE-NO-AGENT'
    const greeting = { agent: hello.agent, operator: randomBytes(16).toString('hex'), run, model }
    const { operator } = greeting
    const proof = proofOf(key, 'operator', greeting)
    socket.write(`${JSON.stringify({ operator, run, model, proof })}\n`)
    const said = (await lines.next()).value ?? ''
    const welcome = readMessage(welcomeMessage, said)
    if (!welcome) return said.includes('PROBE-OTHER-TOWN') ? 'PROBE-OTHER-TOWN' : 'PROBE-NO-AGENT'
    // Without this, whoever listens at that address could tell us what it likes.
    if (!same(welcome.proof, proofOf(key, 'agent', greeting))) return 'PROBE-NO-AGENT'
    return lineOf(socket, lines, sealOf(key, 'operator', greeting))
  } finally {
    clearTimeout(timer)
  }
}

function lineOf(socket: Socket, lines: AsyncGenerator<string>, seal: Seal): Line {
  return {
    call: async (body) => {
      socket.write(`${seal.seal(JSON.stringify(body))}\n`)
      const { value } = await lines.next()
      return typeof value === 'string' ? seal.open(value) : undefined
    },
    end: () => socket.end(`${seal.seal(JSON.stringify({ end: true }))}\n`),
  }
}

async function openPorts(
  lines: readonly Line[],
  ports: ReadonlyMap<number, readonly string[]>,
): Promise<ReadonlyMap<string, PortState>> {
  const states = new Map<string, PortState>()
  await Promise.all(
    lines.map(async (line, at) => {
      const names = ports.get(at) ?? []
      const open = names.map((name) => {
        const [protocol, port] = name.split(' ')
        return { protocol, port: Number(port) }
      })
      const said = readMessage(openReply, (await line.call({ open })) ?? '')
      for (const [index, name] of names.entries()) {
        states.set(`${at} ${name}`, said?.opened[index] ?? 'closed')
      }
    }),
  )
  return states
}

/** @returns `undefined` when an agent fell silent: half a run proves nothing */
async function askAll(
  lines: readonly Line[],
  questions: readonly Question[],
  stateOf: (place: number, port: string) => PortState,
): Promise<readonly WireSighting[] | undefined> {
  const seen: WireSighting[] = []
  const whole = await Promise.all(
    lines.map(async (line, at) => {
      const own = [...questions.keys()].filter((index) => questions[index]!.from === at)
      for (let start = 0; start < own.length; start += AGENT_LIMITS.questions) {
        const batch = own.slice(start, start + AGENT_LIMITS.questions)
        const ask = batch.map((index) => {
          const question = questions[index]!
          return {
            protocol: question.protocol,
            target: addressText(question.family, question.target),
            port: question.port,
            agent: stateOf(question.to, portOf(question)) === 'open',
          }
        })
        // oxlint-disable-next-line no-await-in-loop -- one batch after another
        const said = readMessage(askReply, (await line.call({ ask })) ?? '')
        if (!said || said.seen.length !== batch.length) return false
        for (const [index, one] of said.seen.entries()) seen[batch[index]!] = one
      }
      return true
    }),
  )
  return whole.every(Boolean) ? seen : undefined
}
