/**
 * The right edge of a growing log: the hashes and entries of the tiles that are not full yet. All that is needed to
 * append and to know the root.
 */
import { bundleBytes } from './entry-bundle.ts'
import { EMPTY_ROOT, leafHash, nodeHash, treeHash } from './merkle.ts'
import { TILE_WIDTH, partialFolder, tilePath } from './tile-path.ts'
import type { TileLevel } from './tile-path.ts'

/** A file of the log, below its folder. */
export interface TileFile {
  readonly path: string
  readonly bytes: Buffer
}

export class Edge {
  /** Entries so far. */
  size = 0
  /** Level → hashes of its partial tile, 0 to 255 of them. */
  readonly #levels: Buffer[][] = []
  /** Entries of the partial bundle, as many as level 0 has hashes. */
  readonly #entries: Buffer[] = []
  /** Files that became full since the last {@link takeFiles}. */
  #full: TileFile[] = []
  /** Folders of partial tiles that became pointless. */
  #stale: string[] = []
  /** Levels whose partial tile changed. */
  readonly #changed = new Set<number>()

  /** A copy that can grow without touching this one, so that a failed write is simply forgotten. */
  clone(): Edge {
    const copy = new Edge()
    copy.size = this.size
    copy.#levels.push(...this.#levels.map((level) => [...level]))
    copy.#entries.push(...this.#entries)
    return copy
  }

  /** Appends one entry and returns its leaf hash. */
  append(entry: Buffer): Buffer {
    const hash = leafHash(entry)
    this.#entries.push(entry)
    if (this.#entries.length === TILE_WIDTH) this.#fillBundle()
    this.#push(0, hash)
    this.size += 1
    return hash
  }

  /** The files that hold everything appended since the last call. */
  takeFiles(): { files: TileFile[]; stale: string[] } {
    const partial = [...this.#changed].flatMap((level) => this.#partialTile(level))
    const taken = {
      files: [...this.#full, ...partial, ...this.#partialBundle()],
      stale: this.#stale,
    }
    this.#full = []
    this.#stale = []
    this.#changed.clear()
    return taken
  }

  /** Merkle tree hash over all entries. */
  root(): Buffer {
    // Low levels lie to the right: every part found is the left neighbour of what was folded before.
    const parts = this.#levels.flatMap((level) => completeSubtrees(level).toReversed())
    const [last, ...rest] = parts
    return last === undefined
      ? EMPTY_ROOT
      : rest.reduce((right, left) => nodeHash(left, right), last)
  }

  #push(level: number, hash: Buffer): void {
    const hashes = (this.#levels[level] ??= [])
    hashes.push(hash)
    this.#changed.add(level)
    if (hashes.length === TILE_WIDTH) this.#fillTile(level, hashes)
  }

  #fillTile(level: number, hashes: Buffer[]): void {
    const index = Math.floor(this.size / TILE_WIDTH ** (level + 1))
    this.#addFull(level, index, Buffer.concat(hashes))
    const root = treeHash(hashes)
    hashes.length = 0
    this.#push(level + 1, root)
  }

  #fillBundle(): void {
    const bytes = bundleBytes(this.#entries)
    this.#addFull('entries', Math.floor(this.size / TILE_WIDTH), bytes)
    this.#entries.length = 0
  }

  #addFull(level: TileLevel, index: number, bytes: Buffer): void {
    this.#full.push({ path: tilePath(level, index), bytes })
    this.#stale.push(partialFolder(level, index))
  }

  #partialTile(level: number): TileFile[] {
    const hashes = this.#levels[level] ?? []
    if (hashes.length === 0) return []
    const index = Math.floor(this.size / TILE_WIDTH ** (level + 1))
    return [{ path: tilePath(level, index, hashes.length), bytes: Buffer.concat(hashes) }]
  }

  #partialBundle(): TileFile[] {
    if (this.#entries.length === 0) return []
    const index = Math.floor(this.size / TILE_WIDTH)
    const path = tilePath('entries', index, this.#entries.length)
    return [{ path, bytes: bundleBytes(this.#entries) }]
  }
}

/** Roots of the complete subtrees that make up a partial tile, largest (leftmost) first. */
function completeSubtrees(hashes: readonly Buffer[]): Buffer[] {
  const roots: Buffer[] = []
  let at = 0
  for (let width = TILE_WIDTH / 2; width >= 1; width /= 2) {
    if (at + width > hashes.length) continue
    roots.push(treeHash(hashes.slice(at, at + width)))
    at += width
  }
  return roots
}
