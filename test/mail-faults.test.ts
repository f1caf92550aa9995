/**
 * Fail closed, demonstrated for mails: every fault we could think of, with the real judge, log, store, verifier and queue, and a real mail server behind
 * them. Then both processes, killed at random instants.
 */
import { createHash, randomInt } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { SekishoError } from '@sekisho/core'
import type { EvidenceEntry } from '@sekisho/core'
import { createLog, createLogKey, openLogReader } from '@sekisho/evidence'
import type { Log } from '@sekisho/evidence'
import { verifyFolder } from '@sekisho/evidence/verify'
import { fileGate } from '@sekisho/gates/file'
import { DEFAULT_WAITS, NOT_CHECKED, rebuildMessage } from '@sekisho/gates/mail'
import type { BoxQuestion, MailStatus } from '@sekisho/gates/mail'
import { createJudge } from '@sekisho/judge'
import { findMailRow, highMigrations, migrate, openBlobs, openStore } from '@sekisho/store'
import type { HighTables, Store } from '@sekisho/store'
import { modelDigest, readTown, townTemplate } from '@sekisho/town'
import type { OutgoingMailCard } from '../apps/server/src/api.ts'
import { until } from '../apps/server/src/browser.test-support.ts'
import type { Browser } from '../apps/server/src/browser.test-support.ts'
import { Crossings } from '../apps/server/src/high/crossings.ts'
import type { CrossingsOptions } from '../apps/server/src/high/crossings.ts'
import { openMails } from '../apps/server/src/high/mails.ts'
import type { Mails } from '../apps/server/src/high/mails.ts'
import { createReadingBox } from '../apps/server/src/host/reading-box.ts'
import { fileRoute } from '../apps/server/src/host/route.ts'
import type { LinkClient } from '../apps/server/src/link/client.ts'
import type {
  LinkCured,
  LinkItem,
  LinkState,
  PollRequest,
} from '../apps/server/src/link/messages.ts'
import type { MailWish } from '../apps/server/src/link/mail-messages.ts'
import { rebuildMail } from '../apps/server/src/low/rebuild-mail.ts'
import {
  CLERK,
  sendRaw,
  startMailServer,
  withMailGate,
  withOutward,
} from '../apps/server/src/mail.test-support.ts'
import type { Letter, MailServer } from '../apps/server/src/mail.test-support.ts'
import { startTestTown } from '../apps/server/src/town.test-support.ts'
import type { TestTown } from '../apps/server/src/town.test-support.ts'

const MAIL = Buffer.from(
  [
    'From: a@example.com',
    'Subject: x',
    'Message-ID: <1@example.com>',
    'Content-Type: multipart/mixed; boundary=x',
    '',
    '--x',
    'Content-Type: text/html',
    '',
    '<p>words</p><script>run()</script>',
    '--x',
    'Content-Type: application/octet-stream; name=a.exe',
    'Content-Disposition: attachment; filename=a.exe',
    '',
    'MZ',
    '--x--',
    '',
  ].join('\r\n'),
)

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** A low side that may lie. */
class LowSide implements LinkClient {
  readonly item: LinkItem
  readonly shown: LinkState[] = []
  lie: (cured: LinkCured, output: Uint8Array) => { cured: LinkCured; output: Uint8Array } = (
    cured,
    output,
  ) => ({ cured, output })
  #output: Uint8Array = new Uint8Array()

  constructor(recipients: readonly string[] = [CLERK]) {
    this.item = {
      id: 'a'.repeat(26),
      kind: 'mail',
      mail: {
        from: 'a@example.com',
        recipients,
        peer: { address: '192.0.2.1', helo: 'mx.example.com', tls: '' },
        authenticity: NOT_CHECKED,
      },
      number: 'S-1042',
      person: '',
      fileName: 'mail.eml',
      size: MAIL.length,
      purpose: '',
      inputSha256: sha256(MAIL),
      receivedAt: '2026-11-22T05:00:00.000Z',
      outcome: 'rebuild',
      again: '',
      cancelRequested: false,
      version: 1,
    }
  }

