import type { NewTransfer, Transfer } from '@sekisho/server/api'
import { call, outcome } from './call.ts'
import type { Outcome } from './call.ts'
import type { Line } from './transfer-queue.ts'

/** Longest time for one piece, milliseconds: 8 MiB over 0.3 Mbit/s. */
const PIECE_MS = 240_000

/** The line to the low side. Pieces go by XMLHttpRequest, the only way to see bytes leave. */
export const httpLine: Line = {
  create: (transfer: NewTransfer) => call<Transfer>('POST', '/api/transfers', transfer),
  cancel: (id) => call<Transfer>('DELETE', `/api/transfers/${encodeURIComponent(id)}`),
  send,
  pause,
}

function send(
  id: string,
  offset: number,
  bytes: ArrayBuffer,
  onSent: (bytes: number) => void,
  signal: AbortSignal,
): Promise<Outcome<Transfer>> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest()
    const cut = (): void => resolve({ ok: false, status: 0, problem: undefined })
    request.open('PATCH', `/api/transfers/${encodeURIComponent(id)}`)
    request.timeout = PIECE_MS
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.setRequestHeader('upload-offset', String(offset))
    request.upload.addEventListener('progress', (event) => onSent(event.loaded))
    request.addEventListener('load', () => resolve(outcome(request.status, request.responseText)))
    for (const end of ['error', 'abort', 'timeout'] as const) request.addEventListener(end, cut)
    signal.addEventListener('abort', () => request.abort(), { once: true })
    if (signal.aborted) cut()
    else request.send(bytes)
  })
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
    if (signal.aborted) resolve()
  })
}
