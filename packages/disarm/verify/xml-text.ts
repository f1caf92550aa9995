import { isUtf8 } from 'node:buffer'
import { Rejection, demand } from './rejection.ts'

/**
 * The bytes of a part as strings of one character per byte, none of which ends inside a character of UTF-8. Markup is ASCII; what is
 * not is only decoded where somebody reads it.
 */
export function* byteStrings(pieces: Iterable<Uint8Array>, where: string): Generator<string> {
  let carried: Uint8Array = new Uint8Array()
  for (const piece of pieces) {
    const bytes = carried.length > 0 ? Buffer.concat([carried, piece]) : piece
    let end = bytes.length
    // Back over the bytes of a last character that may go on.
    while (end > 0 && end > bytes.length - 3 && (bytes[end - 1]! & 0xc0) === 0x80) end--
    if (end > 0 && bytes[end - 1]! >= 0xc0) end--
    else end = bytes.length
    const whole = bytes.subarray(0, end)
    demand(isUtf8(whole), 'VERIFY-XML', where)
    yield Buffer.from(whole.buffer, whole.byteOffset, whole.length).toString('latin1')
    carried = Uint8Array.from(bytes.subarray(end))
  }
  demand(isUtf8(carried), 'VERIFY-XML', where)
  if (carried.length > 0) yield Buffer.from(carried).toString('latin1')
}

/** What a byte string says. */
export function decoded(bytes: string): string {
  return /[\u0080-\u00FF]/u.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes
}

const IN_TEXT: ReadonlyMap<string, string> = new Map([
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&#13;', '\r'],
])
const IN_VALUES: ReadonlyMap<string, string> = new Map([
  ...IN_TEXT,
  ['&quot;', '"'],
  ['&#9;', '\t'],
  ['&#10;', '\n'],
])

/** XML 1.0 §2.2, without the raw carriage return that a reader would normalise away; U+FFFE and U+FFFF as bytes. */
const STRANGE = /[\u0000-\u0008\u000B-\u001F<>]|\u00EF\u00BF[\u00BE\u00BF]/u

/** Text as it is meant, from its one spelling. */
export function textOf(bytes: string, where: string): string {
  return meant(bytes, IN_TEXT, STRANGE, where)
}

/** An attribute value as it is meant. */
export function valueOf(bytes: string, where: string): string {
  return meant(bytes, IN_VALUES, /[\u0000-\u001F<>"]|\u00EF\u00BF[\u00BE\u00BF]/u, where)
}

function meant(
  bytes: string,
  references: ReadonlyMap<string, string>,
  strange: RegExp,
  where: string,
): string {
  if (strange.test(bytes)) throw new Rejection('VERIFY-XML', where)
  const text = decoded(bytes)
  if (!text.includes('&')) return text
  return text.replaceAll(/&[^;&]{0,8};?/gu, (reference) => {
    const found = references.get(reference)
    if (found === undefined) throw new Rejection('VERIFY-XML', where)
    return found
  })
}

/** Whether text from `from` to `to` is spelled as it is meant, letter by letter. */
export function isPlainText(bytes: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const code = bytes.charCodeAt(at)
    if (code === 0x26 || code === 0x3e || code === 0xef) return false
    if (code < 0x20 && code !== 0x0a && code !== 0x09) return false
  }
  return true
}
