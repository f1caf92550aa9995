import { Context, Refusal, readMessage } from '@sekisho/disarm/mail'
import type { Part } from '@sekisho/disarm/mail'
import { verifyClean } from '@sekisho/disarm/verify'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesOfCase, disarm, mailCases, readBack, route } from './case.test-support.ts'
import { KNOWN_HEADERS } from './known-headers.ts'
import { rebuildMessage } from './rebuild.ts'
import type { MessageOutcome, RebuiltMail } from './rebuild.ts'

/** Words that steer a reader of mails. */
const WORDS = [
  '--b0',
  '--b0--',
  '--',
  '',
  ' ',
  '.',
  'begin 644 a.exe',
  'end',
  '\0',
  '\r',
  '\n\r',
  'From: x@evil.example',
  'Subject: =?utf-8?B?',
  'Content-Type: multipart/mixed; boundary=b0',
  'Content-Type: message/rfc822',
  'Content-Transfer-Encoding: base64',
  'Content-Type: text/html',
  'Content-Type: text/calendar',
  'Content-Disposition: attachment; filename="a.exe"',
  '<script>x</script>',
  'BEGIN:VCALENDAR',
  '\u001b$B',
  '=?iso-2022-jp?Q?=1B$B?=',
]
const CASES = mailCases().map(([, one]) => one)

/** A mail of the corpus with lines lost, doubled, exchanged and put in, and bytes changed. */
const mutated = fc
  .record({
    lines: fc.constantFrom(...CASES).map((one) => one.mail.flatMap((line) => line.split('\r\n'))),
    changes: fc.array(
      fc.record({
        kind: fc.constantFrom('drop', 'double', 'word', 'swap', 'byte', 'other'),
        at: fc.nat(200),
        to: fc.nat(255),
        word: fc.constantFrom(...WORDS),
        other: fc.constantFrom(...CASES),
      }),
      { minLength: 1, maxLength: 6 },
    ),
    lineEnd: fc.constantFrom('\r\n', '\r\n', '\r\n', '\n', '\r'),
  })
  .map(({ lines, changes, lineEnd }) => {
    const changed = [...lines]
    for (const { kind, at, to, word, other } of changes) {
      const place = changed.length === 0 ? 0 : at % changed.length
      const line = changed[place] ?? ''
      if (kind === 'drop') changed.splice(place, 1)
      else if (kind === 'double') changed.splice(place, 0, line)
      else if (kind === 'word') changed.splice(place, 0, word)
      else if (kind === 'other') changed.splice(place, 0, ...other.mail.slice(to % 8))
      else if (kind === 'swap')
        changed.splice(place, 1, ...changed.splice(to % (place + 1), 1), line)
      else
        changed[place] =
          line.slice(0, to % (line.length + 1)) + String.fromCharCode(to) + line.slice(1)
    }
    return Buffer.from(changed.join(lineEnd), 'latin1')
  })

const anyRoute = fc.constantFrom(route(), route('α', 'keep'), route('β', 'keep'), route('β′'))

/** What must be true of every outcome, whatever the bytes. */
function check(bytes: Uint8Array, outcome: MessageOutcome): void {
  if (!outcome.ok) {
    expect(outcome.reason).not.toBe('ENG-CRASH')
    for (const sentence of [outcome.what, outcome.why, outcome.cure])
      expect(sentence).toMatch(/。$/u)
    return
  }
  expect(verifyClean(outcome.message, 'eml')).toMatchObject({ clean: true })
  checkCertificate(bytes, outcome)
  checkFields(outcome)
}

/** Each part that the reader finds has one row, and so has what stands beside the parts, and each row one fate that the message bears out. */
function checkCertificate(bytes: Uint8Array, outcome: RebuiltMail): void {
  const { parts, flattened } = outcome.certificate
  expect(new Set(parts.map(({ part }) => part)).size).toBe(parts.length)
  const outer = parts.filter(({ part }) => !part.includes('/')).length
  const unread = flattened.some(({ part, reason }) => part === '1' && reason !== 'MAIL-READERS')
  if (!unread) expect(outer).toBe(countParts(bytes))
  const { items, text } = readBack(outcome)
  const attached = parts.filter(({ fate }) => fate === 'attached')
  expect(items.filter(({ kind }) => kind !== 'body' && kind !== 'calendar')).toHaveLength(
    attached.length,
  )
  const waiting = parts.filter(({ fate }) => fate === 'pick-up').map(({ part }) => part)
  const entries = outcome.pickUps.filter(({ will }) => will !== 'clean').map(({ part }) => part)
  expect(entries).toEqual(waiting)
  expect(text.trimEnd().split('\r\n').slice(-2)).toEqual([
    expect.stringContaining('このメールは関所で組み直しました。'),
    expect.stringContaining('証明番号'),
  ])
}

function countParts(bytes: Uint8Array): number {
  const beside = ({ preamble = '', epilogue = '' }: Part): number =>
    [preamble, epilogue].filter((words) => words.trim() !== '').length
  const count = (part: Part): number =>
    part.children.reduce((sum, child) => sum + count(child), 1 + beside(part))
  try {
    return count(readMessage(Buffer.from(bytes).toString('latin1'), new Context()))
  } catch (error) {
    if (error instanceof Refusal) return 1
    throw error
  }
}

const KNOWN = new Set(KNOWN_HEADERS.map(({ name }) => name))

function checkFields({ message }: RebuiltMail): void {
  const lines = Buffer.from(message).toString('latin1').split('\r\n')
  const names = lines.flatMap((line) => /^([A-Za-z-]+): /.exec(line)?.[1] ?? [])
  expect(names.filter((name) => !KNOWN.has(name))).toEqual([])
}

describe('any bytes', () => {
  it('give a message or a refusal that names its cure', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), anyRoute, async (bytes, way) => {
        check(bytes, await rebuildMessage(bytes, way, { disarm }))
      }),
      { numRuns: 200 },
    )
  })

  it('a mail that somebody damaged on purpose does, too, and each of its parts is accounted for', async () => {
    await fc.assert(
      fc.asyncProperty(mutated, anyRoute, async (bytes, way) => {
        check(bytes, await rebuildMessage(bytes, way, { disarm }))
      }),
      { numRuns: 400 },
    )
  })

  it('the same mail gives the same message', async () => {
    for (const one of CASES.slice(0, 20)) {
      const [first, second] = await Promise.all(
        [1, 2].map(() => rebuildMessage(bytesOfCase(one), route())),
      )
      expect(second).toEqual(first)
    }
  })
})
