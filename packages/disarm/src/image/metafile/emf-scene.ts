import type { Context } from '../../family.ts'
import type { RecordWriter } from './bytes.ts'
import type { Cell } from './cell.ts'

export type EmfObject = 'pen' | 'brush' | 'font' | 'palette'

/** Handles are 16-bit in the header; 0 is the metafile itself. */
const MAX_HANDLE = 0xfffe
/** Saved states. Each costs a reader a copy of its state. */
const MAX_SAVED = 10_000
const STOCK = 0x80000000
/** Stock objects of GDI: brushes, pens, fonts, the palette, and the two of the device context. */
const STOCK_OBJECTS: ReadonlySet<number> = new Set(
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19].map((id) => STOCK + id),
)

/** What a player of the records would know at this point: objects alive, states saved, and the draft of the current record. */
export class EmfScene {
  readonly context: Context
  readonly #objects = new Map<number, EmfObject>()
  #highest = 0
  #saved = 0
  draft = newDraft(0)

  constructor(context: Context) {
    this.context = context
  }

  /** Number for the header: handles 0 to the highest. */
  get handles(): number {
    return this.#highest + 1
  }

  begin(start: number): void {
    this.draft = newDraft(start)
  }

  /** The record's object takes effect; a creation that failed leaves its handle empty. */
  end(kept: boolean): void {
    const { handle, kind } = this.draft
    if (handle === 0) return
    if (kept && kind) {
      this.#objects.set(handle, kind)
      this.#highest = Math.max(this.#highest, handle)
    } else this.#objects.delete(handle)
  }

  create(handle: number, kind: EmfObject): boolean {
    if (handle < 1 || handle > MAX_HANDLE) return false
    this.draft.handle = handle
    this.draft.kind = kind
    return true
  }

  kindOf(handle: number): EmfObject | undefined {
    return this.#objects.get(handle)
  }

  delete(handle: number): boolean {
    return this.#objects.delete(handle)
  }

  save(): boolean {
    if (this.#saved >= MAX_SAVED) return false
    this.#saved++
    return true
  }

  /** @param by how many states back: negative */
  restore(by: number): boolean {
    if (by >= 0 || -by > this.#saved) return false
    this.#saved += by
    return true
  }
}

/** Fields whose value is known only when the record is complete. */
interface Draft {
  /** Where the record begins in the output. */
  readonly start: number
  handle: number
  kind: EmfObject | undefined
  readonly usages: number[]
  readonly pictures: Picture[]
  regionSize: number
}

/** A bitmap by its four fields: where they stand in the output, and what the input said. */
export interface Picture {
  readonly at: number
  readonly info: readonly [offset: number, size: number]
  readonly bits: readonly [offset: number, size: number]
}

function newDraft(start: number): Draft {
  return { start, handle: 0, kind: undefined, usages: [], pictures: [], regionSize: 0 }
}

export type EmfCell = Cell<EmfScene>

/** The handle of an object that this record makes. */
export function creates(kind: EmfObject): EmfCell {
  return (from, to, scene) => {
    const handle = from.u32()
    return scene.create(handle, kind) && to.u32(handle)
  }
}

/** The handle of a living object of one of these kinds, or of a stock object. */
export function uses(...kinds: readonly EmfObject[]): EmfCell {
  return (from, to, scene) => {
    const handle = from.u32()
    const kind = scene.kindOf(handle)
    const known = STOCK_OBJECTS.has(handle) || (kind !== undefined && kinds.includes(kind))
    return known && to.u32(handle)
  }
}

/** The handle of a living object, which ends here. */
export const deletes: EmfCell = (from, to, scene) => {
  const handle = from.u32()
  return scene.delete(handle) && to.u32(handle)
}

export const saves: EmfCell = (_from, _to, scene) => scene.save()

export const restores: EmfCell = (from, to, scene) => {
  const by = from.i32()
  return scene.restore(by) && to.u32(by)
}

/** Offset of the end of what is written, from the record's first byte. */
export function offset(to: RecordWriter, scene: EmfScene): number {
  return to.length - scene.draft.start
}
