/** For tests only: a PNG writer that shares nothing with the one under test, and can write what no honest one would. */
import { crc32, deflateSync } from 'node:zlib'

export interface PngSpecimen {
  readonly width: number
  readonly height: number
  readonly bitDepth: number
  readonly colorType: number
  readonly interlaced?: boolean
  readonly palette?: Uint8Array
  readonly transparency?: Uint8Array
  /** Samples of all pixels, row by row. */
  readonly samples: readonly number[]
  /** Filter of each row in turn, repeated. */
  readonly filters?: readonly number[]
  /** Chunks between IHDR and PLTE, and between the last IDAT and IEND. */
  readonly early?: readonly Uint8Array[]
  readonly late?: readonly Uint8Array[]
  /** Bytes behind the last row inside the zlib stream, behind the zlib stream, behind IEND. */
  readonly surplus?: Uint8Array
  readonly behindStream?: Uint8Array
  readonly trailing?: Uint8Array
}

const SAMPLES = [1, 0, 3, 1, 2, 0, 4]

export function pngSpecimen(specimen: PngSpecimen): Uint8Array {
  const raw = Buffer.concat([filteredRows(specimen), specimen.surplus ?? Buffer.alloc(0)])
  const stream = Buffer.concat([deflateSync(raw), specimen.behindStream ?? Buffer.alloc(0)])
  const half = stream.length >> 1
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    headerChunk(specimen),
    ...(specimen.early ?? []),
    ...(specimen.palette ? [chunk('PLTE', specimen.palette)] : []),
    ...(specimen.transparency ? [chunk('tRNS', specimen.transparency)] : []),
    chunk('IDAT', stream.subarray(0, half)),
    chunk('IDAT', stream.subarray(half)),
    ...(specimen.late ?? []),
    chunk('IEND', new Uint8Array(0)),
    specimen.trailing ?? Buffer.alloc(0),
  ])
}

export function headerChunk(
  specimen: Pick<PngSpecimen, 'width' | 'height' | 'bitDepth' | 'colorType' | 'interlaced'>,
): Uint8Array {
  const data = Buffer.alloc(13)
  data.writeUInt32BE(specimen.width, 0)
  data.writeUInt32BE(specimen.height, 4)
  data.set([specimen.bitDepth, specimen.colorType, 0, 0, specimen.interlaced ? 1 : 0], 8)
  return chunk('IHDR', data)
}

export function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const frame = Buffer.alloc(body.length + 8)
  frame.writeUInt32BE(data.length, 0)
  body.copy(frame, 4)
  frame.writeUInt32BE(crc32(body), body.length + 4)
  return frame
}

/** Rows of the whole picture, packed as PNG packs them: what a reader must find. */
export function packedRows(specimen: PngSpecimen): Uint8Array {
  return Buffer.concat(grid(specimen, 0, 0, 1, 1).map((row) => pack(row, specimen.bitDepth)))
}

function filteredRows(specimen: PngSpecimen): Uint8Array {
  const passes = specimen.interlaced
    ? ['0088', '4088', '0448', '2044', '0224', '1022', '0112'].map((digits) =>
        [...digits].map(Number),
      )
    : [[0, 0, 1, 1]]
  let row = 0
  return Buffer.concat(
    passes.flatMap(([x, y, dx, dy]) => {
      let above: Uint8Array | undefined
      return grid(specimen, x!, y!, dx!, dy!).map((samples) => {
        const packed = pack(samples, specimen.bitDepth)
        const filter = specimen.filters?.[row++ % specimen.filters.length] ?? 0
        const step = Math.max(1, (SAMPLES[specimen.colorType]! * specimen.bitDepth) >> 3)
        const filtered = filterRow(filter, packed, above ?? new Uint8Array(packed.length), step)
        above = packed
        return filtered
      })
    }),
  )
}

/** Samples of the pixels at every `dx`-th column and `dy`-th row from (x, y) on, row by row; no empty rows. */
function grid(specimen: PngSpecimen, x: number, y: number, dx: number, dy: number): number[][] {
  const size = SAMPLES[specimen.colorType]!
  const rows: number[][] = []
  for (let row = y; row < specimen.height; row += dy) {
    const samples: number[] = []
    for (let column = x; column < specimen.width; column += dx) {
      const at = (row * specimen.width + column) * size
      samples.push(...specimen.samples.slice(at, at + size))
    }
    if (samples.length > 0) rows.push(samples)
  }
  return rows
}

function pack(samples: readonly number[], depth: number): Uint8Array {
  const bits = samples.map((sample) => sample.toString(2).padStart(depth, '0')).join('')
  const bytes = bits.match(/.{1,8}/gu) ?? []
  return Uint8Array.from(bytes.map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2)))
}

function filterRow(filter: number, row: Uint8Array, above: Uint8Array, step: number): Uint8Array {
  const filtered = row.map((value, i) => {
    const a = row[i - step] ?? 0
    const b = above[i]!
    const c = above[i - step] ?? 0
    const p = a + b - c
    const nearest = [a, b, c].toSorted((m, n) => Math.abs(p - m) - Math.abs(p - n))[0]!
    return value - [0, a, b, (a + b) >> 1, nearest][filter]!
  })
  return Buffer.concat([Uint8Array.of(filter), filtered])
}
