/** Bytes that are written as letters inside a text: base64 of both alphabets, also over many lines, and hexadecimal. */

/** Shorter runs are words, ids and digests; together they are counted all the same. */
const MIN_RUN = 64

export function encodedRuns(text: string): readonly Uint8Array[] {
  const runs: Uint8Array[] = []
  for (const run of runsIn(text)) {
    const bytes = bytesOf(run)
    if (bytes) runs.push(bytes)
  }
  return runs
}

const IN_RUN = new Uint8Array(128)
for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=')
  IN_RUN[letter.charCodeAt(0)] = 1
/** A line end inside: base64 in mails and in XML is broken into lines of 64 or 76. */
for (const letter of '\r\n\t ') IN_RUN[letter.charCodeAt(0)] = 2
/** Of letters between two line ends, so that words with blanks between them are no run. */
const MIN_LINE = 40

function* runsIn(text: string): Generator<string> {
  let run = ''
  let word = 0
  let at = 0
  for (; at <= text.length; at += 1) {
    const kind = IN_RUN[text.charCodeAt(at)] ?? 0
    if (kind === 1) continue
    const piece = text.slice(word, at)
    const goesOn = kind === 2 && piece.length >= MIN_LINE
    run = piece === '' && kind === 2 ? run : run + piece
    word = at + 1
    if (goesOn || (piece === '' && kind === 2)) continue
    if (run.length >= MIN_RUN) yield run
    run = ''
  }
}

const HEX = /^[0-9A-Fa-f]+$/u
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/u

function bytesOf(run: string): Uint8Array | undefined {
  if (run.length % 2 === 0 && HEX.test(run)) return Buffer.from(run, 'hex')
  return BASE64.test(run) ? Buffer.from(run, 'base64') : undefined
}
