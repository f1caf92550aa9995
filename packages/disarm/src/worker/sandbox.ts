import type { ChildProcessByStdio } from 'node:child_process'
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { BARE_WALLS, canBox, findTool } from '../tools/box.ts'
import { STARTER } from './starter.ts'

export type WorkerProcess = ChildProcessByStdio<Writable, Readable, null>

/** What the operating system gives us here; what is missing is said, never assumed. */
export interface Isolation {
  /**
   * `bubblewrap`: own users, processes, network and a root of which only the runtime can be seen. `unshare`: only users
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
  /** First module of the program to run instead of the worker. */
  readonly program?: string
  /** Packages that the program is made of, besides this one and core, as its first module would import them. */
  readonly packages?: readonly string[]
  /** Further arguments of the program. */
  readonly args?: readonly string[]
}

/**
 * Starts a worker in the narrowest box this machine offers: own user and network namespace, a root of which only the runtime can be seen, kernel
 * ceilings, Node's permission model (no read, no write, no child process, no native addon, no worker thread), an empty environment. Only standard
 * input and output connect it to anything; the program comes in by the first.
 */
export function startSandboxed(options: SandboxOptions, program: Program): WorkerProcess {
  const child = startBox(['-e', STARTER, '--', 'worker', ...(options.args ?? [])], [], options)
  for (const part of program) child.stdin.write(part)
  return child
}

/** A program ready to be compiled and run, as it goes over the line. */
export type Program = readonly Uint8Array[]

/**
 * The worker's program, read from the sources, compiled once for all workers of this process and kept in memory alone: nothing lies on a disk where
 * somebody else could change it. Made in a box like a worker's that sees the sources besides. `undefined` when none could be started.
 */
export function preparedProgram(options: SandboxOptions): Promise<Program | undefined> {
  // What V8 compiled it takes only under the same settings.
  const key = [entryOf(options), ...(options.packages ?? []), ...runtimeArguments(options)].join(
    '\n',
  )
  const known = prepared.get(key)
  if (known) return known
  const making = prepare(options).then((program) => {
    if (!program) prepared.delete(key)
    return program
  })
  prepared.set(key, making)
  return making
}

const prepared = new Map<string, Promise<Program | undefined>>()

function prepare(options: SandboxOptions): Promise<Program | undefined> {
  const run = ['--experimental-import-meta-resolve', PREPARE, entryOf(options)]
  const child = startBox(run, [...readable(), ...ofProgram(options)], options)
  const timer = setTimeout(() => child.kill('SIGKILL'), PREPARE_MILLISECONDS)
  const chunks: Uint8Array[] = []
  child.stdin.on('error', () => undefined)
  child.stdin.end()
  child.stdout.on('data', (chunk: Uint8Array) => chunks.push(chunk))
  return new Promise((resolve) => {
    child.once('error', () => resolve(undefined))
    child.once('close', (code) => {
      clearTimeout(timer)
      resolve(code === 0 && chunks.length > 0 ? [Buffer.concat(chunks)] : undefined)
    })
  })
}

const PREPARE_MILLISECONDS = 30_000

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
const PREPARE = join(SOURCE, 'worker', 'prepare.ts')

function entryOf({ program = WORKER }: SandboxOptions): string {
  return program
}

/** @param seen places that can be read inside, as Node's permission model takes them */
function startBox(
  run: readonly string[],
  seen: readonly string[],
  options: SandboxOptions,
): WorkerProcess {
  const permitted = seen.map((path) => `--allow-fs-read=${path}`)
  const program = [process.execPath, ...permitted, ...runtimeArguments(options), ...run]
  const { command, args } = wrap(program, seen, options)
  return spawn(command, args, {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: ENVIRONMENT,
    cwd: '/',
    shell: false,
    windowsHide: true,
  })
}

/**
 * All that a worker finds in its environment. The C library (mallopt(3)) keeps what was freed for later, the more the longer a worker lives; told once
 * what is large, it hands all that is larger back to the kernel.
 */
const ENVIRONMENT: Readonly<Record<string, string>> = {
  MALLOC_MMAP_THRESHOLD_: String(1024 * 1024),
}

/** How the runtime of a worker is set; the same where its program is compiled. */
export function runtimeArguments(options: SandboxOptions): string[] {
  return [
    '--permission',
    `--max-old-space-size=${options.heapMebibytes}`,
    // A small nursery: what is cut into pieces dies young, and a large one only keeps it longer.
    '--max-semi-space-size=8',
    '--experimental-vm-modules',
    '--disallow-code-generation-from-strings',
    '--disable-proto=throw',
    '--no-addons',
    '--no-warnings',
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
    ...linked(own, '@sekisho/core'),
  ]
}

/** The sources of a program of somebody else: its package, and those that it names. */
function ofProgram({ program, packages = [] }: SandboxOptions): string[] {
  if (program === undefined || packages.length === 0) return []
  const own = packageOf(program)
  return [join(own, '*'), ...packages.flatMap((name) => linked(own, name))]
}

/** The folder of the package that a module is part of. */
function packageOf(module: string): string {
  let folder = dirname(module)
  while (!existsSync(join(folder, 'package.json')) && folder !== dirname(folder))
    folder = dirname(folder)
  return folder
}

/** Where a package is found by name: a folder or a link in some node_modules above. */
function linked(from: string, name: string): string[] {
  const found: string[] = []
  for (let folder = from; folder !== dirname(folder); folder = dirname(folder)) {
    const link = join(folder, 'node_modules', ...name.split('/'))
    if (existsSync(link)) {
      // A package of ours is a link into another folder.
      const real = realpathSync(link)
      found.push(link, join(link, '*'), ...(real === link ? [] : [real, join(real, '*')]))
    }
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
  seen: readonly string[],
  options: SandboxOptions,
): { readonly command: string; readonly args: string[] } {
  const walls: string[] = []
  const prlimit = findTool('prlimit')
  if (prlimit) walls.push(prlimit, ...ceilings(options), '--')
  walls.push(...boxArguments(seen))
  const [command, ...args] = [...walls, ...program]
  return { command: command ?? process.execPath, args }
}

function boxArguments(seen: readonly string[]): readonly string[] {
  const bwrap = findTool('bwrap')
  if (bwrap !== undefined && canBox())
    return [bwrap, ...WALLS, ...environment(), ...visible(seen), '--remount-ro', '/', '--']
  const network = networkArguments()
  const unshare = findTool('unshare')
  return network && unshare !== undefined ? [unshare, ...network, '--'] : []
}

function environment(): string[] {
  return Object.entries(ENVIRONMENT).flatMap(([name, value]) => ['--setenv', name, value])
}

const WALLS: readonly string[] = [...BARE_WALLS, ...'--dev /dev --chdir /'.split(' ')]

/** The runtime and what may be seen besides, at their own places; links as links. */
function visible(seen: readonly string[]): string[] {
  const places = new Set([process.execPath, ...seen.map((path) => path.replace(/\/\*$/, ''))])
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
