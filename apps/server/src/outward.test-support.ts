/**
 * The way out of a town on a bench: the real receiver, passage, store and boxes of the high side, a clock that is moved by hand, and in place of the
 * low side somebody who keeps what it was brought.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { SekishoError } from '@sekisho/core'
import type { MailOutward, Town } from '@sekisho/core'
import type { EvidenceEntry } from '@sekisho/core'
import { createLog, createLogKey, openLog } from '@sekisho/evidence'
import type { Log } from '@sekisho/evidence'
import { createJudge } from '@sekisho/judge'
import type { Submission } from '@sekisho/gates/mail'
import { listCrossingsOf, listHeld } from '@sekisho/store'
import { readTown } from '@sekisho/town'
import type { Progress } from '@sekisho/passage'
import { progressOf } from './high/crossings.ts'
import { openOutward } from './high/outward.ts'
import { createReadingBox } from './host/reading-box.ts'
import type { Outward } from './high/outward.ts'
import { outwardGateOf } from './host/mail-route.ts'
import type { MailOut, MailOutNews } from './link/mail-out-messages.ts'

const KASUMI = resolve(import.meta.dirname, '../../../examples/kasumi/town.yaml')
export const CLERK = 'yumi@town.kasumi.example.jp'
export const CHIEF = 'yoshida@town.kasumi.example.jp'
export const SECTION = 'fukushi@town.kasumi.example.jp'

export interface OutwardBench {
  /** Where the high side keeps its things. */
  readonly folder: string
  readonly port: number
  readonly outward: Outward
  readonly town: Town
  /** What the low side was brought, by id. */
  readonly brought: Map<string, MailOut>
  /** Mails for the town itself and for other governments. */
  readonly own: Submission[]
  news: MailOutNews[]
  /** The line to the low side is cut. */
  cut: boolean
  now: number
  /** Does what is due, after so many minutes. */
  after(minutes: number): Promise<void>
  of(person: string): Promise<readonly Progress[]>
  held(): Promise<readonly Progress[]>
  /** What was appended, by key, since the bench was opened. */
  readonly entries: ReadonlyMap<string, EvidenceEntry>
  /** As after kill -9: nothing but the folder is left. */
  reopen(): Promise<OutwardBench>
  close(): Promise<void>
}

export async function outwardBench(
  change: Partial<MailOutward> = {},
  folder?: string,
  start = Date.parse('2026-11-26T00:00:00Z'),
): Promise<OutwardBench> {
  const place = folder ?? (await mkdtemp(join(tmpdir(), 'sekisho-out-')))
  const town = await townWith(change)
  const gate = outwardGateOf(town)
  if (!gate) throw new Error('the town lets no mail out')
  const { log, entries } = await logIn(place)
  const sockets: Server[] = []
  const own: Submission[] = []
  const brought = new Map<string, MailOut>()
  const bench: Omit<OutwardBench, 'outward' | 'port'> = {
    folder: place,
    entries,
    town,
    brought,
    own,
    news: [],
    cut: false,
    now: start,
    after: async (minutes) => {
      bench.now += minutes * 60_000
      await outward.mails.run()
      await outward.fates.fetch()
    },
    of: async (person) => (await listCrossingsOf(outward.store.db, person, 100)).map(progressOf),
    held: async () => (await listHeld(outward.store.db, 100)).map(progressOf),
    reopen: async () => {
      await end()
      return outwardBench(change, place, bench.now)
    },
    close: async () => {
      await end()
      await rm(place, { recursive: true, force: true })
    },
  }
  const queue = {
    submit: async (submission: Submission) => {
      const again = own.some(({ id }) => id === submission.id)
      if (!again) own.push(submission)
      return { ok: true, again } as const
    },
  }
  const box = createReadingBox({ size: 1 })
  const outward = await openOutward(
    {
      town,
      gate,
      model: 'f'.repeat(64),
      judge: createJudge(),
      log,
      dataDir: place,
      box,
      profile: town.gates.file[0]!.disarm,
      link: {
        bringMail: async (id, mail) => {
          if (bench.cut) throw new SekishoError('LINK_DOWN', 'cut')
          brought.set(id, mail)
        },
        mailNews: async () => bench.news,
        forgetMailNews: async () => {
          bench.news = []
        },
      },
      own: { queue, wake: () => undefined },
      socket: { host: '127.0.0.1', port: 0 },
      host: 'sekisho.lgwan.kasumi.example.jp',
      clock: () => new Date(bench.now),
    },
    async () => {
      const socket = createServer()
      sockets.push(socket)
      await new Promise<void>((done) => socket.listen(0, '127.0.0.1', done))
      return socket
    },
  )
  const end = async (): Promise<void> => {
    await outward.close()
    await box.close()
    for (const socket of sockets) socket.close()
    await log.close()
  }
  const { port } = sockets[0]!.address() as AddressInfo
  return Object.assign(bench, { outward, port })
}

