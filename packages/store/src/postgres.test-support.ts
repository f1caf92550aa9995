/**
 * A real PostgreSQL for tests: its own data folder, a Unix socket and no TCP, gone when the test is.
 */
import { execFileSync, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { chownSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'

export interface TestPostgres {
  /** A `postgres://` URL of a fresh, empty database. */
  freshUrl(): Promise<string>
  stop(): Promise<void>
}

const START_ATTEMPTS = 200
const POLL_MS = 50

/** Why PostgreSQL cannot be started here, or `undefined`. In CI there is no excuse: there it must be installed. */
export function postgresMissing(): string | undefined {
  if (binaryFolder() !== undefined) return undefined
  const reason = 'PostgreSQL is not installed (apt-get install postgresql)'
  if (process.env['CI'] === 'true') throw new Error(reason)
  return reason
}

/**
 * Starts a server.
 *
 * @param settings lines for postgresql.conf, e.g. `{ fsync: 'off' }`
 */
export async function startPostgres(
  settings: Readonly<Record<string, string>> = {},
): Promise<TestPostgres> {
  const bin = binaryFolder() ?? ''
  const user = unprivileged()
  const dir = mkdtempSync(join(tmpdir(), 'sekisho-pg-'))
  if (user !== undefined) chownSync(dir, user.uid, user.gid)
  const data = join(dir, 'data')
  const init = ['-D', data, '-U', 'sekisho', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync']
  execFileSync(join(bin, 'initdb'), init, { ...user, cwd: dir, stdio: 'ignore' })
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const server = spawn(join(bin, 'postgres'), ['-D', data, '-k', dir, '-h', '', ...options], {
    ...user,
    cwd: dir,
    stdio: 'ignore',
  })
  const kill = (): void => void server.kill('SIGKILL')
  process.once('exit', kill)
  await ready(dir)
  let count = 0
  return {
    freshUrl: async () => {
      const name = `test_${(count += 1)}`
      await withClient(dir, (client) => client.query(`create database ${name}`))
      return url(dir, name)
    },
    stop: async () => {
      await stopServer(server)
      process.removeListener('exit', kill)
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

function url(dir: string, database: string): string {
  return `postgres://sekisho@/${database}?host=${encodeURIComponent(dir)}`
}

async function ready(dir: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await withClient(dir, (client) => client.query('select 1'))
      return
    } catch (error) {
      if (attempt === START_ATTEMPTS) throw error
      await sleep(POLL_MS)
    }
  }
}

async function withClient(dir: string, work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: url(dir, 'postgres') })
  await client.connect()
  await work(client).finally(() => client.end())
}

async function stopServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const gone = new Promise((resolve) => {
    server.once('exit', resolve)
  })
  // SIGQUIT: immediate shutdown. Nothing here is to be kept.
  server.kill('SIGQUIT')
  await gone
}

/** Debian's folders, newest version first, then where others install. */
function binaryFolder(): string | undefined {
  const debian = globSync('/usr/lib/postgresql/*/bin').toSorted(byVersion)
  return [...debian, '/usr/local/bin', '/usr/bin'].find((folder) =>
    existsSync(join(folder, 'initdb')),
  )
}

function byVersion(a: string, b: string): number {
  return b.localeCompare(a, 'en', { numeric: true })
}

/** PostgreSQL refuses to run as root. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  const found = ['postgres', 'nobody']
    .map((name) => users.find(([user]) => user === name))
    .find(Boolean)
  return { uid: Number(found?.[2] ?? 65_534), gid: Number(found?.[3] ?? 65_534) }
}
