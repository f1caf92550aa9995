/**
 * clamd by its own protocol (clamd(8)): `INSTREAM` for bytes, `VERSION` for the age of the signatures. It is one more opinion, never the
 * reason to let something through.
 */
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import type { Scan, ScanVerdict } from '@sekisho/disarm'

/** Where the scanner listens, and what its silence means. */
export interface AntivirusOptions {
  /** Path of clamd's socket, e.g. `/run/clamav/clamd.ctl`, or `host:port`. */
  readonly clamd: string
  /** Days after which signatures are too old to say that something is clean. */
  readonly maxSignatureDays: number
  /** When the scanner is down or its signatures are old: refuse (default), or go on without it. */
  readonly whenDown?: 'refuse' | 'continue'
}

/** What only tests set. */
export interface AntivirusSurroundings {
  /** Milliseconds for one answer. */
  readonly milliseconds?: number
  readonly clock?: () => Date
}

type Options = AntivirusOptions & AntivirusSurroundings

const MILLISECONDS = 60_000
const DAY = 86_400_000
/** Bytes of one piece of the stream; clamd's own StreamMaxLength bounds the whole. */
const PIECE = 256 * 1024
/** Longest answer that is read. */
const MAX_ANSWER = 4096

/** Asks clamd about bytes. Never rejects: whatever goes wrong is `unavailable`. */
export function clamdScan(options: AntivirusOptions & AntivirusSurroundings): Scan {
  return async (bytes) => {
    const verdict = await ask(bytes, options).catch((): ScanVerdict => 'unavailable')
    return verdict === 'unavailable' && options.whenDown === 'continue' ? 'clean' : verdict
  }
}

async function ask(bytes: Uint8Array, options: Options): Promise<ScanVerdict> {
  const version = await talk(options, (socket) => socket.write('zVERSION\0'))
  if (!isFresh(version, options)) return 'unavailable'
  const answer = await talk(options, (socket) => stream(socket, bytes))
  if (/^stream: OK\0?$/.test(answer)) return 'clean'
  return / FOUND\0?$/.test(answer) ? 'found' : 'unavailable'
}

/** `ClamAV 1.4.3/27466/Tue Nov 24 09:02:11 2026`: program, number and date of the signatures. */
function isFresh(version: string, { maxSignatureDays, clock }: Options): boolean {
  const made = Date.parse(
    `${/^ClamAV [^/]{1,80}\/[0-9]{1,10}\/([^\0]{10,60})/.exec(version)?.[1] ?? ''} UTC`,
  )
  const now = (clock?.() ?? new Date()).getTime()
  return Number.isFinite(made) && now - made <= maxSignatureDays * DAY
}

function stream(socket: Socket, bytes: Uint8Array): void {
  socket.write('zINSTREAM\0')
  for (let at = 0; at < bytes.length; at += PIECE) {
    const piece = bytes.subarray(at, at + PIECE)
    const length = Buffer.alloc(4)
    length.writeUInt32BE(piece.length)
    socket.write(length)
    socket.write(piece)
  }
  socket.write(Buffer.alloc(4))
}

/** One question, one answer, one connection. */
function talk(options: Options, say: (socket: Socket) => void): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const socket = open(options.clamd)
  let answer = ''
  socket.setTimeout(options.milliseconds ?? MILLISECONDS, () => socket.destroy(new Error('slow')))
  socket.on('connect', () => say(socket))
  socket.on('data', (chunk) => {
    answer += chunk.toString('latin1')
    if (answer.length > MAX_ANSWER) socket.destroy(new Error('long'))
    else if (answer.endsWith('\0')) socket.end()
  })
  socket.on('error', reject)
  socket.on('close', () => resolve(answer))
  return promise
}

function open(place: string): Socket {
  const address = /^([^/:]{1,255}):([0-9]{1,5})$/.exec(place)
  return address ? connect(Number(address[2]), address[1]) : connect(place)
}
