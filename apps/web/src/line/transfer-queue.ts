/**
 * Carries chosen files to the low side: piece by piece, from the server's own offset, again after a cut line, and
 * never twice. Knows nothing of screens; `Line` is the network, so that a test can cut it at any byte.
 */
import type { NewTransfer, Problem, Transfer } from '@sekisho/server/api'
import type { Outcome } from './call.ts'
import { localProblem } from '../words/problem.ts'
import { safeName } from '../words/safe-name.ts'
import { say } from '../words/say.ts'

/** At the same time; more would only share the same narrow line. */
const TOGETHER = 2
/** Waiting after the first, second, … cut in a row, in milliseconds. The last repeats. */
export const BACKOFF_MS = [1000, 2000, 4000, 8000, 15_000, 30_000] as const

/** Timeout, too early, too many: worth another try. */
const AGAIN: readonly number[] = [408, 425, 429]

export interface Line {
  readonly create: (transfer: NewTransfer) => Promise<Outcome<Transfer>>
  readonly send: (
    id: string,
    offset: number,
    bytes: ArrayBuffer,
    onSent: (bytes: number) => void,
    signal: AbortSignal,
  ) => Promise<Outcome<Transfer>>
  readonly cancel: (id: string) => Promise<Outcome<Transfer>>
  /** Resolves after `ms`, or at once when `wake` is called. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>
}

/**
 * `waiting` for its turn, `sending`, `cut` line (will try again by itself), `signed-out`, `sent` completely, `stopped`
 * by a problem or by the person.
 */
export type Phase = 'waiting' | 'sending' | 'cut' | 'signed-out' | 'sent' | 'stopped'

export interface Carried {
  /** Idempotency key: one per chosen file, whatever is pressed how often. */
  readonly key: string
  readonly file: File
  readonly fileName: string
  readonly size: number
  readonly purpose: string
  readonly phase: Phase
  /** Bytes that have left, for the bar; the server's offset is what counts. */
  readonly sent: number
  readonly transfer?: Transfer
  readonly problem?: Problem
}

export interface Order {
  readonly key: string
  readonly file: File
  readonly purpose: string
}

export interface TransferQueue {
  readonly subscribe: (onChange: () => void) => () => void
  /** Same array until something changes. */
  readonly list: () => readonly Carried[]
  /** A key that is already being carried is left alone: a second press does nothing. */
  readonly add: (orders: readonly Order[]) => void
  readonly cancel: (key: string) => Promise<Problem | undefined>
  /** Cancels a transfer that was begun elsewhere or before a reload. */
  readonly cancelById: (id: string, fileName: string) => Promise<Problem | undefined>
  /** Tries again now everything that waits for the line or for a new sign-in. */
  readonly wake: () => void
  /** Takes over what the server says about these transfers. */
  readonly adopt: (transfers: readonly Transfer[]) => void
}

export function openTransferQueue(line: Line, chunkBytes: number): TransferQueue {
  let rows: readonly Carried[] = []
  const listeners = new Set<() => void>()
  const stops = new Map<string, AbortController>()
  let wakers = new AbortController()

  const change = (key: string, part: Partial<Carried>): void => {
    rows = rows.map((row) => (row.key === key ? { ...row, ...part } : row))
    for (const listener of listeners) listener()
  }
  const row = (key: string): Carried | undefined => rows.find((it) => it.key === key)

  const start = (): void => {
    const running = rows.filter((it) => it.phase === 'sending' || it.phase === 'cut').length
    const next = rows
      .filter((it) => it.phase === 'waiting')
      .slice(0, Math.max(0, TOGETHER - running))
    for (const it of next) void carry(it.key)
  }

  const carry = async (key: string): Promise<void> => {
    change(key, { phase: 'sending' })
    const stop = new AbortController()
    stops.set(key, stop)
    for (let cuts = 0; !stop.signal.aborted;) {
      const before = row(key)?.transfer?.offset ?? -1
      const end = await attempt(key, stop.signal)
      if (stop.signal.aborted) break
      if (end !== 'cut') {
        change(key, end)
        break
      }
      cuts = (row(key)?.transfer?.offset ?? -1) > before ? 1 : cuts + 1
      change(key, { phase: 'cut' })
      await line.pause(
        BACKOFF_MS[Math.min(cuts, BACKOFF_MS.length) - 1] ?? BACKOFF_MS[0],
        AbortSignal.any([stop.signal, wakers.signal]),
      )
      if (!stop.signal.aborted) change(key, { phase: 'sending' })
    }
    if (stops.get(key) === stop) stops.delete(key)
    start()
  }

  /** One go: asks the server where it stands, then sends from there to the end. */
  const attempt = async (key: string, signal: AbortSignal): Promise<'cut' | Partial<Carried>> => {
    const it = row(key)
    if (it === undefined) return 'cut'
    const { fileName, size, purpose } = it
    const made = await line.create({ idempotencyKey: key, fileName, size, purpose })
    if (!made.ok) return ending(made, fileName)
    let transfer = made.value
    let stalls = 0
    while (transfer.state === 'receiving' && transfer.offset < size) {
      change(key, { transfer, sent: transfer.offset })
      const offset = transfer.offset
      const bytes = await read(it.file, offset, offset + chunkBytes)
      if (bytes === undefined)
        return { phase: 'stopped', problem: localProblem('FILE-CHANGED', notSent(fileName)) }
      if (signal.aborted) return 'cut'
      const sent = await line.send(
        transfer.id,
        offset,
        bytes,
        (count) => change(key, { sent: offset + count }),
        signal,
      )
      if (sent.ok) {
        if (sent.value.offset <= offset && sent.value.state === 'receiving') return 'cut'
        transfer = sent.value
      } else if (sent.status === 409 && sent.offset !== undefined && stalls < 3) {
        // The server has more or less than we thought: it is right, and we continue from its next byte.
        if (sent.offset > size) return 'cut'
        stalls += 1
        transfer = { ...transfer, offset: sent.offset }
      } else {
        return ending(sent, fileName)
      }
    }
    return { phase: 'sent', transfer, sent: size }
  }

  return {
    subscribe: (onChange) => {
      listeners.add(onChange)
      return () => listeners.delete(onChange)
    },
    list: () => rows,
    add: (orders) => {
      const fresh = orders.filter(
        (order, index) =>
          row(order.key) === undefined &&
          orders.findIndex((other) => other.key === order.key) === index,
      )
      rows = [...rows, ...fresh.map(asCarried)]
      for (const listener of listeners) listener()
      start()
    },
    cancel: async (key) => {
      const it = row(key)
      if (it === undefined) return undefined
      stops.get(key)?.abort()
      if (it.transfer === undefined) {
        rows = rows.filter((other) => other.key !== key)
        for (const listener of listeners) listener()
        start()
        return undefined
      }
      const answer = await line.cancel(it.transfer.id)
      if (answer.ok) change(key, { phase: 'stopped', transfer: answer.value })
      // 409: it has left already. Anything else: it goes on, and the person is told that it could not be stopped.
      else if (it.phase !== 'stopped' && it.phase !== 'sent')
        change(key, { phase: answer.status === 409 ? 'sent' : 'waiting' })
      start()
      return answer.ok ? undefined : notCancelled(answer, it.fileName)
    },
    cancelById: async (id, fileName) => {
      const answer = await line.cancel(id)
      return answer.ok ? undefined : notCancelled(answer, fileName)
    },
    wake: () => {
      wakers.abort()
      wakers = new AbortController()
      for (const it of rows) if (it.phase === 'signed-out') change(it.key, { phase: 'waiting' })
      start()
    },
    adopt: (transfers) => {
      const known = new Map(transfers.map((transfer) => [transfer.id, transfer]))
      for (const it of rows) {
        const news = it.transfer === undefined ? undefined : known.get(it.transfer.id)
        // While bytes are flowing our own view is the newer one.
        if (news !== undefined && (it.phase === 'sent' || it.phase === 'stopped'))
          change(it.key, { transfer: news })
      }
    },
  }
}

function asCarried(order: Order): Carried {
  const { key, file, purpose } = order
  return { key, file, fileName: file.name, size: file.size, purpose, phase: 'waiting', sent: 0 }
}

/** Bytes of the file, or nothing when it was changed or taken away since it was chosen. */
async function read(file: File, from: number, to: number): Promise<ArrayBuffer | undefined> {
  try {
    const bytes = await file.slice(from, to).arrayBuffer()
    return bytes.byteLength > 0 ? bytes : undefined
  } catch {
    return undefined
  }
}

/** What an answer other than “go on” means for the file. */
function ending(
  answer: Extract<Outcome<Transfer>, { ok: false }>,
  fileName: string,
): 'cut' | Partial<Carried> {
  if (answer.status === 401) return { phase: 'signed-out' }
  // No answer, a tired server, or an offset that we did not agree on: may be different in a moment.
  if (answer.offset !== undefined) return 'cut'
  if (answer.status < 400 || answer.status >= 500 || AGAIN.includes(answer.status)) return 'cut'
  return { phase: 'stopped', problem: answer.problem ?? troubled(fileName, answer.status) }
}

function troubled(fileName: string, status: number): Problem {
  return localProblem(status === 0 ? 'LINE-DOWN' : 'SERVER-TROUBLE', notSent(fileName))
}

function notCancelled(
  answer: Extract<Outcome<Transfer>, { ok: false }>,
  fileName: string,
): Problem {
  const what = say('send.notCancelled', { name: safeName(fileName) })
  return answer.problem ?? localProblem(answer.status === 0 ? 'LINE-DOWN' : 'SERVER-TROUBLE', what)
}

function notSent(fileName: string): string {
  return say('send.notSent', { name: safeName(fileName) })
}
