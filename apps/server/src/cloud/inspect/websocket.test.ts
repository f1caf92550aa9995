import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { Http2ServerRequest } from 'node:http2'
import type { Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { InsideGuard } from '@sekisho/gates/web'
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
import { SocketFrames, frameOf } from './socket-frames.ts'

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

/** Bodies without the word may leave. */
const GUARD: InsideGuard = {
  async upload({ service }, body) {
    const bytes = await buffer(body)
    if (bytes.includes('SEKRET')) return { result: 'refuse', reason: 'X11-SEND-CLASS', service }
    return { result: 'pass', body: pieces(bytes), bytes: bytes.length }
  },
  download: (_, { headers }, body) => Promise.resolve({ result: 'pass', headers, body }),
}

async function* pieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 300) yield bytes.subarray(at, at + 300)
}

async function between(accept = ACCEPT, more: Partial<OriginOptions> = {}) {
  const messages: string[] = []
  let up = 0
  const read = async (socket: Socket): Promise<void> => {
    for await (const one of new SocketFrames(socket)) {
      if (one.kind === 'control') up += one.payload.length
      else {
        const bytes = await buffer(one.body)
        messages.push(`${one.text ? 'text' : 'bytes'} ${bytes.toString()}`)
        up += bytes.length
        socket.write(`got ${messages.length}.`)
      }
    }
  }
  let fields: readonly string[] = []
  const upgrade = (socket: Socket, { rawHeaders }: Http2ServerRequest): void => {
    fields = rawHeaders.map((one) => one.toLowerCase())
    socket.on('error', () => undefined)
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n\r\nwelcome`,
    )
    void read(socket)
      .catch(() => undefined)
      .finally(() => socket.end())
  }
  const origin = await startTlsOrigin({ protocols: ['http/1.1'], upgrade, ...more })
  const gate = await startInspection({ origin, town: SPOKEN, guard: GUARD })
  open.push(gate, origin)
  return { gate, origin, up: () => up, fields: () => fields, messages }
}

const TEXT = 1
const PONG = 10

async function joined(text = ASKS) {
  const ends = await between()
  const terminal = await terminalOf(ends.gate)
  let said = ''
  terminal.on('data', (chunk: Buffer) => (said += chunk.toString('latin1')))
  terminal.write(text)
  const until = async (words: string): Promise<void> => {
    while (!said.includes(words)) await once(terminal, 'data')
  }
  await until('welcome')
  return { ...ends, terminal, until, said: () => said }
}

describe('a WebSocket that the town declared', () => {
  it('is joined after its request was judged, each message decided and written anew', async () => {
    const { terminal, until, said, messages } = await joined()
    expect(said()).toMatch(/^HTTP\/1\.1 101 /)
    expect(said()).toContain(ACCEPT)
    terminal.write(frameOf(TEXT, Buffer.from('x'.repeat(700))))
    await until('got 1.')
    terminal.write(frameOf(TEXT, Buffer.from('in '), false))
    terminal.write(frameOf(PONG, Buffer.from('between')))
    terminal.write(frameOf(0, Buffer.from('pieces')))
    await until('got 2.')
    expect(messages).toEqual([`text ${'x'.repeat(700)}`, 'text in pieces'])
  })

  it('counts what nobody decides for the day', async () => {
    const { gate, terminal, up } = await joined()
    for (let times = 0; times < 20; times += 1) terminal.write(frameOf(PONG, Buffer.alloc(125)))
    await once(terminal, 'close')
    expect(up()).toBeLessThan(2000)
    while (gate.records.length < 3) await new Promise(setImmediate)
    const last = gate.records.at(-1)!
    expect(last).toMatchObject({ kind: 'ended', reason: 'WEB-BUDGET' })
    expect(last.up - (last.read ?? 0)).toBeGreaterThan(500)
  })

  it('sends no byte of a message that may not leave, says why, and ends', async () => {
    const { gate, terminal, until, messages, said } = await joined()
    terminal.write(frameOf(TEXT, Buffer.from('good day')))
    await until('got 1.')
    terminal.write(frameOf(TEXT, Buffer.from('half SEK'), false))
    terminal.write(frameOf(0, Buffer.from('RET')))
    await once(terminal, 'close')
    expect(messages).toEqual(['text good day'])
    expect(said()).toContain('X11-SEND-CLASS')
    expect(gate.records.map(({ kind, reason }) => `${kind} ${reason}`)).toContain(
      'refused X11-SEND-CLASS',
    )
  })

  it.each([
    ['a frame without a mask', '8106', 'SEKRET'],
    ['a packed frame', 'c18600000000', 'SEKRET'],
    ['a kind that nobody knows', '838600000000', 'SEKRET'],
    ['a length in more bytes than it takes', '81fe000600000000', 'SEKRET'],
    ['a control frame in pieces', '098600000000', 'SEKRET'],
    ['a message that only goes on', '808600000000', 'SEKRET'],
    ['a message inside a message', '018100000000618186 00000000', 'SEKRET'],
    ['no frame at all', '', 'SEKRET SEKRET SEKRET'],
  ])('takes no frame that two readers could read differently: %s', async (_, head, text) => {
    const { gate, terminal, up } = await joined()
    terminal.write(Buffer.concat([Buffer.from(head.replace(' ', ''), 'hex'), Buffer.from(text)]))
    await once(terminal, 'close')
    expect(up()).toBe(0)
    while (gate.records.at(-1)?.kind !== 'ended') await new Promise(setImmediate)
    expect(gate.records.map(({ reason }) => reason)).toContain('HEAD-BODY')
  })

  it('is offered no extension, so that nothing in it is packed', async () => {
    const more = 'Sec-WebSocket-Extensions: permessage-deflate\r\n'
    const { fields } = await joined(ASKS.replace('\r\n\r\n', `\r\n${more}\r\n`))
    expect(fields()).toContain('sec-websocket-key')
    expect(fields()).not.toContain('sec-websocket-extensions')
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
