/**
 * Full-width letters, digits, signs and spaces in half-width. For codes, numbers and for finding a name, never for a name that is kept: no kanji is touched, as
 * NFKC would.
 */
export function halfWidth(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/gu, (one) => String.fromCharCode(one.charCodeAt(0) - 0xfee0))
    .replaceAll('\u3000', ' ')
    .replaceAll(/[\u2212\u2010\u2011]/gu, '-')
    .trim()
}
