/** Postfix's `smtp-sink`: a next hop that takes everything, keeps nothing and counts. */
import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../packages/gates/mail/src/postfix.test-support.ts'

export interface Sink {
  readonly port: number
  /** Messages that it took. */
  done(): number
  stop(): void
}

export async function startSink(): Promise<Sink> {
  const port = await freePort()
  // With `-c` it writes how many messages came over its own line.
  const child = spawn('/usr/sbin/smtp-sink', ['-c', '-u', 'nobody', `127.0.0.1:${port}`, '200'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let count = 0
  child.stdout.on('data', (chunk: Buffer) => {
    count = Number(/.*mesg=(\d+)/su.exec(chunk.toString())?.[1] ?? count)
  })
  await sleep(500)
  return { port, done: () => count, stop: () => void child.kill() }
}
