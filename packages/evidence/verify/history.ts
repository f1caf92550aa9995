/**
 * The file `checkpoints`: every checkpoint ever signed, oldest first, each note followed by an empty line.
 */
import { readRegular } from './disk.ts'
import { readTreeHead } from './note.ts'
import type { TreeHead, TrustedKey } from './note.ts'
import { problem } from './problem.ts'
import type { Problem } from './problem.ts'

/** About five million checkpoints. */
const HISTORY_LIMIT = 1024 ** 3
const EMPTY_LINE = Buffer.from('\n\n')

/** Checks every signature and that the log only ever grew. */
export function readHistory(
  dir: string,
  key: TrustedKey,
): { heads: TreeHead[]; lastNote: Buffer } | Problem {
  const bytes = readRegular(dir, 'checkpoints', HISTORY_LIMIT)
  if (typeof bytes === 'string') return problem(bytes, 'checkpoints')
  const heads: TreeHead[] = []
  let lastNote: Buffer | undefined
  for (let at = 0; at < bytes.length; at += lastNote.length + 1) {
    const note = nextNote(bytes, at)
    const head = note === undefined ? undefined : readTreeHead(note.toString('utf8'), key)
    const grew = head !== undefined && head.size > (heads.at(-1)?.size ?? -1)
    if (note === undefined || head === undefined || !grew) return altered(heads.length)
    heads.push(head)
    lastNote = note
  }
  return lastNote === undefined ? altered(0) : { heads, lastNote }
}

/** One note of origin, size, root, empty line and one signature, and the empty line after it. */
function nextNote(bytes: Buffer, at: number): Buffer | undefined {
  const body = bytes.indexOf(EMPTY_LINE, at)
  const end = body === -1 ? -1 : bytes.indexOf(EMPTY_LINE, body + 2)
  if (end === -1) return undefined
  const note = bytes.subarray(at, end + 1)
  // Exactly one signature: a line that nobody checks would be a place to write in unseen.
  return note.indexOf('\n', body + 2 - at) === note.length - 1 ? note : undefined
}

function altered(count: number): Problem {
  return problem('history-altered', `checkpoints, note ${count + 1}`)
}
