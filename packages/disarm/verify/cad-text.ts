import { isUtf8 } from 'node:buffer'
import { demand } from './rejection.ts'

/** What no program shows, where the text is Unicode. */
const UNSHOWN =
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u200B\u200E\u200F\u2028-\u202E\u2060-\u2064\u2066-\u206F\uFEFF\uFFF9-\uFFFB]|[\u{E0000}-\u{E007F}]/u
/** Bytes of one line. */
const MAX_LINE = 65_536

/** A drawing as lines ended by CR LF, and the letters that its bytes mean. */
export class CadText {
  readonly where: string
  readonly #bytes: Buffer
  readonly #encoding: string | undefined
  #at = 0

  constructor(bytes: Uint8Array, where: string) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    this.where = where
    this.#encoding = encodingOf(bytes)
    if (this.#encoding === 'utf-8')
      for (const text of decoded('utf-8', bytes)) this.must(!UNSHOWN.test(text))
    else this.must(!holdsControls(bytes))
  }

  /** True when letters may have bytes that look like ASCII. */
  get doubleByte(): boolean {
    return this.#encoding === 'shift_jis'
  }

  get done(): boolean {
    return this.#at === this.#bytes.length
  }

  must(condition: boolean, name = 'CAD'): asserts condition {
    demand(condition, `VERIFY-${name}`, this.where)
  }

  /** The next line, its bytes as characters. */
  line(longest = MAX_LINE): string {
    const end = this.#bytes.indexOf('\r\n', this.#at, 'latin1')
    this.must(end >= 0 && end - this.#at <= longest)
    const line = this.#bytes.toString('latin1', this.#at, end)
    this.must(!/[\r\n]/u.test(line))
    this.#at = end + 2
    return line
  }

  letters(latin: string): string {
    if (this.#encoding === undefined || !/[\u0080-\u00FF]/u.test(latin)) return latin
    const text = strictly(this.#encoding, Buffer.from(latin, 'latin1'))
    this.must(text !== undefined)
    return text
  }
}

function holdsControls(bytes: Uint8Array): boolean {
  for (const byte of bytes)
    if (byte === 0x7f || (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d))
      return true
  return false
}

/** As for text files: UTF-8, or else CP932 or EUC-JP, of both the one with fewer half-width katakana. */
function encodingOf(bytes: Uint8Array): string | undefined {
  if (isUtf8(bytes)) return 'utf-8'
  const windows = halfWidths('shift_jis', bytes)
  const unix = halfWidths('euc-jp', bytes)
  if (windows === undefined) return unix === undefined ? undefined : 'euc-jp'
  return unix !== undefined && windows > unix ? 'euc-jp' : 'shift_jis'
}

/** `undefined` when the bytes are no text in this encoding. */
function halfWidths(encoding: string, bytes: Uint8Array): number | undefined {
  let count = 0
  try {
    for (const text of decoded(encoding, bytes)) {
      if (/[\u0080-\u009F]/u.test(text)) return undefined
      count += text.match(/[\uFF61-\uFF9F]/gu)?.length ?? 0
    }
  } catch {
    return undefined
  }
  return count
}

const PIECE = 128 * 1024

function* decoded(encoding: string, bytes: Uint8Array): Generator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true })
  for (let at = 0; at < bytes.length; at += PIECE)
    yield decoder.decode(bytes.subarray(at, at + PIECE), { stream: true })
  yield decoder.decode()
}

function strictly(encoding: string, bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** A path with a drive, a server, a scheme, a home or a parent folder. */
export function leavesFolder(text: string): boolean {
  return /^\s*(?:[A-Za-z][A-Za-z0-9+.-]{0,30}:[\\/]|[\\/]{2}|~[\\/]|\.{1,2}[\\/])/u.test(text)
}
