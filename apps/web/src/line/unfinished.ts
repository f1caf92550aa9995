/**
 * Remembers, in this browser only, which chosen files are still on their way, so that the same file chosen again
 * after a reload continues where it stopped. What is kept: name, size, time and a digest of both ends; no content.
 */
export interface Mark {
  readonly name: string
  readonly size: number
  readonly modified: number
  /** SHA-256 of the first and last 64 KiB; empty where the browser offers no digest. */
  readonly ends: string
}
export interface Unfinished extends Mark {
  /** Idempotency key it is carried under, and the id the server gave it. */
  readonly key: string
  readonly id: string
}

const END_BYTES = 65_536
/** More than this and the oldest are forgotten. */
const MOST = 100

/** What tells this file from another of the same name. */
export async function markOf(file: File): Promise<Mark> {
  const { name, size, lastModified } = file
  return { name, size, modified: lastModified, ends: await endsDigest(file) }
}

/** Under which key and id this very file was being carried, if it was. */
export function recall(person: string, mark: Mark): Unfinished | undefined {
  return load(person).findLast((it) => sameFile(it, mark))
}

export function remember(person: string, it: Unfinished): void {
  save(person, [...load(person).filter((other) => other.key !== it.key), it].slice(-MOST))
}

export function forget(person: string, key: string): void {
  save(
    person,
    load(person).filter((it) => it.key !== key),
  )
}

export function sameFile(a: Mark, b: Mark): boolean {
  return a.name === b.name && a.size === b.size && a.modified === b.modified && a.ends === b.ends
}

async function endsDigest(file: File): Promise<string> {
  try {
    const ends = new Blob([
      file.slice(0, END_BYTES),
      file.slice(Math.max(0, file.size - END_BYTES)),
    ])
    const digest = await crypto.subtle.digest('SHA-256', await ends.arrayBuffer())
    return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  } catch {
    return ''
  }
}

function load(person: string): readonly Unfinished[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(place(person)) ?? '[]')
    return Array.isArray(value) ? value.filter(isUnfinished) : []
  } catch {
    return []
  }
}

function save(person: string, list: readonly Unfinished[]): void {
  try {
    localStorage.setItem(place(person), JSON.stringify(list))
  } catch {
    // A full or forbidden storage only costs the resuming after a reload.
  }
}

function place(person: string): string {
  return `sekisho.unfinished.${person}`
}

function isUnfinished(value: unknown): value is Unfinished {
  const it = value as Partial<Record<keyof Unfinished, unknown>> | null
  return (
    typeof it === 'object' &&
    it !== null &&
    typeof it.key === 'string' &&
    typeof it.id === 'string' &&
    typeof it.name === 'string' &&
    typeof it.size === 'number' &&
    typeof it.modified === 'number' &&
    typeof it.ends === 'string'
  )
}
