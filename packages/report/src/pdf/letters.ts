/**
 * Text as the font can draw it, and where its lines end.
 */
import type { Font } from 'fontkit'
import { visible } from '../visible.ts'

const GRAPHEMES = new Intl.Segmenter('ja', { granularity: 'grapheme' })
const SELECTOR = /^[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]$/u
/** Nothing of these is seen on paper, and half a character is none. */
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Cs}\p{Noncharacter_Code_Point}]/u

/**
 * The text as letters (grapheme clusters), each of which the font has. A character that it does not have, or that nobody would see, stands as its code point
 * 〔U+XXXX〕. A variation selector stays with its character also when the font draws only the plain form: the text keeps it.
 */
export function lettersOf(text: string, font: Font): readonly string[] {
  return [...GRAPHEMES.segment(visible(text))].flatMap(({ segment }) => {
    const drawn = drawable(segment, font)
    return drawn === segment ? [segment] : [...drawn]
  })
}

function drawable(letter: string, font: Font): string {
  let before = false
  return [...letter]
    .map((character) => {
      const selects = before && SELECTOR.test(character)
      const known =
        selects || (!UNSEEN.test(character) && font.hasGlyphForCodePoint(character.codePointAt(0)!))
      before = known && !selects
      return known ? character : codePoint(character)
    })
    .join('')
}

const codePoint = (character: string): string =>
  `〔U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}〕`

/** Not at the start of a line, and not at its end (JIS X 4051, the common part). */
const NOT_FIRST =
  /^[、。，．・：；？！）」』】〕｝〉》ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々),.:;?!\]}]/u
const NOT_LAST = /^[（「『【〔｛〈《([{]/u
const WORD = /^[\p{Script=Latin}\p{Nd}_+\-./:\\]/u

/** Measures letters of one open font. */
export class Measure {
  readonly #font: Font
  readonly #widths = new Map<string, number>()

  constructor(font: Font) {
    this.#font = font
  }

  /** Lines no wider than `width` points at this size. At least one line; a letter wider than the line has one of its own. */
  lines(text: string, size: number, width: number): readonly string[] {
    const lines: string[] = []
    let line: string[] = []
    let used = 0
    for (const letter of lettersOf(text, this.#font)) {
      const wide = this.#widthOf(letter) * size
      if (used + wide > width && line.length > 0) {
        const at = breakBefore(line, letter)
        lines.push(line.slice(0, at).join(''))
        line = line.slice(at)
        used = line.reduce((sum, one) => sum + this.#widthOf(one) * size, 0)
      }
      line.push(letter)
      used += wide
    }
    return [...lines, line.join('')]
  }

  /**
   * Whether the glyphs of this line, read back, are this text. They are not when two characters share a glyph (a variant the font lacks, or has as its plain
   * form), or when the font turns a line around.
   */
  readsBack(line: string): boolean {
    const { glyphs } = this.#font.layout(line)
    return glyphs.map(({ codePoints }) => String.fromCodePoint(...codePoints)).join('') === line
  }

  #widthOf(letter: string): number {
    const before = this.#widths.get(letter)
    if (before !== undefined) return before
    const width = this.#font.layout(letter).advanceWidth / this.#font.unitsPerEm
    this.#widths.set(letter, width)
    return width
  }
}

/** Where to cut a full line before `next`: the last place that is allowed, or the end when there is none. */
function breakBefore(line: readonly string[], next: string): number {
  for (let at = line.length; at > 0; at -= 1)
    if (isBreak(line[at - 1]!, line[at] ?? next)) return at
  return line.length
}

const isBreak = (before: string, after: string): boolean =>
  !NOT_FIRST.test(after) && !NOT_LAST.test(before) && !(WORD.test(before) && WORD.test(after))
