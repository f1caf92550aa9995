import type { Context } from '../family.ts'
import { refuse } from '../family.ts'

/** One group of a DXF file: a line with its code and a line with its value (bytes as characters). */
export interface Group {
  readonly code: number
  readonly value: string
}

/** What begins with code 0: an entity, an object, an entry of a table, or the begin or end of a section. */
export interface DxfRecord {
  readonly type: string
  readonly groups: readonly Group[]
}

/** Bytes of one line. The reference allows 2,049; some writers put long texts into one line. */
const MAX_LINE = 65_536
/** Groups of one record: a spline or a mesh of a large drawing. */
const MAX_GROUPS = 2_000_000

/** Records in order. Comments (999) are left out; lines that are no groups are CAD-TOKEN. */
export function* readRecords(bytes: Uint8Array, context: Context): Generator<DxfRecord> {
  let type: string | undefined
  let groups: Group[] = []
  let count = 0
  for (const group of readGroups(bytes)) {
    if ((++count & 0x3ff) === 0) context.checkTime()
    if (group.code === 999) continue
    if (group.code !== 0) {
      if (type === undefined || groups.push(group) > MAX_GROUPS) refuse('CAD-TOKEN')
      continue
    }
    if (type !== undefined) yield { type, groups }
    type = group.value.trim().toUpperCase()
    groups = []
    if (type === 'EOF') break
  }
  if (type !== undefined) yield { type, groups }
}

function* readGroups(bytes: Uint8Array): Generator<Group> {
  const lines = new Lines(bytes)
  for (;;) {
    const code = lines.next()
    if (code === undefined) return
    const value = lines.next()
    if (value === undefined) {
      // A file may end in an empty line.
      if (code.trim() === '') return
      refuse('CAD-TOKEN')
    }
    if (!/^[ \t]{0,16}[0-9]{1,4}[ \t]{0,16}$/.test(code)) refuse('CAD-TOKEN')
    yield { code: Number(code), value }
  }
}

const CR = 0x0d

/** Lines ended by CR LF, by LF, or in a file that has no LF by CR. */
class Lines {
  readonly #bytes: Buffer
  readonly #end: number
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    this.#end = bytes.includes(0x0a) ? 0x0a : 0x0d
  }

  next(): string | undefined {
    if (this.#at >= this.#bytes.length) return undefined
    const found = this.#bytes.indexOf(this.#end, this.#at)
    const end = found < 0 ? this.#bytes.length : found
    if (end - this.#at > MAX_LINE) refuse('CAD-TOKEN')
    // Nearly all lines end in CR LF and have no other CR.
    const line = this.#bytes.toString(
      'latin1',
      this.#at,
      end > this.#at && this.#bytes[end - 1] === CR ? end - 1 : end,
    )
    this.#at = end + 1
    return line.includes('\r') ? line.replaceAll('\r', '') : line
  }
}
