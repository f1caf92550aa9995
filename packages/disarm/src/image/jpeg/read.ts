import { refuse } from '../../family.ts'
import type { Context } from '../../family.ts'
import { reportLeftover } from '../leftover.ts'
import { MAX_SCANS } from '../limits.ts'
import { bigEndian16, byteAt, slice } from '../reading.ts'
import { readApplication } from './application.ts'
import type { Application } from './application.ts'
import { openFrame, readFrameHeader } from './frame.ts'
import type { FrameHeader } from './frame.ts'
import { buildLookup, NO_CODES } from './huffman-lookup.ts'
import type { HuffmanLookup } from './huffman-lookup.ts'
import { MARKER } from './jpeg.ts'
import type { Frame, Jpeg, Scan, ScanComponent } from './jpeg.ts'
import { Progress } from './progress.ts'
import { decodeScan } from './scan.ts'

/**
 * Decodes a whole JPEG to coefficients: sequential and progressive Huffman, 8 bits, with restart intervals, fill
 * bytes and DNL. Reports metadata, thumbnails and stray bytes to `context`. A missing EOI is forgiven when every block was there;
 * blocks that are missing because the file ends early are grey and reported as kept IMG-TRUNCATED.
 */
export function readJpeg(bytes: Uint8Array, context: Context, where: string): Jpeg {
  if (bigEndian16(bytes, 0) !== 0xff00 + MARKER.SOI) refuse('IMG-DECODE')
  return new JpegReader(bytes, context, where).read()
}

