/** Schemes that may stay in a link; everything else starts programs, leaks credentials or reads files. */
const SCHEME = /^(?:https?:\/\/[^/@\\?#]+(?:[/?#]|$)|mailto:|tel:\+?[0-9().-]{1,40}$)/u
const MAX_LENGTH = 2083
/** A WebDAV path makes Windows log in to a share; some mail programs attach a local file when the link says so. */
const TRAP =
  /^https?:.*(?:davwwwroot|@ssl)|^mailto:.*[?&](?:a|%[46]1)(?:t|%[57]4){2}(?:a|%[46]1)(?:c|%[46]3)(?:h|%[46]8)/iu

/** The URL policy of the grammar, written apart from the rebuilder's. Only the one spelling of a URL passes (WHATWG URL). */
export function urlAllowed(url: string): boolean {
  if (url.length === 0 || url.length > MAX_LENGTH) return false
  if (/[^\u0021-\u007e]/u.test(url) || url.includes('\\')) return false
  if (url.startsWith('#')) return true
  if (!SCHEME.test(url) || TRAP.test(url)) return false
  return URL.canParse(url) && new URL(url).href === url
}
