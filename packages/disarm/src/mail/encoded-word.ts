import { decodeCharset } from '../html/charset.ts'
import { decodeBase64, decodeQ } from './transfer.ts'

/**
 * Text of a header value: raw 8-bit or escaped Japanese first, as old programs send it, then encoded words (RFC 2047). Neighbouring words of
 * one charset are joined as bytes, because many programs cut a character in two.
 * @param raw a letter is a byte
 */
export function headerText(raw: string, charsets: readonly string[] = []): string {
  return decodeWords(unicodeOf(raw, charsets))
}

/** The value with its raw bytes decoded and its encoded words still encoded: what addresses are parsed from. */
export function unicodeOf(raw: string, charsets: readonly string[]): string {
  if (!/[\u0080-\u00FF\u001B]/.test(raw)) return raw
  return decodeCharset(Buffer.from(raw, 'latin1'), charsets).text
}

const WORD =
  /=\?([A-Za-z0-9_.:()+-]{1,40})(?:\*[A-Za-z0-9-]{0,20})?\?([BbQq])\?([^\n]{0,3000}?)\?=/g

export function decodeWords(text: string): string {
  if (!text.includes('=?')) return text
  const parts: string[] = []
  let run: { charset: string; bytes: Uint8Array[] } | undefined
  let from = 0
  const flush = () => {
    if (run) parts.push(decodeCharset(Buffer.concat(run.bytes), [run.charset]).text)
    run = undefined
  }
  for (const word of text.matchAll(WORD)) {
    const between = text.slice(from, word.index)
    const charset = word[1]!.toLowerCase()
    if (run && (between.trim() !== '' || run.charset !== charset)) flush()
    // White space between two words is only there to fold the line.
    if (from === 0 || between.trim() !== '') parts.push(between)
    const bytes = /b/i.test(word[2]!) ? decodeBase64(word[3]!) : decodeQ(word[3]!)
    if (run) run.bytes.push(bytes)
    else run = { charset, bytes: [bytes] }
    from = word.index + word[0].length
  }
  flush()
  parts.push(text.slice(from))
  return parts.join('')
}
