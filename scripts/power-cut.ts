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
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { copyFile } from 'node:fs/promises'
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

/** One round with the plug pulled: everything that was not synced is gone. Needs root and loop devices. */
export async function cutPower(name: SubjectName): Promise<Round> {
  const disk = makeDisk(DISK_MEBIBYTES)
  try {
    await prepare(dirname(disk.path))
    const { child, promises } = await started(name, disk.path)
    child.kill('SIGSTOP')
    const cut = disk.cut()
    try {
      await ended(child)
      await copyFile(join(dirname(disk.path), 'log-key'), join(dirname(cut.path), 'log-key'))
      return { promised: promises.length, broken: await SUBJECTS[name].broken(cut.path, promises) }
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
    const { child, promises } = await started(name, dir)
    await ended(child)
    return { promised: promises.length, broken: await SUBJECTS[name].broken(dir, promises) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Runs the subject in a process of its own until it has made some promises. More may come until it has ended. */
async function started(
  name: SubjectName,
  dir: string,
): Promise<{ child: ChildProcess; promises: readonly string[] }> {
  const child = spawn(process.execPath, [import.meta.filename, '--work', name, dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const promises: string[] = []
  const wanted = randomInt(PROMISES.least, PROMISES.most)
  const enough = Promise.withResolvers<void>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    promises.push(line)
    if (promises.length === wanted) enough.resolve()
  })
  child.once('exit', () => enough.reject(new Error(`${name} stopped working by itself`)))
  await enough.promise.catch((error: unknown) => {
    child.kill('SIGKILL')
    throw error
  })
  return { child, promises }
}

/** Kills it, and waits until the last promise it made before that was heard. */
async function ended(child: ChildProcess): Promise<void> {
  const closed = once(child, 'close')
  child.kill('SIGKILL')
  await closed
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { work: { type: 'string' }, rounds: { type: 'string', default: '5' } },
    allowPositionals: true,
  })
  if (values.work !== undefined) {
    const [dir = ''] = positionals
    // A pipe is written synchronously: a promise that was made is heard, whatever happens next.
    await subject(values.work).work(dir, (line) => process.stdout.write(`${line}\n`))
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
      const { promised, broken } = await cutPower(name)
      process.stdout.write(`${name} ${round}/${rounds}: ${broken.length} of ${promised} lost\n`)
      // The careless one must lose something, the others nothing.
      if (broken.length > 0 !== (name === 'careless')) failures += 1
    }
  }
  return failures === 0 ? 0 : 1
}

function subject(name: string): (typeof SUBJECTS)[SubjectName] {
  if (!isSubject(name)) throw new Error(`no such subject: ${name}`)
  return SUBJECTS[name]
}

function isSubject(name: string): name is SubjectName {
  return name in SUBJECTS
}

if (process.argv[1] === import.meta.filename) process.exitCode = await main()
