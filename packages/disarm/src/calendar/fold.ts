import { cutText } from '../cut-text.ts'

/** Longest line that is written, bytes without its end (RFC 5545 3.1). */
const MAX_LINE = 75

/** Content lines with their folds undone; empty ones are none. */
export function unfolded(raw: string): readonly string[] {
  return raw
    .replace(/\r\n?/g, '\n')
    .replace(/\n[ \t]/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => line.trimEnd())
}

/** Lines as full as whole characters allow, each end CR LF, each further piece behind a space. */
export function folded(line: string): string {
  return `${cutText(line, MAX_LINE, MAX_LINE - 1).join('\r\n ')}\r\n`
}
