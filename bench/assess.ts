/**
 * Assesses a nation: 1,788 made-up bodies, each read from text and assessed for every model of its edition with risks, calendar and self-check, and counted into a
 * summary by prefecture, which is written as a workbook and as a picture. Before that a curve of ever larger bodies, to see how cost grows with size.
 *
 * Times are of the processor, not of the clock.
 *
 * `node bench/assess.ts [--seed N] [--write FOLDER]`: writes bench/results/assess.ndjson and the picture
 * bench/results/assess-summary.svg; the declarations, and the workbook beside them, into FOLDER when asked.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { assess, bodyResult, calendarOf, deltaOf, riskOf } from '@sekisho/assess'
import { selfCheckOf, SummaryCount } from '@sekisho/assess'
import type { Summary } from '@sekisho/assess'
import { createJudge } from '@sekisho/judge'
import { summaryPicture, summaryWorkbook } from '@sekisho/report'
import { readTown, type TownReading } from '@sekisho/town'
import { bodies, DAY, declarationOf, systemsFor, type Body } from './assess/bodies.ts'
import { yamlText } from './assess/yaml.ts'

const RESULTS = new URL('results/assess.ndjson', import.meta.url)
const PICTURE = new URL('results/assess-summary.svg', import.meta.url)
const CURVE = [25, 50, 100, 200, 400, 800, 1_600]
const ROUNDS = 3

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '20261122' }, write: { type: 'string' } },
})
const seed = Number(values.seed)

/** Milliseconds of processor time of this thread: what others do on the machine does not count. */
function now(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

interface Measured {
  readonly kind: 'body' | 'curve'
  readonly id: string
  readonly model: string
  readonly edition: string
  readonly staff: number
  readonly systems: number
  /** Systems, hosts, flows, assets and people. */
  readonly size: number
  readonly bytes: number
  readonly readMs: number
  readonly assessMs: number
  readonly restMs: number
  /** What the summary takes of it, its chains among it, and counting it. */
  readonly countMs: number
  readonly met: number
  readonly notChecked: number
  readonly findings: number
  readonly risks: number
  readonly duties: number
}

function measure(kind: Measured['kind'], body: Body, text: string, count: SummaryCount): Measured {
  const started = now()
  const read = readTown(text)
  if (!read.ok) throw new Error(`${body.id}: ${read.problems[0]!.reason} ${read.problems[0]!.path}`)
  const readDone = now()
  const assessment = assess(read, { at: DAY })
  const assessDone = now()
  const gap = assessment.models[0]!
  const risks = riskOf(read.town, gap, DAY).rows.length
  const duties = calendarOf(read.town, gap, { at: DAY }).duties.length
  selfCheckOf(gap, DAY)
  for (const { model, own } of assessment.models) if (!own) deltaOf(read.town, assessment, model)
  const restDone = now()
  count.add(bodyResult(read, assessment, `${body.prefecture}/${body.id}.yaml`))
  const { id, model, edition, staff, systems } = body
  return {
    kind,
    id,
    model,
    edition,
    staff,
    systems,
    size: sizeOf(read),
    bytes: Buffer.byteLength(text),
    readMs: round(readDone - started),
    assessMs: round(assessDone - readDone),
    restMs: round(restDone - assessDone),
    countMs: round(now() - restDone),
    met: gap.counts.met,
    notChecked: gap.counts['not-checked'],
    findings: gap.rows.flatMap(({ findings }) => findings).length + gap.others.length,
    risks,
    duties,
  }
}

function sizeOf({ town }: TownReading): number {
  const hosts = town.systems.reduce((sum, system) => sum + system.hosts.length, 0)
  return town.systems.length + hosts + town.flows.length + town.assets.length + town.people.length
}

const round = (value: number): number => Math.round(value * 1_000) / 1_000

/** Slope of a straight line through the logarithms: 1 is linear, 2 quadratic. */
function slope(points: readonly (readonly [size: number, time: number])[]): number {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const)
  const mean = (index: 0 | 1): number =>
    logs.reduce((sum, one) => sum + one[index], 0) / logs.length
  const [x, y] = [mean(0), mean(1)]
  const up = logs.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0)
  return round(up / logs.reduce((sum, [a]) => sum + (a - x) ** 2, 0))
}

