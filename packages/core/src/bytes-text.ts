const UNITS = ['KB', 'MB', 'GB', 'TB'] as const

/** `12.3MB`; bytes as they are below 1 KB. */
export function bytesText(bytes: number): string {
  let amount = bytes
  let unit = 'バイト'
  for (const next of UNITS) {
    if (amount < 1024) break
    amount /= 1024
    unit = next
  }
  return `${unit === 'バイト' ? amount : amount.toFixed(1)}${unit}`
}