  async poll({ itemsAfter }: PollRequest): ReturnType<LinkClient['poll']> {
    const items = itemsAfter < this.item.version ? [this.item] : []
    if (items.length === 0) await sleep(20)
    return { spool: 'b'.repeat(26), items, events: [] }
  }

  async disarm(_: string, wish?: MailWish): Promise<LinkCured> {
    if (!wish) throw new Error('no wish')
    const { cured, output } = await rebuildMail({ ask: askHere }, town(), MAIL, wish)
    const lied = this.lie(cured, output ?? new Uint8Array())
    this.#output = lied.output
    return { ...lied.cured, size: lied.output.length, sha256: sha256(lied.output) }
  }

  async output(): Promise<Uint8Array> {
    return this.#output
  }

  async pickUp(): ReturnType<LinkClient['pickUp']> {
    throw new SekishoError('NOT_FOUND', 'not asked for here')
  }

  async show(_: string, state: LinkState): Promise<void> {
    this.shown.push(state)
  }

  close(): void {}
}

/** The box without its walls: what it says is the same. */
const askHere: Parameters<typeof rebuildMail>[0]['ask'] = async (bytes, question, read) => {
  const { route, address } = question as BoxQuestion
  const made = await rebuildMessage(bytes, route, {
    link: ({ part }) => `${address}#${part.replaceAll('/', '-')}`,
  })
  if (!made.ok) return { ok: false, reason: made.reason }
  const { certificate, message, pickUps } = made
  const facts = {
    certificate,
    pickUps: pickUps.map(({ content, ...entry }) => ({ ...entry, bytes: content.length })),
  }
  const all = [message, ...pickUps.map(({ content }) => content)]
  const header = { ok: true, facts, sizes: all.map(({ length }) => length) }
  const told = read(header, Buffer.concat(all))
  return told === undefined ? { ok: false, reason: 'ENG-LIE' } : { ok: true, told }
}

function town() {
  const read = readTown(withMailGate(townTemplate('α') ?? ''))
  if (!read.ok) throw new Error('template')
  return read.town
}

interface HighSide {
  readonly log: Log
  readonly store: Store<HighTables>
  readonly mails: Mails
  readonly folder: string
  crossings: Crossings
  close(): Promise<void>
}

let server: MailServer
let high: HighSide
const box = createReadingBox()
afterAll(() => box.close())

