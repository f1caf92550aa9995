import { Rejection, demand } from './rejection.ts'

const TRAILER = Buffer.from(`${`${'0'.repeat(64)}\n`.repeat(8)}cleartomark\n`, 'latin1')
const EEXEC_KEY = 55_665
const MULTIPLIER = 52_845
const INCREMENT = 22_719
const MAX_BYTES = 17 * 1024 * 1024
/** Six numbers in brackets or braces; or a name, by which an encoding or another font is meant. */
const MATRIX = /^\s*(?:[[{]\s*(?:[-+]?[0-9.]{1,32}(?:[eE][-+]?[0-9]{1,3})?[\s\]}]+){6}|\/)/u

/**
 * Accepts a Type 1 font (Adobe Type 1 Font Format): clear text, an encrypted part with glyph programs, 512 zeros; and
 * every `FontMatrix` in either part six numbers, because a reader may paste it into a program (CVE-2024-4367).
 *
 * @returns the lengths of the three parts
 */
export function verifyType1(bytes: Uint8Array, where: string): readonly [number, number, number] {
  const font = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = font.length - TRAILER.length
  const mark = font.indexOf('eexec')
  const fits =
    font.length <= MAX_BYTES && mark >= 0 && end > mark && font.subarray(end).equals(TRAILER)
  demand(fits, 'VERIFY-PDF-FONT', where)
  const start = behindMark(font, mark + 5)
  if (start > end) throw new Rejection('VERIFY-PDF-FONT', where)
  const secret = decrypted(font.subarray(start, end))
  const known =
    /^(?:%!|\u0080)/u.test(font.toString('latin1', 0, 2)) && secret.includes('/CharStrings')
  demand(known, 'VERIFY-PDF-FONT', where)
  demand(matricesFit(font.toString('latin1', 0, mark)), 'VERIFY-PDF-FONT', where)
  demand(matricesFit(secret.toString('latin1')), 'VERIFY-PDF-FONT', where)
  return [start, end - start, TRAILER.length]
}

/** One line end, or up to four blanks. */
function behindMark(font: Buffer, from: number): number {
  if (font[from] === 13 && font[from + 1] === 10) return from + 2
  let at = from
  while (at < from + 4 && isBlank(font[at])) at++
  return at
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0 || byte === 9 || byte === 10 || byte === 12 || byte === 13 || byte === 32
}

function matricesFit(source: string): boolean {
  for (
    let at = source.indexOf('/FontMatrix');
    at >= 0;
    at = source.indexOf('/FontMatrix', at + 1)
  ) {
    if (!MATRIX.test(source.slice(at + 11, at + 11 + 400))) return false
  }
  return true
}

/** Section 7.2: the first four bytes are random. */
function decrypted(part: Buffer): Buffer {
  const hexadecimal = part.length >= 4 && /^[0-9A-Fa-f]{4}$/u.test(part.toString('latin1', 0, 4))
  const cipher = hexadecimal
    ? Buffer.from(part.toString('latin1').replaceAll(/[^0-9A-Fa-f]/gu, ''), 'hex')
    : part
  const plain = Buffer.alloc(cipher.length)
  let key = EEXEC_KEY
  cipher.forEach((byte, index) => {
    plain[index] = byte ^ (key >> 8)
    key = ((byte + key) * MULTIPLIER + INCREMENT) & 0xffff
  })
  return plain.subarray(4)
}
