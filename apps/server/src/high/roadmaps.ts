/**
 * Ways that are being computed, and the last ones that were. Kept in memory only: what somebody brought is gone with the process.
 */
import { createHash } from 'node:crypto'
import { SekishoError } from '@sekisho/core'
import type { IsoDate } from '@sekisho/core'
import type { Delta, Roadmap } from '@sekisho/assess'
import type { NamedFile } from '@sekisho/report'
import { runApart } from '../host/apart.ts'
import { isRecord } from '../shape.ts'

/** What one way is computed from. The same four always give the same way. */
export interface RoadmapWork {
  /** Text of the declaration in force. */
  readonly town: string
  readonly target: string
  readonly plan?: string
  /** The day that counts as today. */
  readonly at: IsoDate
}

/** Something to mend in a file before there can be a way. */
export interface RoadmapProblem {
  readonly file: 'town' | 'target' | 'plan'
  /** 1-based; absent where the reader knows the place by its path only. */
  readonly line?: number
  readonly path: string
  readonly message: string
  readonly cure?: string
}

export type RoadmapFound =
  | { readonly state: 'done'; readonly roadmap: Roadmap; readonly delta?: Delta }
  | { readonly state: 'unreadable'; readonly problems: readonly RoadmapProblem[] }

/** One way. `stopped`: it took longer than `ROADMAP_MS`, or more memory than there is. */
export interface RoadmapJob {
  /** SHA-256 of what it is computed from, lower-case hex. */
  readonly id: string
  readonly began: Date
  /** What it was computed from besides the town, for the papers about it. */
  readonly files: { readonly target: NamedFile; readonly plan?: NamedFile }
  readonly found?: RoadmapFound | { readonly state: 'stopped' }
}

/**
 * Longest time for one way, ms. Our bound: the town of the examples needs under ten seconds of an idle processor; whoever needs longer has the
 * command, which has no bound.
 */
export const ROADMAP_MS = 300_000
const HEAP_MB = 1024
/** Ways that wait for their turn. One is computed at a time: the others of the machine want to work too. */
const MOST_WAITING = 4
/** Ways that are kept. */
const MOST_KEPT = 12

export class Roadmaps {
  readonly #jobs = new Map<string, RoadmapJob>()
  readonly #run: (work: RoadmapWork) => Promise<RoadmapFound>
  #last: Promise<unknown> = Promise.resolve()

  constructor(run = computeApart) {
    this.#run = run
  }

  find(id: string): RoadmapJob | undefined {
    return this.#jobs.get(id)
  }

  /**
   * The way for this work, begun when nobody asked before. `undefined` when too many wait already.
   *
   * @param folder where its files lie; empty for what somebody brought
   */
  ask(work: RoadmapWork, folder = '', now = new Date()): RoadmapJob | undefined {
    const id = digestOf(work)
    const known = this.#jobs.get(id)
    if (known) return known
    const waiting = [...this.#jobs.values()].filter(({ found }) => found === undefined)
    if (waiting.length >= MOST_WAITING) return undefined
    const job: RoadmapJob = { id, began: now, files: filesOf(work, folder) }
    this.#keep(job)
    this.#last = this.#last.then(async () => {
      this.#keep({ ...job, found: await this.#computed(work) })
    })
    return job
  }

  async #computed(work: RoadmapWork): Promise<NonNullable<RoadmapJob['found']>> {
    try {
      return await this.#run(work)
    } catch (error) {
      const code = error instanceof SekishoError ? error.code : 'BUG'
      process.stderr.write(`${new Date().toISOString()} ${code} ${String(error)}\n`)
      return { state: 'stopped' }
    }
  }

  /** The oldest finished ones make room. */
  #keep(job: RoadmapJob): void {
    this.#jobs.delete(job.id)
    const finished = [...this.#jobs.values()].filter(({ found }) => found !== undefined)
    for (const { id } of finished.slice(0, Math.max(0, finished.length - MOST_KEPT + 1)))
      this.#jobs.delete(id)
    this.#jobs.set(job.id, job)
  }
}

function filesOf({ target, plan }: RoadmapWork, folder: string): RoadmapJob['files'] {
  const named = (name: string, text: string): NamedFile => ({
    file: folder === '' ? name : `${folder}/${name}`,
    fileDigest: createHash('sha256').update(text).digest('hex'),
  })
  return {
    target: named('target.yaml', target),
    ...(plan === undefined ? {} : { plan: named('plan.yaml', plan) }),
  }
}

function digestOf({ town, target, plan, at }: RoadmapWork): string {
  const parts = JSON.stringify([town, target, plan ?? null, at])
  return createHash('sha256').update(parts).digest('hex')
}

function computeApart(work: RoadmapWork): Promise<RoadmapFound> {
  return runApart(new URL('./roadmap-thread.ts', import.meta.url), work, {
    check: (value) => (isFound(value) ? value : undefined),
    timeoutMs: ROADMAP_MS,
    heapMb: HEAP_MB,
    what: 'planning',
  })
}

/** Our own thread speaks; only that it spoke at all is asked. */
function isFound(value: unknown): value is RoadmapFound {
  return isRecord(value) && (value['state'] === 'done' || value['state'] === 'unreadable')
}
