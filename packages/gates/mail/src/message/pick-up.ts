import { createHash } from 'node:crypto'
import { attachmentName, cleanName, glance, nameForType } from '@sekisho/disarm/mail'
import type { Context } from '@sekisho/disarm/mail'
import type { FoundFile, OpenRow } from './reading.ts'

/** A file of a mail that waits outside: what the page 受け取る needs to know of it. */
export interface PickUp {
  /** Row of the certificate. */
  readonly part: string
  /** Cleaned; never empty. */
  readonly name: string
  /** As the disarmer names types, `unknown` for none. */
  readonly kind: string
  readonly bytes: number
  /** Lower-case hex; the caller keeps the bytes under it. */
  readonly sha256: string
  /** Names in an archive, cleaned. */
  readonly members: readonly string[]
  /** A picture that the text of the sender's page shows. */
  readonly inline: boolean
  readonly will: Will
  /** Reason id, of `refused` and `password`. */
  readonly reason?: string
  /** What the sender sent, for the sealed store of this side. Never crosses. */
  readonly content: Uint8Array
}

/** What will happen when somebody asks for a file. */
export type Will =
  /** It is disarmed. */
  | 'disarm'
  /** A password is asked for, then it is disarmed. */
  | 'password'
  /** It would not pass; the reason says why. */
  | 'refused'
  /** It was written anew already. */
  | 'clean'

/** The entry of a file, from a look at it. Spends from the budget of the whole mail. */
export function pickUpOf(file: FoundFile, context: Context): PickUp {
  const { row, bytes, inline } = file
  const named = attachmentName(file)
  const { type, reason, locked, members } = glance(bytes, named, context)
  const will = locked ? 'password' : reason === undefined ? 'disarm' : 'refused'
  const name = reason === undefined ? nameForType(named, type).name : cleanName(named).name
  return {
    ...factsOf(row),
    name,
    kind: type,
    members,
    inline,
    will,
    ...(reason === undefined ? {} : { reason }),
    content: bytes,
  }
}

/** The entry of a calendar that was written anew. */
export function calendarPickUp(part: string, name: string, text: string): PickUp {
  const content = Buffer.from(text)
  const sha256 = createHash('sha256').update(content).digest('hex')
  const facts = { part, bytes: content.length, sha256 }
  return { ...facts, name, kind: 'ics', members: [], inline: false, will: 'clean', content }
}

function factsOf({ part, bytes, sha256 }: OpenRow): Pick<PickUp, 'part' | 'bytes' | 'sha256'> {
  return { part, bytes, sha256 }
}

/** The place of a part as it stands in an address: letters that need no escape. */
export function partKey(part: string): string {
  return part.replaceAll('/', '-')
}
