import type { Budget } from './budget.ts'
import { Rejection, demand } from './rejection.ts'

const MAX_PIXELS = 100_000_000

interface Component {
  readonly id: number
  readonly h: number
  readonly v: number
}
interface Frame {
  readonly progressive: boolean
  readonly width: number
  readonly height: number
  readonly components: readonly Component[]
  readonly hMax: number
  readonly vMax: number
}
/** Canonical Huffman code: for each length the first code, the index of its first symbol, and how many there are. */
interface Table {
  readonly first: Int32Array
  readonly offset: Int32Array
  readonly count: Uint8Array
  readonly symbols: Uint8Array
}

/**
 * Accepts only the markers the disarmer writes, and walks every entropy-coded bit of every scan (ITU-T T.81), so that
 * nothing can hide between, inside or after the scans.
 */
export function verifyJpeg(bytes: Uint8Array, budget: Budget, where: string): void {
  new Walk(bytes, budget, where).run()
}

class Walk {
  readonly #bytes: Uint8Array
  readonly #where: string
  readonly #budget: Budget
  readonly #dc: (Table | undefined)[] = []
  readonly #ac: (Table | undefined)[] = []
  #at = 2
  #frame: Frame | undefined
  #restart = 0
  #scans = 0

  constructor(bytes: Uint8Array, budget: Budget, where: string) {
    this.#bytes = bytes
    this.#budget = budget
    this.#where = where
  }

  run(): void {
    this.#demand(this.#bytes[0] === 0xff && this.#bytes[1] === 0xd8)
    let prefix = 0
    for (;;) {
      this.#demand(this.#bytes[this.#at] === 0xff)
      const marker = this.#bytes[this.#at + 1]!
      this.#at += 2
      if (marker === 0xd9) break
      const length = this.#short(this.#at)
      this.#demand(length >= 2 && this.#at + length <= this.#bytes.length)
      const body = this.#bytes.subarray(this.#at + 2, this.#at + length)
      this.#at += length
      // APP0, APP1, APP14 may stand only at the head, each once, in this order.
      if (marker >= 0xe0 && marker <= 0xef) {
        this.#demand(marker > prefix && this.#frame === undefined)
        prefix = marker
        application(marker, body, this.#where)
      } else {
        prefix = 0xff
        this.#segment(marker, body)
      }
    }
    this.#demand(this.#at === this.#bytes.length && this.#scans > 0)
  }

  #segment(marker: number, body: Uint8Array): void {
    switch (marker) {
      case 0xdb:
        return this.#quantisation(body)
      case 0xc4:
        return this.#huffman(body)
      case 0xc0:
      case 0xc1:
      case 0xc2:
        return this.#start(marker, body)
      case 0xdd:
        this.#demand(body.length === 2)
        this.#restart = (body[0]! << 8) | body[1]!
        return undefined
      case 0xda:
        return this.#scan(body)
      default:
        throw new Rejection('VERIFY-JPEG', this.#where)
    }
  }

  #quantisation(body: Uint8Array): void {
    let at = 0
    while (at < body.length) {
      this.#demand((body[at]! & 15) < 4 && body[at]! >> 4 < 2)
      at += 1 + 64 * (1 + (body[at]! >> 4))
    }
    this.#demand(at === body.length)
  }

