/** Schemes that may stay in a link; everything else starts programs, leaks credentials or reads files. */
const SCHEME = /^(?:https?:\/\/[^/@\\?#]+(?:[/?#]|$)|mailto:|tel:\+?[0-9().-]+$)/iu
const MAX_LENGTH = 2083

/** The URL policy of the grammar, written apart from the rebuilder's. */
export function urlAllowed(url: string): boolean {
  if (url.length === 0 || url.length > MAX_LENGTH) return false
  if (/[^\u0021-\u007e]/u.test(url) || url.includes('\\')) return false
  if (url.startsWith('#')) return true
  return SCHEME.test(url)
}
