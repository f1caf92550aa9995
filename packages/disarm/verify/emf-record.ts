import type { Budget } from './budget.ts'
import { dibBits, dibInfo } from './metafile-dib.ts'
import { Fields, colourField, faceName } from './metafile-fields.ts'

/**
 * Every record that may stand in an EMF, by its fields in order. A word is a field of 32 bits or the name of a structure; `*4` repeats it.
 * `l` coordinate, `f` float, `c` colour, `z` zero, `1-5` range, `&1ff` flags, `+pen` makes an object, `pen|brush` uses one.
 */
const LAYOUTS = `
  2,3,4,5,6    l*4 points
  7,8          l*4 polygons
  9,10,11,12,13,26,27,54,120  l*2
  15           l*2 c
  16           0-1
  17           1-8
  18,19,57     1-2
  20           1-16
  21,36        1-4
  22           &1ff
  24,25        c
  28,52,59,60,61,65,66,68
  29,30,31,32,42,43,62,63,64  l*4
  33           save
  34           restore
  35           f*6
  36           f*6 1-4
  37           pen|brush|font
  38           +pen &1ff0f l*2 c
  39           +brush brushdata
  40           delete
  41           l*3 f*2
  44           l*6
  45,46,47,55  l*8
  48           palette
  49           +palette palettedata
  50           palette 0-1024 colours
  51           palette 1-1024
  53           l*2 c 0-1
  56           l*4 drawn
  58           miter
  67           1-5
  71           l*4 regionsize brush region
  72           l*4 regionsize brush l*2 region
  73,74        l*4 regionsize region
  75           clip
  76           l*8 &ffffff l*2 f*6 c usage dib maybe
  77           l*8 &ffffff l*2 f*6 c usage dib l*2 maybe
  78           l*8 any l*2 f*6 c usage dib l*2 usage dib maybe
  79           l*14 f*6 c usage dib l*2 usage dib maybe
  80           l*10 dib usage z rows must
  81           l*10 dib usage &ffffff l*2 maybe
  82           +font fontdata
  83           l*4 mode text1
  84           l*4 mode text2
  85,86,87,88,89  l*4 smallpoints
  90,91        l*4 smallpolygons
  92           l*4 smalldrawn
  93,94        +brush usage dib must
  95           +pen dib penex
  98           1-4
  108          l*2 smalltext
  114          l*8 blend l*2 f*6 c usage dib l*2 must
  115          &9
  116          l*8 c l*2 f*6 c usage dib l*2 must
  118          l*4 gradient`

type Kind = 'pen' | 'brush' | 'font' | 'palette'
const STOCK = new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19])
const MAX_HANDLE = 65_534
const MAX_SAVED = 10_000
const FARTHEST = 0x7ffffff

/** Objects alive and states saved while the records are walked. */
export class EmfObjects {
  readonly #alive = new Map<number, Kind>()
  #highest = 0
  saved = 0

  get handles(): number {
    return this.#highest + 1
  }

  make(handle: number, kind: Kind): boolean {
    this.#alive.set(handle, kind)
    this.#highest = Math.max(this.#highest, handle)
    return handle > 0 && handle <= MAX_HANDLE
  }

