/**
 * A conversation with a next hop, by nodemailer's SMTP connection. The socket is given: this room opens none.
 */
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection'
import { TLS_FAULT, sessionFault } from './fault.ts'
import type { Fault } from './fault.ts'
import { SmtpSession } from './session.ts'

/** A mail server that takes our mail. */
export interface NextHop {
  readonly name: string
  readonly host: string
  readonly port: number
  /**
   * `required`: TLS 1.2 or newer and a certificate for the host's name, or nothing is sent. `opportunistic`: encrypted
   * when it is offered, whoever answers; who can change packets on the way can also switch it off.
   */
  readonly tls: 'required' | 'opportunistic'
  /** PEM of the authorities to believe instead of the system's, e.g. the town's own. */
  readonly ca?: string
  /** Connections at once. */
  readonly connections: number
  /** Our own name in EHLO. */
  readonly ownName: string
  /** Milliseconds: until the greeting; without a byte; for one message in all. */
  readonly timeouts: { readonly greeting: number; readonly idle: number; readonly message: number }
}

export type Connected = NonNullable<SMTPConnectionOptions['connection']>
/** Opens a TCP connection; given by the server, which alone has sockets. Rejects when there is none in time. */
export type Dial = (host: string, port: number) => Promise<Connected>

/** A conversation that is ready for a first message, or why there is none. */
export async function openSession(
  hop: NextHop,
  dial: Dial,
): Promise<{ readonly session: SmtpSession } | { readonly fault: Fault }> {
  let socket: Connected
  try {
    socket = await dial(hop.host, hop.port)
  } catch {
    return { fault: { reason: 'MAIL-OUT-HOP-DOWN', permanent: false, reply: '', status: '4.4.1' } }
  }
  const connection = new SMTPConnection(connectionOptions(hop, socket))
  const { promise, resolve } = Promise.withResolvers<unknown>()
  // Stays for good: an error nobody listens to would end the process.
  connection.on('error', resolve)
  connection.connect((error?: unknown) => resolve(error))
  const timer = setTimeout(() => resolve(timedOut()), hop.timeouts.message)
  const error = await promise
  clearTimeout(timer)
  if (error === undefined && (connection.secure || hop.tls !== 'required'))
    return { session: new SmtpSession(connection, hop.timeouts.message) }
  connection.close()
  socket.destroy()
  // A handshake that is cut is about TLS too, whatever the socket says: it may be cut to have us speak in the clear.
  if (connection.upgrading) return { fault: TLS_FAULT }
  return { fault: sessionFault(error ?? Object.assign(new Error('no TLS'), { code: 'ETLS' })) }
}

/** How every conversation with a next hop is begun. */
export function connectionOptions(hop: NextHop, connection: Connected): SMTPConnectionOptions {
  const required = hop.tls === 'required'
  return {
    connection,
    host: hop.host,
    port: hop.port,
    secure: false,
    name: hop.ownName,
    requireTLS: required,
    opportunisticTLS: !required,
    greetingTimeout: hop.timeouts.greeting,
    connectionTimeout: hop.timeouts.greeting,
    socketTimeout: hop.timeouts.idle,
    socketCloseTimeout: 0,
    maxResponseSize: 64 * 1024,
    tls: {
      minVersion: 'TLSv1.2',
      rejectUnauthorized: required,
      ...(hop.ca === undefined ? {} : { ca: hop.ca }),
    },
  }
}

function timedOut(): Error {
  return Object.assign(new Error('no end in time'), { code: 'ETIMEDOUT' })
}
