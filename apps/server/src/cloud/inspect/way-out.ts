/** The connection to one destination behind one terminal: dialled again when it has ended, to the same looked-at addresses, and judged again with the certificate it then shows. */
import type { Duplex } from 'node:stream'
import type { Admitted, Field, SeenCertificate } from '@sekisho/gates/web'
import type { Unreached } from '../outside.ts'
import { H1Outside } from './h1-outside.ts'
import { H2Outside } from './h2-outside.ts'
import { reach } from './reach.ts'
import type { Reached, ReachOptions } from './reach.ts'

/** A request as it leaves: decided, and written anew. */
export interface Leaving {
  readonly method: string
  readonly path: string
  /** The judged host, with its port where it is not the usual one. */
  readonly authority: string
  readonly fields: readonly Field[]
  readonly body?: AsyncIterable<Uint8Array>
  /** Of the body. */
  readonly bytes: number
  /** What the connection is to become; HTTP/1.1 only. */
  readonly upgrade?: string
  /** Its Sec-WebSocket-Key. */
  readonly key?: string
}

export interface OutsideAnswer {
  readonly status: number
  readonly headers: readonly Field[]
  readonly body: AsyncIterable<Uint8Array>
  /** Lets go of the rest of the body. */
  readonly discard: () => void
  /** The connection itself, when it has become what was asked. */
  readonly joined?: { readonly socket: Duplex; readonly held: Buffer }
}

export interface Outside {
  /** Whether another request may go out on it. */
  readonly alive: boolean
  /** `undefined` when no answer came. */
  send(leaving: Leaving): Promise<OutsideAnswer | undefined>
  close(): void
}

/** A connection that stands. */
export interface Way {
  readonly outside: Outside
  readonly address: string
  readonly certificate: SeenCertificate
}

export class WayOut {
  readonly #admitted: Admitted
  readonly #options: Omit<ReachOptions, 'protocols'>
  readonly #authority: string
  #protocols: readonly string[]
  #way: Promise<Way | Unreached> | undefined
  #open: Way | undefined
  /** All that are open: one that takes no more requests may still be answering the last. */
  readonly #all = new Set<Outside>()
  #closed = false

  /** @param protocols what the terminal can speak */
  constructor(
    admitted: Admitted,
    protocols: readonly string[],
    options: Omit<ReachOptions, 'protocols'>,
  ) {
    this.#admitted = admitted
    this.#protocols = protocols
    this.#options = options
    this.#authority = authorityOf(admitted)
  }

  /** What is spoken on both sides; known once it was reached. */
  get protocols(): readonly string[] {
    return this.#protocols
  }

  get authority(): string {
    return this.#authority
  }

  /** The connection, fresh when the last one has ended. */
  ready(): Promise<Way | Unreached> {
    if (this.#way && (!this.#open || this.#open.outside.alive)) return this.#way
    this.#open = undefined
    this.#way = this.#reach()
    return this.#way
  }

  close(): void {
    this.#closed = true
    for (const outside of this.#all) outside.close()
  }

  async #reach(): Promise<Way | Unreached> {
    const reached = await reach(this.#admitted, { ...this.#options, protocols: this.#protocols })
    if (typeof reached === 'string' || this.#closed) {
      if (typeof reached !== 'string') reached.socket.destroy()
      // The next request tries anew.
      this.#way = undefined
      return typeof reached === 'string' ? reached : 'cut'
    }
    // Both sides speak the same from here on: nothing is translated, so nothing is lost in it.
    this.#protocols = [reached.protocol]
    this.#open = {
      outside: outsideOf(reached, this.#authority),
      address: reached.address,
      certificate: reached.certificate,
    }
    const { outside } = this.#open
    this.#all.add(outside)
    reached.socket.once('close', () => this.#all.delete(outside))
    return this.#open
  }
}

function outsideOf({ socket, protocol }: Reached, authority: string): Outside {
  return protocol === 'h2' ? new H2Outside(socket, authority) : new H1Outside(socket)
}

const authorityOf = ({ host, port }: Admitted): string => (port === 443 ? host : `${host}:${port}`)
