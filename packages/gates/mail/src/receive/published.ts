/**
 * What the world is told of a mail domain by DNS: where its mail goes (MX), who may send in its name (SPF), and what to do with the rest (DMARC).
 */
import { errorCode } from '@sekisho/core'
import type { Resolve, Verdict } from './authenticity.ts'
import { verdictOf } from './authenticity.ts'

/** `silent`: DNS did not answer; nothing is known. */
export type Told<Value> = Value | 'silent'

/** Hosts of the MX records, most wanted first. `[]` for none; `['']` says that the domain takes no mail (RFC 7505). */
export async function mailHostsOf(
  domain: string,
  resolve: Resolve,
): Promise<Told<readonly string[]>> {
  const answer = await asked(resolve, domain, 'MX')
  if (answer === 'silent') return answer
  const records = answer as readonly { readonly exchange: string; readonly priority: number }[]
  return records
    .toSorted((a, b) => a.priority - b.priority)
    .map(({ exchange }) => exchange.toLowerCase())
}

/** Addresses of a host, IPv4 and IPv6. */
export async function addressesOf(
  host: string,
  resolve: Resolve,
): Promise<Told<readonly string[]>> {
  const [four, six] = await Promise.all([asked(resolve, host, 'A'), asked(resolve, host, 'AAAA')])
  if (four === 'silent' && six === 'silent') return 'silent'
  return [four, six].flatMap((answer) => (answer === 'silent' ? [] : answer.map(String)))
}

/** SPF records. More than one is none at all (RFC 7208 4.5). */
export async function senderPoliciesOf(
  domain: string,
  resolve: Resolve,
): Promise<Told<readonly string[]>> {
  const texts = await textsOf(domain, resolve)
  return texts === 'silent' ? texts : texts.filter((text) => /^v=spf1(?: |$)/iu.test(text))
}

/** What SPF says of mail in the name of a domain that comes from an address. */
export async function sentFrom(
  domain: string,
  address: string,
  resolve: Resolve,
): Promise<Verdict> {
  const mailauth = await import('mailauth')
  const { status } = await mailauth.spf({
    sender: `postmaster@${domain}`,
    helo: domain,
    ip: address,
    mta: domain,
    maxElapsedTime: MAX_MS,
    resolver: resolve,
  })
  return verdictOf(status.result)
}

/** What DMARC asks for mail of a domain that does not fit: its own record, or that of the next domain above that has one (RFC 9989). */
export async function mailPolicyOf(
  domain: string,
  resolve: Resolve,
): Promise<Told<'none' | 'watch' | 'quarantine' | 'reject'>> {
  const labels = domain.split('.')
  for (let above = 0; above <= labels.length - 2; above += 1) {
    const texts = await textsOf(`_dmarc.${labels.slice(above).join('.')}`, resolve)
    if (texts === 'silent') return texts
    const records = texts.filter((text) => /^v=DMARC1(?:;| |$)/u.test(text))
    if (records.length !== 1) continue
    const tags = tagsOf(records[0]!)
    const policy = (above === 0 ? undefined : tags.get('sp')) ?? tags.get('p')
    return policy === 'reject' || policy === 'quarantine' ? policy : 'watch'
  }
  return 'none'
}

const MAX_MS = 10_000
/** Nothing there, as `node:dns` says it. Anything else is no answer. */
const NOTHING: ReadonlySet<unknown> = new Set(['ENOTFOUND', 'ENODATA'])

async function asked(
  resolve: Resolve,
  name: string,
  type: string,
): Promise<Told<readonly unknown[]>> {
  try {
    return await resolve(name, type)
  } catch (error) {
    const code = errorCode(error)
    return NOTHING.has(code) ? [] : 'silent'
  }
}

async function textsOf(name: string, resolve: Resolve): Promise<Told<readonly string[]>> {
  const answer = await asked(resolve, name, 'TXT')
  if (answer === 'silent') return answer
  return answer.map((parts) => (Array.isArray(parts) ? parts.join('') : String(parts)))
}

function tagsOf(record: string): ReadonlyMap<string, string> {
  return new Map(
    record.split(';').flatMap((tag) => {
      const [name, value] = tag.split('=', 2)
      return value === undefined ? [] : [[name!.trim().toLowerCase(), value.trim().toLowerCase()]]
    }),
  )
}