  #huffman(body: Uint8Array): void {
    let at = 0
    while (at < body.length) {
      this.#demand(at + 17 <= body.length)
      const head = body[at]!
      const count = body.subarray(at + 1, at + 17)
      const total = count.reduce((sum, value) => sum + value, 0)
      this.#demand(
        (head & 15) < 4 && head >> 4 < 2 && total <= 256 && at + 17 + total <= body.length,
      )
      const table = this.#table(count, body.subarray(at + 17, at + 17 + total))
      const set = head >> 4 === 0 ? this.#dc : this.#ac
      set[head & 15] = table
      at += 17 + total
    }
  }

  #table(count: Uint8Array, symbols: Uint8Array): Table {
    const first = new Int32Array(16)
    const offset = new Int32Array(16)
    let code = 0
    let index = 0
    for (let length = 0; length < 16; length++) {
      first[length] = code
      offset[length] = index
      code += count[length]!
      index += count[length]!
      this.#demand(code <= 1 << (length + 1))
      code <<= 1
    }
    return { first, offset, count, symbols }
  }

  #start(marker: number, body: Uint8Array): void {
    this.#demand(this.#frame === undefined && body.length >= 6 && body[0] === 8)
    const height = (body[1]! << 8) | body[2]!
    const width = (body[3]! << 8) | body[4]!
    const count = body[5]!
    this.#demand(
      width > 0 && height > 0 && width * height <= MAX_PIXELS && count >= 1 && count <= 4,
    )
    this.#demand(body.length === 6 + 3 * count)
    const components = Array.from({ length: count }, (_, index) => {
      const at = 6 + 3 * index
      return { id: body[at]!, h: body[at + 1]! >> 4, v: body[at + 1]! & 15 }
    })
    this.#demand(components.every(({ h, v }) => h >= 1 && h <= 4 && v >= 1 && v <= 4))
    this.#demand(new Set(components.map(({ id }) => id)).size === count)
    this.#budget.spend(width * height * count, this.#where)
    const hMax = Math.max(...components.map(({ h }) => h))
    const vMax = Math.max(...components.map(({ v }) => v))
    this.#frame = { progressive: marker === 0xc2, width, height, components, hMax, vMax }
  }

  #scan(body: Uint8Array): void {
    const frame = this.#frame
    if (frame === undefined) throw new Rejection('VERIFY-JPEG', this.#where)
    const count = body[0]!
    this.#demand(count >= 1 && count <= frame.components.length && body.length === 4 + 2 * count)
    this.#demand(++this.#scans <= 200)
    const parts = Array.from({ length: count }, (_, index) => {
      const component = frame.components.find(({ id }) => id === body[1 + 2 * index])
      if (component === undefined) throw new Rejection('VERIFY-JPEG', this.#where)
      const tables = body[2 + 2 * index]!
      return { component, dc: this.#dc[tables >> 4], ac: this.#ac[tables & 15] }
    })
    const [from, to, approximation] = [
      body[1 + 2 * count]!,
      body[2 + 2 * count]!,
      body[3 + 2 * count]!,
    ]
    this.#demand(
      frame.progressive ? from <= to && to < 64 : from === 0 && to === 63 && approximation === 0,
    )
    // Refinement scans (Ah > 0) need the coefficients themselves; the disarmer writes none.
    this.#demand(approximation >> 4 === 0)
    const bits = new Bits(this.#bytes, this.#at, this.#where)
    this.#blocks(frame, parts, { from, to }, bits)
    this.#at = bits.finish()
  }

  #blocks(
    frame: Frame,
    parts: readonly { component: Component; dc: Table | undefined; ac: Table | undefined }[],
    band: { from: number; to: number },
    bits: Bits,
  ): void {
    const single = parts.length === 1 ? parts[0]!.component : undefined
    const across = single === undefined ? frame.hMax * 8 : (8 * frame.hMax) / single.h
    const down = single === undefined ? frame.vMax * 8 : (8 * frame.vMax) / single.v
    const units = Math.ceil(frame.width / across) * Math.ceil(frame.height / down)
    const run = { left: 0 }
    for (let unit = 0; unit < units; unit++) {
      if (this.#restart > 0 && unit > 0 && unit % this.#restart === 0) {
        this.#demand(run.left === 0)
        bits.restart((unit / this.#restart - 1) & 7)
      }
      for (const { component, dc, ac } of parts) {
        const blocks = single === undefined ? component.h * component.v : 1
        for (let block = 0; block < blocks; block++)
          this.#block(dc, ac, { ...band, progressive: frame.progressive }, bits, run)
      }
    }
    this.#demand(run.left === 0)
  }

  #block(
    dc: Table | undefined,
    ac: Table | undefined,
    { from, to, progressive }: { from: number; to: number; progressive: boolean },
    bits: Bits,
    run: { left: number },
  ): void {
    let at = from
    if (at === 0) {
      const size = bits.symbol(dc)
      this.#demand(size <= 11)
      bits.take(size)
      at = 1
    }
    if (to === 0) return
    if (run.left > 0) {
      run.left--
      return
    }
    while (at <= to) {
      const symbol = bits.symbol(ac)
      const zeros = symbol >> 4
      const size = symbol & 15
      if (size > 0) {
        at += zeros
        this.#demand(at <= to && size <= 10)
        bits.take(size)
        at++
      } else if (zeros === 15) at += 16
      else {
        this.#demand(zeros === 0 || progressive)
        run.left = (1 << zeros) - 1 + bits.take(zeros)
        return
      }
    }
    this.#demand(at === to + 1)
  }

  #short(at: number): number {
    return (this.#bytes[at]! << 8) | this.#bytes[at + 1]!
  }
  #demand(condition: boolean): void {
    demand(condition, 'VERIFY-JPEG', this.#where)
  }
}

/** Entropy-coded bits of one scan: byte stuffing, restart markers, padding with ones. */
class Bits {
  readonly #bytes: Uint8Array
  readonly #where: string
  #at: number
  #held = 0
  #count = 0

  constructor(bytes: Uint8Array, at: number, where: string) {
    this.#bytes = bytes
    this.#at = at
    this.#where = where
  }

  take(count: number): number {
    let value = 0
    for (let index = 0; index < count; index++) value = (value << 1) | this.#bit()
    return value
  }

  symbol(table: Table | undefined): number {
    if (table === undefined) throw new Rejection('VERIFY-JPEG', this.#where)
    let code = 0
    for (let length = 0; length < 16; length++) {
      code = (code << 1) | this.#bit()
      const index = code - table.first[length]!
      if (index >= 0 && index < table.count[length]!)
        return table.symbols[table.offset[length]! + index]!
    }
    throw new Rejection('VERIFY-JPEG', this.#where)
  }

  restart(number: number): void {
    this.#align()
    demand(
      this.#bytes[this.#at] === 0xff && this.#bytes[this.#at + 1] === 0xd0 + number,
      'VERIFY-JPEG',
      this.#where,
    )
    this.#at += 2
  }

  /** Position of the marker that follows the scan. */
  finish(): number {
    this.#align()
    return this.#at
  }

  #align(): void {
    // Padding is ones (T.81 F.1.2.3); other values would be a channel.
    demand(this.#count < 8 && this.#held === (1 << this.#count) - 1, 'VERIFY-JPEG', this.#where)
    this.#held = 0
    this.#count = 0
  }

  #bit(): number {
    if (this.#count === 0) {
      const byte = this.#bytes[this.#at++]
      demand(byte !== undefined, 'VERIFY-JPEG', this.#where)
      if (byte === 0xff) demand(this.#bytes[this.#at++] === 0, 'VERIFY-JPEG', this.#where)
      this.#held = byte
      this.#count = 8
    }
    this.#count--
    const bit = (this.#held >> this.#count) & 1
    this.#held &= (1 << this.#count) - 1
    return bit
  }
}

function application(marker: number, body: Uint8Array, where: string): void {
  const latin = Buffer.from(body).toString('latin1')
  switch (marker) {
    case 0xe0:
      demand(
        body.length === 14 &&
          latin.startsWith('JFIF\0\x01\x01') &&
          body[12] === 0 &&
          body[13] === 0,
        'VERIFY-JPEG',
        where,
      )
      return
    case 0xe1:
      demand(
        latin.startsWith('Exif\0\0') && body.length === 32 && orientationOnly(body),
        'VERIFY-JPEG',
        where,
      )
      return
    case 0xee:
      demand(
        body.length === 12 && latin.startsWith('Adobe') && body[11]! <= 2,
        'VERIFY-JPEG',
        where,
      )
      return
    default:
      throw new Rejection('VERIFY-JPEG', where)
  }
}

/** TIFF header, one directory entry (0x0112 orientation, SHORT, 1), no next directory. */
function orientationOnly(body: Uint8Array): boolean {
  const tiff = Buffer.from(body.subarray(6))
  const little = tiff.toString('latin1', 0, 2) === 'II'
  const short = (at: number): number => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at))
  const long = (at: number): number => (little ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at))
  const known = little || tiff.toString('latin1', 0, 2) === 'MM'
  return (
    known &&
    short(2) === 42 &&
    long(4) === 8 &&
    short(8) === 1 &&
    short(10) === 0x0112 &&
    short(12) === 3 &&
    long(14) === 1 &&
    short(18) >= 1 &&
    short(18) <= 8 &&
    short(20) === 0 &&
    long(22) === 0
  )
}
