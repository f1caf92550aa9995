import { detectEncoding } from '../text/encoding.ts'
import { decodeIso2022Jp } from './iso-2022-jp.ts'

/** Text out of bytes, and the charset that was decided on (a label of the WHATWG Encoding Standard). */
export interface DecodedText {
  readonly text: string
  readonly charset: string
  /** False when some bytes meant nothing and became U+FFFD. */
  readonly clean: boolean
}

/**
 * Decides on one charset, once: byte order mark, then what was declared when the bytes agree, then what the bytes themselves are, then
 * what was declared in spite of them. UTF-7 is no charset: it hides markup from everyone who reads ASCII.
 * @param declared labels in the order of their weight, e.g. of the mail part and of the page
 */
export function decodeCharset(bytes: Uint8Array, declared: readonly string[] = []): DecodedText {
  const marked = byMark(bytes)
  if (marked !== undefined) return decodeAs(bytes.subarray(marked.skip), marked.charset)
  const labels = declared.map(knownCharset).filter((label) => label !== undefined)
  const found = detectEncoding(bytes)
  const detected = found === 'cp932' ? 'shift_jis' : found
  if (
    bytes.includes(ESCAPE) &&
    !labels.includes('iso-2022-jp') &&
    bytes.every((byte) => byte < 0x80)
  ) {
    const jis = decodeAs(bytes, 'iso-2022-jp')
    if (jis.clean) return jis
  }
  if (isPlain(bytes)) return decodeAs(bytes, labels[0] ?? 'utf-8')
  // Japanese in UTF-8 never reads as another encoding by chance, whatever the label says.
  if (detected === 'utf-8' && (labels.length === 0 || LOOSE.has(labels[0]!) || isCjk(bytes)))
    return decodeAs(bytes, 'utf-8')
  for (const label of labels) {
    const text = decodeAs(bytes, label)
    if (text.clean && !(label === 'us-ascii')) return text
  }
  if (detected !== undefined) return decodeAs(bytes, detected)
  return decodeAs(bytes, labels[0] ?? 'windows-1252')
}

/** Declared by programs that did not know; UTF-8 that is valid says otherwise. */
const LOOSE: ReadonlySet<string> = new Set(['us-ascii', 'windows-1252', 'utf-8'])

const ESCAPE = 0x1b

function byMark(bytes: Uint8Array): { charset: string; skip: number } | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    return { charset: 'utf-8', skip: 3 }
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { charset: 'utf-16le', skip: 2 }
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { charset: 'utf-16be', skip: 2 }
  return undefined
}

/** Without escapes and eighth bits every charset here says the same. */
function isPlain(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte < 0x80 && byte !== ESCAPE && byte !== 0)
}

function isCjk(bytes: Uint8Array): boolean {
  return /[\u3000-\u9FFF\uFF00-\uFFEF]/.test(new TextDecoder().decode(bytes.subarray(0, 1 << 20)))
}

const ALIASES: ReadonlyMap<string, string> = new Map([
  ['us-ascii', 'us-ascii'],
  ['ascii', 'us-ascii'],
  ['ansi_x3.4-1968', 'us-ascii'],
  ['cp932', 'shift_jis'],
  ['ms932', 'shift_jis'],
  ['windows-932', 'shift_jis'],
  ['x-sjis', 'shift_jis'],
  ['sjis', 'shift_jis'],
  ['shift-jis', 'shift_jis'],
  ['shift_jisx0213', 'shift_jis'],
  ['cp51932', 'euc-jp'],
  ['eucjp', 'euc-jp'],
  ['x-euc', 'euc-jp'],
  ['euc_jp', 'euc-jp'],
  ['iso-2022-jp-1', 'iso-2022-jp'],
  ['iso-2022-jp-2', 'iso-2022-jp'],
  ['iso-2022-jp-3', 'iso-2022-jp'],
  ['iso-2022-jp-ms', 'iso-2022-jp'],
  ['cp50220', 'iso-2022-jp'],
  ['cp50221', 'iso-2022-jp'],
  ['jis', 'iso-2022-jp'],
  ['utf8', 'utf-8'],
  ['cp65001', 'utf-8'],
  ['ks_c_5601-1987', 'euc-kr'],
])

/** The canonical label, or nothing for one that is not known here. */
export function knownCharset(label: string): string | undefined {
  const name = label.trim().toLowerCase().replace(/^"|"$/g, '').slice(0, 40)
  const alias = ALIASES.get(name)
  if (alias !== undefined) return alias
  if (name === '' || name === 'x-user-defined' || name === 'replacement') return undefined
  try {
    const { encoding } = new TextDecoder(name)
    return encoding === 'utf-7' || encoding === 'replacement' ? undefined : encoding
  } catch {
    return undefined
  }
}

function decodeAs(bytes: Uint8Array, charset: string): DecodedText {
  if (charset === 'iso-2022-jp') return { ...decodeIso2022Jp(bytes), charset }
  const label = charset === 'us-ascii' ? 'windows-1252' : charset
  const text = new TextDecoder(label, { ignoreBOM: true }).decode(bytes)
  const strange = charset === 'us-ascii' ? /[\u0080-\u{10FFFF}]/u : /\uFFFD|[\u0080-\u009F](?!\n)/u
  const clean = !strange.test(text)
  return { text, charset, clean }
}
