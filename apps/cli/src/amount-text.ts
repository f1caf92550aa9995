const UNITS = ['KB', 'MB', 'GB', 'TB'] as const
const MINUTE = 60_000

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

/** `3分`、`5時間`、`2日`: how long something has waited. */
export function ageText(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / MINUTE)
  if (minutes < 60) return `${minutes}分`
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)}時間` : `${Math.floor(minutes / 1440)}日`
}
