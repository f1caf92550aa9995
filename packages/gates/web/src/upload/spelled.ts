/**
 * Files spelled in ways in which words, ids and measurements are written too: in pieces, as pairs of digits, in base32, … What begins like a file of a kind that people send is one; whatever else it may be
 * is left to the words. The order of letters is looked at, nothing is run.
 */
import { headType } from '@sekisho/disarm/look'
import { SMALLEST_FILE } from './limits.ts'

/** Kinds with a beginning long enough that no token has it by chance. Packed data (gzip) is left out: cookies and states are kept so. */
const KINDS: ReadonlySet<string> = new Set('zip ole pdf png jpeg gif webp rtf'.split(' '))
/** Bytes in which a kind shows. */
const BEGINNING = 12

export function spelledFiles(text: string): readonly Uint8Array[] {
  return [...inTokens(text), ...escaped(text), ...uuencoded(text)]
}

/** Whether bytes begin like a file that people send. */
export function beginsLikeFile(bytes: Uint8Array): boolean {
  const kind = headType(bytes.subarray(0, BEGINNING))
  return kind !== undefined && KINDS.has(kind)
}

const isFile = (bytes: Uint8Array): boolean =>
  bytes.length >= SMALLEST_FILE && beginsLikeFile(bytes)

/** A text may have many million tokens: they are looked at where they stand, by numbers, and none is kept that says nothing. */
interface Row {
  /** A token from `start` to `end`. */
  take(text: string, start: number, end: number): void
  end(): readonly Uint8Array[]
}

function inTokens(text: string): readonly Uint8Array[] {
  const pieces = new Pieces()
  const rows: readonly Row[] = [new Digits(hexadecimal), new Digits(decimal), new Numbered()]
  const found: Uint8Array[] = []
  let [token, piece, run] = [0, 0, 0]
  for (let at = 0; at <= text.length; at += 1) {
    const kind = KIND[text.charCodeAt(at)] ?? 0
    if (kind === IN_TOKEN) continue
    if (at > token) for (const row of rows) row.take(text, token, at)
    if (at - token >= MIN_BASE32) found.push(...base32(text.slice(token, at)))
    token = at + 1
    if (kind === IN_PIECE) continue
    if (at > piece) pieces.take(text, piece, at)
    piece = at + 1
    if (kind === IN_RUN) continue
    if (at - run >= MIN_BASE85) found.push(...base85(text.slice(run, at)))
    run = at + 1
  }
  return [pieces, ...rows].flatMap((row) => row.end()).concat(found)
}

/** What a letter can be part of: a token, a piece of base64 (the minus of its second alphabet stands between numbers as well), or only a run without blanks. */
const IN_TOKEN = 1
const IN_PIECE = 2
const IN_RUN = 3
const KIND = new Uint8Array(128).fill(IN_RUN, 0x21, 0x7f)
for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_')
  KIND[letter.charCodeAt(0)] = IN_TOKEN
KIND['-'.charCodeAt(0)] = IN_PIECE
const MIN_BASE32 = Math.ceil((SMALLEST_FILE * 8) / 5)
const MIN_BASE85 = (SMALLEST_FILE * 5) / 4

/** Letters of a piece; what is shorter is a word. */
const MIN_PIECE = 16

/** Base64 cut into strings of a list, fields of a form, short lines. A whole one is found by itself. */
class Pieces implements Row {
  readonly #pieces: string[] = []
  #last = ''

  take(text: string, start: number, end: number): void {
    const begun = this.#pieces.length > 0
    const long = end - start >= MIN_PIECE
    if (begun) this.#last = long ? '' : text.slice(start, end)
    if (long && (begun || beginsInPieces(text, start, end)))
      this.#pieces.push(text.slice(start, end))
  }

