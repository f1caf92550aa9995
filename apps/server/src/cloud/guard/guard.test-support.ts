/** For tests only: a town with a gate, a guard over its bodies, and a pair of HTTP ends with the guard between them. */
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import type { IncomingMessage, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SendBudget, askedWhole } from '@sekisho/gates/web'
import type { Exchange, InsideGuard, Refused } from '@sekisho/gates/web'
import { createCompiledJudge } from '@sekisho/judge'
import type { Town } from '@sekisho/core'
import {
  cloudTown,
  TODAY,
} from '../../../../../packages/gates/web/src/destination/destination.test-support.ts'
import { insideGuard } from './inside-guard.ts'
import type { InsideGuardOptions } from './inside-guard.ts'

const judge = createCompiledJudge()

export interface GuardChange {
  readonly dailyBytes?: number
  readonly outward?: NonNullable<Town['gates']['mail'][number]['outward']>
  readonly pools?: InsideGuardOptions['pools']
  readonly approval?: 'always' | 'active-content' | 'never'
}

export interface GuardBed {
  readonly guard: ReturnType<typeof insideGuard>
  readonly dataDir: string
  readonly town: Town
  stop(): Promise<void>
}

/** The town of `corpus/cloud`; files without a class are asked about, and nobody has to approve files in communication. */
export async function guardBed(change: GuardChange = {}): Promise<GuardBed> {
  const dataDir = await mkdtemp(join(tmpdir(), 'guard-'))
  const town = changed(cloudTown(), change)
  const guard = insideGuard({
    orders: () => ({ town, gate: town.gates.web![0]! }),
    judge,
    budget: new SendBudget(() => TODAY),
    dataDir,
    now: () => new Date(`${TODAY}T03:00:00Z`),
    ...(change.pools && { pools: change.pools }),
  })
  const stop = async (): Promise<void> => {
    await guard.close()
    await rm(dataDir, { recursive: true, force: true })
  }
  return { guard, dataDir, town, stop }
}

function changed(town: Town, { dailyBytes, outward = OUTWARD, approval }: GuardChange): Town {
  const gate = town.gates.web![0]!
  const services = gate.services.map((one) => ({
    ...one,
    ...(dailyBytes !== undefined && { dailyBytes }),
  }))
  const mail = [{ ...MAIL, outward }]
  const file = approval === undefined ? [] : [{ ...FILE, approval }]
  return { ...town, gates: { ...town.gates, file, mail, web: [{ ...gate, services }] } }
}

const FILE: Town['gates']['file'][number] = {
  id: 'file-in',
  from: 'internet',
  to: 'lgwan',
  method: 'sanitise',
  unknownMalwareBlocked: false,
  record: true,
  approval: 'never',
  originalDays: 30,
  maxBytes: 1_000_000,
  disarm: {
    links: 'keep',
    hidden: 'keep',
    changes: 'keep',
    comments: 'keep',
    title: 'remove',
    mailBody: 'text',
  },
}

const MAIL: Omit<Town['gates']['mail'][number], 'outward'> = {
  id: 'mail-in',
  from: 'internet',
  to: 'lgwan',
  attachments: 'remove',
  body: 'text',
  domains: [],
  originalDays: 30,
}

const OUTWARD: NonNullable<Town['gates']['mail'][number]['outward']> = {
  receive: { from: [] },
  deliver: { server: 'out', port: 25, tls: 'required' },
  delayMinutes: 0,
  approval: 'never',
  copyToSupervisor: false,
  unlabelled: 'ask',
  marks: [],
  lgwanDomains: [],
}

export const exchangeOf = (more: Partial<Exchange> = {}): Exchange => ({
  number: 'W-1',
  person: 's0001',
  service: 'exchange',
  pattern: 'communication',
  method: 'POST',
  host: 'outlook.office.com',
  path: '/api',
  headers: [],
  version: 'h1',
  ...more,
})

export async function* body(
  ...pieces: readonly (string | Uint8Array)[]
): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield Buffer.from(piece as string)
}

export async function whole(from: AsyncIterable<Uint8Array> | undefined): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of from ?? []) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** An end outside that counts what reaches it, and a gate of the plainest kind in front of it. */
export interface Pair {
  readonly port: number
  /** Bodies that reached the outside, with their heads. */
  readonly arrived: { readonly head: IncomingMessage; readonly body: Buffer }[]
  readonly refused: Refused[]
  stop(): Promise<void>
}

export async function pair(
  guard: InsideGuard,
  answer: (head: IncomingMessage) => {
    readonly status?: number
    readonly headers: Readonly<Record<string, string>>
    readonly body: Uint8Array
  },
): Promise<Pair> {
  const arrived: Pair['arrived'] = []
  const refused: Refused[] = []
  const outside = createServer(async (head, response) => {
    arrived.push({ head, body: await whole(head) })
    const { status = 200, headers, body: bytes } = answer(head)
    response.writeHead(status, headers)
    response.end(bytes)
  })
  const outsidePort = await listening(outside)
  const gate = createServer(async (head, response) => {
    const exchange = exchangeOf({
      method: head.method ?? '',
      path: head.url ?? '',
      headers: Object.entries(head.headers).map(([name, value]) => [name, String(value)]),
    })
    const stop = (why: Refused): void => {
      refused.push(why)
      response.writeHead(403)
      response.end(why.reason)
    }
    const up = await guard.upload(exchange, head)
    if (up.result === 'refuse') return stop(up)
    const outgoing = request({
      port: outsidePort,
      method: exchange.method,
      path: exchange.path,
      headers: Object.fromEntries(askedWhole(exchange.headers)),
      agent: false,
    })
    outgoing.end(await whole(up.body))
    const [got] = (await once(outgoing, 'response')) as [IncomingMessage]
    const headers = Object.entries(got.headers).map(
      ([name, value]) => [name, String(value)] as const,
    )
    const down = await guard.download(exchange, { status: got.statusCode ?? 0, headers }, got)
    if (down.result === 'refuse') return stop(down)
    response.writeHead(got.statusCode ?? 0, Object.fromEntries(down.headers))
    for await (const piece of down.body) response.write(piece)
    response.end()
  })
  const port = await listening(gate)
  const stop = async (): Promise<void> => {
    for (const server of [gate, outside]) {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    }
  }
  return { port, arrived, refused, stop }
}

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** A request as it is told, and what came back. */
export async function send(
  port: number,
  { method, path, headers }: Pick<Exchange, 'method' | 'path' | 'headers'>,
  bytes: Uint8Array = new Uint8Array(),
): Promise<{ readonly status: number; readonly head: IncomingMessage; readonly body: Buffer }> {
  const fields = new Map<string, string[]>()
  for (const [name, value] of headers) fields.set(name, [...(fields.get(name) ?? []), value])
  const outgoing = request({
    port,
    method,
    path: encodeURI(decodeURI(path)),
    headers: {
      ...Object.fromEntries(fields),
      ...(bytes.length > 0 && { 'content-length': bytes.length }),
    },
    agent: false,
  })
  outgoing.end(bytes)
  const [head] = (await once(outgoing, 'response')) as [IncomingMessage]
  return { status: head.statusCode ?? 0, head, body: await whole(head) }
}
