/**
 * Long work that a page asks for again and again until it is done. Kept in memory only, one at a time, and the last ones.
 */
import { SekishoError } from '@sekisho/core'

/** One piece of work. `stopped`: it took longer, or more memory, than it may. */
export interface Job<Found> {
  /** SHA-256 of what it is computed from, lower-case hex. */
  readonly id: string
  readonly began: Date
  /** How far it has come, when it tells. */
  readonly progress?: Progress
  readonly found?: Found | { readonly state: 'stopped' }
}

/** Pieces that are done, of all. */
export interface Progress {
  readonly done: number
  readonly all: number
}

export type Run<Work, Found> = (work: Work, tell: (progress: Progress) => void) => Promise<Found>

export interface JobLimits<Found> {
  /** Pieces that wait for their turn: the others of the machine want to work too. */
  readonly waiting: number
  readonly kept: number
  /** Answers that do not stand when the same is asked again; default: each stands. */
  readonly again?: (found: NonNullable<Job<Found>['found']>) => boolean
}

/** `About` is what is remembered of each job beside its answer. */
export class Jobs<Work, Found, About extends object> {
  readonly #jobs = new Map<string, Job<Found> & About>()
  readonly #run: Run<Work, Found>
  readonly #limits: JobLimits<Found>
  #last: Promise<unknown> = Promise.resolve()

  constructor(run: Run<Work, Found>, limits: JobLimits<Found>) {
    this.#run = run
    this.#limits = limits
  }

  find(id: string): (Job<Found> & About) | undefined {
    return this.#jobs.get(id)
  }

  /** The job of this id, begun when nobody asked before. `undefined` when too many wait already. */
  ask(id: string, work: Work, about: About, now = new Date()): (Job<Found> & About) | undefined {
    const known = this.#jobs.get(id)
    if (known && !(known.found && this.#limits.again?.(known.found))) return known
    const waiting = [...this.#jobs.values()].filter(({ found }) => found === undefined)
    if (waiting.length >= this.#limits.waiting) return undefined
    const job = { ...about, id, began: now }
    this.#keep(job)
    this.#last = this.#last.then(async () => {
      this.#keep({ ...job, found: await this.#computed(work, job) })
    })
    return job
  }

  async #computed(work: Work, job: Job<Found> & About): Promise<NonNullable<Job<Found>['found']>> {
    try {
      const found = await this.#run(work, (progress) => this.#keep({ ...job, progress }))
      return found as NonNullable<Job<Found>['found']>
    } catch (error) {
      const code = error instanceof SekishoError ? error.code : 'BUG'
      process.stderr.write(`${new Date().toISOString()} ${code} ${String(error)}\n`)
      return { state: 'stopped' }
    }
  }

  /** The oldest finished ones make room. */
  #keep(job: Job<Found> & About): void {
    this.#jobs.delete(job.id)
    const finished = [...this.#jobs.values()].filter(({ found }) => found !== undefined)
    for (const { id } of finished.slice(0, Math.max(0, finished.length - this.#limits.kept + 1)))
      this.#jobs.delete(id)
    this.#jobs.set(job.id, job)
  }
}
