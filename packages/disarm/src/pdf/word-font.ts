import { isKeyword, Lexer, SyntaxFault } from './lexer.ts'
import type { Token } from './lexer.ts'
import { isDictionary, isList, isName, isStream, isText } from './objects.ts'
import type { Dictionary, Value } from './objects.ts'

/** How the codes of one font read. */
export interface WordFont {
  words(codes: Uint8Array): string
}

type Resolve = (value: Value | undefined) => Value

/** Meanings of one font: every glyph of a font may have one, and a few have two. */
const MAX_MEANINGS = 131_072

/** ISO 32000-1, 9.10.2: by `ToUnicode`, else by the names of the glyphs, else a code stands for itself in the private use area. */
export function readFont(
  font: Dictionary,
  resolve: Resolve,
  decode: (stream: Value) => Uint8Array,
): WordFont {
  const stream = resolve(font.entries.get('ToUnicode'))
  const meanings = isStream(stream) ? readMeanings(decode(stream)) : new Map<number, string>()
  const encoding = resolve(font.entries.get('Encoding'))
  const isComposite = isName(resolve(font.entries.get('Subtype')), 'Type0')
  if (!isComposite && isDictionary(encoding)) addNames(meanings, encoding, resolve)
  const width = isComposite ? widthOf(isName(encoding) ? encoding.value : '') : single
  return { words: (codes) => spell(codes, width, meanings, isComposite) }
}

function spell(
  codes: Uint8Array,
  width: (byte: number) => number,
  meanings: ReadonlyMap<number, string>,
  isComposite: boolean,
): string {
  let words = ''
  for (let at = 0; at < codes.length;) {
    const first = codes[at] as number
    const isWide = width(first) === 2 && at + 1 < codes.length
    const code = isWide ? first * 256 + (codes[at + 1] as number) : first
    words += meanings.get(code) ?? (isComposite ? ownSign(code) : LATIN.decode(Uint8Array.of(code)))
    at += isWide ? 2 : 1
  }
  return words
}

const LATIN = new TextDecoder('windows-1252')

/** Supplementary private use area A: no writer means anything by it. */
function ownSign(code: number): string {
  return String.fromCodePoint(0xf0000 + code)
}

const single = (): number => 1

/** Bytes of a code by its first, for the predefined CMaps of table 118; an embedded CMap mostly has two. */
function widthOf(encoding: string): (byte: number) => number {
  if (encoding.includes('RKSJ'))
    return (byte) => ((byte > 0x80 && byte < 0xa0) || byte > 0xdf ? 2 : 1)
  if (/EUC|GBK|B5|ETen|HKscs|KSC|GB-/u.test(encoding)) return (byte) => (byte > 0x80 ? 2 : 1)
  return () => 2
}

function addNames(meanings: Map<number, string>, encoding: Dictionary, resolve: Resolve): void {
  const differences = resolve(encoding.entries.get('Differences'))
  let code = 0
  for (const item of isList(differences) ? differences.items : []) {
    const found = resolve(item)
    if (typeof found === 'number') code = found
    if (!isName(found)) continue
    if (!meanings.has(code)) meanings.set(code, wordOfName(found.value))
    code += 1
  }
}

/** Of names that are no letter the name itself: it compares as well as the sign that it means. */
function wordOfName(name: string): string {
  const digits = /^u(?:ni)?([0-9A-F]{4,6})/u.exec(name)?.[1]
  const code = digits === undefined ? undefined : Number.parseInt(digits.slice(0, 6), 16)
  return code !== undefined && code <= 0x10ffff ? String.fromCodePoint(code) : name
}

/** The `bfchar` and `bfrange` lines of a CMap (9.10.3), and those of glyph numbers that some writers put there for characters. */
function readMeanings(bytes: Uint8Array): Map<number, string> {
  const lexer = new Lexer(bytes, 0, { references: false })
  const meanings = new Map<number, string>()
  for (let token = next(lexer); token !== undefined; token = next(lexer)) {
    if (!isKeyword(token)) continue
    const kind = /^begin(?:bf|cid)(char|range)$/u.exec(token.word)?.[1]
    if (kind === 'char') readLines(lexer, 2, (line) => addCharacter(line, meanings))
    if (kind === 'range') readLines(lexer, 3, (line) => addRange(line, meanings))
  }
  return meanings
}

function readLines(lexer: Lexer, length: number, add: (line: readonly Value[]) => void): void {
  let line: Value[] = []
  for (let token = next(lexer); token !== undefined && !isKeyword(token); token = next(lexer)) {
    line.push(token)
    if (line.length < length) continue
    add(line)
    line = []
  }
}

function addCharacter([code, target]: readonly Value[], meanings: Map<number, string>): void {
  const number = codeOf(code)
  const bytes = bytesOf(target)
  if (number !== undefined && bytes && meanings.size < MAX_MEANINGS)
    meanings.set(number, unicode(bytes, 0))
}

function addRange([low, high, target]: readonly Value[], meanings: Map<number, string>): void {
  const first = codeOf(low)
  const last = codeOf(high)
  if (first === undefined || last === undefined) return
  for (let code = first; code <= last && meanings.size < MAX_MEANINGS; code += 1) {
    const own = bytesOf(isList(target) ? target.items[code - first] : target)
    if (own) meanings.set(code, unicode(own, isList(target) ? 0 : code - first))
  }
}

/** UTF-16BE of a target: as it stands, or of the character with that number. */
function bytesOf(target: Value | undefined): Uint8Array | undefined {
  if (isText(target)) return target.bytes
  const isNumber = typeof target === 'number' && target >= 0 && target <= 0xffff
  return isNumber ? Uint8Array.of(target >> 8, target & 0xff) : undefined
}

function codeOf(value: Value | undefined): number | undefined {
  if (!isText(value) || value.bytes.length === 0 || value.bytes.length > 2) return undefined
  return value.bytes.reduce((code, byte) => code * 256 + byte, 0)
}

/** UTF-16BE, its last unit raised by `plus`. */
function unicode(bytes: Uint8Array, plus: number): string {
  const units: number[] = []
  for (let at = 0; at + 1 < bytes.length; at += 2)
    units.push((bytes[at] as number) * 256 + (bytes[at + 1] as number))
  if (units.length > 0) units.push((units.pop() as number) + plus)
  return String.fromCharCode(...units.slice(0, 64))
}

function next(lexer: Lexer): Token | undefined {
  try {
    return lexer.token()
  } catch (fault) {
    if (fault instanceof SyntaxFault) return undefined
    throw fault
  }
}
