import { refuse } from '../../family.ts'
import { MAX_COEFFICIENT_BYTES, MAX_PIXELS } from '../limits.ts'
import { bigEndian16, byteAt } from '../reading.ts'
import { MARKER } from './jpeg.ts'
import type { Component, Frame } from './jpeg.ts'

/** A frame header before its coefficients are allocated. */
export interface FrameHeader {
  readonly progressive: boolean
  readonly width: number
  /** 0 when a DNL segment behind the first scan gives it. */
  readonly height: number
  readonly components: readonly Pick<Component, 'id' | 'h' | 'v' | 'table'>[]
}

const BLOCK_BYTES = 128

/**
 * Reads SOF0, SOF1 or SOF2 (T.81 B.2.2): Huffman, 8 bits, 1, 3 or 4 components. Lossless, hierarchical, arithmetic
 * and 12-bit frames are the refusal IMG-DECODE: office programs do not show them either.
 */
export function readFrameHeader(marker: number, data: Uint8Array): FrameHeader {
  const count = byteAt(data, 5)
  if (byteAt(data, 0) !== 8 || ![1, 3, 4].includes(count)) refuse('IMG-DECODE')
  if (data.length !== 6 + count * 3) refuse('IMG-DECODE')
  const components = Array.from({ length: count }, (_, i) => readComponent(data, 6 + i * 3))
  if (new Set(components.map((component) => component.id)).size !== count) refuse('IMG-DECODE')
  const height = bigEndian16(data, 1)
  const width = bigEndian16(data, 3)
  if (width === 0) refuse('IMG-DECODE')
  return { progressive: marker === MARKER.SOF2, width, height, components }
}

function readComponent(data: Uint8Array, at: number): FrameHeader['components'][number] {
  const sampling = byteAt(data, at + 1)
  const component = {
    id: byteAt(data, at),
    h: sampling >> 4,
    v: sampling & 15,
    table: byteAt(data, at + 2),
  }
  const { h, v, table } = component
  if (h < 1 || h > 4 || v < 1 || v > 4 || table > 3) refuse('IMG-DECODE')
  return component
}

/**
 * Allocates the coefficients, after the ceilings and after a look at the bits that are left: each block costs at
 * least one bit, so a small file cannot ask for a large array.
 */
export function openFrame(header: FrameHeader, bitsLeft: number): Frame {
  const { progressive, width, height } = header
  if (height === 0) refuse('IMG-DECODE')
  if (width * height > MAX_PIXELS) refuse('IMG-BOMB')
  const maxH = Math.max(...header.components.map((component) => component.h))
  const maxV = Math.max(...header.components.map((component) => component.v))
  const mcusWide = Math.ceil(width / (8 * maxH))
  const mcusHigh = Math.ceil(height / (8 * maxV))
  const blocks = header.components.reduce((sum, { h, v }) => sum + mcusWide * h * mcusHigh * v, 0)
  if (blocks * BLOCK_BYTES > MAX_COEFFICIENT_BYTES) refuse('IMG-BOMB')
  if (blocks > bitsLeft + fillBlocks(header, mcusWide, mcusHigh)) refuse('IMG-DECODE')
  const components = header.components.map((component) => ({
    ...component,
    blocksWide: Math.ceil(Math.ceil((width * component.h) / maxH) / 8),
    blocksHigh: Math.ceil(Math.ceil((height * component.v) / maxV) / 8),
    blocksPerLine: mcusWide * component.h,
    coefficients: new Int16Array(mcusWide * component.h * mcusHigh * component.v * 64),
    quantization: undefined,
  }))
  return { progressive, width, height, mcusWide, mcusHigh, components }
}

/** At most so many blocks only fill up MCUs and may be absent from scans of one component. */
function fillBlocks(header: FrameHeader, mcusWide: number, mcusHigh: number): number {
  return header.components.reduce(
    (sum, { h, v }) => sum + mcusHigh * v * (h - 1) + mcusWide * h * (v - 1),
    0,
  )
}
