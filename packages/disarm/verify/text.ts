import { cellsOf, runs } from './csv.ts'
import { demand } from './rejection.ts'

/** Encodings that a town meets, in the order tried. Names of the WHATWG Encoding Standard. */
const ENCODINGS = ['utf-8', 'iso-2022-jp', 'shift_jis', 'euc-jp'] as const
/**
 * What no editor shows, or shows as something else: C0 except tab and line ends, DEL, C1, zero-width and bidi controls, line
 * separators, tag characters, and a byte order mark that is not at the beginning.
 */
const FORBIDDEN =
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u200B\u200E\u200F\u2028-\u202E\u2060-\u2064\u2066-\u206F\uFEFF\uFFF9-\uFFFB]|[\u{E0000}-\u{E007F}]/u
/** Characters of the beginning that programs sniff. */
const HEAD = 4096
/** Text that a browser, a spreadsheet or a shell would run for its content, whatever the name says. */
const DISGUISES: readonly RegExp[] = [
  /^(?:<!--|<!doctype\s+html|<(?:html|head|body|script|iframe|svg|img|a\s|h1|div|font|table|title|style|meta)\b)/iu,
  /^<\?(?:php|xml)/iu,
  /^<(?:job|package|hta:|component|scriptlet)\b/iu,
  /^(?:#!|MZ|ID;P|\{\\rt|REGEDIT4|Windows Registry Editor)/u,
  /^WEB\r?\n1\r?\n/u,
  /^\[(?:InternetShortcut|\.ShellClassInfo|autorun)\]/iu,
  /^@?echo off\b/imu,
  /^MIME-Version:/imu,
]

/**
 * Accepts text that decodes strictly in one of the known encodings and holds no control character; for `csv` and
 * `tsv` no cell that a spreadsheet would run.
 */
export function verifyText(bytes: Uint8Array, type: string, where: string): void {
  const text = decode(bytes)
  demand(text !== undefined, 'VERIFY-TEXT', where)
  demand(!FORBIDDEN.test(text), 'VERIFY-TEXT-CONTROL', where)
  const head = text.slice(0, HEAD).trimStart()
  demand(!DISGUISES.some((disguise) => disguise.test(head)), 'VERIFY-TEXT-TYPE', where)
  if (type === 'txt') return
  for (const cell of cellsOf(text)) demand(!runs(cell), 'VERIFY-CSV', where)
}

/** The decoders take a byte order mark off the beginning. */
function decode(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return strictly('utf-16le', bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return strictly('utf-16be', bytes)
  const shifted = bytes.includes(0x1b)
  for (const encoding of ENCODINGS) {
    if (shifted !== (encoding === 'iso-2022-jp')) continue
    const text = strictly(encoding, bytes)
    if (text !== undefined) return text
  }
  return undefined
}

function strictly(encoding: string, bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
