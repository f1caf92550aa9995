/**
 * The most memory that a sandboxed worker holds while it disarms one file, as the pool starts it: its whole resident size, the runtime included.
 *
 *   node bench/disarm/make-large.ts eml 50 large.eml
 *   node bench/disarm/peak.ts large.eml …
 *
 * Prints one JSON line per file, each disarmed by a fresh worker.
 */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { createPool } from '@sekisho/disarm'
import { descendants } from './descendants.ts'

const files = process.argv.slice(2)
if (files.length === 0) throw new Error('node bench/disarm/peak.ts FILE …')
// Without other programs: what a worker holds itself.
const toolbox = { has: () => false, run: () => Promise.resolve(null) }

for (const file of files) {
  const pool = createPool({ size: 1, toolbox })
  const bytes = readFileSync(file)
  const { report, output } = await pool.disarm(bytes, { name: basename(file) })
  const running = descendants()
  await pool.close()
  console.log(
    JSON.stringify({
      file: basename(file),
      bytes: bytes.length,
      verdict: report.verdict,
      ...(report.reason === undefined ? {} : { reason: report.reason }),
      written: output?.length ?? 0,
      cpu: Math.max(...running.map(({ cpu }) => cpu)),
      peakMebibytes: Math.max(...running.map(({ peakMebibytes }) => peakMebibytes)),
    }),
  )
}
