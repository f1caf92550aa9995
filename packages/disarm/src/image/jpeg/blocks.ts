/** How one block of coefficients is decoded: sequential (T.81 F.2) and the four progressive kinds (G.1.2, G.2). */
import { refuse } from '../../family.ts'
import type { BitReader } from './bit-reader.ts'
import type { Scan, ScanComponent } from './jpeg.ts'

/** Reads the block whose first coefficient stands at `at`. `index` numbers the component within the scan. */
export type BlockReader = (
  reader: BitReader,
  part: ScanComponent,
  index: number,
  at: number,
) => void

export interface BlockDecoder {
  readonly read: BlockReader
  /** Forgets predictions and runs at a restart marker. */
  readonly reset: () => void
}

/** Bits of a DC difference and of an AC coefficient for 8-bit samples (T.81 tables F.1 and F.2). */
export const MAX_DC_BITS = 11
export const MAX_AC_BITS = 10
/** DC values of 8-bit samples fit; anything larger exists only in a forged file. */
const MAX_DC = 2047

export function blockDecoder(scan: Scan, progressive: boolean): BlockDecoder {
  if (!progressive) return sequential()
  if (scan.from === 0) return scan.high === 0 ? dcFirst(scan.low) : dcRefine(scan.low)
  return scan.high === 0 ? acFirst(scan) : acRefine(scan)
}

function sequential(): BlockDecoder {
  const predictions = new Int32Array(4)
  const read: BlockReader = (reader, part, index, at) => {
    const { coefficients } = part.component
    predictions[index] = nextDc(reader, part, predictions[index]!)
    coefficients[at] = checkedDc(predictions[index])
    for (let k = 1; k < 64;) {
      const symbol = reader.symbol(part.ac)
      const size = symbol & 15
      k += symbol >> 4
      if (size === 0) {
        if (symbol === 0) break
        if (symbol !== 0xf0 || k > 63) refuse('IMG-DECODE')
        k++
        continue
      }
      if (k > 63 || size > MAX_AC_BITS) refuse('IMG-DECODE')
      coefficients[at + k++] = reader.signed(size)
    }
  }
  return { read, reset: () => predictions.fill(0) }
}

function nextDc(reader: BitReader, part: ScanComponent, prediction: number): number {
  const size = reader.symbol(part.dc)
  if (size > MAX_DC_BITS) refuse('IMG-DECODE')
  return size === 0 ? prediction : prediction + reader.signed(size)
}

function checkedDc(value: number): number {
  if (value > MAX_DC || value < -MAX_DC) refuse('IMG-DECODE')
  return value
}

function dcFirst(low: number): BlockDecoder {
  const predictions = new Int32Array(4)
  const read: BlockReader = (reader, part, index, at) => {
    predictions[index] = nextDc(reader, part, predictions[index]!)
    part.component.coefficients[at] = checkedDc(predictions[index] * (1 << low))
  }
  return { read, reset: () => predictions.fill(0) }
}

function dcRefine(low: number): BlockDecoder {
  const read: BlockReader = (reader, part, _index, at) => {
    const { coefficients } = part.component
    if (reader.bits(1)) coefficients[at] = coefficients[at]! | (1 << low)
  }
  return { read, reset: () => undefined }
}

function acFirst({ from, to, low }: Scan): BlockDecoder {
  let endOfBand = 0
  const read: BlockReader = (reader, part, _index, at) => {
    if (endOfBand > 0) {
      endOfBand--
      return
    }
    const { coefficients } = part.component
    for (let k = from; k <= to; k++) {
      const symbol = reader.symbol(part.ac)
      const run = symbol >> 4
      const size = symbol & 15
      if (size === 0 && run < 15) {
        endOfBand = (1 << run) - 1 + reader.bits(run)
        break
      }
      k += run
      if (k > to || size + low > MAX_AC_BITS) refuse('IMG-DECODE')
      if (size > 0) coefficients[at + k] = reader.signed(size) * (1 << low)
    }
  }
  return { read, reset: () => (endOfBand = 0) }
}

function acRefine({ from, to, low }: Scan): BlockDecoder {
  let endOfBand = 0
  const bit = 1 << low
  const read: BlockReader = (reader, part, _index, at) => {
    const { coefficients } = part.component
    let k = from
    while (endOfBand === 0 && k <= to) {
      const symbol = reader.symbol(part.ac)
      const run = symbol >> 4
      const size = symbol & 15
      if (size > 1) refuse('IMG-DECODE')
      if (size === 0 && run < 15) {
        endOfBand = (1 << run) + reader.bits(run)
        break
      }
      const value = size === 0 ? 0 : reader.bits(1) ? bit : -bit
      k = refineUntilGap(reader, coefficients, at, k, to, run, bit)
      if (value !== 0) {
        if (k > to) refuse('IMG-DECODE')
        coefficients[at + k] = value
      }
      k++
    }
    if (endOfBand === 0) return
    refineUntilGap(reader, coefficients, at, k, to, 64, bit)
    endOfBand--
  }
  return { read, reset: () => (endOfBand = 0) }
}

/**
 * Reads a correction bit for each coefficient already known from `k` on, until `zeros` unknown ones were passed and
 * another begins (figure G.7). Returns the place of that one, or `to + 1`.
 */
function refineUntilGap(
  reader: BitReader,
  coefficients: Int16Array,
  at: number,
  k: number,
  to: number,
  zeros: number,
  bit: number,
): number {
  for (; k <= to; k++) {
    const value = coefficients[at + k]!
    if (value === 0) {
      if (zeros-- === 0) return k
    } else if (reader.bits(1) && (value & bit) === 0) {
      coefficients[at + k] = value + (value > 0 ? bit : -bit)
    }
  }
  return k
}
