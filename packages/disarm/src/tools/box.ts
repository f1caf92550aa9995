import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { Readable, Writable } from 'node:stream'

/** A file that exists only inside the box. */
export interface BoxFile {
  /** Absolute path inside. */
  readonly path: string
  readonly bytes: Uint8Array
}

export interface BoxTask {
  /** Run by `/bin/sh -c` inside; a constant of ours, never made from input. What it prints is the result. */
  readonly script: string
  readonly files: readonly BoxFile[]
  /** Bytes of output; a box that says more is killed. */
  readonly outputBytes: number
  readonly milliseconds: number
}

/**
 * Runs a program that is not ours on a hostile file: everything is unshared (network, processes, users, IPC, host name), the root is read only
 * and holds only `/usr` and font tables, `/tmp` is a small memory file system, the environment is empty, no capability is left, memory,
 * processor time, file size and the number of open files have ceilings. In by descriptors, out by one pipe.
 *
 * @returns what the script printed, or `undefined` when it failed, said too much, took too long or said nothing
 */
export function runInBox(task: BoxTask): Promise<Uint8Array | undefined> {
  const bwrap = findTool('bwrap')
  const prlimit = findTool('prlimit')
  if (bwrap === undefined || prlimit === undefined) return Promise.resolve(undefined)
  const inside = task.files.flatMap(({ path }, index) => ['--file', String(index + 3), path])
  const walls = [...WALLS, ...inside, '--remount-ro', '/']
  const args = [...ceilings(task), '--', bwrap, ...walls, '/bin/sh', '-c', task.script]
  const child = spawn(prlimit, args, {
    stdio: ['ignore', 'pipe', 'ignore', ...task.files.map(() => 'pipe' as const)],
    env: {},
    cwd: '/',
    detached: true,
  })
  task.files.forEach(({ bytes }, index) => feed(child.stdio[index + 3], bytes))
  return collect(child, task)
}

/** True when this machine can build such a box for this user. Tried once. */
export function canBox(): boolean {
  boxed ??= tryBox()
  return boxed
}

let boxed: boolean | undefined

function tryBox(): boolean {
  const bwrap = findTool('bwrap')
  if (bwrap === undefined || findTool('prlimit') === undefined) return false
  return spawnSync(bwrap, [...WALLS, '/bin/true'], { stdio: 'ignore', env: {} }).status === 0
}

/** Where a program of the system is, outside of any PATH an attacker could have set. */
export function findTool(name: string): string | undefined {
  return [`/usr/bin/${name}`, `/bin/${name}`, `/usr/sbin/${name}`].find((path) => existsSync(path))
}

const MEBIBYTE = 1024 * 1024
/** Space of the box's `/tmp`, in bytes: the input, a program's profile and the result. */
const SCRATCH_BYTES = 768 * MEBIBYTE

/** What every box has, a tool's and a worker's: nothing of the machine's own but its programs and their libraries, which can only be read. */
export const BARE_WALLS: readonly string[] = [
  ...'--unshare-all --die-with-parent --new-session --clearenv --cap-drop ALL --hostname box'.split(
    ' ',
  ),
  ...'--ro-bind /usr /usr --symlink usr/bin /bin --symlink usr/lib /lib'.split(' '),
  ...'--symlink usr/lib64 /lib64 --ro-bind-try /etc/ld.so.cache /etc/ld.so.cache'.split(' '),
]

const WALLS: readonly string[] = [
  ...BARE_WALLS,
  ...'--setenv HOME /tmp --setenv PATH /usr/bin --setenv LANG C.UTF-8 --setenv TZ UTC'.split(' '),
  ...'--symlink usr/sbin /sbin --ro-bind-try /etc/alternatives /etc/alternatives'.split(' '),
  ...'--ro-bind-try /etc/fonts /etc/fonts --ro-bind-try /etc/libreoffice /etc/libreoffice'.split(
    ' ',
  ),
  ...'--ro-bind-try /etc/poppler /etc/poppler --ro-bind-try /var/cache/fontconfig /var/cache/fontconfig'.split(
    ' ',
  ),
  ...`--proc /proc --dev /dev --size ${SCRATCH_BYTES} --tmpfs /tmp`.split(' '),
  ...'--dir /tmp/lo/user --dir /tmp/out --chdir /tmp'.split(' '),
]

function ceilings({ milliseconds }: BoxTask): string[] {
  return [
    `--as=${6 * 1024 * MEBIBYTE}`,
    `--cpu=${Math.ceil(milliseconds / 500)}`,
    `--fsize=${SCRATCH_BYTES}`,
    '--core=0',
    '--nofile=512',
  ]
}

function feed(pipe: unknown, bytes: Uint8Array): void {
  const writable = pipe as Writable
  // The box may die before it has read all; that is its end, not ours.
  writable.on('error', () => undefined)
  writable.end(bytes)
}

interface Child {
  readonly stdout: Readable | null
  readonly pid?: number | undefined
  once(event: 'close', listener: (code: number | null) => void): unknown
  once(event: 'error', listener: () => void): unknown
}

function collect(child: Child, task: BoxTask): Promise<Uint8Array | undefined> {
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = []
    let size = 0
    let over = false
    const stop = (): void => {
      over = true
      killGroup(child.pid)
    }
    const timer = setTimeout(stop, task.milliseconds)
    child.stdout?.on('data', (chunk: Uint8Array) => {
      size += chunk.length
      if (size > task.outputBytes) stop()
      else chunks.push(chunk)
    })
    child.once('error', () => resolve(undefined))
    child.once('close', (code) => {
      clearTimeout(timer)
      resolve(over || code !== 0 || size === 0 ? undefined : new Uint8Array(Buffer.concat(chunks)))
    })
  })
}

/** The whole process group: a program in the box may have left children behind. */
function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // Gone already.
  }
}