/** Everything that segments set for the scans after them. */
class JpegReader {
  readonly #bytes: Uint8Array
  readonly #context: Context
  readonly #where: string
  readonly #quantization: (Uint16Array | undefined)[] = []
  readonly #huffman = new Map<number, HuffmanTable>()
  readonly #application: Application = {
    density: undefined,
    orientation: 0,
    adobeTransform: undefined,
  }
  #header: FrameHeader | undefined
  #frame: Frame | undefined
  #progress: Progress | undefined
  #restartInterval = 0
  #scans = 0
  #at = 2

  constructor(bytes: Uint8Array, context: Context, where: string) {
    this.#bytes = bytes
    this.#context = context
    this.#where = where
  }

  read(): Jpeg {
    for (;;) {
      const marker = this.#nextMarker()
      if (marker === MARKER.EOI) return this.#finish()
      if (this.#cutInSegment()) return this.#finishEarly()
      this.#readSegment(marker)
    }
  }

  /** True when a picture is there and the file ends inside the segment that follows it. */
  #cutInSegment(): boolean {
    if (!this.#progress?.complete) return false
    const at = this.#at
    return at + 2 > this.#bytes.length || at + bigEndian16(this.#bytes, at) > this.#bytes.length
  }

  #finishEarly(): Jpeg {
    this.#context.kept('IMG-TRUNCATED', this.#where)
    return this.#finish()
  }

  /** Steps behind the next marker. What stands before it is dropped; the end of the file counts as EOI. */
  #nextMarker(): number {
    const from = this.#at
    for (let at = from; ;) {
      at = this.#bytes.indexOf(0xff, at)
      if (at < 0) return this.#endOfFile(from)
      const start = at
      while (this.#bytes[at] === 0xff) at++
      if (at >= this.#bytes.length) return this.#endOfFile(from)
      if (this.#bytes[at] === 0) continue
      reportLeftover(this.#context, this.#bytes.subarray(from, start), this.#where)
      this.#at = at + 1
      return this.#bytes[at]!
    }
  }

  #endOfFile(from: number): number {
    reportLeftover(this.#context, this.#bytes.subarray(from), this.#where)
    this.#at = this.#bytes.length
    return MARKER.EOI
  }

  #readSegment(marker: number): void {
    const length = bigEndian16(this.#bytes, this.#at)
    const data = slice(this.#bytes, this.#at + 2, length - 2)
    this.#at += length
    if (marker === MARKER.DQT) this.#readQuantization(data)
    else if (marker === MARKER.DHT) this.#readHuffman(data)
    else if (marker === MARKER.SOS) this.#readScan(data)
    else if (marker === MARKER.DRI) this.#restartInterval = bigEndian16(data, 0)
    else if (isFrame(marker) && !this.#header) this.#header = readFrameHeader(marker, data)
    else if (marker === MARKER.DNL && this.#frame?.height === bigEndian16(data, 0)) return
    else if (isApplication(marker)) {
      readApplication(marker, data, this.#application, this.#context, this.#where)
    } else refuse('IMG-DECODE')
  }

  /** DQT, T.81 B.2.4.1: 8 or 16 bits per element; zero would erase the picture. */
  #readQuantization(data: Uint8Array): void {
    for (let at = 0; at < data.length;) {
      const head = byteAt(data, at++)
      const wide = head >> 4
      if (wide > 1 || (head & 15) > 3) refuse('IMG-DECODE')
      const table = new Uint16Array(64)
      for (let k = 0; k < 64; k++, at += wide + 1) {
        table[k] = wide ? bigEndian16(data, at) : byteAt(data, at)
      }
      if (table.includes(0)) refuse('IMG-DECODE')
      this.#quantization[head & 15] = table
    }
  }

  /** DHT, T.81 B.2.4.2. Decoding tables are built when a scan asks: a file may define thousands and use none. */
  #readHuffman(data: Uint8Array): void {
    for (let at = 0; at < data.length;) {
      const head = byteAt(data, at)
      const counts = slice(data, at + 1, 16)
      const size = counts.reduce((sum, count) => sum + count, 0)
      if (head >> 4 > 1 || (head & 15) > 3 || size > 256) refuse('IMG-DECODE')
      this.#huffman.set(head, new HuffmanTable(counts, slice(data, at + 17, size)))
      at += 17 + size
    }
  }

  #readScan(data: Uint8Array): void {
    if (++this.#scans > MAX_SCANS) refuse('IMG-BOMB')
    const frame = (this.#frame ??= this.#openFrame())
    const progress = (this.#progress ??= new Progress(frame))
    const scan = this.#readScanHeader(data, frame)
    progress.advance(scan)
    this.#at = decodeScan(this.#bytes, this.#at, scan, frame, this.#context, this.#where)
  }

  #openFrame(): Frame {
    const header = this.#header ?? refuse('IMG-DECODE')
    const height = header.height || this.#heightBehindScan()
    const frame = openFrame({ ...header, height }, (this.#bytes.length - this.#at) * 8)
    for (const component of frame.components) this.#context.spend(component.coefficients.byteLength)
    return frame
  }

  /** DNL (T.81 B.2.5): the first marker behind the first scan gives the height. */
  #heightBehindScan(): number {
    for (let at = this.#bytes.indexOf(0xff, this.#at); at >= 0;) {
      const code = byteAt(this.#bytes, at + 1)
      if (code === MARKER.DNL) return bigEndian16(this.#bytes, at + 4)
      if (code !== 0 && code !== 0xff && (code & 0xf8) !== 0xd0) break
      at = this.#bytes.indexOf(0xff, at + 1)
    }
    return refuse('IMG-DECODE')
  }

  /** SOS, T.81 B.2.3. Sequential scans always hold the whole band, whatever their unused fields say. */
  #readScanHeader(data: Uint8Array, frame: Frame): Scan {
    const count = byteAt(data, 0)
    if (count < 1 || count > 4 || data.length !== 4 + count * 2) refuse('IMG-DECODE')
    const tail = 1 + count * 2
    const approximation = byteAt(data, tail + 2)
    const band = frame.progressive
      ? {
          from: byteAt(data, tail),
          to: byteAt(data, tail + 1),
          high: approximation >> 4,
          low: approximation & 15,
        }
      : { from: 0, to: 63, high: 0, low: 0 }
    const components = Array.from({ length: count }, (_, i) =>
      this.#scanComponent(data, 1 + i * 2, frame, band),
    )
    if (new Set(components.map((part) => part.component)).size !== count) refuse('IMG-DECODE')
    const blocks = components.reduce((sum, { component: { h, v } }) => sum + h * v, 0)
    if (count > 1 && blocks > 10) refuse('IMG-DECODE')
    return { components, ...band, restartInterval: this.#restartInterval }
  }

  #scanComponent(
    data: Uint8Array,
    at: number,
    frame: Frame,
    band: Pick<Scan, 'from' | 'to' | 'high'>,
  ): ScanComponent {
    const id = byteAt(data, at)
    const tables = byteAt(data, at + 1)
    const component =
      frame.components.find((candidate) => candidate.id === id) ?? refuse('IMG-DECODE')
    component.quantization ??= this.#quantization[component.table] ?? refuse('IMG-DECODE')
    const needsDc = band.from === 0 && band.high === 0
    const needsAc = band.to > 0
    return {
      component,
      dc: needsDc ? this.#lookup(tables >> 4) : NO_CODES,
      ac: needsAc ? this.#lookup(0x10 | (tables & 15)) : NO_CODES,
    }
  }

  #lookup(head: number): HuffmanLookup {
    return this.#huffman.get(head)?.lookup ?? refuse('IMG-DECODE')
  }

  #finish(): Jpeg {
    reportLeftover(this.#context, this.#bytes.subarray(this.#at), this.#where)
    const { density, orientation, adobeTransform } = this.#application
    if (!this.#frame || !this.#progress?.complete) refuse('IMG-DECODE')
    return { frame: this.#frame, density, orientation: orientation || 1, adobeTransform }
  }
}

/** A DHT table whose decoding form is built at first use. */
class HuffmanTable {
  readonly #counts: Uint8Array
  readonly #symbols: Uint8Array
  #lookup: HuffmanLookup | undefined

  constructor(counts: Uint8Array, symbols: Uint8Array) {
    this.#counts = counts
    this.#symbols = symbols
  }

  get lookup(): HuffmanLookup {
    return (this.#lookup ??= buildLookup(this.#counts, this.#symbols))
  }
}

function isFrame(marker: number): boolean {
  return marker >= MARKER.SOF0 && marker <= MARKER.SOF2
}

function isApplication(marker: number): boolean {
  return (marker >= MARKER.APP0 && marker <= MARKER.APP15) || marker === MARKER.COM
}
