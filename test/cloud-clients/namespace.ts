/** Runs a script in a network namespace of its own, where the addresses of services outside are this machine's. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Why it cannot be done here, or nothing. */
export function whyNoNamespace(programs: readonly string[]): string | undefined {
  if (process.getuid?.() !== 0) return 'needs root for a network namespace and port 53'
  const missing = ['/usr/bin/unshare', ...programs].find((one) => !existsSync(one))
  if (missing !== undefined) return `needs ${missing}`
  const { status } = spawnSync('/usr/bin/unshare', ['--net', 'ip', 'link', 'set', 'lo', 'up'])
  return status === 0 ? undefined : 'cannot make a network namespace here'
}

/**
 * @param file a script that prints a line of JSON for each thing it saw
 * @throws Error with what it said when it did not end well
 */
export function inNamespace(file: string, addresses: readonly string[]): readonly unknown[] {
  const own = addresses.map((one) => `ip addr add ${one}/32 dev lo`)
  const script = ['ip link set lo up', ...own, 'exec "$@"'].join(' && ')
  const { stdout, stderr, status } = spawnSync(
    '/usr/bin/unshare',
    ['--net', '/bin/sh', '-c', script, 'sh', process.execPath, file],
    { encoding: 'utf8', timeout: 170_000, maxBuffer: 32 * 1024 * 1024 },
  )
  if (status !== 0) throw new Error(stderr)
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
}
