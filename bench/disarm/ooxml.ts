/**
 * Rebuilding and re-reading one Office file, in turn, in one process: processor seconds (machines are shared, so no wall clock) and the
 * most memory that was held.
 *
 *   node bench/disarm/make-large.ts xlsx 10 large.xlsx
 *   node bench/disarm/ooxml.ts large.xlsx [rounds]
 */
import { readFileSync } from 'node:fs'
import { disarmHere } from '@sekisho/disarm'
import { verifyClean } from '@sekisho/disarm/verify'

const [file, rounds = '3'] = process.argv.slice(2)
if (file === undefined) throw new Error('node bench/disarm/ooxml.ts FILE [rounds]')
const bytes = readFileSync(file)

const seconds = (work: () => void): number => {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}
const perSecond = (size: number, spent: number): number => Number((size / 1e6 / spent).toFixed(1))

for (let round = 0; round < Number(rounds); round++) {
  let output: Uint8Array = new Uint8Array()
  const rebuild = seconds(() => {
    const answer = disarmHere(bytes, { name: file })
    if (answer.output === undefined) throw new Error(answer.report.reason)
    output = answer.output
  })
  const verify = seconds(() => {
    if (!verifyClean(output).clean) throw new Error('not clean')
  })
  console.log(
    JSON.stringify({
      round,
      bytes: bytes.length,
      written: output.length,
      rebuild,
      verify,
      rebuildMBps: perSecond(bytes.length, rebuild),
      verifyMBps: perSecond(output.length, verify),
      rssMB: Math.round(process.resourceUsage().maxRSS / 1024),
    }),
  )
}
