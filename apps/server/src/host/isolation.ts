/**
 * The low side runs in a network of its own that has no way out, and without sight of the other side's folder.
 * Sockets on which it listens are opened outside and handed in: connections that come are served, connections that
 * go are impossible, whatever code runs in there. The kernel enforces it; an ordinary user may set it up.
 */
import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { connect } from 'node:net'

export interface Isolation {
  /** What to put before a command; empty where this system can do nothing of the kind. */
  readonly prefix: readonly string[]
  readonly network: boolean
  /** The hidden places are hidden. */
  readonly files: boolean
}

const NONE: Isolation = { prefix: [], network: false, files: false }

/** Own user and network namespace. */
const NETWORK = ['unshare', '--user', '--map-current-user', '--net', '--'] as const

/**
 * Own mount namespace too: an empty read-only folder, or an empty file, is put over each hidden place. Then one more
 * user namespace inside, so that what runs there has no power over those mounts: it cannot take them away.
 * `$1` is the list of places, separated by line feeds.
 */
const HIDE = `
set -e
IFS='
'
for place in $1; do
  if [ -d "$place" ]; then mount -t tmpfs -o ro,size=4k,mode=0555 none "$place"
  else mount --bind /dev/null "$place"; fi
done
unset IFS
shift
exec unshare --user --map-user="$1" --map-group="$2" -- sh -c 'shift 2; exec "$@"' sh "$@"
`

/**
 * The strongest isolation this system offers.
 *
 * @param hidden absolute paths that the low side must not see: folders and files of the other side
 */
export function isolate(hidden: readonly string[] = []): Isolation {
  if (process.platform !== 'linux') return NONE
  const places = hidden.filter((place) => !place.includes('\n') && exists(place))
  const full = hiding(places)
  if (places.length === hidden.length && works(full))
    return { prefix: full, network: true, files: true }
  if (works(NETWORK)) return { prefix: NETWORK, network: true, files: hidden.length === 0 }
  return NONE
}

function hiding(places: readonly string[]): readonly string[] {
  const ids = [String(process.getuid?.() ?? 0), String(process.getgid?.() ?? 0)]
  return [
    'unshare',
    '--user',
    '--map-root-user',
    '--mount',
    '--net',
    '--',
    'sh',
    '-c',
    HIDE,
    'sh',
    places.join('\n'),
    ...ids,
  ]
}

function works([command = '', ...rest]: readonly string[]): boolean {
  return spawnSync(command, [...rest, 'true'], { stdio: 'ignore', timeout: 10_000 }).status === 0
}

function exists(place: string): boolean {
  return statSync(place, { throwIfNoEntry: false }) !== undefined
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
