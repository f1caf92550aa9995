/**
 * Checking a whole folder: every byte in it is either covered by the signed checkpoint or reported.
 */
import { hash } from 'node:crypto'
import { readRegular, walk } from './disk.ts'
import { entryFault } from './entry.ts'
import { readHistory } from './history.ts'
import { CompactRange, hashLeaf } from './merkle.ts'
import { NOTE_LIMIT, readKey, readTreeHead } from './note.ts'
import type { TreeHead, TrustedKey } from './note.ts'
import type { Problem } from './problem.ts'
import { isProblem, problem } from './problem.ts'
import { README_TEXTS } from './readme.ts'
import {
  BUNDLE_LIMIT,
  FULL,
  HASH,
  TileBuilder,
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

/** A root the entries must have at some size, and what it means when they have not. */
interface Target extends TreeHead {
  readonly reason: Reason
}

function targets({ history, earlier }: Heads): Target[] {
  const signed = history.map((head): Target => ({ ...head, reason: 'entry-altered' }))
  const seen: Target[] = earlier === undefined ? [] : [{ ...earlier, reason: 'forked' }]
  // Stable: at equal sizes the folder's own history is asked first.
  return [...signed, ...seen].toSorted((a, b) => a.size - b.size)
}

/** Path → SHA-256 of every tile and bundle that must be there. */
type Files = Map<string, string>

/** Suspicions since the last root that matched: what a root that does not match is blamed on. */
interface Window {
  readonly from: number
  /** First entry whose form or place is wrong. */
  malformed?: { readonly index: number; readonly reason: Reason }
  /** First entry whose hash is not the one in the level 0 tile. */
  mismatch?: number
}

function checkEntries(dir: string, size: number, roots: readonly Target[]): Files | Problem {
  const files: Files = new Map()
  const range = new CompactRange()
  const tiles = new TileBuilder((path, bytes) => files.set(path, digest(bytes)))
  const pending = [...roots]
  let window: Window = { from: 0 }
  const settle = (at: number): Problem | undefined => {
    for (; pending[0]?.size === at; pending.shift()) {
      if (!range.root().equals(pending[0].root)) return blame(window, pending[0])
      if (window.malformed !== undefined)
        return entryProblem(window.malformed.reason, window.malformed.index)
      window = { from: at }
    }
    return undefined
  }
  const empty = settle(0)
  if (empty !== undefined) return empty
  for (let first = 0; first < size; first += FULL) {
    const width = Math.min(FULL, size - first)
    const bundle = readBundle(dir, first / FULL, width)
    if (isProblem(bundle)) return { ...bundle, firstBad: suspect(window) ?? first }
    files.set(bundle.path, digest(bundle.bytes))
    for (let at = 0; at < width; at += 1) {
      const index = first + at
      const entry = bundle.entries[at]
      if (entry === undefined) return entryProblem('entry-missing', suspect(window) ?? index)
      const leaf = hashLeaf(entry)
      note(window, index, entryFault(entry, index), bundle.hash(at)?.equals(leaf) ?? true)
      range.push(leaf)
      tiles.push(leaf)
      const fault = settle(index + 1)
      if (fault !== undefined) return fault
    }
    if (bundle.entries.length > width || !bundle.whole)
      return entryProblem('entry-added', first + width)
  }
  tiles.finish()
  return files
}

function note(window: Window, index: number, fault: Reason | undefined, inTile: boolean): void {
  if (fault !== undefined) window.malformed ??= { index, reason: fault }
  if (!inTile) window.mismatch ??= index
}

function suspect({ malformed, mismatch }: Window): number | undefined {
  const indexes = [malformed?.index, mismatch].filter((index) => index !== undefined)
  return indexes.length === 0 ? undefined : Math.min(...indexes)
}

/** Everything before the window is proven by a signature; the first suspicion inside it is the first bad entry. */
function blame(window: Window, target: Target): Problem {
  const index = suspect(window)
  if (index === undefined)
    return { ...entryProblem(target.reason, window.from), until: target.size }
  return entryProblem(
    window.malformed?.index === index ? window.malformed.reason : 'entry-altered',
    index,
  )
}

interface Bundle {
  readonly path: string
  readonly bytes: Buffer
  readonly entries: readonly Buffer[]
  readonly whole: boolean
  /** The hash that the level 0 tile has for an entry, when there is a tile. */
  hash(at: number): Buffer | undefined
}

function readBundle(dir: string, index: number, width: number): Bundle | Problem {
  const path = pathOfTile('entries', index, width)
  const bytes = readRegular(dir, path, BUNDLE_LIMIT)
  if (typeof bytes === 'string') return problem(bytes, path)
  const tile = readRegular(dir, pathOfTile(0, index, width), FULL * HASH)
  const hashAt = (at: number): Buffer | undefined =>
    typeof tile === 'string' ? undefined : tile.subarray(at * HASH, (at + 1) * HASH)
  return { path, bytes, ...splitBundle(bytes), hash: hashAt }
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

function entryProblem(reason: Reason, index: number): Problem {
  return problem(reason, `entry ${index}`, index)
}

function digest(bytes: Buffer): string {
  return hash('sha256', bytes)
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
