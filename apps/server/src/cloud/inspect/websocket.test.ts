import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import {
  LOGIN,
  insideTown,
  sayInside,
  startInspection,
  startTlsOrigin,
  terminalOf,
} from './inspect.test-support.ts'
import type { OriginOptions } from './inspect.test-support.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()))
})

const KEY = 'dGhlIHNhbXBsZSBub25jZQ=='
const ACCEPT = createHash('sha1')
  .update(`${KEY}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
  .digest('base64')
const ASKS = `GET /chat HTTP/1.1\r\nHost: ${LOGIN}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\n\r\n`
const SPOKEN = insideTown('          websocket: true\n          dailyBytes: 2000\n')

async function between(accept = ACCEPT, more: Partial<OriginOptions> = {}) {
  let up = 0
  const upgrade = (socket: Socket): void => {
    socket.on('error', () => undefined)
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n\r\nwelcome`,
    )
    socket.on('data', (chunk: Buffer) => {
      up += chunk.length
      socket.write(chunk)
    })
    socket.on('end', () => socket.end())
  }
  const origin = await startTlsOrigin({ protocols: ['http/1.1'], upgrade, ...more })
  const gate = await startInspection({ origin, town: SPOKEN })
  open.push(gate, origin)
  return { gate, origin, up: () => up }
}

describe('a WebSocket that the town declared', () => {
  it('is joined after its request was judged, and counts for the day', async () => {
    const { gate, up } = await between()
    const terminal = await terminalOf(gate)
    let said = ''
    terminal.on('data', (chunk: Buffer) => (said += chunk.toString()))
    terminal.write(ASKS)
    while (!said.includes('welcome')) await once(terminal, 'data')
    expect(said).toMatch(/^HTTP\/1\.1 101 /)
    expect(said).toContain(ACCEPT)
    terminal.write('x'.repeat(500))
    while (!said.endsWith('x'.repeat(500))) await once(terminal, 'data')
    terminal.write('y'.repeat(2000))
    await once(terminal, 'close')
    expect(up()).toBe(500)
    while (gate.records.length < 3) await new Promise(setImmediate)
    const last = gate.records.at(-1)!
    expect(last).toMatchObject({ kind: 'ended', reason: 'WEB-BUDGET' })
    expect(last.up - (last.read ?? 0)).toBeGreaterThan(500)
  })

  it('is nothing when the destination does not answer as one', async () => {
    const { gate, up } = await between('AAAAAAAAAAAAAAAAAAAAAAAAAAA=')
    const answer = await sayInside(gate, ASKS, true)
    expect(answer).toContain('WEB-UNREACHABLE')
    expect(up()).toBe(0)
  })

  it.each([
    ['POST', ASKS.replace('GET', 'POST')],
    ['no key', ASKS.replace(/Sec-WebSocket-Key.*\r\n\r\n/u, '\r\n')],
    ['two protocols', ASKS.replace('websocket', 'websocket, h2c')],
  ])('is not what is asked for with %s', async (_, text) => {
    const { gate, origin } = await between()
    expect(await sayInside(gate, text, true)).toContain('WEB-UPGRADE')
    expect(origin.got).toEqual([])
  })
})