async function startHigh(
  low: LowSide,
  change: (options: CrossingsOptions) => Partial<CrossingsOptions> = () => ({}),
): Promise<HighSide> {
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-high-'))
  const own = town()
  const route = fileRoute(own)
  const model = modelDigest(own)
  const key = createLogKey('test/high')
  const log = await createLog({ dir: join(folder, 'log'), origin: 'test/high', signer: key.signer })
  const store = await openStore<HighTables>({ path: join(folder, 'store.sqlite') })
  await migrate(store, highMigrations)
  const blobs = await openBlobs(join(folder, 'blobs'))
  const mails = await openMails({
    config: {
      side: 'high',
      town: 'town.yaml',
      dataDir: folder,
      web: { host: '127.0.0.1', port: 8082 },
      link: { host: '127.0.0.1', port: 1 },
      mail: { host: '127.0.0.1', port: server.port },
    },
    town: own,
    model,
    log,
    store,
    blobs,
    waits: { ...DEFAULT_WAITS, hopFirst: 1000 },
  })
  if (!mails) throw new Error('no mail gate')
  const options: CrossingsOptions = {
    town: own,
    route,
    model,
    gate: fileGate({
      model: own.model,
      edition: own.edition,
      fromZone: 'internet',
      toZone: 'lgwan',
      approval: route.approval,
      macros: own.macros,
      today: () => '2026-11-25',
    }),
    judge: createJudge(),
    log,
    store,
    blobs,
    link: low,
    verify: box.verify,
    mail: mails,
  }
  const crossings = new Crossings({ ...options, ...change(options) })
  await crossings.start()
  return {
    log,
    store,
    mails,
    folder,
    crossings,
    async close() {
      await crossings.close()
      await mails.out.close()
      await store.close()
      await log.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function kindsIn({ log }: HighSide): Promise<string[]> {
  const kinds: string[] = []
  for await (const { entry } of log.entries()) kinds.push(entry.kind)
  return kinds
}

describe('the fault matrix of the mail gate', () => {
  beforeEach(async () => {
    server = await startMailServer()
  })
  afterEach(async () => {
    await high.close()
    await server.close()
  })

  /** Ended, on record, nothing of the mail arrived, and its reader was told. */
  async function expectRefused(low: LowSide, reason: string | RegExp): Promise<void> {
    const end = await until(async () => low.shown.find(({ state }) => state === 'refused'))
    expect(end.problem?.reason).toMatch(reason)
    const notice = await until(async () => server.letters[0])
    expect(notice.text).toContain('本文をお届けしていません')
    for (const { message, text } of server.letters)
      for (const bad of ['words', 'run()', 'MZ', 'evil.example'])
        expect(`${message}${text}`).not.toContain(bad)
    const kinds = await kindsIn(high)
    expect(kinds).toContain('refused')
    expect(kinds).not.toContain('delivered')
  }

  async function expectDelivered(): Promise<void> {
    const letter = await until(async () => server.letters[0])
    await sleep(300)
    expect(server.letters).toHaveLength(1)
    expect(letter.text).toContain('words')
    expect(letter.text).not.toContain('run()')
    expect((await kindsIn(high)).filter((kind) => kind === 'delivered')).toHaveLength(1)
  }

  test('no fault: it arrives. Without this row the others would prove nothing', async () => {
    high = await startHigh(new LowSide())
    await expectDelivered()
  })

  test.each([
    ['hands over the mail as it came', (): Uint8Array => MAIL],
    [
      'hands over a page',
      (): Uint8Array =>
        Buffer.from(
          'From: a@example.com\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\nQQ==\r\n',
        ),
    ],
    [
      'leads its reader elsewhere',
      (output: Uint8Array): Uint8Array =>
        rewritten(output, (words) =>
          words.replace('http://localhost:8082/mail/', 'http://evil.example/mail/'),
        ),
    ],
    [
      'names another certificate',
      (output: Uint8Array): Uint8Array =>
        rewritten(output, (words) => words.replace(/[0-9a-f]{16} を/u, '0000000000000000 を')),
    ],
    ['hands over a program', (): Uint8Array => Buffer.from('MZ\u0090')],
  ])('a low side that %s', async (_, output) => {
    const low = new LowSide()
    low.lie = (cured, made) => ({ cured, output: output(made) })
    high = await startHigh(low)
    await expectRefused(low, 'VERIFY-REFUSED')
  })

  test('a low side with a certificate of another mail', async () => {
    const low = new LowSide()
    low.lie = ({ mail, ...cured }, output) => {
      if (!mail) throw new Error('no facts')
      const original = { ...mail.certificate.original, sha256: '0'.repeat(64) }
      const certificate = { ...mail.certificate, original }
      return { cured: { ...cured, mail: { ...mail, certificate } }, output }
    }
    high = await startHigh(low)
    await expectRefused(low, 'PASSAGE-FAILED')
  })

  test('a verifier that only looks for harm: the judge asks for more', async () => {
    const low = new LowSide()
    high = await startHigh(low, () => ({
      verify: (bytes, ending) => box.verify(bytes, ending),
    }))
    await expectRefused(low, /^X1-/u)
  })

  test('the judge throws', async () => {
    const low = new LowSide()
    high = await startHigh(low, () => ({
      judge: {
        ask: () => {
          throw new Error('boom')
        },
      },
    }))
    await expectRefused(low, 'PASSAGE-FAILED')
  })

  test('for nobody whom the town has: nothing leaves, and the officer sees it', async () => {
    const low = new LowSide(['nobody@town.example.jp', 'a@elsewhere.example'])
    high = await startHigh(low)
    await until(async () => low.shown.find(({ state }) => state === 'refused'))
    expect(server.letters).toEqual([])
    expect(await findMailRow(high.store.db, low.item.id)).toMatchObject({ undelivered: 1 })
  })

  /** Fails while it is told to, then works: nothing may leave meanwhile, nothing may be lost after. */
  async function expectLater(mend: () => void): Promise<void> {
    await sleep(1500)
    expect(server.letters).toEqual([])
    expect(await kindsIn(high)).not.toContain('refused')
    mend()
    await expectDelivered()
  }

  test('the log cannot be written: nothing leaves until it can', async () => {
    let full = true
    high = await startHigh(new LowSide(), ({ log }) => ({
      log: Object.assign(Object.create(log), {
        append: (...args: Parameters<Log['append']>) =>
          full && args[0].endsWith(':outcome')
            ? Promise.reject(new SekishoError('STORE_FULL', 'disk full'))
            : log.append(...args),
        read: (index: number) => log.read(index),
      }),
    }))
    await expectLater(() => {
      full = false
    })
  })

  test('the disk is full when the bytes arrive: nothing leaves until it is not', async () => {
    let full = true
    high = await startHigh(new LowSide(), ({ blobs }) => ({
      blobs: {
        ...blobs,
        put: (bytes) =>
          full ? Promise.reject(new SekishoError('STORE_FULL', 'disk full')) : blobs.put(bytes),
      },
    }))
    await expectLater(() => {
      full = false
    })
  })

  test('the mail server is away for a while: the mail waits, and the queue says since when', async () => {
    const { port } = server
    await server.close()
    high = await startHigh(new LowSide())
    await until(async () => {
      const { hops } = await high.mails.out.queue.status()
      return hops.some(({ downSince, waiting }) => downSince !== '' && waiting === 1)
    })
    server = await startMailServer(port)
    await expectDelivered()
  })

  test('the mail server is away for an hour: nothing is lost, nothing is asked of it every minute, and it gets each mail once', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    try {
      const { port } = server
      await server.close()
      let asked = 0
      const away = createServer((socket) => {
        asked += 1
        socket.destroy()
      })
      await new Promise<void>((resolve) => away.listen(port, '127.0.0.1', resolve))
      high = await startHigh(new LowSide())
      const hop = async (): Promise<MailStatus['hops'][number] | undefined> =>
        (await high.mails.out.queue.status()).hops[0]
      const { downSince } = await until(async () => {
        const status = await hop()
        return status?.waiting === 1 && status.downSince !== '' && status
      })
      for (let minute = 0; minute < 60; minute += 1) {
        vi.setSystemTime(Date.now() + 60_000)
        high.mails.out.wake()
        await sleep(20)
      }
      expect(await hop()).toMatchObject({ waiting: 1, downSince })
      // At most every five minutes, once the first short waits are over.
      expect(asked).toBeGreaterThan(6)
      expect(asked).toBeLessThan(30)
      await new Promise<void>((resolve) => away.close(() => resolve()))
      server = await startMailServer(port)
      vi.setSystemTime(Date.now() + 6 * 60_000)
      high.mails.out.wake()
      await expectDelivered()
      expect(server.letters[0]?.message).not.toContain('X-Sekisho-May-Be')
    } finally {
      vi.useRealTimers()
    }
  })

  test('a second process cannot open the queue', async () => {
    high = await startHigh(new LowSide())
    const { takeLock } = await import('@sekisho/evidence')
    expect(() => takeLock(join(high.folder, 'mail-blobs'))).toThrow('already open')
  })
})

/** A rebuilt message with other words, spelled as the rebuilder spells them. */
function rewritten(message: Uint8Array, change: (words: string) => string): Uint8Array {
  const written = Buffer.from(message).toString('latin1')
  const at = written.indexOf('\r\n\r\n') + 4
  const words = change(Buffer.from(written.slice(at), 'base64').toString())
  const lines =
    Buffer.from(words)
      .toString('base64')
      .match(/.{1,76}/gu) ?? []
  return Buffer.from(`${written.slice(0, at)}${lines.join('\r\n')}\r\n`)
}

/** How many mails the killing lasts; more by the environment, e.g. 200 before a release. */
const MAILS = Number(process.env['SEKISHO_CRASH_MAILS'] ?? 8)
const KILLS = Math.ceil(MAILS / 2)

/** What was answered with 250, and how often it was sent; what was not answered, the sender sends again, and it may come twice. */
type Acknowledged = Map<string, number>

describe('both processes, killed at random instants', () => {
  test(
    `${MAILS} mails in and ${MAILS / 2} out: each acknowledged one arrives once, or again under the same Message-ID and with a note`,
    async () => {
      server = await startMailServer()
      const outside = await startMailServer()
      const running = await startTestTown({
        edit: (declaration) => withOutward(withMailGate(declaration)),
        ports: { low: 0, high: 0, mail: 0, submission: 0 },
        nextMailServer: { host: '127.0.0.1', port: server.port },
        outsideMailServer: { host: '127.0.0.1', port: outside.port },
      })
      let done = false
      const killing = killAtRandom(running, () => done)
      const approving = approveAll(running, () => done)
      // Awaited at the end; until then nobody would hear of what goes wrong in them.
      const both = Promise.all([killing, approving])
      both.catch(() => undefined)
      try {
        const came: Acknowledged = new Map()
        const went: Acknowledged = new Map()
        for (let index = 0; index < MAILS; index += 1) {
          await send(came, `mail ${index} `, (words) => sent(running.mailPort, index, words))
          if (index % 2 === 0)
            await send(went, `out ${index} `, (words) => handedIn(running.submissionPort, words))
        }
        await allArrived(came, server)
        await allArrived(went, outside)
        done = true
        expect((await both)[0]).toBeGreaterThan(0)
        await sleep(1000)
        expectOnce(came, server, (message) => /SMTP id (S-\d+)/u.exec(message)?.[1])
        expectOnce(went, outside, (message) => /^Message-ID: (.*)$/mu.exec(message)?.[1])
        for (const { message } of server.letters) expect(message).not.toContain('<script>')
        await running.stop()
        await expectRecorded(join(running.dataDir, 'high/log'), server, outside)
      } finally {
        done = true
        await running.remove()
        await server.close()
        await outside.close()
      }
    },
    300_000 + KILLS * 20_000,
  )
})

/** Again and again until it was answered with 250. */
async function send(
  acknowledged: Acknowledged,
  name: string,
  once: (words: string) => Promise<boolean>,
): Promise<void> {
  const words = `${name}${'x'.repeat(randomInt(3000))}`
  let tries = 1
  for (; !(await once(words)); tries += 1) await sleep(200)
  acknowledged.set(name, tries)
}

function allArrived(acknowledged: Acknowledged, { letters }: MailServer): Promise<unknown> {
  const missing = (): string[] =>
    [...acknowledged.keys()].filter((words) => !letters.some((letter) => saysIn(letter, words)))
  const look = until(async () => missing().length === 0, { ms: 120_000 + KILLS * 8000 })
  return look.catch(() => {
    throw new Error(`acknowledged and not arrived: ${missing().join(', ')}`)
  })
}

function expectOnce(
  acknowledged: Acknowledged,
  { letters }: MailServer,
  idOf: (message: string) => string | undefined,
): void {
  for (const [words, tries] of acknowledged) {
    const copies = letters.filter((letter) => saysIn(letter, words))
    const ids = new Set(copies.map(({ message }) => idOf(message)))
    // One crossing for each time that the sender may have been heard.
    expect(ids.size).toBeLessThanOrEqual(tries)
    expect(ids).not.toContain(undefined)
    const plain = copies.filter(({ message }) => !message.startsWith(NOTE))
    expect(plain.length).toBeLessThanOrEqual(tries)
  }
}

const NOTE = 'X-Sekisho-May-Be'

function saysIn({ text, message }: Letter, words: string): boolean {
  return text.includes(words) || message.includes(words)
}

/** The log is whole, and says of every mail that arrived each step once, before it left. */
async function expectRecorded(dir: string, inside: MailServer, outside: MailServer): Promise<void> {
  expect(verifyFolder(dir)).toMatchObject({ ok: true })
  const entries: EvidenceEntry[] = []
  for await (const { entry } of (await openLogReader({ dir })).entries()) entries.push(entry)
  for (const { message } of inside.letters) {
    const number = /SMTP id (S-\d+)/u.exec(message)?.[1] ?? ''
    // A copy for a chief, or a word to the writer: ours, and no crossing.
    if (number === '' && message.includes('Auto-Submitted: auto-generated')) continue
    const kinds = entries.filter((entry) => entry.number === number).map(({ kind }) => kind)
    for (const kind of ['received', 'disarmed', 'verified', 'delivered'])
      expect(kinds.filter((one) => one === kind)).toEqual([kind])
  }
  const left = entries.flatMap(({ kind, detail }) =>
    kind === 'delivered' ? [detail['outputSha256']] : [],
  )
  for (const { message } of outside.letters) {
    const ours = message.startsWith(NOTE) ? message.slice(message.indexOf('\r\n') + 2) : message
    expect(left).toContain(sha256(Buffer.from(ours, 'latin1')))
  }
}

/** Approves what is held, as often as it takes: the side that is asked is killed meanwhile. */
async function approveAll(running: TestTown, stop: () => boolean): Promise<void> {
  let browser: Browser | undefined
  while (!stop()) {
    try {
      browser ??= await running.signIn('high', 'approver')
      const answer = await browser.ask('GET', '/api/mail-out/approvals')
      if (answer.status === 401) browser = undefined
      const { cards = [] } = (await answer.json()) as { cards?: readonly OutgoingMailCard[] }
      for (const { number, sha256: of, destination, purpose } of cards)
        await browser?.json('POST', `/api/mail-out/approvals/${number}`, {
          decision: 'approve',
          sha256: of,
          destination,
          purpose,
          comment: '',
        })
    } catch {
      // It was killed, or is not back yet.
    }
    await sleep(500)
  }
}

/** A mail of the office for somebody out there, handed in by its mail server. */
async function handedIn(port: number | undefined, words: string): Promise<boolean> {
  const subject = `=?UTF-8?B?${Buffer.from('【自治体機密性1】お知らせ').toString('base64')}?=`
  const id = `Message-ID: <${words.trim().split(' ').slice(0, 2).join('.')}@pc-041>`
  const header = `From: ${CLERK}\r\nTo: ${OUTSIDE}\r\nSubject: ${subject}\r\n${id}`
  const answer = await sendRaw(port ?? 0, `${header}\r\n\r\n${words}\r\n`, [OUTSIDE], CLERK)
  return answer.startsWith('250')
}

const OUTSIDE = 'info@vendor.example.com'

async function sent(port: number | undefined, index: number, words: string): Promise<boolean> {
  const header = `From: a@example.com\r\nSubject: ${index}\r\nMessage-ID: <${index}@example.com>`
  const answer = await sendRaw(port ?? 0, `${header}\r\n\r\n${words}\r\n`)
  return answer.startsWith('250')
}

/** Kills one side or the other, each time soon after it serves again. Returns how often. */
async function killAtRandom(running: TestTown, stop: () => boolean): Promise<number> {
  let kills = 0
  while (!stop() && kills < KILLS) {
    const side = randomInt(2) === 0 ? 'low' : 'high'
    // On a busy machine a side that was killed while it began needs minutes: its supervisor waits longer each time.
    await until(
      async () =>
        stop() || (await fetch(`${running[side].url}/healthz`).catch(() => undefined))?.ok,
      { ms: 240_000, what: `the ${side} side after ${kills} kills` },
    )
    await sleep(randomInt(1500))
    const { pid } = running[side].side
    if (stop() || pid === undefined) continue
    try {
      process.kill(pid, 'SIGKILL')
      kills += 1
    } catch {
      // It was dead already.
    }
  }
  return kills
}
