/**
 * The form of one leaf: canonical JSON that names its own place.
 */
import type { Reason } from './words.ts'

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** What is wrong with the entry at `index`, or `undefined`. */
export function entryFault(bytes: Buffer, index: number): Reason | undefined {
  const value = parse(bytes)
  if (value === undefined || canonical(value) !== value.text) return 'entry-altered'
  const { seq, key, entry, v } = value.members
  if (v !== 1 || typeof key !== 'string' || typeof entry !== 'object') return 'entry-altered'
  return seq === index ? undefined : 'entry-moved'
}

function parse(bytes: Buffer): { text: string; members: Record<string, unknown> } | undefined {
  try {
    const text = UTF8.decode(bytes)
    const members: unknown = JSON.parse(text)
    if (typeof members !== 'object' || members === null || Array.isArray(members)) return undefined
    return { text, members: { ...members } }
  } catch {
    return undefined
  }
}

/** RFC 8785: two spellings of the same entry would have two hashes. */
function canonical({ members }: { members: Record<string, unknown> }): string {
  return JSON.stringify(sorted(members))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).map(([key, member]) => [key, sorted(member)] as const)
  return Object.fromEntries(members.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
