/**
 * 工程表: from the declaration in force to one the town wants. What is computed takes longer than a page waits, so a page asks again.
 */
import { MAX_PLAN } from '@sekisho/assess'
import type { Step } from '@sekisho/assess'
import type { Finding } from '@sekisho/core'
import { MAX_TOWN_BYTES } from '@sekisho/town'
import type { GivenTarget, RoadmapPage, RoadmapState, ShownFinding, TargetsPage } from '../api.ts'
import { readBytes, refuse } from '../host/web.ts'
import type { Web, WebContext } from '../host/web.ts'
import { fromJson, shape, text } from '../shape.ts'
import { dayFrom, dayOf } from './asked.ts'
import { seesAll } from './evidence.ts'
import type { RoadmapJob, Roadmaps } from './roadmaps.ts'
import type { Targets } from './targets.ts'

export interface RoadmapOptions {
  /** Text of the declaration in force. */
  readonly town: string
  readonly targets: Targets
  readonly roadmaps: Roadmaps
}

/** A body holds a declaration as JSON, in which a line feed is two characters. */
const GIVEN_MAX = 2 * MAX_TOWN_BYTES
const ID = /^[0-9a-f]{64}$/u

const givenTarget = shape<GivenTarget>(
  { target: text(MAX_TOWN_BYTES), plan: text(MAX_PLAN), at: text(10) },
  ['plan', 'at'],
)

/** Shown to those who mend or audit the town; brought in by those who mend it. */
export function addRoadmap(app: Web, { town, targets, roadmaps }: RoadmapOptions): void {
  app.get('/api/roadmap/targets', async (context) => {
    if (!seesAll(context.get('who'))) return refuse(context, 403, 'NOT-YOUR-ROLE')
    return context.json({ targets: await targets.list() } satisfies TargetsPage)
  })
  app.get('/api/roadmap', async (context) => {
    if (!seesAll(context.get('who'))) return refuse(context, 403, 'NOT-YOUR-ROLE')
    const at = dayOf(context)
    if (at === undefined) return refuse(context, 400, 'BODY-INVALID')
    const id = context.req.query('target') ?? ''
    const found = await targets.read(id)
    if (!found) return refuse(context, 404, 'NOT-FOUND')
    return answer(context, roadmaps.ask({ town, at, ...found }, id))
  })
  app.get('/api/roadmap/given/:id', (context) => {
    if (!seesAll(context.get('who'))) return refuse(context, 403, 'NOT-YOUR-ROLE')
    const id = context.req.param('id')
    const job = ID.test(id) ? roadmaps.find(id) : undefined
    return job ? answer(context, job) : refuse(context, 404, 'TARGET-GONE')
  })
  app.post('/api/roadmap/given', async (context) => {
    if (!context.get('who').person.roles.includes('it-officer'))
      return refuse(context, 403, 'NOT-YOUR-ROLE')
    const bytes = await readBytes(context, GIVEN_MAX)
    if (!bytes) return refuse(context, 413, 'TARGET-TOO-LARGE')
    const given = fromJson(bytes.toString('utf8'), givenTarget)
    const at = dayFrom(given?.at)
    if (!given || at === undefined) return refuse(context, 400, 'BODY-INVALID')
    return answer(context, roadmaps.ask({ ...given, town, at }))
  })
}

function answer(context: WebContext, job: RoadmapJob | undefined): Response {
  if (!job) return refuse(context, 503, 'TRY-LATER')
  return context.json(stateOf(job) satisfies RoadmapState)
}

function stateOf({ id, began, found }: RoadmapJob): RoadmapState {
  if (found === undefined) {
    const seconds = Math.max(0, Math.round((Date.now() - began.getTime()) / 1000))
    return { id, state: 'working', seconds }
  }
  return found.state === 'done' ? { id, state: 'done', page: pageOf(found) } : { id, ...found }
}

/** Sentences of one step on the page; the rest is counted. */
const MOST_CHANGES = 5

function pageOf({
  roadmap: { today, target, steps, blocks, ...roadmap },
  delta,
}: Extract<NonNullable<RoadmapJob['found']>, { state: 'done' }>): RoadmapPage {
  return {
    ...roadmap,
    today: { ...today, findings: today.findings.map(shownFinding) },
    target: { ...target, findings: target.findings.map(shownFinding) },
    steps: steps.map(shownStep),
    blocks: blocks.map(({ sentence }) => sentence),
    ...(delta && {
      cost: {
        drivers: delta.drivers,
        minutesPerYear: delta.minutesPerYear,
        clicksPerYear: delta.burdens.reduce((sum, one) => sum + one.clicksPerYear, 0),
        note: delta.note,
      },
    }),
  }
}

function shownStep(step: Step): RoadmapPage['steps'][0] {
  const { number, name, day, fiscalYear, half, services, controls, after, changes } = step
  return {
    number,
    name,
    day,
    fiscalYear,
    half,
    services,
    controls,
    after,
    changes: changes.slice(0, MOST_CHANGES),
    more: Math.max(0, changes.length - MOST_CHANGES),
    reasons: step.reasons.map(({ sentence, steps = [], finding }) => ({
      sentence,
      steps,
      ...(finding && { finding: shownFinding(finding) }),
    })),
    vanish: step.vanish.map(shownFinding),
    appear: step.appear.map(shownFinding),
  }
}

const shownFinding = ({ rule, severity, message, verified }: Finding): ShownFinding => ({
  rule,
  severity,
  message,
  verified,
})
