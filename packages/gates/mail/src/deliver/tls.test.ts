/** STARTTLS with a server library of others as the next hop. */
import { SMTPServer } from 'smtp-server'
import type { SMTPServerOptions } from 'smtp-server'
import { afterEach, expect, test } from 'vitest'
import { identity } from './identity.test-support.ts'
import type { NextHop } from './next-hop.ts'
import { startPeer } from './peer.test-support.ts'
import { dialTcp, hopAt, letter, messageBytes, openBench } from './queue.test-support.ts'
import type { Bench } from './queue.test-support.ts'

const HOST = 'mail.town.kasumi.lg.jp'

interface Arrived {
  readonly secure: boolean
  readonly message: string
}

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function serve(options: SMTPServerOptions): Promise<{ port: number; arrived: Arrived[] }> {
  const arrived: Arrived[] = []
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    ...options,
    onData: (stream, session, done) => {
      const pieces: Buffer[] = []
      stream.on('data', (piece: Buffer) => pieces.push(piece))
      stream.on('end', () => {
        arrived.push({ secure: session.secure, message: Buffer.concat(pieces).toString('latin1') })
        done()
      })
    },
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  closers.push(() => new Promise((resolve) => server.close(() => resolve())))
  const address = server.server.address()
  return { port: typeof address === 'object' && address ? address.port : 0, arrived }
}

async function sendTo(port: number, change: Partial<NextHop>): Promise<Bench> {
  const hop = hopAt(port, { host: HOST, ...change })
  const bench = await openBench([hop], { dial: () => dialTcp('127.0.0.1', port) })
  closers.push(() => bench.close())
  await bench.queue.submit(letter('m-1'))
  await bench.after(0)
  return bench
}

const WHOLE = Buffer.from(messageBytes('m-1')).toString()

test('required, with a certificate for the name: encrypted and whole', async () => {
  const own = await identity(HOST)
  const { port, arrived } = await serve(own)
  await sendTo(port, { tls: 'required', ca: own.cert })
  expect(arrived).toEqual([{ secure: true, message: WHOLE }])
})

test('required, with a certificate for another name: nothing leaves', async () => {
  const other = await identity('mail.attacker.example')
  const { port, arrived } = await serve(other)
  const bench = await sendTo(port, { tls: 'required', ca: other.cert })
  expect(arrived).toEqual([])
  expect((await bench.queue.status()).hops).toMatchObject([{ waiting: 1, reason: 'MAIL-OUT-TLS' }])
})

test('required, with a certificate nobody vouches for: nothing leaves', async () => {
  const { port, arrived } = await serve(await identity(HOST))
  const bench = await sendTo(port, { tls: 'required', ca: (await identity(HOST)).cert })
  expect(arrived).toEqual([])
  expect((await bench.queue.status()).hops).toMatchObject([{ waiting: 1, reason: 'MAIL-OUT-TLS' }])
})

test('opportunistic: encrypted where it is offered, in the clear where it is not', async () => {
  const offers = await serve(await identity('anything.example'))
  await sendTo(offers.port, { tls: 'opportunistic' })
  expect(offers.arrived).toEqual([{ secure: true, message: WHOLE }])
  const plain = await serve({ disabledCommands: ['STARTTLS'] })
  await sendTo(plain.port, { tls: 'opportunistic' })
  expect(plain.arrived).toEqual([{ secure: false, message: WHOLE }])
})

test.each(['required', 'opportunistic'] as const)(
  'TLS that is dropped in its handshake never goes on in the clear (%s)',
  async (tls) => {
    const peer = await startPeer((step) => {
      if (step === 'EHLO') return '250-peer.example\r\n250 STARTTLS'
      return step === 'STARTTLS' ? '220 go on' : undefined
    })
    closers.push(() => peer.close())
    const bench = await sendTo(peer.port, { tls })
    expect(peer.lines.some((line) => line.startsWith('MAIL'))).toBe(false)
    expect((await bench.queue.status()).hops).toMatchObject([
      { waiting: 1, reason: 'MAIL-OUT-TLS' },
    ])
  },
)
