import { planRoadmap, readPlan } from '@sekisho/assess'
import type { Roadmap } from '@sekisho/assess'
import { DAY, mended } from '../../../assess/src/town.test-support.ts'
import type { RoadmapSubject } from '../subject.ts'

/** A name that a careless page loses. */
export const NAME = '葛\u{E0102}城𠮷端末'

const HOST = 'systems[0].hosts[1]'

/** Two things to mend and one renamed, and a day that cannot be kept. */
export function planned(): Roadmap {
  const today = mended(
    { path: `${HOST}.authentication`, value: ['knowledge'] },
    { path: 'flows[3].via', value: [] },
  )
  const target = mended({ path: `${HOST}.name`, value: NAME })
  const plan = readPlan('changes: [{ subject: flows.web, latest: 2026-11-01 }]\n')
  if (!plan.ok) throw new Error('plan')
  const found = planRoadmap(today, target, { at: DAY, plan: plan.plan })
  if (!found.ok) throw new Error(found.problems[0]?.message)
  return found.roadmap
}

export const subject: RoadmapSubject = {
  town: '破れ町',
  model: 'α',
  edition: 'R8.3',
  at: DAY,
  made: '2026-11-25',
  file: 'town.yaml',
  fileDigest: 'ab'.repeat(32),
  rulesDigest: 'cd'.repeat(32),
  version: '0.1.0',
  target: { file: 'target.yaml', fileDigest: 'ef'.repeat(32) },
  plan: { file: 'plan.yaml', fileDigest: '01'.repeat(32) },
}
