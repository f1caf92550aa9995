import { readFileSync, readdirSync } from 'node:fs'

/** A process below this one, as Linux tells of it. */
export interface Descendant {
  readonly pid: number
  /** Processor seconds so far, all threads. */
  readonly cpu: number
  /** The most memory it ever held, in MiB. */
  readonly peakMebibytes: number
}

/** All processes below this one. A worker is killed and not waited for, so nobody else can tell what it took. */
export function descendants(): readonly Descendant[] {
  const parents = new Map<number, number>()
  for (const pid of pids()) {
    const parent = Number(statOf(pid)?.[PARENT])
    if (parent > 0) parents.set(pid, parent)
  }
  return [...parents.keys()].filter((pid) => isBelow(pid, parents)).flatMap(describe)
}

/** Fields of `/proc/PID/stat` behind the name (proc(5)). */
const PARENT = 1
const USER = 11
const SYSTEM = 12
/** Linux counts processor time in hundredths for everybody (`USER_HZ`). */
const TICKS_PER_SECOND = 100

function pids(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
}

function isBelow(pid: number, parents: ReadonlyMap<number, number>): boolean {
  for (let at = parents.get(pid); at !== undefined; at = parents.get(at))
    if (at === process.pid) return true
  return false
}

function describe(pid: number): Descendant[] {
  const stat = statOf(pid)
  const peak = /^VmHWM:\s*(\d+) kB/m.exec(textOf(pid, 'status') ?? '')?.[1]
  if (!stat || peak === undefined) return []
  const ticks = Number(stat[USER]) + Number(stat[SYSTEM])
  return [{ pid, cpu: ticks / TICKS_PER_SECOND, peakMebibytes: Math.round(Number(peak) / 1024) }]
}

function statOf(pid: number): readonly string[] | undefined {
  const text = textOf(pid, 'stat')
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')
}

/** Undefined when the process has ended meanwhile. */
function textOf(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1')
  } catch {
    return undefined
  }
}
