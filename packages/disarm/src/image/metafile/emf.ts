import { refuse } from '../../family.ts'
import type { Context } from '../../family.ts'
import { reportLeftover } from '../leftover.ts'
import { littleEndian32 } from '../reading.ts'
import { RecordReader, RecordWriter } from './bytes.ts'
import { runCells } from './cell.ts'
import { completeHeader, readHeader, writeHeader } from './emf-header.ts'
import type { EmfHeader } from './emf-header.ts'
import { EmfPlus } from './emf-plus.ts'
import { EMF_RULES, paints } from './emf-rules.ts'
import { EmfScene } from './emf-scene.ts'

const HEADER = 1
const END = 14
const COMMENT = 70
/** Records of one metafile; a map of a whole town has some hundred thousand. */
export const MAX_RECORDS = 5_000_000

/**
 * Plays an enhanced metafile ([MS-EMF]) record by record and writes each that is known from its own fields. Whatever is no
 * drawing goes and is reported as IMG-METAFILE.
 *
 * @returns width and height in pixels of 1/96 inch
 */
export function rebuildEmf(
  bytes: Uint8Array,
  context: Context,
  where: string,
): { output: Uint8Array; width: number; height: number } {
  return new Rebuild(bytes, context, where).run()
}

class Rebuild {
  readonly #bytes: Uint8Array
  readonly #context: Context
  readonly #where: string
  readonly #scene: EmfScene
  readonly #to = new RecordWriter()
  readonly #plus = new EmfPlus()
  #records = 1
  #dropped = 0
  #painted = false

  constructor(bytes: Uint8Array, context: Context, where: string) {
    this.#bytes = bytes
    this.#context = context
    this.#where = where
    this.#scene = new EmfScene(context)
  }

  run(): { output: Uint8Array; width: number; height: number } {
    const header = this.#header()
    this.#play()
    // What GDI+ alone painted cannot be shown: half a picture would be worse than a placeholder.
    if (this.#plus.isAlone(this.#painted)) refuse('IMG-DECODE')
    this.#end()
    completeHeader(this.#to, this.#records, this.#scene.handles)
    this.#context.removed('IMG-METAFILE', this.#where, this.#dropped)
    this.#context.kept('IMG-METAFILE', this.#where)
    return { output: this.#to.result(), ...sizeOf(header) }
  }

  #header(): EmfHeader {
    const size = littleEndian32(this.#bytes, 4)
    if (littleEndian32(this.#bytes, 0) !== HEADER) refuse('IMG-DECODE')
    const header = readHeader(this.#reader(0, size), size)
    if (header.described) this.#dropped++
    writeHeader(this.#to, header)
    return header
  }

  #play(): void {
    let at = littleEndian32(this.#bytes, 4)
    for (let count = 0; at + 8 <= this.#bytes.length; count++) {
      const type = littleEndian32(this.#bytes, at)
      const size = littleEndian32(this.#bytes, at + 4)
      if (size < 8 || at + size > this.#bytes.length) break
      if (count >= MAX_RECORDS) refuse('IMG-BOMB')
      if ((count & 1023) === 0) this.#context.checkTime()
      if (type === END)
        return reportLeftover(this.#context, this.#bytes.subarray(at + size), this.#where)
      this.#record(type, this.#reader(at, size))
      at += size
    }
    this.#context.removed('IMG-TRUNCATED', this.#where)
  }

  /** A reader of one record, behind its type and size. */
  #reader(at: number, size: number): RecordReader {
    if (size > this.#bytes.length - at) refuse('IMG-DECODE')
    const reader = new RecordReader(this.#bytes.subarray(at, at + size))
    reader.take(8)
    return reader
  }

  #record(type: number, from: RecordReader): void {
    const start = this.#to.length
    this.#to.u32(type)
    this.#to.u32(0)
    this.#scene.begin(start)
    const cells = EMF_RULES.get(type)
    const kept = cells !== undefined && runCells(cells, from, this.#to, this.#scene)
    this.#scene.end(kept)
    if (kept) {
      this.#to.patch32(start + 4, this.#to.length - start)
      this.#records++
      this.#painted ||= paints(type)
    } else {
      this.#to.cut(start)
      this.#dropped++
      if (type === COMMENT) this.#plus.read(from)
    }
  }

  #end(): void {
    for (const word of [END, 20, 0, 16, 20]) this.#to.u32(word)
    this.#records++
  }
}

function sizeOf({ frame }: EmfHeader): { width: number; height: number } {
  const [left = 0, top = 0, right = 0, bottom = 0] = frame
  return { width: pixels(right - left), height: pixels(bottom - top) }
}

/** 0.01 mm to 1/96 inch. */
function pixels(length: number): number {
  return Math.max(1, Math.round((Math.abs(length) * 96) / 2540))
}
