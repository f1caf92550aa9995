import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { seedsOf } from './corpus.ts'
import { MAX_INPUT, mutate } from './mutate.ts'
import { Random } from './random.ts'
import { TARGETS } from './targets.ts'

/** Runs of each target here; long ones are by hand and by night. Counted, not timed, so that every machine does the same. */
const BUDGET = 150
const RUN = fileURLToPath(new URL('run.ts', import.meta.url))

interface Line {
  readonly target: string
  readonly runs: number
  readonly reached: number
  readonly faults: readonly string[]
}

function attack(runs: number, ...targets: readonly string[]): readonly Line[] {
  const args = ['--no-warnings', RUN, '--runs', String(runs), '--random', '2', '--json', ...targets]
  const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 24 })
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
}

describe('whatever bytes come', () => {
  it('no parser crashes or hangs; what is written is accepted, and written again alike', () => {
    const lines = attack(BUDGET)
    expect(lines.filter(({ faults }) => faults.length > 0)).toEqual([])
    expect(lines.map(({ target }) => target)).toEqual(TARGETS.map(({ name }) => name))
    expect(lines.filter(({ runs, reached }) => runs < BUDGET || reached < 50)).toEqual([])
  })

  it('every target has inputs of its own to begin with', () => {
    const poor = TARGETS.filter(({ name }) => seedsOf(name).length === 0)
    expect(poor.map(({ name }) => name)).toEqual([])
  })
})

describe('the fuzzer itself', () => {
  it('finds its way through three doors, one after another, because it sees which code ran', () => {
    expect(attack(10_000, 'planted').map(({ faults }) => faults)).toEqual([['behind three doors']])
  })

  it('does the same again for the same seed number, and never makes an input too large', () => {
    const run = () => {
      const random = new Random(3)
      let bytes: Uint8Array = new Uint8Array(MAX_INPUT)
      for (let i = 0; i < 50; i++) bytes = mutate(bytes, bytes, ['word'], random)
      return bytes
    }
    expect(Buffer.from(run()).equals(run())).toBe(true)
    expect(run().length).toBeLessThanOrEqual(MAX_INPUT)
  })
})
