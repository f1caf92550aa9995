export {
  planRoadmap,
  DECIDED_CHANGES,
  DEFAULT_CAPACITY,
  DEFAULT_CHECKS,
} from './roadmap/roadmap.ts'
export type { Outcome, PlannedRoadmap, Roadmap, RoadmapOptions } from './roadmap/roadmap.ts'
export type { Reason, Step } from './roadmap/step.ts'
export type { Conflict } from './roadmap/conflict.ts'
export type { Block } from './roadmap/obstacle.ts'
export { MAX_PLAN, noPlan, readPlan } from './roadmap/plan-file.ts'
export type { Plan, PlanProblem, PlanReason, ReadPlan } from './roadmap/plan-file.ts'
