import { refuse } from '../family.ts'

/**
 * Bytes of an XML entity to text: UTF-8, or UTF-16 with a byte order mark, and nothing else. A declaration that names
 * another encoding (UTF-7, EBCDIC, Shift_JIS …) is an attempt to be read differently elsewhere, or cannot be read
 * safely: refused.
 */
export function decodeXml(bytes: Uint8Array): string {
  const encoding = markedEncoding(bytes)
  const text = decode(bytes, encoding)
  checkDeclaration(text, encoding)
  if (FORBIDDEN.test(text)) refuse('OX-XML')
  return text
}

// XML 1.0 §2.2: everything outside `Char` (lone surrogates were refused while decoding).
const FORBIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be'

function markedEncoding(bytes: Uint8Array): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  return 'utf-8'
}

function decode(bytes: Uint8Array, encoding: Encoding): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return refuse('OX-XML')
  }
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
