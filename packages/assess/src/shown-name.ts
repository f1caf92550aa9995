const LONGEST = 40
const DECEIVING = /[\p{Cc}\p{Bidi_Control}\u2028\u2029\u200B\uFEFF]/gu
const GRAPHEMES = new Intl.Segmenter('ja')

/** A name from a declaration, fit for a sentence: cut by grapheme, with what would repaint a screen written out. */
export function shownName(text: string): string {
  const start = [...GRAPHEMES.segment(text.slice(0, LONGEST * 12))].slice(0, LONGEST)
  const kept = start.map(({ segment }) => segment).join('')
  const visible = kept.replaceAll(
    DECEIVING,
    (character) => `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`,
  )
  return kept.length < text.length ? `${visible}…` : visible
}
