/** Every address of a name, from the town's own name server, kept as long as the name server says. */
import { Resolver } from 'node:dns/promises'
import type { RecordWithTtl } from 'node:dns'

/** Seconds that an answer is kept at most, whatever it says: who once slipped in a false one shall not be believed for a day. */
const LONGEST = 300
/** Names that are kept. */
const MOST = 2_000

interface Kept {
  readonly addresses: Promise<readonly string[]>
  /** Milliseconds; `Infinity` while it is being asked, so that those who come meanwhile wait for the same answer. */
  until: number
}

/**
 * @param servers addresses of name servers; empty for those of the machine
 * @param clock milliseconds
 */
export function townResolver(
  servers: readonly string[],
  clock: () => number = () => performance.now(),
): (host: string) => Promise<readonly string[]> {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 })
  if (servers.length > 0) resolver.setServers(servers)
  const names = new Map<string, Kept>()
  return (host) => {
    const known = names.get(host)
    if (known && known.until > clock()) return known.addresses
    if (names.size >= MOST) names.clear()
    const answer = askedFor(resolver, host)
    const kept: Kept = { addresses: answer.then((all) => all.addresses), until: Infinity }
    names.set(host, kept)
    void answer.then(({ seconds }) => {
      kept.until = clock() + seconds * 1000
    })
    return kept.addresses
  }
}

interface Answered {
  readonly addresses: readonly string[]
  /** How long it may be kept. */
  readonly seconds: number
}

async function askedFor(resolver: Resolver, host: string): Promise<Answered> {
  const records = await Promise.all([
    resolver.resolve4(host, { ttl: true }).catch(noneOf),
    resolver.resolve6(host, { ttl: true }).catch(noneOf),
  ])
  const all = records.flatMap((some) => some ?? [])
  const whole = all.length > 0 && records.every((some) => some !== undefined)
  return {
    addresses: all.map(({ address }) => address),
    seconds: whole ? Math.min(LONGEST, ...all.map(({ ttl }) => ttl)) : 0,
  }
}

/** A name without addresses of one family is a whole answer; a name server that says nothing is none. */
function noneOf(error: NodeJS.ErrnoException): readonly RecordWithTtl[] | undefined {
  return error.code === 'ENODATA' ? [] : undefined
}
