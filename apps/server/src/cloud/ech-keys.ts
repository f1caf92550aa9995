/**
 * Asks the town's name servers whether a name publishes ECH keys. A datagram first, TCP when the answer did not fit, the next server when one is silent; what nobody answers is unknown, and unknown counts as
 * published.
 */
import { randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { getServers } from 'node:dns'
import { connect, isIP } from 'node:net'
import { httpsQuery, readHost, readHttpsAnswer } from '@sekisho/gates/web'
import type { EchKeys, HttpsAnswer } from '@sekisho/gates/web'

/** Milliseconds for one server, once over each way. */
const WAIT_MS = 2_000
/** Aliases that are followed (RFC 9460 §2.4.2 wants a bound). */
const ALIASES = 4
/** An answer is kept at least and at most so long, milliseconds; a name that began to publish keys is caught within the last. */
const KEPT_MS = { least: 5_000, most: 300_000 }
/** An unknown is asked again soon, but not for each of a page's hundred connections. */
const UNKNOWN_MS = 2_000
const NAMES_MAX = 4_096

interface Kept {
  readonly keys: Promise<EchKeys>
  until: number
}

/** @param servers as in `townResolver`: addresses, or `address:port`; empty for those of the machine */
export function echKeysOf(
  servers: readonly string[],
  clock: () => number = Date.now,
): (host: string) => Promise<EchKeys> {
  const kept = new Map<string, Kept>()
  return (host) => {
    const known = kept.get(host)
    if (known && known.until > clock()) return known.keys
    if (kept.size >= NAMES_MAX) kept.clear()
    const asked = ask(host, servers.length > 0 ? servers : getServers())
    const one: Kept = { keys: asked.then(({ keys }) => keys), until: clock() + 2 * WAIT_MS }
    kept.set(host, one)
    void asked.then(({ keys, seconds }) => {
      const long = Math.min(Math.max(seconds * 1_000, KEPT_MS.least), KEPT_MS.most)
      one.until = clock() + (keys === 'unknown' ? UNKNOWN_MS : long)
    })
    return one.keys
  }
}

interface Found {
  readonly keys: EchKeys
  readonly seconds: number
}

const UNKNOWN: Found = { keys: 'unknown', seconds: 0 }

async function ask(host: string, servers: readonly string[]): Promise<Found> {
  let name = host
  for (let hop = 0; hop <= ALIASES; hop += 1) {
    const answer = await firstOf(name, servers)
    if (answer.kind === 'keys') return answer
    const next = answer.kind === 'alias' ? readHost(answer.host) : undefined
    if (next?.form !== 'name') return UNKNOWN
    name = next.host
  }
  return UNKNOWN
}

async function firstOf(host: string, servers: readonly string[]): Promise<HttpsAnswer> {
  for (const server of servers) {
    const answer = await oneServer(host, placeOf(server)).catch(() => undefined)
    if (answer?.kind === 'keys' || answer?.kind === 'alias') return answer
  }
  return { kind: 'unreadable' }
}

async function oneServer(host: string, place: Place): Promise<HttpsAnswer> {
  const id = randomInt(65_536)
  const query = httpsQuery(host, id)
  const read = (bytes: Buffer): HttpsAnswer => readHttpsAnswer(bytes, host, id)
  const answer = await overDatagram(query, place, read)
  return answer.kind === 'truncated' ? read(await overStream(query, place)) : answer
}

interface Place {
  readonly address: string
  readonly port: number
}

function placeOf(server: string): Place {
  if (isIP(server) !== 0) return { address: server, port: 53 }
  const [, address = '', port = ''] = /^\[?(.+?)\]?:(\d{1,5})$/u.exec(server) ?? []
  return { address, port: Number(port) }
}

/** Only the server's own datagrams come in (the socket is connected); one that does not fit the question is waited past, as it may be a forger's. */
function overDatagram(
  query: Buffer,
  { address, port }: Place,
  read: (bytes: Buffer) => HttpsAnswer,
): Promise<HttpsAnswer> {
  const { promise, resolve } = Promise.withResolvers<HttpsAnswer>()
  const socket = createSocket(isIP(address) === 6 ? 'udp6' : 'udp4')
  const timer = setTimeout(() => settle({ kind: 'unreadable' }), WAIT_MS)
  const settle = (answer: HttpsAnswer): void => {
    clearTimeout(timer)
    socket.close()
    resolve(answer)
  }
  socket.once('error', () => settle({ kind: 'unreadable' }))
  socket.on('message', (bytes) => {
    const answer = read(bytes)
    if (answer.kind !== 'unreadable' || isRefusal(bytes, query)) settle(answer)
  })
  // Not as a callback: that is called for a place nobody can reach as well, where to send would throw.
  socket.once('connect', () => socket.send(query))
  socket.connect(port, address)
  return promise
}

/** The server says to our question that it cannot (RFC 1035 §4.1.1): nothing better will come. */
const isRefusal = (bytes: Buffer, query: Buffer): boolean =>
  bytes.length >= 12 &&
  bytes.readUInt16BE(0) === query.readUInt16BE(0) &&
  ![0, 3].includes(bytes.readUInt16BE(2) & 15)

/** RFC 1035 §4.2.2: two bytes of length, then the message. */
function overStream(query: Buffer, { address, port }: Place): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const socket = connect({ host: address, port })
  let held: Buffer = Buffer.alloc(0)
  const end = (): void => void socket.destroy()
  socket.setTimeout(WAIT_MS, end)
  socket.once('error', reject)
  socket.once('close', () => reject(new Error('no whole answer')))
  socket.on('data', (chunk) => {
    held = Buffer.concat([held, chunk])
    const length = held.length < 2 ? Infinity : held.readUInt16BE(0) + 2
    if (held.length < length) return
    resolve(held.subarray(2, length))
    end()
  })
  socket.once('connect', () => {
    const head = Buffer.alloc(2)
    head.writeUInt16BE(query.length, 0)
    socket.write(Buffer.concat([head, query]))
  })
  return promise
}
