/** Looking at a next hop before the first mail, with a server library of others. */
import { SMTPServer } from 'smtp-server'
import type { SMTPServerOptions } from 'smtp-server'
import { afterEach, describe, expect, it } from 'vitest'
import { lookAtHop } from './hop-look.ts'
import { identity } from './identity.test-support.ts'
import { startPeer } from './peer.test-support.ts'
import { dialTcp, hopAt } from './queue.test-support.ts'

const HOST = 'mail.lgwan.kasumi.example.jp'
const DAY = 24 * 60

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** A server of others, and the commands it got. */
async function serve(options: SMTPServerOptions): Promise<{ port: number; began: string[] }> {
  const began: string[] = []
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    ...options,
    onMailFrom: (address, _, done) => {
      began.push(address.address)
      done()
    },
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  closers.push(() => new Promise((resolve) => server.close(() => resolve())))
  return { port: (server.server.address() as { port: number }).port, began }
}

const look = (port: number, ca?: string) =>
  lookAtHop(hopAt(port, { host: HOST, ...(ca === undefined ? {} : { ca }) }), (_, to) =>
    dialTcp('127.0.0.1', to),
  )

describe('a look at a next hop', () => {
  it('tells that its certificate is believed, and until when', async () => {
    const own = await identity(HOST, 40 * DAY)
    const { port, began } = await serve(own)
    const seen = await look(port, own.cert)
    expect(seen).toMatchObject({ reached: true, tls: { believed: 'yes' } })
    const { until } = (seen as { tls: { until: number } }).tls
    expect(Math.round((until - Date.now()) / 86_400_000)).toBe(40)
    expect(began).toEqual([])
  })

  it.each([
    ['other-name', 'mail.attacker.example', 60],
    ['expired', HOST, -60],
  ] as const)('tells a certificate that is %s', async (believed, name, minutes) => {
    const own = await identity(name, minutes)
    const { port } = await serve(own)
    expect(await look(port, own.cert)).toMatchObject({ reached: true, tls: { believed } })
  })

  it('tells a certificate that nobody vouches for', async () => {
    const { port } = await serve(await identity(HOST))
    const seen = await look(port, (await identity(HOST)).cert)
    expect(seen).toMatchObject({ reached: true, tls: { believed: 'unknown-authority' } })
  })

  it('tells a server that offers no TLS from one that does not answer', async () => {
    const plain = await serve({ disabledCommands: ['STARTTLS'] })
    expect(await look(plain.port)).toEqual({ reached: true, tls: 'none' })
    const peer = await startPeer()
    await peer.close()
    expect(await look(peer.port)).toMatchObject({
      reached: false,
      fault: { reason: 'MAIL-OUT-HOP-DOWN' },
    })
  })

  it('tells a server that turns us away, with its words', async () => {
    const peer = await startPeer((step) => (step === 'greeting' ? '554 5.7.1 not you' : undefined))
    closers.push(() => peer.close())
    const seen = await look(peer.port)
    expect(seen).toMatchObject({ reached: false, fault: { reason: 'MAIL-OUT-HOP-BUSY' } })
    expect((seen as { fault: { reply: string } }).fault.reply).toContain('not you')
  })

  it('greets and goes: no message is begun', async () => {
    const peer = await startPeer()
    closers.push(() => peer.close())
    await look(peer.port)
    expect(peer.lines.map((line) => line.slice(0, 4))).not.toContain('MAIL')
    expect(peer.taken).toEqual([])
  })
})
