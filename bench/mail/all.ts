/**
 * Every figure of the mail gate in one command, on a machine with nothing else on it, as root. Some 20 minutes; the raw output and the picture go to `results/`.
 *
 *   node bench/mail/all.ts [--quick]      --quick: a few of each, into a temporary folder, to see that it runs
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const quick = process.argv.includes('--quick')
const folder = quick
  ? mkdtempSync(join(tmpdir(), 'bench-mail-results-'))
  : join(import.meta.dirname, '../results')

const RUNS: readonly (readonly [result: string, program: string, ...how: string[]])[] = [
  [
    'mail.ndjson',
    'accept.ts',
    '--messages',
    quick ? '200' : '1000',
    '--rounds',
    quick ? '1' : '3',
    '--long',
    quick ? '1000' : '50000',
    '--picture',
    join(folder, 'mail-memory.svg'),
  ],
  ['mail-end-to-end.ndjson', 'end-to-end.ts', '--seconds', quick ? '10' : '120'],
]

for (const [result, program, ...how] of RUNS) {
  const said = execFileSync(process.execPath, [join(import.meta.dirname, program), ...how], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 24,
  })
  process.stdout.write(said)
  writeFileSync(join(folder, result), said)
}
process.stdout.write(`${folder}\n`)
