import { MAX_LEGACY_NAME, MAX_NAME, isLegacyName, namedCharacter } from './entities.ts'

/**
 * Text with its character references replaced (WHATWG HTML §13.2.5.72–80).
 * @param inAttribute there `&copy=1` in an old query string stays what it is
 */
export function decodeReferences(raw: string, inAttribute: boolean): string {
  let at = raw.indexOf('&')
  if (at < 0) return raw
  const parts: string[] = []
  let from = 0
  while (at >= 0) {
    const reference = raw.charAt(at + 1) === '#' ? numeric(raw, at) : named(raw, at, inAttribute)
    if (reference) {
      parts.push(raw.slice(from, at), reference.text)
      from = reference.end
    }
    at = raw.indexOf('&', reference?.end ?? at + 1)
  }
  parts.push(raw.slice(from))
  return parts.join('')
}

interface Reference {
  readonly text: string
  readonly end: number
}

function named(raw: string, at: number, inAttribute: boolean): Reference | undefined {
  const name = /^[A-Za-z0-9]*/.exec(raw.slice(at + 1, at + 2 + MAX_NAME))?.[0] ?? ''
  const end = at + 1 + name.length
  const whole = raw.charAt(end) === ';' ? namedCharacter(name) : undefined
  if (whole !== undefined) return { text: whole, end: end + 1 }
  for (let length = Math.min(name.length, MAX_LEGACY_NAME); length >= 2; length--) {
    const legacy = name.slice(0, length)
    if (!isLegacyName(legacy)) continue
    const after = at + 1 + length
    if (inAttribute && /^[=A-Za-z0-9]/.test(raw.charAt(after))) return undefined
    return { text: namedCharacter(legacy) ?? '', end: after + (raw.charAt(after) === ';' ? 1 : 0) }
  }
  return undefined
}

const MAX_DIGITS = 12

function numeric(raw: string, at: number): Reference | undefined {
  const hex = /^[xX]/.test(raw.charAt(at + 2))
  const start = at + (hex ? 3 : 2)
  const isDigit = hex ? /[0-9A-Fa-f]/ : /[0-9]/
  let end = start
  while (end < raw.length && isDigit.test(raw.charAt(end))) end++
  if (end === start) return undefined
  const digits = raw.slice(start, end).replace(/^0+/, '')
  const code = digits.length > MAX_DIGITS ? Infinity : Number.parseInt(digits || '0', hex ? 16 : 10)
  return { text: character(code), end: end + (raw.charAt(end) === ';' ? 1 : 0) }
}

/** Windows-1252 for the C1 range, as every browser does (§13.2.5.80). */
const WINDOWS_1252 =
  '\u20AC\u0081\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u008D\u017D\u008F\u0090\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\u009D\u017E\u0178'

function character(code: number): string {
  if (code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return '\uFFFD'
  if (code >= 0x80 && code <= 0x9f) return WINDOWS_1252.charAt(code - 0x80)
  return String.fromCodePoint(code)
}
