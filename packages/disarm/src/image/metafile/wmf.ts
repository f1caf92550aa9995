import { refuse } from '../../family.ts'
import type { Context } from '../../family.ts'
import { reportLeftover } from '../leftover.ts'
import { littleEndian16, littleEndian32 } from '../reading.ts'
import { RecordReader, RecordWriter } from './bytes.ts'
import { runCells } from './cell.ts'
import { MAX_RECORDS } from './emf.ts'
import {
  HEADER_BYTES,
  PLACEABLE_BYTES,
  isPlaceable,
  placementOf,
  readPlacement,
  writeHeaders,
} from './wmf-header.ts'
import type { Placement } from './wmf-header.ts'
import { CREATING, WMF_RULES } from './wmf-rules.ts'
import { WmfScene } from './wmf-scene.ts'

const RECORD_HEADER = 6
const END = 0

/**
 * Plays a Windows metafile ([MS-WMF]), placeable or plain, and writes a placeable one of the records that are known, each from
 * its own fields. Whatever is no drawing goes and is reported as IMG-METAFILE.
 *
 * @returns width and height in pixels of 1/96 inch
 */
export function rebuildWmf(
  bytes: Uint8Array,
  context: Context,
  where: string,
): { output: Uint8Array; width: number; height: number } {
  const placeable = isPlaceable(bytes)
  const placement = placeable ? readPlacement(new RecordReader(bytes)) : undefined
  const start = placeable ? PLACEABLE_BYTES : 0
  const type = littleEndian16(bytes, start)
  if ((type !== 1 && type !== 2) || littleEndian16(bytes, start + 2) !== 9) refuse('IMG-DECODE')
  const rebuild = new Rebuild(bytes, context, where)
  rebuild.play(start + HEADER_BYTES)
  return rebuild.result(placement)
}

class Rebuild {
  readonly #bytes: Uint8Array
  readonly #context: Context
  readonly #where: string
  readonly #scene: WmfScene
  readonly #to = new RecordWriter()
  #largest = RECORD_HEADER
  #dropped = 0

  constructor(bytes: Uint8Array, context: Context, where: string) {
    this.#bytes = bytes
    this.#context = context
    this.#where = where
    this.#scene = new WmfScene(context)
  }

  play(start: number): void {
    let at = start
    for (let count = 0; at + RECORD_HEADER <= this.#bytes.length; count++) {
      const size = littleEndian32(this.#bytes, at) * 2
      const type = littleEndian16(this.#bytes, at + 4)
      if (size < RECORD_HEADER || at + size > this.#bytes.length) break
      if (count >= MAX_RECORDS) refuse('IMG-BOMB')
      if ((count & 1023) === 0) this.#context.checkTime()
      if (type === END) return this.#leftover(at + size)
      this.#record(type, this.#bytes.subarray(at, at + size))
      at += size
    }
    this.#context.removed('IMG-TRUNCATED', this.#where)
  }

  result(given: Placement | undefined): { output: Uint8Array; width: number; height: number } {
    this.#to.u32(RECORD_HEADER / 2)
    this.#to.u16(END)
    this.#context.removed('IMG-METAFILE', this.#where, this.#dropped)
    this.#context.kept('IMG-METAFILE', this.#where)
    const placement = given ?? placementOf(this.#scene.bounds)
    const whole = new RecordWriter()
    writeHeaders(whole, placement, {
      recordBytes: this.#to.length,
      objects: this.#scene.objects,
      largest: this.#largest,
    })
    whole.bytes(this.#to.result())
    return { output: whole.result(), ...sizeOf(placement) }
  }

  #record(type: number, bytes: Uint8Array): void {
    const from = new RecordReader(bytes)
    from.take(RECORD_HEADER)
    const start = this.#to.length
    this.#to.u32(0)
    this.#to.u16(type)
    this.#scene.begin(start)
    const cells = WMF_RULES.get(type)
    const kept = cells !== undefined && runCells(cells, from, this.#to, this.#scene)
    this.#scene.end(kept, CREATING.has(type))
    if (!kept) {
      this.#to.cut(start)
      this.#dropped++
      return
    }
    const size = this.#to.length - start
    this.#largest = Math.max(this.#largest, size)
    this.#to.patch32(start, size / 2)
  }

  #leftover(end: number): void {
    reportLeftover(this.#context, this.#bytes.subarray(end), this.#where)
  }
}

function sizeOf({ box, unitsPerInch }: Placement): { width: number; height: number } {
  const pixels = (length: number): number =>
    Math.max(1, Math.round((Math.abs(length) * 96) / unitsPerInch))
  return { width: pixels(box[2] - box[0]), height: pixels(box[3] - box[1]) }
}
