import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { CLERK, DOMAIN, OPENING, TO_CLERK, Talk, receiving } from './receiving.test-support.ts'
import type { Receiving } from './receiving.test-support.ts'

let gate: Receiving

/**
 * Ends of a message that one server believes and another does not: SEC Consult's paper of 2023, the lists of SMTP-Smuggling-Tools
 * (inbound and outbound), and what was found later (NUL, doubled CR, lone CR at the end). And bytes that some languages take for the end of a line: to mail
 * they are characters, and the message goes on. Beside the cases for a whole town.
 */
const ENDS = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../../../corpus/mail-wire/ends.json'), 'utf8'),
) as Record<'falseEnds' | 'noEnds', readonly { readonly bytes: string }[]>
const FALSE_ENDS = ENDS.falseEnds.map(({ bytes }) => bytes)
const NO_ENDS = ENDS.noEnds.map(({ bytes }) => bytes)

const smuggled = (end: string): string =>
  `Subject: carrier\r\nX-End: ${JSON.stringify(end)}\r\n\r\nbody${end}MAIL FROM:<mayor@${DOMAIN}>\r\nRCPT TO:<${CLERK.address}>\r\nDATA\r\nSubject: smuggled\r\nX-End: ${JSON.stringify(end)}\r\n\r\nx\r\n.\r\n`

/** Whoever takes the end for no end, or for an end, is at a command by now and ends the connection: a gate that lets it by is seen at once, not waited for. */
const QUIT = 'QUIT\r\n'

/** Messages of the case about this end that hold the word. */
async function holding(receiver: Receiving, word: string, end: string): Promise<readonly string[]> {
  const messages = await receiver.messages()
  return messages.filter((text) => text.includes(word) && text.includes(JSON.stringify(end)))
}

async function afterData(port: number): Promise<Talk> {
  const talk = await Talk.to(port)
  talk.send(OPENING + TO_CLERK)
  for (let n = 0; n < 4; n += 1) await talk.hear()
  return talk
}

describe('a second message hidden in the first', () => {
  let all: Receiving
  beforeAll(async () => {
    all = await receiving()
  })
  afterAll(() => all.end())
  it.concurrent.each(FALSE_ENDS.map((end) => [JSON.stringify(end), end]))(
    'behind %s: neither is taken and the connection ends',
    async (_, end) => {
      const talk = await afterData(all.port)
      talk.send(smuggled(end) + QUIT)
      const replies = await talk.rest()
      expect(replies).toHaveLength(1)
      expect(replies[0]).toMatch(/^521 5\.[56]\.[02] SMTP-(?:BARE-LINE-END|NUL) /u)
      expect(await holding(all, 'smuggled', end)).toEqual([])
    },
  )

  it.concurrent.each(FALSE_ENDS.map((end) => [JSON.stringify(end), end]))(
    'behind %s, a byte at a time',
    async (_, end) => {
      const talk = await afterData(all.port)
      for (const byte of smuggled(end) + QUIT) {
        talk.send(byte)
        await new Promise((resolve) => setImmediate(resolve))
      }
      expect((await talk.rest()).map((reply) => reply.slice(0, 3))).toEqual(['521'])
      expect(await holding(all, 'smuggled', end)).toEqual([])
    },
  )

  it.concurrent.each(NO_ENDS.map((end) => [JSON.stringify(end), end]))(
    'behind %s, which ends nothing: one message, with all of it inside',
    async (_, end) => {
      const talk = await afterData(all.port)
      talk.send(smuggled(end))
      expect(await talk.hear()).toMatch(/^250 /u)
      talk.send(QUIT)
      await talk.rest()
      expect(await holding(all, 'smuggled', end)).toHaveLength(1)
      expect(await holding(all, 'carrier', end)).toHaveLength(1)
    },
  )
})

