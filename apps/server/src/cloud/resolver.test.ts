import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { afterEach, expect, it } from 'vitest'
import { townResolver } from './resolver.ts'

const open: { close(): void }[] = []
afterEach(() => {
  for (const one of open.splice(0)) one.close()
})

/** A name server of one name, that answers with another address each time. `silent` for IPv6: it says that it does not know at the moment. */
async function nameServer(ttl: number, six: 'none' | 'silent' = 'none') {
  const socket = createSocket('udp4')
  const asked: number[] = []
  socket.on('message', (query, { address, port }) => {
    const type = query.readUInt16BE(query.length - 4)
    asked.push(type)
    const four = type === 1
    const head = Buffer.from(query.subarray(0, 12))
    head.writeUInt16BE(four || six === 'none' ? 0x81_80 : 0x81_82, 2)
    head.writeUInt16BE(four ? 1 : 0, 6)
    head.writeUInt16BE(0, 10)
    const record = Buffer.alloc(16)
    record.writeUInt16BE(0xc0_0c, 0)
    record.writeUInt32BE(0x00_01_00_01, 2)
    record.writeUInt32BE(ttl, 6)
    record.writeUInt16BE(4, 10)
    record.set([203, 0, 113, asked.filter((one) => one === 1).length], 12)
    const question = query.subarray(12, query.indexOf(0, 12) + 5)
    socket.send(Buffer.concat([head, question, ...(four ? [record] : [])]), port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  open.push(socket)
  let now = 0
  const resolve = townResolver([`127.0.0.1:${socket.address().port}`], () => now)
  const after = (seconds: number): void => void (now += seconds * 1000)
  return { resolve, asked, after }
}

const NAME = 'www.town.example'

it('keeps an answer as long as it says, and asks once for all who come meanwhile', async () => {
  const { resolve, asked, after } = await nameServer(30)
  const all = await Promise.all([resolve(NAME), resolve(NAME)])
  expect(all).toEqual([['203.0.113.1'], ['203.0.113.1']])
  after(29)
  expect(await resolve(NAME)).toEqual(['203.0.113.1'])
  expect(new Set(asked)).toEqual(new Set([1, 28]))
  expect(asked.length).toBe(2)
  after(1)
  expect(await resolve(NAME)).toEqual(['203.0.113.2'])
})

it('does not believe for a day what says so', async () => {
  const { resolve, after } = await nameServer(86_400)
  await resolve(NAME)
  after(300)
  expect(await resolve(NAME)).toEqual(['203.0.113.2'])
})

it('keeps nothing for no time, and no answer of which a half is missing', async () => {
  const none = await nameServer(0)
  await none.resolve(NAME)
  expect(await none.resolve(NAME)).toEqual(['203.0.113.2'])
  const half = await nameServer(30, 'silent')
  expect(await half.resolve(NAME)).toEqual(['203.0.113.1'])
  expect(await half.resolve(NAME)).not.toEqual(['203.0.113.1'])
})
