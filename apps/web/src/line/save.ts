/**
 * A file that the server makes for us. Fetched first and saved then: a browser that follows the address itself would save a refusal under the file's
 * name.
 */
import { outcome } from './call.ts'
import type { Outcome } from './call.ts'

/** A document of a large town takes a while to draw, milliseconds. */
const LONGEST_MS = 90_000

/** Saves what `path` answers under the name the server gives it. */
export async function save(
  path: string,
  /** POST for what can be had only once: nothing that fetches ahead may use it up. */
  method: 'GET' | 'POST' = 'GET',
): Promise<Outcome<undefined>> {
  try {
    const response = await fetch(path, {
      method,
      credentials: 'same-origin',
      signal: AbortSignal.timeout(LONGEST_MS),
    })
    const name = nameIn(response.headers.get('content-disposition'))
    if (!response.ok || name === undefined)
      return refused(outcome<never>(response.status, await response.text()))
    keep(await response.blob(), name)
    return { ok: true, value: undefined }
  } catch {
    return { ok: false, status: 0, problem: undefined }
  }
}

/** An answer without a file is none, whatever its status says. */
function refused(answer: Outcome<never>): Extract<Outcome<never>, { ok: false }> {
  return answer.ok ? { ok: false, status: 502, problem: undefined } : answer
}

function nameIn(disposition: string | null): string | undefined {
  return /^attachment; filename="([\w.-]{1,100})"$/u.exec(disposition ?? '')?.[1]
}

function keep(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
