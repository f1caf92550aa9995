import { z } from 'zod'
import { AGENT_LIMITS } from './limits.ts'

const port = z.int().min(1).max(65_535)
const protocol = z.enum(['tcp', 'udp'])
const hex = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`, 'u'))

/** The first line of an agent, to whoever connects. */
export const helloMessage = z.strictObject({ sekisho: z.literal('probe-agent-1'), agent: hex(32) })
/** The operator's answer. */
export const greetMessage = z.strictObject({
  operator: hex(32),
  run: hex(32),
  model: hex(64),
  proof: hex(64),
})
/** The agent's answer to that. */
export const welcomeMessage = z.strictObject({ proof: hex(64) })

/** A port to be opened by the agent on its own address. */
export const openedPort = z.strictObject({ protocol, port })

/** One packet to be sent from the agent's own address. */
export const wireQuestion = z.strictObject({
  protocol,
  target: z.union([z.ipv4(), z.ipv6()]),
  port,
  /** The target's own agent listens there: only then anything is said but a greeting of TCP. */
  agent: z.boolean(),
})
export type WireQuestion = z.infer<typeof wireQuestion>

/** What an operator may command. Nothing else exists. */
export const command = z.union([
  z.strictObject({ open: z.array(openedPort).max(AGENT_LIMITS.ports) }),
  z.strictObject({ ask: z.array(wireQuestion).max(AGENT_LIMITS.questions) }),
  z.strictObject({ end: z.literal(true) }),
])
export type AgentCommand = z.infer<typeof command>

/** Of a port: the agent listens, somebody else does already, or nobody can. */
export const OPENED = ['open', 'busy', 'closed'] as const
/**
 * Of a packet: the other agent answered; somebody accepted; it was turned down; nothing came back; it could not be sent; it may not be sent (not in the
 * declaration, or over a limit).
 */
export const WIRE_SIGHTINGS = [
  'answered',
  'connected',
  'refused',
  'silent',
  'unsent',
  'not-allowed',
] as const
export type WireSighting = (typeof WIRE_SIGHTINGS)[number]

export const openReply = z.strictObject({ opened: z.array(z.enum(OPENED)) })
export const askReply = z.strictObject({ seen: z.array(z.enum(WIRE_SIGHTINGS)) })

/** A line as JSON of a known shape; `undefined` for anything else, for whatever reason. */
export function readMessage<Shape>(shape: z.ZodType<Shape>, line: string): Shape | undefined {
  if (line.length > AGENT_LIMITS.line) return undefined
  try {
    const read = shape.safeParse(JSON.parse(line))
    return read.success ? read.data : undefined
  } catch {
    return undefined
  }
}
