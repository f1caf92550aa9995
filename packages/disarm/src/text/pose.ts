import type { TextEncoding } from './encoding.ts'
import { decodeText, decodedPieces, detectEncoding } from './encoding.ts'

/** True when the bytes are text in one of the known encodings. */
export function looksLikeText(bytes: Uint8Array): boolean {
  return detectEncoding(bytes) !== undefined
}

/**
 * Why bytes that claim to be text are something else, or `undefined` when they may be text. Some programs look at the
 * content and not at the name: a browser runs HTML in `.txt`, Excel opens SYLK in `.csv` and runs its formulas.
 */
export function posesAsText(bytes: Uint8Array): string | undefined {
  const encoding = detectEncoding(bytes)
  if (encoding === undefined) return undefined
  const head = firstLetters(bytes, encoding).replace(/^\uFEFF?\s*/, '')
  if (HTML.test(head)) return 'TYPE-HTML'
  if (OFFICE_XML.test(head)) return 'OX-STRICT'
  return ACTIVE_TEXT.some((pattern) => pattern.test(head)) ? 'T-BINARY' : undefined
}

function firstLetters(bytes: Uint8Array, encoding: TextEncoding): string {
  let text = ''
  for (const piece of decodedPieces(bytes, encoding)) {
    text += piece
    if (text.length >= HEAD) break
  }
  return text.slice(0, HEAD)
}

/**
 * The beginning of a text for telling its type, leading white space and byte order mark gone. Bytes in no known encoding (a mail
 * may mix several) are read as Latin-1: type words are ASCII everywhere.
 */
export function textHead(bytes: Uint8Array): string {
  const start = bytes.subarray(0, HEAD * 4)
  const encoding = bytes[0] === 0xff || bytes[0] === 0xfe ? detectEncoding(start) : undefined
  const head =
    encoding === undefined ? Buffer.from(start).toString('latin1') : decodeText(start, encoding)
  return head.replace(/^(?:\uFEFF|\u00EF\u00BB\u00BF)?\s*/, '')
}

/** Characters of the beginning that programs sniff; browsers take 1,445 bytes at most. */
const HEAD = 4096

const HTML =
  /^<(?:!--|!doctype\s+html|(?:html|head|body|script|iframe|svg|img|a\s|h1|div|font|table|title|style|meta)\b)/i
const OFFICE_XML =
  /^<\?xml[^>]{0,200}>\s*(?:<\?mso-application|<(?:pkg:package|w:wordDocument|Workbook\s|ss:Workbook))/

const ACTIVE_TEXT: readonly RegExp[] = [
  /^ID;P/, // SYLK: Excel runs it whatever the extension
  /^\{\\rt/, // RTF
  /^WEB\r?\n1\r?\n/, // IQY web query
  /^#!/, // script
  /^<\?(?:php|xml)/i,
  /^<(?:job|package|hta:|component|scriptlet)\b/i, // Windows Script
  /^@?echo off\b/im,
  /^\[(?:InternetShortcut|\.ShellClassInfo|autorun)\]/i,
  /^(?:REGEDIT4|Windows Registry Editor)/,
  /^MIME-Version:/im, // MHTML
]
