import { refuse } from '../../family.ts'
import { littleEndian32 } from '../reading.ts'

/** Which bits of a pixel are which colour. */
export interface Masks {
  readonly blue: Channel
  readonly green: Channel
  readonly red: Channel
  /** Absent when the pixel says nothing about opacity. */
  readonly alpha: Channel | undefined
}

/** One run of bits: `(pixel >>> shift) & maximum`. */
export interface Channel {
  readonly shift: number
  readonly maximum: number
}

/** What BI_RGB means for each depth: five bits of each colour, or a byte. */
export const DIRECT_MASKS: ReadonlyMap<number, Masks> = new Map([
  [16, direct(31, 5)],
  [24, direct(255, 8)],
  [32, direct(255, 8)],
])

function direct(maximum: number, width: number): Masks {
  const channel = (index: number) => ({ shift: index * width, maximum })
  return { blue: channel(0), green: channel(1), red: channel(2), alpha: undefined }
}

/**
 * Red, green and blue mask at `at`, and alpha behind them. A mask with holes, or two that share a bit, is IMG-DECODE: no two
 * readers agree on those. An empty mask is a colour that is always 0.
 */
export function readMasks(bytes: Uint8Array, at: number, withAlpha: boolean): Masks {
  const words = [0, 4, 8, 12].map((offset) =>
    offset === 12 && !withAlpha ? 0 : littleEndian32(bytes, at + offset),
  )
  const [red = 0, green = 0, blue = 0, alpha = 0] = words
  const together = (red | green | blue | alpha) >>> 0
  if (red + green + blue + alpha !== together || (red | green | blue) === 0) refuse('IMG-DECODE')
  return {
    red: channelOf(red),
    green: channelOf(green),
    blue: channelOf(blue),
    alpha: alpha === 0 ? undefined : channelOf(alpha),
  }
}

function channelOf(mask: number): Channel {
  if (mask === 0) return { shift: 0, maximum: 0 }
  const shift = 31 - Math.clz32(mask & -mask)
  const maximum = mask >>> shift
  if ((maximum & (maximum + 1)) !== 0) refuse('IMG-DECODE')
  return { shift, maximum }
}

/** From each value of a channel to 8 bits, nearest. A channel wider than 11 bits keeps its upper 11 only. */
export function scaleOf(channel: Channel): (pixel: number) => number {
  const drop = Math.max(0, 21 - Math.clz32(channel.maximum))
  const maximum = channel.maximum >>> drop
  const shift = channel.shift + drop
  if (maximum === 0) return () => 0
  const table = Uint8Array.from({ length: maximum + 1 }, (_, value) =>
    Math.round((value * 255) / maximum),
  )
  return (pixel) => table[(pixel >>> shift) & maximum]!
}
