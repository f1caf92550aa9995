/**
 * A look at a next hop, for whoever sets it up: does it answer, does it encrypt, is its certificate believed. It greets, and goes; a message is never begun.
 */
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { sessionFault } from './fault.ts'
import type { Fault } from './fault.ts'
import { connectionOptions } from './next-hop.ts'
import type { Dial, NextHop } from './next-hop.ts'

export type HopLook =
  | { readonly reached: false; readonly fault: Fault }
  | {
      readonly reached: true
      /** `none`: it offers no TLS, or the attempt broke off. */
      readonly tls: 'none' | HopCertificate
    }

export interface HopCertificate {
  /** Whether a line with `tls: required` would go on. */
  readonly believed: 'yes' | 'expired' | 'other-name' | 'unknown-authority'
  /** Milliseconds since 1970 of the end of its certificate. */
  readonly until: number
}

/** What a conversation with `hop` would meet. Its own `tls` does not matter here: what is offered is told. */
export async function lookAtHop(hop: NextHop, dial: Dial): Promise<HopLook> {
  let socket
  try {
    socket = await dial(hop.host, hop.port)
  } catch {
    return { reached: false, fault: sessionFault(undefined) }
  }
  const connection = new SMTPConnection(connectionOptions({ ...hop, tls: 'opportunistic' }, socket))
  const { promise, resolve } = Promise.withResolvers<unknown>()
  connection.on('error', resolve)
  connection.connect((error?: unknown) => resolve(error))
  const late = Object.assign(new Error('no end in time'), { code: 'ETIMEDOUT' })
  const timer = setTimeout(() => resolve(late), hop.timeouts.message)
  const error = await promise
  clearTimeout(timer)
  const broken = error !== undefined && connection.upgrading
  const seen: HopLook =
    error === undefined || broken
      ? { reached: true, tls: broken ? 'none' : certificateOf(connection) }
      : { reached: false, fault: sessionFault(error) }
  if (error === undefined) connection.quit()
  else connection.close()
  socket.destroy()
  return seen
}

function certificateOf(connection: SMTPConnection): 'none' | HopCertificate {
  // Its own name for the socket it talks on; after STARTTLS that is no longer the one we gave it.
  const socket: unknown = Reflect.get(connection, '_socket')
  if (!connection.secure || !isEncrypted(socket)) return 'none'
  const until = Date.parse(socket.getPeerCertificate().valid_to)
  if (socket.authorized) return { believed: 'yes', until }
  const why = String(socket.authorizationError ?? '')
  if (why.includes('EXPIRED')) return { believed: 'expired', until }
  return { believed: why.includes('ALTNAME') ? 'other-name' : 'unknown-authority', until }
}

/** What `node:tls` knows of the other side; this room opens no socket itself. */
interface Encrypted {
  readonly authorized: boolean
  readonly authorizationError?: unknown
  getPeerCertificate(): { readonly valid_to: string }
}

const isEncrypted = (socket: unknown): socket is Encrypted =>
  typeof socket === 'object' && socket !== null && 'getPeerCertificate' in socket
