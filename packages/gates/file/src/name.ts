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

/**
 * The ending of a name without its dot, in lower case: what decides which program opens it, and so what the verifier
 * must hold it against. Empty when there is none.
 */
export function endingOf(name: string): string {
  return /\.([A-Za-z0-9]{1,8})$/u.exec(name)?.[1]?.toLowerCase() ?? ''
}
