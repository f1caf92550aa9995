import type { Context } from '../family.ts'
import { refuse } from '../family.ts'
import {
  DIRECTORY_ENTRY_SIZE,
  NO_ENTRY,
  TYPE_ROOT,
  TYPE_STORAGE,
  TYPE_STREAM,
  TYPE_UNUSED,
} from './layout.ts'
import type { Sectors } from './sectors.ts'

export interface CompoundEntry {
  /** Names from the root down, joined by `/`; a `/` inside of a name, which the format forbids, is `_`. The root is ``. */
  readonly path: string
  /** Last name of the path. */
  readonly name: string
  readonly kind: 'storage' | 'stream'
  /** Class of a storage, as `00020906-0000-0000-C000-000000000046`; `` when it has none. */
  readonly clsid: string
  /** Bytes of a stream as its entry says; a lie is found when it is read. 0 for a storage. */
  readonly size: number
  /** First sector, or first mini sector of a small stream. */
  readonly start: number
}

export interface Directory {
  readonly entries: readonly CompoundEntry[]
  /** Where the mini stream lies and how many bytes it has. */
  readonly mini: { readonly start: number; readonly size: number }
  readonly rootClsid: string
}

/** Storages in storages; real files have fewer than ten. */
const MAX_DEPTH = 64

/**
 * Reads the directory ([MS-CFB] 2.6). Siblings form a binary tree that is walked whole and in any order, because many
 * writers do not sort it; an entry that is reached twice, and two siblings of one name, are refused: readers would differ.
 */
export function readDirectory(sectors: Sectors, context: Context): Directory {
  const slots = new Slots(sectors)
  if (slots.count === 0 || slots.type(0) !== TYPE_ROOT) refuse('OLE-CFB')
  const root = slots.entry(0, '')
  const entries = walk(slots, context)
  return { entries, mini: { start: root.start, size: root.size }, rootClsid: root.clsid }
}

interface Step {
  readonly id: number
  readonly storage: string
  readonly depth: number
}

function walk(slots: Slots, context: Context): CompoundEntry[] {
  const entries: CompoundEntry[] = []
  const seen = new Uint8Array(slots.count)
  const paths = new Set<string>()
  seen[0] = 1
  const steps: Step[] = [{ id: slots.child(0), storage: '', depth: 1 }]
  for (let step = steps.pop(); step; step = steps.pop()) {
    const { id, storage, depth } = step
    if (id === NO_ENTRY) continue
    if (id >= slots.count || seen[id] === 1 || depth > MAX_DEPTH) refuse('OLE-CFB')
    seen[id] = 1
    const type = slots.type(id)
    // A tree that leads to a deleted entry ends there.
    if (type === TYPE_UNUSED) continue
    if (type !== TYPE_STORAGE && type !== TYPE_STREAM) refuse('OLE-CFB')
    context.spendEntries(1)
    const entry = slots.entry(id, storage)
    const folded = entry.path.toUpperCase()
    if (paths.has(folded)) refuse('OLE-CFB')
    paths.add(folded)
    entries.push(entry)
    if (type === TYPE_STORAGE) {
      steps.push({ id: slots.child(id), storage: `${entry.path}/`, depth: depth + 1 })
    }
    steps.push({ id: slots.right(id), storage, depth }, { id: slots.left(id), storage, depth })
  }
  return entries
}

/** The entries as they lie in their sectors. */
class Slots {
  readonly count: number
  readonly #sectors: Sectors
  readonly #chain: readonly number[]
  readonly #perSector: number

  constructor(sectors: Sectors) {
    this.#sectors = sectors
    this.#chain = sectors.chain(sectors.firstDirectory, sectors.count)
    this.#perSector = sectors.size / DIRECTORY_ENTRY_SIZE
    this.count = this.#chain.length * this.#perSector
  }

  type(id: number): number {
    return this.#slot(id).getUint8(66)
  }

  left(id: number): number {
    return this.#slot(id).getUint32(68, true)
  }

  right(id: number): number {
    return this.#slot(id).getUint32(72, true)
  }

  child(id: number): number {
    return this.#slot(id).getUint32(76, true)
  }

  entry(id: number, storage: string): CompoundEntry {
    const slot = this.#slot(id)
    const name = nameOf(slot)
    const type = slot.getUint8(66)
    return {
      path: type === TYPE_ROOT ? '' : storage + name,
      name,
      kind: type === TYPE_STREAM ? 'stream' : 'storage',
      clsid: clsidOf(slot),
      size: type === TYPE_STORAGE ? 0 : this.#size(slot),
      start: slot.getUint32(116, true),
    }
  }

  /** Version 3 writers leave rubbish in the upper half ([MS-CFB] 2.6.3). */
  #size(slot: DataView): number {
    const low = slot.getUint32(120, true)
    return this.#sectors.size === 512 ? low : slot.getUint32(124, true) * 2 ** 32 + low
  }

  #slot(id: number): DataView {
    const sector = this.#chain[Math.floor(id / this.#perSector)] ?? refuse('OLE-CFB')
    const bytes = this.#sectors.sector(sector)
    const at = (id % this.#perSector) * DIRECTORY_ENTRY_SIZE
    if (at + DIRECTORY_ENTRY_SIZE > bytes.length) return EMPTY_SLOT
    return new DataView(bytes.buffer, bytes.byteOffset + at, DIRECTORY_ENTRY_SIZE)
  }
}

/** What stands where the end of the file cuts the directory off. */
const EMPTY_SLOT = new DataView(new ArrayBuffer(DIRECTORY_ENTRY_SIZE))

/** UTF-16 up to the first NUL; the stored length is a hint that some writers get wrong. */
function nameOf(slot: DataView): string {
  let name = ''
  for (let at = 0; at < 64; at += 2) {
    const unit = slot.getUint16(at, true)
    if (unit === 0) break
    name += String.fromCharCode(unit)
  }
  return name.replaceAll('/', '_')
}

function clsidOf(slot: DataView): string {
  const hex = (value: number, digits: number) =>
    value.toString(16).toUpperCase().padStart(digits, '0')
  const bytes = Array.from({ length: 8 }, (_, index) => hex(slot.getUint8(88 + index), 2)).join('')
  const clsid = [
    hex(slot.getUint32(80, true), 8),
    hex(slot.getUint16(84, true), 4),
    hex(slot.getUint16(86, true), 4),
    bytes.slice(0, 4),
    bytes.slice(4),
  ].join('-')
  return /[1-9A-F]/.test(clsid) ? clsid : ''
}
