/** One file, rebuilt and verified in this process; prints processor seconds of each and the peak memory as JSON. */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { disarmHere } from '@sekisho/disarm'
import { verifyClean } from '@sekisho/disarm/verify'

const [file = ''] = process.argv.slice(2)
const bytes = readFileSync(file)
const seconds = <T>(work: () => T): readonly [T, number] => {
  const before = process.cpuUsage()
  const value = work()
  const { user, system } = process.cpuUsage(before)
  return [value, (user + system) / 1e6]
}
const [{ output, report }, rebuild] = seconds(() => disarmHere(bytes, { name: basename(file) }))
if (output === undefined) throw new Error(`refused: ${report.reason ?? ''}`)
const [verdict, verify] = seconds(() => verifyClean(output, report.outputType))
if (!verdict.clean) throw new Error(`not clean: ${verdict.reason}`)
console.log(
  JSON.stringify({
    rebuild,
    verify,
    peakMebibytes: Math.round(process.resourceUsage().maxRSS / 1024),
  }),
)
