/** Tries what a taken-over worker would try, and says what it could do. */
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const port = process.argv[2] ?? ''

function could(act: () => unknown): string {
  try {
    return act() ? 'could' : 'could not'
  } catch {
    return 'could not'
  }
}

async function couldConnect(): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(port), '127.0.0.1')
    socket.once('data', () => resolve('could'))
    socket.once('error', () => resolve('could not'))
    socket.setTimeout(5000, () => resolve('could not'))
  })
}

/** Said to every worker: how the C library handles memory, and where the box begins. */
const OWN = ['MALLOC_MMAP_THRESHOLD_', 'PWD']

const network = await couldConnect()
process.stdout.write(
  JSON.stringify({
    network,
    read: could(() => readFileSync('/etc/passwd').length > 0),
    // Not even the sources: the program came in over the line.
    sources: could(() => readFileSync(process.argv[3] ?? '').length > 0),
    write: could(() => {
      const path = join(tmpdir(), `sekisho-probe-${process.pid}`)
      writeFileSync(path, 'x')
      rmSync(path)
      return true
    }),
    child: could(() => spawnSync('/bin/true').status === 0),
    // Its parent's environment; what the box itself sets is the same for everybody.
    environment: could(() => Object.keys(process.env).some((name) => !OWN.includes(name))),
    secret: could(() => process.env['SEKISHO_TEST_SECRET'] === 'secret'),
    // oxlint-disable-next-line no-eval -- that it does not work is what is tested
    code: could(() => (0, eval)('1 + 1') === 2),
  }),
  () => process.exit(0),
)
