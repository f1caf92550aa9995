import type { Context } from '../../family.ts'
import type { Cell } from './cell.ts'

export type WmfObject = 'pen' | 'brush' | 'font' | 'palette' | 'region'

/** Objects alive at one time, and saved states: real drawings have a few dozen. */
const MAX_OBJECTS = 4096
const MAX_SAVED = 10_000

/**
 * What a player of the records would know at this point. Objects have no handle in a WMF: each takes the lowest free place
 * ([MS-WMF] 3.1.4.1), so an object that is dropped shifts those behind it, and both numberings are kept.
 */
export class WmfScene {
  readonly context: Context
  readonly bounds = new Bounds()
  /** Where the current record begins in the output. */
  start = 0
  /** Usage of the colours of the current record's bitmap. */
  usage = 0
  readonly #theirs = new Places()
  readonly #ours = new Places()
  readonly #objects = new Map<number, { readonly place: number; readonly kind: WmfObject }>()
  #created: WmfObject | undefined
  #saved = 0

  constructor(context: Context) {
    this.context = context
  }

  get objects(): number {
    return this.#ours.most
  }

  begin(start: number): void {
    this.start = start
    this.#created = undefined
  }

  /** The record's object takes its places: among theirs always, among ours when the record is kept. */
  end(kept: boolean, isCreation: boolean): void {
    if (!isCreation) return
    const theirs = this.#theirs.take()
    if (kept && this.#created) {
      this.#objects.set(theirs, { place: this.#ours.take(), kind: this.#created })
    }
  }

  create(kind: WmfObject): boolean {
    this.#created = kind
    return this.#objects.size < MAX_OBJECTS
  }

  /** @returns place in our numbering */
  find(theirs: number, kinds: readonly WmfObject[]): number | undefined {
    const object = this.#objects.get(theirs)
    return object && kinds.includes(object.kind) ? object.place : undefined
  }

  delete(theirs: number): number | undefined {
    const object = this.#objects.get(theirs)
    this.#theirs.free(theirs)
    this.#objects.delete(theirs)
    if (object) this.#ours.free(object.place)
    return object?.place
  }

  save(): boolean {
    if (this.#saved >= MAX_SAVED) return false
    this.#saved++
    return true
  }

  restore(by: number): boolean {
    if (by >= 0 || -by > this.#saved) return false
    this.#saved += by
    return true
  }
}

/** Places 0, 1, …, of which always the lowest free one is taken. */
class Places {
  readonly #taken = new Uint32Array(65536 / 32)
  #lowestWord = 0
  most = 0

  take(): number {
    let word = this.#lowestWord
    while (word < this.#taken.length - 1 && this.#taken[word] === 0xffffffff) word++
    this.#lowestWord = word
    const free = ~this.#taken[word]! >>> 0
    const bit = free === 0 ? 31 : 31 - Math.clz32(free & -free)
    this.#taken[word] = (this.#taken[word]! | (1 << bit)) >>> 0
    this.most = Math.max(this.most, word * 32 + bit + 1)
    return word * 32 + bit
  }

  free(place: number): void {
    const word = place >>> 5
    this.#taken[word] = this.#taken[word]! & ~(1 << (place & 31))
    this.#lowestWord = Math.min(this.#lowestWord, word)
  }
}

/** The rectangle that a drawing claims (its window), or else the one that its points fill. */
export class Bounds {
  origin: readonly [x: number, y: number] = [0, 0]
  extent: readonly [x: number, y: number] | undefined
  mapMode = 8
  #box: [left: number, top: number, right: number, bottom: number] | undefined

  add(x: number, y: number): void {
    const box = (this.#box ??= [x, y, x, y])
    if (x < box[0]) box[0] = x
    if (y < box[1]) box[1] = y
    if (x > box[2]) box[2] = x
    if (y > box[3]) box[3] = y
  }

  get box(): readonly [left: number, top: number, right: number, bottom: number] {
    const [x, y] = this.origin
    if (this.extent) return sorted(x, y, x + this.extent[0], y + this.extent[1])
    return sorted(...(this.#box ?? [0, 0, 1, 1]))
  }
}

/** Neither empty nor out of the numbers that the header can hold. */
function sorted(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
): readonly [number, number, number, number] {
  const left = Math.max(-32768, Math.min(32766, x1, x2))
  const top = Math.max(-32768, Math.min(32766, y1, y2))
  const right = Math.min(32767, Math.max(left + 1, x1, x2))
  return [left, top, right, Math.min(32767, Math.max(top + 1, y1, y2))]
}

export type WmfCell = Cell<WmfScene>

export function creates(kind: WmfObject): WmfCell {
  return (_from, _to, scene) => scene.create(kind)
}

/** The place of a living object of one of these kinds. */
export function uses(...kinds: readonly WmfObject[]): WmfCell {
  return (from, to, scene) => {
    const place = scene.find(from.u16(), kinds)
    return place !== undefined && to.u16(place)
  }
}

/** A region to clip with; 0 that is no region means no clipping. */
export const usesClip: WmfCell = (from, to, scene) => {
  const theirs = from.u16()
  const place = scene.find(theirs, ['region'])
  return (place !== undefined || theirs === 0) && to.u16(place ?? 0)
}

export const deletes: WmfCell = (from, to, scene) => {
  const place = scene.delete(from.u16())
  return place !== undefined && to.u16(place)
}

export const saves: WmfCell = (_from, _to, scene) => scene.save()

export const restores: WmfCell = (from, to, scene) => {
  const by = from.i16()
  return scene.restore(by) && to.u16(by)
}
