import { demand } from './rejection.ts'

/** Bytes of a SHORT, a LONG and a RATIONAL, by type. */
const TYPE_BYTES: Readonly<Record<number, number>> = { 3: 2, 4: 4, 5: 8 }
const MAX_TAGS = 24

export interface Entry {
  readonly tag: number
  readonly type: number
  /** A RATIONAL gives two numbers. */
  readonly values: readonly number[]
}

export interface Directory {
  readonly entries: readonly Entry[]
  /** Offset behind the directory and the values that did not fit into it. */
  readonly end: number
  /** Offset of the next directory, or 0. */
  readonly next: number
}

/** Reads the directory at `at`. Values of more than four bytes must follow it in the order of their tags, without gaps. */
export function readDirectory(view: DataView, at: number, where: string): Directory {
  demand(at + 2 <= view.byteLength, 'VERIFY-TIFF', where)
  const count = view.getUint16(at, true)
  const values = at + 2 + count * 12 + 4
  demand(count <= MAX_TAGS && values <= view.byteLength, 'VERIFY-TIFF', where)
  const entries: Entry[] = []
  let end = values
  for (let from = at + 2; from < values - 4; from += 12) {
    const { entry, outside } = readEntry(view, from, end, where)
    entries.push(entry)
    end += outside
  }
  return { entries, end, next: view.getUint32(values - 4, true) }
}

function readEntry(view: DataView, from: number, end: number, where: string) {
  const type = view.getUint16(from + 2, true)
  const count = view.getUint32(from + 4, true)
  const size = count * (TYPE_BYTES[type] ?? 0)
  demand(size > 0 && end + size <= view.byteLength, 'VERIFY-TIFF', where)
  const inside = size <= 4
  const at = inside ? from + 8 : end
  if (inside) demand(isZero(view, at + size, from + 12), 'VERIFY-TIFF', where)
  else demand(view.getUint32(from + 8, true) === end, 'VERIFY-TIFF', where)
  const entry = { tag: view.getUint16(from, true), type, values: numbers(view, at, type, size) }
  return { entry, outside: inside ? 0 : size }
}

function isZero(view: DataView, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (view.getUint8(at) !== 0) return false
  return true
}

function numbers(view: DataView, at: number, type: number, size: number): number[] {
  const step = type === 3 ? 2 : 4
  return Array.from({ length: size / step }, (_, i) =>
    step === 2 ? view.getUint16(at + i * 2, true) : view.getUint32(at + i * 4, true),
  )
}
