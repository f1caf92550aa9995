/** The world around the proxy: a name server that answers as the suite says, and servers that keep what reaches them. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { createServer, isIPv6 } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CA_FOLDER,
  makeAuthority,
  readAuthority,
} from '../../../apps/server/src/cloud/inspect/authority.ts'
import { Leaves } from '../../../apps/server/src/cloud/inspect/leaves.ts'
import type { World } from './cases.ts'
import { Origin } from './origin.ts'

/** What reached a server. */
export interface Reached {
  readonly address: string
  readonly port: number
  bytes: Buffer
}

export interface Outside {
  reached: Reached[]
  asked: string[]
  /** Speaks TLS and counts bytes of bodies. */
  readonly origin: Origin
  /** Certificate of its authority, PEM file. */
  readonly ca: string
}

/**
 * @param dns port of the name server, on 127.0.0.1
 * @param authority folder of the authority of the servers that speak TLS; made when there is none
 */
export async function startOutside(
  world: World,
  dns: number,
  authority = mkdtempSync(join(tmpdir(), 'sekisho-outside-')),
): Promise<Outside> {
  const outside: Outside = { reached: [], asked: [], ...(await secureOrigin(authority)) }
  for (const port of world.ports) await startServer(port, world, outside)
  await startNames(world, dns, outside)
  return outside
}

async function secureOrigin(folder: string): Promise<Pick<Outside, 'origin' | 'ca'>> {
  if (!(await readAuthority(folder))) await makeAuthority(folder, { town: 'outside', hosts: 'any' })
  const leaves = new Leaves((await readAuthority(folder))!)
  const origin = new Origin({
    SNICallback: (name, done) =>
      void leaves.contextFor(name).then((context) => done(null, context), done),
  })
  return { origin, ca: join(folder, CA_FOLDER, 'cert.pem') }
}

async function startServer(port: number, world: World, outside: Outside): Promise<void> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const address = (socket.localAddress ?? '').replace(/^::ffff:(?=\d+\.)/u, '')
    if (address === world.secure && port === 443) return outside.origin.serve(socket)
    let one: Reached = { address, port, bytes: Buffer.alloc(0) }
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => {
      // A connection that a proxy keeps belongs to each probe that sends something on it.
      if (!outside.reached.includes(one)) {
        one = { address, port, bytes: Buffer.alloc(0) }
        outside.reached.push(one)
      }
      one.bytes = Buffer.concat([one.bytes, chunk])
      const web = /^[A-Z]+ /u.test(one.bytes.toString('latin1', 0, 20))
      socket.write(web ? 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok' : 'ok')
    })
    socket.on('end', () => socket.end())
  })
  server.listen(port, '::')
  await once(server, 'listening')
}

/** A name server alone. @param port on 127.0.0.1 */
export async function startNames(
  world: Pick<World, 'names' | 'others'>,
  port: number,
  outside: Pick<Outside, 'asked'>,
): Promise<void> {
  const socket = createSocket('udp4')
  const counts = new Map<string, number>()
  const answers = (name: string, family: 1 | 28): readonly string[] => {
    const known = world.names[name]
    if (!known) return world.others.filter((one) => isIPv6(one) === (family === 28))
    const count = counts.get(name) ?? 0
    if (family === 1) counts.set(name, count + 1)
    const now = known[Math.min(count, known.length - 1)] ?? []
    return now.filter((one) => isIPv6(one) === (family === 28))
  }
  socket.on('message', (query, { address, port: from }) => {
    const { name, end } = nameOf(query)
    outside.asked.push(name)
    const family = query.readUInt16BE(end)
    const found = family === 1 || family === 28 ? answers(name.toLowerCase(), family) : []
    const head = Buffer.from(query.subarray(0, 12))
    head.writeUInt16BE(0x81_80, 2)
    for (const [at, value] of [
      [6, found.length],
      [8, 0],
      [10, 0],
    ] as const)
      head.writeUInt16BE(value, at)
    const records = found.map((one) => recordOf(one, family))
    socket.send(Buffer.concat([head, query.subarray(12, end + 4), ...records]), from, address)
  })
  socket.bind(port, '127.0.0.1')
  await once(socket, 'listening')
}

function nameOf(query: Buffer): { readonly name: string; readonly end: number } {
  const labels: string[] = []
  let at = 12
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += length + 1
  }
  return { name: labels.join('.'), end: at + 1 }
}

/** Time to live 0: whoever asks again is answered anew. */
function recordOf(address: string, family: number): Buffer {
  const data = family === 1 ? Buffer.from(address.split('.').map(Number)) : bytesOf6(address)
  const head = Buffer.from('c00c000000010000000000', 'hex')
  head.writeUInt16BE(family, 2)
  return Buffer.concat([head, Buffer.of(data.length), data])
}

function bytesOf6(address: string): Buffer {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/u.exec(address)
  const hex = (a = '', b = ''): string => (Number(a) * 256 + Number(b)).toString(16)
  const text = dotted
    ? `${dotted[1]}${hex(dotted[2], dotted[3])}:${hex(dotted[4], dotted[5])}`
    : address
  const [left = '', right] = text.split('::')
  const words = (part: string): string[] => (part === '' ? [] : part.split(':'))
  const [first, last] = [words(left), words(right ?? '')]
  const all = [...first, ...Array<string>(8 - first.length - last.length).fill('0'), ...last]
  return Buffer.from(all.map((word) => word.padStart(4, '0')).join(''), 'hex')
}
