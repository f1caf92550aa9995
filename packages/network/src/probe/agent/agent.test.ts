import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { readTown } from '@sekisho/town'
import { describe, expect, it } from 'vitest'
import { AGENT_LIMITS, paceOf } from './limits.ts'
import { command, readMessage } from './messages.ts'
import { answerBytes, PROBE_BYTES, probeBytes, proofOf, readKey, sealOf } from './seal.ts'
import type { Greeting } from './seal.ts'
import { agentAddresses } from './targets.ts'

const key = randomBytes(32)
const greeting: Greeting = { agent: 'a', operator: 'b', run: 'c', model: 'd' }

describe('a seal', () => {
  const pair = () => [sealOf(key, 'operator', greeting), sealOf(key, 'agent', greeting)] as const

  it('is opened by the other side, in turn', () => {
    const [operator, agent] = pair()
    for (const body of ['{}', 'まち', '{"end":true}']) {
      expect(agent.open(operator.seal(body))).toBe(body)
      expect(operator.open(agent.seal(body))).toBe(body)
    }
  })

  it('is not opened when it is altered, repeated, left out, sent back, or of another greeting', () => {
    const [operator, agent] = pair()
    const [first, second] = [operator.seal('1'), operator.seal('2')]
    expect(agent.open(second)).toBeUndefined()
    expect(agent.open(first.replace(/1$/u, '2'))).toBeUndefined()
    expect(operator.open(first)).toBeUndefined()
    expect(agent.open(first)).toBe('1')
    expect(agent.open(first)).toBeUndefined()
    for (const part of ['agent', 'operator', 'run', 'model'] as const) {
      const other = sealOf(key, 'agent', { ...greeting, [part]: 'x' })
      expect(other.open(sealOf(key, 'operator', greeting).seal('1'))).toBeUndefined()
    }
    expect(sealOf(randomBytes(32), 'agent', greeting).open(first)).toBeUndefined()
  })

  it('takes its parts for what they are: moved boundaries give another proof', () => {
    const moved = { ...greeting, agent: 'ab', operator: '' }
    expect(proofOf(key, 'agent', moved)).not.toBe(proofOf(key, 'agent', greeting))
    expect(proofOf(key, 'agent', greeting)).not.toBe(proofOf(key, 'operator', greeting))
  })

  it('opens nothing of what a stranger writes', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (line) => {
        expect(sealOf(key, 'agent', greeting).open(line)).toBeUndefined()
      }),
    )
  })
})

describe('a question on the wire', () => {
  const nonce = randomBytes(16)
  const bytes = probeBytes(key, 'run', 'tcp 10.0.0.1 443', nonce)

  it('is answered with less than it is, and only at the port and in the run it is for', () => {
    const answer = answerBytes(key, 'run', 'tcp 10.0.0.1 443', bytes)
    expect(answer!.length).toBeLessThan(bytes.length)
    expect(bytes).toHaveLength(PROBE_BYTES)
    expect(answerBytes(key, 'run', 'tcp 10.0.0.1 444', bytes)).toBeUndefined()
    expect(answerBytes(key, 'other', 'tcp 10.0.0.1 443', bytes)).toBeUndefined()
    expect(answerBytes(randomBytes(32), 'run', 'tcp 10.0.0.1 443', bytes)).toBeUndefined()
    expect(answerBytes(key, 'run', 'tcp 10.0.0.1 443', bytes.subarray(1))).toBeUndefined()
    expect(
      answerBytes(key, 'run', 'tcp 10.0.0.1 443', Buffer.concat([bytes, bytes])),
    ).toBeUndefined()
  })
})

describe('the pace of an agent', () => {
  it('is never above so many a second, however many are asked for at once, and ends', () => {
    const pace = paceOf(20, 50)
    const times = Array.from({ length: 50 }, () => pace.next(1_000)!)
    expect(pace.next(1_000)).toBeUndefined()
    for (const [at, time] of times.entries()) {
      const within = times.filter((other) => other >= time && other < time + 1_000)
      expect(within.length).toBeLessThanOrEqual(20)
      expect(time).toBe(at * 50)
    }
  })
})

describe('a command to an agent', () => {
  it.each([
    [
      'another address than one',
      { ask: [{ protocol: 'tcp', target: 'example.jp', port: 1, agent: true }] },
    ],
    ['port 0', { ask: [{ protocol: 'tcp', target: '10.0.0.1', port: 0, agent: true }] }],
    [
      'a protocol nobody asks',
      { ask: [{ protocol: 'sctp', target: '10.0.0.1', port: 1, agent: true }] },
    ],
    [
      'a payload',
      { ask: [{ protocol: 'tcp', target: '10.0.0.1', port: 1, agent: true, say: 'x' }] },
    ],
    ['a verb that there is not', { run: 'sh' }],
    [
      'more ports than it may open',
      {
        open: Array.from({ length: AGENT_LIMITS.ports + 1 }, () => ({ protocol: 'tcp', port: 1 })),
      },
    ],
    [
      'more questions than fit a line',
      {
        ask: Array.from({ length: AGENT_LIMITS.questions + 1 }, () => ({
          protocol: 'tcp',
          target: '10.0.0.1',
          port: 1,
          agent: true,
        })),
      },
    ],
  ])('with %s is none', (_, body) => {
    expect(readMessage(command, JSON.stringify(body))).toBeUndefined()
  })

  it('is read when it is one, and not from a line that is too long', () => {
    const line = JSON.stringify({ end: true })
    expect(readMessage(command, line)).toEqual({ end: true })
    expect(readMessage(command, line.padEnd(AGENT_LIMITS.line + 1))).toBeUndefined()
  })
})

describe('what an agent may send to', () => {
  it('is single machines of the town: no party outside, and no block of addresses', () => {
    const read = readTown(`
town: { name: 町, staff: 1, model: α, edition: R8.3 }
departments: [{ id: joho, name: 情報係 }]
zones: [{ id: lgwan, name: L, kind: lgwan, networks: [10.2.0.0/24] }]
boundaries: []
peers: [{ id: p, name: P, network: internet, addresses: [198.51.100.1] }]
systems: [{ id: s, name: S, zone: lgwan, owner: joho, hosts: [{ id: one, name: 一, role: terminal, addresses: [10.2.0.1] }, { id: many, name: 多, role: terminal, addresses: [10.2.0.64] }] }]
flows: []
`)
    if (!read.ok) throw new Error(JSON.stringify(read.problems))
    const systems = read.town.systems.map((system) => ({
      ...system,
      hosts: system.hosts.map((host) =>
        host.id === 'many' ? { ...host, addresses: ['10.2.0.64/26'] } : host,
      ),
    }))
    expect([...agentAddresses({ ...read.town, systems })]).toEqual([['10.2.0.1', 'one']])
  })
})

it('a key is 64 hex digits and nothing else', () => {
  const hex = randomBytes(32).toString('hex')
  expect(readKey(`${hex}\n`)).toEqual(Buffer.from(hex, 'hex'))
  for (const text of ['', hex.slice(1), `${hex}0`, hex.replace(/./u, 'g')]) {
    expect(readKey(text)).toBeUndefined()
  }
})
