/**
 * The gatekeeper of a town: asks the rules before anything is resolved, again with the addresses, again with the ClientHello. It adds nothing of its own to what they say.
 */
import { SekishoError } from '@sekisho/core'
import { judgeDestination } from '../destination/judge-destination.ts'
import type { Judgement, Seen, WebPerson } from '../destination/judge-destination.ts'
import { readTarget } from '../destination/host.ts'
import type { WebPolicy } from '../destination/policy.ts'
import { createHelloReader } from '../hello/hello-reader.ts'
import type { HelloReader } from '../hello/hello-reader.ts'
import type { Admitted, Asked, Gatekeeper, PlainRequest, Refused } from '../tunnel/gatekeeper.ts'
import type { SendBudget } from './send-budget.ts'
import type { ServiceCuts } from './service-cuts.ts'
import { refusalOf, ruleOf } from '../tunnel/refusal-of.ts'

export interface TownGatekeeperOptions {
  /** Town and lists as they are now. */
  readonly policy: () => WebPolicy
  readonly judge: Parameters<typeof judgeDestination>[2]
  /** Every address of a name, from the town's resolver. Rejects or is empty when there is none. */
  readonly resolve: (host: string) => Promise<readonly string[]>
  readonly identify: Gatekeeper['identify']
  readonly record: Gatekeeper['record']
  /** The gate's own addresses. */
  readonly own: readonly string[]
  readonly cuts: ServiceCuts
  readonly budget: SendBudget
  /** Next request number. */
  readonly number: () => string
}

export function townGatekeeper(options: TownGatekeeperOptions): Gatekeeper {
  const { identify, record, number } = options
  const connections = new WeakMap<Asked, Connection>()
  return {
    identify,
    record,
    number,
    async admit(asked) {
      const { answer, addresses } = await admit(asked, options)
      connections.set(asked, { addresses, hello: createHelloReader(), read: 0 })
      return answer
    },
    async admitPlain(asked, request) {
      return (await admit(asked, options, request)).answer
    },
    firstBytes(asked, _, bytes) {
      const connection = connections.get(asked)
      if (!connection) throw new SekishoError('BUG', 'first bytes of a connection nobody asked for')
      const hello = connection.hello.push(bytes.subarray(connection.read))
      connection.read = bytes.length
      if (hello.state === 'more') return { result: 'more' }
      // A tunnel may stand idle for hours; what it began with is not kept with it.
      connections.delete(asked)
      const { addresses } = connection
      const judged = judge({ ...connecting(asked), stage: 'hello', hello, addresses }, options)
      return judged.answer.result === 'pass' ? { result: 'pass' } : refusedBy(judged)
    },
  }
}

/** What is kept of a connection between its two questions. */
interface Connection {
  /** All that the resolver answered. */
  readonly addresses: readonly string[]
  readonly hello: HelloReader
  /** Bytes that the reader has seen. */
  read: number
}

interface Admission {
  readonly answer: Admitted | Refused
  readonly addresses: readonly string[]
}

async function admit(
  asked: Asked,
  options: TownGatekeeperOptions,
  plain?: PlainRequest,
): Promise<Admission> {
  const target = readTarget(asked.target, plain ? 80 : undefined)
  // Two names in one request: which of them is meant is the next server's to choose, so neither goes out.
  if (asked.host !== undefined && !isSame(readTarget(asked.host, plain ? 80 : 443), target))
    return { answer: { result: 'refuse', reason: 'X11-INNER', service: '' }, addresses: [] }
  const connection = plain ? inClear(asked, plain) : connecting(asked)
  // A plain request is seen whole at once; what it asks for is judged when there are addresses, as for a tunnel.
  const named = judge({ ...connection, stage: 'connect' }, options)
  // The resolver is outside too: a name that may not be reached is not asked for either, it could carry what was to be kept in.
  if (named.answer.result !== 'pass' || target.form !== 'name')
    return { answer: refusedBy(named), addresses: [] }
  const addresses = await options.resolve(target.host).catch(() => [])
  const judged = judge({ ...connection, addresses }, options)
  if (judged.answer.result !== 'pass') return { answer: refusedBy(judged), addresses }
  return { answer: admitted(asked, target, judged, options), addresses }
}

function admitted(
  { client }: Asked,
  { host, port }: { readonly host: string; readonly port: number },
  judged: Judgement,
  { budget, cuts }: TownGatekeeperOptions,
): Admitted {
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
  }
}

function judge(seen: Seen, { policy, judge: asks, cuts, own }: TownGatekeeperOptions): Judgement {
  return judgeDestination(seen, policy(), asks, { cut: cuts.cut, own })
}

function connecting({ client, target }: Asked): Seen {
  const person: WebPerson = { id: client.id, department: client.department }
  return { stage: 'connect', transport: 'tcp', scheme: 'https', target, person }
}

function inClear(asked: Asked, request: PlainRequest): Seen {
  return { ...connecting(asked), stage: 'request', scheme: 'http', request }
}

function refusedBy({ answer, place }: Judgement): Refused {
  return refusalOf(answer, place?.service.service ?? '')
}

function isSame(one: ReturnType<typeof readTarget>, other: ReturnType<typeof readTarget>): boolean {
  return (
    one.form !== 'unreadable' &&
    other.form !== 'unreadable' &&
    one.host === other.host &&
    one.port === other.port
  )
}
