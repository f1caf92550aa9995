import { randomBytes } from 'node:crypto'
import { createServer, connect } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { declare, placesOf, proofOf, sealOf } from '@sekisho/network'
import { readTown } from '@sekisho/town'
import { afterEach, describe, expect, it } from 'vitest'
import { startAgent } from './agent.ts'
import type { RunningAgent } from './agent.ts'
import { lineReader } from './line-reader.ts'
import { runAgents } from './operator.ts'

// Loopback addresses stand for two zones: no firewall lies between them, so whatever is not declared is found open.
const TOWN = `
town: { name: 沢渡町, staff: 40, model: α, edition: R8.3 }
departments: [{ id: joho, name: 情報係 }]
zones:
  - { id: lgwan, name: LGWAN接続系, kind: lgwan, networks: [127.2.0.0/24] }
  - { id: internet, name: インターネット接続系, kind: internet, networks: [127.3.0.0/24] }
boundaries: []
peers: [{ id: cloud, name: クラウド, network: internet, addresses: [127.9.0.1] }]
systems:
  - { id: a, name: 端末, zone: lgwan, owner: joho, hosts: [{ id: pc, name: 端末, role: terminal, addresses: [127.2.0.1] }, { id: pc-2, name: 端末, role: terminal, addresses: [127.2.0.2] }] }
  - { id: b, name: 中継, zone: internet, owner: joho, hosts: [{ id: sv, name: 中継, role: server, addresses: [127.3.0.1] }, { id: sv-2, name: 中継, role: server, addresses: [127.3.0.2] }] }
flows:
  - { id: relay, name: 中継, from: 'host:pc', to: 'host:sv', protocol: tcp, ports: [18443], purpose: 中継, owner: joho, expires: 2099-03-31 }
`
const read = readTown(TOWN)
if (!read.ok) throw new Error(JSON.stringify(read.problems))
const declared = declare(read.town)
const places = placesOf(read.town, declared, { alike: Infinity })
const key = randomBytes(32)
const ADDRESSES = { pc: '127.2.0.1', 'pc-2': '127.2.0.2', sv: '127.3.0.1', 'sv-2': '127.3.0.2' }
type Host = keyof typeof ADDRESSES
const TARGETS = new Set(Object.values(ADDRESSES))

const open: { close(): void }[] = []
afterEach(() => open.splice(0).forEach((one) => one.close()))

async function agentAt(
  host: Host,
  options: { key?: Buffer; model?: string } = {},
): Promise<RunningAgent> {
  const agent = await startAgent({
    address: ADDRESSES[host],
    port: 0,
    key: options.key ?? key,
    model: options.model ?? declared.digest,
    targets: TARGETS,
  })
  open.push(agent)
  return agent
}

const spotOf = (host: Host, { port }: { readonly port: number }) => ({
  place: places.find(({ id }) => id === `host:${host}`)!,
  address: ADDRESSES[host],
  port,
})

/** A connection to an agent that says what it likes. */
interface Stranger {
  readonly socket: Socket
  readonly lines: AsyncGenerator<string>
  readonly agent: string
}

async function stranger(port: number): Promise<Stranger> {
  const socket = connect({ host: ADDRESSES.pc, port })
  socket.on('error', () => {})
  open.push({ close: () => socket.destroy() })
  const lines = lineReader(socket, 100_000)
  const hello = JSON.parse((await lines.next()).value as string) as { agent: string }
  return { socket, lines, agent: hello.agent }
}

/** One who has the key, but is not bound to what our operator would ask. */
async function commander(agent: RunningAgent) {
  const { socket, lines, agent: nonce } = await stranger(agent.port)
  const greeting = {
    agent: nonce,
    operator: randomBytes(16).toString('hex'),
    run: randomBytes(16).toString('hex'),
    model: declared.digest,
  }
  const { operator, run, model } = greeting
  socket.write(
    `${JSON.stringify({ operator, run, model, proof: proofOf(key, 'operator', greeting) })}\n`,
  )
  await lines.next()
  const seal = sealOf(key, 'operator', greeting)
  return {
    socket,
    lines,
    send: (line: string) => socket.write(`${line}\n`),
    seal: (body: object) => seal.seal(JSON.stringify(body)),
    ask: async (body: object): Promise<unknown> => {
      socket.write(`${seal.seal(JSON.stringify(body))}\n`)
      const { value } = await lines.next()
      const said = typeof value === 'string' ? seal.open(value) : undefined
      return said === undefined ? undefined : JSON.parse(said)
    },
  }
}

/** Somebody who must never be asked, and notes who came. */
async function witness(host: string): Promise<{ port: number; seen: string[] }> {
  const seen: string[] = []
  const server: Server = createServer((socket) => {
    seen.push('connected')
    socket.on('data', (bytes) => seen.push(bytes.toString('hex')))
    socket.on('error', () => {})
  })
  await new Promise<void>((resolve) => server.listen({ host, port: 0 }, resolve))
  open.push(server)
  return { port: (server.address() as AddressInfo).port, seen }
}

