import { detect } from './detect.ts'
import { Context, Refusal } from './family.ts'
import { cleanName, extensionOf } from './names.ts'
import { openFile } from './pdf/file.ts'
import { readZip } from './zip/read.ts'

/** What can be said of a file before it is disarmed. */
export interface Glance {
  /** As `detect` names it; `unknown` for what has no name here. */
  readonly type: string
  /** Why it would be refused, as far as that is seen at once. */
  readonly reason?: string
  /** It opens with a password only. */
  readonly locked: boolean
  /** Names of the members of an archive, cleaned, at most 100. */
  readonly members: readonly string[]
}

const MAX_NAMED_MEMBERS = 100

/**
 * Looks at a file without rebuilding it: what somebody is told who has not asked for it yet. Spends from the budget of the context, and refuses as the
 * readers do when that is gone; a file that cannot be read is no refusal but a reason.
 */
export function glance(bytes: Uint8Array, name: string, context: Context): Glance {
  const detected = detect(bytes, extensionOf(cleanName(name).name).toLowerCase(), context)
  const { type } = detected
  const own = new Context({ limits: context.limits })
  try {
    if (type === 'ooxmlcrypt') return { type, reason: 'ENCRYPTED', locked: true, members: [] }
    if (!detected.ok) return { type, reason: detected.reason, locked: false, members: [] }
    if (type === 'zip') return glanceZip(bytes, context)
    if (type === 'pdf' && holdsEncrypt(bytes)) openFile(bytes, own)
    return { type, locked: false, members: [] }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    // A spent budget concerns the whole of which this is a part.
    if (type === 'zip' && error.reason === 'LIMIT-ENTRIES') throw error
    return { type, reason: error.reason, locked: error.reason === 'ENCRYPTED', members: [] }
  }
}

function glanceZip(bytes: Uint8Array, context: Context): Glance {
  const { entries } = readZip(bytes, context)
  const files = entries.filter(({ directory }) => !directory)
  const locked = files.some(({ encrypted }) => encrypted)
  const members = files.slice(0, MAX_NAMED_MEMBERS).map((entry) => cleanName(entry.name).name)
  return { type: 'zip', ...(locked ? { reason: 'ENCRYPTED' } : {}), locked, members }
}

function holdsEncrypt(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes('/Encrypt')
}
