/**
 * Disarming beside what Debian offers, the same files in the same run, one after another:
 *
 *   node bench/disarm/peers.ts FOLDER [rounds [tool…]]      with tools named, only these peers: mat2 qpdf poppler LibreOffice
 *
 * mat2 (metadata), LibreOffice (to PDF), poppler (to pixels), qpdf (rewriting PDF). They start one process per file, as their users do; ours runs in
 * one process without the sandbox (`inProcess`) and with it (`worker`, one of them). None of the peers disarms: they are yardsticks for speed.
 * A worker's processor time is read from outside, its threads and this process's share included.
 * Prints one JSON line per tool and round and a last line with medians and ratios; processor seconds are what to compare, for machines are
 * shared and noisy.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPool, disarmHere } from '@sekisho/disarm'
import { verifyClean } from '@sekisho/disarm/verify'
import { descendants } from './descendants.ts'
import { mixOf } from './mix.ts'
import type { Sample } from './mix.ts'

const [folder, rounds = '3', ...only] = process.argv.slice(2)
if (folder === undefined) throw new Error('node bench/disarm/peers.ts FOLDER [rounds [tool…]]')
const mix = mixOf(folder)
const pdfs = mix.filter(({ kind }) => kind === 'pdf')
const office = mix.filter(({ kind }) => kind === 'office')
const scratch = mkdtempSync(join(tmpdir(), 'sekisho-bench-'))

interface Measured {
  readonly tool: string
  readonly files: number
  readonly written: number
  readonly bytes: number
  readonly wall: number
  /** Processor seconds of this process and its children. */
  readonly cpu: number
}

const sizeOf = (files: readonly Sample[]): number =>
  files.reduce((sum, { bytes }) => sum + bytes.length, 0)

/** Processor time of finished children is only told by the shell that ran them. */
function shellCpu(command: string, args: readonly string[]): { ok: boolean; cpu: number } {
  const { status, stderr } = spawnSync(
    'bash',
    ['-c', 'TIMEFORMAT="%U %S"; time timeout 120 "$@" >/dev/null 2>&1', 'bash', command, ...args],
    { encoding: 'utf8' },
  )
  const [user = 0, system = 0] = stderr.trim().split('\n').at(-1)!.split(' ').map(Number)
  return { ok: status === 0, cpu: user + system }
}

function peer(
  tool: string,
  files: readonly Sample[],
  argsOf: (path: string) => string[],
): Measured | undefined {
  if (only.length > 0 && !only.some((name) => tool.startsWith(name))) return undefined
  const start = performance.now()
  let cpu = 0
  let written = 0
  files.forEach(({ path, name }, index) => {
    const copy = join(scratch, `${index}`, name)
    mkdirSync(join(scratch, `${index}`), { recursive: true })
    cpSync(path, copy)
    const [command = '', ...args] = argsOf(copy)
    const run = shellCpu(command, args)
    cpu += run.cpu
    if (run.ok) written++
  })
  rmSync(scratch, { recursive: true, force: true })
  mkdirSync(scratch)
  const wall = (performance.now() - start) / 1000
  return { tool, files: files.length, written, bytes: sizeOf(files), wall, cpu }
}

function inProcess(tool: string, files: readonly Sample[], verify: boolean): Measured {
  const start = performance.now()
  const before = process.cpuUsage()
  let written = 0
  for (const { bytes, name } of files) {
    const { output, report } = disarmHere(bytes, { name })
    if (output === undefined) continue
    if (verify && !verifyClean(output, report.outputType).clean)
      throw new Error(`${name} is not clean`)
    written++
  }
  const { user, system } = process.cpuUsage(before)
  const wall = (performance.now() - start) / 1000
  return {
    tool,
    files: files.length,
    written,
    bytes: sizeOf(files),
    wall,
    cpu: (user + system) / 1e6,
  }
}

