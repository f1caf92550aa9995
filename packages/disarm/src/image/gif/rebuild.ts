import { Refusal, refuse } from '../../family.ts'
import type { Context } from '../../family.ts'
import { reportLeftover, reportMetadata } from '../leftover.ts'
import { MAX_FRAME_PIXELS, MAX_FRAMES, MAX_PIXELS } from '../limits.ts'
import { byteAt, littleEndian16, startsWith } from '../reading.ts'
import { cropFrame, endsInside, framePixels, readFrame, readPalette } from './frame.ts'
import type { GifControl, GifFrame, GifScreen } from './gif.ts'
import { PaletteUse, paletteBits } from './palette.ts'
import { readSubBlocks } from './sub-blocks.ts'
import { frameBytes, loopBytes, screenBytes, TRAILER } from './write.ts'

const INTRODUCER = 0x21
const SEPARATOR = 0x2c
const CONTROL = 0xf9
const COMMENT = 0xfe
const APPLICATION = 0xff
/** A shorter control block says nothing, of a longer one nothing else is read. */
const CONTROL_BYTES = 4
const LOOP_NAMES = ['NETSCAPE2.0', 'ANIMEXTS1.0']

/**
 * GIF in, GIF out of the same frames: palette indices, colours, place, delay, disposal, transparency and loop count
 * are kept; every other extension is dropped. A missing trailer is forgiven; a file that ends inside a frame is shown as far as it
 * goes. Throws `Refusal`.
 */
export function gifFromGif(
  bytes: Uint8Array,
  context: Context,
  where: string,
  maxFramePixels = MAX_FRAME_PIXELS,
) {
  if (!startsWith(bytes, 'GIF87a') && !startsWith(bytes, 'GIF89a')) refuse('IMG-DECODE')
  return new GifRebuild(bytes, context, where, maxFramePixels).run()
}

/** Frames are written as soon as they are read: 500 decoded frames would not fit. */
class GifRebuild {
  readonly #bytes: Uint8Array
  readonly #context: Context
  readonly #where: string
  readonly #globalPalette: Uint8Array | undefined
  readonly #globalUse = new PaletteUse()
  readonly #frames: Uint8Array[] = []
  #width: number
  #height: number
  #control: GifControl | undefined
  #loops: number | undefined
  /** How many pixels the frames still to come may have together. */
  #pixelsLeft: number
  #at: number

  constructor(bytes: Uint8Array, context: Context, where: string, maxFramePixels: number) {
    this.#bytes = bytes
    this.#context = context
    this.#where = where
    this.#pixelsLeft = maxFramePixels
    this.#width = littleEndian16(bytes, 6)
    this.#height = littleEndian16(bytes, 8)
    this.#globalPalette = readPalette(bytes, 13, byteAt(bytes, 10))
    this.#at = 13 + (this.#globalPalette?.length ?? 0)
  }

