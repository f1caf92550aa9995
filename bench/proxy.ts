/**
 * The cloud gate's proxy beside squid, tinyproxy and no proxy at all, in turn in one run:
 *
 *   node bench/proxy.ts [rounds]
 *
 * Client, proxy and origin share the machine, so rates are of the whole chain; processor time and memory are the proxy's alone. Prints one JSON line per proxy, measure and round, and a
 * last line with medians and ratios to squid.
 */
import { startProxies } from './proxy/peers.ts'
import type { Peer } from './proxy/peers.ts'
import { connections, download, idle, latencies, requests } from './proxy/load.ts'
import { median } from './proxy/median.ts'

const [rounds = '3'] = process.argv.slice(2)
const peers = await startProxies()
const rows: Row[] = []

interface Row {
  readonly proxy: string
  readonly measure: string
  readonly value: number
  /** Seconds of the proxy's processor time, for the whole measure. */
  readonly cpu: number
}

async function take(peer: Peer, measure: string, work: () => Promise<number>): Promise<number> {
  const before = peer.cpu()
  const value = await work()
  const row = { proxy: peer.name, measure, value, cpu: peer.cpu() - before }
  rows.push(row)
  process.stdout.write(`${JSON.stringify(row)}\n`)
  return row.cpu
}

const TUNNELS = 4
const MEBIBYTES = 512
const FIRST_IDLE = 1000
const IDLE = 2000

async function round(peer: Peer): Promise<void> {
  await take(peer, 'download MB/s', async () => (await download(peer, TUNNELS, MEBIBYTES)) / 1e6)
  await take(peer, 'requests/s', () => requests(peer, 64, 5))
  await take(peer, 'connections/s', () => connections(peer, 32, 5))
  // 200 clients that ask ten times a second: far below what any of them can carry.
  await take(peer, 'p99 ms of 200 clients', async () => {
    const times = await latencies(peer, 200, 100, 5)
    return times[Math.floor(times.length * 0.99)] ?? Number.NaN
  })
}

async function memory(peer: Peer): Promise<void> {
  // What the first thousand cost is mostly the program learning its work; the next are what idle tunnels cost.
  const closeFirst = await idle(peer, FIRST_IDLE)
  await new Promise((resolve) => setTimeout(resolve, 1000))
  const before = peer.memory()
  const close = await idle(peer, IDLE)
  await new Promise((resolve) => setTimeout(resolve, 1000))
  await take(peer, 'MB per 1,000 idle tunnels', () =>
    Promise.resolve(((peer.memory() - before) / 1e6 / IDLE) * 1000),
  )
  close()
  closeFirst()
  await new Promise((resolve) => setTimeout(resolve, 500))
}

try {
  // Memory first: what a load leaves behind in a heap is not what idle tunnels cost.
  for (const peer of peers) if (peer.proxy !== undefined) await memory(peer)
  for (let count = 0; count < Number(rounds); count += 1)
    for (const peer of peers) await round(peer)
  const measures = [...new Set(rows.map(({ measure }) => measure))]
  const table = measures.map((measure) => {
    const of = (proxy: string, key: 'value' | 'cpu'): number =>
      median(
        rows.filter((row) => row.proxy === proxy && row.measure === measure).map((row) => row[key]),
      )
    return Object.fromEntries([
      ['measure', measure],
      ...peers.map(({ name }) => [name, of(name, 'value')]),
      ['ours / squid', of('sekisho', 'value') / of('squid', 'value')],
      ['processor time, ours / squid', of('sekisho', 'cpu') / of('squid', 'cpu')],
    ])
  })
  process.stdout.write(`${JSON.stringify({ rounds: Number(rounds), medians: table })}\n`)
} finally {
  for (const peer of peers) peer.stop()
}
