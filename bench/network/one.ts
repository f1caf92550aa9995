/**
 * One proof in a fresh process, as `sekisho prove` does it: declare, write, load into a kernel, read back, compare, look for breaches. Prints one JSON line.
 *
 *   node bench/network/one.ts FLOWS ROUNDS ours|rules|z3
 */
import {
  declare,
  invariants,
  loadNftables,
  noon,
  prove,
  readNftables,
  wiringOf,
  writeNftables,
} from '@sekisho/network'
import type { Declared, Filter } from '@sekisho/network'
import { rulesOf } from './rules.ts'
import { smtOf } from './smt.ts'
import { townOf } from './towns.ts'

const [flows, rounds, how] = [Number(process.argv[2]), Number(process.argv[3]), process.argv[4]]
const town = townOf(flows)

/** Milliseconds by the clock and of this process's processor time. */
interface Spent {
  readonly clock: number
  readonly processor: number
}

async function spent<Result>(work: () => Result | Promise<Result>): Promise<[Result, Spent]> {
  const [clock, cpu] = [performance.now(), process.cpuUsage()]
  const result = await work()
  const { user, system } = process.cpuUsage(cpu)
  return [result, { clock: performance.now() - clock, processor: (user + system) / 1_000 }]
}

async function held(text: string, declared: Declared): Promise<[Filter, Spent, Spent]> {
  const [loaded, loading] = await spent(() => loadNftables(text))
  if (!loaded.ok) throw new Error(loaded.says)
  const [filter, reading] = await spent(() =>
    readNftables(loaded.listing, { at: noon(declared.at) }),
  )
  return [filter, loading, reading]
}

async function ours(): Promise<Record<string, unknown>> {
  const [declared, declaring] = await spent(() => declare(town, { at: '2026-11-25' }))
  const [text, writing] = await spent(() =>
    how === 'rules' ? rulesOf(declared) : writeNftables(declared),
  )
  const [filter, loading, reading] = await held(text, declared)
  const [proof, proving] = await spent(() => prove(declared, filter))
  const [breaches, breaching] = await spent(() => invariants(wiringOf(town), filter))
  if (proof.kind !== 'equal') throw new Error(JSON.stringify(proof, bigints))
  const rules = [...filter.chains.values()].reduce((sum, one) => sum + one.length, 0)
  return {
    rules,
    bytes: text.length,
    breaches: breaches.length,
    declaring,
    writing,
    loading,
    reading,
    proving,
    breaching,
  }
}

/** The same two things, the declaration and what the kernel holds, given to z3 as a script. Making the script is not counted. */
async function z3(): Promise<Record<string, unknown>> {
  const { init } = await import('z3-solver')
  const { Z3 } = await init()
  const declared = declare(town, { at: '2026-11-25' })
  const [filter] = await held(writeNftables(declared), declared)
  const script = smtOf(declared, filter)
  const context = Z3.mk_context(Z3.mk_config())
  const [answer, proving] = await spent(() => Z3.eval_smtlib2_string(context, script))
  Z3.del_context(context)
  if (answer.trim() !== 'unsat') throw new Error(`z3 says ${answer}`)
  return { bytes: script.length, proving }
}

const bigints = (_: string, value: unknown): unknown =>
  typeof value === 'bigint' ? String(value) : value

for (let round = 0; round < rounds; round += 1) {
  const measured = how === 'z3' ? await z3() : await ours()
  process.stdout.write(`${JSON.stringify({ flows, how, round, ...measured })}\n`)
}
// z3 keeps its threads.
process.exit(0)
