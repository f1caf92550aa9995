/** Coefficients to entropy-coded data, sequential, with Huffman tables made for this picture (T.81 F.1.2, K.2). */
import { refuse } from '../../family.ts'
import { BitWriter } from './bit-writer.ts'
import { MAX_DC_BITS } from './blocks.ts'
import { optimalCode } from './huffman-code.ts'
import type { HuffmanCode } from './huffman-code.ts'
import type { Component, Frame } from './jpeg.ts'
import { blockOffset } from './scan.ts'

/** DC and AC code of one of the two table slots that baseline readers have. */
export interface CodePair {
  readonly dc: HuffmanCode
  readonly ac: HuffmanCode
}

/** Bytes that one block can need: 64 symbols of 16 bits with at most 11 further bits each. */
const MAX_BLOCK_BYTES = 64 * 4

/** Slot of the Huffman tables for the component at `index`: colour differences apart from the rest. */
export function tableSlot(index: number): number {
  return index === 1 || index === 2 ? 1 : 0
}

/** The scans to write: all components together, or one by one when an MCU would exceed ten blocks (T.81 B.2.3). */
export function scansOf(frame: Frame): readonly (readonly number[])[] {
  const indices = frame.components.map((_, index) => index)
  const blocks = frame.components.reduce((sum, { h, v }) => sum + h * v, 0)
  return blocks <= 10 || indices.length === 1 ? [indices] : indices.map((index) => [index])
}

/** The best codes for the whole picture, one pair per slot in use. */
export function codesFor(frame: Frame): readonly CodePair[] {
  const counter = new SymbolCounter()
  for (const scan of scansOf(frame)) walkScan(frame, scan, counter)
  const slots = frame.components.length === 1 ? [0] : [0, 1]
  return slots.map((slot) => ({ dc: counter.bestCode(DC + slot), ac: counter.bestCode(AC + slot) }))
}

/** Entropy-coded data of one scan over the components numbered in `scan`. */
export function encodeScan(
  frame: Frame,
  scan: readonly number[],
  codes: readonly CodePair[],
): Uint8Array {
  const writer = new SymbolWriter(codes)
  walkScan(frame, scan, writer)
  return writer.finish()
}

/** Numbers of the tables: DC of slot 0 and 1, AC of slot 0 and 1. */
const DC = 0
const AC = 2
/** The symbols that stand for sixteen zeros and for zeros up to the end of the block. */
const SIXTEEN_ZEROS = 0xf0
const END_OF_BLOCK = 0

/**
 * Takes the blocks of a picture in coding order. Both who do so walk through a block in the same way, each with a loop of its own: nothing else takes
 * as long, and what they share would stand between every two coefficients.
 */
interface BlockTaker {
  /** @param difference of the first coefficient from that of the block before */
  block(coefficients: Int16Array, at: number, difference: number, slot: number): void
  /** A block that only fills up an MCU is never shown; what the input hid there is not written. */
  fillBlock(slot: number): void
}

/** Counts how often each symbol occurs. */
class SymbolCounter implements BlockTaker {
  readonly #counts = new Uint32Array(4 * 256)

  block(coefficients: Int16Array, at: number, difference: number, slot: number): void {
    const counts = this.#counts
    const dc = ((DC + slot) << 8) | bitSize(difference)
    counts[dc] = counts[dc]! + 1
    const ac = (AC + slot) << 8
    const last = lastOf(coefficients, at)
    let before = at
    for (let k = at + 1; k <= last; k++) {
      const value = coefficients[k]!
      if (value === 0) continue
      let run = k - before - 1
      before = k
      for (; run > 15; run -= 16) counts[ac | SIXTEEN_ZEROS] = counts[ac | SIXTEEN_ZEROS]! + 1
      const symbol = ac | (run << 4) | bitSize(value)
      counts[symbol] = counts[symbol]! + 1
    }
    if (last < at + 63) counts[ac | END_OF_BLOCK] = counts[ac | END_OF_BLOCK]! + 1
  }

  fillBlock(slot: number): void {
    for (const table of [DC, AC]) {
      const at = (table + slot) << 8
      this.#counts[at] = this.#counts[at]! + 1
    }
  }

  bestCode(table: number): HuffmanCode {
    return optimalCode(this.#counts.subarray(table << 8, (table + 1) << 8))
  }
}

/** Writes each symbol by its code, and the bits that go with it. */
class SymbolWriter implements BlockTaker {
  /** Code times 256 plus its length, per table and symbol. */
  readonly #codes = new Uint32Array(4 * 256)
  readonly #writer = new BitWriter()

