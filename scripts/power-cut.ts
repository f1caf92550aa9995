/**
 * The power-cut test: pulls the plug on a subject at a random instant and compares what it had promised with what is
 * left. Kill -9 does not show a missing fsync, because the page cache survives it; this does.
 *
 *   node scripts/power-cut.ts [--rounds 5] [store|blobs|vault|evidence|careless …]
 */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { disksImpossible, makeDisk } from './power-cut/disk.ts'
import { SUBJECTS, prepare } from './power-cut/subject.ts'
import type { SubjectName } from './power-cut/subject.ts'

/** What came of one round. */
export interface Round {
  /** How many promises the subject had made. */
  readonly promised: number
  /** Those that were broken. */
  readonly broken: readonly string[]
}

const DISK_MEBIBYTES = 64
/** The plug is pulled after a random number of promises in this range. */
const PROMISES = { least: 20, most: 300 }

/** How the subject works before its end. */
interface Work {
  readonly name: SubjectName
  readonly writers: number
  /** Promises to hear before the end. */
  readonly promises: number
  /** Whether it stops itself at the very instant of the last of them, before anything else can be synced. */
  readonly stopsItself: boolean
}

/**
 * One round with the plug pulled: everything that was not synced is gone. Needs root and loop devices.
 *
 * @param writers 4, so that the others are in the middle of something; 1, so that nobody else's sync makes up for a
 *   missing one
 */
export async function cutPower(name: SubjectName, writers: number): Promise<Round> {
  const disk = makeDisk(DISK_MEBIBYTES)
  try {
    await prepare(dirname(disk.path))
    const work = { name, writers, promises: somePromises(), stopsItself: true }
    const { child, promises } = await started(work, disk.path)
    await stopped(child)
    const cut = disk.cut()
    try {
      await ended(child)
      await copyFile(join(dirname(disk.path), 'log-key'), join(dirname(cut.path), 'log-key'))
      return await judged(name, cut.path, promises)
    } finally {
      cut.remove()
    }
  } finally {
    disk.remove()
  }
}

/** One round with the process killed: only what it had not given to the system is gone. */
export async function killHard(name: SubjectName): Promise<Round> {
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-kill-'))
  const dir = join(folder, 'data')
  mkdirSync(dir)
  try {
    await prepare(folder)
    const work = { name, writers: 4, promises: somePromises(), stopsItself: false }
    const { child, promises } = await started(work, dir)
    await ended(child)
    return await judged(name, dir, promises)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function somePromises(): number {
  return randomInt(PROMISES.least, PROMISES.most)
}

/** A subject that cannot even be opened again has broken every promise. */
async function judged(name: SubjectName, dir: string, promises: readonly string[]): Promise<Round> {
  try {
    return { promised: promises.length, broken: await SUBJECTS[name].broken(dir, promises) }
  } catch (error) {
    return {
      promised: promises.length,
      broken: [...promises, `cannot be opened: ${String(error)}`],
    }
  }
}

/** Runs the subject in a process of its own until it has made some promises. More may come until it has ended. */
async function started(
  work: Work,
  dir: string,
): Promise<{ child: ChildProcess; promises: readonly string[] }> {
  const child = spawn(
    process.execPath,
    [import.meta.filename, '--work', JSON.stringify(work), dir],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const promises: string[] = []
  const enough = Promise.withResolvers<void>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    promises.push(line)
    if (promises.length === work.promises) enough.resolve()
  })
  child.once('exit', () => enough.reject(new Error(`${work.name} stopped working by itself`)))
  await enough.promise.catch((error: unknown) => {
    child.kill('SIGKILL')
    throw error
  })
  return { child, promises }
}

/** Waits until a process that stops itself has done so: until then its threads may still sync something. */
async function stopped(child: ChildProcess): Promise<void> {
  const stat = `/proc/${child.pid}/stat`
  while (!readFileSync(stat, 'utf8').includes(') T ')) await sleep(1)
}

/** Kills it, and waits until the last promise it made before that was heard. */
async function ended(child: ChildProcess): Promise<void> {
  const closed = once(child, 'close')
  child.kill('SIGKILL')
  await closed
}

/** The other process: works, and tells its promises on a pipe, which is written synchronously. */
async function workHere(work: Work, dir: string): Promise<void> {
  let count = 0
  const promised = (line: string): void => {
    process.stdout.write(`${line}\n`)
    count += 1
    if (work.stopsItself && count === work.promises) process.kill(process.pid, 'SIGSTOP')
  }
  await SUBJECTS[work.name].work(dir, promised, work.writers)
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { work: { type: 'string' }, rounds: { type: 'string', default: '5' } },
    allowPositionals: true,
  })
  if (values.work !== undefined) {
    await workHere(readWork(values.work), positionals[0] ?? '')
    return 0
  }
  const impossible = disksImpossible()
  if (impossible !== undefined) {
    process.stderr.write(`停電の試験はここではできません: ${impossible}\n`)
    return 2
  }
  return report(positionals.length > 0 ? positionals : Object.keys(SUBJECTS), Number(values.rounds))
}

async function report(names: readonly string[], rounds: number): Promise<number> {
  let failures = 0
  for (const name of names.filter(isSubject)) {
    for (let round = 1; round <= rounds; round += 1) {
      const { promised, broken } = await cutPower(name, round % 2 === 0 ? 4 : 1)
      process.stdout.write(`${name} ${round}/${rounds}: ${broken.length} of ${promised} lost\n`)
      // The careless one must lose something, the others nothing.
      if (broken.length > 0 !== (name === 'careless')) failures += 1
    }
  }
  return failures === 0 ? 0 : 1
}

/** Written by this very program a moment ago. */
function readWork(text: string): Work {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return JSON.parse(text) as Work
}

function isSubject(name: string): name is SubjectName {
  return name in SUBJECTS
}

if (process.argv[1] === import.meta.filename) process.exitCode = await main()
