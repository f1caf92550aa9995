/** The cloud gate of a town, running: one port for CONNECT, for requests in clear and for the file that tells browsers where it is. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { SekishoError } from '@sekisho/core'
import type { Town, WebGate } from '@sekisho/core'
import { makeFolder } from '@sekisho/evidence'
import {
  LatestRefusals,
  SendBudget,
  ServiceCuts,
  applicationAddress,
  gateAddress,
  pacFile,
  remembering,
  townGatekeeper,
} from '@sekisho/gates/web'
import type { Gatekeeper, ListStanding, PacOptions, Sent } from '@sekisho/gates/web'
import { createCompiledJudge } from '@sekisho/judge'
import { WHO } from '@sekisho/report'
import { todayInJapan } from '@sekisho/town'
import { activateModel, activeModel, loadTown } from '../host/active-model.ts'
import type { Address } from '../host/config.ts'
import { readCuts, reopenedBy } from './cuts.ts'
import type { Cut } from './cuts.ts'
import { echKeysOf } from './ech-keys.ts'
import { insideGuard } from './guard/inside-guard.ts'
import { identifier } from './identify.ts'
import type { InspectOptions } from './inspect/inspection.ts'
import { InsideReader, shortcomings } from './inspect/inside-reader.ts'
import { ownPages } from './own-pages.ts'
import { plainDoor } from './plain.ts'
import type { OwnPage, PlainOptions } from './plain.ts'
import { ReadBuffers } from './read-buffers.ts'
import { RequestRecord } from './request-record.ts'
import { sentToday } from './sent-today.ts'
import { townResolver } from './resolver.ts'
import { ordersEntry, readOrders, traceOf, webGateOf } from './standing-orders.ts'
import type { Orders, OrdersPlaces } from './standing-orders.ts'
import { checkWatched } from './watched.ts'
import { TUNNEL_LIMITS, serveTunnel } from './tunnel.ts'
import type { TellsMore } from './tunnel.ts'

export interface CloudGateOptions extends OrdersPlaces {
  readonly listen: Address
  /** PEM files; `clients` is the authority of the terminals' certificates. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly clients?: string }
  /** How terminals reach it, when that is not where it listens. */
  readonly name?: string
  /** Name servers; empty for those of the machine. */
  readonly resolvers: readonly string[]
  /** The town's own domains, which browsers reach without it. */
  readonly domains: readonly string[]
  /** Address of the form in which a destination is applied for. */
  readonly apply?: string
  /** Authorities of destinations beside the public ones, a PEM file. */
  readonly outsideCa?: string
  /** Puts a changed declaration in force. */
  readonly activate: boolean
  /** Begins to stop even when the gate has not watched long enough. */
  readonly enforceNow?: boolean
  readonly now?: () => Date
  readonly say: (line: string) => void
}

export interface RunningCloudGate {
  readonly port: number
  readonly mode: WebGate['mode']
  readonly standings: ReadonlyMap<string, ListStanding>
  stop(): Promise<void>
}

/** Milliseconds between two looks at what the gate goes by. */
const LOOK_MS = 1_000
/** Connections of one terminal; a browser with all its tabs needs a few hundred. */
const PER_TERMINAL = 1_000
const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost'])

/** Folder of the requests, in the data folder. */
export const REQUESTS = 'requests'

/**
 * Starts the gate and resolves when it listens.
 *
 * @throws SekishoError CONFIG_INVALID when the declaration is not the one in force, or passwords would travel in clear
 */
export async function serveCloud(options: CloudGateOptions): Promise<RunningCloudGate> {
  const { dataDir, listen, tls, clients } = options
  if (clients.credentials !== undefined && !tls && !LOOPBACK.has(listen.host))
    throw new SekishoError(
      'CONFIG_INVALID',
      'パスワードで確かめるには証明書が要ります。--tls-cert と --tls-key を書くか、127.0.0.1 で待ってください。',
    )
  const now = options.now ?? (() => new Date())
  await putInForce(options)
  const first = await readOrders(options, now())
  const record = await RequestRecord.open(join(dataDir, REQUESTS), now)
  const post = new Post(
    options,
    first,
    record,
    now,
    await sentToday(join(dataDir, REQUESTS), todayInJapan(now())),
  )
  for (const line of shortcomings(first)) options.say(line)
  try {
    await record.append({ kind: 'started', ...ordersEntry(first) })
    await post.look()
    const server = await doorOf(options, await post.options())
    const stop = async (): Promise<void> => {
      await post.stop()
      await new Promise((resolve) => server.close(resolve))
      await record.append({ kind: 'stopped', gate: first.gate.id })
      await record.close()
    }
    post.watch()
    const { port } = server.address() as AddressInfo
    post.port = port
    return { port, mode: first.gate.mode, standings: first.standings, stop }
  } catch (error) {
    await record.close()
    throw error
  }
}

