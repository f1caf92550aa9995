/**
 * For tests only: a JPEG writer that shares nothing with the one under test. Its Huffman tables are trivial (the code of
 * symbol s is s in eight bits), which lets it write any scan script, sequential or progressive, and any lie.
 */

export interface ComponentSpecimen {
  readonly id: number
  readonly h: number
  readonly v: number
  /** Coefficients in zigzag order of each block, rows filled up to whole MCUs. */
  readonly blocks: readonly (readonly number[])[]
}

export interface ScanSpecimen {
  readonly components: readonly number[]
  readonly from: number
  readonly to: number
  readonly high: number
  readonly low: number
}

export interface JpegSpecimen {
  readonly width: number
  readonly height: number
  readonly components: readonly ComponentSpecimen[]
  readonly scans: readonly ScanSpecimen[]
  /** SOF marker; 0xc0 sequential, 0xc2 progressive. */
  readonly frameMarker?: number
  readonly restartInterval?: number
  /** Height field of the frame is 0 and a DNL segment follows the first scan. */
  readonly heightInDnl?: boolean
  /** Segments behind SOI. */
  readonly early?: readonly Uint8Array[]
  /** Bytes before and behind EOI. */
  readonly beforeEnd?: Uint8Array
  readonly trailing?: Uint8Array
  readonly withoutEnd?: boolean
  /** Every marker is preceded by this many further 0xFF. */
  readonly fill?: number
}

export const WHOLE_BAND = { from: 0, to: 63, high: 0, low: 0 }

export function jpegSpecimen(jpeg: JpegSpecimen): Uint8Array {
  const fill = Buffer.alloc(jpeg.fill ?? 0, 0xff)
  const marked = (marker: number, data: Uint8Array) => Buffer.concat([fill, segment(marker, data)])
  const dri = jpeg.restartInterval ? [marked(0xdd, be16(jpeg.restartInterval))] : []
  return Buffer.concat([
    Uint8Array.of(0xff, 0xd8),
    ...(jpeg.early ?? []),
    marked(0xdb, Uint8Array.of(0, ...Array.from({ length: 64 }, (_, i) => i + 1))),
    marked(jpeg.frameMarker ?? 0xc0, frameData(jpeg)),
    marked(0xc4, trivialTable(0x00)),
    marked(0xc4, trivialTable(0x10)),
    ...dri,
    ...jpeg.scans.flatMap((scan, i) => [
      marked(0xda, scanData(jpeg, scan)),
      entropy(jpeg, scan),
      ...(jpeg.heightInDnl && i === 0 ? [marked(0xdc, be16(jpeg.height))] : []),
    ]),
    jpeg.beforeEnd ?? Buffer.alloc(0),
    ...(jpeg.withoutEnd ? [] : [fill, Uint8Array.of(0xff, 0xd9)]),
    jpeg.trailing ?? Buffer.alloc(0),
  ])
}

export function segment(marker: number, data: Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.of(0xff, marker), be16(data.length + 2), data])
}

export function grid(jpeg: Pick<JpegSpecimen, 'width' | 'height' | 'components'>, index: number) {
  const maxH = Math.max(...jpeg.components.map(({ h }) => h))
  const maxV = Math.max(...jpeg.components.map(({ v }) => v))
  const { h, v } = jpeg.components[index]!
  const mcusWide = Math.ceil(jpeg.width / (8 * maxH))
  const mcusHigh = Math.ceil(jpeg.height / (8 * maxV))
  return {
    mcusWide,
    mcusHigh,
    perLine: mcusWide * h,
    wide: Math.ceil((jpeg.width * h) / (8 * maxH)),
    high: Math.ceil((jpeg.height * v) / (8 * maxV)),
  }
}

function frameData(jpeg: JpegSpecimen): Uint8Array {
  const height = jpeg.heightInDnl ? 0 : jpeg.height
  const components = jpeg.components.flatMap(({ id, h, v }) => [id, (h << 4) | v, 0])
  return Buffer.concat([
    Uint8Array.of(8),
    be16(height),
    be16(jpeg.width),
    Uint8Array.of(jpeg.components.length, ...components),
  ])
}

/** 251 codes of eight bits: 0x00 to 0xFA. */
function trivialTable(head: number): Uint8Array {
  const counts = [0, 0, 0, 0, 0, 0, 0, 251, 0, 0, 0, 0, 0, 0, 0, 0]
  return Uint8Array.of(head, ...counts, ...Array.from({ length: 251 }, (_, i) => i))
}

function scanData(jpeg: JpegSpecimen, scan: ScanSpecimen): Uint8Array {
  const parts = scan.components.flatMap((index) => [jpeg.components[index]!.id, 0])
  return Uint8Array.of(parts.length / 2, ...parts, scan.from, scan.to, (scan.high << 4) | scan.low)
}

/** Blocks in coding order, cut into restart segments. */
function entropy(jpeg: JpegSpecimen, scan: ScanSpecimen): Uint8Array {
  const units = [...unitsOf(jpeg, scan)]
  const size = jpeg.restartInterval || units.length
  const parts: Uint8Array[] = []
  for (let at = 0, number = 0; at < units.length; at += size, number++) {
    if (at > 0) parts.push(Uint8Array.of(0xff, 0xd0 + ((number - 1) % 8)))
    parts.push(stuff(new SegmentWriter(jpeg, scan).write(units.slice(at, at + size))))
  }
  return Buffer.concat(parts)
}

type Unit = readonly { readonly index: number; readonly block: readonly number[] }[]

