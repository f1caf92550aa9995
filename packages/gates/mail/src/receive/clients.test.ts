/**
 * Real mail software as the client: swaks, Postfix's own load generator, and a whole Postfix in front.
 */
import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CLERK, DOMAIN, receiving } from './receiving.test-support.ts'
import type { Receiving } from './receiving.test-support.ts'

const CI = process.env['CI'] === 'true'
const run = promisify(execFile)
const SWAKS = existsSync('/usr/bin/swaks')
const POSTFIX = existsSync('/usr/sbin/postfix') && process.getuid?.() === 0

let gate: Receiving
beforeEach(async () => {
  gate = await receiving({ maxBytes: 200_000 })
})
afterEach(() => gate.end())

async function swaks(
  port: number,
  ...more: readonly string[]
): Promise<{ code: number; said: string }> {
  const args = [
    '--server',
    `127.0.0.1:${port}`,
    '--timeout',
    '10',
    '--helo',
    'mx.example.com',
    '--from',
    'a@example.com',
  ]
  try {
    const { stdout } = await run('/usr/bin/swaks', [...args, ...more])
    return { code: 0, said: stdout }
  } catch (error) {
    const { code, stdout } = error as { code: number; stdout: string }
    return { code, said: stdout }
  }
}

describe.skipIf(!SWAKS && !CI)(`swaks${SWAKS ? '' : ' (skipped: not installed)'}`, () => {
  it('sends a message with an attachment, commands sent ahead', async () => {
    const { code, said } = await swaks(
      gate.port,
      '--to',
      CLERK.address,
      '--pipeline',
      '--attach-name',
      'mitsumori.txt',
      '--attach',
      '@/etc/hostname',
      '--header',
      'Subject: mitsumori',
    )
    expect(said).toContain('250 2.0.0 kept as')
    expect(code).toBe(0)
    expect((await gate.messages())[0]).toMatch(/Subject: mitsumori\r\n[^]*mitsumori\.txt/u)
  })

  it('is told why not', async () => {
    const { code, said } = await swaks(gate.port, '--to', `nobody@${DOMAIN}`)
    expect(said).toContain('550 5.1.1 SMTP-RECIPIENT')
    expect(code).toBe(24)
    expect(gate.spool.ids()).toEqual([])
  })
})

describe.skipIf(!POSTFIX && !CI)(
  `Postfix${POSTFIX ? '' : ' (skipped: not installed, or not root)'}`,
  () => {
    it('its load generator over kept and new sessions loses nothing', async () => {
      const to = ['-f', 'a@example.com', '-t', CLERK.address, `127.0.0.1:${gate.port}`]
      await run('/usr/sbin/smtp-source', ['-s', '8', '-m', '40', '-l', '2000', ...to])
      await run('/usr/sbin/smtp-source', ['-d', '-s', '8', '-m', '20', '-l', '2000', ...to])
      expect(gate.spool.ids()).toHaveLength(60)
      expect(gate.refused).toEqual([])
    })

    it('in front: what the gate puts off stays in its queue, and comes once when there is room', async () => {
      const front = await startPostfix(gate.port)
      try {
        const ballast = await gate.spool.begin()
        await ballast.write(Buffer.alloc(199_950))
        const { code, said } = await swaks(
          front.port,
          '--to',
          CLERK.address,
          '--header',
          'Subject: later',
        )
        expect(code, said).toBe(0)
        await expect
          .poll(() => gate.refused.map(({ reason }) => reason), { timeout: 20_000 })
          .toContain('SMTP-SPOOL-FULL')
        await ballast.discard()
        await expect
          .poll(
            () => {
              front.flush()
              return gate.spool.ids().length
            },
            { timeout: 20_000, interval: 500 },
          )
          .toBe(1)
        expect((await gate.messages())[0]).toContain('Subject: later')
        expect(front.queue()).toContain('Mail queue is empty')
      } finally {
        front.stop()
      }
    })
  },
)

interface Front {
  readonly port: number
  flush(): void
  queue(): string
  stop(): void
}

/** A Postfix of its own that hands everything to the gate. */
async function startPostfix(next: number): Promise<Front> {
  const folder = mkdtempSync(join(tmpdir(), 'postfix-'))
  chmodSync(folder, 0o755)
  const port = await freePort()
  for (const name of ['etc', 'queue', 'data']) mkdirSync(join(folder, name))
  execFileSync('chown', ['postfix', join(folder, 'data')])
  const etc = join(folder, 'etc')
  writeFileSync(join(etc, 'main.cf'), mainCf(folder, next))
  writeFileSync(join(etc, 'master.cf'), masterCf(port))
  execFileSync('/usr/sbin/postfix', ['-c', etc, 'start'], { stdio: 'ignore' })
  return {
    port,
    flush: () => void spawnSync('/usr/sbin/postqueue', ['-c', etc, '-f']),
    queue: () => execFileSync('/usr/sbin/postqueue', ['-c', etc, '-p'], { encoding: 'utf8' }),
    stop: () => {
      spawnSync('/usr/sbin/postfix', ['-c', etc, 'abort'])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function mainCf(folder: string, next: number): string {
  return `compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
maillog_file = ${folder}/log
maillog_file_prefixes = ${folder}
myhostname = front.example.com
mydestination =
relay_domains = ${DOMAIN}
relayhost = [127.0.0.1]:${next}
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtp_dns_support_level = disabled
alias_maps =
minimal_backoff_time = 1s
queue_run_delay = 1s
`
}

function masterCf(port: number): string {
  const services = [
    [`127.0.0.1:${port}`, 'inet', 'n', '-', 'smtpd'],
    ['postlog', 'unix-dgram', 'n', '1', 'postlogd'],
    ...['qmgr', 'pickup'].map((name) => [name, 'unix', 'n', '1', name]),
    ['cleanup', 'unix', 'n', '0', 'cleanup'],
    ['showq', 'unix', 'n', '-', 'showq'],
    ['proxymap', 'unix', '-', '-', 'proxymap'],
    ['flush', 'unix', 'n', '0', 'flush'],
    ['rewrite', 'unix', '-', '-', 'trivial-rewrite'],
    ...['bounce', 'defer', 'trace'].map((name) => [name, 'unix', '-', '0', 'bounce']),
    ...['error', 'retry'].map((name) => [name, 'unix', '-', '-', 'error']),
    ...['smtp', 'relay'].map((name) => [name, 'unix', '-', '-', 'smtp']),
    ['anvil', 'unix', '-', '1', 'anvil'],
  ]
  return services
    .map(
      ([name, type, isPrivate, most, program]) =>
        `${name} ${type} ${isPrivate} - n - ${most} ${program}\n`,
    )
    .join('')
}

async function freePort(): Promise<number> {
  const server = createServer()
  const { promise, resolve } = Promise.withResolvers<number>()
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo
    server.close(() => resolve(port))
  })
  return promise
}
