/**
 * A Postfix of its own in a temporary folder, beside whatever the machine runs. Needs root.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const POSTFIX = existsSync('/usr/sbin/postfix') && process.getuid?.() === 0

export interface PostfixOptions {
  /** Port on this machine that gets everything it does not keep. */
  readonly next: number
  /** Domains that it takes for others. */
  readonly relayDomains: readonly string[]
  /** Domains whose mail it keeps, all in one mailbox. */
  readonly ownDomains?: readonly string[]
}

export interface Postfix {
  readonly port: number
  /** Asks for another try of what waits. */
  flush(): void
  /** What waits, as `postqueue -p` tells it. */
  queue(): string
  /** The mails it kept, each with `Return-Path` and `Delivered-To` before it. */
  mailbox(): readonly string[]
  stop(): void
}

export async function startPostfix(options: PostfixOptions): Promise<Postfix> {
  const folder = mkdtempSync(join(tmpdir(), 'postfix-'))
  chmodSync(folder, 0o755)
  const port = await freePort()
  for (const name of ['etc', 'queue', 'data', 'box']) mkdirSync(join(folder, name))
  execFileSync('chown', ['postfix', join(folder, 'data')])
  execFileSync('chown', [KEEPER, join(folder, 'box')])
  const etc = join(folder, 'etc')
  writeFileSync(join(etc, 'main.cf'), mainCf(folder, options))
  writeFileSync(join(etc, 'master.cf'), masterCf(port))
  execFileSync('/usr/sbin/postfix', ['-c', etc, 'start'], { stdio: 'ignore' })
  return {
    port,
    flush: () => void spawnSync('/usr/sbin/postqueue', ['-c', etc, '-f']),
    queue: () => execFileSync('/usr/sbin/postqueue', ['-c', etc, '-p'], { encoding: 'utf8' }),
    mailbox: () => mailsIn(join(folder, 'box/all/new')),
    stop: () => {
      spawnSync('/usr/sbin/postfix', ['-c', etc, 'abort'])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Nobody: owns the mailbox. */
const KEEPER = '65534'

function mailsIn(folder: string): readonly string[] {
  const names = existsSync(folder) ? readdirSync(folder).toSorted() : []
  return names.map((name) => readFileSync(join(folder, name), 'latin1'))
}

function mainCf(folder: string, { next, relayDomains, ownDomains = [] }: PostfixOptions): string {
  return `compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
maillog_file = ${folder}/log
maillog_file_prefixes = ${folder}
myhostname = front.example.com
mydestination =
relay_domains = ${relayDomains.join(' ')}
virtual_mailbox_domains = ${ownDomains.join(' ')}
virtual_mailbox_base = ${folder}/box
virtual_mailbox_maps = static:all/
virtual_uid_maps = static:${KEEPER}
virtual_gid_maps = static:${KEEPER}
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
  // It becomes the owner of the mailbox, so it must begin as root.
  const keeper = 'virtual unix - n n - - virtual\n'
  const lines = services.map(
    ([name, type, isPrivate, most, program]) =>
      `${name} ${type} ${isPrivate} - n - ${most} ${program}\n`,
  )
  return [...lines, keeper].join('')
}

export async function freePort(): Promise<number> {
  const server = createServer()
  const { promise, resolve } = Promise.withResolvers<number>()
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo
    server.close(() => resolve(port))
  })
  return promise
}
