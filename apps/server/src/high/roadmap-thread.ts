/** Plans one way, in a thread of its own. The target may be what somebody brought: it is read here and nowhere else. */
import { parentPort, workerData } from 'node:worker_threads'
import { text, shape } from '../shape.ts'
import { planned } from './planned.ts'
import type { RoadmapWork } from './roadmaps.ts'

const given = shape<RoadmapWork>(
  { town: text(Infinity), target: text(Infinity), plan: text(Infinity), at: text(10) },
  ['plan'],
)

const work = given(workerData)
if (!work) throw new TypeError('no work')
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread of Node.js has no origin
parentPort?.postMessage(planned(work))
