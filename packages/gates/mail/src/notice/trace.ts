/**
 * What we write before a message that we pass on: our own trace (RFC 5321 §4.4), and a Message-ID where its sender gave none. The verified bytes follow
 * as they are.
 */
import { dateOf } from '@sekisho/disarm'
import { headerOf } from '../deliver/submission.ts'

export interface Trace {
  readonly host: string
  /** Unguessable and never used twice: a Message-ID is made of it. */
  readonly id: string
  /** The short number of the mail. */
  readonly number: string
  /** When that it may pass was recorded, ISO 8601: the same at each try, and so are the bytes. */
  readonly at: string
}

export function trace(message: Uint8Array, { host, id, number, at }: Trace): Buffer {
  const date = dateOf(Date.parse(at), '+0900') ?? ''
  const received = `Received: by ${host} with SMTP id ${number}; ${date}\r\n`
  const known = /^Message-ID:/imu.test(headerOf(message))
  const own = known ? '' : `Message-ID: <${id}@${host}>\r\n`
  return Buffer.concat([Buffer.from(`${received}${own}`), message])
}
