/**
 * Following every class and everything from the Internet through made-up towns of growing size. The first town is the one
 * we make a claim about: 400 systems and 2,000 flows in well under 200 ms. Its peer is itself, twice as large: the
 * time of each doubling beside the one before shows how the cost grows.
 *
 *   node bench/chains.ts [rounds]
 *
 * Prints one JSON line per size with the median of all rounds. The first round, in which the rules are read and the
 * code is compiled, is told apart as `first`.
 */
import { readFileSync } from 'node:fs'
import type { Answer, Flow, Question, Town } from '@sekisho/core'
import { createJudge } from '@sekisho/judge'
import { readTown, spreadOf } from '@sekisho/town'

const rounds = Number(process.argv[2] ?? '9')
const read = readTown(
  readFileSync(new URL('../corpus/town/mended/town.yaml', import.meta.url), 'utf8'),
)
if (!read.ok) throw new Error('corpus/town/mended/town.yaml')
const base = read.town
const judge = createJudge()
let asked = 0
const counting = {
  ask: (question: Question): Answer => {
    asked += 1
    return judge.ask(question)
  },
}

/** A generator of its own: the same towns on every machine. Park and Miller's minimal standard. */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
}

const LEVELS = ['3A', '3B', '3C', '2', '1'] as const
const KINDS = ['none', 'staff', 'resident', 'special-care', 'specific'] as const

/** One system in four in the My Number zone, two in LGWAN, one in the Internet zone; nine flows in ten stay inside. */
function townOf(size: number): Town {
  const draw = numbers(size)
  const zones = ['mynumber', 'lgwan', 'lgwan', 'internet'] as const
  const systems = Array.from({ length: size }, (_, index) => ({
    ...base.systems[0]!,
    id: `s${index}`,
    name: `システム${index}`,
    zone: zones[index % 4]!,
    hosts: [],
  }))
  const flows = Array.from({ length: size * 5 }, (_, index): Flow => {
    const from = draw(size)
    const inside = (from + 4 * (1 + draw(size / 4 - 1))) % size
    const to = draw(10) > 0 ? inside : draw(size)
    return {
      ...base.flows[0]!,
      id: `f${index}`,
      name: `通信${index}`,
      from: `system:s${from}`,
      to: `system:s${to}`,
    }
  })
  const assets = systems.map((system, index) => ({
    id: `a${index}`,
    name: `資産${index}`,
    class: { scheme: '自治体機密性', level: LEVELS[draw(5)]! } as const,
    integrity: '自治体完全性1' as const,
    availability: '自治体可用性1' as const,
    personal: KINDS[draw(5)]!,
    place: system.id,
    owner: 'soumu',
  }))
  return { ...base, systems, flows, assets }
}

// Processor time: machines are shared.
const milliseconds = (work: () => void): number => {
  const start = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

for (const size of [400, 800, 1600, 3200]) {
  const town = townOf(size)
  let chains = 0
  const times = Array.from({ length: rounds + 1 }, () =>
    milliseconds(() => {
      chains = spreadOf(town, { judge: counting, at: '2026-11-22' }).chains.length
    }),
  )
  const [first, ...others] = times
  const questions = asked / times.length
  asked = 0
  const row = { systems: size, flows: size * 5, chains, questions, first, median: median(others) }
  console.log(JSON.stringify(row))
}
