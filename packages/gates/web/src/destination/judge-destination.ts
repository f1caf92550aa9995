/**
 * 「接続先」は、すべてが一致すること。Destination means all of: declared service and pattern, the host of CONNECT, SNI, addresses, certificate and
 * inner Host. Pure: what was seen and what the town says become facts, the rules of the guideline answer. Nothing is decided here.
 */
import type { Answer, Question, WebDestinationFacts } from '@sekisho/core'
import { loginHosts } from '@sekisho/town'
import { judgeAddresses } from './addresses.ts'
import { readHost, readTarget } from './host.ts'
import type { ReadHost, ReadTarget } from './host.ts'
import type { Place, WebPolicy } from './policy.ts'
import { placesAt } from './policy.ts'
import type { HelloState } from '../hello/hello-reader.ts'
import type { SeenRequest } from './seen-request.ts'
import { innerHostOf, methodOf } from './seen-request.ts'

/** Who asks, as the gate knows them; `undefined` for nobody it knows. */
export interface WebPerson {
  readonly id: string
  readonly department: string
}

/** Everything the gate has seen of one connection so far. Texts are as the client or the resolver wrote them. */
export interface Seen {
  readonly stage: 'connect' | 'hello' | 'request'
  readonly transport: 'tcp' | 'udp'
  readonly scheme: 'https' | 'http'
  /** Authority of CONNECT, or of the absolute form of a plain request: `host:port`. */
  readonly target: string
  readonly person?: WebPerson | undefined
  /** All answers of the resolver; `undefined` before it was asked. Never ask it about a name that did not pass. */
  readonly addresses?: readonly string[] | undefined
  /** What the hello reader said last. */
  readonly hello?: HelloState | undefined
  /** The destination publishes ECH keys in its HTTPS record (RFC 9848). */
  readonly echOffered?: boolean
  /** False when no name server said whether it does. */
  readonly echAsked?: boolean
  /** Present when the gate reads inside, or the request is plain. */
  readonly request?: SeenRequest | undefined
  /** The gate holds a certificate authority and decrypts this connection. */
  readonly inspecting?: boolean
  /** The certificate that the destination showed, verified by the gate; names of it as written. */
  readonly certificate?:
    | { readonly trusted: boolean; readonly names: readonly string[] }
    | undefined
}

/** What is so at this moment beside town and lists. */
export interface WebNow {
  /** Ids of services that are cut off (緊急停止). */
  readonly cut?: ReadonlySet<string>
  /** The gate's own addresses. */
  readonly own?: readonly string[]
  /** Whether the gate holds an authority that terminals believe for a host; absent when it holds none. */
  readonly readable?: (host: string) => boolean
}

export interface Judgement {
  /** What is done now. */
  readonly answer: Answer
  /** What would be done if the gate stopped what is not listed; the same as `answer` in a gate that does. */
  readonly strict: Answer
  readonly facts: WebDestinationFacts
  /** Whose destination it is; absent when nobody declared it. */
  readonly place?: Place
  /** Addresses that may be connected to. Empty unless the answer passes and the resolver was asked. */
  readonly dial: readonly string[]
}

/** The judge, as far as the gate needs it. */
export interface Asks {
  ask(question: Question): Answer
}

const TLS_1_2 = 0x03_03
/** Protocols of the Web in ALPN (RFC 9113, RFC 9112); HTTP/3 is not spoken over TCP. */
const WEB_PROTOCOLS = ['h2', 'http/1.1', 'http/1.0']

/** Judges one connection at one stage. Total: whatever was seen, there is an answer. */
export function judgeDestination(
  seen: Seen,
  policy: WebPolicy,
  judge: Asks,
  now: WebNow = {},
): Judgement {
  const target = readTarget(seen.target, seen.scheme === 'http' ? 80 : undefined)
  const place = placeOf(target, policy, seen.person)
  const addresses = judgeAddresses(seen.addresses, place?.ranges ?? [], now.own)
  const facts = factsOf(seen, { target, place, policy, now, addresses: addresses.fact })
  const strict = ask(judge, { ...facts, webMode: 'enforce' })
  const answer = facts.webMode === 'enforce' ? strict : ask(judge, facts)
  return {
    answer,
    strict,
    facts,
    ...(place && { place }),
    dial: answer.result === 'pass' ? addresses.dial : [],
  }
}

const ask = (judge: Asks, facts: WebDestinationFacts): Answer =>
  judge.ask({ question: 'web-destination', facts })

/** Of services that share a host the one whose people this person is among; else the first, to say whose it is. */
function placeOf(
  target: ReadTarget,
  policy: WebPolicy,
  person: WebPerson | undefined,
): Place | undefined {
  if (target.form !== 'name') return undefined
  const all = policy.placesOf(target.host)
  const here = placesAt(all, target.port)
  const among = here.length > 0 ? here : all
  return among.find(({ service }) => isAmong(service, person)) ?? among[0]
}

function isAmong(service: Place['service'], person: WebPerson | undefined): boolean {
  if (!person) return false
  return (
    service.departments === 'all' ||
    service.departments.includes(person.department) ||
    service.people.includes(person.id)
  )
}

