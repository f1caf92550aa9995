/**
 * 点検: what the guideline says about the town in force, as of any day and edition, and what would stop if something were cut.
 */
import { EDITIONS } from '@sekisho/core'
import type { Edition } from '@sekisho/core'
import { assess, calendarOf, deltaOf, RISK_WORDS, riskOf, selfCheckOf } from '@sekisho/assess'
import type { Judge } from '@sekisho/judge'
import { checkTown, cutImpact, cutTargets } from '@sekisho/town'
import type { TownReading } from '@sekisho/town'
import type { CutPage, ModelsPage, RiskPage, TownCheck } from '../api.ts'
import { refuse } from '../host/web.ts'
import type { Web } from '../host/web.ts'
import { dayOf, editionOf } from './asked.ts'
import { seesAll } from './evidence.ts'

export interface SelfCheckOptions {
  readonly read: TownReading
  readonly judge: Judge
}

/** Weak points of a town are shown to those who mend or audit them, not to everybody. */
export function addSelfCheck(app: Web, { read, judge }: SelfCheckOptions): void {
  const { town } = read
  app.get('/api/check', (context) => {
    if (!seesAll(context.get('who'))) return refuse(context, 403, 'NOT-YOUR-ROLE')
    const at = dayOf(context)
    const edition = editionOf(context) ?? town.edition
    if (at === undefined) return refuse(context, 400, 'BODY-INVALID')
    const { result, findings, answers } = checkTown(read, { judge, at, edition })
    return context.json({
      result,
      findings,
      questions: answers.length,
      at,
      edition,
      model: town.model,
      editions: EDITIONS,
    } satisfies TownCheck)
  })
  const assessments = lastOf((at: string, edition: Edition) => assess(read, { at, edition, judge }))
  app.get('/api/assess/:part', (context) => {
    if (!seesAll(context.get('who'))) return refuse(context, 403, 'NOT-YOUR-ROLE')
    const at = dayOf(context)
    const edition = editionOf(context) ?? town.edition
    if (at === undefined) return refuse(context, 400, 'BODY-INVALID')
    const assessment = assessments(at, edition)
    const [gap] = assessment.models
    if (!gap) return refuse(context, 404, 'NOT-FOUND')
    switch (context.req.param('part')) {
      case 'self-check':
        return context.json(selfCheckOf(gap, at))
      case 'calendar':
        return context.json(calendarOf(town, gap, { at, edition }))
      case 'risk': {
        const { rows, ...risk } = riskOf(town, gap, at)
        const shown = rows.slice(0, RISK_ROWS).map((row) => ({
          ...row,
          pathName: RISK_WORDS.paths[row.path],
          levelName: RISK_WORDS.level[row.residual.level],
        }))
        return context.json({ ...risk, rows: shown, total: rows.length } satisfies RiskPage)
      }
      case 'models': {
        const others = assessment.models.filter(({ own }) => !own)
        const to = others.find(({ model }) => model === context.req.query('to')) ?? others[0]
        const delta = to && deltaOf(town, assessment, to.model)
        return context.json({
          model: town.model,
          models: others.map(({ model, counts }) => ({ model, counts })),
          ...(delta ? { delta } : {}),
        } satisfies ModelsPage)
      }
      default:
        return refuse(context, 404, 'NOT-FOUND')
    }
  })
  app.get('/api/cut', (context) => {
    if (!seesAll(context.get('who'))) return refuse(context, 403, 'NOT-YOUR-ROLE')
    const targets = cutTargets(town)
    const target = targets.find((one) => one.target === context.req.query('target'))
    const impact = target && cutImpact(town, target.target)
    return context.json({ targets, ...(impact ? { impact } : {}) } satisfies CutPage)
  })
}

/** Rows of the table of risks on one page: the gravest. */
const RISK_ROWS = 100

/** Keeps the last answer: the parts of one page are asked for one after the other. */
function lastOf<Answer>(
  make: (at: string, edition: Edition) => Answer,
): (at: string, edition: Edition) => Answer {
  let last: { readonly key: string; readonly answer: Answer } | undefined
  return (at, edition) => {
    const key = `${at} ${edition}`
    if (last?.key !== key) last = { key, answer: make(at, edition) }
    return last.answer
  }
}