  has(handle: number, kinds: readonly string[]): boolean {
    if (handle >= 0x80000000) return STOCK.has(handle - 0x80000000)
    return kinds.includes(this.#alive.get(handle) ?? 'none')
  }

  end(handle: number): boolean {
    return this.#alive.delete(handle)
  }
}

/** One record while it is read. */
interface Record {
  readonly objects: EmfObjects
  readonly budget: Budget
  readonly usages: number[]
  readonly dibs: (readonly number[])[]
  rows: number
  regionSize: number
}

type Reader = (read: Fields, record: Record) => void

const STRUCTURES: Readonly<{ [name: string]: Reader }> = {
  l: (read) => read.demand(Math.abs(read.i32()) <= FARTHEST),
  f: (read) => read.demand(Number.isFinite(read.f32())),
  c: colourField,
  z: (read) => read.is(0),
  any: (read) => void read.u32(),
  save: (read, record) => read.demand(++record.objects.saved <= MAX_SAVED),
  restore: (read, record) => {
    const by = read.i32()
    record.objects.saved += by
    read.demand(by < 0 && record.objects.saved >= 0)
  },
  delete: (read, record) => read.demand(record.objects.end(read.u32())),
  miter: (read) => {
    const bits = read.u32()
    const float = bits >= 0x3f800000 && bits <= 0x477fff00
    read.demand(float || (bits > 0 && bits < 0x10000))
  },
  points: (read) => longs(read, 2 * read.u32()),
  smallpoints: (read) => void read.bytes(4 * read.u32()),
  polygons: (read) => longs(read, 2 * polygonCounts(read)),
  smallpolygons: (read) => void read.bytes(4 * polygonCounts(read)),
  drawn: (read) => {
    const count = read.u32()
    longs(read, 2 * count)
    pointTypes(read, count)
  },
  smalldrawn: (read) => {
    const count = read.u32()
    read.bytes(4 * count)
    pointTypes(read, count)
  },
  regionsize: (read, record) => void (record.regionSize = read.u32()),
  region,
  clip: (read, record) => {
    record.regionSize = read.u32()
    const mode = read.u32()
    read.demand(mode >= 1 && mode <= 5)
    if (record.regionSize === 0) read.demand(mode === 5)
    else region(read, record)
  },
  gradient,
  usage: (read, record) => read.demand(record.usages.push(read.u32()) > 0 && lastOf(record) <= 2),
  dib: (read, record) => {
    record.dibs.push([read.u32(), read.u32(), read.u32(), read.u32()])
  },
  rows: (read, record) => void (record.rows = read.u32()),
  maybe: (read, record) => {
    for (let index = 0; index < record.dibs.length; index++) {
      if (record.dibs[index]!.some((word) => word !== 0)) dib(read, record, index)
    }
  },
  must: (read, record) => dib(read, record, 0),
  blend: (read) => {
    const value = read.u32()
    read.demand((value & 0xffff) === 0 && value >>> 24 <= 1)
  },
  mode: (read) => {
    const mode = read.u32()
    read.demand(mode === 1 || mode === 2)
    for (const scale of [read.f32(), read.f32()]) read.demand(Number.isFinite(scale))
  },
  text1: (read) => text(read, 1),
  text2: (read) => text(read, 2),
  smalltext: smallText,
  brushdata: (read) => {
    const style = read.u32()
    read.demand(style <= 2)
    colourField(read)
    hatch(read, style)
  },
  penex: penEx,
  fontdata: (read) => {
    longs(read, 4)
    read.demand(read.u32() <= 1000)
    for (let index = 0; index < 3; index++) read.demand(read.u8() <= 1)
    read.bytes(5)
    faceName(read, 32, 2)
    read.zeros(228)
  },
  palettedata: (read) => {
    read.demand(read.u16() === 0x300)
    paletteColours(read, read.u16())
  },
  colours: (read) => paletteColours(read, read.u32()),
}

function lastOf({ usages }: Record): number {
  return usages.at(-1) ?? 0
}

function longs(read: Fields, count: number): void {
  read.demand(count * 4 <= read.left)
  for (let index = 0; index < count; index++) {
    read.demand(Math.abs(read.i32()) <= FARTHEST)
  }
}

/** @returns how many points all polygons have together, as the counts and their sum agree. */
function polygonCounts(read: Fields): number {
  const [polygons, points] = [read.u32(), read.u32()]
  read.demand(polygons * 4 <= read.left)
  let sum = 0
  for (let index = 0; index < polygons; index++) sum += read.u32()
  read.demand(sum === points)
  return sum
}

function pointTypes(read: Fields, count: number): void {
  read.demand(read.bytes(count).every((type) => type >= 2 && type <= 6))
  read.fill(4)
}

function region(read: Fields, { regionSize }: Record): void {
  read.is(32)
  read.is(1)
  const count = read.u32()
  read.is(count * 16)
  read.demand(regionSize === 32 + count * 16)
  longs(read, 4 + 4 * count)
}

function gradient(read: Fields): void {
  const [vertices, meshes, mode] = [read.u32(), read.u32(), read.u32()]
  const corners = mode === 2 ? 3 : 2
  read.demand(mode <= 2 && vertices * 16 + meshes * 12 <= read.left)
  for (let index = 0; index < vertices; index++) {
    longs(read, 2)
    read.bytes(8)
  }
  for (let index = 0; index < meshes * corners; index++) read.demand(read.u32() < vertices)
  read.zeros(mode === 2 ? 0 : meshes * 4)
}

function dib(read: Fields, record: Record, index: number): void {
  const [infoAt, infoSize, bitsAt, bitsSize] = record.dibs[index] as [
    number,
    number,
    number,
    number,
  ]
  read.demand(infoAt === read.at)
  const shape = dibInfo(read, record.usages[index] ?? 0)
  read.demand(infoAt + infoSize === read.at && bitsAt === read.at)
  dibBits(read, shape, record.budget)
  read.demand(bitsAt + bitsSize === read.at)
  read.demand(record.rows < 0 || record.rows === shape.rows)
}

/** Bits of ExtTextOut's options that may be set, and two that change the layout. */
const TEXT_OPTIONS = 0x13f96
const NO_RECTANGLE = 0x100
const SMALL = 0x200
const PAIRS = 0x2000

function text(read: Fields, characterBytes: number): void {
  longs(read, 2)
  const [count, at, options] = [read.u32(), read.u32(), read.u32()]
  read.demand((options & ~TEXT_OPTIONS) === 0)
  longs(read, 4)
  const distances = read.u32()
  read.demand(at === read.at)
  read.bytes(count * characterBytes)
  read.fill(4)
  if (distances === 0) return
  read.demand(count > 0 && distances === read.at)
  read.bytes(count * (options & PAIRS ? 8 : 4))
}

function smallText(read: Fields, record: Record): void {
  const [count, options] = [read.u32(), read.u32()]
  read.demand((options & ~TEXT_OPTIONS) === 0)
  STRUCTURES['mode']!(read, record)
  if ((options & NO_RECTANGLE) === 0) longs(read, 4)
  read.bytes(count * (options & SMALL ? 1 : 2))
  read.fill(4)
}

function hatch(read: Fields, style: number): void {
  const value = read.u32()
  read.demand(style === 2 ? value <= 11 : value === 0)
}

function penEx(read: Fields, record: Record): void {
  read.demand((read.u32() & ~0x1ff0f) === 0)
  longs(read, 1)
  const style = read.u32()
  const hasBitmap = record.dibs[0]!.some((word) => word !== 0)
  read.demand(hasBitmap ? style === 5 || style === 6 : style <= 2)
  colourField(read)
  hatch(read, style)
  const dashes = read.u32()
  read.demand(dashes <= 16)
  longs(read, dashes)
  if (hasBitmap) dib(read, record, 0)
}

function paletteColours(read: Fields, count: number): void {
  read.demand(count <= 1024)
  read.bytes(4 * count)
}

/** Record types, each with the readers of its fields. */
export const EMF_LAYOUTS: ReadonlyMap<number, readonly Reader[]> = new Map(
  LAYOUTS.trim()
    .split('\n')
    .flatMap((line) => {
      const [types = '', ...words] = line.trim().split(/\s+/u)
      const readers = words.flatMap(readersOf)
      return types.split(',').map((type) => [Number(type), readers] as const)
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
    const value = read.u32()
    read.demand(value >= low && value <= high)
  }
}

function flagsIn(mask: number): Reader {
  return (read) => read.demand((read.u32() & ~mask) === 0)
}

function makes(kind: Kind): Reader {
  return (read, { objects }) => read.demand(objects.make(read.u32(), kind))
}

function usesOf(kinds: readonly string[]): Reader {
  return (read, { objects }) => read.demand(objects.has(read.u32(), kinds))
}

/** Accepts one record of a known type, from its first byte to its last. */
export function readEmfRecord(
  read: Fields,
  type: number,
  objects: EmfObjects,
  budget: Budget,
): void {
  const record: Record = { objects, budget, usages: [], dibs: [], rows: -1, regionSize: 0 }
  read.bytes(8)
  for (const reader of EMF_LAYOUTS.get(type) ?? []) reader(read, record)
  read.end()
}
