import { Readable } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import { setImmediate as later } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { uncoded } from './uncoded.ts'

const packed = gzipSync('data: 1\n\n')

it('an answer that breaks off before anybody reads it does not end the gate', async () => {
  const broken: unknown[] = []
  const told = (error: unknown): void => void broken.push(error)
  process.on('uncaughtException', told)
  const answer = new Readable({ read: () => undefined })
  const plain = uncoded(answer, ['gzip'])!
  // The rules refused it, and the connection is let go.
  answer.destroy(new Error('reset'))
  for (let turn = 0; turn < 5; turn += 1) await later()
  process.off('uncaughtException', told)
  expect(broken).toEqual([])
  await expect(buffer(plain)).rejects.toThrow('reset')
})

it('damaged bytes end with an error for whoever reads them', async () => {
  const damaged = Buffer.concat([packed.subarray(0, 12), Buffer.alloc(8)])
  await expect(buffer(uncoded(Readable.from([damaged]), ['gzip'])!)).rejects.toThrow(
    /invalid|incorrect|unexpected/u,
  )
  expect(await text(uncoded(Readable.from([packed]), ['gzip'])!)).toBe('data: 1\n\n')
})
