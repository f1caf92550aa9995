/** Base64 with whatever stands between its letters, also several padded pieces in a row. A letter is a byte. */
export function decodeBase64(text: string): Uint8Array {
  // Nearly all of it is letters in lines, which the decoder passes over.
  const padding = text.indexOf('=')
  const end = padding < 0 ? '' : text.slice(padding)
  if (!/[^A-Za-z0-9+/=\r\n]/.test(text) && !/[^=\r\n]/.test(end)) return exactly(text)
  const letters = text.replace(/[^A-Za-z0-9+/=]+/g, '')
  const inner = /=(?=[^=])/.test(letters)
  if (!inner) return Buffer.from(letters, 'base64')
  return Buffer.concat(letters.split(/=+/).map((piece) => Buffer.from(piece, 'base64')))
}

/** Bytes in a place of just their size: the decoder makes one that would hold the line ends, too, and it could not be given back. */
function exactly(text: string): Uint8Array {
  const { buffer, byteOffset, length } = Buffer.from(text, 'base64')
  const alone = byteOffset === 0 && length > LARGE
  return new Uint8Array(alone ? buffer.transfer(length) : buffer, alone ? 0 : byteOffset, length)
}

const LARGE = 1024 * 1024

/** The Q encoding of RFC 2047. */
export function decodeQ(text: string): Uint8Array {
  return unescaped(text.replaceAll('_', ' '))
}

/** Quoted-printable (RFC 2045 §6.7), with the soft line breaks and the faults of real programs. */
export function decodeQuotedPrintable(text: string): Uint8Array {
  return unescaped(
    text
      .replace(/[ \t]+(?=\r?\n)/g, '')
      .replace(/=\r?\n/g, '')
      .replace(/=$/, ''),
  )
}

function unescaped(text: string): Uint8Array {
  const plain = text.replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return Buffer.from(plain, 'latin1')
}

/** @param encoding value of Content-Transfer-Encoding */
export function decodeTransfer(body: string, encoding: string): Uint8Array {
  switch (/^[a-z0-9-]*/.exec(encoding.trim().toLowerCase())?.[0]) {
    case 'base64':
      return decodeBase64(body)
    case 'quoted-printable':
      return decodeQuotedPrintable(body)
    case 'x-uuencode':
    case 'uuencode':
    case 'x-uue': {
      const found = takeUuencoded(body)
      return found.files[0]?.bytes ?? Buffer.from(body, 'latin1')
    }
    default:
      return Buffer.from(body, 'latin1')
  }
}

export interface Uuencoded {
  readonly name: string
  readonly bytes: Uint8Array
}

const BEGIN = /^begin [0-7]{3,4} (.{1,200})$/

/** Files inside of a text, between `begin 644 name` and `end`, and the text without them. */
export function takeUuencoded(text: string): {
  readonly text: string
  readonly files: readonly Uuencoded[]
} {
  if (!/^begin [0-7]{3}/m.test(text)) return { text, files: [] }
  const lines = text.split('\n')
  const kept: string[] = []
  const files: Uuencoded[] = []
  for (let at = 0; at < lines.length; at++) {
    const begin = BEGIN.exec(lines[at]!.replace(/\r$/, ''))
    const end = begin ? endOfBlock(lines, at + 1) : -1
    if (!begin || end < 0) kept.push(lines[at]!)
    else {
      files.push({ name: begin[1]!.trim(), bytes: blockBytes(lines.slice(at + 1, end)) })
      at = end
    }
  }
  return { text: kept.join('\n'), files }
}

/** Line of `end`, when there is at least one line of data and only such lines before it. */
function endOfBlock(lines: readonly string[], start: number): number {
  for (let at = start; at < lines.length; at++) {
    const line = lines[at]!.trimEnd()
    if (line === 'end') return at > start ? at : -1
    if (line !== '' && !/^[ -`]{1,100}$/.test(line)) return -1
  }
  return -1
}

function blockBytes(lines: readonly string[]): Uint8Array {
  return Buffer.concat(
    lines.map((raw) => {
      const line = raw.replace(/\r$/, '')
      const length = line === '' ? 0 : (line.charCodeAt(0) - 32) & 63
      const bytes: number[] = []
      for (let at = 1; at < line.length; at += 4) {
        const [a = 0, b = 0, c = 0, d = 0] = [0, 1, 2, 3].map(
          (step) => ((line.charCodeAt(at + step) || 32) - 32) & 63,
        )
        bytes.push((a << 2) | (b >> 4), ((b & 15) << 4) | (c >> 2), ((c & 3) << 6) | d)
      }
      return Uint8Array.from(bytes.slice(0, length).map((byte) => byte & 255))
    }),
  )
}
