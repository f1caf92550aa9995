/**
 * A roadmap from files: today's declaration, the one a town wants, and the plan.
 */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { noPlan, planRoadmap, readPlan } from '@sekisho/assess'
import type { PlanProblem, Roadmap } from '@sekisho/assess'
import type { Finding } from '@sekisho/core'
import { renderFindings, visible } from '@sekisho/report'
import type { NamedFile, RoadmapSubject } from '@sekisho/report'
import type { Terminal } from './command.ts'
import { EXIT } from './exit.ts'
import type { ExitCode } from './exit.ts'
import { reportSubject } from './report-subject.ts'
import { openTown } from './town-file.ts'
import { VERSION } from './version.ts'

export interface PlannedFiles {
  readonly file: string
  readonly target: string
  readonly plan: string | undefined
  /** Today, when it is not today. */
  readonly at: string | undefined
}

export type Planned =
  | { readonly ok: true; readonly roadmap: Roadmap; readonly subject: RoadmapSubject }
  | { readonly ok: false; readonly unread: string; readonly findings: readonly Finding[] }
  | { readonly ok: false; readonly problems: readonly PlanProblem[] }

/** Reads the files and plans. Throws only what the file system throws. */
export async function planFromFiles({ file, target, plan, at }: PlannedFiles): Promise<Planned> {
  const [today, wanted] = [await openTown(file), await openTown(target)]
  if (!today.ok) return { ok: false, unread: file, findings: today.findings }
  if (!wanted.ok) return { ok: false, unread: target, findings: wanted.findings }
  const planBytes = plan === undefined ? undefined : await readFile(plan)
  const read =
    planBytes === undefined
      ? ({ ok: true, plan: noPlan() } as const)
      : readPlan(planBytes.toString('utf8'))
  if (!read.ok) return read
  const planned = planRoadmap(today.read, wanted.read, {
    plan: read.plan,
    ...(at !== undefined && { at }),
  })
  if (!planned.ok) return planned
  const { roadmap } = planned
  const subject = {
    ...reportSubject(file, today, { at: roadmap.at, edition: undefined }),
    target: named(target, wanted.bytes),
    ...(plan !== undefined && planBytes !== undefined && { plan: named(plan, planBytes) }),
  }
  return { ok: true, roadmap, subject }
}

function named(file: string, bytes: Uint8Array): NamedFile {
  return { file, fileDigest: createHash('sha256').update(bytes).digest('hex') }
}

/** How a roadmap ends a command. One that was not found is not said not to be. */
export function exitOf({ outcome }: Roadmap): ExitCode {
  if (outcome === 'found') return EXIT.done
  return outcome === 'undecided' ? EXIT.failed : EXIT.findings
}

/** Tells why nothing was planned. A roadmap over half a declaration would be worth nothing, so this is not "findings" but "could not". */
export function tellUnplanned(
  planned: Extract<Planned, { ok: false }>,
  asJson: boolean,
  terminal: Terminal,
): ExitCode {
  if ('unread' in planned) {
    const subject = { file: planned.unread, version: VERSION, result: 'refuse' } as const
    terminal.out(renderFindings(asJson ? 'json' : 'text', planned.findings, subject))
  } else if (asJson) terminal.out(roadmapJson({ problems: planned.problems }))
  else for (const { message } of planned.problems) terminal.err(`${visible(message)}\n`)
  return EXIT.failed
}

export const roadmapJson = (value: object): string =>
  `${JSON.stringify({ sekisho: '1', kind: 'Roadmap', ...value }, undefined, 2)}\n`
