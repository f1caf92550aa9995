import { connect } from 'node:net'
import { SekishoError } from '@sekisho/core'
import type { Dial } from '@sekisho/gates/mail'
import type { Address } from '../host/config.ts'

const DIAL_MS = 15_000

/** Connections to one address, whatever name the certificate there must bear. */
export function dialTo(address: Address): Dial {
  return () =>
    new Promise((resolve, reject) => {
      const socket = connect({ ...address, timeout: DIAL_MS })
      const failed = (): void => {
        socket.destroy()
        reject(new SekishoError('LINK_DOWN', 'the next mail server'))
      }
      socket.once('error', failed)
      socket.once('timeout', failed)
      socket.once('connect', () => {
        socket.off('error', failed)
        socket.off('timeout', failed)
        socket.setTimeout(0)
        resolve(socket)
      })
    })
}
