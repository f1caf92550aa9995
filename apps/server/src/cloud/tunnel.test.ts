import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { ALLOWED, say, startOrigin, startProxy } from './proxy.test-support.ts'
import type { Origin, TestGate, TestProxy } from './proxy.test-support.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()))
})

async function between(
  serve: (socket: Socket) => void,
  gate: Omit<TestGate, 'origin'> = {},
): Promise<{ origin: Origin; proxy: TestProxy }> {
  const origin = await startOrigin(serve)
  const proxy = await startProxy({ origin: origin.port, ...gate })
  open.push(proxy, origin)
  return { origin, proxy }
}

const CONNECT = `CONNECT ${ALLOWED} HTTP/1.1\r\nHost: ${ALLOWED}\r\n\r\n`
const OPENED = 'HTTP/1.1 200 Connection established\r\n\r\n'
const echo = (socket: Socket): void => void socket.pipe(socket)

describe('a tunnel', () => {
  it('carries both ways what a declared name is sent, and is on record when it opens and ends', async () => {
    const { proxy } = await between(echo)
    expect(await say(proxy.port, `${CONNECT}hello`)).toBe(`${OPENED}hello`)
    expect(proxy.records.map(({ kind, up, down }) => ({ kind, up, down }))).toEqual([
      { kind: 'opened', up: 0, down: 0 },
      { kind: 'ended', up: 5, down: 5 },
    ])
  })

  it('does not dial for a name that is not declared, and says the number, the reason and what to do', async () => {
    const { origin, proxy } = await between(echo)
    const answer = await say(proxy.port, 'CONNECT evil.example:443 HTTP/1.1\r\n\r\nhello')
    expect(answer).toMatch(/^HTTP\/1\.1 403 /)
    expect(answer).toContain('W-1')
    expect(answer).toContain('WEB-NOT-DECLARED')
    expect(origin.seen).toEqual({ connections: 0, bytes: 0 })
    expect(proxy.records).toMatchObject([{ kind: 'refused', reason: 'WEB-NOT-DECLARED' }])
  })

  it('does not dial before the first bytes were looked at', async () => {
    const { origin, proxy } = await between(echo, {
      firstBytes: (bytes) =>
        bytes.length < 5
          ? { result: 'more' }
          : { result: 'refuse', reason: 'WEB-SNI-DIFFERS', service: 'town' },
    })
    const answer = await say(proxy.port, `${CONNECT}hello`)
    expect(answer).toBe(`${OPENED}\x15\x03\x03\x00\x02\x02\x31`)
    expect(origin.seen).toEqual({ connections: 0, bytes: 0 })
    expect(proxy.records).toMatchObject([{ kind: 'refused', reason: 'WEB-SNI-DIFFERS' }])
  })

  it('reads first bytes that come one at a time', async () => {
    const asked: number[] = []
    const { proxy } = await between(echo, {
      firstBytes: (bytes) => {
        asked.push(bytes.length)
        return bytes.length < 5 ? { result: 'more' } : { result: 'pass' }
      },
    })
    const socket = connect({ host: '127.0.0.1', port: proxy.port, noDelay: true })
    for (const byte of Buffer.from(CONNECT + 'hello')) {
      socket.write(Buffer.from([byte]))
      await new Promise(setImmediate)
    }
    let answer = ''
    socket.on('data', (chunk) => (answer += chunk.toString()))
    while (!answer.endsWith('hello')) await once(socket, 'data')
    socket.destroy()
    expect(answer).toBe(`${OPENED}hello`)
    expect(asked.at(-1)).toBe(5)
  })

  it('ends when what is said first does not come, or does not end', async () => {
    const { origin, proxy } = await between(echo, {
      firstBytes: () => ({ result: 'more' }),
      limits: { headMs: 50, firstBytesMax: 8192 },
    })
    expect(await say(proxy.port, CONNECT, false)).toContain(OPENED)
    await say(proxy.port, CONNECT + 'x'.repeat(9000), false)
    await say(proxy.port, 'CONNECT ', false)
    expect(proxy.records.map(({ reason }) => reason)).toEqual(['WEB-FIRST-NONE', 'WEB-FIRST-LONG'])
    expect(origin.seen.connections).toBe(0)
  })

  it('lets nothing out when it cannot be put on record', async () => {
    const { origin, proxy } = await between(echo, {
      record: () => Promise.reject(new Error('the disk is full')),
    })
    expect(await say(proxy.port, `${CONNECT}hello`)).toContain(OPENED)
    expect(await say(proxy.port, 'CONNECT evil.example:443 HTTP/1.1\r\n\r\n')).toContain('503')
    expect(origin.seen).toEqual({ connections: 0, bytes: 0 })
  })

  it('ends one connection, not the gate, when the judge throws over what was sent first', async () => {
    const { origin, proxy } = await between(echo, {
      firstBytes: (bytes) => {
        if (bytes.includes('throw')) throw new Error('the judge is down')
        return { result: 'pass' }
      },
    })
    const socket = connect(proxy.port, '127.0.0.1')
    socket.on('error', () => undefined).write(CONNECT)
    await once(socket, 'data')
    socket.write('throw')
    await once(socket.resume(), 'close')
    expect(origin.seen.connections).toBe(0)
    expect(await say(proxy.port, `${CONNECT}hello`)).toBe(`${OPENED}hello`)
  })

  it('lets nothing out when nobody can say who it is', async () => {
    const { origin, proxy } = await between(echo, {
      identify: () => Promise.resolve({ result: 'refuse', reason: 'WEB-WHO', service: '' }),
    })
    const answer = await say(proxy.port, `${CONNECT}hello`)
    expect(answer).toMatch(/^HTTP\/1\.1 407 /)
    expect(origin.seen.connections).toBe(0)
  })

  it('sends no byte beyond what the town allows a day', async () => {
    const { origin, proxy } = await between(echo, { budget: 100 })
    await say(proxy.port, CONNECT + 'x'.repeat(60) + 'y'.repeat(60))
    expect(origin.seen.bytes).toBe(0)
    expect(proxy.records.at(-1)).toMatchObject({ kind: 'ended', reason: 'WEB-BUDGET', up: 0 })
  })

  it('ends at once when the town cuts the service', async () => {
    const { origin, proxy } = await between(echo)
    const socket = connect(proxy.port, '127.0.0.1')
    socket.on('error', () => undefined).resume()
    socket.write(`${CONNECT}hello`)
    while (origin.seen.bytes < 5) await new Promise(setImmediate)
    proxy.cut.abort()
    await once(socket, 'close')
    expect(proxy.records.at(-1)).toMatchObject({ kind: 'ended', reason: 'WEB-CUT' })
    expect(await say(proxy.port, `${CONNECT}hello`)).toBe(OPENED)
    expect(origin.seen.bytes).toBe(5)
  })

  it('goes on to the next address, and tells apart that none answers', async () => {
    const { proxy } = await between(echo, { addresses: ['127.0.0.2', '127.0.0.1'] })
    expect(await say(proxy.port, `${CONNECT}hello`)).toBe(`${OPENED}hello`)
    const nowhere = await between(echo, { addresses: ['127.0.0.2'] })
    await say(nowhere.proxy.port, `${CONNECT}hello`)
    expect(nowhere.proxy.records.at(-1)).toMatchObject({ reason: 'WEB-UNREACHABLE' })
  })

  it('never dials a name', async () => {
    const { origin, proxy } = await between(echo, { addresses: ['localhost'] })
    await say(proxy.port, `${CONNECT}hello`)
    expect(origin.seen.connections).toBe(0)
  })

  it('loses nothing that the server says before it is asked', async () => {
    const { proxy } = await between((socket) => socket.end('220 welcome'))
    expect(await say(proxy.port, `${CONNECT}x`)).toBe(`${OPENED}220 welcome`)
  })

  it('keeps a half that is still open when the other has ended', async () => {
    const { proxy } = await between((socket) => {
      socket.on('end', () => socket.end('after your end'))
    })
    expect(await say(proxy.port, `${CONNECT}x`)).toBe(`${OPENED}after your end`)
  })

  it('carries what the terminal still sends when the server has said its last', async () => {
    const { origin, proxy } = await between((socket) => void socket.end('bye'))
    const socket = connect({ host: '127.0.0.1', port: proxy.port, allowHalfOpen: true })
    socket.write(`${CONNECT}x`)
    await once(socket.resume(), 'end')
    socket.end('more')
    while (proxy.records.length < 2) await new Promise(setImmediate)
    expect(origin.seen.bytes).toBe(5)
  })

  it('ends when the terminal is gone before it has asked', async () => {
    const { proxy } = await between(echo)
    expect(await say(proxy.port, 'CONNECT www')).toBe('')
  })

  it('carries many megabytes unchanged, to slow and to quick readers at once', async () => {
    const bodies = Array.from({ length: 4 }, () => randomBytes(6_000_000))
    let next = 0
    const { proxy } = await between(
      (socket) => void socket.end(bodies[next++ % bodies.length] ?? ''),
    )
    const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
    const fetch = async (slow: boolean): Promise<string> => {
      const socket = connect(proxy.port, '127.0.0.1')
      socket.write(`${CONNECT}x`)
      const chunks: Buffer[] = []
      for await (const chunk of socket) {
        chunks.push(chunk as Buffer)
        if (slow && chunks.length % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 1))
      }
      return digest(Buffer.concat(chunks).subarray(OPENED.length))
    }
    const got = await Promise.all([false, true, false, true, false, true, true, false].map(fetch))
    expect(got.toSorted()).toEqual([...bodies, ...bodies].map(digest).toSorted())
  })

  it('stops reading from a server whose reader does not read', async () => {
    let sent = 0
    const { proxy } = await between((socket) => {
      const piece = Buffer.alloc(1_000_000)
      const more = (): void => {
        while (sent < 200_000_000 && socket.write(piece)) sent += piece.length
      }
      socket.on('drain', more)
      more()
    })
    const socket = connect(proxy.port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.write(`${CONNECT}x`)
    await once(socket, 'readable')
    await new Promise((resolve) => setTimeout(resolve, 300))
    socket.destroy()
    expect(sent).toBeLessThan(30_000_000)
  })

  it('stops reading from a terminal whose server does not read', async () => {
    const { proxy } = await between((socket) => void socket.pause())
    const socket = connect(proxy.port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.write(`${CONNECT}x`)
    const piece = Buffer.alloc(1_000_000)
    let sent = 0
    const more = (): void => {
      while (sent < 200_000_000 && socket.write(piece)) sent += piece.length
    }
    socket.on('drain', more)
    more()
    await new Promise((resolve) => setTimeout(resolve, 300))
    proxy.cut.abort()
    await new Promise((resolve) => socket.once('close', resolve))
    expect(sent).toBeLessThan(30_000_000)
  })

  it('ends when nothing was said for too long', async () => {
    const { proxy } = await between((socket) => void socket.on('end', () => socket.end()), {
      limits: { idleMs: 60 },
    })
    await say(proxy.port, `${CONNECT}x`, false)
    expect(proxy.records.at(-1)).toMatchObject({ reason: 'WEB-IDLE' })
  })

  it('turns away what is no CONNECT where nothing else is served', async () => {
    const { proxy } = await between(echo)
    expect(await say(proxy.port, 'GET http://a.example/ HTTP/1.1\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 405 /,
    )
  })

  it('hands on another request whole', async () => {
    const { proxy } = await between(echo, {
      plain: (socket, bytes) => void socket.end(`taken: ${bytes.toString()}`),
    })
    const request = 'POST http://a.example/ HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc'
    expect(await say(proxy.port, request)).toBe(`taken: ${request}`)
  })
})
