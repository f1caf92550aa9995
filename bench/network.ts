/**
 * What the wire costs: proofs of 100 to 5,000 flows, the same question asked of z3, loading 2,000 flows into a kernel beside capirca writing them, the text of
 * every body of a nation, and a full matrix of real packets through a kernel that has the text.
 *
 * `node bench/network.ts [proofs] [loading] [nation] [matrix] [--z3 MOST] [--bodies N]`: all parts, or those named; writes them into bench/results/network.ndjson, in the
 * place of the same part of an earlier run, and the picture of the proofs. Needs nft, and root or a user namespace; z3 is asked up to MOST flows; capirca is a
 * peer where `aclgen` is there (Debian: python3-capirca).
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { declare, writeNftables } from '@sekisho/network'
import { readTownValue } from '@sekisho/town'
import { bodies, DAY, declarationOf } from './assess/bodies.ts'
import { capircaOf } from './network/capirca.ts'
import { drawn } from './network/picture.ts'
import type { Point } from './network/picture.ts'
import { townOf } from './network/towns.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { z3: { type: 'string', default: '1000' }, bodies: { type: 'string', default: '1788' } },
})
const SIZES = [100, 300, 1_000, 2_000, 3_500, 5_000]
const ROUNDS = 3
const LOADED = 2_000
/** Flows of towns of which the matrix has 24,000 packets, and 24,000 connections of TCP. */
const MATRICES = [
  [100, 'both'],
  [130, 'tcp'],
] as const
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'sekisho-network-'))
const RESULTS = new URL('results/network.ndjson', import.meta.url)
const PARTS = ['proofs', 'loading', 'nation', 'matrix'] as const
type Part = (typeof PARTS)[number]
const lines: { readonly part: Part }[] = []
let part: Part = 'proofs'

const tell = (line: object): void => {
  lines.push({ part, ...line })
  process.stdout.write(`${JSON.stringify({ part, ...line })}\n`)
}
const round = (value: number): number => Math.round(value * 10) / 10
const median = (all: readonly number[]): number =>
  all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)]!

interface Spent {
  readonly clock: number
  readonly processor: number
}
type Measured = Readonly<Record<string, number | string | Spent>>

/** Medians of some rounds in one fresh process, in which the first round is the slowest: nothing of it is compiled yet. */
function run(flows: number, how: 'ours' | 'rules' | 'z3', rounds = ROUNDS): Measured {
  const args = ['--no-warnings', here('network/one.ts'), String(flows), String(rounds), how]
  const out = execFileSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 24 })
  const all = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Measured)
  const first = all[0]!
  const entries = Object.entries(first).map(([key, value]) => {
    if (typeof value !== 'object') return [key, value] as const
    const of = (figure: keyof Spent): number =>
      round(median(all.map((one) => (one[key] as Spent)[figure])))
    return [key, { clock: of('clock'), processor: of('processor') }] as const
  })
  const { round: _, ...measured } = Object.fromEntries(entries)
  return {
    kind: 'proof',
    ...measured,
    firstProving: Math.round((first['proving'] as Spent).processor),
  }
}

function proofs(): readonly Point[] {
  return SIZES.flatMap((flows) =>
    (['ours', 'rules', 'z3'] as const).flatMap((how) => {
      if (how === 'z3' && flows > Number(values.z3)) return []
      const measured = run(flows, how, how === 'z3' ? 1 : ROUNDS)
      tell(measured)
      return [{ flows, how, milliseconds: (measured['proving'] as Spent).processor }]
    }),
  )
}

/** Milliseconds of programs in a namespace of their own: by the clock, and their own processor time. */
function programs(script: string): Spent {
  const user = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']
  return shell(script, ['unshare', ...user, '--net']).spent
}

/** What a script says, and what it and all it starts cost, as the shell counts it. */
function shell(
  script: string,
  around: readonly string[] = [],
): { readonly out: readonly string[]; readonly spent: Spent } {
  const [program, ...args] = [...around, 'sh', '-c', `${script}; times`]
  const started = performance.now()
  const ran = spawnSync(program, args, { encoding: 'utf8' })
  const clock = performance.now() - started
  if (ran.status !== 0) throw new Error(ran.stderr.slice(0, 500))
  const out = ran.stdout.trim().split('\n')
  const processor = [...out.at(-1)!.matchAll(/(\d+)m([\d.]+)s/gu)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1_000,
    0,
  )
  return { out: out.slice(0, -2), spent: { clock: round(clock), processor: round(processor) } }
}

function several(work: () => Spent, rounds = 5): Spent {
  const all = Array.from({ length: rounds }, work)
  return {
    clock: round(median(all.map(({ clock }) => clock))),
    processor: round(median(all.map(({ processor }) => processor))),
  }
}

/** Compile, check and apply; the cost of the namespace and the shell is taken off. */
function loading(): void {
  const town = townOf(LOADED)
  const file = join(scratch, 'town.nft')
  const compiling = several(() => {
    const [clock, cpu] = [performance.now(), process.cpuUsage()]
    writeFileSync(file, writeNftables(declare(town, { at: '2026-11-25' })))
    const { user, system } = process.cpuUsage(cpu)
    return { clock: performance.now() - clock, processor: (user + system) / 1_000 }
  })
  const empty = several(() => programs('true'))
  const net = (script: string): Spent => {
    const all = several(() => programs(script))
    return {
      clock: round(all.clock - empty.clock),
      processor: round(all.processor - empty.processor),
    }
  }
  const [checking, applying] = [net(`nft -c -f ${file}`), net(`nft -f ${file}`)]
  tell({
    kind: 'loading',
    flows: LOADED,
    namespace: empty,
    compiling,
    checking,
    applying,
    total: {
      clock: round(compiling.clock + checking.clock + applying.clock),
      processor: round(compiling.processor + checking.processor + applying.processor),
    },
  })
  capirca(town, compiling)
}

