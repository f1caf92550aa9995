import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createPool } from '@sekisho/disarm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clamdScan } from './antivirus.ts'

const MARKER = 'SEKISHO-TEST-MARKER-OF-A-VIRUS'
const text = (content: string) => new TextEncoder().encode(content)
const NOW = () => new Date('2026-11-25T00:00:00Z')
const FRESH = 'ClamAV 1.4.3/27466/Tue Nov 24 09:02:11 2026\0'
const OLD = 'ClamAV 1.4.3/27466/Tue Nov 10 09:02:11 2026\0'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sekisho-clamd-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Answering = (question: string, socket: Socket, chunk: Buffer) => void

/** A listener that speaks when a question begins. */
async function listen(name: string, answer: Answering): Promise<{ place: string; server: Server }> {
  const place = join(folder, name)
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', (chunk) => answer(chunk.toString('latin1'), socket, chunk))
  })
  await new Promise<void>((resolve) => server.listen(place, resolve))
  return { place, server }
}

const scanAt = (place: string, whenDown: 'refuse' | 'continue' = 'refuse') =>
  clamdScan({ clamd: place, maxSignatureDays: 3, whenDown, milliseconds: 500, clock: NOW })

describe('a virus scanner is believed only as far as it goes', () => {
  const answers: readonly (readonly [string, string, string, string])[] = [
    ['says that it is clean, with fresh signatures', FRESH, 'stream: OK\0', 'clean'],
    ['finds something', FRESH, 'stream: Win.Test.EICAR FOUND\0', 'found'],
    ['has signatures that are two weeks old', OLD, 'stream: OK\0', 'unavailable'],
    ['does not say how old its signatures are', 'ClamAV 1.4.3\0', 'stream: OK\0', 'unavailable'],
    ['answers with an error', FRESH, 'INSTREAM size limit exceeded. ERROR\0', 'unavailable'],
    ['hangs up without an answer', FRESH, '', 'unavailable'],
    ['talks without end', FRESH, 'x'.repeat(10_000), 'unavailable'],
  ]
  it.each(answers)('one that %s', async (_title, version, answer, expected) => {
    const { place, server } = await listen(
      `fake-${expected}-${answer.length}-${version.length}`,
      (question, socket) => socket.end(question.startsWith('zVERSION') ? version : answer),
    )
    expect(await scanAt(place)(text('a'))).toBe(expected)
    server.close()
  })

  it('one that never answers is unavailable, and so is one that is not there', async () => {
    const { place, server } = await listen('mute', () => undefined)
    expect(await scanAt(place)(text('a'))).toBe('unavailable')
    server.close()
    expect(await scanAt(join(folder, 'nobody'))(text('a'))).toBe('unavailable')
  })

  it('only the operator may decide to go on without it', async () => {
    expect(await scanAt(join(folder, 'nobody'), 'continue')(text('a'))).toBe('clean')
  })

  it('a file is refused before disarming when the scanner knows it, and when it is down', async () => {
    for (const [verdict, reason] of [
      ['found', 'AV-HIT'],
      ['unavailable', 'AV-DOWN'],
    ] as const) {
      const pool = createPool({ size: 1, scan: async () => verdict })
      const { report, output } = await pool.disarm(text('a'), { name: 'a.txt' })
      expect([report.reason, output]).toEqual([reason, undefined])
      await pool.close()
    }
  })

  it('a file is refused after disarming when only its new form is known', async () => {
    const seen: string[] = []
    const pool = createPool({
      size: 1,
      scan: async (bytes) => {
        seen.push(new TextDecoder().decode(bytes))
        return seen.length === 1 ? 'clean' : 'found'
      },
    })
    const { report } = await pool.disarm(text('a\u0007b'.repeat(9) + 'text'.repeat(40)), {
      name: 'a.txt',
    })
    expect(report.reason).toBe('AV-HIT')
    expect(seen[0]).not.toBe(seen[1])
    await pool.close()
  })
})

const CLAMD = ['/usr/sbin/clamd', '/usr/bin/clamd'].find((path) => existsSync(path))

describe.skipIf(CLAMD === undefined)('the real clamd', () => {
  let clamd: ReturnType<typeof spawn> | undefined
  let dated: { place: string; server: Server } | undefined
  const socket = () => join(folder, 'clamd.sock')

  beforeAll(async () => {
    writeFileSync(
      join(folder, 'own.ndb'),
      `Sekisho.Marker:0:*:${Buffer.from(MARKER).toString('hex')}\n`,
    )
    const root = process.getuid?.() === 0 ? 'User root\n' : ''
    writeFileSync(
      join(folder, 'clamd.conf'),
      `DatabaseDirectory ${folder}\nLocalSocket ${socket()}\nForeground yes\n${root}`,
    )
    clamd = spawn(CLAMD ?? '', ['-c', join(folder, 'clamd.conf')], { stdio: 'ignore' })
    for (let waited = 0; !existsSync(socket()) && waited < 300; waited++) await sleep(100)
    // Signatures of our own have no date, so one sentence is said for it; all else is its own.
    dated = await listen('dated', (question, from, chunk) => {
      if (question.startsWith('zVERSION')) return void from.end(FRESH)
      const to = connect(socket())
      to.write(chunk)
      from.pipe(to).pipe(from)
    })
  }, 60_000)
  afterAll(() => {
    clamd?.kill('SIGKILL')
    dated?.server.close()
  })

  it('finds the marker anywhere in a stream, and nothing in a clean one', async () => {
    const scan = clamdScan({ clamd: dated?.place ?? '', maxSignatureDays: 3, clock: NOW })
    expect(await scan(text('葛城'))).toBe('clean')
    expect(await scan(text(`${'x'.repeat(700_000)}${MARKER}${'y'.repeat(10)}`))).toBe('found')
  })

  it('is not relied on while its signatures have no date', async () => {
    expect(await clamdScan({ clamd: socket(), maxSignatureDays: 3, clock: NOW })(text('a'))).toBe(
      'unavailable',
    )
  })
})
