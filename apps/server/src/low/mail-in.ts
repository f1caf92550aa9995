/**
 * SMTP on the low side: the receiver on a socket that was opened outside, its spool, and the mover that brings what it took into the transfers.
 */
import { createServer } from 'node:net'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Town } from '@sekisho/core'
import { makeFolder, takeLock } from '@sekisho/evidence'
import {
  mailLimits,
  mailReceiver,
  mailboxesOf,
  openMailboxes,
  openSpool,
  postmastersOf,
} from '@sekisho/gates/mail'
import type { MailNotTaken } from '@sekisho/gates/mail'
import { todayInJapan } from '@sekisho/town'
import { isLoopback } from '../host/config.ts'
import type { MailSocket } from '../host/config.ts'
import { addressesOf, relayTest } from '../host/mail-route.ts'
import type { MailRoute } from '../host/mail-route.ts'
import type { AskNames, Running, TakeSocket } from '../host/process.ts'
import { listenOn } from '../host/serve-http.ts'
import { MailMover } from './mail-mover.ts'
import type { Spool } from './spool.ts'

/** Bytes that mails which were not taken over yet may fill. */
const SPOOL_BYTES = 2 * 1024 * 1024 * 1024
/** What was turned away is told in sums: a stranger must not fill the log. */
const SUMS_MS = 60_000
/** Longest time in which messages that are coming in may be finished at the end, ms. */
const CLOSE_MS = 2000

export interface MailInOptions {
  readonly town: Town
  readonly route: MailRoute
  readonly socket: MailSocket
  readonly dataDir: string
  readonly spool: Spool
  /** DNS, asked outside; without it nothing is said about the sender. */
  readonly resolve?: AskNames
}

export async function receiveMail(options: MailInOptions, take: TakeSocket): Promise<Running> {
  const { town, route, socket, dataDir, spool, resolve } = options
  const folder = join(dataDir, 'mail')
  // First the lock: opening a spool clears away what another process is receiving.
  await makeFolder(folder)
  const lock = takeLock(folder, 'the spool of mails')
  const mails = await openSpool({ folder, maxBytes: SPOOL_BYTES, now: () => new Date() })
  const mover = new MailMover({ mails, spool })
  const sums = turnedAway(spool)
  const mailboxes = openMailboxes(
    mailboxesOf(town, route.domains),
    route.domains,
    postmastersOf(town, route.domains),
  )
  const { name, relays, maxBytes } = route.receive
  const receiver = mailReceiver({
    name,
    spool: mails,
    limits: mailLimits({ messageBytes: maxBytes }),
    mailboxes: () => mailboxes,
    ...(socket.tls ? { tls: await pem(socket.tls) } : {}),
    requireTls: false,
    ...(resolve ? { resolve } : {}),
    dmarc: route.receive.dmarc,
    relays: relays.flatMap((id) => addressesOf(town, id)),
    // On a loopback address nobody but this machine can come anyway.
    ...(relays.length > 0 && !isLoopback(socket.host)
      ? { mayConnect: relayTest(town, relays) }
      : {}),
    now: () => new Date(),
    today: () => todayInJapan(new Date()),
    onAccepted: () => mover.wake(),
    onRefused: sums.add,
  })
  mover.start()
  const server = createServer((connection) => receiver.accept(connection))
  await listenOn(server, await take('mail'))
  return {
    async close() {
      server.close()
      await receiver.close(CLOSE_MS)
      await mover.close()
      await sums.close()
      lock.release()
    },
  }
}

async function pem({ cert, key }: NonNullable<MailSocket['tls']>): Promise<{
  readonly cert: string
  readonly key: string
}> {
  return { cert: await readFile(cert, 'utf8'), key: await readFile(key, 'utf8') }
}

/** Counts what was turned away, by reason, and puts the sums on their way to the log. */
function turnedAway(spool: Spool): {
  readonly add: (refusal: MailNotTaken) => void
  close(): Promise<void>
} {
  let counts = new Map<string, number>()
  const tell = async (): Promise<void> => {
    const told = counts
    counts = new Map()
    for (const [reason, count] of told)
      await spool.note({
        kind: 'changed',
        actor: 'system',
        detail: { what: 'mail-turned-away', reason, count: String(count) },
      })
  }
  const timer = setInterval(() => {
    tell().catch((error: unknown) => {
      process.stderr.write(`${new Date().toISOString()} mail ${String(error)}\n`)
    })
  }, SUMS_MS)
  return {
    add: ({ reason }) => counts.set(reason, (counts.get(reason) ?? 0) + 1),
    async close() {
      clearInterval(timer)
      await tell().catch(() => undefined)
    },
  }
}
