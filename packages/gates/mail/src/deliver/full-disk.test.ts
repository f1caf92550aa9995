import { execFileSync } from 'node:child_process'
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { disksImpossible, makeDisk } from '../../../../../scripts/power-cut/disk.ts'
import { startPeer } from './peer.test-support.ts'
import { hopAt, letter, messageBytes, openBench } from './queue.test-support.ts'

const impossible = disksImpossible()
// Where disks can be made, CI must make them: a skipped test there is a lost one.
if (impossible !== undefined && process.env['CI'] !== undefined) throw new Error(impossible)
const why = impossible === undefined ? '' : ` (skipped: ${impossible})`

const filler = (): string =>
  Array.from({ length: 2_000 }, () => randomBytes(45).toString('base64')).join('\r\n')

test.skipIf(impossible !== undefined)(
  `a full disk: nothing acknowledged is lost, nothing is sent that cannot be written down${why}`,
  async () => {
    const disk = makeDisk(16)
    const peer = await startPeer()
    try {
      const bench = await openBench([hopAt(peer.port)], {}, join(disk.path, 'mail'))
      writeFileSync(join(disk.path, 'ballast'), Buffer.alloc(4 << 20))
      const acknowledged: string[] = []
      let refusal: unknown
      while (refusal === undefined) {
        const id = `f-${acknowledged.length}`
        try {
          await bench.queue.submit(letter(id, { bytes: messageBytes(id, filler()) }))
          acknowledged.push(id)
        } catch (error) {
          refusal = error
        }
      }
      expect(refusal).toMatchObject({ code: 'STORE_FULL' })
      // To the last block, so that not even the note that a message leaves can be written.
      for (let n = 0, size = 1 << 20; size >= 512; n += 1)
        try {
          writeFileSync(join(disk.path, `ballast-${n}`), Buffer.alloc(size))
        } catch {
          size = Math.floor(size / 2)
        }
      await bench.after(0)
      const before = peer.taken.length
      for (const name of readdirSync(disk.path).filter((one) => one.startsWith('ballast')))
        rmSync(join(disk.path, name))
      // The file system gives freed blocks back with its next commit.
      execFileSync('sync')
      for (let hour = 0; hour < 4; hour += 1) await bench.after(3_600_000)
      const ids = peer.taken.map(({ message }) => /^Message-ID: <(.*)@/mu.exec(message)?.[1] ?? '')
      expect(ids).toHaveLength(acknowledged.length)
      expect(new Set(ids)).toEqual(new Set(acknowledged))
      expect(before).toBeLessThan(acknowledged.length)
      expect(await bench.queue.status()).toMatchObject({ unwritten: 0, hops: [{ waiting: 0 }] })
      await bench.close()
    } finally {
      await peer.close()
      disk.remove()
    }
  },
)
