import { crc32, deflateSync } from 'node:zlib'

export interface PngShape {
  readonly width: number
  readonly height: number
  readonly bits: number
  /** 1: grey; 3: red, green, blue. */
  readonly samples: 1 | 3
}

/** PNG (ISO/IEC 15948) of rows that have their filter byte. */
export function writePng({ width, height, bits, samples }: PngShape, rows: Uint8Array): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([bits, samples === 3 ? 2 : 0, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(data.length, 0)
  frame.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
}
