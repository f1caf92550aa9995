import type { Preview } from './preview.ts'
import { PREVIEW_PARAGRAPHS_MAX, decode, shorten } from './preview-text.ts'

/** Bytes of a drawing that are looked at: its words stand behind long tables. */
const READ_MAX = 16 * 1024 * 1024
const WITH_WORDS = new Set(['TEXT', 'MTEXT', 'ATTRIB', 'ATTDEF', 'DIMENSION'])
/** Group codes of DXF: what kind of thing begins, its words, and the earlier pieces of long words. */
const KIND = '0'
const TEXT = '1'
const PIECE = '3'

/** The words that stand in a DXF drawing. There is no picture of it here. */
export function previewDxf(bytes: Uint8Array): Preview | undefined {
  const text = decode(bytes, READ_MAX)
  if (text === undefined) return undefined
  const lines = text.split(/\r\n|\n/u)
  const words: string[] = []
  let kind = ''
  let pieces = ''
  for (let at = 0; at + 1 < lines.length && words.length <= PREVIEW_PARAGRAPHS_MAX; at += 2) {
    const code = lines[at]?.trim()
    const value = lines[at + 1] ?? ''
    if (code === KIND) {
      kind = value.trim()
      pieces = ''
    } else if (code === PIECE && kind === 'MTEXT') pieces += value
    else if (code === TEXT && WITH_WORDS.has(kind)) words.push(plainWords(pieces + value))
  }
  return shown(words, bytes)
}

/** The words of a drawing for delivery (SXF): the texts that it places on the sheet. */
export function previewSxf(bytes: Uint8Array): Preview | undefined {
  const text = decode(bytes, READ_MAX)
  if (text === undefined) return undefined
  const words: string[] = []
  for (const [, feature, literal = ''] of text.matchAll(PLACED)) {
    words.push(feature ?? unicode(literal.replaceAll("''", "'")))
    if (words.length > PREVIEW_PARAGRAPHS_MAX) break
  }
  return shown(words, bytes)
}

/** `text_string_feature(layer, colour, font, text, …)` of SFC; `TEXT_LITERAL('…'` and the like of P21. */
const PLACED =
  /text_string_feature\((?:\\?'[^'\\]{0,64}\\?',){3}\\'([^\r\n]{0,1000}?)\\'|_LITERAL[A-Z_]*\('((?:[^'\r\n]|''){0,2000})'/gu

/** Characters beyond ASCII as ISO 10303-21 writes them: `\X2\9AD8\X0\`. */
function unicode(text: string): string {
  return text.replaceAll(/\\X2\\((?:[0-9A-F]{4}){1,500})\\X0\\/gu, (_, hex: string) =>
    String.fromCharCode(...(hex.match(/.{4}/gu) ?? []).map((one) => Number.parseInt(one, 16))),
  )
}

/** Without the codes for fonts and line breaks inside of long texts. */
function plainWords(text: string): string {
  return text
    .replaceAll('\\P', '\n')
    .replaceAll(/\\[A-Za-z][^;\\{}]{0,80};/gu, '')
    .replaceAll(/[{}]/gu, '')
}

function shown(words: readonly string[], bytes: Uint8Array): Preview | undefined {
  const seen = words.filter((word) => word.trim() !== '')
  if (seen.length === 0) return undefined
  return {
    kind: 'text',
    paragraphs: seen.slice(0, PREVIEW_PARAGRAPHS_MAX).map(shorten),
    more: seen.length > PREVIEW_PARAGRAPHS_MAX || bytes.length > READ_MAX,
  }
}
