/**
 * Which next hop takes the mail for a domain.
 */

/** `domain` is exact, `.domain` is everything below it, `*` is the rest. */
export interface Route {
  readonly domain: string
  readonly hop: string
}

/** The name of the next hop for an address; the longest match wins. `undefined` when the town declared none. */
export function hopOf(address: string, routes: readonly Route[]): string | undefined {
  const domain = domainOf(address)
  const fitting = routes.filter((route) => fits(domain, route.domain.toLowerCase()))
  return fitting.toSorted((a, b) => weight(b.domain) - weight(a.domain))[0]?.hop
}

/** The domain of an address, as names are compared: lower case, without the final dot. */
export function domainOf(address: string): string {
  return address
    .slice(address.lastIndexOf('@') + 1)
    .toLowerCase()
    .replace(/\.$/u, '')
}

export function fits(domain: string, wanted: string): boolean {
  if (wanted === '*') return true
  return wanted.startsWith('.') ? domain.endsWith(wanted) : domain === wanted
}

/** An exact domain before any that stands for many. */
function weight(domain: string): number {
  if (domain === '*') return 0
  return domain.startsWith('.') ? domain.length : 1_000 + domain.length
}
