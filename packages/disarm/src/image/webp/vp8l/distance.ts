/** How far back a copy reaches (RFC 9649 §5.2.2). */

/** Distances up to here name a neighbour in the plane; greater ones count pixels. */
const NEAR = 120

/** Rows up in the high half of each byte, 8 less columns to the left in the low half, nearest first. */
const NEIGHBOURS = Uint8Array.from(
  Buffer.from(
    [
      '1807171928062729161a262a38053739151b363a252b48044749141c353b',
      '464a242c58454b343c035759131d565a232d444c555b333d68026769121e',
      '666a222e545c434d656b323e78017779535d111f646c424e767a212f757b',
      '313f636d525e00747c414f1020626e30737d515f40727e616f50717f6070',
    ].join(''),
    'hex',
  ),
)

/** Pixels back in reading order in a picture `width` wide. */
export function pixelsBack(distance: number, width: number): number {
  if (distance > NEAR) return distance - NEAR
  const neighbour = NEIGHBOURS[distance - 1]!
  return Math.max(1, (neighbour >> 4) * width + 8 - (neighbour & 15))
}

/** Prefix symbols of lengths and distances: how many bits follow. */
export function extraBits(symbol: number): number {
  return symbol < 4 ? 0 : (symbol - 2) >> 1
}

/** The length or distance that a prefix symbol and its extra bits mean. */
export function prefixValue(symbol: number, extra: number): number {
  return symbol < 4 ? symbol + 1 : ((2 + (symbol & 1)) << extraBits(symbol)) + extra + 1
}
