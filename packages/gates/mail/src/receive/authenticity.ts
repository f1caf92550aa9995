/**
 * Who the sender is, as far as DNS can tell: SPF (RFC 7208), DKIM (RFC 6376), DMARC (RFC 9989). Shown to people; nobody is turned away by it.
 */
import type { Readable } from 'node:stream'
import type { authenticate } from 'mailauth'

/** `not-checked`: nobody asked, or asking could not say anything. */
export const VERDICTS = [
  'pass',
  'fail',
  'softfail',
  'neutral',
  'none',
  'policy',
  'temperror',
  'permerror',
  'not-checked',
] as const
export type Verdict = (typeof VERDICTS)[number]

/** Domains are hostile text. */
export interface Authenticity {
  readonly spf: { readonly verdict: Verdict; readonly domain: string }
  readonly dkim: readonly { readonly verdict: Verdict; readonly domain: string }[]
  readonly dmarc: { readonly verdict: Verdict; readonly domain: string; readonly policy: string }
}

/** Answers as `node:dns/promises` gives them; throws with `code` `ENOTFOUND` or `ENODATA` when there is nothing. */
export type Resolve = (name: string, type: string) => Promise<string[] | string[][]>

export interface Sender {
  readonly address: string
  readonly helo: string
  readonly from: string
  /** The one who brought it is a relay we know: its address says nothing of the sender. */
  readonly viaRelay: boolean
}

export interface AuthenticityOptions {
  readonly name: string
  readonly resolve: Resolve
  /** Milliseconds for all of it; after that `temperror`. The client is waiting. */
  readonly withinMs: number
}

/** Signatures shown; an attacker may write thousands. */
const MAX_SIGNATURES = 10
/** Questions to DNS for one message. */
const MAX_QUESTIONS = 60
const MAX_DOMAIN = 255

export const NOT_CHECKED: Authenticity = {
  spf: { verdict: 'not-checked', domain: '' },
  dkim: [],
  dmarc: { verdict: 'not-checked', domain: '', policy: '' },
}

/** The domain of the sender asks that mail like this one be refused or set apart: its readers are told at the head of the text. */
export function isDoubtful({ dmarc }: Authenticity): boolean {
  return dmarc.verdict === 'fail' && (dmarc.policy === 'reject' || dmarc.policy === 'quarantine')
}

/** The domain of the sender says that this mail is not its own, and asks that such mail be refused. */
export function isForged({ dmarc }: Authenticity): boolean {
  return dmarc.verdict === 'fail' && dmarc.policy === 'reject'
}

/** Never throws: what could not be found out is `temperror`. */
export async function verifyAuthenticity(
  message: Readable,
  sender: Sender,
  options: AuthenticityOptions,
): Promise<Authenticity> {
  const late = deadline(options.withinMs)
  try {
    const result = await Promise.race([ask(message, sender, options, late.passed), late.promise])
    return summary(result, sender.viaRelay)
  } catch {
    return {
      spf: { verdict: sender.viaRelay ? 'not-checked' : 'temperror', domain: '' },
      dkim: [],
      dmarc: { verdict: 'temperror', domain: '', policy: '' },
    }
  } finally {
    late.cancel()
    message.destroy()
  }
}

type Result = Awaited<ReturnType<typeof authenticate>>

async function ask(
  message: Readable,
  { address, helo, from, viaRelay }: Sender,
  { name, resolve }: AuthenticityOptions,
  passed: () => boolean,
): Promise<Result> {
  // Large, and of no use to a gate without DNS.
  const mailauth = await import('mailauth')
  let questions = 0
  return mailauth.authenticate(message, {
    sender: from,
    helo,
    mta: name,
    disableArc: true,
    disableBimi: true,
    rejectRsaSha1: true,
    ...(viaRelay ? {} : { ip: address }),
    resolver: (domain, type) => {
      questions += 1
      if (questions > MAX_QUESTIONS || passed())
        return Promise.reject(Object.assign(new Error('no more questions'), { code: 'ETIMEOUT' }))
      return resolve(domain, type)
    },
  })
}

function summary({ spf, dkim, dmarc }: Result, viaRelay: boolean): Authenticity {
  const spfVerdict = viaRelay || !spf ? 'not-checked' : verdictOf(spf.status.result)
  const dmarcVerdict = dmarc ? verdictOf(dmarc.status.result) : 'none'
  const signatures = dkim.results.filter(({ signingDomain }) => signingDomain !== undefined)
  return {
    spf: { verdict: spfVerdict, domain: spf ? cut(spf.domain) : '' },
    dkim: signatures.slice(0, MAX_SIGNATURES).map(({ status, signingDomain }) => ({
      verdict: verdictOf(status.result),
      domain: cut(signingDomain),
    })),
    dmarc: {
      // Behind a relay half of the evidence is missing: a pass by DKIM counts, its absence says nothing.
      verdict: viaRelay && dmarcVerdict !== 'pass' ? 'not-checked' : dmarcVerdict,
      domain: dmarc ? cut(dmarc.status.header?.from ?? dmarc.domain) : '',
      policy: dmarc ? cut(dmarc.policy) : '',
    },
  }
}

export function verdictOf(result: string): Verdict {
  return VERDICTS.find((verdict) => verdict === result) ?? 'permerror'
}

function cut(text: string | undefined): string {
  return (text ?? '').slice(0, MAX_DOMAIN)
}

function deadline(ms: number): {
  readonly promise: Promise<never>
  readonly passed: () => boolean
  readonly cancel: () => void
} {
  const { promise, reject } = Promise.withResolvers<never>()
  let passed = false
  const timer = setTimeout(() => {
    passed = true
    reject(new Error('DNS did not answer in time'))
  }, ms)
  return { promise, passed: () => passed, cancel: () => clearTimeout(timer) }
}
