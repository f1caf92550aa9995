import type { Budget } from './budget.ts'
import { dibBits, dibInfo } from './metafile-dib.ts'
import { Fields, colourField, faceName } from './metafile-fields.ts'

/**
 * Every record that may stand in a WMF, by its fields in order. A word is a field of 16 bits or the name of a structure; `*4` repeats it.
 * `s` any 16 bits, `c` colour, `op` raster operation, `1-5` range, `&1ff` flags, `+pen` makes an object, `pen|brush` uses one.
 */
const LAYOUTS = `
  001e  save
  0035
  0037,0436  s entries
  00f7  +palette version entries
  0102,0106  1-2
  0103  1-8
  0104  1-16
  0107  1-4
  0108  s
  0127  restore
  012a,012b  region
  012c  clip
  012d  pen|brush|font|region
  012e  &1ff
  0139  1-1024
  0142  +brush pattern dib
  0149  &9
  01f0  delete
  0201,0209  c
  020a,020b,020c,020d,020e,020f,0211,0213,0214,0220  s*2
  0228  region brush
  0231  &1 0-0
  0234  palette
  02fa  +pen &3f0f s*2 c
  02fb  +font fontdata
  02fc  +brush brushdata
  0324,0325  polygon
  0410,0412,0415,0416,0418,041b  s*4
  0419,041f  c s*2
  0429  region brush s*2
  0521  text
  0538  polygons
  0548  0-1 c s*2
  061c  s*6
  061d  op s*4
  06ff  +region regiondata
  0817,081a,0830  s*8
  0940  op s*6 rgb dib
  0a32  exttext
  0b41  op s*8 rgb dib
  0d33  usage rows 0-0 s*6 dib
  0f43  op usage s*8 dib`

type Kind = 'pen' | 'brush' | 'font' | 'palette' | 'region'
const MAX_OBJECTS = 4096
const MAX_SAVED = 10_000

/** Objects alive, each at the lowest place that was free when it was made. */
export class WmfObjects {
  readonly #alive = new Map<number, Kind>()
  /** Free places below `#next`, as a heap with the lowest on top. */
  readonly #free: number[] = []
  #next = 0
  saved = 0

  /** Most places taken at one time. */
  get most(): number {
    return this.#next
  }

  make(kind: Kind): boolean {
    const place = this.#free.length > 0 ? this.#lowest() : this.#next++
    this.#alive.set(place, kind)
    return this.#alive.size <= MAX_OBJECTS
  }

