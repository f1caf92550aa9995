/**
 * Kill -9 at any instant: a process with the queue in it is killed again and again while a next hop takes its mail.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPeer } from './peer.test-support.ts'
import type { Peer } from './peer.test-support.ts'
import { hopAt, openBench } from './queue.test-support.ts'

const ROUNDS = 5
const MESSAGES = 40
const NOTE = /^X-Sekisho-May-Be-Second-Copy: /u

let folder: string
let peer: Peer
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sekisho-mail-kill-'))
  peer = await startPeer()
})
afterAll(async () => {
  await peer.close()
  await rm(folder, { recursive: true, force: true })
})

/** Runs the child until it has acknowledged so many more messages or the peer took so many, then kills it. */
function runAndKill(begin: number, killAfter: number): Promise<{ acknowledged: string[] }> {
  const child = spawn(
    process.execPath,
    [
      join(import.meta.dirname, 'kill.test-support.ts'),
      folder,
      String(peer.port),
      String(begin),
      String(MESSAGES),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  let text = ''
  const goal = peer.taken.length + killAfter
  peer.behaviour = (step) => {
    // At different places of the conversation, by the number of the round.
    if (peer.taken.length >= goal && (killAfter % 3 !== 0 || step === 'end')) child.kill('SIGKILL')
    return undefined
  }
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
    if (killAfter === 0 && text.split('\n').length > 7) child.kill('SIGKILL')
  })
  return new Promise((resolve) => {
    child.on('exit', () => {
      peer.behaviour = () => undefined
      // The last line may be cut off: then nobody was told.
      resolve({ acknowledged: text.split('\n').slice(0, -1) })
    })
  })
}

test('nothing acknowledged is lost, and a second copy always has the same Message-ID and says so', async () => {
  const acknowledged = new Set<string>()
  for (let round = 0; round < ROUNDS; round += 1) {
    const { acknowledged: more } = await runAndKill(round * MESSAGES, round * 7)
    for (const id of more) acknowledged.add(id)
  }
  const bench = await openBench([hopAt(peer.port)], {}, folder, Date.now())
  for (let hour = 0; hour < 3; hour += 1) await bench.after(3_600_000)
  expect((await bench.queue.status()).hops).toMatchObject([{ waiting: 0 }])
  await bench.queue.close()
  const ids = peer.taken.map(({ message }) => /^Message-ID: <(.*)@/mu.exec(message)?.[1] ?? '')
  const missing = [...acknowledged].filter((id) => !ids.includes(id))
  expect(acknowledged.size).toBeGreaterThan(0)
  expect(missing).toEqual([])
  const seen = new Set<string>()
  for (const [index, id] of ids.entries()) {
    if (seen.has(id)) expect(peer.taken[index]?.message).toMatch(NOTE)
    seen.add(id)
  }
  // No more than what was on the two connections at each death.
  expect(ids.length - seen.size).toBeLessThanOrEqual(ROUNDS * 2)
})
