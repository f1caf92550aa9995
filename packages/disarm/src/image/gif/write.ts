import type { GifControl, GifFrame, GifScreen } from './gif.ts'
import { lzwEncode } from './lzw-encode.ts'
import { paletteBits } from './palette.ts'
import { writeSubBlocks } from './sub-blocks.ts'

/** `GIF89a` and the logical screen descriptor with its table (§17 to §19). */
export function screenBytes({ width, height, palette, background }: GifScreen): Uint8Array {
  const flags = palette ? 0x80 | 0x70 | (paletteBits(palette) - 1) : 0x70
  return Buffer.concat([
    Buffer.from('GIF89a', 'latin1'),
    littleEndian(width, height),
    Uint8Array.of(flags, background, 0),
    palette ?? new Uint8Array(0),
  ])
}

/** Repetitions, 0 for endless: the NETSCAPE2.0 application block. */
export function loopBytes(loops: number): Uint8Array {
  return Buffer.concat([
    Buffer.from('\x21\xff\x0bNETSCAPE2.0\x03\x01', 'latin1'),
    littleEndian(loops),
    Uint8Array.of(0),
  ])
}

/** One frame: graphic control extension when it had one, image descriptor, table, LZW data. */
export function frameBytes(frame: GifFrame, minimumCodeSize: number): Uint8Array {
  const { palette, control } = frame
  return Buffer.concat([
    ...(control ? [controlBytes(control)] : []),
    Uint8Array.of(0x2c),
    littleEndian(frame.left, frame.top, frame.width, frame.height),
    Uint8Array.of(palette ? 0x80 | (paletteBits(palette) - 1) : 0),
    palette ?? new Uint8Array(0),
    Uint8Array.of(minimumCodeSize),
    writeSubBlocks(lzwEncode(frame.pixels, minimumCodeSize)),
  ])
}

export const TRAILER = Uint8Array.of(0x3b)

function controlBytes({ disposal, delay, transparent }: GifControl): Uint8Array {
  const flags = (disposal << 2) | (transparent === undefined ? 0 : 1)
  return Buffer.concat([
    Uint8Array.of(0x21, 0xf9, 4, flags),
    littleEndian(delay),
    Uint8Array.of(transparent ?? 0, 0),
  ])
}

function littleEndian(...numbers: readonly number[]): Uint8Array {
  return Uint8Array.from(numbers.flatMap((number) => [number & 0xff, number >> 8]))
}