  has(place: number, kinds: readonly string[]): boolean {
    return kinds.includes(this.#alive.get(place) ?? 'none')
  }

  end(place: number): boolean {
    if (!this.#alive.delete(place)) return false
    let at = this.#free.push(place) - 1
    for (let up = (at - 1) >> 1; at > 0 && this.#free[up]! > place; up = (at - 1) >> 1) {
      this.#free[at] = this.#free[up]!
      at = up
    }
    this.#free[at] = place
    return true
  }

  #lowest(): number {
    const heap = this.#free
    const top = heap[0]!
    const last = heap.pop()!
    if (heap.length === 0) return top
    let at = 0
    for (let down = 1; down < heap.length; down = 2 * at + 1) {
      if (down + 1 < heap.length && heap[down + 1]! < heap[down]!) down++
      if (heap[down]! >= last) break
      heap[at] = heap[down]!
      at = down
    }
    heap[at] = last
    return top
  }
}

interface Record {
  readonly objects: WmfObjects
  readonly budget: Budget
  usage: number
  rows: number
}

type Reader = (read: Fields, record: Record) => void

const STRUCTURES: Readonly<{ [name: string]: Reader }> = {
  s: (read) => void read.u16(),
  c: colourField,
  op: (read) => read.demand(read.u32() <= 0xffffff),
  save: (read, { objects }) => read.demand(++objects.saved <= MAX_SAVED),
  restore: (read, { objects }) => {
    const by = read.i16()
    objects.saved += by
    read.demand(by < 0 && objects.saved >= 0)
  },
  delete: (read, { objects }) => read.demand(objects.end(read.u16())),
  clip: (read, { objects }) => {
    const place = read.u16()
    read.demand(place === 0 || objects.has(place, ['region']))
  },
  version: (read) => read.demand(read.u16() === 0x300),
  entries: (read) => {
    const count = read.u16()
    read.demand(count <= 1024)
    read.bytes(4 * count)
  },
  fontdata: (read) => {
    read.bytes(8)
    read.demand(read.u16() <= 1000)
    for (let index = 0; index < 3; index++) read.demand(read.u8() <= 1)
    read.bytes(5)
    faceName(read, 32, 1)
  },
  brushdata: (read) => {
    const style = read.u16()
    colourField(read)
    const hatch = read.u16()
    read.demand(style === 2 ? hatch <= 11 : style < 2 && hatch === 0)
  },
  polygon: (read) => void read.bytes(4 * read.u16()),
  polygons: (read) => {
    let points = 0
    for (let left = read.u16(); left > 0; left--) points += read.u16()
    read.bytes(4 * points)
  },
  text: (read) => {
    read.bytes(read.u16())
    read.fill(2)
    read.bytes(4)
  },
  exttext: extendedText,
  regiondata: regionData,
  usage: (read, record) => {
    record.usage = read.u16()
    read.demand(record.usage <= 2)
  },
  rgb: (_read, record) => void (record.usage = 0),
  pattern: (read, record) => {
    const style = read.u16()
    record.usage = read.u16()
    read.demand(style === 5 ? record.usage <= 2 : style === 3 && record.usage === 0)
  },
  rows: (read, record) => void (record.rows = read.u16()),
  dib: (read, { usage, rows, budget }) => {
    const shape = dibInfo(read, usage)
    read.demand(rows < 0 || rows === shape.rows)
    dibBits(read, shape, budget)
    read.fill(2)
  },
}

const TEXT_OPTIONS = 0x2c96
const WITH_RECTANGLE = 6
const PAIRS = 0x2000

/** ExtTextOut ends with its distances, all of them or none. */
function extendedText(read: Fields): void {
  read.bytes(4)
  const [count, options] = [read.u16(), read.u16()]
  read.demand((options & ~TEXT_OPTIONS) === 0)
  if ((options & WITH_RECTANGLE) !== 0) read.bytes(8)
  read.bytes(count)
  read.fill(2)
  if (read.left > 0) read.bytes(count * (options & PAIRS ? 4 : 2))
}

/** A region's own size, number of scans and widest scan are those of the scans that follow. */
function regionData(read: Fields): void {
  const size = read.left
  read.is(0x00060000)
  read.is(0)
  read.demand(read.u16() === Math.min(size, 0x7fff))
  const [scans, widest] = [read.u16(), read.u16()]
  read.bytes(8)
  let most = 0
  for (let index = 0; index < scans; index++) {
    const count = read.u16()
    read.demand(count % 2 === 0)
    read.bytes(4 + 2 * count)
    read.demand(read.u16() === count)
    most = Math.max(most, count)
  }
  read.demand(most === widest)
}

/** Record types, each with the readers of its fields. */
export const WMF_LAYOUTS: ReadonlyMap<number, readonly Reader[]> = new Map(
  LAYOUTS.trim()
    .split('\n')
    .flatMap((line) => {
      const [types = '', ...words] = line.trim().split(/\s+/u)
      const readers = words.flatMap(readersOf)
      return types.split(',').map((type) => [Number.parseInt(type, 16), readers] as const)
    }),
)

function readersOf(word: string): Reader[] {
  const [name = '', repeat = '1'] = word.split('*')
  return Array.from({ length: Number(repeat) }, () => readerOf(name))
}

function readerOf(word: string): Reader {
  const range = /^(\d+)-(\d+)$/u.exec(word)
  if (range) return within(Number(range[1]), Number(range[2]))
  if (word.startsWith('&')) return flagsIn(Number.parseInt(word.slice(1), 16))
  if (word.startsWith('+')) return makes(word.slice(1) as Kind)
  return STRUCTURES[word] ?? usesOf(word.split('|'))
}

function within(low: number, high: number): Reader {
  return (read) => {
    const value = read.u16()
    read.demand(value >= low && value <= high)
  }
}

function flagsIn(mask: number): Reader {
  return (read) => read.demand((read.u16() & ~mask) === 0)
}

function makes(kind: Kind): Reader {
  return (read, { objects }) => read.demand(objects.make(kind))
}

function usesOf(kinds: readonly string[]): Reader {
  return (read, { objects }) => read.demand(objects.has(read.u16(), kinds))
}

/** Accepts one record of a known type, from its first byte to its last. */
export function readWmfRecord(
  read: Fields,
  type: number,
  objects: WmfObjects,
  budget: Budget,
): void {
  const record: Record = { objects, budget, usage: 0, rows: -1 }
  read.bytes(6)
  for (const reader of WMF_LAYOUTS.get(type) ?? []) reader(read, record)
  read.end()
}
