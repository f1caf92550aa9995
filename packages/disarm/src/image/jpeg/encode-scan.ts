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
  const coder = new SymbolCoder()
  for (const scan of scansOf(frame)) walkScan(frame, scan, coder)
  const slots = frame.components.length === 1 ? [0] : [0, 1]
  return slots.map((slot) => ({ dc: coder.bestCode(DC + slot), ac: coder.bestCode(AC + slot) }))
}

/** Entropy-coded data of one scan over the components numbered in `scan`. */
export function encodeScan(
  frame: Frame,
  scan: readonly number[],
  codes: readonly CodePair[],
): Uint8Array {
  const coder = new SymbolCoder(codes)
  walkScan(frame, scan, coder)
  return coder.finish()
}

/** Numbers of the tables: DC of slot 0 and 1, AC of slot 0 and 1. */
const DC = 0
const AC = 2

/**
 * Takes the symbols of the picture twice: first it counts them, then, with the codes made from the counts, it
 * writes them. One class for both, because this is the innermost loop.
 */
class SymbolCoder {
  readonly #counts = new Uint32Array(4 * 256)
  /** Code times 256 plus its length, per table and symbol. */
  readonly #codes = new Uint32Array(4 * 256)
  readonly #writer: BitWriter | undefined

  constructor(codes?: readonly CodePair[]) {
    if (!codes) return
    this.#writer = new BitWriter()
    codes.forEach(({ dc, ac }, slot) => {
      this.#load(DC + slot, dc)
      this.#load(AC + slot, ac)
    })
  }

  startBlock(): void {
    this.#writer?.reserve(MAX_BLOCK_BYTES)
  }

  /** One symbol of `table` and the `size` bits that go with it. */
  put(table: number, symbol: number, size: number, bits: number): void {
    const writer = this.#writer
    const at = (table << 8) | symbol
    if (!writer) {
      this.#counts[at] = this.#counts[at]! + 1
      return
    }
    const code = this.#codes[at]!
    const length = code & 0xff
    if (length + size <= 16) {
      writer.put(((code >> 8) << size) | bits, length + size)
      return
    }
    writer.put(code >> 8, length)
    writer.put(bits, size)
  }

  bestCode(table: number): HuffmanCode {
    return optimalCode(this.#counts.subarray(table << 8, (table + 1) << 8))
  }

  finish(): Uint8Array {
    return this.#writer?.finish() ?? new Uint8Array(0)
  }

  #load(table: number, { codes, lengths }: HuffmanCode): void {
    for (let symbol = 0; symbol < 256; symbol++) {
      this.#codes[(table << 8) | symbol] = (codes[symbol]! << 8) | lengths[symbol]!
    }
  }
}

/** Visits the blocks of a scan in coding order. */
function walkScan(frame: Frame, scan: readonly number[], coder: SymbolCoder): void {
  const predictions = new Int32Array(4)
  const visit = (index: number, column: number, row: number) => {
    const component = frame.components[index]!
    const slot = tableSlot(index)
    coder.startBlock()
    if (column < component.blocksWide && row < component.blocksHigh) {
      const at = blockOffset(component, column, row)
      walkBlock(component.coefficients, at, predictions[index]!, slot, coder)
      predictions[index] = component.coefficients[at]!
    } else walkFillBlock(slot, coder)
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

/** A block that only fills up an MCU is never shown; what the input hid there is not written. */
function walkFillBlock(slot: number, coder: SymbolCoder): void {
  coder.put(DC + slot, 0, 0, 0)
  coder.put(AC + slot, 0, 0, 0)
}

function walkBlock(
  coefficients: Int16Array,
  at: number,
  prediction: number,
  slot: number,
  coder: SymbolCoder,
): void {
  const difference = coefficients[at]! - prediction
  const size = bitSize(difference)
  // AC coefficients were checked when they were read; a difference depends on the order of the blocks.
  if (size > MAX_DC_BITS) refuse('IMG-DECODE')
  coder.put(DC + slot, size, size, lowBits(difference, size))
  let run = 0
  for (let k = 1; k < 64; k++) {
    const value = coefficients[at + k]!
    if (value === 0) {
      run++
      continue
    }
    for (; run > 15; run -= 16) coder.put(AC + slot, 0xf0, 0, 0)
    const acSize = bitSize(value)
    coder.put(AC + slot, (run << 4) | acSize, acSize, lowBits(value, acSize))
    run = 0
  }
  if (run > 0) coder.put(AC + slot, 0, 0, 0)
}

/** SSSS of T.81 table F.1: bits of the absolute value. */
function bitSize(value: number): number {
  return 32 - Math.clz32(Math.abs(value))
}

/** The further bits of T.81 F.1.2.1: negative values are written one less, in `size` bits. */
function lowBits(value: number, size: number): number {
  return (value < 0 ? value - 1 : value) & ((1 << size) - 1)
}
