import { decodeCharset } from '../html/charset.ts'
import { decodeWords, headerText } from './encoded-word.ts'

/** A value with its parameters, e.g. `text/plain; charset=utf-8` (RFC 2045 §5.1, RFC 2231). */
export interface Parameterised {
  /** Lower case. */
  readonly value: string
  readonly parameters: ReadonlyMap<string, string>
}

const MAX_PARAMETERS = 100

/** Of two equal parameters the first counts. Values may be unquoted, hold blanks, or be encoded words inside quotes: programs write all of that. */
export function readParameters(raw: string): Parameterised {
  const semicolon = raw.indexOf(';')
  const value = (semicolon < 0 ? raw : raw.slice(0, semicolon)).replace(/\([^()]*\)/g, '').trim()
  const plain = new Map<string, string>()
  const pieces = semicolon < 0 ? [] : split(raw.slice(semicolon + 1)).slice(0, MAX_PARAMETERS)
  for (const piece of pieces) {
    const equals = piece.indexOf('=')
    const name = piece.slice(0, Math.max(0, equals)).trim().toLowerCase()
    if (equals > 0 && !plain.has(name)) plain.set(name, unquoted(piece.slice(equals + 1).trim()))
  }
  return { value: value.toLowerCase(), parameters: joined(plain) }
}

/** At semicolons outside of quotes. */
function split(raw: string): string[] {
  const pieces: string[] = []
  let start = 0
  let quoted = false
  for (let at = 0; at < raw.length; at++) {
    const mark = raw.charAt(at)
    if (mark === '\\' && quoted) at++
    else if (mark === '"') quoted = !quoted
    else if (mark === ';' && !quoted) {
      pieces.push(raw.slice(start, at))
      start = at + 1
    }
  }
  pieces.push(raw.slice(start))
  return pieces
}

function unquoted(raw: string): string {
  if (!raw.startsWith('"')) return raw.replace(/"/g, '')
  const end = raw.length > 1 && raw.endsWith('"') ? raw.length - 1 : raw.length
  // A backslash before anything but a quote is a path or the second byte of a Shift_JIS letter.
  return raw.slice(1, end).replace(/\\(["\\])/g, '$1')
}

/** `name*0*=…; name*1=…` become one; text is decoded. */
function joined(plain: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>()
  for (const name of plain.keys()) {
    const base = name.replace(/\*.*$/, '')
    if (parameters.has(base)) continue
    const text =
      extended(plain, base) ?? (plain.has(base) ? headerText(plain.get(base)!) : undefined)
    if (text !== undefined) parameters.set(base, text)
  }
  return parameters
}

const MAX_SECTIONS = 100

function extended(plain: ReadonlyMap<string, string>, base: string): string | undefined {
  const sections = sectionsOf(plain, base)
  const [first] = sections
  if (!first) return undefined
  const charset = first.escaped ? /^([^']{0,40})'[^']{0,40}'/.exec(first.value) : null
  const bytes = sections.map(({ value, escaped }, index) =>
    escaped
      ? percentBytes(index === 0 && charset ? value.slice(charset[0].length) : value)
      : Buffer.from(value, 'latin1'),
  )
  const text = decodeCharset(Buffer.concat(bytes), charset?.[1] ? [charset[1]] : []).text
  return decodeWords(text)
}

interface Section {
  readonly value: string
  readonly escaped: boolean
}

function sectionsOf(plain: ReadonlyMap<string, string>, base: string): readonly Section[] {
  const whole = plain.get(`${base}*`)
  if (whole !== undefined) return [{ value: whole, escaped: true }]
  const sections: Section[] = []
  while (sections.length < MAX_SECTIONS) {
    const escaped = plain.get(`${base}*${sections.length}*`)
    const value = escaped ?? plain.get(`${base}*${sections.length}`)
    if (value === undefined) break
    sections.push({ value, escaped: escaped !== undefined })
  }
  return sections
}

function percentBytes(text: string): Uint8Array {
  const plain = text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return Buffer.from(plain, 'latin1')
}
