/**
 * What becomes of one mail in each model: the judge asks, the box rebuilds, the other side reads again, the judge is asked once more. In α and α′, and
 * wherever a mail goes into LGWAN, its files wait outside; at the desk of β and β′ they come disarmed.
 */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CleanVerdict, CrossingFacts, Town } from '@sekisho/core'
import { createPool } from '@sekisho/disarm'
import { verifyClean } from '@sekisho/disarm/verify'
import { MAIL_PROGRAM, NOT_CHECKED, mailGate } from '@sekisho/gates/mail'
import { readRebuilt, verifyRebuilt } from '@sekisho/gates/mail/verify'
import { createJudge } from '@sekisho/judge'
import { highMigrations, migrate, openBlobs, openStore } from '@sekisho/store'
import type { HighTables, Store } from '@sekisho/store'
import { readTown, townTemplate } from '@sekisho/town'
import { MailWay } from './high/mail-way.ts'
import { mailRoute } from './host/mail-route.ts'
import { rebuildMail } from './low/rebuild-mail.ts'
import { CLERK, withDeskGate, withMailGate } from './mail.test-support.ts'

const CALENDAR =
  'BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:kaigi\r\nATTACH:https://evil.example/x\r\nEND:VEVENT\r\nEND:VCALENDAR'
const MAIL = Buffer.from(
  [
    'From: a@example.com',
    `To: ${CLERK}`,
    'Subject: files',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    'words',
    '--b',
    'Content-Type: text/csv; name=yosan.csv',
    'Content-Disposition: attachment; filename=yosan.csv',
    '',
    '=cmd|calc!A1,1',
    '--b',
    'Content-Disposition: attachment; filename=run.exe',
    '',
    'MZ run',
    '--b',
    'Content-Type: text/calendar; method=REQUEST',
    '',
    CALENDAR,
    '--b--',
    '',
  ].join('\r\n'),
)
const ITEM = {
  id: 'a'.repeat(26),
  kind: 'mail',
  number: 'S-1001',
  person: '',
  fileName: 'mail.eml',
  size: MAIL.length,
  purpose: '',
  inputSha256: createHash('sha256').update(MAIL).digest('hex'),
  receivedAt: '2026-11-22T05:00:00.000Z',
  outcome: 'rebuild',
  again: '',
  cancelRequested: false,
  version: 1,
} as const
const LINK = {
  from: 'a@example.com',
  recipients: [CLERK],
  peer: { address: '192.0.2.1', helo: 'mx.example.com', tls: '' },
  authenticity: NOT_CHECKED,
}

const folder = mkdtempSync(join(tmpdir(), 'sekisho-models-'))
const pool = createPool({ size: 1, ...MAIL_PROGRAM })
const judge = createJudge()
let store: Store<HighTables>
let mails = 0

