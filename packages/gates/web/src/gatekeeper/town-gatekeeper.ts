/**
 * The gatekeeper of a town: asks the rules before anything is resolved, again with the addresses, again with the ClientHello. It adds nothing of its own to what they say.
 */
import { SekishoError } from '@sekisho/core'
import type { Judgement, Seen, WebPerson } from '../destination/judge-destination.ts'
import { readTarget } from '../destination/host.ts'
import type { ReadTarget } from '../destination/host.ts'
import { createHelloReader } from '../hello/hello-reader.ts'
import type { EchKeys } from '../destination/https-record.ts'
import type { HelloReader } from '../hello/hello-reader.ts'
import type {
  Admitted,
  Asked,
  Gatekeeper,
  InsideTerms,
  PlainRequest,
  Refused,
} from '../tunnel/gatekeeper.ts'
import { refusalOf, ruleOf } from '../tunnel/refusal-of.ts'
import { Judgements } from './judgements.ts'
import type { JudgementOptions } from './judgements.ts'
import type { SendBudget } from './send-budget.ts'

export interface TownGatekeeperOptions extends JudgementOptions {
  /** Every address of a name, from the town's resolver. Rejects or is empty when there is none. */
  readonly resolve: (host: string) => Promise<readonly string[]>
  /** Whether a name has ECH keys in its HTTPS record, from the same resolver. Never rejects. */
  readonly echKeys: (host: string) => Promise<EchKeys>
  readonly identify: Gatekeeper['identify']
  readonly record: Gatekeeper['record']
  readonly budget: SendBudget
  /** Next request number. */
  readonly number: () => string
  /** Whether the gate can read inside a host; absent when it cannot at all. */
  readonly readable?: (host: string) => boolean
}

export function townGatekeeper(options: TownGatekeeperOptions): Gatekeeper {
  const { identify, record, number } = options
  const asking = { ...options, judgements: new Judgements(options) }
  const connections = new WeakMap<Asked, Connection>()
  return {
    identify,
    record,
    number,
    async admit(asked) {
      const { answer, addresses, echKeys } = await admit(asked, asking)
      connections.set(asked, { addresses, echKeys, hello: createHelloReader(), read: 0 })
      return answer
    },
    async admitPlain(asked, request) {
      return (await admit(asked, asking, request)).answer
    },
    firstBytes(asked, { inside }, bytes) {
      const connection = connections.get(asked)
      if (!connection) throw new SekishoError('BUG', 'first bytes of a connection nobody asked for')
      const hello = connection.hello.push(bytes.subarray(connection.read))
      connection.read = bytes.length
      if (hello.state === 'more') return { result: 'more' }
      const { addresses, echKeys } = connection
      const ech = { echOffered: echKeys === 'offered', echAsked: echKeys !== 'unknown' }
      const seen = { ...connecting(asked), hello, addresses }
      // A tunnel may stand idle for hours; what it began with is not kept with it.
      if (inside) connection.seen = seen
      else connections.delete(asked)
      const inspecting = inside !== undefined
      const judged = asking.judgements.of({ ...seen, ...ech, stage: 'hello', inspecting })
      if (judged.answer.result !== 'pass') return refused(judged)
      const { protocols = [] } = hello.state === 'hello' ? hello.hello : {}
      return inside ? { result: 'pass', protocols } : { result: 'pass' }
    },
    inside(asked, request, certificate) {
      const seen = connections.get(asked)?.seen
      if (!seen) throw new SekishoError('BUG', 'a request in a connection that is not read')
      const inner = { stage: 'request', request, certificate, inspecting: true } as const
      const judged = asking.judgements.of({ ...seen, ...inner })
      return judged.answer.result === 'pass' ? { result: 'pass' } : refused(judged)
    },
  }
}

