import { createHmac, timingSafeEqual } from 'node:crypto'

/** Bytes of the key that operator and agents share for one run. */
export const KEY_BYTES = 32

/** The key as a file holds it: 64 hex digits. `undefined` when it is anything else. */
export function readKey(text: string): Buffer | undefined {
  const plain = text.trim()
  return /^[0-9a-f]{64}$/u.test(plain) ? Buffer.from(plain, 'hex') : undefined
}

/** What both sides put into a greeting, so that no greeting, line or answer of another day fits: numbers used once, the run, and the digest of the town. */
export interface Greeting {
  readonly agent: string
  readonly operator: string
  readonly run: string
  readonly model: string
}

export type Side = 'agent' | 'operator'

/** Shows that a side has the key, in this greeting. */
export const proofOf = (key: Buffer, side: Side, greeting: Greeting): string =>
  hmac(key, 'greeting', side, ...partsOf(greeting)).toString('hex')

/** Seals and opens the lines of one side, in turn: none can be left out, repeated, turned round or altered. */
export interface Seal {
  seal(body: string): string
  /** @returns `undefined` when it is not the next line of the other side */
  open(line: string): string | undefined
}

export function sealOf(key: Buffer, side: Side, greeting: Greeting): Seal {
  const session = hmac(key, 'session', ...partsOf(greeting))
  const other: Side = side === 'agent' ? 'operator' : 'agent'
  let sent = 0
  let heard = 0
  return {
    seal: (body) => {
      sent += 1
      return `${hmac(session, side, String(sent), body).toString('hex')} ${body}`
    },
    open: (line) => {
      const [mac, body] = [line.slice(0, 64), line.slice(65)]
      if (line[64] !== ' ') return undefined
      if (!same(mac, hmac(session, other, String(heard + 1), body).toString('hex')))
        return undefined
      heard += 1
      return body
    },
  }
}

/** Whether a proof or seal is the one expected, in a time that tells nothing. */
export function same(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** Bytes of the number that a question on the wire carries, and of the seal behind it. */
const NONCE_BYTES = 16
const SEAL_BYTES = 32
export const PROBE_BYTES = NONCE_BYTES + SEAL_BYTES

/**
 * What an agent sends to another and is answered with. The answer is shorter than the question, so that whoever forges a sender wins nothing, and only who
 * has the key is answered at all.
 */
export function probeBytes(key: Buffer, run: string, what: string, nonce: Buffer): Buffer {
  return Buffer.concat([nonce, hmac(key, 'probe', run, what, nonce.toString('hex'))])
}

/** @returns the answer to a question on the wire, `undefined` when it is none of this run and port */
export function answerBytes(
  key: Buffer,
  run: string,
  what: string,
  bytes: Buffer,
): Buffer | undefined {
  if (bytes.length !== PROBE_BYTES) return undefined
  const nonce = bytes.subarray(0, NONCE_BYTES)
  if (!timingSafeEqual(probeBytes(key, run, what, nonce), bytes)) return undefined
  return answerTo(key, run, what, nonce)
}

/** The answer that is right for a number. */
export const answerTo = (key: Buffer, run: string, what: string, nonce: Buffer): Buffer =>
  hmac(key, 'answer', run, what, nonce.toString('hex'))

const partsOf = ({ agent, operator, run, model }: Greeting): readonly string[] => [
  agent,
  operator,
  run,
  model,
]

// Each part with its length: "ab", "c" is not "a", "bc".
function hmac(key: Buffer, ...parts: readonly string[]): Buffer {
  const made = createHmac('sha256', key)
  for (const part of ['sekisho probe 1', ...parts]) {
    const bytes = Buffer.from(part, 'utf8')
    made.update(`${bytes.length}:`).update(bytes)
  }
  return made.digest()
}
