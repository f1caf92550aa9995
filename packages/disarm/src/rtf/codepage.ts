import { CP437, CP850, CP852, MAC_CENTRAL, MAC_GREEK, MAC_TURKISH } from './codepage-tables.ts'

/** Bytes of `\'b7` in the font Symbol: characters of the private area, as Word writes them. */
export const SYMBOL = 42

/** Code page that the character set of a font means (`\fcharsetN`); `undefined` for "as the document says". */
export function codepageOfCharset(charset: number): number | undefined {
  return CHARSETS.get(charset)
}

const CHARSETS: ReadonlyMap<number, number> = new Map([
  [0, 1252],
  [2, SYMBOL],
  [77, 10000],
  [78, 10001],
  [79, 10003],
  [80, 10008],
  [81, 10002],
  [85, 10006],
  [86, 10081],
  [88, 10029],
  [89, 10007],
  [128, 932],
  [129, 949],
  [130, 949],
  [134, 936],
  [136, 950],
  [161, 1253],
  [162, 1254],
  [163, 1258],
  [177, 1255],
  [178, 1256],
  [186, 1257],
  [204, 1251],
  [222, 874],
  [238, 1250],
  [254, 437],
  [255, 850],
])

/** Labels of the Encoding Standard. Code pages of the Macintosh that it lacks are near enough to those of Windows. */
const LABELS: ReadonlyMap<number, string> = new Map([
  [708, 'windows-1256'],
  [866, 'ibm866'],
  [874, 'windows-874'],
  [932, 'shift_jis'],
  [936, 'gbk'],
  [949, 'euc-kr'],
  [950, 'big5'],
  [1361, 'euc-kr'],
  ...[0, 1, 2, 3, 4, 5, 6, 7, 8].map((n) => [1250 + n, `windows-125${n}`] as const),
  [10000, 'macintosh'],
  [10001, 'shift_jis'],
  [10002, 'big5'],
  [10003, 'euc-kr'],
  [10007, 'x-mac-cyrillic'],
  [10008, 'gbk'],
  [20866, 'koi8-r'],
  [21866, 'koi8-u'],
  [28592, 'iso-8859-2'],
  [28605, 'iso-8859-15'],
  [51932, 'euc-jp'],
  [54936, 'gb18030'],
  [65001, 'utf-8'],
])

const TABLES: ReadonlyMap<number, string> = new Map([
  [437, CP437],
  [850, CP850],
  [852, CP852],
  [10006, MAC_GREEK],
  [10029, MAC_CENTRAL],
  [10081, MAC_TURKISH],
])

/** Text of a run of bytes. What the code page does not have becomes U+FFFD; an unknown code page is read as 1252. */
export function decodeBytes(bytes: Uint8Array, codepage: number): string {
  if (codepage === SYMBOL) return single(bytes, (byte) => 0xf000 + byte)
  const table = TABLES.get(codepage)
  if (table) return single(bytes, (byte) => table.charCodeAt(byte - 0x80))
  return decoderOf(LABELS.get(codepage) ?? 'windows-1252').decode(bytes)
}

function single(bytes: Uint8Array, high: (byte: number) => number): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte < 0x80 ? byte : high(byte))
  return text
}

const DECODERS = new Map<string, TextDecoder>()

function decoderOf(label: string): TextDecoder {
  const known = DECODERS.get(label)
  if (known) return known
  const decoder = new TextDecoder(label, { ignoreBOM: true })
  DECODERS.set(label, decoder)
  return decoder
}
