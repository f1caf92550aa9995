import { PROPERTIES } from './css-properties.ts'
import type { Property } from './css-properties.ts'

/** A value in its one spelling, or why it goes: it would load something, it would run something, or it is not known. */
export type CssValue =
  | { readonly text: string }
  | { readonly gone: 'remote' | 'script' | 'unknown' }

const REMOTE = /url\s*\(|image-set\s*\(|image\s*\(|src\s*\(/i
const SCRIPT = /expression\s*\(|javascript\s*:|vbscript\s*:|behavior|-moz-binding/i
/** Longest value that a person writes is a list of fonts. */
const MAX_VALUE = 1000

/** Checks a value against what its property may be. `name` is in lower case. */
export function cssValue(name: string, raw: string): CssValue {
  // A backslash may spell any of the words below; only strings may hold one.
  if (REMOTE.test(raw)) return { gone: 'remote' }
  if (SCRIPT.test(name) || SCRIPT.test(raw)) return { gone: 'script' }
  const property = PROPERTIES.get(name)
  if (!property || raw.length > MAX_VALUE) return { gone: 'unknown' }
  const tokens = tokensOf(raw.trim())
  if (!tokens || tokens.length === 0) return { gone: 'unknown' }
  const text = spell(tokens, property)
  return text === undefined || text.length > MAX_VALUE ? { gone: 'unknown' } : { text }
}

type CssToken =
  | { readonly kind: 'number'; readonly text: string; readonly unit: string }
  | { readonly kind: 'word' | 'hash' | 'colour' | 'string'; readonly text: string }
  | { readonly kind: ',' | '/' | 'important' | 'blank' }

const NUMBER = /([+-]?(?:\d{1,7}(?:\.\d{0,8})?|\.\d{1,8}))(%|[A-Za-z]{1,4})?/y
const WORD =
  /-?[A-Za-z][A-Za-z0-9-]{0,40}|[\u3000-\u9FFF\uF900-\uFAFF\uFF00-\uFFEF][^\s,;:'"()\\<>/!&]{0,60}/y
const HASH = /#([0-9A-Fa-f]{8}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{3,4})(?![0-9A-Za-z_-])/y
const COLOUR = /(rgba?|hsla?)\(([0-9.,%/ \t\n+-]{1,80})\)/iy
const IMPORTANT = /!\s*important/iy
const BLANKS = /\s+/y

function tokensOf(raw: string): readonly CssToken[] | undefined {
  const tokens: CssToken[] = []
  let at = 0
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const found = pattern.exec(raw)
    if (found) at = pattern.lastIndex
    return found
  }
  while (at < raw.length) {
    const mark = raw.charAt(at)
    if (match(BLANKS)) tokens.push({ kind: 'blank' })
    else if (mark === ',' || mark === '/') {
      tokens.push({ kind: mark })
      at++
    } else if (mark === '"' || mark === "'") {
      const string = stringAt(raw, at)
      if (!string) return undefined
      tokens.push({ kind: 'string', text: string.text })
      at = string.end
    } else {
      const token = otherToken(match)
      if (!token) return undefined
      tokens.push(token)
    }
  }
  return tokens
}

function otherToken(match: (pattern: RegExp) => RegExpExecArray | null): CssToken | undefined {
  const number = match(NUMBER)
  if (number) {
    const text = numberText(number[1]!)
    return text === undefined
      ? undefined
      : { kind: 'number', text, unit: (number[2] ?? '').toLowerCase() }
  }
  const colour = match(COLOUR)
  if (colour) {
    const text = colourText(colour[1]!.toLowerCase(), colour[2]!)
    return text === undefined ? undefined : { kind: 'colour', text }
  }
  const hash = match(HASH)
  if (hash) return { kind: 'hash', text: `#${hash[1]!.toLowerCase()}` }
  if (match(IMPORTANT)) return { kind: 'important' }
  const word = match(WORD)
  return word ? { kind: 'word', text: word[0] } : undefined
}

/** At most three places; up to five digits before them, so that nothing is put a mile off the page. */
export function numberText(raw: string): string | undefined {
  const value = Number(raw)
  if (!Number.isFinite(value) || Math.abs(value) >= 100_000) return undefined
  const text = value.toFixed(3).replace(/\.?0+$/, '')
  return text === '-0' || text === '' ? '0' : text
}

function colourText(name: string, inside: string): string | undefined {
  const parts = inside.split(/[\s,/]+/).filter((part) => part !== '')
  if (parts.length < 3 || parts.length > 4) return undefined
  const numbers = parts.map((part) => {
    const found = /^([+-]?(?:\d{1,5}(?:\.\d{0,8})?|\.\d{1,8}))(%?)$/.exec(part)
    const text = found ? numberText(found[1]!) : undefined
    return text === undefined ? undefined : text + found![2]!
  })
  return numbers.includes(undefined) ? undefined : `${name}(${numbers.join(',')})`
}

/** Escapes may spell letters (`\660E` is 明); the characters of font names are checked afterwards. */
function stringAt(raw: string, start: number): { text: string; end: number } | undefined {
  const quote = raw.charAt(start)
  let text = ''
  for (let at = start + 1; at < raw.length; at++) {
    const mark = raw.charAt(at)
    if (mark === quote) return { text, end: at + 1 }
    if (mark !== '\\') {
      text += mark
      continue
    }
    const hex = /^[0-9A-Fa-f]{1,6}\s?/.exec(raw.slice(at + 1, at + 8))
    if (!hex) return undefined
    const code = Number.parseInt(hex[0], 16)
    if (code === 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return undefined
    text += String.fromCodePoint(code)
    at += hex[0].length
  }
  return undefined
}

const UNITS: ReadonlySet<string> = new Set(
  'px pt em rem ex ch mm cm in pc q vw vh vmin vmax %'.split(' '),
)

function spell(all: readonly CssToken[], property: Property): string | undefined {
  const important = all.at(-1)?.kind === 'important'
  const tokens = important ? trimmed(all.slice(0, -1)) : all
  const text = property.family ? fontText(tokens, property) : plainText(tokens, property)
  return text === undefined || text === '' ? undefined : important ? `${text}!important` : text
}

function trimmed(tokens: readonly CssToken[]): readonly CssToken[] {
  return tokens.at(-1)?.kind === 'blank' ? tokens.slice(0, -1) : tokens
}

/** Tokens with one space between them; none around a slash. No commas outside of fonts. */
function plainText(tokens: readonly CssToken[], property: Property): string | undefined {
  let text = ''
  let pieces = 0
  for (const token of tokens) {
    if (token.kind === 'blank') continue
    if (token.kind === '/') {
      if (!property.slash || text === '' || text.endsWith('/')) return undefined
      text += '/'
      continue
    }
    const piece = pieceText(token, property)
    if (piece === undefined || ++pieces > property.most) return undefined
    text += text === '' || text.endsWith('/') ? piece : ` ${piece}`
  }
  return text.endsWith('/') ? undefined : text
}

function pieceText(token: CssToken, property: Property): string | undefined {
  switch (token.kind) {
    case 'number':
      if (token.unit === '') return property.number || token.text === '0' ? token.text : undefined
      return property.length && UNITS.has(token.unit) ? token.text + token.unit : undefined
    case 'hash':
    case 'colour':
      return property.colour ? token.text : undefined
    case 'word': {
      const word = token.text.toLowerCase()
      if (property.words.has(word)) return word
      return property.colour && /^[a-z]{3,20}$/.test(word) ? word : undefined
    }
    default:
      return undefined
  }
}

/** `font` and `font-family`: what stands before the family, then names in single quotes, generic ones without. */
function fontText(tokens: readonly CssToken[], property: Property): string | undefined {
  const groups: CssToken[][] = [[]]
  for (const token of tokens) {
    if (token.kind === ',') groups.push([])
    else if (token.kind !== 'blank') groups.at(-1)!.push(token)
  }
  const head = groups[0]!
  let cut = 0
  if (property.most > 0) {
    cut = 1 + head.findLastIndex(({ kind }) => kind === 'number')
    // Without a size it is no shorthand but a word such as `inherit`.
    if (cut === 0) return undefined
  }
  const before = cut === 0 ? '' : plainText(head.slice(0, cut), property)
  if (before === undefined) return undefined
  const names = [head.slice(cut), ...groups.slice(1)].map(familyName)
  if (names.length > 20 || names.includes(undefined)) return undefined
  return before === '' ? names.join(',') : `${before} ${names.join(',')}`
}

export const GENERIC: ReadonlySet<string> = new Set(
  'serif sans-serif monospace cursive fantasy system-ui inherit initial'.split(' '),
)
const FONT_NAME = /^[\p{L}\p{N}][\p{L}\p{N}\p{M} ._\u30FB&+-]{0,59}$/u

function familyName(tokens: readonly CssToken[]): string | undefined {
  const [only] = tokens
  if (tokens.length === 1 && only?.kind === 'word' && GENERIC.has(only.text.toLowerCase()))
    return only.text.toLowerCase()
  const words = tokens.map((token) => ('text' in token ? token.text : undefined))
  if (words.length === 0 || words.includes(undefined)) return undefined
  const name = words.join(' ').trim().replace(/^@/, '').replace(/ {2,}/g, ' ')
  return FONT_NAME.test(name) ? `'${name}'` : undefined
}
