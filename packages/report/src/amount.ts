/** A number as a table shows it: at most three places behind the point. */
export function rounded(value: number): string {
  return String(Math.round(value * 1_000) / 1_000)
}

/** What comes (＋) or goes (－), in whole units. */
export function signed(value: number): string {
  const whole = Math.round(value)
  const sign = whole > 0 ? '＋' : whole < 0 ? '－' : ''
  return `${sign}${Math.abs(whole)}`
}
