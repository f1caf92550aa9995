import type { Context } from '../family.ts'
import { refuse } from '../family.ts'
import type { CompoundEntry, Directory } from './directory.ts'
import { readDirectory } from './directory.ts'
import { FREE_SECTOR, MINI_CUTOFF, MINI_SECTOR } from './layout.ts'
import { Sectors } from './sectors.ts'

/**
 * Opens a compound file, version 3 or 4 ([MS-CFB]): header, FAT and directory are checked, streams only when they are read.
 * Tolerant where real writers err (order of the tree, counts and cutoff of the header, a last sector cut short); a
 * contradiction that readers would settle differently is the refusal OLE-CFB.
 */
export function readCompoundFile(bytes: Uint8Array, context: Context): CompoundFile {
  const sectors = new Sectors(bytes)
  return new CompoundFile(sectors, readDirectory(sectors, context))
}

export class CompoundFile {
  /** Storages and streams, parents before children; the root is not among them. */
  readonly entries: readonly CompoundEntry[]
  /** Class of the root storage, `` when it has none. */
  readonly clsid: string
  readonly #sectors: Sectors
  readonly #directory: Directory
  readonly #byPath: ReadonlyMap<string, CompoundEntry>
  /** Number of each entry, from 1. */
  readonly #numbers: ReadonlyMap<CompoundEntry, number>
  /** Which entry a sector belongs to, by the entry's number; 0 while nobody has read it. */
  readonly #owners: Uint32Array
  #mini: MiniStream | undefined

  constructor(sectors: Sectors, directory: Directory) {
    this.entries = directory.entries
    this.clsid = directory.rootClsid
    this.#sectors = sectors
    this.#directory = directory
    this.#byPath = new Map(this.entries.map((entry) => [entry.path.toUpperCase(), entry]))
    this.#numbers = new Map(this.entries.map((entry, index) => [entry, index + 1]))
    this.#owners = new Uint32Array(sectors.count)
  }

  /** The entry of a path, upper and lower case alike, as Windows finds it. */
  find(path: string): CompoundEntry | undefined {
    return this.#byPath.get(path.toUpperCase())
  }

  /** What lies directly in a storage; `` is the root. */
  childrenOf(path: string): readonly CompoundEntry[] {
    const prefix = path === '' ? '' : `${path}/`
    return this.entries.filter(
      (entry) =>
        entry.path.startsWith(prefix) && entry.path.length === prefix.length + entry.name.length,
    )
  }

  /**
   * The bytes of a stream of this file, spent from the budget. OLE-CFB when its chain is too short for its size, leaves the file,
   * runs in a circle, or shares a sector with another stream.
   */
  readStream(entry: CompoundEntry, context: Context): Uint8Array {
    if (entry.kind !== 'stream') refuse('OLE-CFB')
    if (entry.size === 0) return new Uint8Array()
    // A size beyond the file is a lie, and must not be allocated.
    if (entry.size > this.#sectors.bytes.length) refuse('OLE-CFB')
    context.spend(entry.size)
    const owner = this.#numbers.get(entry) ?? refuse('OLE-CFB')
    return entry.size < MINI_CUTOFF
      ? this.#readMini(entry, owner, context)
      : this.#readLarge(entry, owner)
  }

  #readLarge(entry: CompoundEntry, owner: number): Uint8Array {
    const chain = this.#chain(entry.start, entry.size)
    for (const sector of chain) claim(this.#owners, sector, owner)
    return joined(this.#sectors, chain, entry.size)
  }

  #readMini(entry: CompoundEntry, owner: number, context: Context): Uint8Array {
    this.#mini ??= this.#openMini(context)
    return this.#mini.read(entry, owner)
  }

  #openMini(context: Context): MiniStream {
    const { start, size } = this.#directory.mini
    if (size > this.#sectors.count * this.#sectors.size) refuse('OLE-CFB')
    context.spend(size)
    const bytes = joined(this.#sectors, this.#chain(start, size), size)
    const table = this.#sectors.chain(this.#sectors.firstMiniFat, this.#sectors.count)
    return new MiniStream(bytes, this.#sectors, table)
  }

  #chain(start: number, size: number): number[] {
    const needed = Math.ceil(size / this.#sectors.size)
    const chain = this.#sectors.chain(start, needed)
    return chain.length === needed ? chain : refuse('OLE-CFB')
  }
}

/** Small streams, 64 bytes at a time, in a stream of their own ([MS-CFB] 2.4). */
class MiniStream {
  readonly #bytes: Uint8Array
  readonly #sectors: Sectors
  readonly #table: readonly number[]
  readonly #owners: Uint32Array

  constructor(bytes: Uint8Array, sectors: Sectors, table: readonly number[]) {
    this.#bytes = bytes
    this.#sectors = sectors
    this.#table = table
    this.#owners = new Uint32Array(Math.ceil(bytes.length / MINI_SECTOR))
  }

  read(entry: CompoundEntry, owner: number): Uint8Array {
    const output = new Uint8Array(entry.size)
    let size = 0
    const seen = new Set<number>()
    for (let at = entry.start; size < entry.size; at = this.#next(at)) {
      if (at >= this.#owners.length || seen.has(at)) refuse('OLE-CFB')
      seen.add(at)
      claim(this.#owners, at, owner)
      const wanted = Math.min(MINI_SECTOR, entry.size - size)
      const part = this.#bytes.subarray(at * MINI_SECTOR, at * MINI_SECTOR + wanted)
      output.set(part, size)
      size += part.length
      if (part.length < wanted) break
    }
    return output.subarray(0, size)
  }

  #next(number: number): number {
    const perSector = this.#sectors.size / 4
    const table = this.#table[Math.floor(number / perSector)] ?? refuse('OLE-CFB')
    const bytes = this.#sectors.sector(table)
    const at = (number % perSector) * 4
    if (at + 4 > bytes.length) return FREE_SECTOR
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at, true)
  }
}

/** A sector of two streams is how a small file pretends to be a large one, and how one stream hides in another. */
function claim(owners: Uint32Array, sector: number, owner: number): void {
  if (owners[sector] !== 0 && owners[sector] !== owner) refuse('OLE-CFB')
  owners[sector] = owner
}

/** `size` bytes of a chain; fewer when the end of the file cuts the last sector short. */
function joined(sectors: Sectors, chain: readonly number[], size: number): Uint8Array {
  const output = new Uint8Array(size)
  let at = 0
  for (const number of chain) {
    const part = sectors.sector(number).subarray(0, size - at)
    output.set(part, at)
    at += part.length
  }
  return output.subarray(0, at)
}
