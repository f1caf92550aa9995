/**
 * Reading every entry once: its form, its place, its hash, and the root at every size that was ever signed.
 */
import { readRegular } from './disk.ts'
import { readPlace } from './entry.ts'
import { CompactRange, hashLeaf } from './merkle.ts'
import type { TreeHead } from './note.ts'
import { isProblem, problem } from './problem.ts'
import type { Problem } from './problem.ts'
import { BUNDLE_LIMIT, FULL, HASH, TileBuilder, digest, pathOfTile, splitBundle } from './tile.ts'
import type { Reason } from './words.ts'

/** A root the entries must have at some size, and what it means when they have not. */
export interface Target extends TreeHead {
  readonly reason: Reason
}

/** Path → SHA-256 of every tile and bundle that must be there. */
export type Files = Map<string, string>

/**
 * Checks the bundles of a log of `size` entries against every root that is known.
 *
 * @param targets by size, the folder's own checkpoints all among them
 * @returns the files that the entries make, to be compared, or the first thing that is wrong
 */
export function checkEntries(
  dir: string,
  size: number,
  targets: readonly Target[],
): Files | Problem {
  const check = new EntryCheck(targets)
  for (let first = 0; first < size; first += FULL) {
    const fault = checkBundle(check, dir, first / FULL, Math.min(FULL, size - first))
    if (fault !== undefined) return fault
  }
  return check.finish()
}

function checkBundle(
  check: EntryCheck,
  dir: string,
  index: number,
  width: number,
): Problem | undefined {
  const bundle = readBundle(dir, index, width)
  if (isProblem(bundle)) return { ...bundle, firstBad: check.suspect() ?? index * FULL }
  for (let at = 0; at < width; at += 1) {
    const entry = bundle.entries[at]
    if (entry === undefined)
      return entryProblem('entry-missing', check.suspect() ?? index * FULL + at)
    const fault = check.add(entry, bundle.hash(at))
    if (fault !== undefined) return fault
  }
  if (bundle.entries.length > width || !bundle.whole)
    return entryProblem('entry-added', index * FULL + width)
  check.files.set(bundle.path, digest(bundle.bytes))
  return undefined
}

/** Suspicions since the last root that matched: what a root that does not match is blamed on. */
interface Window {
  readonly from: number
  /** First entry whose form or place is wrong. */
  malformed?: { readonly index: number; readonly reason: Reason }
  /** First entry whose hash is not the one in the level 0 tile. */
  mismatch?: number
  /** Size of a checkpoint that an entry was built on and that the history does not have. */
  unsigned?: number
}

class EntryCheck {
  readonly files: Files = new Map()
  readonly #tiles = new TileBuilder((path, bytes) => this.files.set(path, digest(bytes)))
  readonly #range = new CompactRange()
  readonly #targets: readonly Target[]
  readonly #signedSizes: ReadonlySet<number>
  /** Targets that were reached. */
  #reached = 0
  #count = 0
  /** What the entries of the commit being read were built on. */
  #base = 0
  #window: Window = { from: 0 }

  constructor(targets: readonly Target[]) {
    this.#targets = targets
    const own = targets.filter(({ reason }) => reason !== 'forked')
    this.#signedSizes = new Set(own.map(({ size }) => size))
  }

  add(entry: Buffer, inTile: Buffer | undefined): Problem | undefined {
    const start = this.#count === 0 ? this.#settle() : undefined
    if (start !== undefined) return start
    const leaf = hashLeaf(entry)
    this.#judge(entry)
    if (inTile?.equals(leaf) === false) this.#window.mismatch ??= this.#count
    this.#range.push(leaf)
    this.#tiles.push(leaf)
    this.#count += 1
    return this.#settle()
  }

  /** The first entry that is suspicious and not yet proven. */
  suspect(): number | undefined {
    const { malformed, mismatch } = this.#window
    const indexes = [malformed?.index, mismatch].filter((index) => index !== undefined)
    return indexes.length === 0 ? undefined : Math.min(...indexes)
  }

  finish(): Files | Problem {
    this.#tiles.finish()
    return (this.#count === 0 ? this.#settle() : undefined) ?? this.files
  }

  #judge(entry: Buffer): void {
    const index = this.#count
    const place = readPlace(entry)
    if (place?.base === index) this.#base = index
    const fault = this.#placeFault(place, index)
    if (fault !== undefined) this.#window.malformed ??= { index, reason: fault }
    else if (!this.#signedSizes.has(this.#base)) this.#window.unsigned ??= this.#base
  }

  #placeFault(place: ReturnType<typeof readPlace>, index: number): Reason | undefined {
    if (place === undefined) return 'entry-altered'
    if (place.seq !== index) return 'entry-moved'
    return place.base === this.#base ? undefined : 'entry-altered'
  }

  /** Compares the root with what was signed for this size. What matches is proven and no longer suspicious. */
  #settle(): Problem | undefined {
    for (; ; this.#reached += 1) {
      const target = this.#targets[this.#reached]
      if (target?.size !== this.#count) return undefined
      if (!this.#range.root().equals(target.root)) return this.#blame(target)
      const { malformed, unsigned } = this.#window
      if (malformed !== undefined) return entryProblem(malformed.reason, malformed.index)
      if (unsigned !== undefined) return problem('history-altered', `checkpoints, size ${unsigned}`)
      this.#window = { from: this.#count }
    }
  }

  /** Everything before the window is proven by a signature; the first suspicion in it is the first bad entry. */
  #blame(target: Target): Problem {
    const { from, malformed } = this.#window
    const index = this.suspect()
    if (index === undefined) return { ...entryProblem(target.reason, from), until: target.size }
    return entryProblem(malformed?.index === index ? malformed.reason : 'entry-altered', index)
  }
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
  const found = readRegular(dir, path, BUNDLE_LIMIT)
  const bytes = typeof found === 'string' ? otherBundle(dir, index) : found
  if (bytes === undefined) return problem(found === 'file-kind' ? found : 'file-missing', path)
  const tile = readRegular(dir, pathOfTile(0, index, width), FULL * HASH)
  const hashAt = (at: number): Buffer | undefined =>
    typeof tile === 'string' ? undefined : tile.subarray(at * HASH, (at + 1) * HASH)
  return { path, bytes, ...splitBundle(bytes), hash: hashAt }
}

/** Somebody who takes entries out or adds some leaves a bundle of another width: it tells which entry is the first. */
function otherBundle(dir: string, index: number): Buffer | undefined {
  for (let width = FULL; width > 0; width -= 1) {
    const bytes = readRegular(dir, pathOfTile('entries', index, width), BUNDLE_LIMIT)
    if (typeof bytes !== 'string') return bytes
  }
  return undefined
}

function entryProblem(reason: Reason, index: number): Problem {
  return problem(reason, `entry ${index}`, index)
}
