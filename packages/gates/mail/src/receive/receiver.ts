/**
 * SMTP in, on the low side. Takes connections that its host hands over, answers them, and keeps in the spool what it said yes to.
 */
import { domainToASCII } from 'node:url'
import type { IsoDate, MailDmarc } from '@sekisho/core'
import { SekishoError } from '@sekisho/core'
import { SMTPServer } from 'smtp-server'
import type { SMTPServerAddress, SMTPServerDataStream, SMTPServerSession } from 'smtp-server'
import { Admission } from './admission.ts'
import { NOT_CHECKED, isForged, verifyAuthenticity } from './authenticity.ts'
import type { Authenticity, Resolve } from './authenticity.ts'
import type { MailLimits } from './limits.ts'
import type { Mailboxes, RecipientProblem } from './mailboxes.ts'
import { MessageMeter } from './message-meter.ts'
import { MailRefusal, replyFor } from './replies.ts'
import type { MailReason } from './replies.ts'
import { speakReasons } from './spoken.ts'
import type { Draft, Peer, Spool, SpooledMail } from './spool.ts'
import { guardInput } from './strict-input.ts'
import type { Connection } from './strict-input.ts'

export interface ReceiverOptions {
  /** The name it greets with, e.g. `mx.kasumi.example.jp`. */
  readonly name: string
  readonly spool: Spool
  readonly limits: MailLimits
  /** Asked for each recipient, so that a new town holds at once. */
  readonly mailboxes: () => Mailboxes
  /** PEM. Without it STARTTLS is not offered. */
  readonly tls?: { readonly key: string; readonly cert: string }
  /** Nothing is taken before STARTTLS. On the open internet this loses mail. */
  readonly requireTls: boolean
  /** DNS; without it nothing is said about the sender. */
  readonly resolve?: Resolve
  /** Who may hand in mail at all, by the envelope's sender; without it everybody may. */
  readonly maySend?: (address: string) => boolean
  /** Takes no address with letters beyond ASCII before its `@` (SMTPUTF8, RFC 6531): what carries the mail on takes none. */
  readonly asciiOnly?: boolean
  /** Mail whose domain asks that what is forged be refused (DMARC `p=reject`): marked, or turned away. Default: marked. */
  readonly dmarc?: MailDmarc
  /** Addresses of servers that bring mail of others: the security cloud, a Postfix in front. */
  readonly relays: readonly string[]
  /** Whether an address may come in at all; without it everybody may. */
  readonly mayConnect?: (address: string) => boolean
  readonly now: () => Date
  /** Today in Japan. */
  readonly today: () => IsoDate
  readonly onAccepted?: (mail: SpooledMail) => void
  readonly onRefused?: (refusal: MailNotTaken) => void
}

/** For the record and the officer's page. `recipient` is hostile text. */
export interface MailNotTaken {
  readonly reason: MailReason
  readonly at: string
  readonly address: string
  readonly recipient?: { readonly address: string; readonly problem: RecipientProblem }
  /** Whom the envelope named, when he may not send. Hostile text. */
  readonly sender?: string
}

export interface Receiver {
  /** A connection that the host accepted. */
  accept(socket: Socket): void
  /** Lets messages that are coming in be finished, for that long, and takes no new ones. */
  close(withinMs: number): Promise<void>
}

type Socket = Parameters<SMTPServer['connect']>[0]

/** For SPF, DKIM and DMARC of one message. */
const DNS_MS = 10_000
/** What the library offers and the gate does not: they tell names, relay, or play. */
const NOT_OFFERED = ['AUTH', 'VRFY', 'HELP', 'XCLIENT', 'XFORWARD', 'WIZ', 'SHELL', 'KILL']

export function mailReceiver(options: ReceiverOptions): Receiver {
  return new SmtpReceiver(options)
}

/** What the gate knows of one connection. */
interface Guest {
  readonly connection: Connection
  readonly address: string
  commands: number
  unknown: number
  /** A message is coming in. */
  busy: boolean
  readonly timer: NodeJS.Timeout
}

class SmtpReceiver implements Receiver {
  readonly #options: ReceiverOptions
  readonly #admission: Admission
  readonly #smtp: SMTPServer
  readonly #guests = new Map<string, Guest>()
  #closing: (() => void) | undefined

  constructor(options: ReceiverOptions) {
    this.#options = options
    this.#admission = new Admission(options.limits, () => performance.now())
    this.#smtp = this.#server()
  }

