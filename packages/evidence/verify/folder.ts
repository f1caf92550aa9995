/**
 * Checking a whole folder: every byte in it is either covered by the signed checkpoint or reported.
 */
import { readRegular, walk } from './disk.ts'
import { checkEntries } from './entries.ts'
import type { Files, Target } from './entries.ts'
import { readHistory } from './history.ts'
import { NOTE_LIMIT, readKey, readTreeHead } from './note.ts'
import type { TreeHead, TrustedKey } from './note.ts'
import type { Problem } from './problem.ts'
import { isProblem, problem } from './problem.ts'
import { README_TEXTS } from './readme.ts'
import {
  BUNDLE_LIMIT,
  FULL,
  HASH,
  digest,
  pathOfTile,
  readPartialPath,
  splitBundle,
} from './tile.ts'
import { REASONS } from './words.ts'
import type { Reason } from './words.ts'

export interface FolderOptions {
  /** Verifier key obtained another way than with the folder. Without it the key in the folder is believed. */
  readonly key?: string
  /** A checkpoint seen earlier: the folder must be a continuation of exactly that log. */
  readonly checkpoint?: string
}

/** Who vouches for the key. `key-in-folder`: nobody; a folder forged as a whole would pass. */
export type Trust = 'given-key' | 'key-in-folder'

export type FolderCheck =
  | {
      readonly ok: true
      readonly origin: string
      readonly size: number
      /** Root hash, lower-case hex. */
      readonly root: string
      /** Signed checkpoints in the history, all of them checked. */
      readonly checkpoints: number
      readonly trust: Trust
    }
  | {
      readonly ok: false
      readonly reason: Reason
      /** Plain Japanese sentence. */
      readonly message: string
      /** File or entry. */
      readonly where: string
      /** Index of the first entry that is not what was signed; undefined when no entry is. */
      readonly firstBad: number | undefined
      /** When only a range is known: the first bad entry is below this index. */
      readonly until?: number
      /** Entries the checkpoint speaks of, when it could be read. */
      readonly size?: number
    }

/**
 * Checks an exported folder, or a log's own folder while nobody writes to it. Needs nothing but the folder.
 * Never throws for what is in the folder.
 */
export function verifyFolder(dir: string, options: FolderOptions = {}): FolderCheck {
  const key = trustedKey(dir, options)
  if (isProblem(key)) return report(key)
  const heads = treeHeads(dir, key, options)
  if (isProblem(heads)) return report(heads)
  const { latest } = heads
  const files = checkEntries(dir, latest.size, targets(heads))
  if (isProblem(files)) return report(files, latest.size)
  const fault = checkTiles(dir, files) ?? checkOthers(dir, files, heads.history)
  if (fault !== undefined) return report(fault, latest.size)
  const { origin, size, root } = latest
  const trust = options.key === undefined ? 'key-in-folder' : 'given-key'
  return {
    ok: true,
    origin,
    size,
    root: root.toString('hex'),
    checkpoints: heads.history.length,
    trust,
  }
}

function trustedKey(dir: string, options: FolderOptions): TrustedKey | Problem {
  const file = readRegular(dir, 'key', NOTE_LIMIT)
  if (file === 'file-missing') return problem('no-log', 'key')
  if (typeof file === 'string') return problem(file, 'key')
  const text = file.toString('utf8')
  const inFolder = text.endsWith('\n') ? readKey(text.slice(0, -1)) : undefined
  if (inFolder === undefined) return problem('key-invalid', 'key')
  if (options.key === undefined) return inFolder
  const given = readKey(options.key.trim())
  if (given === undefined) return problem('key-invalid', '--key')
  return `${options.key.trim()}\n` === text ? given : problem('key-differs', 'key')
}

interface Heads {
  /** Oldest first; the last one is the checkpoint. */
  readonly history: readonly TreeHead[]
  readonly latest: TreeHead
  /** From an earlier check. */
  readonly earlier: TreeHead | undefined
}