/** A peer that writes: one policy for all flows, as iptables, by a program that starts anew as ours would not. */
function capirca(town: ReturnType<typeof townOf>, compiling: Spent): void {
  if (spawnSync('aclgen', ['--help']).error) {
    tell({ kind: 'capirca', skipped: 'aclgen is not here (Debian: python3-capirca)' })
    return
  }
  const files = capircaOf(declare(town, { at: '2026-11-25' }))
  for (const folder of ['def', 'pol', 'out']) mkdirSync(join(scratch, folder))
  writeFileSync(join(scratch, 'def/NETWORK.net'), files.networks)
  writeFileSync(join(scratch, 'def/SERVICES.svc'), files.services)
  writeFileSync(join(scratch, 'pol/town.pol'), files.policy)
  const writing = several(
    () =>
      programs(
        `cd ${scratch} && aclgen --base_directory . --policy_file pol/town.pol --definitions_directory def --output_directory out 2>/dev/null`,
      ),
    3,
  )
  tell({
    kind: 'capirca',
    flows: LOADED,
    writing,
    ratio: {
      clock: round(writing.clock / compiling.clock),
      processor: round(writing.processor / compiling.processor),
    },
  })
}

function processorSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

/** Every body of a nation, from its declaration to its text. */
function nation(count: number): void {
  const spent = { clock: 0, processor: 0, reading: 0 }
  const each: number[] = []
  let [permits, leftOut, bytes] = [0, 0, 0]
  for (const body of bodies(20_261_122).slice(0, count)) {
    const value: unknown = JSON.parse(JSON.stringify(declarationOf(body, 20_261_122)))
    const before = process.cpuUsage()
    const read = readTownValue(value)
    if (!read.ok) throw new Error(`${body.id}: ${read.problems[0]!.path}`)
    spent.reading += processorSince(before)
    const [clock, cpu] = [performance.now(), process.cpuUsage()]
    const declared = declare(read.town, { at: DAY })
    const text = writeNftables(declared)
    spent.clock += performance.now() - clock
    each.push(processorSince(cpu))
    spent.processor += each.at(-1)!
    permits += declared.permits.length
    leftOut += declared.leftOut.length
    bytes += text.length
  }
  tell({
    kind: 'nation',
    bodies: count,
    permits,
    leftOut,
    megabytes: round(bytes / 1e6),
    readingSeconds: { processor: round(spent.reading / 1_000) },
    compilingSeconds: {
      clock: round(spent.clock / 1_000),
      processor: round(spent.processor / 1_000),
    },
    bodyMsOfProcessor: { p50: round(median(each)), most: round(Math.max(...each)) },
  })
}

/** Each round as it was, and the processor time of all that took part, from the first namespace to the last. */
function matrix(flows: number, protocols: 'both' | 'tcp'): void {
  const script = `"${process.execPath}" --no-warnings "${here('network/matrix.ts')}" ${flows} ${ROUNDS} ${protocols}`
  const { out, spent } = shell(script)
  for (const line of out) tell({ kind: 'matrix', protocols, ...(JSON.parse(line) as object) })
  tell({ kind: 'matrix-whole', flows, protocols, rounds: ROUNDS, spent })
}

const machine = (): void =>
  tell({
    kind: 'machine',
    node: process.version,
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    nft: spawnSync('nft', ['--version'], { encoding: 'utf8' }).stdout.trim(),
    load: loadavg().map(round),
  })

function proofPart(): void {
  const points = proofs()
  for (const { flows, milliseconds } of points.filter(({ how }) => how === 'z3')) {
    const own = points.find((point) => point.flows === flows && point.how === 'ours')!
    tell({ kind: 'ratio', flows, z3ByProcessor: round(milliseconds / own.milliseconds) })
  }
  writeFileSync(new URL('results/network.svg', import.meta.url), drawn(points))
}

for (const name of PARTS) {
  if (positionals.length > 0 && !positionals.includes(name)) continue
  part = name
  machine()
  if (name === 'proofs') proofPart()
  else if (name === 'loading') loading()
  else if (name === 'nation') nation(Number(values.bodies))
  else for (const [flows, protocols] of MATRICES) matrix(flows, protocols)
  save()
}
rmSync(scratch, { recursive: true, force: true })

/** Parts of earlier runs stay, those of this one take the place of their own. */
function save(): void {
  const done = new Set(lines.map((line) => line.part))
  const kept = existsSync(RESULTS)
    ? readFileSync(RESULTS, 'utf8')
        .split('\n')
        .filter((line) => line !== '' && !done.has((JSON.parse(line) as { part: Part }).part))
    : []
  const all = [...kept, ...lines.map((line) => JSON.stringify(line))]
  writeFileSync(RESULTS, all.map((line) => `${line}\n`).join(''))
}
