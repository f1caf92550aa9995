/** What no text of a page holds: controls, bidirectional overrides, zero-width and tag characters. */
const UNSEEN =
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u200B\u200E\u200F\u2028-\u202E\u2060-\u2064\u2066-\u206F\uFEFF\uFFF9-\uFFFB\p{Surrogate}]|[\u{E0000}-\u{E007F}]/u
const MAX_RUN = 4096

/** Text of a page: nothing unseen, and no run of base64 letters in which a file could hide. */
export function isPlainText(text: string): boolean {
  return !UNSEEN.test(text) && !hasLongRun(text)
}

function hasLongRun(text: string): boolean {
  let run = 0
  if (text.length <= MAX_RUN) return false
  for (const letter of text) {
    run = /[A-Za-z0-9+/=_-]/u.test(letter) ? run + 1 : 0
    if (run > MAX_RUN) return true
  }
  return false
}

export function isLanguage(value: string): boolean {
  return /^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8}){0,4}$/u.test(value)
}
