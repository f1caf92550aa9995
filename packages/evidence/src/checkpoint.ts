/**
 * Checkpoints: origin, size and root, as the text of a signed note. C2SP tlog-checkpoint.
 */
import { HASH_BYTES } from './merkle.ts'

export interface Checkpoint {
  /** Name of the log, also its key name. */
  readonly origin: string
  /** Number of entries. */
  readonly size: number
  /** Merkle tree hash over all of them. */
  readonly root: Buffer
}

/** The note text: three lines. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${root.toString('base64')}\n`
}

/** Reads the note text; `undefined` unless it is written exactly as {@link checkpointText} would. */
export function readCheckpoint(text: string): Checkpoint | undefined {
  const [origin = '', digits = '', encoded = '', ...rest] = text.split('\n')
  const size = Number(digits)
  const root = Buffer.from(encoded, 'base64')
  if (rest.length !== 1 || !Number.isSafeInteger(size) || root.length !== HASH_BYTES)
    return undefined
  const checkpoint = { origin, size, root }
  return checkpointText(checkpoint) === text ? checkpoint : undefined
}
