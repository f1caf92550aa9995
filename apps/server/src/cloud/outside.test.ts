import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { dial } from './outside.ts'
import { closed, listen } from './proxy.test-support.ts'
import { ReadBuffers } from './read-buffers.ts'
import { relay } from './relay.ts'

async function dialled(say: string) {
  const server = createServer((socket) => void socket.end(say).on('error', () => undefined))
  const port = await listen(server)
  const cut = new AbortController()
  const outside = await dial(['127.0.0.1'], port, 1000, new ReadBuffers(), cut.signal)
  if (typeof outside === 'string') throw new Error(outside)
  return { server, outside, cut }
}

it('keeps what the server says until somebody takes it', async () => {
  const { server, outside } = await dialled('220 welcome')
  await new Promise((resolve) => setTimeout(resolve, 50))
  const said: string[] = []
  outside.take = (length) => {
    said.push(outside.place.took(length).toString())
    setImmediate(() => outside.socket.resume())
    return false
  }
  outside.socket.resume()
  await once(outside.socket, 'end')
  outside.socket.destroy()
  await closed(server)
  expect(said.join('')).toBe('220 welcome')
})

it('carries nothing when the service was cut while it was dialled', async () => {
  const { server, outside, cut } = await dialled('220 welcome')
  const inside = await dialled('')
  cut.abort()
  const relayed = await relay({
    inside: inside.outside.socket,
    outside,
    first: Buffer.from('hello'),
    idleMs: 1000,
    maySend: () => true,
    cut: cut.signal,
  })
  await Promise.all([closed(server), closed(inside.server)])
  expect(relayed).toEqual({ end: 'cut', up: 0, down: 0 })
})

it('does not stand open for a terminal that went while it was dialled', async () => {
  const { server, outside, cut } = await dialled('220 welcome')
  const inside = await dialled('')
  inside.outside.socket.destroy()
  await once(inside.outside.socket, 'close')
  const relayed = await relay({
    inside: inside.outside.socket,
    outside,
    first: Buffer.from('hello'),
    idleMs: 60_000,
    maySend: () => true,
    cut: cut.signal,
  })
  await Promise.all([closed(server), closed(inside.server)])
  expect(relayed).toEqual({ end: 'broken', up: 0, down: 0 })
})

it('says when it takes too long, and when it is no longer wanted', async () => {
  const cut = new AbortController()
  // TEST-NET-1 (RFC 5737): nobody answers, or the network says so at once.
  const late = await dial(['192.0.2.1'], 443, 50, new ReadBuffers(), cut.signal)
  expect(['late', 'unreachable']).toContain(late)
  cut.abort()
  expect(await dial(['127.0.0.1'], 9, 50, new ReadBuffers(), cut.signal)).toBe('cut')
})
