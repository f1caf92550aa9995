/**
 * A second mail hidden in the first, against a whole town: the receiver on the low side, the passage, the queue on the high side, and behind it a real Postfix;
 * what Postfix is told is read along by one that falls for everything. Of each case exactly what is written in `corpus/mail-wire` arrives.
 */
import { globSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../apps/server/src/browser.test-support.ts'
import { CLERK, textOf, withMailGate } from '../apps/server/src/mail.test-support.ts'
import { startTestTown } from '../apps/server/src/town.test-support.ts'
import type { TestTown } from '../apps/server/src/town.test-support.ts'
import { POSTFIX, startPostfix } from '../packages/gates/mail/src/postfix.test-support.ts'
import type { Postfix } from '../packages/gates/mail/src/postfix.test-support.ts'
import { Talk } from '../packages/gates/mail/src/receive/receiving.test-support.ts'
import { startLenientReader, startLenientServer } from './lenient-mail-server.test-support.ts'
import type { BelievedMail, LenientServer } from './lenient-mail-server.test-support.ts'

const CI = process.env['CI'] === 'true'
const FOLDER = resolve(import.meta.dirname, '../corpus/mail-wire')
/** Sessions at once: fewer than one address may have. */
const SESSIONS = 10

interface Case {
  readonly title: string
  /** What is sent after `DATA` was answered, and the answers to it. */
  readonly message?: string
  readonly answers?: readonly string[]
  /** Or the whole conversation: what is sent, then the answers to it. */
  readonly talk?: readonly (readonly [send: string, ...answers: readonly string[]])[]
  /** How many mails reach the next server. */
  readonly arrives: number
  /** Words of its text, with LF at the ends of lines. */
  readonly text?: readonly string[]
}

const HELLO = [
  ['EHLO mx.example.com\r\n', '250'],
  ['MAIL FROM:<a@example.com>\r\n', '250'],
  [`RCPT TO:<${CLERK}>\r\n`, '250'],
  ['DATA\r\n', '354'],
] as const

/** The answer to a message that was taken; every other 250 is the library's. */
const KEPT = '250 kept'

/** For `LONG`: longer than any line and any command may be. */
const LONG = 'x'.repeat(70_000)

const HIDDEN = `MAIL FROM:<mayor@town.example.jp>\r\nRCPT TO:<${CLERK}>\r\nDATA\r\nSubject: smuggled CASE\r\n\r\nsmuggled CASE\r\n.\r\n`

const CASES: ReadonlyMap<string, Case> = new Map([...written(), ...behindEnds()])

function written(): readonly (readonly [string, Case])[] {
  return globSync('cases/*.json', { cwd: FOLDER })
    .toSorted()
    .map((file) => [basename(file, '.json'), read(file) as Case])
}

/** For each false end, and for each that is none, one mail with another behind it. */
function behindEnds(): readonly (readonly [string, Case])[] {
  const { falseEnds, noEnds } = read('ends.json') as {
    readonly falseEnds: readonly {
      readonly bytes: string
      readonly title: string
      readonly reason: string
    }[]
    readonly noEnds: readonly { readonly bytes: string; readonly title: string }[]
  }
  const message = (end: string): string => `Subject: CASE\r\n\r\nCASE words${end}${HIDDEN}`
  return [
    ...falseEnds.map(({ bytes, title, reason }, at): [string, Case] => [
      `false-end-${at}`,
      { title, message: message(bytes), answers: [reason], arrives: 0 },
    ]),
    ...noEnds.map(({ bytes, title }, at): [string, Case] => [
      `no-end-${at}`,
      { title, message: message(bytes), answers: [KEPT], arrives: 1 },
    ]),
  ]
}

function read(file: string): unknown {
  return JSON.parse(readFileSync(join(FOLDER, file), 'utf8'))
}

/** A mail as Postfix keeps it: bare line feeds, the envelope in its first lines. */
function kept(mail: string): BelievedMail {
  const field = (name: string): string =>
    new RegExp(`^${name}: (.*)$`, 'mu').exec(mail)?.[1] ?? '(none)'
  const from = field('Return-Path').replace(/^<(.*)>$/u, '$1')
  return { from, to: [field('Delivered-To')], message: mail.replaceAll('\n', '\r\n') }
}

/** What is sent and, behind it, the answers to it. */
function stepsOf({ talk, message = '', answers = [] }: Case): NonNullable<Case['talk']> {
  return talk ?? [...HELLO, [message, ...answers]]
}

/** Says all of it. Returns each answer as `code REASON`, until the other side ends. */
async function said(port: number, name: string, one: Case): Promise<string[]> {
  const line = await Talk.to(port)
  const heard: string[] = []
  for (const [send, ...answers] of stepsOf(one)) {
    line.send(send.replaceAll('CASE', name).replaceAll('LONG', LONG))
    for (const _ of answers) heard.push(brief(await line.hear()))
  }
  line.send('QUIT\r\n')
  const rest = (await line.rest()).map(brief).filter((answer) => !answer.startsWith('221'))
  return [...heard, ...rest]
}

function brief(answer: string): string {
  if (answer.startsWith('250 2.0.0 kept as ')) return KEPT
  return /^(\d{3})(?:[ -]\S+ (SMTP-[A-Z0-9-]+))?/u.exec(answer)?.slice(1).join(' ').trim() ?? ''
}

describe('the control', () => {
  test('a server that falls for everything takes two mails of one', async () => {
    const server = await startLenientServer()
    try {
      for (const [name, one] of CASES)
        if (name.startsWith('false-end-')) await said(server.port, name, one)
      for (const name of CASES.keys())
        if (name.startsWith('false-end-'))
          expect(server.mails.filter(({ message }) => namedIn(message, name))).toHaveLength(2)
    } finally {
      await server.close()
    }
  })
})

const reason = POSTFIX ? '' : ' (a Postfix is skipped: not installed, or not root)'
if (!POSTFIX && CI) throw new Error(reason)

describe(`through the whole town${reason}`, () => {
  let town: TestTown
  let postfix: Postfix | undefined
  let next: LenientServer
  const answers = new Map<string, string[]>()
  const send = async (name: string, one: Case): Promise<void> =>
    void answers.set(name, await said(town.mailPort ?? 0, name, one))
  const arrived = (): readonly BelievedMail[] => postfix?.mailbox().map(kept) ?? next.mails

  beforeAll(async () => {
    if (POSTFIX)
      postfix = await startPostfix({ next: 1, relayDomains: [], ownDomains: ['town.example.jp'] })
    next = await (postfix ? startLenientReader(postfix.port) : startLenientServer())
    const nextMailServer = { host: '127.0.0.1', port: next.port }
    town = await startTestTown({ edit: withMailGate, nextMailServer })
    const left = [...CASES]
    const session = async (): Promise<void> => {
      for (let one = left.shift(); one; one = left.shift()) await send(...one)
    }
    await Promise.all(Array.from({ length: SESSIONS }, session))
    await arrivedAre([...answers.values()].flat().filter((answer) => answer === KEPT).length)
    // One more, which leaves behind them all: had anything else been on its way, it would be here by then.
    const before = arrived().length
    await send('the-last', {
      title: '',
      message: 'Subject: CASE\r\n\r\nCASE\r\n.\r\n',
      answers: [KEPT],
      arrives: 1,
    })
    await arrivedAre(before + 1)
  }, 300_000)
  afterAll(async () => {
    await town?.remove()
    await next?.close()
    postfix?.stop()
  }, 60_000)

  const arrivedAre = (count: number): Promise<unknown> =>
    until(async () => arrived().length >= count && next.mails.length >= count, {
      ms: 120_000,
      what: `${count} mails`,
    })

  test.each([...CASES].map(([name, one]) => [name, one.title, one] as const))(
    '%s: %s',
    (name, _, one) => {
      expect(answers.get(name)).toEqual(stepsOf(one).flatMap(([, ...wanted]) => wanted))
      for (const mails of [arrived(), next.mails]) {
        const found = mails.filter(({ message }) => namedIn(message, name))
        expect(found).toHaveLength(one.arrives)
        for (const { message } of found)
          for (const words of one.text ?? [])
            expect(textOf(message).replaceAll('\r\n', '\n')).toContain(words)
      }
    },
  )

  test('nothing that was hidden arrived as a mail of its own, nobody else got one, and each bears our trace', () => {
    const wanted = [...CASES.values()].reduce((sum, { arrives }) => sum + arrives, 1)
    for (const mails of [arrived(), next.mails]) {
      expect(mails).toHaveLength(wanted)
      for (const { from, to, message } of mails) {
        expect([from, to]).toEqual(['', [CLERK]])
        const header = message.slice(0, message.indexOf('\r\n\r\n'))
        expect(header).toMatch(/^Received: by localhost with SMTP id S-\d+; /mu)
        expect(header).not.toMatch(/^(?:Bcc|RCPT|MAIL|RSET|Subject: smuggled)/mu)
      }
    }
  })
})

/** In its subject or its words. */
function namedIn(message: string, name: string): boolean {
  const named = new RegExp(`(?<![\\w-])${name}(?![\\w-])`, 'u')
  return named.test(message) || named.test(textOf(message))
}
