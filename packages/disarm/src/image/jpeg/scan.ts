import { Refusal, refuse } from '../../family.ts'
import type { Context } from '../../family.ts'
import { giveBack } from '../../give-back.ts'
import { reportLeftover } from '../leftover.ts'
import { BitReader } from './bit-reader.ts'
import { blockDecoder } from './blocks.ts'
import type { BlockDecoder } from './blocks.ts'
import { readEntropy } from './entropy.ts'
import type { Entropy } from './entropy.ts'
import { MARKER } from './jpeg.ts'
import type { Component, Frame, Scan, ScanComponent } from './jpeg.ts'

/**
 * Decodes the entropy-coded data of one scan, which begins at `from`, into the coefficients of its components.
 * Refuses IMG-DECODE when data is malformed; reports whole bytes that no block needed. When the data just ends, at the end of the
 * file or at EOI, the blocks that are missing stay grey, as every reader shows them, and that is reported as kept IMG-TRUNCATED;
 * without one whole row of MCUs there is nothing to show.
 * @returns offset of the marker behind the scan
 */
export function decodeScan(
  bytes: Uint8Array,
  from: number,
  scan: Scan,
  frame: Frame,
  context: Context,
  where: string,
): number {
  const units = scanUnits(scan, frame)
  const interval = scan.restartInterval || units.wide * units.high
  const segments = Math.ceil((units.wide * units.high) / interval)
  const entropy = readEntropy(bytes, from, segments)
  const walk = new ScanWalk(scan, frame, entropy, context, where)
  const { next } = entropy
  const last = next >= bytes.length || bytes.at(next + 1) === MARKER.EOI
  const done = decodeUnits(walk, units, interval, last, context)
  const whole = done === units.wide * units.high
  if (whole) walk.finish(segments)
  giveBack(entropy.data)
  if (whole) return next
  if (scan.from === 0 && scan.high === 0 && done < units.wide) refuse('IMG-DECODE')
  context.kept('IMG-TRUNCATED', where)
  return next
}

/**
 * Reads unit after unit.
 * @param last nothing but EOI follows, so that the data may end early
 * @returns how many are whole
 */
function decodeUnits(
  walk: ScanWalk,
  { wide, high }: { wide: number; high: number },
  interval: number,
  last: boolean,
  context: Context,
): number {
  let done = 0
  try {
    for (; done < wide * high; done++) {
      const column = done % wide
      if (column === 0) context.checkTime()
      if (done % interval === 0) walk.nextSegment()
      walk.readUnit(column, (done - column) / wide)
    }
  } catch (error) {
    const malformed = error instanceof Refusal && error.reason === 'IMG-DECODE'
    if (!malformed || !last || !walk.exhausted) throw error
    walk.forget(done % wide, Math.floor(done / wide))
  }
  return done
}

/** MCUs of the scan; with one component alone its own blocks, without those that only fill up (T.81 A.2.2). */
function scanUnits(scan: Scan, frame: Frame): { wide: number; high: number } {
  const [only, ...others] = scan.components
  if (!only) refuse('IMG-DECODE')
  return others.length === 0
    ? { wide: only.component.blocksWide, high: only.component.blocksHigh }
    : { wide: frame.mcusWide, high: frame.mcusHigh }
}

/** The position within one scan: reader, segment and predictions move together. */
class ScanWalk {
  readonly #scan: Scan
  readonly #parts: readonly ScanComponent[]
  readonly #entropy: Entropy
  readonly #reader: BitReader
  readonly #blocks: BlockDecoder
  readonly #context: Context
  readonly #where: string
  #segment = 0
  /** False while the segment that was asked for is not there. */
  #started = false

  constructor(scan: Scan, frame: Frame, entropy: Entropy, context: Context, where: string) {
    this.#scan = scan
    this.#parts = scan.components
    this.#entropy = entropy
    this.#reader = new BitReader(entropy.data)
    this.#blocks = blockDecoder(scan, frame.progressive)
    this.#context = context
    this.#where = where
  }

  /** Steps behind the next restart marker, or to the start of the scan. */
  nextSegment(): void {
    this.#reportRest()
    this.#started = false
    const end = this.#entropy.ends[this.#segment] ?? refuse('IMG-DECODE')
    this.#reader.moveTo(this.#segmentStart(), end)
    this.#blocks.reset()
    this.#segment++
    this.#started = true
  }

  /** True when the decoder asks for more than the last segment has: what it read there was made of zeros. */
  get exhausted(): boolean {
    const { ends } = this.#entropy
    return this.#segment >= ends.length && (this.#started ? this.#reader.overrun : true)
  }

  /** Clears the band of the unit at which the data ended; the bits of a refinement are as good as any. */
  forget(column: number, row: number): void {
    const { from, to, high } = this.#scan
    if (high > 0) return
    for (const { component } of this.#parts) {
      const { h, v } = this.#parts.length === 1 ? { h: 1, v: 1 } : component
      for (let block = 0; block < h * v; block++) {
        const at = blockOffset(component, column * h + (block % h), row * v + Math.floor(block / h))
        component.coefficients.fill(0, at + from, at + to + 1)
      }
    }
  }

  readUnit(column: number, row: number): void {
    if (this.#parts.length === 1) this.#readBlock(this.#parts[0]!, 0, column, row)
    else for (let i = 0; i < this.#parts.length; i++) this.#readMcuPart(i, column, row)
    this.#reader.checkLimit()
  }

  /** A last, empty segment is tolerated: some cameras write a restart marker before EOI. */
  finish(segments: number): void {
    this.#reportRest()
    const { ends } = this.#entropy
    if (ends.length > segments && ends[segments] !== ends[segments - 1]) refuse('IMG-DECODE')
  }

  #readMcuPart(index: number, column: number, row: number): void {
    const part = this.#parts[index]!
    const { h, v } = part.component
    for (let y = 0; y < v; y++) {
      for (let x = 0; x < h; x++) this.#readBlock(part, index, column * h + x, row * v + y)
    }
  }

  #readBlock(part: ScanComponent, index: number, column: number, row: number): void {
    this.#blocks.read(this.#reader, part, index, blockOffset(part.component, column, row))
  }

  #segmentStart(): number {
    return this.#segment === 0 ? 0 : this.#entropy.ends[this.#segment - 1]!
  }

  #reportRest(): void {
    if (this.#segment === 0) return
    const rest = this.#entropy.data.subarray(this.#reader.nextByte, this.#segmentStart())
    reportLeftover(this.#context, rest, this.#where)
  }
}

/** Where the sixty-four coefficients of a block begin. */
export function blockOffset(component: Component, column: number, row: number): number {
  return (row * component.blocksPerLine + column) * 64
}
