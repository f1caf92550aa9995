import { refuse } from '../../family.ts'
import type { Layout } from './layout.ts'

/**
 * Undoes differences between neighbours in a decoded strip or tile, in place (TIFF 6.0 §14; technical note 3 for floating point).
 * Numbers of several bytes are then low byte first, whatever they were in the file.
 */
export function undoPredictor(
  data: Uint8Array,
  rowBytes: number,
  layout: Layout,
  little: boolean,
): void {
  const { predictor, bits, planar, samples } = layout
  const step = planar ? 1 : samples
  if (predictor === 3) {
    if (layout.format !== 3) refuse('IMG-TIFF')
    for (let at = 0; at < data.length; at += rowBytes) {
      undoFloat(data.subarray(at, at + rowBytes), bits / 8, step)
    }
    return
  }
  if (!little) swapBytes(data, bits)
  if (predictor === 1) return
  if (predictor !== 2) refuse('IMG-TIFF')
  undoDifferences(data, rowBytes, bits, step)
}

/** Turns numbers of 16 or 32 bits around. */
function swapBytes(data: Uint8Array, bits: number): void {
  const whole = data.length - (data.length % 4)
  const buffer = Buffer.from(data.buffer, data.byteOffset, bits === 32 ? whole : data.length & ~1)
  if (bits === 16) buffer.swap16()
  if (bits === 32) buffer.swap32()
}

function undoDifferences(data: Uint8Array, rowBytes: number, bits: number, step: number): void {
  for (let at = 0; at < data.length; at += rowBytes) {
    const row = data.subarray(at, at + rowBytes)
    if (bits === 8) sumBytes(row, step)
    else if (bits === 16) sumWords(row, step)
    else if (bits === 32) sumLongs(row, step)
    else refuse('IMG-TIFF')
  }
}

function sumBytes(row: Uint8Array, step: number): void {
  for (let i = step; i < row.length; i++) row[i] = row[i]! + row[i - step]!
}

function sumWords(row: Uint8Array, step: number): void {
  for (let i = step * 2; i + 1 < row.length; i += 2) {
    const before = row[i - step * 2]! | (row[i - step * 2 + 1]! << 8)
    const sum = (row[i]! | (row[i + 1]! << 8)) + before
    row[i] = sum
    row[i + 1] = sum >> 8
  }
}

function sumLongs(row: Uint8Array, step: number): void {
  const view = new DataView(row.buffer, row.byteOffset, row.length)
  for (let i = step * 4; i + 3 < row.length; i += 4) {
    const sum = view.getUint32(i, true) + view.getUint32(i - step * 4, true)
    view.setUint32(i, sum >>> 0, true)
  }
}

/** The bytes of all numbers stand in planes, highest first, each byte as the difference to the one a pixel before. */
function undoFloat(row: Uint8Array, size: number, step: number): void {
  sumBytes(row, step)
  const count = Math.floor(row.length / size)
  const planes = Uint8Array.from(row)
  for (let i = 0; i < count; i++) {
    for (let byte = 0; byte < size; byte++) {
      row[i * size + byte] = planes[(size - byte - 1) * count + i]!
    }
  }
}