interface Known {
  readonly target: ReadTarget
  readonly place: Place | undefined
  readonly policy: WebPolicy
  readonly now: WebNow
  readonly addresses: WebDestinationFacts['addresses']
}

function factsOf(seen: Seen, known: Known): WebDestinationFacts {
  const { target, place, policy, now, addresses } = known
  const host = target.form === 'name' ? target.host : undefined
  const listed = place?.listState === 'usable'
  return {
    ...policy.town,
    webMode: policy.gate.mode,
    stage: seen.stage,
    listState: place ? place.listState : policy.listState,
    targetForm: target.form,
    destinationListed: listed,
    looksListed: !place && host !== undefined && policy.twinOf(host) !== undefined,
    portListed: listed && target.form === 'name' && isPortOf(place, target.port, seen.scheme),
    transport: seen.transport,
    personKnown: seen.person !== undefined,
    personAllowed: listed && isAmong(place.service, seen.person),
    serviceCut: place !== undefined && (now.cut?.has(place.service.service) ?? false),
    pattern: place?.pattern ?? 'none',
    addresses,
    scheme: seen.scheme,
    ...helloFacts(seen, host),
    ...insideFacts(seen, known),
  }
}

/** A list says of a service that has both which ports it has, not what is spoken on them: nothing in clear belongs on the port of TLS. */
const isPortOf = (place: Place, port: number, scheme: Seen['scheme']): boolean =>
  placesAt([place], port).length > 0 && !(scheme === 'http' && port === 443)

type HelloFacts = Pick<
  WebDestinationFacts,
  'hello' | 'serverName' | 'ech' | 'echOffered' | 'echAsked' | 'protocolKnown'
>

function helloFacts(
  { hello, echOffered = false, echAsked = true }: Seen,
  host: string | undefined,
): HelloFacts {
  if (hello?.state !== 'hello') {
    const unread = hello?.state === 'refused' ? unreadHello(hello.why) : 'not-yet'
    const nothing = { serverName: 'not-yet', ech: 'none', protocolKnown: true } as const
    return { hello: unread, ...nothing, echOffered, echAsked }
  }
  const { serverName, protocols, version, ech } = hello.hello
  return {
    hello: version >= TLS_1_2 ? 'current' : 'old',
    serverName: serverName === undefined ? 'absent' : sameHost(readHost(serverName), host),
    ech,
    echOffered,
    echAsked,
    protocolKnown: protocols?.every((name) => WEB_PROTOCOLS.includes(name)) ?? true,
  }
}

const unreadHello = (why: string): 'not-tls' | 'unreadable' =>
  why === 'not-tls' ? 'not-tls' : 'unreadable'

/** A name that we cannot read is another name. Two are the same in any letter case, and in nothing else. */
const sameHost = (read: ReadHost, host: string | undefined): 'same' | 'other' =>
  read.form === 'name' && read.host === host ? 'same' : 'other'

function insideFacts(
  seen: Seen,
  { place, target, policy, now }: Known,
): Pick<
  WebDestinationFacts,
  'method' | 'inspection' | 'tenantLimit' | 'certificate' | 'innerHost'
> {
  const host = target.form === 'name' ? target.host : undefined
  const wanted =
    seen.stage === 'request' || (host !== undefined && policy.reasonsToRead(host).length > 0)
  const needed = wanted && seen.scheme === 'https'
  return {
    tenantLimit: tenantLimitOf(place, policy, now),
    method: seen.request ? methodOf(seen.request.method) : 'none',
    inspection: needed ? (seen.inspecting === true ? 'done' : 'missing') : 'not-needed',
    certificate: certificateOf(seen.certificate, host),
    innerHost: seen.request ? innerHostOf(seen.request, target, seen.scheme) : 'not-seen',
  }
}

/** The limit of a service holds when every login host of its maker is read inside; where one is not, the service stays shut. */
function tenantLimitOf(
  place: Place | undefined,
  policy: WebPolicy,
  { readable = () => false }: WebNow,
): WebDestinationFacts['tenantLimit'] {
  if (!place?.service.tenants) return 'not-needed'
  const hosts = loginHosts(place.service)
  const holds = hosts.every((host) => policy.reasonsToRead(host).length > 0 && readable(host))
  return hosts.length > 0 && holds ? 'done' : 'missing'
}

function certificateOf(
  seen: Seen['certificate'],
  host: string | undefined,
): WebDestinationFacts['certificate'] {
  if (!seen) return 'not-seen'
  if (!seen.trusted) return 'untrusted'
  return host !== undefined && seen.names.some((name) => isFor(name.toLowerCase(), host))
    ? 'good'
    : 'other-name'
}

/** RFC 9525 §6.3: a wildcard is the whole leftmost label, and stands for one label only. */
function isFor(name: string, host: string): boolean {
  if (!name.startsWith('*.')) return name === host
  return host.slice(host.indexOf('.')) === name.slice(1) && name.split('.').length > 2
}
