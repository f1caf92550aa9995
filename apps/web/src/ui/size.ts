const UNITS = ['KB', 'MB', 'GB'] as const

/** Bytes as people read them: 「812バイト」, 「1.4MB」. 1 KB is 1,024 bytes, as Windows counts. */
export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes}バイト`
  let value = bytes
  let unit = -1
  do {
    value /= 1024
    unit += 1
  } while (value >= 1023.95 && unit < UNITS.length - 1)
  return `${value < 100 ? value.toFixed(1) : Math.round(value)}${UNITS[unit]}`
}
