import { isUtf8 } from 'node:buffer'
import { refuse } from '../family.ts'

/**
 * Bytes of an XML entity as *binary text*: one character per byte of its UTF-8 form. Markup is ASCII, so a reader finds its way in
 * binary text as in any other, at half the memory, and what passes unchanged is never decoded and encoded again.
 *
 * UTF-8, or UTF-16 with a byte order mark, and nothing else. A declaration that names another encoding (UTF-7, EBCDIC, Shift_JIS …)
 * is an attempt to be read differently elsewhere, or cannot be read safely: refused.
 */
export function* binaryText(chunks: Iterable<Uint8Array>): Generator<string> {
  const pieces = marked(chunks)
  let first = true
  for (const { bytes: piece, encoding } of pieces) {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.length)
    const text = bytes.toString('latin1')
    if (first) checkDeclaration(text, encoding)
    if (CONTROL.test(text) || NONCHARACTERS.some((one) => bytes.includes(one))) refuse('OX-XML')
    first = false
    yield text
  }
}

/** Plain text of a piece of binary text. Most pieces are ASCII and stay as they are. */
export function plainText(binary: string): string {
  return HIGH.test(binary) ? Buffer.from(binary, 'latin1').toString('utf8') : binary
}

const HIGH = /[\u0080-\u00FF]/

/** XML 1.0 §2.2: everything outside `Char`, in UTF-8 (lone surrogates were refused before). */
const CONTROL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F]/
const NONCHARACTERS = [Buffer.from('\uFFFE'), Buffer.from('\uFFFF')]

interface Piece {
  readonly bytes: Uint8Array
  readonly encoding: Encoding
}

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be'

/** Pieces of valid UTF-8, none of which ends inside a character; the first holds the whole declaration. */
function* marked(chunks: Iterable<Uint8Array>): Generator<Piece> {
  let rest: Uint8Array = new Uint8Array()
  let first = true
  for (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    if (first && bytes.length < MIN_FIRST) {
      rest = Buffer.from(bytes)
      continue
    }
    if (first && encodingOf(bytes) !== 'utf-8') {
      rest = Buffer.from(bytes)
      continue
    }
    const from = first && isMarked(bytes) ? 3 : 0
    const end = bytes.length - unfinished(bytes)
    yield { bytes: checked(bytes.subarray(from, end)), encoding: 'utf-8' }
    rest = Buffer.from(bytes.subarray(end))
    first = false
  }
  const encoding = first ? encodingOf(rest) : 'utf-8'
  if (encoding !== 'utf-8') yield { bytes: recoded(rest, encoding), encoding }
  else if (first) yield { bytes: checked(isMarked(rest) ? rest.subarray(3) : rest), encoding }
  else if (rest.length > 0) refuse('OX-XML')
}

/** Enough for any declaration. */
const MIN_FIRST = 1024

function isMarked(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
}

function encodingOf(bytes: Uint8Array): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  return 'utf-8'
}

function recoded(bytes: Uint8Array, encoding: Encoding): Uint8Array {
  try {
    return Buffer.from(new TextDecoder(encoding, { fatal: true }).decode(bytes))
  } catch {
    return refuse('OX-XML')
  }
}

function checked(bytes: Uint8Array): Uint8Array {
  return isUtf8(bytes) ? bytes : refuse('OX-XML')
}

/** How many bytes at the end begin a character that goes on in the next chunk. */
function unfinished(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if ((byte & 0xc0) === 0x80) continue
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
    return length > back ? back : 0
  }
  return 0
}

const DECLARATION =
  /^<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*["']1\.0["'](?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*["']([A-Za-z][A-Za-z0-9._-]{0,40})["'])?(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*["'](?:yes|no)["'])?[ \t\r\n]*\?>/

function checkDeclaration(text: string, encoding: Encoding): void {
  if (!/^<\?xml[ \t\r\n]/.test(text)) return
  const match = DECLARATION.exec(text.slice(0, 512))
  if (!match) refuse('OX-DTD')
  const declared = match[1]?.toLowerCase()
  if (declared === undefined) return
  const expected =
    encoding === 'utf-8' ? ['utf-8', 'utf8', 'us-ascii', 'ascii'] : ['utf-16', encoding]
  if (!expected.includes(declared)) refuse('OX-DTD')
}
