import { crc32 } from 'node:zlib'
import type { Budget } from './budget.ts'
import { inflateExactly } from './inflate.ts'
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

interface Chunk {
  readonly type: string
  readonly data: Uint8Array
}

/** Accepts `IHDR [PLTE] [tRNS] IDAT+ IEND` with pixel data of exactly the right length, and nothing else. */
export function verifyPng(bytes: Uint8Array, budget: Budget, where: string): void {
  demand(
    SIGNATURE.every((byte, index) => bytes[index] === byte),
    'VERIFY-PNG',
    where,
  )
  const chunks = readChunks(bytes, where)
  const order = chunks.map((chunk) => chunk.type).join(' ')
  demand(/^IHDR(?: PLTE)?(?: tRNS)?(?: IDAT)+ IEND$/u.test(order), 'VERIFY-PNG', where)
  const header = readHeader(chunks[0]!.data, where)
  for (const { type, data } of chunks) {
    if (type === 'PLTE')
      demand(data.length > 0 && data.length % 3 === 0 && data.length <= 768, 'VERIFY-PNG', where)
    if (type === 'tRNS')
      demand(data.length > 0 && data.length <= 256 && header.colour < 4, 'VERIFY-PNG', where)
    if (type === 'IEND') demand(data.length === 0, 'VERIFY-PNG', where)
  }
  demand(header.colour !== 3 || order.includes('PLTE'), 'VERIFY-PNG', where)
  const packed = Buffer.concat(
    chunks.filter((chunk) => chunk.type === 'IDAT').map((chunk) => chunk.data),
  )
  const rows = inflateExactly(packed, 'zlib', budget, where)
  const stride = 1 + Math.ceil((header.width * header.bits) / 8)
  demand(rows.length === stride * header.height, 'VERIFY-PNG', where)
  for (let row = 0; row < header.height; row++)
    demand(rows[row * stride]! <= 4, 'VERIFY-PNG', where)
}

function readChunks(bytes: Uint8Array, where: string): readonly Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const chunks: Chunk[] = []
  let at = SIGNATURE.length
  while (at < bytes.length) {
    demand(at + 12 <= bytes.length, 'VERIFY-PNG', where)
    const end = at + 12 + view.getUint32(at)
    demand(end <= bytes.length, 'VERIFY-PNG', where)
    demand(crc32(bytes.subarray(at + 4, end - 4)) === view.getUint32(end - 4), 'VERIFY-PNG', where)
    const type = Buffer.from(bytes.subarray(at + 4, at + 8)).toString('latin1')
    demand(/^[A-Za-z]{4}$/u.test(type), 'VERIFY-PNG', where)
    chunks.push({ type, data: bytes.subarray(at + 8, end - 4) })
    at = end
  }
  return chunks
}

function readHeader(
  data: Uint8Array,
  where: string,
): { width: number; height: number; bits: number; colour: number } {
  demand(data.length === 13, 'VERIFY-PNG', where)
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const width = view.getUint32(0)
  const height = view.getUint32(4)
  const depth = data[8]!
  const colour = data[9]!
  const kind = COLOUR[colour]
  demand(width > 0 && height > 0 && width * height <= MAX_PIXELS, 'VERIFY-PNG', where)
  demand(kind !== undefined && kind.depths.includes(depth), 'VERIFY-PNG', where)
  // Compression, filter and interlace: the disarmer writes 0 for all three.
  demand(data[10] === 0 && data[11] === 0 && data[12] === 0, 'VERIFY-PNG', where)
  return { width, height, bits: kind.samples * depth, colour }
}
