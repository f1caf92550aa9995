/** The proxies that the suite can start itself, each set up as a careful admin would: only the allowed names, tunnels to 443 only, nothing towards the inside. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { writeCloudTown } from '../../../apps/server/src/cloud/cloud-town.test-support.ts'
import { makeAuthority } from '../../../apps/server/src/cloud/inspect/authority.ts'
import { readProbes } from './cases.ts'
import type { World } from './cases.ts'
import type { Under } from './run.ts'

const PORT = 3128
const CLI = resolve(import.meta.dirname, '../../../apps/cli/bin/sekisho.mjs')

export interface UnderTest extends Under {
  readonly stop: () => void
}

/** @param outsideCa authority of the servers that speak TLS, a PEM file */
export async function startUnderTest(
  name: string,
  world: World,
  outsideCa: string,
): Promise<UnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-bypass-'))
  const start = STARTS[name]
  if (!start) throw new Error(`one of ${Object.keys(STARTS).join(', ')}`)
  const child = await start(folder, world, outsideCa)
  child.once('error', (error) => {
    throw error
  })
  const stop = (): void => {
    // squid takes its shared memory with it when it is asked to end.
    child.kill()
    rmSync(folder, { recursive: true, force: true })
  }
  await answers(child).catch((error: unknown) => {
    stop()
    throw error
  })
  return { host: '127.0.0.1', port: PORT, stop }
}

const STARTS: Readonly<
  Record<
    string,
    (folder: string, world: World, outsideCa: string) => Promise<ChildProcess> | ChildProcess
  >
> = { sekisho, squid, tinyproxy }

async function sekisho(folder: string, _: World, outsideCa: string): Promise<ChildProcess> {
  const { town, lists, addresses } = await writeCloudTown(folder)
  const data = join(folder, 'data')
  const hosts = readProbes().flatMap((probe) => ('upload' in probe ? [probe.host] : []))
  await makeAuthority(data, { town: 'bypass', hosts: [...new Set(hosts)] })
  const places = ['--lists', lists, '--data', data, '--trust-addresses', addresses]
  const network = [
    '--listen',
    `127.0.0.1:${PORT}`,
    '--resolver',
    '127.0.0.1',
    '--outside-ca',
    outsideCa,
  ]
  return spawn(process.execPath, [CLI, 'gate', 'web', 'run', town, ...places, ...network], {
    stdio: 'ignore',
  })
}

/** Names as squid's dstdomain has them: a dot in front stands for whatever is under it, and for the name itself. */
function squid(folder: string, { allowed }: World): ChildProcess {
  const names = allowed.map(({ name }) => name.replace(/^\*/u, ''))
  const plain = allowed
    .filter((one) => one.plain.length > 0)
    .map(({ name }) => name.replace(/^\*/u, ''))
  chmodSync(folder, 0o777)
  const file = join(folder, 'squid.conf')
  const lines = [
    `http_port 127.0.0.1:${PORT}`,
    'dns_nameservers 127.0.0.1',
    'positive_dns_ttl 1 second',
    `pid_filename ${folder}/pid`,
    `cache_log ${folder}/cache.log`,
    `access_log stdio:${folder}/access.log`,
    'cache deny all',
    'pinger_enable off',
    'shutdown_lifetime 0 seconds',
    'acl tls port 443',
    'acl web port 80',
    'acl tunnel method CONNECT',
    'acl reads method GET HEAD',
    `acl declared dstdomain ${names.join(' ')}`,
    `acl updates dstdomain ${plain.join(' ')}`,
    'acl inside dst 0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.168.0.0/16 ::1 fc00::/7 fe80::/10',
    'http_access deny inside',
    'http_access deny tunnel !tls',
    'http_access allow tunnel declared',
    'http_access allow reads web updates',
    'http_access deny all',
  ]
  writeFileSync(file, `${lines.join('\n')}\n`)
  return spawn('/usr/sbin/squid', ['-N', '-n', `bypass${process.pid}`, '-f', file], {
    stdio: 'ignore',
  })
}

function tinyproxy(folder: string, { allowed }: World): ChildProcess {
  mkdirSync(folder, { recursive: true })
  const names = allowed.map(({ name }) =>
    name.startsWith('*.')
      ? `^[a-z0-9.-]+${name.slice(1).replaceAll('.', '\\.')}$`
      : `^${name.replaceAll('.', '\\.')}$`,
  )
  writeFileSync(join(folder, 'filter'), `${names.join('\n')}\n`)
  const lines = [
    `Port ${PORT}`,
    'Listen 127.0.0.1',
    'Allow 127.0.0.1',
    'Timeout 600',
    `LogFile "${folder}/log"`,
    'LogLevel Connect',
    'MaxClients 100',
    `Filter "${folder}/filter"`,
    'FilterExtended On',
    'FilterDefaultDeny Yes',
    'ConnectPort 443',
  ]
  writeFileSync(join(folder, 'conf'), `${lines.join('\n')}\n`)
  return spawn('/usr/bin/tinyproxy', ['-d', '-c', join(folder, 'conf')], { stdio: 'ignore' })
}

async function answers(child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 1_200; tries += 1) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`)
    const socket = connect(PORT, '127.0.0.1')
    const came = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'close').then(() => false),
    ]).catch(() => false)
    socket.destroy()
    if (came) return
    await wait(50)
  }
  throw new Error('nothing listens')
}
