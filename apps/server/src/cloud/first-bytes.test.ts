import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { Socket } from 'node:net'
import { expect, it } from 'vitest'
import { FirstBytes } from './first-bytes.ts'
import { closed, listen } from './proxy.test-support.ts'

it('holds little of what comes while nobody asks, and goes on when somebody does', async () => {
  const server = createServer()
  const port = await listen(server)
  const terminal = connect(port, '127.0.0.1').on('error', () => undefined)
  const [inside] = (await once(server, 'connection')) as [Socket]
  const first = new FirstBytes(inside, 8_192)
  terminal.write(Buffer.alloc(2_000_000))
  await once(inside, 'pause')
  expect(first.held.length).toBeLessThan(200_000)
  first.take(first.held.length)
  const more = await first.until((bytes) => (bytes.length > 0 ? 'more' : undefined), 5_000)
  expect(more).toBe('more')
  inside.destroy()
  terminal.destroy()
  await closed(server)
})
