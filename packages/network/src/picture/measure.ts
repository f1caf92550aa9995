import type { Area, Label } from './drawing.ts'

/** Lengths of the picture, in pixels. */
export const SIZE = {
  /** Letters; nothing is smaller. */
  font: 14,
  line: 19,
  boxWidth: 178,
  /** Between the rim of a box and its letters. */
  pad: 6,
  /** Between two boxes. */
  gap: 8,
  /** Between two arrows at one side of a box: a number has to fit. */
  port: 16,
  framePad: 10,
  frameHead: 46,
  frameGap: 14,
  /** Between two arrows that run beside each other. */
  track: 9,
  /** From a box to the first arrow that turns: the number, or the head. */
  stub: 30,
  /** A row with one gate. */
  gateRow: 36,
  margin: 12,
  head: 54,
  legend: 40,
} as const

// Halfwidth forms of Unicode, capitals a little wider; everything else is taken to be as wide as a kanji.
const CAPITAL = /^[A-Z]/u
const HALF = /^[\u0020-\u00FF\uFF61-\uFF9F]/u
const GRAPHEMES = new Intl.Segmenter('ja')

/** How long a text is about, in pixels. */
export function widthOf(text: string): number {
  return [...GRAPHEMES.segment(text)].reduce((sum, { segment }) => sum + one(segment), 0)
}

function one(letter: string): number {
  if (CAPITAL.test(letter)) return SIZE.font * 0.76
  return HALF.test(letter) ? SIZE.font * 0.6 : SIZE.font
}

/**
 * A text in at most `most` lines of this length, about equally long; what does not fit ends in 「…」. Names keep their variants: cut is between graphemes.
 */
export function wrapped(text: string, width: number, most: number): readonly string[] {
  const length = widthOf(text)
  const needed = Math.ceil(length / width)
  const even = Math.min(width, length / needed + SIZE.font)
  const lines = cut(text, even, width, most)
  return lines.at(-1)?.endsWith('…') === true ? cut(text, width, width, most) : lines
}

// Letters that do not begin a line (JIS X 4051: small kana, the long mark, closing brackets, commas).
const NOT_FIRST = /^[ァィゥェォッャュョヮぁぃぅぇぉっゃゅょーー）」』】、。]/u

function cut(text: string, wanted: number, width: number, most: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  let length = 0
  for (const { segment } of GRAPHEMES.segment(text)) {
    const more = one(segment)
    const hangs = NOT_FIRST.test(segment) && length + more <= width
    if (length + more > wanted && !hangs) {
      if (lines.length === most - 1) return [...lines, `${shortened(line, width)}…`]
      lines.push(line)
      line = ''
      length = 0
    }
    line += segment
    length += more
  }
  return [...lines, line]
}

/** Leaves room for 「…」. */
function shortened(line: string, width: number): string {
  let kept = ''
  for (const { segment } of GRAPHEMES.segment(line)) {
    if (widthOf(kept + segment) > width - SIZE.font) break
    kept += segment
  }
  return kept
}

/** From the middle of a line of letters to its base line. */
const BASE = 5

/** Lines in the middle of an area, from its left rim. */
export const linesIn = (lines: readonly string[], { x, y, height }: Area): readonly Label[] =>
  lines.map((text, at) => ({
    text,
    x: x + SIZE.pad,
    y: y + height / 2 + (at - (lines.length - 1) / 2) * SIZE.line + BASE,
  }))

/** A text whose middle is here. */
export const centred = (text: string, x: number, y: number): Label => ({
  text,
  x,
  y: y + BASE,
  middle: true,
})
