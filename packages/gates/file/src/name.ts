/**
 * Characters that are not seen, or that reorder what is seen: C0 and C1 controls, bidi marks, embeddings and
 * isolates, zero-width space and joiners, line separators, tags. Variation selectors belong to names and stay.
 */
// oxlint-disable-next-line no-control-regex -- showing control characters is what it is for
const HIDDEN =
  /[\u0000-\u001F\u007F-\u009F\u061C\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF\u{E0001}-\u{E007F}]/gu

/**
 * A name as it may be shown inside a sentence: nothing in it hides or turns around what stands beside it. The stored
 * name is never changed.
 */
export function shownName(name: string): string {
  return name.replaceAll(HIDDEN, (hidden) => {
    const code = hidden.codePointAt(0) ?? 0
    return `〔U+${code.toString(16).toUpperCase().padStart(4, '0')}〕`
  })
}
