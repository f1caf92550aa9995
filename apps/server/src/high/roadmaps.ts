/**
 * Ways that are being computed, and the last ones that were. Kept in memory only: what somebody brought is gone with the process.
 */
import { createHash } from 'node:crypto'
import type { IsoDate } from '@sekisho/core'
import type { Delta, Roadmap } from '@sekisho/assess'
import type { NamedFile } from '@sekisho/report'
import { runApart } from '../host/apart.ts'
import { isRecord } from '../shape.ts'
import { Jobs } from './jobs.ts'
import type { Job, Run } from './jobs.ts'

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

/** One way, and what it was computed from besides the town, for the papers about it. */
export type RoadmapJob = Job<RoadmapFound> & RoadmapFiles

export interface RoadmapFiles {
  readonly files: { readonly target: NamedFile; readonly plan?: NamedFile }
}

/**
 * Longest time for one way, ms. Our bound: the town of the examples needs under ten seconds of an idle processor; whoever needs longer has the
 * command, which has no bound.
 */
export const ROADMAP_MS = 300_000
const HEAP_MB = 1024

export class Roadmaps {
  readonly #jobs: Jobs<RoadmapWork, RoadmapFound, RoadmapFiles>

  constructor(run: Run<RoadmapWork, RoadmapFound> = computeApart) {
    this.#jobs = new Jobs(run, { waiting: 4, kept: 12 })
  }

  find(id: string): RoadmapJob | undefined {
    return this.#jobs.find(id)
  }

  /**
   * The way for this work, begun when nobody asked before. `undefined` when too many wait already.
   *
   * @param folder where its files lie; empty for what somebody brought
   */
  ask(work: RoadmapWork, folder = ''): RoadmapJob | undefined {
    return this.#jobs.ask(digestOf(work), work, { files: filesOf(work, folder) })
  }
}

/** What a roadmap was computed from besides the town. */
export function filesOf({ target, plan }: RoadmapWork, folder: string): RoadmapFiles['files'] {
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
  return runApart(new URL('./roadmap-work.ts', import.meta.url), work, {
    check: (value) => (isFound(value) ? value : undefined),
    timeoutMs: ROADMAP_MS,
    heapMb: HEAP_MB,
    what: 'planning',
  })
}

/** Our own program speaks; only that it spoke at all is asked. */
function isFound(value: unknown): value is RoadmapFound {
  return isRecord(value) && (value['state'] === 'done' || value['state'] === 'unreadable')
}
