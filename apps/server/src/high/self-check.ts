/**
 * 点検: what the guideline says about the town in force, as of any day and edition, and what would stop if something were cut.
 */
import { EDITIONS } from '@sekisho/core'
import type { Edition } from '@sekisho/core'
import type { Judge } from '@sekisho/judge'
import { checkTown, cutImpact, cutTargets, isDate, todayInJapan } from '@sekisho/town'
import type { TownReading } from '@sekisho/town'
import type { CutPage, TownCheck } from '../api.ts'
import { refuse } from '../host/web.ts'
import type { Web, WebContext } from '../host/web.ts'
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
  app.get('/api/cut', (context) => {
    if (!seesAll(context.get('who'))) return refuse(context, 403, 'NOT-YOUR-ROLE')
    const targets = cutTargets(town)
    const target = targets.find((one) => one.target === context.req.query('target'))
    const impact = target && cutImpact(town, target.target)
    return context.json({ targets, ...(impact ? { impact } : {}) } satisfies CutPage)
  })
}

/** The day asked for, today without one; `undefined` when it is no day of the calendar. */
function dayOf(context: WebContext): string | undefined {
  const asked = context.req.query('at') ?? ''
  if (asked === '') return todayInJapan(new Date())
  return isDate(asked) ? asked : undefined
}

function editionOf(context: WebContext): Edition | undefined {
  return EDITIONS.find((one) => one === context.req.query('edition'))
}