function* unitsOf(jpeg: JpegSpecimen, scan: ScanSpecimen): Generator<Unit> {
  const [first, ...others] = scan.components
  if (others.length === 0) {
    const { wide, high, perLine } = grid(jpeg, first!)
    for (let y = 0; y < high; y++) {
      for (let x = 0; x < wide; x++) {
        yield [{ index: first!, block: jpeg.components[first!]!.blocks[y * perLine + x]! }]
      }
    }
    return
  }
  const { mcusWide, mcusHigh } = grid(jpeg, 0)
  for (let my = 0; my < mcusHigh; my++) {
    for (let mx = 0; mx < mcusWide; mx++) {
      yield scan.components.flatMap((index) => {
        const { h, v, blocks } = jpeg.components[index]!
        const { perLine } = grid(jpeg, index)
        return Array.from({ length: h * v }, (_, i) => {
          const at = (my * v + Math.floor(i / h)) * perLine + mx * h + (i % h)
          return { index, block: blocks[at]! }
        })
      })
    }
  }
}

/** One restart segment: predictions begin at zero, an end-of-band run never crosses its end. */
class SegmentWriter {
  readonly #jpeg: JpegSpecimen
  readonly #scan: ScanSpecimen
  readonly #predictions = [0, 0, 0, 0]
  #bits = ''
  #run = 0

  constructor(jpeg: JpegSpecimen, scan: ScanSpecimen) {
    this.#jpeg = jpeg
    this.#scan = scan
  }

  write(units: readonly Unit[]): Uint8Array {
    for (const { index, block } of units.flat()) this.#block(index, block)
    this.#flushRun()
    const padded = this.#bits.padEnd(Math.ceil(this.#bits.length / 8) * 8, '1')
    return Uint8Array.from(padded.match(/.{8}/gu) ?? [], (byte) => Number.parseInt(byte, 2))
  }

  #block(index: number, block: readonly number[]): void {
    const { from, to, high, low } = this.#scan
    const progressive = this.#jpeg.frameMarker === 0xc2
    if (from === 0 && high === 0) this.#dc(index, block[0]! >> low)
    if (from === 0 && high > 0) this.#bits += (block[0]! >> low) & 1
    if (to === 0) return
    if (!progressive) this.#ac(block, 1, 63, 0, false)
    else if (high === 0) this.#ac(block, from, to, low, true)
    else this.#refine(block, from, to, low)
  }

  #dc(index: number, value: number): void {
    const difference = value - this.#predictions[index]!
    this.#predictions[index] = value
    const size = bitSize(difference)
    this.#symbol(size)
    this.#value(difference, size)
  }

  #ac(block: readonly number[], from: number, to: number, low: number, runs: boolean): void {
    const values = shifted(block, from, to, low)
    const last = values.findLastIndex((value) => value !== 0)
    if (last >= 0) this.#flushRun()
    let zeros = 0
    for (const value of values.slice(0, last + 1)) {
      if (value === 0) {
        zeros++
        continue
      }
      for (; zeros > 15; zeros -= 16) this.#symbol(0xf0)
      this.#symbol((zeros << 4) | bitSize(value))
      this.#value(value, bitSize(value))
      zeros = 0
    }
    if (last === values.length - 1) return
    if (!runs) this.#symbol(0)
    else if (++this.#run === 0x7fff) this.#flushRun()
  }

  /** T.81 G.1.2.3 without runs over several blocks: the correction bits follow the symbol they belong to. */
  #refine(block: readonly number[], from: number, to: number, low: number): void {
    const values = shifted(block, from, to, low)
    const lastNew = values.findLastIndex((value) => Math.abs(value) === 1)
    let zeros = 0
    let corrections = ''
    values.forEach((value, i) => {
      if (value === 0 && i <= lastNew) {
        if (++zeros < 16) return
        this.#symbol(0xf0)
        this.#bits += corrections
        corrections = ''
        zeros = 0
      } else if (Math.abs(value) === 1) {
        this.#symbol((zeros << 4) | 1)
        this.#bits += (value > 0 ? '1' : '0') + corrections
        corrections = ''
        zeros = 0
      } else if (value !== 0) corrections += Math.abs(value) & 1
    })
    if (lastNew === values.length - 1) return
    this.#symbol(0)
    this.#bits += corrections
  }

  #flushRun(): void {
    if (this.#run === 0) return
    const size = bitSize(this.#run) - 1
    this.#symbol(size << 4)
    if (size > 0) this.#bits += (this.#run - (1 << size)).toString(2).padStart(size, '0')
    this.#run = 0
  }

  #symbol(symbol: number): void {
    this.#bits += symbol.toString(2).padStart(8, '0')
  }

  #value(value: number, size: number): void {
    if (size === 0) return
    this.#bits += (value > 0 ? value : value + 2 ** size - 1).toString(2).padStart(size, '0')
  }
}

/** AC coefficients are divided by 2^low towards zero (T.81 G.1.2.2). */
function shifted(block: readonly number[], from: number, to: number, low: number): number[] {
  return block.slice(from, to + 1).map((value) => Math.trunc(value / 2 ** low))
}

function bitSize(value: number): number {
  return value === 0 ? 0 : Math.abs(value).toString(2).length
}

function stuff(data: Uint8Array): Uint8Array {
  return Uint8Array.from([...data].flatMap((byte) => (byte === 0xff ? [0xff, 0] : [byte])))
}

function be16(value: number): Uint8Array {
  return Uint8Array.of(value >> 8, value & 0xff)
}