  constructor(codes: readonly CodePair[]) {
    codes.forEach(({ dc, ac }, slot) => {
      this.#load(DC + slot, dc)
      this.#load(AC + slot, ac)
    })
  }

  block(coefficients: Int16Array, at: number, difference: number, slot: number): void {
    const codes = this.#codes
    const writer = this.#writer
    writer.reserve(MAX_BLOCK_BYTES)
    const dcSize = bitSize(difference)
    writer.putCode(codes[((DC + slot) << 8) | dcSize]!, lowBits(difference, dcSize), dcSize)
    const ac = (AC + slot) << 8
    const last = lastOf(coefficients, at)
    let before = at
    for (let k = at + 1; k <= last; k++) {
      const value = coefficients[k]!
      if (value === 0) continue
      let run = k - before - 1
      before = k
      for (; run > 15; run -= 16) writer.putCode(codes[ac | SIXTEEN_ZEROS]!, 0, 0)
      const size = bitSize(value)
      writer.putCode(codes[ac | (run << 4) | size]!, lowBits(value, size), size)
    }
    if (last < at + 63) writer.putCode(codes[ac | END_OF_BLOCK]!, 0, 0)
  }

  fillBlock(slot: number): void {
    this.#writer.reserve(MAX_BLOCK_BYTES)
    for (const table of [DC, AC]) this.#writer.putCode(this.#codes[(table + slot) << 8]!, 0, 0)
  }

  finish(): Uint8Array {
    return this.#writer.finish()
  }

  #load(table: number, { codes, lengths }: HuffmanCode): void {
    for (let symbol = 0; symbol < 256; symbol++) {
      this.#codes[(table << 8) | symbol] = (codes[symbol]! << 8) | lengths[symbol]!
    }
  }
}

/** Hands over the blocks of a scan in coding order. */
function walkScan(frame: Frame, scan: readonly number[], taker: BlockTaker): void {
  const predictions = new Int32Array(4)
  const visit = (index: number, column: number, row: number) => {
    const component = frame.components[index]!
    if (column < component.blocksWide && row < component.blocksHigh) {
      const { coefficients } = component
      const at = blockOffset(component, column, row)
      const difference = coefficients[at]! - predictions[index]!
      // AC coefficients were checked when they were read; a difference depends on the order of the blocks.
      if (bitSize(difference) > MAX_DC_BITS) refuse('IMG-DECODE')
      taker.block(coefficients, at, difference, tableSlot(index))
      predictions[index] = coefficients[at]!
    } else taker.fillBlock(tableSlot(index))
  }
  if (scan.length === 1) walkComponent(frame.components[scan[0]!]!, scan[0]!, visit)
  else walkMcus(frame, scan, visit)
}

type Visit = (index: number, column: number, row: number) => void

function walkComponent(component: Component, index: number, visit: Visit): void {
  for (let row = 0; row < component.blocksHigh; row++) {
    for (let column = 0; column < component.blocksWide; column++) visit(index, column, row)
  }
}

function walkMcus(frame: Frame, scan: readonly number[], visit: Visit): void {
  for (let mcuRow = 0; mcuRow < frame.mcusHigh; mcuRow++) {
    for (let mcuColumn = 0; mcuColumn < frame.mcusWide; mcuColumn++) {
      for (const index of scan)
        walkMcuPart(frame.components[index]!, index, mcuColumn, mcuRow, visit)
    }
  }
}

function walkMcuPart(
  { h, v }: Component,
  index: number,
  mcuColumn: number,
  mcuRow: number,
  visit: Visit,
): void {
  for (let y = 0; y < v; y++) {
    for (let x = 0; x < h; x++) visit(index, mcuColumn * h + x, mcuRow * v + y)
  }
}

/** Place of the last coefficient of the block at `at` that is not zero, or `at`: most blocks of a page are zeros from somewhere on. */
function lastOf(coefficients: Int16Array, at: number): number {
  let last = at + 63
  while (last > at && coefficients[last] === 0) last--
  return last
}

/** SSSS of T.81 table F.1: bits of the absolute value. */
function bitSize(value: number): number {
  const sign = value >> 31
  return 32 - Math.clz32((value ^ sign) - sign)
}

/** The further bits of T.81 F.1.2.1: negative values are written one less, in `size` bits. */
function lowBits(value: number, size: number): number {
  return (value + (value >> 31)) & ((1 << size) - 1)
}
