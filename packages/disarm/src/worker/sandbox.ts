import type { ChildProcessByStdio } from 'node:child_process'
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { BARE_WALLS, canBox, findTool } from '../tools/box.ts'

export type WorkerProcess = ChildProcessByStdio<Writable, Readable, null>

/** What the operating system gives us here; what is missing is said, never assumed. */
export interface Isolation {
  /**
   * `bubblewrap`: own users, processes, network and a root of which only the runtime and this package's sources can be seen. `unshare`: only users
   * and network of their own. `none`: neither; Node's permission model, the ceilings and the parent's clock remain.
   */
  readonly box: 'bubblewrap' | 'unshare' | 'none'
  /** Workers run in a network namespace of their own, with nothing in it. */
  readonly network: boolean
  /** The kernel enforces ceilings on memory, processor time and files. */
  readonly ceilings: boolean
}

export interface SandboxOptions {
  /** Heap of the worker in MiB. */
  readonly heapMebibytes: number
  /** Processor seconds of a worker's whole life. */
  readonly cpuSeconds: number
  /** Program to run instead of the worker; only tests replace it. */
  readonly program?: string
  /** Further arguments of the program. */
  readonly args?: readonly string[]
}

/**
 * Starts a worker in the narrowest box this machine offers: own user and network namespace, kernel ceilings, Node's
 * permission model (read the code and nothing else; no write, no child process, no native addon, no worker thread), an empty
 * environment. Only standard input and output connect it to anything.
 */
export function startSandboxed(options: SandboxOptions): WorkerProcess {
  const { command, args } = wrap([process.execPath, ...nodeArguments(options)], options)
  return spawn(command, args, {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: {},
    cwd: '/',
    shell: false,
    windowsHide: true,
  })
}

/** Tries each wall once. */
export function isolation(): Isolation {
  probed ??= probe()
  return probed
}

function probe(): Isolation {
  const limited = findTool('prlimit') !== undefined
  if (canBox()) return { box: 'bubblewrap', network: true, ceilings: limited }
  const network = networkArguments() !== undefined
  return { box: network ? 'unshare' : 'none', network, ceilings: limited }
}

let probed: Isolation | undefined

const SOURCE = dirname(dirname(fileURLToPath(import.meta.url)))
const WORKER = join(SOURCE, 'worker', 'worker.ts')

function nodeArguments(options: SandboxOptions): string[] {
  return [
    '--permission',
    ...readable().map((path) => `--allow-fs-read=${path}`),
    `--max-old-space-size=${options.heapMebibytes}`,
    // A small nursery: what is cut into pieces dies young, and a large one only keeps it longer.
    '--max-semi-space-size=8',
    '--disallow-code-generation-from-strings',
    '--disable-proto=throw',
    '--no-addons',
    '--no-warnings',
    options.program ?? WORKER,
    ...(options.args ?? []),
  ]
}

/** The sources of this package and of core, and the package files that module resolution looks at. */
function readable(): string[] {
  const core = dirname(createRequire(import.meta.url).resolve('@sekisho/core'))
  const own = dirname(SOURCE)
  return [
    join(SOURCE, '*'),
    join(own, 'words', '*'),
    join(own, 'package.json'),
    join(core, '*'),
    join(dirname(core), 'package.json'),
    ...linked(own),
  ]
}

/** Where `@sekisho/core` is found by name: a link in some node_modules above. */
function linked(from: string): string[] {
  const found: string[] = []
  for (let folder = from; folder !== dirname(folder); folder = dirname(folder)) {
    const link = join(folder, 'node_modules', '@sekisho', 'core')
    if (existsSync(link)) found.push(link, join(link, '*'))
    const file = join(folder, 'package.json')
    if (existsSync(file)) found.push(file)
  }
  return found
}

const MEBIBYTE = 1024 * 1024
/** V8 reserves address space generously; this only stops a runaway. */
const ADDRESS_SPACE_FACTOR = 16

function wrap(
  program: readonly string[],
  options: SandboxOptions,
): { readonly command: string; readonly args: string[] } {
  const walls: string[] = []
  const prlimit = findTool('prlimit')
  if (prlimit) walls.push(prlimit, ...ceilings(options), '--')
  walls.push(...boxArguments())
  const [command, ...args] = [...walls, ...program]
  return { command: command ?? process.execPath, args }
}

function boxArguments(): readonly string[] {
  const bwrap = findTool('bwrap')
  if (bwrap !== undefined && canBox())
    return [bwrap, ...WALLS, ...visible(), '--remount-ro', '/', '--']
  const network = networkArguments()
  const unshare = findTool('unshare')
  return network && unshare !== undefined ? [unshare, ...network, '--'] : []
}

const WALLS: readonly string[] = [...BARE_WALLS, ...'--dev /dev --chdir /'.split(' ')]

/** The runtime and what `readable` names, at their own places; links as links. */
function visible(): string[] {
  const places = new Set([process.execPath, ...readable().map((path) => path.replace(/\/\*$/, ''))])
  return [...places].flatMap((place) => {
    const real = realpathSync(place)
    return real === place ? ['--ro-bind', place, place] : ['--symlink', real, place]
  })
}

function ceilings(options: SandboxOptions): string[] {
  return [
    `--as=${options.heapMebibytes * ADDRESS_SPACE_FACTOR * MEBIBYTE}`,
    `--cpu=${options.cpuSeconds}`,
    '--fsize=0',
    '--core=0',
    '--nofile=64',
  ]
}

const NETWORK_WALLS: readonly (readonly string[])[] = [
  ['--user', '--map-current-user', '--net'],
  ['--user', '--map-root-user', '--net'],
  ['--net'],
]

let networkWall: readonly string[] | null | undefined

/** The first way to an empty network that works for this user on this kernel. */
function networkArguments(): readonly string[] | undefined {
  networkWall ??= NETWORK_WALLS.find(works) ?? null
  return networkWall ?? undefined
}

function works(args: readonly string[]): boolean {
  const unshare = findTool('unshare')
  if (unshare === undefined) return false
  return spawnSync(unshare, [...args, '--', '/bin/true'], { stdio: 'ignore' }).status === 0
}
