import { createSocket } from 'node:dgram'
import type { Socket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Server } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { echKeysOf } from './ech-keys.ts'

const open: (Socket | Server)[] = []
afterEach(() => {
  for (const one of open.splice(0)) one.close()
})

type Says = (query: Buffer, asked: number) => Buffer | readonly Buffer[]

/** A name server on the loopback, for datagrams, and for TCP when told. */
async function nameServer(says: Says, stream?: Says) {
  const seen = { datagrams: 0, streams: 0 }
  // TCP first: of its ports a free one is given, and hardly anybody has that number for datagrams.
  const server = createServer((inside) => {
    inside.on('error', () => undefined)
    inside.on('data', (bytes) => {
      if (!stream) return void inside.destroy()
      const said = [stream(bytes.subarray(2), (seen.streams += 1))].flat()[0]!
      const head = Buffer.alloc(2)
      head.writeUInt16BE(said.length, 0)
      // In two pieces, as a network may bring them.
      inside.write(Buffer.concat([head, said.subarray(0, 5)]))
      inside.end(said.subarray(5))
    })
  })
  open.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const socket = createSocket('udp4')
  open.push(socket)
  socket.on('message', (query, from) => {
    const answers = says(query, (seen.datagrams += 1))
    for (const one of [answers].flat()) socket.send(one, from.port, from.address)
  })
  socket.bind(port, '127.0.0.1')
  await once(socket, 'listening')
  return { at: `127.0.0.1:${port}`, seen }
}

function answer(query: Buffer, flags: number, data: readonly Buffer[] = []): Buffer {
  const head = Buffer.from(query.subarray(0, 12))
  head.writeUInt16BE(flags, 2)
  head.writeUInt16BE(data.length, 6)
  head.writeUInt16BE(0, 10)
  const records = data.map((one) =>
    Buffer.concat([Buffer.from([0xc0, 12, 0, 65, 0, 1, 0, 0, 0, 60, 0, one.length]), one]),
  )
  return Buffer.concat([head, query.subarray(12, query.length - 11), ...records])
}
const OK = 0x81_80
const KEYS = Buffer.from([0, 1, 0, 0, 5, 0, 1, 9])
const ALIAS = Buffer.from('\0\0\u0001b\u0007example\0', 'latin1')

describe('whether a name publishes ECH keys', () => {
  it('is what its HTTPS record says, asked once for many connections', async () => {
    const server = await nameServer((query) => answer(query, OK, [KEYS]))
    const keys = echKeysOf([server.at])
    expect(await Promise.all([keys('a.example'), keys('a.example')])).toEqual([
      'offered',
      'offered',
    ])
    expect(await keys('a.example')).toBe('offered')
    expect(server.seen.datagrams).toBe(1)
    const none = await nameServer((query) => answer(query, OK))
    expect(await echKeysOf([none.at])('a.example')).toBe('none')
  })

  it('is asked again when the answer is old', async () => {
    let now = 0
    const server = await nameServer((query, asked) => answer(query, OK, asked === 1 ? [] : [KEYS]))
    const keys = echKeysOf([server.at], () => now)
    expect(await keys('a.example')).toBe('none')
    now += 3_600_000
    expect(await keys('a.example')).toBe('offered')
  })

  it('is looked for where an alias leads, and not for ever', async () => {
    const server = await nameServer((query) =>
      answer(query, OK, [query.toString('latin1').includes('\u0001b') ? KEYS : ALIAS]),
    )
    expect(await echKeysOf([server.at])('a.example')).toBe('offered')
    const round = await nameServer((query) => answer(query, OK, [ALIAS]))
    expect(await echKeysOf([round.at])('a.example')).toBe('unknown')
  })

  it('is asked over TCP when a datagram was too small', async () => {
    const server = await nameServer(
      (query) => answer(query, 0x83_80),
      (query) => answer(query, OK, [KEYS]),
    )
    expect(await echKeysOf([server.at])('a.example')).toBe('offered')
    expect(server.seen).toEqual({ datagrams: 1, streams: 1 })
  })

  it('is not told by a datagram with another number, which a forger would send first', async () => {
    const server = await nameServer((query) => {
      const forged = answer(query, OK)
      forged.writeUInt16BE(query.readUInt16BE(0) ^ 1, 0)
      return [forged, answer(query, OK, [KEYS])]
    })
    expect(await echKeysOf([server.at])('a.example')).toBe('offered')
  })

  it('is unknown when a server cannot say, and the next is asked', async () => {
    const cannot = await nameServer((query) => answer(query, 0x81_82))
    expect(await echKeysOf([cannot.at])('a.example')).toBe('unknown')
    const can = await nameServer((query) => answer(query, OK))
    expect(await echKeysOf([cannot.at, can.at])('a.example')).toBe('none')
  })

  it('is unknown, and the gate goes on, when there is no way to a server', async () => {
    // Nobody may send there; it is known as soon as the socket is to be connected, as when the network is away.
    const away = '255.255.255.255'
    expect(await echKeysOf([away])('a.example')).toBe('unknown')
    const can = await nameServer((query) => answer(query, OK))
    expect(await echKeysOf([away, can.at])('a.example')).toBe('none')
  })
})
