/** Colours of a palette (PNG 3rd edition, 11.2.2). */
const MOST = 256
/** Colours that differ in the lowest three bits of a channel look alike. */
const CELL = 3

/** Lines of pixels as lines of numbers of colours, each with filter 0 before it; and the colours, three bytes each. */
export function paletteOf(
  lines: Buffer,
  {
    width,
    height,
    pixel,
  }: { readonly width: number; readonly height: number; readonly pixel: number },
): { readonly colours: Buffer; readonly numbers: Buffer } {
  const cells = new Map<number, { count: number; readonly colour: readonly number[] }>()
  const numbers = Buffer.alloc(height * (width + 1))
  const at = (x: number, y: number): number => y * (width * pixel + 1) + 1 + x * pixel
  const cellAt = (place: number): number =>
    [0, 1, 2].reduce((cell, channel) => (cell << 8) | ((lines[place + channel] ?? 0) >> CELL), 0)
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const place = at(x, y)
      const cell = cellAt(place)
      const known = cells.get(cell)
      if (known) known.count += 1
      else cells.set(cell, { count: 1, colour: [...lines.subarray(place, place + 3)] })
    }
  const kept = [...cells.values()].toSorted((a, b) => b.count - a.count).slice(0, MOST)
  const colours = Buffer.from(kept.flatMap(({ colour }) => colour))
  const number = new Map<number, number>()
  for (const [cell, { colour }] of cells) number.set(cell, nearestOf(kept, colour))
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      numbers[y * (width + 1) + 1 + x] = number.get(cellAt(at(x, y))) ?? 0
  return { colours, numbers }
}

function nearestOf(
  kept: readonly { readonly colour: readonly number[] }[],
  wanted: readonly number[],
): number {
  const far = ({ colour }: (typeof kept)[number]): number =>
    colour.reduce((sum, value, channel) => sum + (value - (wanted[channel] ?? 0)) ** 2, 0)
  return kept.reduce((best, one, index) => (far(one) < far(kept[best]!) ? index : best), 0)
}
