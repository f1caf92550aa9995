/**
 * One decision, through the engine's stateful interface and through the evaluator generated from the same rules, beside one plain call of
 * Cedar that parses rules and schema each time. All three in turn, in one run:
 *
 *   node bench/judge.ts [rounds]
 *
 * The mix: the golden cases of corpus/judge in random order, each with up to three facts taken from another case of the same question. The
 * order is the same in every run. Prints one JSON line per way and round and a last line with medians and ratios. Ratios, not seconds:
 * machines are shared and noisy.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { isAuthorized } from '@cedar-policy/cedar-wasm/nodejs'
import type { Question } from '@sekisho/core'
import { loadGuideline, ruleApplies } from '@sekisho/guideline'
import { createCompiledJudge, createJudge } from '@sekisho/judge'

const [rounds = '5'] = process.argv.slice(2)
/** The plain call is some seventy times slower than the engine: fewer of it say as much. */
const DECISIONS = { engine: 10_000, compiled: 500_000, plain: 200 }

interface Case {
  readonly question: Question['question']
  readonly facts: Readonly<Record<string, boolean | number | string | string[]>>
}

const CORPUS = new URL('../corpus/judge/', import.meta.url)
/** A file is a list of cases, or the facts that its cases have in common and what each changes. */
type Cases =
  | readonly Case[]
  | (Case & { readonly cases: readonly { readonly with: Case['facts'] }[] })

const golden = readdirSync(CORPUS)
  .filter((name) => name.endsWith('.json'))
  .flatMap((name) => {
    const file = JSON.parse(readFileSync(new URL(name, CORPUS), 'utf8')) as Cases
    if (!('cases' in file)) return file
    const { question, facts } = file
    return file.cases.map((one): Case => ({ question, facts: { ...facts, ...one.with } }))
  })

/** The same row of numbers in every run (mulberry32). */
let state = 20_260_327
function random(below: number): number {
  state = (state + 0x6d2b79f5) | 0
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
  return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
}

function varied({ question, facts }: Case): Case {
  const others = golden.filter((other) => other.question === question)
  const names = Object.keys(facts)
  const changed = { ...facts }
  for (let times = random(4); times > 0; times--) {
    const name = names[random(names.length)]!
    changed[name] = others[random(others.length)]!.facts[name]!
  }
  return { question, facts: changed }
}

const mix = Array.from({ length: 10_000 }, () => varied(golden[random(golden.length)]!))
const questions = mix as unknown as readonly Question[]

const { rules, schema } = loadGuideline()
function plain({ question, facts }: Case): void {
  const town = facts as unknown as Parameters<typeof ruleApplies>[1]
  const chosen = rules.filter((rule) => ruleApplies(rule, town))
  const answer = isAuthorized({
    principal: { type: 'Sekisho::Asker', id: 'gate' },
    action: { type: 'Sekisho::Action', id: question },
    resource: { type: 'Sekisho::Subject', id: 'crossing' },
    context: facts,
    schema,
    validateRequest: true,
    policies: { staticPolicies: Object.fromEntries(chosen.map(({ key, text }) => [key, text])) },
    entities: [],
  })
  if (answer.type === 'failure') throw new Error('the plain call failed')
}

interface Measured {
  readonly way: string
  readonly decisions: number
  /** By the clock, and by the processor time of this thread: the first is what a user sees on a machine with nothing else to do. */
  readonly perSecond: number
  readonly perCpuSecond: number
  /** Microseconds of one decision, by the clock: processor time is told in steps of milliseconds. */
  readonly p50: number
  readonly p99: number
}

/** Microseconds of the processor that this thread has used. */
function cpuTime(): number {
  const { user, system } = process.threadCpuUsage()
  return user + system
}

const clock = (): number => performance.now() * 1000

/** Throughput and the time of each decision are measured apart: reading a clock costs as much as a compiled decision. */
function measure(way: string, decisions: number, decide: (index: number) => void): Measured {
  const [start, cpuStart] = [clock(), cpuTime()]
  for (let index = 0; index < decisions; index++) decide(index % mix.length)
  const [wall, cpu] = [clock() - start, cpuTime() - cpuStart]
  const times = timeEach(Math.min(decisions, mix.length), decide)
  return {
    way,
    decisions,
    perSecond: Math.round(decisions / (wall / 1e6)),
    perCpuSecond: Math.round(decisions / (cpu / 1e6)),
    p50: at(times, 0.5),
    p99: at(times, 0.99),
  }
}

function timeEach(decisions: number, decide: (index: number) => void): Float64Array {
  return Float64Array.from({ length: decisions }, (_, index) => {
    const before = clock()
    decide(index)
    return clock() - before
  }).toSorted()
}

function at(sorted: Float64Array, share: number): number {
  return Math.round(sorted[Math.floor(sorted.length * share)]! * 10) / 10
}

const engine = createJudge()
const compiled = createCompiledJudge()
for (const question of questions)
  if (JSON.stringify(engine.ask(question)) !== JSON.stringify(compiled.ask(question)))
    throw new Error('the two judges disagree')

const rows: Measured[] = []
for (let round = 0; round < Number(rounds); round++)
  for (const row of [
    measure('engine', DECISIONS.engine, (index) => engine.ask(questions[index]!)),
    measure('compiled', DECISIONS.compiled, (index) => compiled.ask(questions[index]!)),
    measure('plain Cedar', DECISIONS.plain, (index) => plain(mix[index]!)),
  ]) {
    rows.push(row)
    console.log(JSON.stringify({ round, ...row }))
  }

const MEASURES = ['perSecond', 'perCpuSecond', 'p50', 'p99'] as const

function median(way: string, name: (typeof MEASURES)[number]): number {
  const values = rows.filter((row) => row.way === way).map((row) => row[name])
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}
const middle = Object.fromEntries(
  ['engine', 'compiled', 'plain Cedar'].map((way) => [
    way,
    Object.fromEntries(MEASURES.map((name) => [name, median(way, name)])),
  ]),
)
const ratio = (way: string, peer: string): number =>
  Math.round(median(way, 'perCpuSecond') / median(peer, 'perCpuSecond'))
console.log(
  JSON.stringify({
    rules: rules.length,
    cases: golden.length,
    median: middle,
    ratioOfCpu: {
      'compiled to engine': ratio('compiled', 'engine'),
      'engine to plain Cedar': ratio('engine', 'plain Cedar'),
    },
  }),
)
