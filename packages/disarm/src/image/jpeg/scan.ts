import { refuse } from '../../family.ts'
import type { Context } from '../../family.ts'
import { reportLeftover } from '../leftover.ts'
import { BitReader } from './bit-reader.ts'
import { blockDecoder } from './blocks.ts'
import type { BlockDecoder } from './blocks.ts'
import { readEntropy } from './entropy.ts'
import type { Entropy } from './entropy.ts'
import type { Component, Frame, Scan, ScanComponent } from './jpeg.ts'

/**
 * Decodes the entropy-coded data of one scan, which begins at `from`, into the coefficients of its components.
 * Refuses IMG-DECODE when data is missing or malformed; reports whole bytes that no block needed.
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
  const { wide, high } = scanUnits(scan, frame)
  const interval = scan.restartInterval || wide * high
  const segments = Math.ceil((wide * high) / interval)
  const entropy = readEntropy(bytes, from, segments)
  const walk = new ScanWalk(scan, frame, entropy, context, where)
  for (let row = 0; row < high; row++) {
    for (let column = 0; column < wide; column++) {
      if ((row * wide + column) % interval === 0) walk.nextSegment()
      walk.readUnit(column, row)
    }
    context.checkTime()
  }
  walk.finish(segments)
  return entropy.next
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
  readonly #parts: readonly ScanComponent[]
  readonly #entropy: Entropy
  readonly #reader: BitReader
  readonly #blocks: BlockDecoder
  readonly #context: Context
  readonly #where: string
  #segment = 0

  constructor(scan: Scan, frame: Frame, entropy: Entropy, context: Context, where: string) {
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
    const end = this.#entropy.ends[this.#segment] ?? refuse('IMG-DECODE')
    this.#reader.moveTo(this.#segmentStart(), end)
    this.#blocks.reset()
    this.#segment++
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
