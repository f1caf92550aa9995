/** The bypass suite against our own cloud gate: a real process, real addresses in a network namespace, a real name server, servers that count. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readProbes } from '../bench/proxy/bypass/cases.ts'

interface Line {
  readonly id?: string
  readonly result?: string
}

test('nobody gets past the cloud gate by any of the ways in corpus/cloud/bypass, and whoever may pass does', () => {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, '../bench/proxy/bypass.ts'), '--start', 'sekisho'],
    { encoding: 'utf8', timeout: 170_000 },
  )
  const lines = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line)
  const results = lines.filter(({ id }) => id !== undefined)
  expect(
    results.filter(({ result }) => result !== 'held'),
    stderr,
  ).toEqual([])
  expect(results.map(({ id }) => id)).toEqual(readProbes().map(({ id }) => id))
}, 180_000)
