/** The load: tunnels through a proxy, or straight to the origin. One process; every read goes into one piece of memory, so that the client is not what is measured. */
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { HELLO } from './hello.ts'

/** Where the tunnels lead. Without a proxy they go straight to the origin. */
export interface Way {
  readonly proxy: number | undefined
  readonly origin: number
  /** Name that the proxy is asked for; it leads to the loopback. */
  readonly host: string
}

interface Tunnel {
  readonly socket: Socket
  /** Bytes that came back so far, and how many are awaited in all. */
  got: number
  awaited: number
  onBytes: () => void
  onClose: () => void
}

const PIECE = Buffer.alloc(1 << 18)

/** A tunnel on which `HELLO` and `first` were sent. */
function open({ proxy, origin, host }: Way, first: Buffer): Promise<Tunnel> {
  const { promise, resolve, reject } = Promise.withResolvers<Tunnel>()
  const payload = Buffer.concat([HELLO, first])
  let answered = proxy === undefined
  let seen = ''
  const tunnel: Tunnel = {
    socket: connect({
      host: '127.0.0.1',
      port: proxy ?? origin,
      noDelay: true,
      onread: { buffer: PIECE, callback: (length) => (take(PIECE.subarray(0, length)), true) },
    }),
    got: 0,
    awaited: 0,
    onBytes: () => undefined,
    onClose: () => undefined,
  }
  const take = (bytes: Buffer): void => {
    if (answered) {
      tunnel.got += bytes.length
      return tunnel.onBytes()
    }
    seen += bytes.toString('latin1')
    const end = seen.indexOf('\r\n\r\n')
    if (end === -1) return
    if (!seen.startsWith('HTTP/1.1 200') && !seen.startsWith('HTTP/1.0 200'))
      return reject(new Error(seen.slice(0, 200)))
    answered = true
    tunnel.socket.write(payload)
    resolve(tunnel)
  }
  tunnel.socket.once('error', reject)
  tunnel.socket.once('close', () => tunnel.onClose())
  tunnel.socket.once('connect', () => {
    if (proxy !== undefined)
      return void tunnel.socket.write(
        `CONNECT ${host}:${origin} HTTP/1.1\r\nHost: ${host}:${origin}\r\n\r\n`,
      )
    tunnel.socket.write(payload)
    resolve(tunnel)
  })
  return promise
}

/** Bytes per second over `tunnels` tunnels of `mebibytes` each. */
export async function download(way: Way, tunnels: number, mebibytes: number): Promise<number> {
  const first = Buffer.from(`D${String(mebibytes).padStart(8, '0')}`)
  const started = performance.now()
  const sizes = await Promise.all(
    Array.from({ length: tunnels }, async () => {
      const tunnel = await open(way, first)
      await new Promise<void>((resolve) => {
        tunnel.onClose = resolve
      })
      return tunnel.got
    }),
  )
  const total = sizes.reduce((sum, one) => sum + one, 0)
  if (total !== tunnels * mebibytes * (1 << 20)) throw new Error(`only ${total} bytes came`)
  return total / ((performance.now() - started) / 1000)
}

const KIB = Buffer.alloc(1024, 'e')

/** Waits until 1 KiB came back. */
function echo(tunnel: Tunnel, send: boolean): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  tunnel.awaited += KIB.length
  tunnel.onBytes = () => {
    if (tunnel.got >= tunnel.awaited) resolve()
  }
  tunnel.onClose = () => reject(new Error('closed'))
  if (send) tunnel.socket.write(KIB)
  tunnel.onBytes()
  return promise
}

/** Requests per second of 1 KiB over `tunnels` kept tunnels for `seconds`. */
export async function requests(way: Way, tunnels: number, seconds: number): Promise<number> {
  const kept = await Promise.all(Array.from({ length: tunnels }, () => open(way, KIB)))
  await Promise.all(kept.map((tunnel) => echo(tunnel, false)))
  const until = performance.now() + seconds * 1000
  let count = 0
  await Promise.all(
    kept.map(async (tunnel) => {
      while (performance.now() < until) {
        await echo(tunnel, true)
        count += 1
      }
      tunnel.onClose = () => undefined
      tunnel.socket.destroy()
    }),
  )
  return count / seconds
}

/** Connections per second: connect, CONNECT, ClientHello, 1 KiB there and back, close; `atOnce` at a time. */
export async function connections(way: Way, atOnce: number, seconds: number): Promise<number> {
  const until = performance.now() + seconds * 1000
  let count = 0
  const one = async (): Promise<void> => {
    while (performance.now() < until) {
      const tunnel = await open(way, KIB)
      await echo(tunnel, false)
      tunnel.onClose = () => undefined
      tunnel.socket.resetAndDestroy()
      count += 1
    }
  }
  await Promise.all(Array.from({ length: atOnce }, one))
  return count / seconds
}

/**
 * Milliseconds of 1 KiB there and back, sorted: `clients` tunnels, each asking every `everyMs`, one after another. Each keeps to its own times, also after a late answer: clients that wait from answer
 * to question fall into step with one another, and then it is the crowd that is measured.
 */
export async function latencies(
  way: Way,
  clients: number,
  everyMs: number,
  seconds: number,
): Promise<number[]> {
  const kept = await Promise.all(Array.from({ length: clients }, () => open(way, KIB)))
  await Promise.all(kept.map((tunnel) => echo(tunnel, false)))
  const start = performance.now()
  const times: number[] = []
  await Promise.all(
    kept.map(async (tunnel, index) => {
      const first = start + (index * everyMs) / clients
      for (let due = first; due < start + seconds * 1000; due += everyMs) {
        const early = due - performance.now()
        if (early > 0) await new Promise((resolve) => setTimeout(resolve, early))
        // The clock of a timer is a millisecond's; who still waits for the last answer has been waiting since it was due.
        const asked = early > 0 ? performance.now() : due
        await echo(tunnel, true)
        times.push(performance.now() - asked)
      }
      tunnel.onClose = () => undefined
      tunnel.socket.destroy()
    }),
  )
  return times.toSorted((one, other) => one - other)
}

/** Opens tunnels that say nothing more, and returns what closes them. */
export async function idle(way: Way, tunnels: number): Promise<() => void> {
  const kept: Tunnel[] = []
  while (kept.length < tunnels) {
    const some = await Promise.all(Array.from({ length: 100 }, () => open(way, KIB)))
    await Promise.all(some.map((tunnel) => echo(tunnel, false)))
    kept.push(...some)
  }
  return () => {
    for (const tunnel of kept) {
      tunnel.onClose = () => undefined
      tunnel.socket.destroy()
    }
  }
}
