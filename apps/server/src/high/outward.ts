/**
 * Mail to the outside on the high side, put together: SMTP for the declared hosts, the passage, and the ways on from there.
 */
import { createServer } from 'node:net'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { SekishoError } from '@sekisho/core'
import type { Answer, DisarmProfile, Question, Town } from '@sekisho/core'
import { createPool } from '@sekisho/disarm'
import type { Pool } from '@sekisho/disarm'
import { takeLock } from '@sekisho/evidence'
import type { Log } from '@sekisho/evidence'
import { mailLimits, mailReceiver, openSpool, sendersOf } from '@sekisho/gates/mail'
import type { CleanedFile, Mailboxes, MailQueue, Receiver, Spool } from '@sekisho/gates/mail'
import { highMigrations, migrate, openBlobs, openStore } from '@sekisho/store'
import type { HighTables } from '@sekisho/store'
import { todayInJapan } from '@sekisho/town'
import type { Address, MailSocket } from '../host/config.ts'
import { openCarrier, placesIn } from '../host/mail-carrier.ts'
import type { MailCarrier } from '../host/mail-carrier.ts'
import { addressesOf, relayTest } from '../host/mail-route.ts'
import type { OutwardMailGate } from '../host/mail-route.ts'
import type { TakeSocket } from '../host/process.ts'
import { listenOn } from '../host/serve-http.ts'
import type { MailOutLink } from '../link/client.ts'
import { dialTo } from './dial.ts'
import { outwardDoor } from './outward-door.ts'
import { OutwardFates } from './outward-fates.ts'
import { OutwardMails } from './outward-mails.ts'
import type { MailFileBytes, ReadingBox } from '../host/reading-box.ts'
import { outwardRouteOf } from './outward-route.ts'

/** Bytes that mails which are not in the passage yet may fill. */
const SPOOL_BYTES = 2 * 1024 * 1024 * 1024
/** How often what time alone changes is looked at, ms. */
const SWEEP_MS = 1000
const CLOSE_MS = 2000
const WORKERS = 1

export interface OutwardOptions {
  readonly town: Town
  readonly gate: OutwardMailGate
  readonly model: string
  readonly judge: { ask(question: Question): Answer }
  readonly log: Log
  readonly dataDir: string
  readonly link: MailOutLink
  readonly box: ReadingBox
  readonly profile: DisarmProfile
  /** The queue to the town's own mail server. */
  readonly own: { readonly queue: Pick<MailQueue, 'submit'>; wake(): void }
  /** Where the declared hosts hand in mail. */
  readonly socket?: MailSocket
  /** Own host name. */
  readonly host: string
  /** Where the next server to other governments is reached, instead of its declared address. */
  readonly reached?: Address
  readonly clock?: () => Date
}

export interface Outward {
  readonly mails: OutwardMails
  readonly fates: OutwardFates
  readonly store: Awaited<ReturnType<typeof openStore<HighTables>>>
  /** Mails that were handed in and are not in the passage yet. */
  spooled(): number
  /** Begins to look at what is due, again and again. */
  start(): void
  close(): Promise<void>
}

/** Takes mails from now on; nothing goes further before `start`. */
export async function openOutward(options: OutwardOptions, take: TakeSocket): Promise<Outward> {
  const { town, gate, model, judge, log, dataDir, link, box, profile, own, host } = options
  const folder = join(dataDir, 'outward')
  const clock = options.clock ?? (() => new Date())
  const spool = await openSpool({
    folder: join(folder, 'spool'),
    maxBytes: SPOOL_BYTES,
    now: clock,
  })
  const lock = takeLock(folder, 'mail to the outside')
  const store = await openStore<HighTables>({ path: join(folder, 'outward.sqlite') })
  await migrate(store, highMigrations)
  const lgwan = await lgwanCarrier(options, folder)
  const pool = createPool({ size: WORKERS })
  const ownLetters = { host, address: `postmaster@${gate.domains[0] ?? host}` }
  const fates = new OutwardFates({
    store,
    log,
    model,
    link,
    own: waking(own),
    ownLetters,
    clock,
  })
  const mails = new OutwardMails({
    town,
    route: outwardRouteOf(town, gate),
    zones: { lgwan: gate.to, internet: gate.from },
    model,
    judge,
    log,
    box,
    store,
    blobs: await openBlobs(join(folder, 'blobs')),
    spool,
    inside: { own: waking(own), lgwan: lgwan ? waking(lgwan) : waking(own) },
    clean: (file) => clean(pool, file, profile),
    profile,
    hand: ({ id, from, recipients, sha256, bytes }) =>
      link.bringMail(id, { from, recipients, sha256, bytes }),
    copyToSupervisor: gate.outward.copyToSupervisor,
    ownLetters,
    clock,
  })
  const stop = new AbortController()
  let work = Promise.resolve()
  const receiver = options.socket
    ? await receive(options, options.socket, spool, clock, take)
    : undefined
  return {
    mails,
    fates,
    store,
    spooled: () => spool.ids().length,
    start() {
      work = run(mails, fates, stop.signal)
    },
    async close() {
      await receiver?.()
      stop.abort()
      await work
      await lgwan?.close()
      await pool.close()
      await store.close()
      lock.release()
    },
  }
}

