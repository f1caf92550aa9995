import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createHash, randomBytes, randomInt } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { OPENING, TO_CLERK, Talk } from './receiving.test-support.ts'
import { openSpool } from './spool.ts'
import type { Spool } from './spool.ts'

const HOST = join(import.meta.dirname, 'host.test-support.ts')
const ROUNDS = 3
const SESSIONS = 6

let folder: string
let host: ChildProcess | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mail-kill-'))
})
afterEach(() => {
  host?.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

async function start(): Promise<{ port: number; killed: Promise<unknown> }> {
  const child = spawn(process.execPath, [HOST, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  host = child
  const killed = new Promise((resolve) => child.once('exit', resolve))
  const lines = createInterface({ input: child.stdout })
  const port = await new Promise<number>((resolve) =>
    lines.once('line', (line) => resolve(Number(line))),
  )
  return { port, killed }
}

/** Sends until the other side is gone; remembers what was acknowledged, and its digest. */
async function sendUntilGone(port: number, acknowledged: Map<string, string>): Promise<void> {
  const talk = await Talk.to(port)
  talk.send(OPENING)
  await talk.hear()
  for (;;) {
    const text = `Subject: ${randomBytes(8).toString('hex')}\r\n\r\n${'x'.repeat(randomInt(70))}\r\n`
    talk.send(TO_CLERK)
    for (let n = 0; n < 3; n += 1) if ((await talk.hear()) === '') return
    talk.send(`${text}.\r\n`)
    const id = /^250 2\.0\.0 kept as (\S+)$/u.exec(await talk.hear())?.[1]
    if (id === undefined) return
    acknowledged.set(id, createHash('sha256').update(text, 'latin1').digest('hex'))
  }
}

async function digestIn(spool: Spool, id: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of spool.message(id)) hash.update(chunk)
  return hash.digest('hex')
}

it('a gate killed at any instant has everything it acknowledged, and no half message', async () => {
  const acknowledged = new Map<string, string>()
  for (let round = 0; round < ROUNDS; round += 1) {
    const { port, killed } = await start()
    const sending = Array.from({ length: SESSIONS }, () => sendUntilGone(port, acknowledged))
    await wait(150 + randomInt(250))
    host?.kill('SIGKILL')
    await Promise.all([killed, ...sending])
  }
  const spool = await openSpool({ folder, maxBytes: 1e9, now: () => new Date() })
  expect(acknowledged.size).toBeGreaterThan(ROUNDS)
  const kept = new Set(spool.ids())
  expect([...acknowledged.keys()].filter((id) => !kept.has(id))).toEqual([])
  for (const [id, digest] of acknowledged) expect(await digestIn(spool, id)).toBe(digest)
  // Kept and not acknowledged: one at most per session and kill, whose answer did not get through.
  expect(kept.size - acknowledged.size).toBeLessThanOrEqual(ROUNDS * SESSIONS)
  expect(spool.damaged).toEqual([])
  expect(readdirSync(join(folder, 'incoming'))).toEqual([])
})