describe('one client', () => {
  beforeEach(async () => {
    gate = await receiving()
  })
  afterEach(() => gate.end())

  it('what was whole before the broken line is taken and answered', async () => {
    const talk = await afterData(gate.port)
    talk.send(`one\r\n.\r\nNOOP\r\nNO\nOP\r\nMAIL FROM:<b@example.com>\r\n${QUIT}`)
    const replies = await talk.rest()
    expect(replies.map((reply) => reply.slice(0, 3))).toEqual(['250', '250', '521'])
    expect(await gate.messages()).toEqual(['one\r\n'])
  })

  it.each(['DATA x', 'DATA\tx', 'data .'])(
    '%s is not DATA: the next line is a command',
    async (command) => {
      const talk = await Talk.to(gate.port)
      talk.send(OPENING + TO_CLERK.replace('DATA\r\n', ''))
      for (let n = 0; n < 3; n += 1) await talk.hear()
      expect(await talk.ask(command)).toContain('501 5.5.4 SMTP-SYNTAX')
      expect(await talk.ask('NOOP')).toMatch(/^250 /u)
      expect(await talk.ask('DATA  ')).toMatch(/^354 /u)
    },
  )

  describe('a dot at the head of a line', () => {
    it.each([
      ['.one', 'one'],
      ['..one', '.one'],
      ['. ', ' '],
      ['..', '.'],
      ['...', '..'],
      ['.', undefined],
    ])('%j is %j, however the line is cut', async (sent, kept) => {
      for (const cut of [0, 1, 2]) {
        const talk = await afterData(gate.port)
        for (const piece of [`${sent}\r\n`, `x\r\n${sent}\r\n.\r\n`]) {
          // A piece for the dot, and one for what stands behind it.
          const at = piece.indexOf('.') + cut
          talk.send(piece.slice(0, at))
          await new Promise((resolve) => setTimeout(resolve, 5))
          talk.send(piece.slice(at))
        }
        expect(await talk.hear()).toMatch(/^250 /u)
        talk.break()
        const line = kept === undefined ? '' : `${kept}\r\n`
        const messages = await gate.messages()
        expect(messages).toHaveLength(cut + 1)
        expect(messages.at(-1)).toBe(kept === undefined ? '' : `${line}x\r\n${line}`)
      }
    })
  })

  describe('a client that does not wait', () => {
    it('is refused when the message comes with DATA', async () => {
      const talk = await Talk.to(gate.port)
      talk.send(`${OPENING}${TO_CLERK}Subject: x\r\n\r\nx\r\n.\r\nQUIT\r\n`)
      const replies = await talk.rest()
      expect(replies.at(-1)).toContain('521 5.5.0 SMTP-EARLY-DATA')
      expect(gate.spool.ids()).toEqual([])
    })

    it('is refused when it speaks before the greeting', async () => {
      const replies = await Talk.early(gate.port, OPENING)
      expect(replies).toEqual(['421 4.7.0 SMTP-TOO-SOON wait for the greeting'])
    })

    it('a last command without its end is not carried out', async () => {
      const talk = await afterData(gate.port)
      talk.send(`one\r\n.\r\nMAIL FROM:<>\r\nRCPT TO:<nobody@${DOMAIN}>`)
      for (let n = 0; n < 2; n += 1) expect(await talk.hear()).toMatch(/^250 /u)
      talk.end()
      expect(await talk.rest()).toEqual([])
      expect(gate.refused).toEqual([])
    })
  })

  describe('commands that are not offered', () => {
    it.each([
      'VRFY s0001',
      'EXPN staff',
      'HELP',
      'AUTH PLAIN AHgAeA==',
      'ETRN example.com',
      'TURN',
      'BDAT 5 LAST',
      'XCLIENT ADDR=127.0.0.1',
      'XFORWARD ADDR=127.0.0.1',
      'STARTTLS',
      'WIZ x',
      'SHELL',
      'DEBUG',
    ])('%s', async (command) => {
      const talk = await Talk.to(gate.port)
      talk.send(OPENING)
      await talk.hear()
      expect(await talk.ask(command)).toContain('SMTP-COMMAND command not offered here')
    })

    it.each(['BDAT 5 LAST', 'bdat 5'])(
      '%s ends the connection: what follows is a message to its sender and would be commands to us',
      async (command) => {
        const talk = await Talk.to(gate.port)
        talk.send(OPENING)
        await talk.hear()
        talk.send(`${command}\r\nMAIL FROM:<a@example.com>\r\n`)
        expect(await talk.rest()).toEqual(['502 5.5.1 SMTP-COMMAND command not offered here'])
      },
    )

    it('a web page that posts to the port', async () => {
      const talk = await Talk.to(gate.port)
      talk.send(`POST / HTTP/1.1\r\nHost: mx\r\n\r\n${OPENING}${TO_CLERK}`)
      expect(await talk.rest()).toEqual(['421 4.7.0 SMTP-HTTP this is no web server'])
    })
  })
})
