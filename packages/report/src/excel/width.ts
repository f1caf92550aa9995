/**
 * Width of the longest line of a text in half-width characters, as a Japanese font draws it: a kanji takes two, a variation selector none.
 * UAX #11 and #29, near enough for a column.
 */
export function widthOf(text: string): number {
  return Math.max(...text.split('\n').map(lineWidth))
}

function lineWidth(line: string): number {
  let width = 0
  for (const character of line) {
    if (/[\p{M}\p{Cf}]/u.test(character)) continue
    width += HALF.test(character) ? 1 : 2
  }
  return width
}

/** ASCII, Latin and half-width kana; all else is as wide as a kanji. */
const HALF = /[\u0000-\u02ff\uff61-\uffdc\uffe8-\uffee]/u
