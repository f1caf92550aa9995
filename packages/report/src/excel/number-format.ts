/** Formats that every Excel has and that show a day or a time, 27 to 36 and 50 to 58 in its Japanese form (ECMA-376 part 1 §18.8.30). */
const BUILT_IN_DATES: readonly (readonly [from: number, to: number])[] = [
  [14, 22],
  [27, 36],
  [45, 47],
  [50, 58],
]

/** Whether a number format shows a day or a time. Quoted words, escapes and conditions in brackets show nothing of the number. */
export function isDateFormat(id: number, code: string | undefined): boolean {
  if (code === undefined) return BUILT_IN_DATES.some(([from, to]) => id >= from && id <= to)
  const bare = code
    .split(';')[0]!
    .replace(/"[^"]*"|\\.|_.|\*.|\[[^\]]*\]/gu, '')
    .toLowerCase()
  return bare !== 'general' && /[ymdhsge]/u.test(bare.replaceAll(/e[+-]/gu, ''))
}
