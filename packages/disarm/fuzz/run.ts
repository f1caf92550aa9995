/**
 * Runs in a process of its own, where the engine's coverage speaks of nothing but the code under attack:
 *
 *   node packages/disarm/fuzz/run.ts (--seconds 60 | --runs 500) [--random N] [--grow] [--json] [TARGET…]
 *
 * Without targets: all, one after another. With `--seconds`, findings are written to corpus/fuzz/<target>/crash-…, where every later run and the
 * tests begin with them; `--grow` keeps inputs that reached new code, too. Exit 1 when there were findings.
 */
import { parseArgs } from 'node:util'
import { keep, seedsOf } from './corpus.ts'
import { fuzz } from './fuzz.ts'
import type { FuzzResult } from './fuzz.ts'
import { planted } from './planted.test-support.ts'
import { TARGETS } from './targets.ts'
import type { Target } from './targets.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string' },
    runs: { type: 'string' },
    random: { type: 'string', default: '1' },
    grow: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})

/** The control: a fuzzer that does not find this one finds nothing. */
const PLANTED: Target = { name: 'planted', dictionary: [], run: planted }

function attack(target: Target): FuzzResult {
  const end = performance.now() + Number(values.seconds ?? 0) * 1000
  const isPlanted = target === PLANTED
  return fuzz(target, {
    seeds: isPlanted ? [new Uint8Array(4)] : seedsOf(target.name).map(({ bytes }) => bytes),
    random: Number(values.random),
    more: (runs) =>
      values.runs === undefined ? performance.now() < end : runs < Number(values.runs),
    within: isPlanted ? 'planted.test-support' : '/packages/disarm/src/',
    ...(values.grow ? { onGrowth: (bytes) => void keep(target.name, 'seed', bytes) } : {}),
  })
}

const wanted = [...TARGETS, PLANTED].filter(({ name }) => positionals.includes(name))
for (const target of positionals.length === 0 ? TARGETS : wanted) {
  const { runs, reached, findings } = attack(target)
  const faults = findings.map(({ fault }) => fault)
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ target: target.name, runs, reached, faults })}\n`
      : `${target.name}: ${runs} runs, ${reached} blocks, ${findings.length} findings\n`,
  )
  if (findings.length > 0) process.exitCode = 1
  if (values.seconds === undefined) continue
  for (const { fault, bytes } of findings)
    process.stdout.write(`  ${fault}: ${keep(target.name, 'crash', bytes)}\n`)
}
