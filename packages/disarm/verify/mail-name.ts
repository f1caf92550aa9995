import { demand } from './rejection.ts'
import { decoded } from './mail-text.ts'

const UNSEEN =
  /[\u0000-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\p{Surrogate}]|[\u{E0000}-\u{E007F}]/u
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/iu
const PLAIN = /^[A-Za-z0-9 !#$&'()+,.;=@[\]^_`{}~-]{1,60}$/u
/** What starts a program, also as the last but one extension. */
const PROGRAMS = new Set(
  `exe dll scr com pif cpl msi msp msix appx lnk url scf library-ms searchconnector-ms settingcontent-ms diagcab hta js jse vbs vbe
wsf wsh ws ps1 psm1 psd1 bat cmd jar class reg inf chm hlp iso img vhd vhdx one onepkg xll wll xla xlam ppa ppam slk iqy oqy dqy rqy
odc udl rdp appref-ms application gadget xbap website theme themepack deskthemepack mdb accdb accde mde swf sct msc msh mst cab vb sh
py pl rb php asp aspx jsp apk dmg pkg app ocx sys drv ade adp desktop`.split(/\s+/u),
)

/** The name in a Content-Disposition: `filename="…"`, or `filename*=UTF-8''…` (RFC 2231) where that cannot be. */
export function fileName(written: string, where: string): string {
  const quoted = /^filename="([^"]*)"$/u.exec(written)?.[1]
  const escaped = /^filename\*=UTF-8''((?:[A-Za-z0-9._-]|%[0-9A-F]{2})+)$/u.exec(written)?.[1]
  const name = quoted ?? (escaped === undefined ? undefined : unescaped(escaped))
  demand(name !== undefined && isName(name), 'VERIFY-MAIL-NAME', where)
  const plain = PLAIN.test(name)
  demand(plain === (quoted !== undefined), 'VERIFY-MAIL-NAME', where)
  demand(plain || escape(name) === escaped, 'VERIFY-MAIL-NAME', where)
  return name
}

function unescaped(text: string): string | undefined {
  const bytes = text.replaceAll(/%([0-9A-F]{2})/gu, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return decoded(Buffer.from(bytes, 'latin1'))
}

function escape(name: string): string {
  let text = ''
  for (const byte of Buffer.from(name)) {
    const letter = String.fromCharCode(byte)
    text += /[A-Za-z0-9._-]/u.test(letter)
      ? letter
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return text
}

/** A name that no program and no eye mistakes. */
function isName(name: string): boolean {
  if (Buffer.byteLength(name) > 255 || UNSEEN.test(name) || /[\\/:*?"<>|]/u.test(name)) return false
  if (/^[ \u3000]|[. \u3000]$/u.test(name) || DEVICE.test(name)) return false
  const [, ...inner] = name.split('.').slice(0, -1)
  return inner.every((piece) => !PROGRAMS.has(piece.trim().toLowerCase()))
}

const OFFICE = 'application/vnd.openxmlformats-officedocument.'
const OASIS = 'application/vnd.oasis.opendocument.'
const TYPES: Readonly<Record<string, string>> = {
  eml: 'message/rfc822',
  pdf: 'application/pdf',
  zip: 'application/zip',
  rtf: 'application/rtf',
  docx: `${OFFICE}wordprocessingml.document`,
  xlsx: `${OFFICE}spreadsheetml.sheet`,
  pptx: `${OFFICE}presentationml.presentation`,
  odt: `${OASIS}text`,
  ods: `${OASIS}spreadsheet`,
  odp: `${OASIS}presentation`,
  odg: `${OASIS}graphics`,
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  jpe: 'image/jpeg',
  gif: 'image/gif',
  tif: 'image/tiff',
  bmp: 'image/bmp',
  webp: 'image/webp',
}

/** The media type under which a file of this name is written; none for a second extension of one type. */
export function mediaType(name: string): string {
  const extension = /.\.([A-Za-z0-9-]{1,20})$/u.exec(name)?.[1]?.toLowerCase() ?? ''
  if (extension === 'tiff') return ''
  return Object.hasOwn(TYPES, extension) ? TYPES[extension]! : 'application/octet-stream'
}
