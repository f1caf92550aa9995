/**
 * A connection that is read inside: TLS ends here in the name of the host, and begins again towards it. Each request is judged, its body decided whole, and written anew before
 * a byte of it leaves; each answer is decided before a byte of it comes in.
 */
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { Admitted, Asked, Gatekeeper, InsideGuard, InsideTerms } from '@sekisho/gates/web'
import { endTls } from './end-tls.ts'
import { speakH1 } from './h1-terminal.ts'
import { speakH2 } from './h2-terminal.ts'
import type { Leaves } from './leaves.ts'
import { Requests } from './requests.ts'
import type { TellsPage } from './requests.ts'
import { WayOut } from './way-out.ts'

export interface InspectOptions {
  readonly leaves: Leaves
  readonly guard: InsideGuard
  /** Authorities of destinations beside the public ones, PEM. */
  readonly roots: readonly string[]
  readonly page: TellsPage
  /** Speaks for any name, to show why it was refused; absent where the town did not ask for that. */
  readonly refusalPages?: Leaves
}

export interface InspectRequest {
  /** Of the connection. */
  readonly number: string
  /** The terminal, paused; `first` is what it sent and nobody took. */
  readonly inside: Socket
  readonly first: Buffer
  /** What the terminal offers to speak. */
  readonly protocols: readonly string[]
  readonly asked: Asked
  readonly admitted: Admitted
  readonly terms: InsideTerms
  readonly gatekeeper: Gatekeeper
  readonly limits: { readonly headMs: number; readonly dialMs: number; readonly idleMs: number }
}

export interface Inspected {
  readonly up: number
  readonly down: number
  readonly read: number
  readonly address: string
  readonly reason: string
}

const SPOKEN = ['h2', 'http/1.1']

/** Serves the connection to its end. */
export async function inspect(
  request: InspectRequest,
  options: InspectOptions,
): Promise<Inspected> {
  const { number, inside, first, protocols, asked, admitted, terms, gatekeeper, limits } = request
  const { leaves, guard, roots, page } = options
  const { dialMs, idleMs, headMs } = limits
  const offered = SPOKEN.filter((one) => protocols.includes(one))
  const way = new WayOut(admitted, offered.length === 0 ? ['http/1.1'] : offered, { roots, dialMs })
  const requests = new Requests({
    within: number,
    gatekeeper,
    guard,
    way,
    asked,
    admitted,
    terms,
    idleMs,
    page,
  })
  const stop = (): void => {
    way.close()
    inside.destroy()
  }
  admitted.cut.addEventListener('abort', stop, { once: true })
  inside.once('close', stop)
  try {
    // First what the destination speaks: the terminal is then offered that, and nothing has to be translated.
    await way.ready()
    const terminal = await endTls({
      inside,
      first,
      context: await leaves.contextFor(admitted.host),
      protocols: way.protocols,
      milliseconds: headMs,
    })
    if (terminal) await speak(terminal, requests, idleMs)
  } finally {
    admitted.cut.removeEventListener('abort', stop)
    stop()
  }
  const { up, down, read, address, reason } = requests
  return { up, down, read, address, reason: admitted.cut.aborted ? 'WEB-CUT' : reason }
}

async function speak(terminal: TLSSocket, requests: Requests, idleMs: number): Promise<void> {
  terminal.setTimeout(idleMs, () => {
    requests.reason = 'WEB-IDLE'
    terminal.destroy()
  })
  if (terminal.alpnProtocol === 'h2') return speakH2(terminal, requests.answer)
  return speakH1(terminal, { idleMs, answer: requests.answer, fault: requests.fault })
}
