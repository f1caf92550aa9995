/**
 * Mail addresses and domains as a town file may hold them: ASCII, as the mail servers of towns take them, and nothing that would need quoting. What a sender
 * on the Internet may be called is another matter.
 */

/** Letters of one label of a domain (RFC 1123 2.1), lower case. */
const DOMAIN =
  /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$/u
/** The part of Dot-string (RFC 5321 4.1.2) that every program writes without quotes; it begins with nothing a spreadsheet would reckon with. */
const LOCAL = /^(?=.{1,64}$)[A-Za-z0-9_](?:[A-Za-z0-9_+-]|\.(?=[A-Za-z0-9_+-]))*$/u

/** True for `town.example.lg.jp`: two labels or more, lower case, `xn--` for Japanese names. */
export function isDomain(text: string): boolean {
  return DOMAIN.test(text)
}

/** True for `hanako@town.example.lg.jp`; the domain may be written in capitals. */
export function isMailAddress(text: string): boolean {
  const at = text.lastIndexOf('@')
  return at > 0 && LOCAL.test(text.slice(0, at)) && isDomain(text.slice(at + 1).toLowerCase())
}

/**
 * What two spellings of one address have in common. RFC 5321 2.4 lets a server tell `Hanako@` from `hanako@`; no sender knows that, so here they are one
 * address of one owner.
 */
export const mailKey = (address: string): string => address.toLowerCase()

/** The domain of an address, in lower case. */
export const domainOf = (address: string): string =>
  address.slice(address.lastIndexOf('@') + 1).toLowerCase()
