/**
 * Text of a page without what steers the eye or hides data: the same characters go that go from plain text (control, bidirectional
 * overrides, zero-width, tag characters); joiners and variation selectors stay (葛󠄂).
 */
export function cleanText(raw: string): { readonly text: string; readonly count: number } {
  // Written as a reference, a carriage return shows as a space; written as itself, it would become a line feed.
  const lines = raw.replaceAll('\r', ' ')
  if (!FORBIDDEN_TEST.test(lines)) return { text: lines, count: 0 }
  let count = 0
  const text = lines.replace(FORBIDDEN, () => {
    count++
    return ''
  })
  return { text, count }
}

const CLASS =
  '[\\u0000-\\u0008\\u000B-\\u000C\\u000E-\\u001F\\u007F-\\u009F\\u200B\\u200E\\u200F\\u2028\\u2029\\u202A-\\u202E\\u2060-\\u2064\\u2066-\\u206F\\uFEFF\\uFFF9-\\uFFFB\\p{Surrogate}\\u{E0000}-\\u{E007F}]'
const FORBIDDEN = new RegExp(CLASS, 'gu')
const FORBIDDEN_TEST = new RegExp(CLASS, 'u')

/** Longest run of base64 letters that is left in a text: a file in disguise is longer, no word is. */
export const MAX_RUN = 4096

/** Takes out the runs that are longer. Read once, letter by letter: a pattern would begin anew at each of them. */
export function withoutSmuggled(text: string): { readonly text: string; readonly count: number } {
  if (text.length <= MAX_RUN) return { text, count: 0 }
  const parts: string[] = []
  let from = 0
  let start = 0
  let count = 0
  for (let at = 0; at <= text.length; at++) {
    if (at < text.length && isBase64(text.charCodeAt(at))) continue
    if (at - start > MAX_RUN) {
      parts.push(text.slice(from, start))
      from = at
      count++
    }
    start = at + 1
  }
  parts.push(text.slice(from))
  return { text: parts.join(''), count }
}

function isBase64(code: number): boolean {
  return (
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x2f && code <= 0x39) ||
    code === 0x2b ||
    code === 0x2d ||
    code === 0x3d ||
    code === 0x5f
  )
}
