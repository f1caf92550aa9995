import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'

const MAX_SECONDS = 120
const MAX_OUTPUT = 256 * 1024 * 1024

/** A program that holds a network namespace for as long as it lives; when it ends, the kernel takes the namespace and its cables away. */
export interface Namespace {
  readonly process: ChildProcess & { readonly pid: number }
}

/** Why no namespace can be made here. */
export interface NoNamespace {
  readonly reason: 'PROBE-NO-LAB'
  readonly says: string
}

/** What a program in a namespace said. */
export interface Said {
  readonly code: number
  readonly out: string
  readonly errors: string
}

/** The first of these programs that is here, without looking at anybody's PATH. */
export function programOf(...names: readonly string[]): string | undefined {
  const places = ['/usr/sbin', '/usr/bin', '/sbin', '/bin']
  return names
    .flatMap((name) => places.map((place) => `${place}/${name}`))
    .find((path) => existsSync(path))
}

// Whoever is root needs no user namespace; else all namespaces of a lab lie in one user namespace, in which we are root.
const isRoot = (): boolean => process.getuid?.() === 0

/** A namespace with nothing in it, held by a program that waits for its input to end. */
export async function holdNamespace(): Promise<Namespace | NoNamespace> {
  const user = isRoot() ? [] : ['--user', '--map-root-user']
  return started('/usr/bin/unshare', [...user, '--net', '/bin/sh', '-c', 'echo ready; exec cat'])
}

/** A program in a new namespace beside `first`, of which it must share the user namespace so that a cable can be laid between both. */
export async function startIn(
  first: Namespace,
  program: readonly string[],
): Promise<Namespace | NoNamespace> {
  const unshare = ['/usr/bin/unshare', '--net', ...program]
  if (isRoot()) return started(unshare[0]!, unshare.slice(1))
  return started('/usr/bin/nsenter', [...userOf(first), ...unshare])
}

const userOf = ({ process: { pid } }: Namespace): readonly string[] =>
  isRoot() ? [] : [`--user=/proc/${pid}/ns/user`, '--preserve-credentials']

function started(command: string, args: readonly string[]): Promise<Namespace | NoNamespace> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', TZ: 'UTC', LC_ALL: 'C' },
      cwd: '/',
    })
    let errors = ''
    const none = (says: string): void => resolve({ reason: 'PROBE-NO-LAB', says })
    child.stderr.on('data', (bytes: Buffer) => {
      if (errors.length < 2_000) errors += bytes.toString('utf8')
    })
    child.stdin.on('error', () => {})
    child.on('error', (error) => none(error.message))
    child.on('exit', () => none(errors.trim().slice(0, 500) || `${command} ended`))
    child.stdout.once('readable', () => {
      const { pid } = child
      if (pid === undefined || child.stdout.read(6)?.toString() !== 'ready\n') return
      resolve({ process: child as Namespace['process'] })
    })
  })
}

/** Runs a program in a namespace, with `input` at its door. */
export function runIn(namespace: Namespace, program: readonly string[], input = ''): Promise<Said> {
  const net = `--net=/proc/${namespace.process.pid}/ns/net`
  return new Promise((resolve) => {
    const child = spawn('/usr/bin/nsenter', [...userOf(namespace), net, ...program], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', TZ: 'UTC', LC_ALL: 'C' },
      cwd: '/',
      timeout: MAX_SECONDS * 1_000,
      killSignal: 'SIGKILL',
    })
    const out: Buffer[] = []
    let size = 0
    let errors = ''
    child.stdout.on('data', (bytes: Buffer) => {
      size += bytes.length
      if (size > MAX_OUTPUT) child.kill('SIGKILL')
      else out.push(bytes)
    })
    child.stderr.on('data', (bytes: Buffer) => {
      if (errors.length < 10_000) errors += bytes.toString('utf8')
    })
    child.stdin.on('error', () => {})
    child.on('error', (error) => resolve({ code: 1, out: '', errors: error.message }))
    child.on('close', (code) =>
      resolve({ code: code ?? 1, out: Buffer.concat(out).toString('utf8'), errors }),
    )
    child.stdin.end(input)
  })
}

/** Ends a program that was started here, and with it its namespace. */
export function endNamespace({ process: child }: Namespace): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) {
      resolve()
      return
    }
    child.once('exit', () => resolve())
    child.kill('SIGKILL')
  })
}
