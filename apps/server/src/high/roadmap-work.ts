/** Plans one way, in a process of its own. The target may be what somebody brought: it is read here and nowhere else. */
import { workApart } from '../host/work-apart.ts'
import { text, shape } from '../shape.ts'
import { planned } from './planned.ts'
import type { RoadmapWork } from './roadmaps.ts'

const given = shape<RoadmapWork>(
  { town: text(Infinity), target: text(Infinity), plan: text(Infinity), at: text(10) },
  ['plan'],
)

workApart((brought) => {
  const work = given(brought)
  if (!work) throw new TypeError('no work')
  return planned(work)
})