describe('agents that ask each other', () => {
  it('find what is declared passing, and what is not declared open where no firewall is', async () => {
    const [pc, pc2, sv, sv2] = [
      await agentAt('pc'),
      await agentAt('pc-2'),
      await agentAt('sv'),
      await agentAt('sv-2'),
    ]
    const run = await runAgents(
      declared,
      [spotOf('pc', pc), spotOf('pc-2', pc2), spotOf('sv', sv), spotOf('sv-2', sv2)],
      key,
    )
    if (!run.ok) throw new Error(run.reason)
    const of = (from: number, to: number, port: number) =>
      run.outcomes.find(
        ({ question }) => question.from === from && question.to === to && question.port === port,
      )
    expect(of(0, 2, 18_443)).toMatchObject({ sighting: 'answered', declared: { passes: true } })
    expect(of(1, 2, 18_443)).toMatchObject({ sighting: 'answered', declared: { passes: false } })
    expect(of(0, 2, 18_444)).toMatchObject({ sighting: 'answered', controlled: true })
    await Promise.all([pc.done, sv.done])
  }, 30_000)

  it('are not begun when one of them has another key, another town or is not there', async () => {
    const [pc, other] = [await agentAt('pc'), await agentAt('sv', { key: randomBytes(32) })]
    expect(await runAgents(declared, [spotOf('pc', pc), spotOf('sv', other)], key)).toEqual({
      ok: false,
      reason: 'PROBE-NO-AGENT',
      agent: 'host:sv',
    })
    const changed = await agentAt('sv', { model: '00'.repeat(32) })
    expect(await runAgents(declared, [spotOf('sv', changed)], key)).toMatchObject({
      reason: 'PROBE-OTHER-TOWN',
    })
    changed.close()
    expect(await runAgents(declared, [spotOf('sv', changed)], key)).toMatchObject({
      reason: 'PROBE-NO-AGENT',
    })
  })

  it('are not believed when who listens there cannot show the key', async () => {
    const liar = createServer((socket) => {
      socket.on('error', () => {})
      socket.write(`${JSON.stringify({ sekisho: 'probe-agent-1', agent: '00'.repeat(16) })}\n`)
      socket.on('data', () => socket.write(`${JSON.stringify({ proof: '00'.repeat(32) })}\n`))
    })
    await new Promise<void>((resolve) => liar.listen({ host: ADDRESSES.sv, port: 0 }, resolve))
    open.push(liar)
    const spot = spotOf('sv', liar.address() as AddressInfo)
    expect(await runAgents(declared, [spot], key)).toMatchObject({ reason: 'PROBE-NO-AGENT' })
  })
})

describe('an agent', () => {
  it('sends nothing outside the declaration, nor to a party outside, even for who has the key', async () => {
    const [outside, party] = [await witness('127.0.0.1'), await witness('127.9.0.1')]
    const { ask } = await commander(await agentAt('pc'))
    const reply = await ask({
      ask: [
        { protocol: 'tcp', target: '127.0.0.1', port: outside.port, agent: true },
        { protocol: 'tcp', target: '127.9.0.1', port: party.port, agent: true },
        { protocol: 'udp', target: '127.0.0.1', port: outside.port, agent: true },
      ],
    })
    expect(reply).toEqual({ seen: ['not-allowed', 'not-allowed', 'not-allowed'] })
    expect([...outside.seen, ...party.seen]).toEqual([])
  })

  it('says nothing to a service: it connects and closes', async () => {
    const service = await witness(ADDRESSES.sv)
    const { ask } = await commander(await agentAt('pc'))
    const reply = await ask({
      ask: [{ protocol: 'tcp', target: ADDRESSES.sv, port: service.port, agent: false }],
    })
    expect(reply).toEqual({ seen: ['connected'] })
    expect(service.seen).toEqual(['connected'])
  })

  it('leaves a port to the service that listens there', async () => {
    const service = await witness(ADDRESSES.pc)
    const { ask } = await commander(await agentAt('pc'))
    expect(await ask({ open: [{ protocol: 'tcp', port: service.port }] })).toEqual({
      opened: ['busy'],
    })
  })

  it.each([
    [
      'no key',
      () => ({
        operator: '00'.repeat(16),
        run: '00'.repeat(16),
        model: declared.digest,
        proof: '00'.repeat(32),
      }),
    ],
    ['a command before the greeting', () => ({ ask: [] })],
    ['something that is no JSON', () => undefined],
  ])('drops who comes with %s, and does nothing', async (_, line) => {
    const { socket, lines } = await stranger((await agentAt('pc')).port)
    socket.write(`${JSON.stringify(line()) ?? 'x'}\n`)
    expect((await lines.next()).done).toBe(true)
  })

  it('drops a line that is sealed for another time, altered, or too long', async () => {
    const replayed = await commander(await agentAt('pc'))
    const line = replayed.seal({ ask: [] })
    replayed.send(line)
    expect((await replayed.lines.next()).done).toBe(false)
    replayed.send(line)
    expect((await replayed.lines.next()).done).toBe(true)

    const altered = await commander(await agentAt('pc'))
    altered.send(altered.seal({ ask: [] }).replace('"ask":[]', '"end":true'))
    expect((await altered.lines.next()).done).toBe(true)

    const long = await commander(await agentAt('pc'))
    long.socket.write('x'.repeat(70_000))
    expect((await long.lines.next()).done).toBe(true)
  })

  it('serves one operator and one run, and then is gone', async () => {
    const agent = await agentAt('pc')
    const first = await commander(agent)
    const second = connect({ host: ADDRESSES.pc, port: agent.port })
    open.push({ close: () => second.destroy() })
    second.on('error', () => {})
    expect((await lineReader(second, 100).next()).done).toBe(true)
    await first.ask({ ask: [] })
    first.send(first.seal({ end: true }))
    expect(await agent.done).toBe('ran')
  })

  it('is still there for an operator who asked nothing yet', async () => {
    const agent = await agentAt('pc')
    const first = await commander(agent)
    first.send(first.seal({ end: true }))
    await first.lines.next()
    const again = await commander(agent)
    expect(await again.ask({ ask: [] })).toEqual({ seen: [] })
  })
})
