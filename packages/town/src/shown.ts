import { MAX_QUOTED } from './limits.ts'

// Characters that hide, reorder or break the line a person reads: C0/C1 controls, bidirectional controls (UAX #9),
// line and paragraph separators, zero-width space, word joiner, BOM. Variation selectors are not among them: 葛󠄂.
const DECEIVING = /[\p{Cc}\p{Bidi_Control}\u2028\u2029\u200B\u2060-\u2064\uFEFF\uFFF9-\uFFFB]/u
const EACH_DECEIVING = new RegExp(DECEIVING, 'gu')

/** True when a text would show something else than it holds, or is not well-formed Unicode. */
export function deceives(text: string): boolean {
  return DECEIVING.test(text) || !text.isWellFormed()
}

/** A text from a file, fit for a sentence: controls written out as `U+202E`, cut by grapheme, marked when cut. */
export function shown(text: string, limit = MAX_QUOTED): string {
  const kept = text.length <= limit ? text : firstGraphemes(text, limit)
  const visible = kept.toWellFormed().replaceAll(EACH_DECEIVING, codePoint)
  return kept.length < text.length ? `${visible}…` : visible
}

const GRAPHEMES = new Intl.Segmenter('ja')
// A grapheme may be any length (a base and a thousand marks); what is cut from is bounded first.
const MAX_UNITS_PER_GRAPHEME = 12

function firstGraphemes(text: string, limit: number): string {
  const parts = [...GRAPHEMES.segment(text.slice(0, limit * MAX_UNITS_PER_GRAPHEME))]
  return parts
    .slice(0, limit)
    .map((part) => part.segment)
    .join('')
}

const codePoint = (character: string): string =>
  `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`
