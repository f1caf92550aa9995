/** The cloud gate on a disk that is really full: nothing goes out that could not be written down, and it goes on when there is room. */
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeCloudTown } from '../apps/server/src/cloud/cloud-town.test-support.ts'
import { say } from '../apps/server/src/cloud/proxy.test-support.ts'
import { readRequests } from '../apps/server/src/cloud/read-requests.ts'
import { REQUESTS, serveCloud } from '../apps/server/src/cloud/serve-cloud.ts'
import type { RunningCloudGate } from '../apps/server/src/cloud/serve-cloud.ts'
import { disksImpossible, makeDisk } from '../scripts/power-cut/disk.ts'
import type { Disk } from '../scripts/power-cut/disk.ts'

const impossible = disksImpossible()
const why = impossible === undefined ? '' : ` (skipped: ${impossible})`

/** Writes until not one byte more goes in. */
function fill(path: string): void {
  const file = openSync(path, 'w')
  for (const size of [65_536, 512, 1])
    try {
      for (;;) writeSync(file, Buffer.alloc(size))
    } catch {
      // Full for pieces of this size.
    }
  closeSync(file)
}

describe.skipIf(impossible !== undefined)(`a cloud gate on a full disk${why}`, () => {
  let disk: Disk
  let gate: RunningCloudGate | undefined
  beforeEach(() => {
    disk = makeDisk(8)
  })
  afterEach(async () => {
    await gate?.stop().catch(() => undefined)
    disk.remove()
  })

  it('lets nothing out, tells no false reason, and has a whole record when there is room again', async () => {
    const { town, lists, addresses } = await writeCloudTown(join(disk.path, 'town'))
    const dataDir = join(disk.path, 'data')
    gate = await serveCloud({
      town,
      lists,
      dataDir,
      clients: { addresses },
      listen: { host: '127.0.0.1', port: 0 },
      resolvers: ['127.0.0.1:9'],
      domains: [],
      activate: false,
      say: () => undefined,
    })
    const { port } = gate
    const ask = async (): Promise<string> => {
      const target = 'evil.example:443'
      const said = await say(port, `CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`, false)
      return /details="([^"]+)"/u.exec(said)?.[1] ?? said
    }
    expect(await ask()).toBe('X11-LISTED')
    fill(join(disk.path, 'ballast'))
    // What was left of the last block of the record takes a few lines more.
    let reason = await ask()
    for (let tries = 0; reason === 'X11-LISTED' && tries < 100; tries += 1) reason = await ask()
    expect(reason).toBe('WEB-CLOSED')
    rmSync(join(disk.path, 'ballast'))
    expect(await ask()).toBe('X11-LISTED')
    expect((await readRequests(join(dataDir, REQUESTS))).broken).toBeUndefined()
  })
})
