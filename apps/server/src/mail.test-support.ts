/**
 * A town that runs a mail gate, a real mail server behind it as the LGWAN side has one, and senders on the internet.
 */
import { spawn } from 'node:child_process'
import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { SMTPServer } from 'smtp-server'

export const CLERK = 'hanako@town.example.jp'
export const SECTION = 'soumu@town.example.jp'
export const OFFICER = 'jiro@town.example.jp'

/** The declaration with mail addresses and a mail gate that is run. */
export function withMailGate(declaration: string): string {
  const changes: readonly (readonly [string, string])[] = [
    ['{ id: soumu, name: 総務課 }', `{ id: soumu, name: 総務課, mail: ${SECTION} }`],
    ['roles: [clerk], from: 2024-04-01 }', `roles: [clerk], from: 2024-04-01, mail: ${CLERK} }`],
    [
      'roles: [clerk, it-officer], from: 2022-04-01 }',
      `roles: [clerk, it-officer], from: 2022-04-01, mail: ${OFFICER} }`,
    ],
    [
      '{ id: mail-in, from: internet, to: lgwan, attachments: remove, body: text }',
      '{ id: mail-in, from: internet, to: lgwan, attachments: remove, body: text, domains: [town.example.jp], originalDays: 7, ' +
        'receive: { name: mx.town.example.jp, relays: [], maxBytes: 26214400 }, deliver: { server: bunsho-sv, port: 25, tls: opportunistic } }',
    ],
  ]
  return changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the template has no ${from}`)
    return text.replace(from, to)
  }, declaration)
}

/** A town whose desks stand in a part of the internet zone of their own (β): a mail for them may keep its attachments. */
export function withDeskGate(declaration: string, model = 'β'): string {
  const changes: readonly (readonly [string, string])[] = [
    ['model: α', `model: ${model}`],
    [
      '  - id: management\n',
      '  - { id: desk, name: 職員の端末の領域, kind: internet, networks: [10.31.0.0/16] }\n  - id: management\n',
    ],
    [
      'systems:\n',
      'systems:\n  - { id: post, name: 職員のメール, zone: desk, owner: soumu, hosts: [{ id: post-sv, name: メールサーバー, role: server, addresses: [10.31.1.10] }] }\n',
    ],
    [
      'from: internet, to: lgwan, attachments: remove',
      'from: internet, to: desk, attachments: keep',
    ],
    ['deliver: { server: bunsho-sv,', 'deliver: { server: post-sv,'],
  ]
  return changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the declaration has no ${from}`)
    return text.replace(from, to)
  }, withMailGate(declaration))
}

/** The town lets mail out, too, and its own mail server stands on this machine. */
export function withOutward(declaration: string): string {
  const changes: readonly (readonly [string, string])[] = [
    [
      'deliver: { server: bunsho-sv, port: 25, tls: opportunistic } }',
      'deliver: { server: bunsho-sv, port: 25, tls: opportunistic }, ' +
        'outward: { receive: { from: [bunsho-sv] }, deliver: { server: hp-t1, port: 25, tls: opportunistic }, delayMinutes: 0 } }',
    ],
    ['addresses: [10.20.1.10]', 'addresses: [10.20.1.10, 127.0.0.1]'],
    ['networks: [10.20.0.0/16]', 'networks: [10.20.0.0/16, 127.0.0.0/8]'],
  ]
  return changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the declaration has no ${from}`)
    return text.replace(from, to)
  }, declaration)
}

export interface Letter {
  readonly from: string
  readonly to: readonly string[]
  readonly message: string
  /** The words of its text. */
  readonly text: string
}

export interface MailServer {
  readonly port: number
  readonly letters: Letter[]
  /** What it does before it takes the first byte of a message; a throw turns the message away for now. */
  before: (to: readonly string[]) => Promise<void>
  close(): Promise<void>
}

/** The LGWAN side's own mail server. */
export async function startMailServer(port = 0): Promise<MailServer> {
  const server: MailServer & { letters: Letter[] } = {
    port,
    letters: [],
    before: async () => undefined,
    close: () => new Promise((resolve) => smtp.close(() => resolve())),
  }
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData(stream, session, done) {
      const { mailFrom, rcptTo } = session.envelope
      const to = rcptTo.map(({ address }) => address)
      const chunks: Buffer[] = []
      const taking = server.before(to)
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        taking.then(
          () => {
            const message = Buffer.concat(chunks).toString('latin1')
            const from = mailFrom ? mailFrom.address : ''
            server.letters.push({ from, to, message, text: textOf(message) })
            done()
          },
          () => done(Object.assign(new Error('not now'), { responseCode: 451 })),
        )
      })
    },
  })
  smtp.on('error', () => undefined)
  await new Promise<void>((resolve) => smtp.listen(port, '127.0.0.1', resolve))
  return Object.assign(server, { port: (smtp.server.address() as AddressInfo).port })
}

/** The words of a mail whose text is written as base64. */
export function textOf(message: string): string {
  const at = message.indexOf('\r\n\r\n')
  return Buffer.from(message.slice(at + 4), 'base64').toString()
}

/** Sends with swaks, as somebody out there does. Returns what it printed. */
export async function swaks(
  port: number,
  to: readonly string[],
  ...args: readonly string[]
): Promise<string> {
  const words = ['--server', '127.0.0.1', '--port', String(port), '--to', to.join(',')]
  const child = spawn('swaks', [...words, '--from', 'sender@example.com', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const out of [child.stdout, child.stderr]) out.on('data', (chunk) => (said += String(chunk)))
  await once(child, 'close')
  return said
}

/** Sends one message as it is. Resolves with the last answer; an empty one when the line broke. */
export function sendRaw(
  port: number,
  message: string,
  to: readonly string[] = [CLERK],
  from = 'sender@example.com',
): Promise<string> {
  const steps = [
    'EHLO mx.example.com',
    `MAIL FROM:<${from}>`,
    ...to.map((one) => `RCPT TO:<${one}>`),
    'DATA',
    `${message.replaceAll('\r\n.', '\r\n..')}\r\n.`,
  ]
  return new Promise((resolve) => {
    let heard = ''
    let last = ''
    const socket = connect(port, '127.0.0.1')
    const end = (): void => {
      socket.destroy()
      resolve(last)
    }
    socket.setTimeout(20_000, () => {
      last = ''
      end()
    })
    socket.on('error', () => {
      last = ''
      end()
    })
    socket.on('close', () => resolve(''))
    socket.on('data', (chunk: Buffer) => {
      heard += chunk.toString('latin1')
      const whole = /^(?:\d{3}-[^\r\n]*\r\n)*(\d{3} [^\r\n]*)\r\n/u.exec(heard)
      if (!whole) return
      heard = heard.slice(whole[0].length)
      last = whole[1] ?? ''
      const next = steps.shift()
      if (/^[45]/u.test(last) || next === undefined) end()
      else socket.write(`${next}\r\n`, 'latin1')
    })
  })
}
