/**
 * The form of one leaf: canonical JSON that names its own place.
 */
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The place an entry names for itself: its index, and the size of the checkpoint its commit was built on. */
export interface Place {
  readonly seq: number
  readonly base: number
}

/** Reads the place of an entry, or says that it is no entry. */
export function readPlace(bytes: Buffer): Place | undefined {
  const value = parse(bytes)
  if (value === undefined || canonical(value) !== value.text) return undefined
  const { seq, base, key, entry, v } = value.members
  if (v !== 1 || typeof key !== 'string' || typeof entry !== 'object') return undefined
  return typeof seq === 'number' && typeof base === 'number' ? { seq, base } : undefined
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