function treeHeads(dir: string, key: TrustedKey, options: FolderOptions): Heads | Problem {
  const file = readRegular(dir, 'checkpoint', NOTE_LIMIT)
  if (typeof file === 'string') return problem(file, 'checkpoint')
  const latest = readTreeHead(file.toString('utf8'), key)
  if (latest === undefined) return problem('checkpoint-signature', 'checkpoint')
  const history = readHistory(dir, key)
  if (isProblem(history)) return history
  if (!history.lastNote.equals(file)) return problem('checkpoint-not-last', 'checkpoint')
  const earlier =
    options.checkpoint === undefined ? undefined : readTreeHead(options.checkpoint, key)
  if (options.checkpoint !== undefined && earlier === undefined)
    return problem('checkpoint-signature', '--checkpoint')
  if (earlier !== undefined && earlier.size > latest.size)
    return problem('rolled-back', 'checkpoint', latest.size)
  return { history: history.heads, latest, earlier }
}

function targets({ history, earlier }: Heads): Target[] {
  const signed = history.map((head): Target => ({ ...head, reason: 'entry-altered' }))
  const seen: Target[] = earlier === undefined ? [] : [{ ...earlier, reason: 'forked' }]
  // Stable: at equal sizes the folder's own history is asked first.
  return [...signed, ...seen].toSorted((a, b) => a.size - b.size)
}

function checkTiles(dir: string, files: Files): Problem | undefined {
  for (const [path, expected] of files) {
    const bytes = readRegular(dir, path, BUNDLE_LIMIT)
    if (typeof bytes === 'string') return problem(bytes, path)
    if (digest(bytes) !== expected) return problem('tile-altered', path)
  }
  return undefined
}

/** Files with a fixed name that were checked before. */
const KNOWN = new Set(['key', 'checkpoint', 'checkpoints'])
/** A log's own folder has its lock and temporary files here. Never read as evidence. */
const WORK = '.work/'

function checkOthers(dir: string, files: Files, history: readonly TreeHead[]): Problem | undefined {
  for (const { path, regular } of walk(dir)) {
    if (path.startsWith(WORK)) continue
    if (!regular) return problem('file-kind', path)
    if (files.has(path) || KNOWN.has(path)) continue
    const fault =
      path === 'README.txt' ? checkReadme(dir) : checkOlderTile(dir, path, files, history)
    if (fault !== undefined) return fault
  }
  return undefined
}

function checkReadme(dir: string): Problem | undefined {
  const bytes = readRegular(dir, 'README.txt', NOTE_LIMIT)
  const known =
    typeof bytes !== 'string' && README_TEXTS.some((text) => bytes.equals(Buffer.from(text)))
  return known ? undefined : problem('file-added', 'README.txt')
}

/** A partial tile of an earlier checkpoint may stay until the tile is full. It must be the beginning of the later one. */
function checkOlderTile(
  dir: string,
  path: string,
  files: Files,
  history: readonly TreeHead[],
): Problem | undefined {
  const tile = readPartialPath(path)
  if (tile === undefined || !wasPublished(tile, history)) return problem('file-added', path)
  const later = laterTile(dir, tile, files)
  const bytes = readRegular(dir, path, BUNDLE_LIMIT)
  if (later === undefined || typeof bytes === 'string') return problem('file-added', path)
  const begins = later.subarray(0, bytes.length).equals(bytes)
  return begins && widthOf(tile.level, bytes) === tile.width
    ? undefined
    : problem('tile-altered', path)
}

type Partial = NonNullable<ReturnType<typeof readPartialPath>>

function laterTile(
  dir: string,
  { level, index, width }: Partial,
  files: Files,
): Buffer | undefined {
  for (let wider = width + 1; wider <= FULL; wider += 1) {
    const path = pathOfTile(level, index, wider)
    const bytes = files.has(path) ? readRegular(dir, path, BUNDLE_LIMIT) : 'file-missing'
    if (typeof bytes !== 'string') return bytes
  }
  return undefined
}

function widthOf(level: Partial['level'], bytes: Buffer): number | undefined {
  if (level !== 'entries') return bytes.length / HASH
  const { entries, whole } = splitBundle(bytes)
  return whole ? entries.length : undefined
}

/** Whether some signed size has a tile of exactly this width there. */
function wasPublished({ level, index, width }: Partial, history: readonly TreeHead[]): boolean {
  const span = level === 'entries' ? 1 : FULL ** level
  const hashes = index * FULL + width
  return history.some(({ size }) => Math.floor(size / span) === hashes)
}

function report({ reason, where, firstBad, until }: Problem, size?: number): FolderCheck {
  return {
    ok: false,
    reason,
    message: REASONS[reason],
    where,
    firstBad,
    ...(until === undefined ? {} : { until }),
    ...(size === undefined ? {} : { size }),
  }
}