  run() {
    while (this.#at < this.#bytes.length) {
      const block = this.#bytes[this.#at]!
      if (block === TRAILER[0]) break
      if (block === SEPARATOR) this.#readFrame()
      // Some writers fill up with zeros between blocks, and every reader steps over them.
      else if (block === 0) this.#at++
      else if (block === INTRODUCER) this.#readExtension()
      else refuse('IMG-DECODE')
    }
    reportLeftover(this.#context, this.#bytes.subarray(this.#at + 1), this.#where)
    if (this.#frames.length === 0) refuse('IMG-DECODE')
    return { output: this.#output(), width: this.#width, height: this.#height }
  }

  #output(): Uint8Array {
    return Buffer.concat([
      screenBytes(this.#screen()),
      ...(this.#loops === undefined ? [] : [loopBytes(this.#loops)]),
      ...this.#frames,
      TRAILER,
    ])
  }

  #screen(): GifScreen {
    const palette = this.#globalPalette && this.#globalUse.tidy(this.#globalPalette)
    return { width: this.#width, height: this.#height, palette, background: 0 }
  }

  /** A later frame that the end of the file cut off too early is left out. */
  #readFrame(): void {
    const from = this.#at
    try {
      this.#takeFrame()
    } catch (error) {
      const cut = this.#frames.length > 0 && endsInside(this.#bytes, from)
      if (!cut || !(error instanceof Refusal) || error.reason !== 'IMG-DECODE') throw error
      this.#context.kept('IMG-TRUNCATED', this.#where)
      this.#at = this.#bytes.length
    }
  }

  #takeFrame(): void {
    if (this.#frames.length >= MAX_FRAMES) refuse('IMG-BOMB')
    this.#pixelsLeft -= framePixels(this.#bytes, this.#at)
    if (this.#pixelsLeft < 0) refuse('IMG-BOMB')
    const read = readFrame(this.#bytes, this.#at, this.#control, this.#context, this.#where)
    if (this.#frames.length === 0) this.#growScreen(read.frame)
    this.#writeFrame(cropFrame(read.frame, this.#width, this.#height))
    this.#control = undefined
    this.#at = read.end
  }

  /** The screen holds at least the first frame, as browsers show it; some writers leave the screen at 0 × 0. */
  #growScreen(frame: GifFrame): void {
    this.#width = Math.min(0xffff, Math.max(this.#width, frame.left + frame.width))
    this.#height = Math.min(0xffff, Math.max(this.#height, frame.top + frame.height))
    if (this.#width * this.#height > MAX_PIXELS) refuse('IMG-BOMB')
  }

  #writeFrame(frame: GifFrame): void {
    if (!frame.palette && !this.#globalPalette) refuse('IMG-DECODE')
    const use = frame.palette ? new PaletteUse() : this.#globalUse
    use.mark(frame.pixels)
    const palette = frame.palette && use.tidy(frame.palette)
    const bits = paletteBits(palette ?? use.tidy(this.#globalPalette!))
    this.#frames.push(frameBytes({ ...frame, palette }, Math.max(2, bits)))
  }

  #readExtension(): void {
    const label = byteAt(this.#bytes, this.#at + 1)
    const { data, end } = readSubBlocks(this.#bytes, this.#at + 2)
    if (label === CONTROL && data.length >= CONTROL_BYTES) this.#control = readControl(data)
    else if (label !== APPLICATION || !this.#readLoops(data)) this.#drop(label, data)
    this.#at = end
  }

  /** True when the block is only the number of repetitions. */
  #readLoops(data: Uint8Array): boolean {
    if (!LOOP_NAMES.some((name) => startsWith(data, name)) || data[11] !== 1) return false
    if (data.length !== 14 || this.#loops !== undefined) return false
    this.#loops = littleEndian16(data, 12)
    return true
  }

  #drop(label: number, data: Uint8Array): void {
    reportMetadata(this.#context, metadataRule(label, data), data, this.#where)
  }
}

/** Text about people, a colour profile, or an extension of the format. */
function metadataRule(label: number, data: Uint8Array): 'IMG-EXIF' | 'IMG-ICC' | 'IMG-GIF' {
  if (label === APPLICATION && startsWith(data, 'ICCRGBG1')) return 'IMG-ICC'
  const isText = label === COMMENT || (label === APPLICATION && startsWith(data, 'XMP Data'))
  return isText ? 'IMG-EXIF' : 'IMG-GIF'
}

/** Disposal 4 is an old misprint for 3; 5 to 7 mean nothing. */
function readControl(data: Uint8Array): GifControl {
  const flags = byteAt(data, 0)
  const disposal = (flags >> 2) & 7
  return {
    disposal: disposal === 4 ? 3 : disposal > 4 ? 0 : disposal,
    delay: littleEndian16(data, 1),
    transparent: flags & 1 ? byteAt(data, 3) : undefined,
  }
}
