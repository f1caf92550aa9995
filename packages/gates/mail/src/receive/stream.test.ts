/**
 * The stream of bytes as a whole: whatever a client writes and however TCP cuts it, the spool holds exactly the messages that a reader
 * of the RFC finds in it.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { CLERK, OPENING, Talk, receiving, textOf } from './receiving.test-support.ts'
import type { Receiving } from './receiving.test-support.ts'

let gate: Receiving
beforeAll(async () => {
  gate = await receiving({
    own: { connections: 1000, connectionsPerAddress: 1000, messagesPerMinute: 1e6 },
  })
})
afterAll(() => gate.end())

const line = fc.oneof(
  { weight: 6, arbitrary: fc.stringMatching(/^[.a-z\x80-\xff \t]{0,12}$/u) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('.', '..', '. ', '.x', 'MAIL FROM:<x@example.com>', 'DATA', 'QUIT'),
  },
)
/** Now and then, in place of a CR LF. */
const lineEnd = fc.oneof(
  { weight: 60, arbitrary: fc.constant('\r\n') },
  { weight: 1, arbitrary: fc.constantFrom('\n', '\r', '\r\r\n', '\n\r\n', '\x00\r\n') },
)
const message = fc.array(fc.tuple(line, lineEnd), { minLength: 1, maxLength: 8 })
const cuts = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 6 })
const messagesOf = (one: typeof message) => fc.array(one, { minLength: 1, maxLength: 3 })
const unended = message.filter((lines) => lines.every(([text]) => text !== '.'))
const session = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({ stuffs: fc.constant(true), messages: messagesOf(message), cuts }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ stuffs: fc.constant(false), messages: messagesOf(unended), cuts }),
  },
)

interface Session {
  /** Doubles the dot at the head of a line, as it must; or never heard of that. */
  readonly stuffs: boolean
  readonly messages: readonly (readonly (readonly [string, string])[])[]
  readonly cuts: readonly number[]
}

/** What the RFC says of these lines: the message, or that it never comes to its end. A dot that was not doubled goes (RFC 5321 4.5.2). */
function meant(lines: Session['messages'][number], stuffs: boolean): string | undefined {
  if (lines.some(([, end]) => end !== '\r\n')) return undefined
  return lines.map(([text]) => `${stuffs ? text : text.replace(/^\./u, '')}\r\n`).join('')
}

function written(lines: Session['messages'][number], stuffs: boolean): string {
  return lines
    .map(([text, end]) => (stuffs && text.startsWith('.') ? `.${text}${end}` : `${text}${end}`))
    .join('')
}

async function inPieces(talk: Talk, bytes: string, sizes: readonly number[]): Promise<void> {
  for (let from = 0, n = 0; from < bytes.length; n += 1) {
    const size = sizes[n % sizes.length]!
    talk.send(bytes.slice(from, from + size))
    from += size
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** Sends one message after the other, as a client does; returns the ids it was told. */
async function play({ messages, cuts: sizes, stuffs }: Session): Promise<readonly string[]> {
  const talk = await Talk.to(gate.port)
  talk.send(OPENING)
  await talk.hear()
  const ids: string[] = []
  for (const lines of messages) {
    await inPieces(
      talk,
      `MAIL FROM:<a@example.com>\r\nRCPT TO:<${CLERK.address}>\r\nDATA\r\n`,
      sizes,
    )
    for (let n = 0; n < 3; n += 1) await talk.hear()
    await inPieces(talk, `${written(lines, stuffs)}.\r\n`, sizes)
    const id = /^250 2\.0\.0 kept as (\S+)$/u.exec(await talk.hear())?.[1]
    if (id === undefined) break
    ids.push(id)
  }
  talk.break()
  return ids
}

it('every session of any bytes leaves exactly its whole messages', async () => {
  const sessions = fc.array(session, { minLength: 20, maxLength: 20 })
  await fc.assert(
    fc.asyncProperty(sessions, async (all) => {
      const before = new Set(gate.spool.ids())
      const told = await Promise.all(all.map(play))
      const held = gate.spool.ids().filter((id) => !before.has(id))
      expect(held.length).toBe(told.flat().length)
      for (const [n, { messages, stuffs }] of all.entries()) {
        const wanted = messages.map((lines) => meant(lines, stuffs))
        const broken = wanted.indexOf(undefined)
        const expected = wanted.slice(0, broken === -1 ? undefined : broken)
        expect(await Promise.all(told[n]!.map((id) => textOf(gate.spool, id)))).toEqual(expected)
      }
    }),
    { numRuns: 8 },
  )
})
