import { crc32 } from 'node:zlib'
import type { Budget } from './budget.ts'
import { inflateExactly } from './inflate.ts'
import { verifyRows } from './png-rows.ts'
import { demand } from './rejection.ts'

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
const MAX_PIXELS = 100_000_000
/** Samples per pixel by colour type; bit depths that go with it. PNG (third edition) table 11.1. */
const COLOUR: Readonly<
  Record<number, { readonly samples: number; readonly depths: readonly number[] }>
> = {
  0: { samples: 1, depths: [1, 2, 4, 8, 16] },
  2: { samples: 3, depths: [8, 16] },
  3: { samples: 1, depths: [1, 2, 4, 8] },
  4: { samples: 2, depths: [8, 16] },
  6: { samples: 4, depths: [8, 16] },
}
const ORDER = /^IHDR(?: PLTE)?(?: tRNS)? IDAT IEND$/u
/** The most chunks the form has. */
const MAX_CHUNKS = 5

interface Chunk {
  readonly type: string
  readonly data: Uint8Array
}

/** What `IHDR` says. */
export interface Header {
  readonly width: number
  readonly height: number
  readonly depth: number
  readonly colour: number
  /** Bits per pixel. */
  readonly bits: number
}

/** Accepts `IHDR [PLTE] [tRNS] IDAT IEND` with pixel data of exactly the right length, and nothing else. */
export function verifyPng(bytes: Uint8Array, budget: Budget, where: string): void {
  const signed = SIGNATURE.every((byte, index) => bytes[index] === byte)
  demand(signed, 'VERIFY-PNG', where)
  const chunks = readChunks(bytes, where)
  demand(ORDER.test(chunks.map(({ type }) => type).join(' ')), 'VERIFY-PNG', where)
  const header = readHeader(chunks[0]!.data, where)
  const entries = palette(chunks, header, where)
  transparency(chunks, header, entries, where)
  demand(chunks.at(-1)!.data.length === 0, 'VERIFY-PNG', where)
  const rows = inflateExactly(chunks.at(-2)!.data, 'zlib', budget, where)
  verifyRows(rows, header, chunkData(chunks, 'PLTE'), where)
}

function readChunks(bytes: Uint8Array, where: string): readonly Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const chunks: Chunk[] = []
  for (let at = SIGNATURE.length; at < bytes.length;) {
    demand(at + 12 <= bytes.length && chunks.length < MAX_CHUNKS, 'VERIFY-PNG', where)
    const end = at + 12 + view.getUint32(at)
    demand(end <= bytes.length, 'VERIFY-PNG', where)
    demand(crc32(bytes.subarray(at + 4, end - 4)) === view.getUint32(end - 4), 'VERIFY-PNG', where)
    const type = Buffer.from(bytes.subarray(at + 4, at + 8)).toString('latin1')
    chunks.push({ type, data: bytes.subarray(at + 8, end - 4) })
    at = end
  }
  return chunks
}

function chunkData(chunks: readonly Chunk[], wanted: string): Uint8Array | undefined {
  return chunks.find(({ type }) => type === wanted)?.data
}

function readHeader(data: Uint8Array, where: string): Header {
  demand(data.length === 13, 'VERIFY-PNG', where)
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const [width, height] = [view.getUint32(0), view.getUint32(4)]
  const [depth, colour] = [data[8]!, data[9]!]
  const kind = COLOUR[colour]
  demand(width > 0 && height > 0 && width * height <= MAX_PIXELS, 'VERIFY-PNG', where)
  demand(kind !== undefined && kind.depths.includes(depth), 'VERIFY-PNG', where)
  // Compression, filter and interlace: the disarmer writes 0 for all three.
  demand(data[10] === 0 && data[11] === 0 && data[12] === 0, 'VERIFY-PNG', where)
  return { width, height, depth, colour, bits: kind.samples * depth }
}

/** @returns how many entries the palette has; 0 without one. */
function palette(chunks: readonly Chunk[], { colour, depth }: Header, where: string): number {
  const data = chunkData(chunks, 'PLTE')
  demand((colour === 3) === (data !== undefined), 'VERIFY-PNG', where)
  if (data === undefined) return 0
  const entries = data.length / 3
  demand(Number.isInteger(entries) && entries >= 1 && entries <= 1 << depth, 'VERIFY-PNG', where)
  return entries
}

function transparency(
  chunks: readonly Chunk[],
  { colour, depth }: Header,
  entries: number,
  where: string,
): void {
  const data = chunkData(chunks, 'tRNS')
  if (data === undefined) return
  demand(colour < 4, 'VERIFY-PNG', where)
  // An opaque last entry says nothing: it would be a byte to hide in.
  if (colour === 3)
    return demand(
      data.length >= 1 && data.length <= entries && data.at(-1) !== 255,
      'VERIFY-PNG',
      where,
    )
  const samples = Buffer.from(data)
  demand(samples.length === (colour === 0 ? 2 : 6), 'VERIFY-PNG', where)
  for (let at = 0; at < samples.length; at += 2)
    demand(samples.readUInt16BE(at) < 2 ** depth, 'VERIFY-PNG', where)
}
