import type { BitStream } from './bit-stream.ts'

/** Where a region lies on the page, and how it is combined with it (ITU-T T.88, 7.4.1). */
export interface Region {
  readonly width: number
  readonly height: number
  readonly left: number
  readonly top: number
  readonly operator: number
}

export function readRegion(stream: BitStream): Region {
  const width = stream.number(32)
  const height = stream.number(32)
  const left = stream.number(32) | 0
  const top = stream.number(32) | 0
  return { width, height, left, top, operator: Math.min(4, stream.number(8) & 7) }
}