function quantile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!
}

function nation(count: SummaryCount): readonly Measured[] {
  return bodies(seed).map((body) => {
    const text = yamlText(declarationOf(body, seed))
    if (values.write !== undefined) {
      const folder = join(values.write, body.prefecture)
      mkdirSync(folder, { recursive: true })
      writeFileSync(join(folder, `${body.id}.yaml`), text)
    }
    return measure('body', body, text, count)
  })
}

/** The summary of all bodies as a workbook and as a picture. */
function write(summary: Summary): Readonly<Record<string, number>> {
  const started = now()
  const workbook = summaryWorkbook(summary, { version: 'bench', rules: createJudge().digest })
  const workbookDone = now()
  const picture = summaryPicture(summary)
  const pictureDone = now()
  writeFileSync(PICTURE, picture)
  if (values.write !== undefined) writeFileSync(join(values.write, 'summary.xlsx'), workbook)
  return {
    workbookMs: round(workbookDone - started),
    workbookBytes: workbook.length,
    pictureMs: round(pictureDone - workbookDone),
    pictureBytes: Buffer.byteLength(picture),
  }
}

/** Bodies beyond any real one, α′ because it asks most; the quickest of some rounds. */
function curve(): readonly Measured[] {
  return CURVE.map((systems) => {
    const staff = Math.round(50 * (systems / systemsFor(50)) ** (1 / 0.565))
    const body: Body = {
      id: `curve-${systems}`,
      prefecture: '13',
      kind: 'municipality',
      model: 'α′',
      edition: 'R8.3',
      staff: Math.min(staff, 10_000),
      systems,
    }
    const text = yamlText(declarationOf(body, seed))
    const rounds = Array.from({ length: ROUNDS }, () =>
      measure('curve', body, text, new SummaryCount({ at: DAY })),
    )
    return rounds.toSorted((a, b) => a.readMs + a.assessMs - b.readMs - b.assessMs)[0]!
  })
}

const total = (
  list: readonly Measured[],
  key: 'readMs' | 'assessMs' | 'restMs' | 'countMs',
): number => round(list.reduce((sum, one) => sum + one[key], 0) / 1_000)

// The curve first: it is short, and what fails then fails early.
const larger = curve()
for (const { systems, size, readMs, assessMs, restMs } of larger)
  process.stdout.write(
    `${systems} systems, size ${size}: read ${readMs} ms, assess ${assessMs} ms, rest ${restMs} ms\n`,
  )
const count = new SummaryCount({ at: DAY })
const towns = nation(count)
const all = (one: Measured): number => one.readMs + one.assessMs + one.restMs
const summary = {
  kind: 'summary',
  seed,
  node: process.version,
  cpu: cpus()[0]?.model,
  bodies: towns.length,
  megabytes: round(towns.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6),
  readSeconds: total(towns, 'readMs'),
  assessSeconds: total(towns, 'assessMs'),
  restSeconds: total(towns, 'restMs'),
  countSeconds: total(towns, 'countMs'),
  nationSummary: write(count.summary()),
  load: loadavg().map(round),
  townMs: {
    p50: quantile(towns.map(all), 0.5),
    p99: quantile(towns.map(all), 0.99),
    max: quantile(towns.map(all), 1),
  },
  slope: {
    read: slope(larger.map(({ size, readMs }) => [size, readMs])),
    assess: slope(larger.map(({ size, assessMs }) => [size, assessMs])),
    rest: slope(larger.map(({ size, restMs }) => [size, restMs])),
    bodies: slope(towns.map((one) => [one.size, all(one)])),
  },
}
writeFileSync(
  RESULTS,
  [...towns, ...larger, summary].map((one) => `${JSON.stringify(one)}\n`).join(''),
)
process.stdout.write(`${JSON.stringify(summary, undefined, 2)}\n`)
