/**
 * A name written by somebody else, as text that cannot deceive: characters that turn the reading direction or cannot
 * be seen (“exe.pdf” written backwards) appear as their code points. Selectors of variants (葛󠄂) stay with their
 * character, and nothing is normalised.
 */
const HIDDEN =
  /([\u0000-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\u{E0000}-\u{E007F}])/u

/** The parts of `name` in order; `hidden` ones are code points to be shown instead of the character. */
export function nameParts(
  name: string,
): readonly { readonly text: string; readonly hidden: boolean }[] {
  return name
    .split(HIDDEN)
    .map((text, index) => ({
      text: index % 2 === 1 ? codePoint(text) : text,
      hidden: index % 2 === 1,
    }))
    .filter((part) => part.text !== '')
}

/** The same as one text, for labels and announcements. */
export function safeName(name: string): string {
  return nameParts(name)
    .map((part) => part.text)
    .join('')
}

function codePoint(text: string): string {
  const hex = (text.codePointAt(0) ?? 0).toString(16).toUpperCase()
  return `U+${hex.padStart(4, '0')}`
}
