/**
 * The way in as a process of its own: `node gate-host.ts FOLDER accept|rebuild`. Says its port, then a line for each hundred messages that it is done with. `accept` keeps and then
 * removes each message; `rebuild` has it written as text by a worker in its box before it removes it, as the gate does after its `250`.
 */
import { availableParallelism } from 'node:os'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { createPool } from '@sekisho/disarm'
import {
  MAIL_PROGRAM,
  mailLimits,
  mailReceiver,
  openMailboxes,
  openSpool,
  rebuildInBox,
} from '@sekisho/gates/mail'
import { readMailFacts } from '@sekisho/server'

const [folder = '', way = 'accept'] = process.argv.slice(2)
const TOLD_EVERY = 100
const now = (): Date => new Date()
const spool = await openSpool({ folder, maxBytes: 4e9, now })
const pool =
  way === 'rebuild' ? createPool({ size: availableParallelism(), ...MAIL_PROGRAM }) : undefined
const question = {
  route: { model: 'α', edition: 'R8.3', gate: { id: 'mail-in', attachments: 'remove' } },
  address: 'https://sekisho.invalid/mail',
  limits: {},
} as const

let done = 0
async function finish(id: string): Promise<void> {
  if (pool) {
    const chunks: Buffer[] = []
    for await (const chunk of spool.message(id)) chunks.push(chunk)
    const boxed = await rebuildInBox(pool, Buffer.concat(chunks), question, readMailFacts)
    if (!boxed.ok) throw new Error(boxed.reason)
  }
  await spool.remove(id)
  done += 1
  if (done % TOLD_EVERY === 0) process.stdout.write(`${done}\n`)
}

const waiting = new Set<string>()
function takeUp(): void {
  for (const id of spool.ids()) {
    if (waiting.size >= 2 * availableParallelism()) return
    if (waiting.has(id)) continue
    waiting.add(id)
    void finish(id).then(() => {
      waiting.delete(id)
      takeUp()
    })
  }
}

const DOMAIN = 'town.example.jp'
const clerk = { address: `a@${DOMAIN}`, person: 'a', from: '2020-04-01' }
const mailboxes = openMailboxes([clerk], [DOMAIN], [clerk])
const receiver = mailReceiver({
  name: `mx.${DOMAIN}`,
  spool,
  limits: mailLimits(),
  mailboxes: () => mailboxes,
  requireTls: false,
  relays: ['127.0.0.1'],
  now,
  today: () => now().toISOString().slice(0, 10),
  onAccepted: takeUp,
  onRefused: ({ reason }) => process.stderr.write(`${reason}\n`),
})
const server = createServer((socket) => receiver.accept(socket))
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`port ${(server.address() as AddressInfo).port}\n`)
})
process.once('SIGTERM', () => process.exit())