/** How often bytes that nobody needs any more are looked for, ms. */
const PRUNE_MS = 3_600_000

async function run(mails: OutwardMails, fates: OutwardFates, signal: AbortSignal): Promise<void> {
  // Not right after a start: what was cut short is carried on first.
  let pruneAt = Date.now() + PRUNE_MS
  while (!signal.aborted) {
    await mails.run()
    await fates.fetch()
    if (Date.now() >= pruneAt) {
      await mails.prune().catch((error: unknown) => {
        process.stderr.write(`${new Date().toISOString()} prune ${String(error)}\n`)
      })
      pruneAt = Date.now() + PRUNE_MS
    }
    await sleep(SWEEP_MS, undefined, { signal }).catch(() => undefined)
  }
}

/** SMTP for the declared hosts and nobody else. It takes any recipient: where each may go is decided once the mail is here. */
async function receive(
  { town, gate, host, log, model }: OutwardOptions,
  socket: MailSocket,
  spool: Spool,
  now: () => Date,
  take: TakeSocket,
): Promise<() => Promise<void>> {
  const senders = sendersOf(town)
  const receiver: Receiver = mailReceiver({
    name: host,
    spool,
    limits: mailLimits(gate.receive ? { messageBytes: gate.receive.maxBytes } : {}),
    mailboxes: () => ANYBODY,
    ...(socket.tls ? { tls: await pem(socket.tls) } : {}),
    requireTls: false,
    relays: [],
    maySend: (address) => senders.find(address, todayInJapan(now())) !== undefined,
    asciiOnly: true,
    onRefused: outwardDoor({ log, model, clock: now }),
    mayConnect: relayTest(town, gate.outward.receive.from),
    now,
    today: () => todayInJapan(now()),
  })
  const server = createServer((connection) => receiver.accept(connection))
  await listenOn(server, await take('submission'))
  return async () => {
    server.close()
    await receiver.close(CLOSE_MS)
  }
}

const ANYBODY: Mailboxes = {
  find: (address) => ({ ok: true, mailbox: { address, department: '' } }),
}

async function pem({ cert, key }: NonNullable<MailSocket['tls']>): Promise<{
  readonly cert: string
  readonly key: string
}> {
  return { cert: await readFile(cert, 'utf8'), key: await readFile(key, 'utf8') }
}

/** The way to other governments, where it is not that of the town's own mail. */
async function lgwanCarrier(
  { town, gate, host, reached, log, model }: OutwardOptions,
  folder: string,
): Promise<MailCarrier | undefined> {
  const { lgwan } = gate.outward
  if (!lgwan) return undefined
  const [address] = addressesOf(town, lgwan.server)
  if (address === undefined)
    throw new SekishoError('CONFIG_INVALID', `${lgwan.server} has no address`)
  const at = reached ?? { host: address, port: lgwan.port }
  return openCarrier({
    places: placesIn(join(folder, 'lgwan')),
    hop: { name: 'lgwan', host: lgwan.name ?? at.host, port: at.port, tls: lgwan.tls },
    dial: dialTo(at),
    ownName: host,
    bounceAddress: `postmaster@${gate.domains[0] ?? host}`,
    tell: async ({ seq, outcome }) => {
      await log.append(`mail-lgwan:${outcome.message}:${seq}`, {
        v: 1,
        kind: 'changed',
        at: outcome.at,
        side: 'high',
        model,
        actor: 'system',
        crossing: outcome.message,
        detail: {
          what: outcome.ended.length > 0 ? 'mail-sent' : 'mail-waiting',
          recipients: outcome.ended.map(({ address: one, state }) => `${state} ${one}`),
          stillWaiting: outcome.stillWaiting,
          reason: outcome.reason,
        },
      })
    },
  })
}

function waking(carrier: OutwardOptions['own']): Pick<MailQueue, 'submit'> {
  return {
    async submit(submission) {
      const submitted = await carrier.queue.submit(submission)
      carrier.wake()
      return submitted
    },
  }
}

/** In the sandbox of the disarmer: a desk of the office may be taken over, too. */
async function clean(
  pool: Pool,
  { bytes, name }: MailFileBytes,
  profile: DisarmProfile,
): Promise<CleanedFile> {
  const { report, output } = await pool.disarm(bytes, { name, profile })
  if (output) return { result: 'cleaned', report, output }
  return { result: 'refused', reason: report.reason ?? 'ENG-CRASH' }
}