  accept(socket: Socket): void {
    const address = plainAddress(socket.remoteAddress)
    const reason = this.#refusesGuest(address) ?? this.#admission.enter(address)
    if (reason !== undefined) {
      this.#notTaken({ reason, address })
      turnAway(socket, reason)
      return
    }
    this.#smtp.connect(socket)
    const connection = [...this.#smtp.connections].at(-1)!
    const timer = setTimeout(
      () => refuse(connection, 'SMTP-TIME'),
      this.#options.limits.connectionMs,
    )
    const guest = { connection, address, commands: 0, unknown: 0, busy: false, timer }
    this.#guests.set(connection.id, guest)
    speakReasons(connection, (problem) => this.#notTaken({ reason: problem, address }))
    guardInput(connection, {
      command: () => this.#command(guest),
      refuse: (problem) => refuse(connection, problem),
      decline: (problem) => decline(connection, problem),
    })
  }

  async close(withinMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#closing = resolve
    for (const connection of this.#smtp.connections)
      if (!this.#guests.get(connection.id)?.busy) refuse(connection, 'SMTP-CLOSING')
    if (this.#guests.size === 0) resolve()
    const timer = setTimeout(() => {
      // oxlint-disable-next-line no-underscore-dangle -- the socket on top: under TLS it is not the one we handed over
      for (const connection of this.#smtp.connections) connection._socket.destroy()
    }, withinMs)
    await promise
    clearTimeout(timer)
  }

  #server(): SMTPServer {
    const { name, limits, tls, asciiOnly = false } = this.#options
    const smtp = new SMTPServer({
      name,
      size: limits.messageBytes,
      maxCommandLength: limits.commandBytes,
      socketTimeout: limits.idleMs,
      disabledCommands: tls === undefined ? [...NOT_OFFERED, 'STARTTLS'] : NOT_OFFERED,
      hideSMTPUTF8: asciiOnly,
      disableReverseLookup: true,
      authOptional: true,
      logger: false,
      heloResponse: '%s',
      ...(tls === undefined ? {} : { ...tls, minVersion: 'TLSv1.2' as const }),
      onMailFrom: (from, session, done) => done(asError(this.#mailFrom(from, session))),
      onRcptTo: (to, session, done) => done(asError(this.#recipient(to, session))),
      onData: (stream, session, done) => {
        this.#message(stream, session).then(
          (mail) => done(null, `2.0.0 kept as ${mail.id}`),
          (error: unknown) => done(asRefusal(error)),
        )
      },
      onClose: (session) => this.#left(session.id),
    })
    // A peer that breaks off, or its TLS: its own affair. Without a listener it would end the process.
    smtp.on('error', () => {})
    return smtp
  }

  #refusesGuest(address: string): MailReason | undefined {
    if (this.#closing) return 'SMTP-CLOSING'
    const { mayConnect } = this.#options
    return mayConnect && !mayConnect(address) ? 'SMTP-PEER' : undefined
  }

  #command(guest: Guest): MailReason | undefined {
    guest.commands += 1
    if (this.#closing) return 'SMTP-CLOSING'
    return guest.commands > this.#options.limits.commands ? 'SMTP-MANY-COMMANDS' : undefined
  }

  #mailFrom(from: SMTPServerAddress, session: SMTPServerSession): MailReason | undefined {
    const { requireTls, spool, relays, maySend } = this.#options
    if (requireTls && !session.secure) return 'SMTP-TLS-NEEDED'
    if (!hasAsciiName(from.address) && !session.envelope.smtpUtf8) return 'SMTP-UTF8'
    if (maySend && !maySend(from.address)) {
      this.#notTaken({
        reason: 'SMTP-SENDER',
        address: session.remoteAddress,
        sender: from.address,
      })
      return 'SMTP-SENDER'
    }
    const declared = from.args ? Number(from.args['SIZE'] ?? 0) : 0
    if (!spool.hasRoomFor(declared)) return 'SMTP-SPOOL-FULL'
    // A declared relay brings the mail of the whole world; what it may fill is the spool's quota.
    if (relays.includes(session.remoteAddress)) return undefined
    return this.#admission.message(session.remoteAddress)
  }

  #recipient(to: SMTPServerAddress, session: SMTPServerSession): MailReason | undefined {
    const { mailboxes, limits, today, asciiOnly } = this.#options
    const guest = this.#guests.get(session.id)
    if (asciiOnly && !hasAsciiName(to.address)) return 'SMTP-ASCII-ONLY'
    if (!hasAsciiName(to.address) && !session.envelope.smtpUtf8) return 'SMTP-UTF8'
    if (session.envelope.rcptTo.length >= limits.recipients) return 'SMTP-MANY-RECIPIENTS'
    const found = mailboxes().find(to.address, today())
    if (found.ok) return undefined
    // To the sender one answer, whatever the cause: who left and who is coming is the town's own.
    const reason = found.problem === 'foreign' ? 'SMTP-RELAY' : 'SMTP-RECIPIENT'
    this.#notTaken({
      reason,
      address: session.remoteAddress,
      recipient: { address: to.address, problem: found.problem },
    })
    if (guest === undefined) return reason
    guest.unknown += 1
    return guest.unknown > limits.unknownRecipients ? 'SMTP-MANY-UNKNOWN' : reason
  }

  async #message(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<SpooledMail> {
    const guest = this.#guests.get(session.id)
    if (guest) guest.busy = true
    try {
      const mail = await this.#take(stream, session)
      if (guest) guest.commands = 0
      this.#options.onAccepted?.(mail)
      return mail
    } finally {
      if (guest) guest.busy = false
      // After the answer to this message, which is given as soon as we return.
      if (guest && this.#closing) setImmediate(() => refuse(guest.connection, 'SMTP-CLOSING'))
    }
  }

  async #take(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<SpooledMail> {
    const { spool, limits } = this.#options
    const peer = peerOf(session)
    const envelope = {
      from: session.envelope.mailFrom ? session.envelope.mailFrom.address : '',
      recipients: session.envelope.rcptTo.map(({ address }) =>
        this.#options.asciiOnly ? withAsciiDomain(address) : address,
      ),
      utf8: session.envelope.smtpUtf8 ?? false,
    }
    const incoming = new Incoming(await spool.begin().catch(asRefusal), new MessageMeter(limits))
    try {
      for await (const chunk of stream) await incoming.take(chunk as Buffer)
      const draft = incoming.finished()
      const authenticity = await this.#authenticity(draft, peer, envelope.from)
      if (this.#options.dmarc === 'refuse' && isForged(authenticity))
        throw new MailRefusal('SMTP-DMARC')
      return await draft.commit({ peer, envelope, authenticity })
    } catch (error) {
      await incoming.discard()
      throw error
    }
  }

  async #authenticity(draft: Draft, peer: Peer, from: string): Promise<Authenticity> {
    const { name, resolve, relays } = this.#options
    if (resolve === undefined) return NOT_CHECKED
    const viaRelay = relays.includes(peer.address)
    const sender = { address: peer.address, helo: peer.helo, from, viaRelay }
    return verifyAuthenticity(draft.content(), sender, { name, resolve, withinMs: DNS_MS })
  }

  #left(id: string): void {
    const guest = this.#guests.get(id)
    if (guest === undefined) return
    clearTimeout(guest.timer)
    this.#guests.delete(id)
    this.#admission.leave(guest.address)
    if (this.#guests.size === 0) this.#closing?.()
  }

  #notTaken(problem: Omit<MailNotTaken, 'at'>): void {
    this.#options.onRefused?.({ ...problem, at: this.#options.now().toISOString() })
  }
}

