/**
 * Rebuilding PDF documents beside qpdf rewriting the same files, in turn, in one run. qpdf is the yardstick for speed only: it leaves
 * active content where it is.
 *
 *   node bench/disarm-pdf.ts FOLDER [rounds]
 *
 * Prints one JSON line per round and a last line with medians and their ratio. Ratios, not seconds: machines are shared and noisy.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { disarmHere } from '@sekisho/disarm'
import { verifyClean } from '@sekisho/disarm/verify'

const [folder, rounds = '5'] = process.argv.slice(2)
if (folder === undefined) throw new Error('node bench/disarm-pdf.ts FOLDER [rounds]')
const files = readdirSync(folder).map((name) => join(folder, name))
const inputs = files.map((file) => ({ file, bytes: readFileSync(file) }))
const bytes = inputs.reduce((sum, input) => sum + input.bytes.length, 0)

const seconds = (work: () => void): number => {
  const start = process.hrtime.bigint()
  work()
  return Number(process.hrtime.bigint() - start) / 1e9
}
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

const rows: { rebuild: number; verify: number; qpdf: number }[] = []
for (let round = 0; round < Number(rounds); round++) {
  const outputs: Uint8Array[] = []
  const rebuild = seconds(() => {
    for (const input of inputs) {
      const { output } = disarmHere(input.bytes, { name: input.file })
      if (output !== undefined) outputs.push(output)
    }
  })
  const verify = seconds(() => {
    for (const output of outputs)
      if (!verifyClean(output, 'pdf').clean) throw new Error('not clean')
  })
  const qpdf = seconds(() => {
    for (const { file } of inputs) spawnSync('qpdf', ['--warning-exit-0', file, '/dev/null'])
  })
  const row = { rebuild, verify, qpdf }
  rows.push(row)
  console.log(
    JSON.stringify({ round, files: inputs.length, written: outputs.length, bytes, ...row }),
  )
}
const middle = {
  rebuild: median(rows.map((row) => row.rebuild)),
  verify: median(rows.map((row) => row.verify)),
  qpdf: median(rows.map((row) => row.qpdf)),
}
console.log(
  JSON.stringify({ median: middle, ratio: (middle.rebuild + middle.verify) / middle.qpdf }),
)