beforeAll(async () => {
  store = await openStore<HighTables>({ path: join(folder, 'high.sqlite') })
  await migrate(store, highMigrations)
})
afterAll(async () => {
  await pool.close()
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Passed {
  readonly message: string
  readonly fates: readonly string[]
  readonly verdict: CleanVerdict
  /** What the judge says at last. */
  readonly result: string
  /** Reads it again as if one thing had been changed on the way. */
  readonly again: (message: string) => string
}

/** One mail through one town, as both sides do it. */
async function through(declaration: string, mail: Buffer = MAIL): Promise<Passed> {
  const read = readTown(declaration)
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  const { town } = read
  const route = mailRoute(town)
  if (!route) throw new Error('no gate that can be run')
  const kindOf = (id: string) => town.zones.find((zone) => zone.id === id)!.kind
  const gate = mailGate({
    model: town.model,
    edition: town.edition,
    fromZone: kindOf(route.from),
    toZone: kindOf(route.to),
  })
  const way = await wayOf(town)
  const inputSha256 = createHash('sha256').update(mail).digest('hex')
  const item = { ...ITEM, id: String(mails++).padStart(26, 'a'), size: mail.length, inputSha256 }
  const received = way.progressFor(item, LINK, ITEM.number)
  await way.beforeSave(received)
  const cure = cureOf(gate.facts(received, false))
  const made = await rebuildMail(pool, town, mail, way.wish(received, cure), (bytes, name) =>
    pool.disarm(bytes, { name }),
  )
  const { mail: facts, ...cured } = made.cured
  await way.told(received, facts)
  const expected = await way.expected(received)
  const look = (bytes: Uint8Array): CleanVerdict => {
    const clean = verifyClean(bytes, 'eml')
    if (!clean.clean) return clean
    const rebuilt = verifyRebuilt(bytes, expected)
    return rebuilt.ok
      ? { ...clean, mail: rebuilt.mail }
      : { clean: false, type: 'eml', reason: rebuilt.reason, where: rebuilt.where }
  }
  const bytes = made.output ?? new Uint8Array()
  const verified = look(bytes)
  const answer = judge.ask({
    question: 'cross',
    facts: gate.facts({ ...received, cured, verified }, false),
  })
  return {
    message: Buffer.from(bytes).toString('latin1'),
    fates: facts?.certificate.parts.map(({ part, fate }) => `${part} ${fate}`) ?? [],
    verdict: verified,
    result: answer.result,
    again: (message) => {
      const told = look(Buffer.from(message, 'latin1'))
      return told.clean ? 'clean' : told.reason
    },
  }
}

/** The cure that the judge asks of the gate first. */
function cureOf(facts: CrossingFacts): string {
  const { findings } = judge.ask({ question: 'cross', facts })
  return findings.flatMap(({ cure }) => (cure?.gate === undefined ? [] : [cure.gate]))[0] ?? ''
}

async function wayOf(town: Town): Promise<MailWay> {
  const route = mailRoute(town)
  if (!route) throw new Error('no gate')
  return new MailWay({
    town,
    route,
    model: 'm',
    log: { append: async () => ({ index: 0, leaf: '' }) },
    store,
    blobs: await openBlobs(join(folder, 'blobs')),
    queue: { submit: async () => ({ ok: true, again: false }) },
    submitted: () => undefined,
    origin: 'https://sekisho.example',
    clock: () => new Date(ITEM.receivedAt),
  })
}

const template = townTemplate('α') ?? ''

describe('a mail with a table, a program and an invitation', () => {
  test.each(['α', 'α′', 'β', 'β′'])(
    'into LGWAN in %s: text alone, and a link to each file, whatever the town wishes for',
    async (model) => {
      const declaration = withMailGate(template)
        .replace('model: α', `model: ${model}`)
        .replace('attachments: remove, body', 'attachments: keep, body')
      const { message, fates, verdict, result } = await through(declaration)
      expect(result).toBe('pass')
      expect(verdict).toMatchObject({ clean: true, mail: { attachments: 0, textOnly: true } })
      expect(message).not.toContain('Content-Disposition')
      const text = readRebuilt(Buffer.from(message, 'latin1')).text
      expect(text).toContain('外で待つ添付は、2026年11月28日まで受け取れます。')
      expect(fates).toEqual(['1 opened', '1.1 text', '1.2 pick-up', '1.3 pick-up', '1.4 calendar'])
    },
  )

  test.each(['β', 'β′'])(
    'at the desk of %s: the table comes disarmed, the invitation anew, the program waits',
    async (model) => {
      const { message, fates, verdict, result, again } = await through(
        withDeskGate(template, model),
      )
      expect(result).toBe('pass')
      expect(verdict).toMatchObject({ clean: true, mail: { attachments: 2 } })
      expect(fates).toEqual(['1 opened', '1.1 text', '1.2 attached', '1.3 pick-up', '1.4 calendar'])
      expect(message).toContain('filename="yosan.csv"')
      expect(message).toContain('Content-Type: text/calendar; charset=utf-8; method=REQUEST')
      const table = /yosan\.csv"\r\n\r\n([A-Za-z0-9+/=\r\n]+)/u.exec(message)?.[1] ?? ''
      const written = Buffer.from(table, 'base64').toString()
      expect(written).toContain("'=cmd|calc!A1")
      // The other side holds each file against the certificate: another harmless one, one more and one less are no mail of ours.
      const other = Buffer.from(`${written.trimEnd()}9\r\n`).toString('base64')
      expect(again(withOwnBoundary(message.replace(table.trim(), () => other)))).toBe('MAIL-INSIDE')
      expect(again(withOwnBoundary(without(message, 'yosan.csv')))).toBe('MAIL-INSIDE')
      expect(again(withOwnBoundary(without(message, 'text/calendar')))).toBe('MAIL-INSIDE')
      expect(again(message)).toBe('clean')
    },
  )

  test('at the desk of β a mail of which everything comes in passes: nothing waits outside', async () => {
    const program = /--b\r\nContent-Disposition: attachment; filename=run\.exe\r\n\r\nMZ run\r\n/u
    const mail = Buffer.from(MAIL.toString('latin1').replace(program, ''), 'latin1')
    const { fates, verdict, result } = await through(withDeskGate(template, 'β'), mail)
    expect(fates).toEqual(['1 opened', '1.1 text', '1.2 attached', '1.3 calendar'])
    expect(verdict).toMatchObject({ clean: true, mail: { attachments: 2 } })
    expect(result).toBe('pass')
  })

  test('a town of β that keeps nothing gets text alone at its desk, too', async () => {
    const declaration = withDeskGate(template).replace('attachments: keep', 'attachments: remove')
    const { fates, result } = await through(declaration)
    expect(result).toBe('pass')
    expect(fates).toContain('1.2 pick-up')
  })

  test('a gate to a desk in the internet zone is run by no town of α', () => {
    const read = readTown(withDeskGate(template, 'α'))
    expect(read.ok ? mailRoute(read.town) : read.problems).toBeUndefined()
  })
})

/** The message without the part that holds these words. */
function without(message: string, words: string): string {
  const boundary = /boundary="([^"]+)"/u.exec(message)?.[1] ?? ''
  const pieces = message.split(`--${boundary}`)
  return pieces.filter((piece) => !piece.includes(words)).join(`--${boundary}`)
}

/** With the boundary that the grammar asks of these parts: the digest of them. */
function withOwnBoundary(message: string): string {
  const boundary = /boundary="([^"]+)"/u.exec(message)?.[1] ?? ''
  const body = message.slice(message.indexOf('\r\n\r\n') + 4)
  const parts = body
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((piece) => piece.slice(2))
  const digest = createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32)
  return message.replaceAll(boundary, `=_${digest}`)
}
