/**
 * One request to our own side. Never throws for what a network or a server can do: every outcome is a value.
 */
import type { Problem } from '@sekisho/server/api'

export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false
      /** HTTP status; 0 when no answer came, which means the line is cut. */
      readonly status: number
      readonly problem: Problem | undefined
      /** The next byte the server wants, when it answered with an offset (409). */
      readonly offset?: number
      /** The sign-in library's own name for what went wrong. */
      readonly code?: string
    }

export type Method = 'GET' | 'POST' | 'DELETE'

/** Longest wait for one answer, milliseconds. A line that swallows requests counts as cut. */
const LONGEST_MS = 60_000

/** Fired on `window` when the server no longer knows who we are. */
export const SIGNED_OUT = 'sekisho-signed-out'

export async function call<T>(method: Method, path: string, body?: unknown): Promise<Outcome<T>> {
  try {
    const response = await fetch(path, {
      method,
      credentials: 'same-origin',
      headers: { accept: 'application/json', ...(body !== undefined && JSON_BODY) },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(LONGEST_MS),
    })
    return outcome<T>(response.status, await response.text())
  } catch {
    return { ok: false, status: 0, problem: undefined }
  }
}

/** The same with the bytes of a file as they are. */
export async function callWithFile<T>(path: string, file: File): Promise<Outcome<T>> {
  try {
    const response = await fetch(path, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { accept: 'application/json', 'content-type': 'application/octet-stream' },
      body: file,
      signal: AbortSignal.timeout(LONGEST_MS),
    })
    return outcome<T>(response.status, await response.text())
  } catch {
    return { ok: false, status: 0, problem: undefined }
  }
}

const JSON_BODY = { 'content-type': 'application/json' } as const

/** Reads one answer. A body that is not what we speak (a proxy's page) is a trouble of the server, not a crash. */
export function outcome<T>(status: number, text: string): Outcome<T> {
  const body = parse(text)
  if (status >= 200 && status < 300 && body !== undefined) return { ok: true, value: body as T }
  if (status === 401 && typeof window !== 'undefined') window.dispatchEvent(new Event(SIGNED_OUT))
  const offset = numberIn(body, 'offset')
  return {
    ok: false,
    status: status >= 200 && status < 300 ? 502 : status,
    problem: problemIn(body),
    ...(offset !== undefined && { offset }),
    ...(isRecord(body) && typeof body['code'] === 'string' && { code: body['code'] }),
  }
}

function parse(text: string): unknown {
  try {
    return text === '' ? null : (JSON.parse(text) as unknown)
  } catch {
    return undefined
  }
}

function numberIn(body: unknown, key: string): number | undefined {
  const value = isRecord(body) ? body[key] : undefined
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}

function problemIn(body: unknown): Problem | undefined {
  if (!isRecord(body)) return undefined
  const texts = ['reason', 'what', 'why', 'cure', 'number', 'at'] as const
  if (!texts.every((key) => typeof body[key] === 'string')) return undefined
  return body as unknown as Problem
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