/** What is kept of a connection between its two questions. */
interface Connection {
  /** All that the resolver answered. */
  readonly addresses: readonly string[]
  readonly echKeys: EchKeys
  readonly hello: HelloReader
  /** Bytes that the reader has seen. */
  read: number
  /** What was seen when it was let through, where it is read inside. */
  seen?: Seen
}

interface Admission {
  readonly answer: Admitted | Refused
  readonly addresses: readonly string[]
  readonly echKeys: EchKeys
}

/** Of a name that the resolver was not asked about. */
const UNASKED = { addresses: [], echKeys: 'unknown' } as const

const noAddresses = (): readonly string[] => []

type Asking = TownGatekeeperOptions & { readonly judgements: Judgements }

async function admit(asked: Asked, options: Asking, plain?: PlainRequest): Promise<Admission> {
  const target = readTarget(asked.target, plain ? 80 : undefined)
  // Two names in one request: which of them is meant is the next server's to choose, so neither goes out.
  if (!isHostOf(asked, target, plain ? 80 : 443))
    return { answer: { result: 'refuse', reason: 'X11-INNER', service: '' }, ...UNASKED }
  const connection = plain ? inClear(asked, plain) : connecting(asked)
  // A plain request is seen whole at once; what it asks for is judged when there are addresses, as for a tunnel.
  const named = options.judgements.of({ ...connection, stage: 'connect' })
  // The resolver is outside too: a name that may not be reached is not asked for either, it could carry what was to be kept in.
  if (named.answer.result !== 'pass' || target.form !== 'name')
    return { answer: refused(named), ...UNASKED }
  // Both are asked before either is waited for. A request in clear has no ClientHello.
  const resolved = options.resolve(target.host).catch(noAddresses)
  const echKeys = await (plain ? UNASKED.echKeys : options.echKeys(target.host))
  const addresses = await resolved
  const judged = options.judgements.of({ ...connection, addresses })
  if (judged.answer.result !== 'pass') return { answer: refused(judged), addresses, echKeys }
  return { answer: admitted(asked, target, judged, options), addresses, echKeys }
}

function admitted(
  { client }: Asked,
  { host, port }: { readonly host: string; readonly port: number },
  judged: Judgement,
  options: TownGatekeeperOptions,
): Admitted {
  const { budget, cuts } = options
  const inside = insideTerms(host, judged, options)
  const { place, dial, strict } = judged
  const service = place?.service.service ?? ''
  const most = place?.service.dailyBytes
  return {
    result: 'pass',
    service,
    host,
    port,
    addresses: dial,
    maySend: (bytes) => budget.spend(client.id, service, bytes, most),
    cut: cuts.signal(service),
    ...(strict.result !== 'pass' && { wouldRefuse: ruleOf(strict) }),
    ...(inside && { inside }),
  }
}

function insideTerms(
  host: string,
  { place }: Judgement,
  { policy, readable }: TownGatekeeperOptions,
): InsideTerms | undefined {
  const { reasonsToRead, writesAt } = policy()
  if (!place || reasonsToRead(host).length === 0 || readable?.(host) !== true) return undefined
  const { pattern, websocket = false } = place.service
  return { pattern, websocket, writes: writesAt(host) }
}

function connecting({ client, target }: Asked): Seen {
  const person: WebPerson = { id: client.id, department: client.department }
  return { stage: 'connect', transport: 'tcp', scheme: 'https', target, person }
}

function inClear(asked: Asked, request: PlainRequest): Seen {
  return { ...connecting(asked), stage: 'request', scheme: 'http', request }
}

const refused = ({ answer, place }: Judgement): Refused =>
  refusalOf(answer, place?.service.service ?? '')

/** Whether the Host field, if there is one, says the same as the request. */
function isHostOf({ host, target: written }: Asked, target: ReadTarget, assumed: number): boolean {
  if (host === undefined) return true
  if (target.form === 'unreadable') return false
  // As every browser writes it.
  if (host === written) return true
  const read = readTarget(host, assumed)
  return read.form !== 'unreadable' && read.host === target.host && read.port === target.port
}