  /** The last piece may be as short as it likes. */
  end(): readonly Uint8Array[] {
    const bytes = Buffer.from([...this.#pieces, this.#last].join(''), 'base64')
    return isFile(bytes) ? [bytes] : []
  }
}

const beginsInPieces = (text: string, start: number, end: number): boolean =>
  ((end - start) * 3) / 4 < SMALLEST_FILE &&
  beginsLikeFile(Buffer.from(text.slice(start, start + MIN_PIECE), 'base64'))

/** A row of numbers, each a byte. */
class Digits implements Row {
  readonly #byteOf: ByteOf
  readonly #found: Uint8Array[] = []
  #row: number[] = []

  constructor(byteOf: ByteOf) {
    this.#byteOf = byteOf
  }

  take(text: string, start: number, end: number): void {
    const byte = this.#byteOf(text, start, end)
    if (byte === -1) this.#over()
    else this.#row.push(byte)
  }

  end(): readonly Uint8Array[] {
    this.#over()
    return this.#found
  }

  #over(): void {
    if (this.#row.length >= SMALLEST_FILE) this.#found.push(...fromBeginning(this.#row))
    if (this.#row.length > 0) this.#row = []
  }
}

/** -1 for a token that is no byte. */
type ByteOf = (text: string, start: number, end: number) => number

/** The row may begin with numbers of another meaning: a count, an index. */
function fromBeginning(row: readonly number[]): readonly Uint8Array[] {
  const bytes = Uint8Array.from(row)
  for (let skipped = 0; skipped < BEGINNING; skipped += 1) {
    const rest = bytes.subarray(skipped)
    if (isFile(rest)) return [rest]
  }
  return []
}

/** `4b`, `x4b`, `0x4b`, `u004b`. */
function hexadecimal(text: string, start: number, end: number): number {
  const before = end - start - 2
  if (before < 0 || before > 3) return -1
  const high = digit(text.charCodeAt(end - 2))
  const low = digit(text.charCodeAt(end - 1))
  if (high > 15 || low > 15) return -1
  if (before > 0 && !/^(?:0?x|u00)$/u.test(text.slice(start, end - 2))) return -1
  return high * 16 + low
}

/** Java writes bytes above 127 with a minus. */
function decimal(text: string, start: number, end: number): number {
  if (end - start > 3) return -1
  let value = 0
  for (let at = start; at < end; at += 1) {
    const one = digit(text.charCodeAt(at))
    if (one > 9) return -1
    value = value * 10 + one
  }
  if (value > 255) return -1
  return text.charCodeAt(start - 1) === MINUS ? (256 - value) & 255 : value
}

const MINUS = 0x2d

/** 255 for what is none. */
const DIGIT = new Uint8Array(128).fill(255)
for (const [value, letters] of [...'0123456789ABCDEF'].entries())
  for (const letter of [letters, letters.toLowerCase()]) DIGIT[letter.charCodeAt(0)] = value
const digit = (code: number): number => DIGIT[code] ?? 255

/** `{"0":80,"1":75,…}`: how JavaScript writes bytes that nobody thought of. */
class Numbered implements Row {
  #bytes: number[] = []
  #index = true

  take(text: string, start: number, end: number): void {
    if (this.#index) {
      if (isNumber(text, start, end, this.#bytes.length)) this.#index = false
      else this.#again(text, start, end)
      return
    }
    const value = decimal(text, start, end)
    if (value === -1) return this.#again(text, start, end)
    this.#bytes.push(value)
    this.#index = true
  }

  end(): readonly Uint8Array[] {
    const bytes = Uint8Array.from(this.#bytes)
    return isFile(bytes) ? [bytes] : []
  }

  #again(text: string, start: number, end: number): void {
    // What is whole stays until the end.
    if (this.#bytes.length >= SMALLEST_FILE) return
    if (this.#bytes.length > 0) this.#bytes = []
    this.#index = !isNumber(text, start, end, 0)
  }
}

const isNumber = (text: string, start: number, end: number, wanted: number): boolean =>
  end - start < 10 &&
  digit(text.charCodeAt(start)) < 10 &&
  text.slice(start, end) === String(wanted)

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** RFC 4648 §6. */
function base32(letters: string): readonly Uint8Array[] {
  if (!/^[A-Za-z2-7]+$/u.test(letters.slice(0, MIN_BASE32))) return []
  const upper = letters.toUpperCase()
  return whenFile((length) => {
    const bytes = Buffer.alloc(Math.floor((Math.min(length, upper.length) * 5) / 8))
    let bits = 0
    let held = 0
    let at = 0
    for (const letter of upper.slice(0, length)) {
      bits = ((bits << 5) | BASE32.indexOf(letter)) & 0xfff
      held += 5
      if (held < 8) continue
      held -= 8
      bytes[at] = (bits >> held) & 255
      at += 1
    }
    return bytes
  })
}

const ASCII85 = Array.from({ length: 85 }, (_, nth) => String.fromCharCode(33 + nth)).join('')
const Z85 = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#'

/** A run may have a bracket or a colon of JSON before it. */
const BEFORE_RUN = 3

/** Of Adobe and of ZeroMQ (RFC 32). */
function base85(run: string): readonly Uint8Array[] {
  for (let skipped = 0; skipped <= BEFORE_RUN; skipped += 1) {
    const found = [
      ...whenFile((length) => fiveByFive(unfoldedZ(run.slice(skipped, length)), ASCII85)),
      ...whenFile((length) => fiveByFive(run.slice(skipped, length), Z85)),
    ]
    if (found.length > 0) return found
  }
  return []
}

/** Four zeros are one letter. */
const unfoldedZ = (letters: string): string => letters.replaceAll('z', '!!!!!')

/** A group that is not whole stands for one byte less than it has letters. */
function fiveByFive(letters: string, alphabet: string): Uint8Array {
  const count = Math.ceil(letters.length / 5)
  const bytes = Buffer.alloc(count * 4)
  for (let nth = 0; nth < count; nth += 1) {
    let value = 0
    for (let at = 0; at < 5; at += 1) {
      const letter = letters.charAt(nth * 5 + at)
      value = value * 85 + (letter === '' ? 84 : Math.max(0, alphabet.indexOf(letter)))
    }
    bytes.writeUInt32BE(value % 2 ** 32, nth * 4)
  }
  return bytes.subarray(0, bytes.length - (count * 5 - letters.length))
}

/** Its first letters tell whether the rest is worth the work. */
function whenFile(read: (length: number) => Uint8Array): readonly Uint8Array[] {
  if (!beginsLikeFile(read(BEGINNING * 3))) return []
  const bytes = read(Infinity)
  return isFile(bytes) ? [bytes] : []
}

/** Quoted-printable (RFC 2045 6.7) and percent signs (RFC 3986 2.1) over something that is no address. */
function escaped(text: string): readonly Uint8Array[] {
  return (['=', '%'] as const).flatMap((sign) => {
    const begins = text.search(sign === '=' ? QUOTED : PERCENT)
    if (begins === -1) return []
    const rest = text.slice(begins).replaceAll(sign === '=' ? /=\r?\n/gu : /\n/gu, '')
    const raw = Buffer.from(rest).toString('latin1')
    const bytes = raw.replaceAll(sign === '=' ? QUOTED_BYTE : PERCENT_BYTE, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    )
    const read = Buffer.from(bytes, 'latin1')
    return isFile(read) ? [read] : []
  })
}

/** Where one of the kinds begins: `PK`, `%PDF`, `{\rtf`, `ÿØÿ`, … with any of its letters escaped. */
const begun = (sign: string): RegExp =>
  new RegExp(
    `(?:${[
      [0x50, 0x4b, 3, 4],
      [0xd0, 0xcf, 0x11, 0xe0],
      [0x25, 0x50, 0x44, 0x46],
      [0x89, 0x50, 0x4e, 0x47],
      [0xff, 0xd8, 0xff],
      [0x47, 0x49, 0x46, 0x38],
      [0x52, 0x49, 0x46, 0x46],
      [0x7b, 0x5c, 0x72, 0x74],
    ]
      .map((bytes) => bytes.map((byte) => letterOf(byte, sign)).join(''))
      .join('|')})`,
    'iu',
  )

function letterOf(byte: number, sign: string): string {
  const hex = byte.toString(16).padStart(2, '0')
  const coded = `${sign}${hex}`
  if (byte < 0x21 || byte > 0x7e) return coded
  return `(?:${coded}|\\u{${hex}})`
}

const QUOTED = begun('=')
const PERCENT = begun('%')
const QUOTED_BYTE = /=([0-9A-Fa-f]{2})/gu
const PERCENT_BYTE = /%([0-9A-Fa-f]{2})/gu

/** POSIX `uuencode`. */
function uuencoded(text: string): readonly Uint8Array[] {
  if (!text.includes('begin ')) return []
  const begin = /(?:^|\n)begin [0-7]{3,4} [^\n]{0,255}\n/u.exec(text)
  if (!begin) return []
  const lines = text.slice(begin.index + begin[0].length).split(/\r?\n/u)
  const end = lines.findIndex((line) => line === 'end' || line === '`')
  const bytes = lines.slice(0, end === -1 ? undefined : end).map(uuLine)
  const all = Buffer.concat(bytes)
  return isFile(all) ? [all] : []
}

function uuLine(line: string): Uint8Array {
  const value = (at: number): number => ((line.charCodeAt(at) || 32) - 32) & 63
  const length = value(0)
  const bytes = Buffer.alloc(length)
  for (let at = 0; at < length; at += 1) {
    const letter = 1 + Math.floor(at / 3) * 4 + (at % 3)
    const shift = 2 * (at % 3)
    bytes[at] = ((value(letter) << (2 + shift)) | (value(letter + 1) >> (4 - shift))) & 255
  }
  return bytes
}
