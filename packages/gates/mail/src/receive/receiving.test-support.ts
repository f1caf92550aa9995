/**
 * A mail gate on a port of this machine, and a client that says exactly what it is told.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { connect as connectTcp, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { mailLimits } from './limits.ts'
import type { MailLimits } from './limits.ts'
import { openMailboxes } from './mailboxes.ts'
import type { Mailbox } from './mailboxes.ts'
import { mailReceiver } from './receiver.ts'
import type { MailNotTaken, Receiver, ReceiverOptions } from './receiver.ts'
import { openSpool } from './spool.ts'
import type { Spool } from './spool.ts'

export const DOMAIN = 'kasumi.example.jp'
export const TODAY = '2027-04-01'
export const CLERK: Mailbox = { address: `s0001@${DOMAIN}`, person: 's0001', from: '2019-04-01' }
const OFFICER: Mailbox = { address: `s0003@${DOMAIN}`, person: 's0003', from: '2015-04-01' }
const GONE = {
  address: `s0090@${DOMAIN}`,
  person: 's0090',
  from: '2010-04-01',
  until: '2027-03-31',
}
const LAST_DAY = { address: `s0091@${DOMAIN}`, person: 's0091', from: '2010-04-01', until: TODAY }
const COMING: Mailbox = { address: `s0092@${DOMAIN}`, person: 's0092', from: '2027-04-02' }
const FIRST_DAY: Mailbox = { address: `s0093@${DOMAIN}`, person: 's0093', from: TODAY }
const WRITTEN: Mailbox = { address: `香澄@${DOMAIN}`, person: 's0001', from: '2019-04-01' }

export interface Receiving {
  readonly port: number
  readonly spool: Spool
  readonly folder: string
  readonly receiver: Receiver
  readonly refused: MailNotTaken[]
  /** Every message held, as text, in the order it came. */
  messages(): Promise<readonly string[]>
  end(): Promise<void>
}

export type Settings = Partial<ReceiverOptions> & {
  readonly own?: Partial<MailLimits>
  readonly maxBytes?: number
  readonly folder?: string
}

export async function receiving(settings: Settings = {}): Promise<Receiving> {
  const folder = settings.folder ?? mkdtempSync(join(tmpdir(), 'mail-'))
  const now = (): Date => new Date('2027-04-01T00:00:00Z')
  const spool = await openSpool({ folder, maxBytes: settings.maxBytes ?? 1e9, now })
  const refused: MailNotTaken[] = []
  const boxes = [CLERK, OFFICER, GONE, LAST_DAY, COMING, FIRST_DAY, WRITTEN]
  const mailboxes = openMailboxes(boxes, [DOMAIN, '香澄町.example.jp'], [OFFICER])
  const receiver = mailReceiver({
    name: `mx.${DOMAIN}`,
    spool,
    limits: mailLimits(settings.own),
    mailboxes: () => mailboxes,
    requireTls: false,
    relays: [],
    now,
    today: () => TODAY,
    onRefused: (refusal) => refused.push(refusal),
    ...settings,
  })
  const server = createServer((socket) => receiver.accept(socket))
  const port = await listening(server)
  return {
    port,
    spool,
    folder,
    receiver,
    refused,
    messages: () => Promise.all(spool.ids().map((id) => textOf(spool, id))),
    end: async () => {
      server.close()
      await receiver.close(0)
      if (settings.folder === undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}

function listening(server: Server): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>()
  server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  return promise
}

export async function textOf(spool: Spool, id: string): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of spool.message(id)) chunks.push(chunk)
  return Buffer.concat(chunks).toString('latin1')
}

/** A client that sends bytes as they are and hears whole replies. */
export class Talk {
  #socket: Socket
  #heard = ''
  #ended = false
  #wake: (() => void) | undefined

  constructor(socket: Socket) {
    this.#socket = socket
    this.#listen()
  }

  /** Connects and hears the greeting. */
  static async to(port: number): Promise<Talk> {
    const talk = new Talk(connectTcp(port, '127.0.0.1'))
    await talk.hear()
    return talk
  }

  /** Speaks before the greeting, and hears what comes of it. */
  static async early(port: number, words: string): Promise<readonly string[]> {
    const talk = new Talk(connectTcp(port, '127.0.0.1'))
    talk.send(words)
    return talk.rest()
  }

  send(bytes: string | Uint8Array): void {
    if (typeof bytes === 'string') this.#socket.write(bytes, 'latin1')
    else this.#socket.write(bytes)
  }

  /** The next reply, its lines together; `''` when the other side has ended. */
  async hear(): Promise<string> {
    for (;;) {
      const whole = /^(?:\d{3}-[^\r\n]*\r\n)*\d{3} [^\r\n]*\r\n/u.exec(this.#heard)
      if (whole !== null) {
        this.#heard = this.#heard.slice(whole[0].length)
        return whole[0].trimEnd()
      }
      if (this.#ended) return ''
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#wake = resolve
      await promise
    }
  }

  async ask(line: string): Promise<string> {
    this.send(`${line}\r\n`)
    return this.hear()
  }

  /** Everything until the other side ends. */
  async rest(): Promise<readonly string[]> {
    const replies: string[] = []
    for (;;) {
      const reply = await this.hear()
      if (reply === '') return replies
      replies.push(reply)
    }
  }

  async startTls(): Promise<void> {
    this.#socket.removeAllListeners()
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const secure = connectTls({ socket: this.#socket, rejectUnauthorized: false }, resolve)
    secure.once('error', reject)
    this.#socket = secure
    this.#listen()
    await promise
  }

  end(): void {
    this.#socket.end()
  }

  break(): void {
    this.#socket.destroy()
  }

  #listen(): void {
    const wake = (): void => this.#wake?.()
    this.#socket.on('data', (bytes: Buffer) => {
      this.#heard += bytes.toString('latin1')
      wake()
    })
    const ended = (): void => {
      this.#ended = true
      wake()
    }
    this.#socket.on('error', ended)
    this.#socket.on('close', ended)
    this.#socket.on('end', ended)
  }
}

export const OPENING = `EHLO mx.example.com\r\n`
export const TO_CLERK = `MAIL FROM:<a@example.com>\r\nRCPT TO:<${CLERK.address}>\r\nDATA\r\n`
