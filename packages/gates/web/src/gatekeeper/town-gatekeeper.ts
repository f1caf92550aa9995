/**
 * The gatekeeper of a town: asks the rules before anything is resolved, again with the addresses, again with the ClientHello. It adds nothing of its own to what they say.
 */
import { SekishoError } from '@sekisho/core'
import type { Judgement, Seen, WebPerson } from '../destination/judge-destination.ts'
import { readTarget } from '../destination/host.ts'
import type { ReadTarget } from '../destination/host.ts'
import { createHelloReader } from '../hello/hello-reader.ts'
import type { HelloReader } from '../hello/hello-reader.ts'
import type { Admitted, Asked, Gatekeeper, PlainRequest, Refused } from '../tunnel/gatekeeper.ts'
import { Judgements } from './judgements.ts'
import type { JudgementOptions } from './judgements.ts'
import type { SendBudget } from './send-budget.ts'

export interface TownGatekeeperOptions extends JudgementOptions {
  /** Every address of a name, from the town's resolver. Rejects or is empty when there is none. */
  readonly resolve: (host: string) => Promise<readonly string[]>
  readonly identify: Gatekeeper['identify']
  readonly record: Gatekeeper['record']
  readonly budget: SendBudget
  /** Next request number. */
  readonly number: () => string
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
      const { answer, addresses } = await admit(asked, asking)
      connections.set(asked, { addresses, hello: createHelloReader(), read: 0 })
      return answer
    },
    async admitPlain(asked, request) {
      return (await admit(asked, asking, request)).answer
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
      const seen: Seen = { ...connecting(asked), stage: 'hello', hello, addresses }
      const judged = asking.judgements.of(seen)
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

type Asking = TownGatekeeperOptions & { readonly judgements: Judgements }

async function admit(asked: Asked, options: Asking, plain?: PlainRequest): Promise<Admission> {
  const target = readTarget(asked.target, plain ? 80 : undefined)
  // Two names in one request: which of them is meant is the next server's to choose, so neither goes out.
  if (!isHostOf(asked, target, plain ? 80 : 443))
    return { answer: { result: 'refuse', reason: 'X11-INNER', service: '' }, addresses: [] }
  const connection = plain ? inClear(asked, plain) : connecting(asked)
  // A plain request is seen whole at once; what it asks for is judged when there are addresses, as for a tunnel.
  const named = options.judgements.of({ ...connection, stage: 'connect' })
  // The resolver is outside too: a name that may not be reached is not asked for either, it could carry what was to be kept in.
  if (named.answer.result !== 'pass' || target.form !== 'name')
    return { answer: refusedBy(named), addresses: [] }
  const addresses = await options.resolve(target.host).catch(() => [])
  const judged = options.judgements.of({ ...connection, addresses })
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

function connecting({ client, target }: Asked): Seen {
  const person: WebPerson = { id: client.id, department: client.department }
  return { stage: 'connect', transport: 'tcp', scheme: 'https', target, person }
}

function inClear(asked: Asked, request: PlainRequest): Seen {
  return { ...connecting(asked), stage: 'request', scheme: 'http', request }
}

/** The first rule that refused; a rule names itself, so the sentence, the page and the record have one id. */
function refusedBy({ answer, place }: Judgement): Refused {
  const service = place?.service.service ?? ''
  const finding = answer.findings.find(({ effect }) => effect === 'refuse')
  return { result: 'refuse', reason: ruleOf(answer), service, ...(finding && { finding }) }
}

function ruleOf({ findings, determining }: Judgement['answer']): string {
  const finding = findings.find(({ effect }) => effect === 'refuse') ?? findings[0]
  return finding?.rule ?? determining[0] ?? 'NOT-PERMITTED'
}

/** Whether the Host field, if there is one, says the same as the request. */
function isHostOf({ host, target: written }: Asked, target: ReadTarget, assumed: number): boolean {
  if (host === undefined) return true
  if (target.form === 'unreadable') return false
  // As every browser writes it.
  if (host === written) return true
  const read = readTarget(host, assumed)
  return read.form !== 'unreadable' && read.host === target.host && read.port === target.port
}
