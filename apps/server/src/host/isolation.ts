/**
 * The low side runs in a network of its own that has no way out. Sockets on which it listens are opened outside and
 * handed in: connections that come are served, connections that go are impossible, whatever code runs in there.
 */
import { spawnSync } from 'node:child_process'
import { connect } from 'node:net'

/** Own user and network namespace: works for an ordinary user, and takes no capability outside along. */
const UNSHARE = ['unshare', '--user', '--map-current-user', '--net', '--'] as const

/**
 * What to put before a command so that it cannot open a connection; empty where this system cannot do that.
 */
export function isolationPrefix(): readonly string[] {
  if (process.platform !== 'linux') return []
  const [command, ...rest] = UNSHARE
  const probe = spawnSync(command, [...rest, 'true'], { stdio: 'ignore', timeout: 10_000 })
  return probe.status === 0 ? UNSHARE : []
}

/** How long a connection is tried before it counts as impossible, ms. */
const PROBE_MS = 2000

/**
 * Measures, from inside, that no connection can be opened: tries one to a port of this machine on which something
 * is known to listen.
 */
export function cannotConnect(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const end = (cut: boolean): void => {
      socket.destroy()
      resolve(cut)
    }
    socket.setTimeout(PROBE_MS, () => {
      end(true)
    })
    socket.once('connect', () => {
      end(false)
    })
    socket.once('error', () => {
      end(true)
    })
  })
}
