/** The way from one declaration to another, from their texts. In a process of its own: the target may be what somebody brought. */
import { assess, deltaOf, noPlan, planRoadmap, readPlan } from '@sekisho/assess'
import type { PlanProblem } from '@sekisho/assess'
import { createCompiledJudge } from '@sekisho/judge'
import { readTown } from '@sekisho/town'
import type { Problem, TownReading } from '@sekisho/town'
import type { RoadmapFound, RoadmapProblem, RoadmapWork } from './roadmaps.ts'

export function planned({ town, target, plan, at }: RoadmapWork): RoadmapFound {
  const [today, wanted] = [readTown(town), readTown(target)]
  if (!today.ok) return unreadable('town', today.problems)
  if (!wanted.ok) return unreadable('target', wanted.problems)
  const read = plan === undefined ? { ok: true as const, plan: noPlan() } : readPlan(plan)
  if (!read.ok) return { state: 'unreadable', problems: read.problems.map(ofPlan) }
  const judge = createCompiledJudge()
  const found = planRoadmap(today, wanted, { at, plan: read.plan, judge })
  if (!found.ok) return { state: 'unreadable', problems: found.problems.map(ofPlan) }
  const delta = movedBetween(today, wanted, at)
  return { state: 'done', roadmap: found.roadmap, ...(delta && { delta }) }
}

/** What the other model costs to run. Nothing is said when the model stays. */
function movedBetween(today: TownReading, { town: { model } }: TownReading, at: string) {
  if (today.town.model === model) return undefined
  return deltaOf(today.town, assess(today, { at, judge: createCompiledJudge() }), model)
}

export function unreadable(
  file: RoadmapProblem['file'],
  problems: readonly Problem[],
): Extract<RoadmapFound, { state: 'unreadable' }> {
  return {
    state: 'unreadable',
    problems: problems.map(({ line, path, message, cure }) => ({
      file,
      line,
      path,
      message,
      cure,
    })),
  }
}

function ofPlan({ path, message }: PlanProblem): RoadmapProblem {
  return { file: 'plan', path, message }
}
