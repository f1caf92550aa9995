/**
 * The URL policy of docs/design/disarm-grammar.md: what a link in any output may point to. Returns the canonical URL
 * (printable ASCII), or `undefined` when the link must go and only its text stays.
 *
 * The attacker wants a click, or worse a mere look, to leave the browser: a protocol handler (`ms-msdt:`,
 * `search-ms:`), a UNC path that hands over the user's NTLM hash, or a script. So only four schemes exist here.
 */
export function allowedUrl(raw: string): string | undefined {
  const text = raw.trim()
  if (text.length > MAX_URL || HOSTILE.test(text)) return undefined
  // What is printable already stays, so that a link rebuilt twice is the same link.
  if (text.startsWith('#')) return PRINTABLE.test(text) ? text : encodeURI(text)
  if (!SCHEME.test(text) || !URL.canParse(text)) return undefined
  const url = new URL(text)
  const allowed = isWeb(url) ? mayBeWeb(url) : mayBeContact(url)
  return allowed && url.href.length <= MAX_URL && PRINTABLE.test(url.href) ? url.href : undefined
}

/** Longest URL that Internet Explorer and Office follow. */
export const MAX_URL = 2083

const PRINTABLE = /^[!-~]+$/
const SCHEME = /^(?:https?:\/\/|mailto:|tel:)/i
// Control characters, backslash, bidi and zero-width: what a person cannot see or a parser may fold.
const HOSTILE =
  /[\u0000-\u001F\u007F-\u009F\\\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF\uFFF9-\uFFFB\uD800-\uDFFF]/u

function isWeb(url: URL): boolean {
  return url.protocol === 'http:' || url.protocol === 'https:'
}

function mayBeWeb(url: URL): boolean {
  if (url.username !== '' || url.password !== '' || url.host === '') return false
  // A WebDAV path makes Windows mount a share and log in to it.
  return !/davwwwroot|@ssl/i.test(url.href)
}

function mayBeContact(url: URL): boolean {
  if (url.protocol === 'tel:') return /^tel:\+?[0-9().-]{1,40}$/.test(url.href)
  // Some mail programs attach a local file when the link says so.
  return url.protocol === 'mailto:' && !url.href.split(/[?&]/).slice(1).some(attaches)
}

/** Mail programs decode the name of a field after they parted it from the others: `%61ttach=` is `attach=`. */
function attaches(field: string): boolean {
  const name = field
    .slice(0, 3 * 'attach'.length)
    .replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
  return /^attach/i.test(name)
}
