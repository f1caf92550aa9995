/**
 * Durable accept of mails of 10 KiB over 20 kept sessions, beside Postfix and Haraka as plain relays. In turn, in one run, as root:
 *
 *   node bench/mail/accept.ts [--messages 500] [--rounds 3] [--long 0] [--picture FILE.svg]
 *
 * `smtp-source` and `smtp-sink` are those of Postfix. Of each relay: accepted per second (until the last `250`) and done per second (until the last message has
 * left it, or has been rebuilt as text). `--long`: after that, so many messages to the gate without rebuilding, and its memory on the way,
 * drawn into the picture. One JSON line each. Haraka is fetched from npm for this run alone.
 */
import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs, promisify } from 'node:util'
import { startPostfix } from '../../packages/gates/mail/src/postfix.test-support.ts'
import { fetchHaraka } from './haraka.ts'
import type { Haraka } from './haraka.ts'
import { drawn } from './memory-picture.ts'
import type { MemoryPoint } from './memory-picture.ts'
import { startSink } from './sink.ts'

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '500' },
    rounds: { type: 'string', default: '3' },
    long: { type: 'string', default: '0' },
    picture: { type: 'string', default: '' },
  },
})
const MESSAGES = Number(values.messages)
const SESSIONS = 20
const BYTES = 10 * 1024
const folder = mkdtempSync(join(tmpdir(), 'bench-mail-'))
const run = promisify(execFile)

interface Relay {
  readonly port: number
  /** Messages that have left it, or have been rebuilt. */
  done(): number
  readonly pid?: number
  stop(): Promise<void> | void
}

async function main(): Promise<void> {
  const fetched = fetchHaraka()
  const ways: Readonly<Record<string, () => Promise<Relay>>> = {
    postfix,
    haraka: () => haraka(fetched),
    'gate, stripping off': () => gate('accept'),
    'gate, rebuilt as text': () => gate('rebuild'),
  }
  try {
    await rounds(ways)
  } finally {
    fetched.remove()
  }
  if (Number(values.long) > 0) await longRun(Number(values.long))
}

async function rounds(ways: Readonly<Record<string, () => Promise<Relay>>>): Promise<void> {
  for (let round = 1; round <= Number(values.rounds); round++)
    for (const [way, start] of Object.entries(ways)) {
      const relay = await start()
      try {
        print({ way, round, ...(await measured(relay)) })
      } finally {
        await relay.stop()
      }
    }
}

async function measured({ pid, ...relay }: Relay): Promise<object> {
  // The first hundred start what is started when it is needed.
  await source(relay.port, 100)
  await until(() => relay.done() >= 100)
  const worked = pid === undefined ? 0 : processorMs(pid)
  const before = performance.now()
  await source(relay.port, MESSAGES)
  const accepted = performance.now()
  await until(() => relay.done() >= 100 + MESSAGES)
  const perSecond = (end: number): number => Math.round((MESSAGES / (end - before)) * 1e4) / 10
  const done = performance.now()
  const each =
    pid === undefined ? {} : { ownProcessorMsEach: (processorMs(pid) - worked) / MESSAGES }
  return { acceptedPerSecond: perSecond(accepted), donePerSecond: perSecond(done), ...each }
}

/** Milliseconds of processor time of that process so far, its threads included and its children not. */
function processorMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')
  return 10 * (Number(fields[13]) + Number(fields[14]))
}

async function source(port: number, messages: number): Promise<void> {
  // -d: the next message over the same connection. Otherwise the 100 ms that our greeting waits for early talkers is all that is measured.
  const how = ['-d', '-s', SESSIONS, '-m', messages, '-l', BYTES].map(String)
  const who = ['-f', 'a@example.com', '-t', 'a@town.example.jp', `127.0.0.1:${port}`]
  await run('/usr/sbin/smtp-source', [...how, ...who])
}

async function until(look: () => boolean): Promise<void> {
  while (!look()) await sleep(5)
}

async function postfix(): Promise<Relay> {
  const next = await startSink()
  const relay = await startPostfix({ next: next.port, relayDomains: ['town.example.jp'] })
  await sleep(1000)
  return {
    port: relay.port,
    done: () => next.done(),
    stop() {
      relay.stop()
      next.stop()
    },
  }
}

/** Its own queue on disk: fsync of the file and rename, without fsync of the folder. */
async function haraka(fetched: Haraka): Promise<Relay> {
  const next = await startSink()
  const relay = await fetched.start(next.port)
  return {
    port: relay.port,
    pid: relay.pid,
    done: () => next.done(),
    async stop() {
      await relay.stop()
      next.stop()
    },
  }
}

async function gate(way: 'accept' | 'rebuild'): Promise<Relay & { readonly pid: number }> {
  const home = mkdtempSync(join(folder, 'gate-'))
  const host = join(import.meta.dirname, 'gate-host.ts')
  const child = spawn(process.execPath, [host, home, way], { stdio: ['ignore', 'pipe', 'inherit'] })
  let count = 0
  const port = Promise.withResolvers<number>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith('port ')) port.resolve(Number(line.slice(5)))
    else count = Number(line)
  })
  return {
    port: await port.promise,
    done: () => count,
    pid: child.pid ?? 0,
    stop: () => ended(child),
  }
}

async function ended(child: ChildProcess): Promise<void> {
  const end = once(child, 'exit')
  child.kill('SIGKILL')
  await end
}

async function longRun(messages: number): Promise<void> {
  const relay = await gate('accept')
  // As often as the gate tells, at least.
  const step = Math.ceil(messages / 5000) * 100
  const points: MemoryPoint[] = []
  for (let sent = step; sent <= messages; sent += step) {
    await source(relay.port, step)
    await until(() => relay.done() >= sent)
    const status = readFileSync(`/proc/${relay.pid}/status`, 'utf8')
    const mebibytes = Math.round(Number(/^VmRSS:\s+(\d+)/mu.exec(status)?.[1]) / 1024)
    points.push({ messages: sent, mebibytes })
    print({ way: 'gate, long run', messages: sent, mebibytes })
  }
  await relay.stop()
  if (values.picture !== '') writeFileSync(values.picture, drawn(points))
}

function print(row: object): void {
  const load = Math.round((loadavg()[0] ?? 0) * 10) / 10
  console.log(JSON.stringify({ ...row, sessions: SESSIONS, bytes: BYTES, load }))
}

try {
  await main()
} finally {
  rmSync(folder, { recursive: true, force: true })
}
