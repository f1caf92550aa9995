/** For tests only: a GIF writer that shares nothing with the one under test. It never lets the LZW code grow. */

export interface FrameSpecimen {
  readonly left?: number
  readonly top?: number
  readonly width: number
  readonly height: number
  /** Palette indices from top to bottom. */
  readonly pixels: readonly number[]
  readonly palette?: Uint8Array
  readonly interlaced?: boolean
  /** The seven bytes between `21 F9 04` and its end, e.g. flags, delay, transparent index. */
  readonly control?: readonly [
    flags: number,
    delayLow: number,
    delayHigh: number,
    transparent: number,
  ]
  /** LZW minimum code size; 8 unless told. */
  readonly minimum?: number
}

export interface GifSpecimen {
  readonly width: number
  readonly height: number
  readonly palette?: Uint8Array
  readonly frames: readonly FrameSpecimen[]
  /** Blocks between the screen and the first frame. */
  readonly early?: readonly Uint8Array[]
  readonly trailing?: Uint8Array
}

export function gifSpecimen(gif: GifSpecimen): Uint8Array {
  return Buffer.concat([
    Buffer.from('GIF89a'),
    Buffer.from([...le(gif.width), ...le(gif.height), tableFlags(gif.palette), 0, 0]),
    gif.palette ?? Buffer.alloc(0),
    ...(gif.early ?? []),
    ...gif.frames.map((frame) => frameBlock(frame)),
    Uint8Array.of(0x3b),
    gif.trailing ?? Buffer.alloc(0),
  ])
}

/** `21`, label, `data` in sub-blocks, `00`. */
export function extension(label: number, ...subBlocks: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([
    Uint8Array.of(0x21, label),
    ...subBlocks.flatMap((block) => [Uint8Array.of(block.length), block]),
    Uint8Array.of(0),
  ])
}

export function netscapeLoop(loops: number): Uint8Array {
  return extension(0xff, Buffer.from('NETSCAPE2.0'), Uint8Array.of(1, ...le(loops)))
}

function frameBlock(frame: FrameSpecimen): Uint8Array {
  const { minimum = 8, width, height } = frame
  const flags = tableFlags(frame.palette) | (frame.interlaced ? 0x40 : 0)
  return Buffer.concat([
    ...(frame.control ? [extension(0xf9, Uint8Array.from(frame.control))] : []),
    Uint8Array.of(
      0x2c,
      ...le(frame.left ?? 0),
      ...le(frame.top ?? 0),
      ...le(width),
      ...le(height),
      flags,
    ),
    frame.palette ?? Buffer.alloc(0),
    Uint8Array.of(minimum),
    chain(lzwWithoutTable(storedOrder(frame), minimum)),
  ])
}

function storedOrder(frame: FrameSpecimen): readonly number[] {
  if (!frame.interlaced) return frame.pixels
  const rows = [...Array(frame.height).keys()]
  const order = [
    ...rows.filter((y) => y % 8 === 0),
    ...rows.filter((y) => y % 8 === 4),
    ...rows.filter((y) => y % 4 === 2),
    ...rows.filter((y) => y % 2 === 1),
  ]
  return order.flatMap((y) => frame.pixels.slice(y * frame.width, (y + 1) * frame.width))
}

/** A clear code before the table would need a wider code: each pixel is one code of `minimum + 1` bits. */
function lzwWithoutTable(pixels: readonly number[], minimum: number): Uint8Array {
  const clear = 2 ** minimum
  const codes = pixels.flatMap((pixel, i) => (i % (clear - 2) === 0 ? [clear, pixel] : [pixel]))
  const bits = [...codes, clear + 1]
    .map((code) => code.toString(2).padStart(minimum + 1, '0'))
    .toReversed()
    .join('')
  const padded = bits.padStart(Math.ceil(bits.length / 8) * 8, '0')
  return Uint8Array.from(padded.match(/.{8}/gu)!.toReversed(), (byte) => Number.parseInt(byte, 2))
}

function chain(data: Uint8Array): Uint8Array {
  const blocks: Uint8Array[] = []
  for (let at = 0; at < data.length; at += 100) {
    const block = data.subarray(at, at + 100)
    blocks.push(Uint8Array.of(block.length), block)
  }
  return Buffer.concat([...blocks, Uint8Array.of(0)])
}

function tableFlags(palette: Uint8Array | undefined): number {
  return palette ? 0x80 | (Math.log2(palette.length / 3) - 1) : 0
}

function le(value: number): [number, number] {
  return [value & 0xff, value >> 8]
}
