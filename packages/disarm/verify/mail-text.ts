const UNSEEN =
  /[\u0000-\u0009\u000B\u000C\u000E-\u001F\u007F-\u009F\u200B\u200E\u200F\u2028-\u202E\u2060-\u2064\u2066-\u206F\uFEFF\uFFF9-\uFFFB\p{Surrogate}]|[\u{E0000}-\u{E007F}]/u

/** What no text of a mail holds; a tab it may. */
export function isSeen(text: string): boolean {
  return !UNSEEN.test(text.replaceAll('\t', ''))
}

/** Text of a body: UTF-8, lines that end with CR LF, nothing unseen, and no file between `begin` and `end` (uuencode). */
export function isBodyText(bytes: Uint8Array): boolean {
  const text = decoded(bytes)
  if (text === undefined || !isSeen(text)) return false
  if (/[\r\n]/u.test(text.replaceAll('\r\n', ''))) return false
  return !holdsFile(text.split('\r\n'))
}

export function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function holdsFile(lines: readonly string[]): boolean {
  let data = -1
  for (const line of lines) {
    const end = line.trimEnd()
    if (data >= 0 && end === 'end') {
      if (data > 0) return true
      data = -1
    } else if (data >= 0 && (end === '' || /^[ -`]{1,100}$/u.test(end))) data++
    // A line of letters ends what was no file; it may itself begin one.
    else data = /^begin [0-7]{3,4} .{1,200}$/u.test(line) ? 0 : -1
  }
  return false
}
