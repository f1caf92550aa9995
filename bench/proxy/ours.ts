/**
 * The cloud gate of the bench: the gatekeeper of a town with every check on, and each request durable on disk before anything is dialled. Only where it dials is of the bench: the
 * judged address leads to the loopback. In a thread with the memory that a town's has. Prints its port.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker, isMainThread, workerData } from 'node:worker_threads'
import {
  SendBudget,
  ServiceCuts,
  readOwnList,
  remembering,
  standingOf,
  townGatekeeper,
  webPolicy,
} from '@sekisho/gates/web'
import type { Gatekeeper } from '@sekisho/gates/web'
import { createCompiledJudge } from '@sekisho/judge'
import { readRange, todayInJapan } from '@sekisho/town'
import { identifier } from '../../apps/server/src/cloud/identify.ts'
import { ReadBuffers } from '../../apps/server/src/cloud/read-buffers.ts'
import { RequestRecord } from '../../apps/server/src/cloud/request-record.ts'
import { CLOUD_GATE_MEMORY } from '../../apps/server/src/cloud/run-cloud-gate.ts'
import { TUNNEL_LIMITS, serveTunnel } from '../../apps/server/src/cloud/tunnel.ts'
import {
  cloudTown,
  gateOf,
  held,
  microsoft365,
  terms,
} from '../../packages/gates/web/src/destination/destination.test-support.ts'
import { HOST } from './hello.ts'

const ADDRESS = '13.107.6.152'

if (isMainThread) {
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-bench-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0))
  const thread = new Worker(new URL(import.meta.url), {
    workerData: { folder, origin: Number(process.argv[2]) },
    resourceLimits: CLOUD_GATE_MEMORY,
  })
  thread.once('exit', (code) => process.exit(code))
} else await serve(workerData as { readonly folder: string; readonly origin: number })

async function serve({ folder, origin }: { readonly folder: string; readonly origin: number }) {
  const now = new Date().toISOString()
  const today = todayInJapan(new Date())
  const town = cloudTown()
  const list = readOwnList(
    `list: updates\nversion: "2026110100"\ndomains: [${HOST}]\nsource: bench\ndestinations:\n  - { id: bench, names: [${HOST}], ranges: [${ADDRESS}/32], tcp: [443, ${origin}] }\n`,
  )
  if (!list.ok) throw new Error(JSON.stringify(list.problems))
  const standings = new Map([
    ['updates', standingOf([held(list.list, now)], terms(town, today))],
    ['microsoft-365', standingOf([held(microsoft365(), now)], terms(town, today))],
  ])
  const policy = webPolicy(town, gateOf(town), standings, today)
  const known = {
    certificates: new Map(),
    credentials: new Map(),
    addresses: [{ range: readRange('127.0.0.0/8')!, id: 's0001' }],
  }
  const record = await RequestRecord.open(folder)
  let count = 0
  const asked = townGatekeeper({
    policy: () => policy,
    judge: remembering(createCompiledJudge()),
    resolve: () => Promise.resolve([ADDRESS]),
    echKeys: () => Promise.resolve('none'),
    identify: identifier({
      town: () => town,
      known: () => known,
      today: () => today,
    }),
    record: (entry) => record.append(entry),
    own: ['10.20.1.10'],
    cuts: new ServiceCuts(),
    budget: new SendBudget(() => today),
    number: () => `W-${(count += 1)}`,
  })
  const gatekeeper: Gatekeeper = {
    ...asked,
    admit: async (one) => {
      const answer = await asked.admit(one)
      return answer.result === 'pass' ? { ...answer, addresses: ['127.0.0.1'] } : answer
    },
  }
  const buffers = new ReadBuffers()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    void serveTunnel(socket, { gatekeeper, limits: TUNNEL_LIMITS, buffers })
  })
  server.listen(0, '127.0.0.1', 4096, () => {
    const address = server.address()
    process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`)
  })
}