/** @param filesPerWorker after so many files the worker is thrown away; absent: as the pool does it by itself */
async function oneWorker(
  tool: string,
  files: readonly Sample[],
  filesPerWorker?: number,
): Promise<Measured> {
  // Without LibreOffice: what needs it is refused at once here, as it is in one process.
  const toolbox = { has: () => false, run: () => Promise.resolve(null) }
  const pool = createPool({ size: 1, toolbox, ...(filesPerWorker ? { filesPerWorker } : {}) })
  await pool.disarm(new Uint8Array([0x61]), { name: 'warm.txt' })
  const spent = new Map<number, number>()
  const before = workersCpu(spent) + ownCpu()
  const start = performance.now()
  let looking = 0
  let lookingCpu = 0
  let written = 0
  for (const [index, { bytes, name }] of files.entries()) {
    if ((await pool.disarm(bytes, { name })).output !== undefined) written++
    if ((index + 1) % FILES_BETWEEN_LOOKS !== 0) continue
    const look = performance.now()
    const lookCpu = ownCpu()
    workersCpu(spent)
    looking += performance.now() - look
    lookingCpu += ownCpu() - lookCpu
  }
  const wall = (performance.now() - start - looking) / 1000
  const cpu = workersCpu(spent) + ownCpu() - lookingCpu - before
  await pool.close()
  return { tool, files: files.length, written, bytes: sizeOf(files), wall, cpu }
}

/** A worker that was thrown away cannot be asked any more what it took: what it did after the last look is missing. */
const FILES_BETWEEN_LOOKS = 8

/** Seconds of all workers so far, also of those that are gone. @param spent by worker, as seen before */
function workersCpu(spent: Map<number, number>): number {
  for (const { pid, cpu } of descendants()) spent.set(pid, cpu)
  return [...spent.values()].reduce((sum, cpu) => sum + cpu, 0)
}

function ownCpu(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

const out = join(scratch, 'out')
const rows: Measured[] = []
const add = (row: Measured | undefined): void => {
  if (!row) return
  rows.push(row)
  console.log(JSON.stringify(row))
}
// Once, uncounted: every program is in the page cache then, and ours is compiled.
inProcess('warm', mix, true)
for (let round = 0; round < Number(rounds); round++) {
  add(inProcess('sekisho', mix, false))
  add(inProcess('sekisho and its verifier', mix, true))
  add(await oneWorker('sekisho one worker', mix))
  add(await oneWorker('sekisho one worker, thrown away every 64 files', mix, 64))
  add(peer('mat2', mix, (path) => ['mat2', '--unknown-members', 'omit', path]))
  add(inProcess('sekisho, PDF', pdfs, false))
  add(peer('qpdf, PDF', pdfs, (path) => ['qpdf', '--warning-exit-0', path, `${path}.out`]))
  add(
    peer('poppler pixels, PDF', pdfs, (path) => [
      'pdftoppm',
      '-r',
      '150',
      '-png',
      path,
      `${path}.page`,
    ]),
  )
  add(inProcess('sekisho, Office', office, false))
  if (round > 0) continue
  add(
    peer(
      'LibreOffice to PDF, every fourth Office file',
      office.filter((_, i) => i % 4 === 0),
      (path) => [
        'soffice',
        `-env:UserInstallation=file://${scratch}-lo`,
        '--headless',
        '--convert-to',
        'pdf',
        '--outdir',
        out,
        path,
      ],
    ),
  )
}
rmSync(scratch, { recursive: true, force: true })
rmSync(`${scratch}-lo`, { recursive: true, force: true })

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
const of = (tool: string, figure: 'wall' | 'cpu'): number =>
  median(rows.filter((row) => row.tool === tool).map((row) => row[figure]))
const perSecond = (tool: string): number => mix.length / of(tool, 'wall')
console.log(
  JSON.stringify({
    filesPerSecond: {
      'one worker': perSecond('sekisho one worker'),
      'one worker, thrown away every 64 files': perSecond(
        'sekisho one worker, thrown away every 64 files',
      ),
      'in one process': perSecond('sekisho'),
      mat2: perSecond('mat2'),
    },
    'mat2 ÷ ours, wall, one worker': of('mat2', 'wall') / of('sekisho one worker', 'wall'),
    'mat2 ÷ ours, wall, in one process': of('mat2', 'wall') / of('sekisho', 'wall'),
    'mat2 ÷ ours, processor, one worker': of('mat2', 'cpu') / of('sekisho one worker', 'cpu'),
    'mat2 ÷ ours, processor, in one process': of('mat2', 'cpu') / of('sekisho', 'cpu'),
    'ours ÷ qpdf on PDF, wall': of('sekisho, PDF', 'wall') / of('qpdf, PDF', 'wall'),
    'ours ÷ qpdf on PDF, processor': of('sekisho, PDF', 'cpu') / of('qpdf, PDF', 'cpu'),
    'poppler pixels ÷ ours on PDF, processor':
      of('poppler pixels, PDF', 'cpu') / of('sekisho, PDF', 'cpu'),
  }),
)