/** A message on its way into the spool. What cannot be kept is still read to its end, so that the answer is heard. */
class Incoming {
  readonly #draft: Draft | MailRefusal
  readonly #meter: MessageMeter
  #problem: MailRefusal | undefined

  constructor(draft: Draft | MailRefusal, meter: MessageMeter) {
    this.#draft = draft
    this.#meter = meter
    if (draft instanceof MailRefusal) this.#problem = draft
  }

  async take(chunk: Buffer): Promise<void> {
    if (this.#problem !== undefined || this.#draft instanceof MailRefusal) return
    this.#meter.push(chunk)
    if (this.#meter.reason !== undefined) this.#problem = new MailRefusal(this.#meter.reason)
    else
      await this.#draft.write(chunk).catch((error: unknown) => {
        this.#problem = asRefusal(error)
      })
  }

  finished(): Draft {
    if (this.#problem !== undefined) throw this.#problem
    if (this.#draft instanceof MailRefusal) throw this.#draft
    return this.#draft
  }

  async discard(): Promise<void> {
    if (!(this.#draft instanceof MailRefusal)) await this.#draft.discard()
  }
}

function peerOf(session: SMTPServerSession): Peer {
  const { remoteAddress, hostNameAppearsAs, tlsOptions } = session
  const tls = tlsOptions ? `${tlsOptions.version} ${tlsOptions.name}` : null
  return { address: remoteAddress, helo: hostNameAppearsAs, tls }
}

/** What went wrong while storing, as an answer that makes the sender keep the message. */
function asRefusal(error: unknown): MailRefusal {
  if (error instanceof MailRefusal) return error
  if (error instanceof SekishoError && error.code === 'STORE_FULL')
    return new MailRefusal('SMTP-SPOOL-FULL')
  if (error instanceof SekishoError && error.code === 'STORE_UNAVAILABLE')
    return new MailRefusal('SMTP-SPOOL-DOWN')
  return new MailRefusal('SMTP-INTERNAL')
}

function asError(reason: MailReason | undefined): MailRefusal | null {
  return reason === undefined ? null : new MailRefusal(reason)
}

function decline(connection: Connection, reason: MailReason): void {
  const { code, text } = replyFor(reason)
  connection.send(code, text)
}

/** Says why, then ends the connection: half a message is none, and nothing behind it is read. */
function refuse(connection: Connection, reason: MailReason): void {
  decline(connection, reason)
  connection.close()
}

function turnAway(socket: Socket, reason: MailReason): void {
  const { code, text } = replyFor(reason)
  socket.on('error', () => {})
  socket.end(`${code} ${text}\r\n`)
  socket.resume()
}

/** IPv4 on a socket of both families is `::ffff:192.0.2.1`. */
function plainAddress(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:(?=\d+\.)/iu, '')
}

/** The library shows a domain in its own letters; the next server wants the spelling that DNS knows. */
function withAsciiDomain(address: string): string {
  const at = address.lastIndexOf('@') + 1
  return address.slice(0, at) + domainToASCII(address.slice(at))
}

/** The domain has an ASCII spelling of its own, and the library shows us the other one. */
function hasAsciiName(address: string): boolean {
  return /^[\u0000-\u007F]*$/u.test(address.slice(0, Math.max(0, address.lastIndexOf('@'))))
}
