/**
 * A kernel firewall of its own for a test: a network namespace without any network, in which the real commands run on the real nftables.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { nftProgram } from '@sekisho/network'
import type { Ran } from '../run.test-support.ts'

const NODE = [process.execPath, '--disable-warning=ExperimentalWarning']
const SEKISHO = fileURLToPath(new URL('../../bin/sekisho.mjs', import.meta.url))
const DRIVER = fileURLToPath(new URL('in-namespace.test-support.ts', import.meta.url))
const ROOT = process.getuid?.() === 0
const MAKE = ROOT ? ['--net'] : ['--user', '--map-root-user', '--net']
const ENTER = ROOT ? ['-n'] : ['-U', '--preserve-credentials', '-n']

/** Why the kernel cannot be tried here, told to whoever runs the tests; `undefined` when it can. */
export function noKernel(): string | undefined {
  const tried = spawnSync('unshare', [...MAKE, 'nft', 'list', 'ruleset'], { encoding: 'utf8' })
  return tried.status === 0 ? undefined : `no nft in a namespace here: ${tried.stderr}`.trim()
}

export interface TestKernel {
  /** Runs a command of ours, in a process that stays. */
  sekisho(...argv: string[]): Promise<Ran>
  /** Starts a command of ours as a process of its own, in a group of its own. */
  start(...argv: string[]): ChildProcess
  /** The same with capabilities taken away: what systemd leaves a unit by `CapabilityBoundingSet`. */
  startBounded(capabilities: string, ...argv: string[]): ChildProcess
  /** Runs any program inside. */
  command(...argv: string[]): void
  nft(...args: string[]): string
  /** Loads a text. */
  load(text: string): void
  /** Waits until the rules are so, as long as a test may take. */
  until(held: (rules: string) => boolean): Promise<string>
  /** Rules without the values of counters. */
  rules(): string
  remove(): void
}

/**
 * @param nft a script of `sh` that runs in the place of nft there, as `NFT` the real one: other programs that change rules, and kernels that take none
 */
export async function testKernel(nft?: string): Promise<TestKernel> {
  const mounts = nft === undefined ? [] : ['--mount']
  const put = `cat > /run/nft && chmod 755 /run/nft && cp -p "$(realpath "$0")" /run/real-nft && mount --bind /run/nft "$0"`
  const hold = `${nft === undefined ? '' : `mount -t tmpfs none /run && ${put} && `}echo in; exec sleep 600`
  const holder = spawn('unshare', [...MAKE, ...mounts, 'sh', '-c', hold, nftProgram() ?? ''], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  holder.stdin.end(`#!/bin/sh\nNFT=/run/real-nft\n${nft}\nexec "$NFT" "$@"\n`)
  await new Promise((resolve) => holder.stdout.once('data', resolve))
  const enter = ['-t', String(holder.pid), ...ENTER, ...(nft === undefined ? [] : ['-m'])]
  const driver = spawn('nsenter', [...enter, ...NODE, DRIVER], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const answers = createInterface({ input: driver.stdout })[Symbol.asyncIterator]()
  const call = (args: readonly string[], input?: string): string =>
    execFileSync('nsenter', [...enter, 'nft', ...args], {
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { ...process.env, TZ: 'UTC' },
      ...(input !== undefined && { input }),
    })
  const started = (around: readonly string[], argv: readonly string[]): ChildProcess =>
    spawn('nsenter', [...enter, ...around, ...NODE, SEKISHO, ...argv], {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
  const rules = (): string => call(['-s', 'list', 'ruleset'])
  return {
    sekisho: async (...argv) => {
      driver.stdin.write(`${JSON.stringify(argv)}\n`)
      const line = await answers.next()
      if (line.done) throw new Error('the driver ended')
      return JSON.parse(line.value)
    },
    start: (...argv) => started([], argv),
    startBounded: (capabilities, ...argv) =>
      started(['setpriv', '--bounding-set', capabilities, '--'], argv),
    command: (...argv) => void execFileSync('nsenter', [...enter, ...argv]),
    nft: (...args) => call(args),
    load: (text) => void call(['-f', '-'], text),
    rules,
    until: async (held) => {
      for (;;) {
        const now = rules()
        if (held(now)) return now
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    },
    remove: () => {
      driver.kill('SIGKILL')
      holder.kill('SIGKILL')
    },
  }
}
