/** Every address of a name, from the town's own name server. */
import { Resolver } from 'node:dns/promises'

/** @param servers addresses of name servers; empty for those of the machine */
export function townResolver(servers: readonly string[]): (host: string) => Promise<string[]> {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 })
  if (servers.length > 0) resolver.setServers(servers)
  return async (host) => {
    const [four, six] = await Promise.all([
      resolver.resolve4(host).catch(() => []),
      resolver.resolve6(host).catch(() => []),
    ])
    return [...four, ...six]
  }
}
