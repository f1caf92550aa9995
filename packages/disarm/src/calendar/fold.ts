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
  if (Buffer.byteLength(line) <= MAX_LINE) return `${line}\r\n`
  const pieces: string[] = []
  let piece = ''
  let size = 0
  for (const character of line) {
    const more = Buffer.byteLength(character)
    if (size + more > MAX_LINE) {
      pieces.push(piece)
      piece = ' '
      size = 1
    }
    piece += character
    size += more
  }
  return `${[...pieces, piece].join('\r\n')}\r\n`
}