async function logIn(
  place: string,
): Promise<{ readonly log: Log; readonly entries: Map<string, EvidenceEntry> }> {
  const key = join(place, 'signer')
  const known = await readFile(key, 'utf8').catch(() => undefined)
  const signer = known ?? createLogKey('bench').signer
  if (known === undefined) await writeFile(key, signer)
  const options = { dir: join(place, 'log'), origin: 'bench', signer }
  const log = await (known === undefined ? createLog(options) : openLog(options))
  const entries = new Map<string, EvidenceEntry>()
  const append = log.append.bind(log)
  log.append = async (name, entry) => {
    const receipt = await append(name, entry)
    if (!entries.has(name)) entries.set(name, entry)
    return receipt
  }
  return { log, entries }
}

/** Kasumi, with two mailboxes and a mail server on this machine. */
async function townWith(change: Partial<MailOutward>): Promise<Town> {
  const reading = readTown(await readFile(KASUMI, 'utf8'))
  if (!reading.ok) throw new Error('kasumi cannot be read')
  const { town } = reading
  const mails = new Map([
    ['s0001', CLERK],
    ['s0002', CHIEF],
  ])
  return {
    ...town,
    people: town.people.map((person) => {
      const mail = mails.get(person.id)
      return mail === undefined ? person : { ...person, mail }
    }),
    systems: town.systems.map((system) => ({
      ...system,
      hosts: system.hosts.map((host) =>
        host.id === 'lgwan-mail-sv' ? { ...host, addresses: ['127.0.0.1'] } : host,
      ),
    })),
    gates: {
      ...town.gates,
      mail: town.gates.mail.map((gate) =>
        gate.outward ? { ...gate, outward: { ...gate.outward, ...change } } : gate,
      ),
    },
  }
}

export interface Sent {
  readonly from?: string
  readonly to: readonly string[]
  readonly header?: string
  readonly subject?: string
  readonly body?: string
  /** swaks options. */
  readonly more?: readonly string[]
}

const run = promisify(execFile)

/** Sends with swaks, as the town's mail server hands a mail in. @returns what it said and heard */
export async function swaks(port: number, sent: Sent): Promise<string> {
  const {
    from = CLERK,
    to,
    subject = '【自治体機密性1】お知らせ',
    body = 'お世話になっております。',
    more = [],
  } = sent
  const word = `=?UTF-8?B?${Buffer.from(subject).toString('base64')}?=`
  const header =
    sent.header ??
    `From: ${from}\nTo: ${to[0]}\nSubject: ${word}\nMessage-ID: <${Date.now()}.${Math.random()}@pc-041.kasumi>\nX-Desk: pc-041\nReceived: from pc-041 (10.20.3.41) by mail`
  const args = [
    '--server',
    '127.0.0.1',
    '--port',
    String(port),
    '--from',
    from,
    '--to',
    to.join(','),
    '--data',
    `${header}\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n${body}\n`,
    ...more,
  ]
  return run('swaks', args, { encoding: 'utf8' }).then(
    ({ stdout }) => stdout,
    (error: { stdout?: string }) => error.stdout ?? '',
  )
}

/** Says these lines behind EHLO, each when the last was answered, so many times over. Returns what was answered. */
export async function sayOften(
  port: number,
  times: number,
  ...lines: readonly string[]
): Promise<string> {
  let heard = ''
  for (let count = 0; count < times; count++) {
    const socket = connect(port, '127.0.0.1')
    const left = ['EHLO desk.kasumi', ...lines, 'QUIT']
    socket.on('data', (bytes) => {
      heard += String(bytes)
      if (/^\d{3} [^\n]*\n$/mu.test(heard) && left.length > 0) socket.write(`${left.shift()}\r\n`)
    })
    await once(socket, 'close')
  }
  return heard
}
