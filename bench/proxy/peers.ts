/** The proxies of the bench, each in processes of its own that end with it. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  writeFileSync,
} from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { errorCode } from '@sekisho/core'
import { HOST } from './hello.ts'
import type { Way } from './load.ts'

export interface Peer extends Way {
  readonly name: string
  /** Seconds of processor time so far, children included. */
  readonly cpu: () => number
  /** Bytes of memory, children included; what processes share is divided among them. */
  readonly memory: () => number
  readonly stop: () => void
}

const SQUID = '/usr/sbin/squid'
const TINYPROXY = '/usr/bin/tinyproxy'

/** Starts the origin and every proxy that is installed. */
export async function startProxies(): Promise<readonly Peer[]> {
  const origin = await startNode('origin.ts', [])
  const peers = [
    {
      name: 'direct',
      proxy: undefined,
      origin: origin.port,
      host: '',
      cpu: () => 0,
      memory: () => 0,
      stop: origin.stop,
    },
    await ours(origin.port),
  ]
  if (existsSync(SQUID)) peers.push(await squid(origin.port))
  if (existsSync(TINYPROXY)) peers.push(await tinyproxy(origin.port))
  return peers
}

async function ours(origin: number): Promise<Peer> {
  const { port, child, stop } = await startNode('ours.ts', [String(origin)])
  return peerOf('sekisho', port, { origin, host: HOST }, child, stop)
}

async function squid(origin: number): Promise<Peer> {
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-bench-'))
  const port = 13_128
  // It gives up being root and still has to write here.
  chmodSync(folder, 0o777)
  writeFileSync(join(folder, 'hosts'), `127.0.0.1 ${HOST}\n`)
  writeFileSync(
    join(folder, 'squid.conf'),
    [
      `http_port 127.0.0.1:${port}`,
      `hosts_file ${folder}/hosts`,
      `pid_filename ${folder}/pid`,
      `cache_log ${folder}/cache.log`,
      // A record of each request, as ours keeps one.
      `access_log stdio:${folder}/access.log`,
      'cache deny all',
      'cache_mem 8 MB',
      `acl declared dstdomain ${HOST}`,
      'http_access allow declared',
      'http_access deny all',
      'max_filedescriptors 65536',
      'shutdown_lifetime 0 seconds',
      'pinger_enable off',
      'workers 1',
    ].join('\n'),
  )
  const child = spawn(
    SQUID,
    ['-N', '-n', `bench${process.pid}`, '-f', join(folder, 'squid.conf')],
    { stdio: 'ignore' },
  )
  await answers(port)
  return peerOf('squid', port, { origin, host: HOST }, child, () => child.kill())
}

async function tinyproxy(origin: number): Promise<Peer> {
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-bench-'))
  const port = 13_129
  writeFileSync(join(folder, 'filter'), '^localhost$\n')
  writeFileSync(
    join(folder, 'conf'),
    [
      `Port ${port}`,
      'Listen 127.0.0.1',
      'Timeout 600',
      `LogFile "${folder}/log"`,
      'LogLevel Connect',
      'MaxClients 5000',
      `Filter "${folder}/filter"`,
      'FilterDefaultDeny Yes',
    ].join('\n'),
  )
  const child = spawn(TINYPROXY, ['-d', '-c', join(folder, 'conf')], { stdio: 'ignore' })
  await answers(port)
  // It asks the system's resolver, which knows this name only.
  return peerOf('tinyproxy', port, { origin, host: 'localhost' }, child, () =>
    child.kill('SIGKILL'),
  )
}

function peerOf(
  name: string,
  proxy: number,
  to: Omit<Way, 'proxy'>,
  child: ChildProcess,
  stop: () => void,
): Peer {
  const pid = child.pid ?? 0
  return {
    name,
    proxy,
    ...to,
    cpu: () => sum(pid, processorSeconds),
    memory: () => sum(pid, proportionalBytes),
    stop,
  }
}

interface Started {
  readonly port: number
  readonly child: ChildProcess
  readonly stop: () => void
}

async function startNode(file: string, args: readonly string[]): Promise<Started> {
  const child = spawn(process.execPath, [join(import.meta.dirname, file), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return { port: Number(line.toString().trim()), child, stop: () => child.kill() }
}

async function answers(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const there = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1')
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
      socket.once('close', () => undefined)
      setTimeout(() => socket.destroy(), 50)
    })
    if (there) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`nothing listens on ${port}`)
}

/** Over a process and its children. */
function sum(pid: number, of: (pid: number) => number): number {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) => childrenOf(pid, task))
  return of(pid) + children.reduce((total, child) => total + sum(child, of), 0)
}

/** A thread may be gone since it was listed. */
function childrenOf(pid: number, task: string): readonly number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8')
    return children.split(' ').filter(Boolean).map(Number)
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ESRCH') return []
    throw error
  }
}

/** Of proc(5) stat: fields 14 and 15, in hundredths. */
function processorSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

function proportionalBytes(pid: number): number {
  return (
    Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) *
    1024
  )
}
