/** TLS to a destination that is read inside: to a literal address that was looked at, with the host as its name. Nothing is sent to it before its certificate was judged. */
import { checkServerIdentity, connect, createSecureContext, rootCertificates } from 'node:tls'
import type { SecureContext, TLSSocket } from 'node:tls'
import type { Admitted, SeenCertificate } from '@sekisho/gates/web'
import type { Unreached } from '../outside.ts'
import { literal } from '../outside.ts'

export interface Reached {
  readonly socket: TLSSocket
  readonly address: string
  readonly certificate: SeenCertificate
  readonly protocol: 'h2' | 'http/1.1'
}

export interface ReachOptions {
  /** ALPN, in the order of preference. */
  readonly protocols: readonly string[]
  /** Authorities beside the public ones, PEM. */
  readonly roots: readonly string[]
  /** Milliseconds for one address, TLS included. */
  readonly dialMs: number
}

/** Tries one address after another. */
export async function reach(
  { addresses, port, host, cut }: Admitted,
  options: ReachOptions,
): Promise<Reached | Unreached> {
  let last: Unreached = 'unreachable'
  for (const address of addresses) {
    if (cut.aborted) return 'cut'
    const answer = await reachOne({ address: literal(address), port, host, cut }, options)
    if (typeof answer !== 'string') return answer
    last = answer
  }
  return last
}

interface One extends Pick<Admitted, 'port' | 'host' | 'cut'> {
  readonly address: string
}

function reachOne(
  { address, port, host, cut }: One,
  { protocols, roots, dialMs }: ReachOptions,
): Promise<Reached | Unreached> {
  const { promise, resolve } = Promise.withResolvers<Reached | Unreached>()
  const socket = connect({
    host: address,
    port,
    servername: host,
    ALPNProtocols: [...protocols],
    secureContext: trusting(roots),
    // What is wrong with a certificate is for the rules to say, and for the page that the person sees; until they have, nothing is sent.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
  })
  const settle = (value: Reached | Unreached): void => {
    socket.setTimeout(0)
    cut.removeEventListener('abort', stop)
    socket.on('error', () => undefined)
    if (typeof value === 'string') socket.destroy()
    resolve(value)
  }
  const stop = (): void => settle('cut')
  socket.once('error', () => settle('unreachable'))
  socket.setTimeout(dialMs, () => settle('late'))
  socket.once('secureConnect', () => {
    socket.setNoDelay(true)
    const protocol = socket.alpnProtocol === 'h2' ? 'h2' : 'http/1.1'
    settle({ socket, address, certificate: certificateOf(socket, host), protocol })
  })
  cut.addEventListener('abort', stop, { once: true })
  return promise
}

const contexts = new WeakMap<readonly string[], SecureContext>()

/** Reading some 150 authorities anew for every connection would cost more than the connection. */
function trusting(roots: readonly string[]): SecureContext {
  const known = contexts.get(roots)
  if (known) return known
  const ca = [...rootCertificates, ...roots]
  const fresh = createSecureContext({ ca, minVersion: 'TLSv1.2' })
  contexts.set(roots, fresh)
  return fresh
}

function certificateOf(socket: TLSSocket, host: string): SeenCertificate {
  const certificate = socket.getPeerCertificate()
  const names = (certificate.subjectaltname ?? '')
    .split(', ')
    .flatMap((name) => /^DNS:([A-Za-z0-9*._-]+)$/u.exec(name)?.[1] ?? [])
  // Two readers must agree that it is for the host: the rules, and Node's own.
  const agrees = checkServerIdentity(host, certificate) === undefined
  return { trusted: socket.authorized, names: agrees ? names : [] }
}