/** The first declaration is in force at once; a later one when somebody says so. */
async function putInForce(options: CloudGateOptions): Promise<void> {
  const { dataDir, activate } = options
  const { model, town } = await loadTown(options.town)
  await makeFolder(dataDir)
  const before = await activeModel(dataDir)
  if (before !== undefined && before !== model && activate && options.enforceNow !== true)
    await checkWatched(join(dataDir, REQUESTS), webGateOf(town, options.gate).mode)
  if (before === undefined || (activate && before !== model)) await activateModel(dataDir, model)
}

/** Keeps the orders fresh, and with them all that a connection is asked. */
class Post {
  readonly #places: CloudGateOptions
  readonly #record: RequestRecord
  readonly #now: () => Date
  readonly #cuts = new ServiceCuts()
  #orders: Orders | undefined
  #last: Orders
  #trace = ''
  /** What the record says of the orders, and the day. */
  #told: string
  #cutNow = new Map<string, Cut>()
  #timer: NodeJS.Timeout | undefined
  readonly #sockets = new Set<Socket>()
  readonly #budget: SendBudget
  readonly #judge = remembering(createCompiledJudge())
  readonly #guard: ReturnType<typeof insideGuard>
  readonly #inside: InsideReader
  port: number

  constructor(
    places: CloudGateOptions,
    orders: Orders,
    record: RequestRecord,
    now: () => Date,
    sent: readonly Sent[],
  ) {
    this.#places = places
    this.#orders = this.#last = orders
    this.#record = record
    this.#now = now
    this.port = places.listen.port
    this.#budget = new SendBudget(() => todayInJapan(now()), sent)
    const judge = this.#judge
    this.#guard = insideGuard({
      orders: () => this.#needed(),
      judge,
      budget: this.#budget,
      dataDir: places.dataDir,
      now,
    })
    this.#inside = new InsideReader({ ...places, guard: this.#guard, more: this.#more }, now)
    this.#inside.take(orders)
    this.#told = this.#toldOf(orders)
  }

  watch(): void {
    this.#timer = setTimeout(() => void this.look().then(() => this.watch()), LOOK_MS)
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer)
    this.watch = () => undefined
    for (const socket of this.#sockets) socket.destroy()
    await this.#guard.close()
  }

  /** Never rejects: what cannot be read leaves the gate without orders. */
  async look(): Promise<void> {
    try {
      const trace = await traceOf(this.#places, this.#now())
      if (trace !== this.#trace || !this.#orders) {
        await this.#take(await readOrders(this.#places, this.#now()))
        this.#trace = trace
      }
      await this.#lookAtCuts()
    } catch (error) {
      if (this.#orders) this.#places.say(closedText(error))
      this.#orders = undefined
    }
  }

  /** Which list came in force, and by whom, is on record before it lets anything through. */
  async #take(orders: Orders): Promise<void> {
    const told = this.#toldOf(orders)
    if (told !== this.#told) await this.#record.append({ kind: 'orders', ...ordersEntry(orders) })
    this.#told = told
    if (!this.#orders) this.#places.say('町の定義と一覧を読めました。通信を通しています。')
    // What the town no longer declares does not go on because it had begun.
    const gone = this.#last.gate.services.filter(
      ({ service }) => !orders.gate.services.some((one) => one.service === service),
    )
    for (const { service } of gone) this.#cuts.close(service)
    for (const { service } of orders.gate.services)
      if (!this.#cutNow.has(service)) this.#cuts.reopen(service)
    this.#inside.take(orders)
    this.#orders = this.#last = orders
  }

  #toldOf(orders: Orders): string {
    return JSON.stringify([todayInJapan(this.#now()), ordersEntry(orders)])
  }

  /** What is cut ends first and is written down then: an emergency does not wait for a disk. What is opened again is on record before. */
  async #lookAtCuts(): Promise<void> {
    const cuts = new Map((await readCuts(this.#places.dataDir)).map((cut) => [cut.service, cut]))
    for (const [service, { by, at: ordered, reason = '' }] of cuts) {
      if (this.#cutNow.has(service)) continue
      this.#cuts.close(service)
      this.#cutNow.set(service, { service, by, at: ordered, reason })
      this.#places.say(`「${service}」を止めました。`)
      await this.#record.append({ kind: 'cut', service, by, ordered, because: reason })
    }
    for (const service of this.#cutNow.keys()) {
      if (cuts.has(service)) continue
      const { by, at: ordered, reason } = await reopenedBy(this.#places.dataDir, service)
      await this.#record.append({ kind: 'reopened', service, by, ordered, because: reason })
      this.#cutNow.delete(service)
      this.#cuts.reopen(service)
      this.#places.say(`「${service}」を再開しました。`)
    }
  }

  #needed(): Orders {
    if (this.#orders) return this.#orders
    throw new SekishoError('CONFIG_INVALID', 'the gate has no orders to go by')
  }

  async options(): Promise<Door> {
    const today = (): string => todayInJapan(this.#now())
    const identify = identifier({
      town: () => this.#needed().town,
      known: () => this.#needed().known,
      today,
    })
    const latest = new LatestRefusals(() => this.#now().getTime())
    const gatekeeper = townGatekeeper({
      policy: () => this.#needed().policy,
      judge: this.#judge,
      resolve: townResolver(this.#places.resolvers),
      echKeys: echKeysOf(this.#places.resolvers),
      identify,
      record: async (entry, refused) => {
        await this.#record.append(entry)
        if (entry.kind === 'refused') latest.keep(entry, refused)
      },
      own: ownAddresses(this.#last, this.#places.listen.host),
      cuts: this.#cuts,
      budget: this.#budget,
      number: requestNumbers(),
      readable: (host) => this.#inside.readable(host),
    })
    const { name, listen, clients } = this.#places
    const own = ownPages({
      identify,
      latest,
      more: this.#more,
      names: [listen.host, ...(name === undefined ? [] : [name])],
      passwords: clients.credentials !== undefined,
    })
    return {
      gatekeeper,
      sockets: this.#sockets,
      pac: () => this.#pac(),
      more: this.#more,
      own,
      inspected: () => this.#inside.page(this.#needed().gate),
      inspect: () => this.#inside.options(this.#needed().gate),
    }
  }

  #pac(): string {
    const networks = this.#needed().town.zones.flatMap((zone) => zone.networks)
    return pacFile({ gate: this.#gate(), networks, domains: this.#places.domains })
  }

  #gate(): PacOptions['gate'] {
    const { listen, name, tls } = this.#places
    return { host: name ?? listen.host, port: this.port, tls: tls !== undefined }
  }

  readonly #more: TellsMore = ({ reason, service = '' }, number, asked) => {
    const form = this.#places.apply
    const pattern = this.#last.gate.services.find((one) => one.service === service)?.pattern
    const apply =
      form === undefined || !asked
        ? undefined
        : applicationAddress(form, {
            number,
            reason,
            target: asked.target,
            service,
            pattern,
          })
    return {
      who: WHO,
      page: `${gateAddress(this.#gate())}refused/${number}`,
      ...(asked && { target: asked.target }),
      ...(apply !== undefined && { apply }),
    }
  }
}

function closedText(error: unknown): string {
  const said = error instanceof SekishoError ? error.message : String(error)
  return `いまは何も通していません。${said}`
}

function ownAddresses({ town, gate }: Orders, listens: string): readonly string[] {
  const system = town.systems.find(({ id }: Town['systems'][number]) => id === gate.system)
  const declared = system?.hosts.flatMap(({ addresses }) => addresses) ?? []
  return [...declared, ...(isIP(listens) === 0 ? [] : [listens])]
}

/** Short enough to be read out on the telephone; another start gives other numbers. */
function requestNumbers(): () => string {
  const start = randomBytes(3).toString('hex').toUpperCase()
  let count = 0
  return () => `W-${start}-${(count += 1)}`
}

interface Door {
  readonly gatekeeper: Gatekeeper
  readonly sockets: Set<Socket>
  readonly pac: () => string
  readonly more: TellsMore
  readonly own: NonNullable<PlainOptions['own']>
  readonly inspected: () => OwnPage
  readonly inspect: () => InspectOptions | undefined
}

async function doorOf(
  { listen, tls }: CloudGateOptions,
  { gatekeeper, sockets, inspect, ...pages }: Door,
): Promise<Server> {
  const limits = TUNNEL_LIMITS
  const { more } = pages
  const plain = plainDoor({ gatekeeper, limits, ...pages })
  const tunnel = { gatekeeper, limits, buffers: new ReadBuffers(), plain, more, inspect }
  const perTerminal = new Map<string, number>()
  const serve = (socket: Socket): void => {
    const from = socket.remoteAddress ?? ''
    const count = (perTerminal.get(from) ?? 0) + 1
    // One terminal that opens thousands would leave no descriptor for the others.
    if (count > PER_TERMINAL) return void socket.on('error', () => undefined).destroy()
    perTerminal.set(from, count)
    sockets.add(socket)
    socket.once('close', () => {
      sockets.delete(socket)
      const left = (perTerminal.get(from) ?? 1) - 1
      if (left === 0) perTerminal.delete(from)
      else perTerminal.set(from, left)
    })
    void serveTunnel(socket, tunnel)
  }
  const server = tls
    ? createTlsServer({ ...(await tlsOf(tls)), allowHalfOpen: true }, serve)
    : createServer({ allowHalfOpen: true }, serve)
  server.on('tlsClientError', (_, socket: Socket) => void socket.destroy())
  server.listen(listen.port, listen.host, 4_096)
  await once(server, 'listening')
  return server
}

async function tlsOf({ cert, key, clients }: NonNullable<CloudGateOptions['tls']>) {
  const ca = clients === undefined ? undefined : await readFile(clients)
  return {
    cert: await readFile(cert),
    key: await readFile(key),
    minVersion: 'TLSv1.2' as const,
    // Who shows none may still say who they are by name and password; who shows one is held to it.
    ...(ca && { ca, requestCert: true, rejectUnauthorized: false }),
  }
}
