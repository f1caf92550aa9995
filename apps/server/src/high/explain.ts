/**
 * 理由・条項を調べる: what `sekisho explain` says, and every open point with the reading that is in force for this town.
 */
import { DECISIONS, EDITIONS } from '@sekisho/core'
import type { IsoDate, Town } from '@sekisho/core'
import { formOf, readingOf, ruleApplies } from '@sekisho/guideline'
import type { ExplanationPart, OpenPoint } from '@sekisho/guideline'
import { passageWords } from '@sekisho/passage'
import { lookUp, OPEN_POINT_KINDS, openPoints } from '@sekisho/report'
import type { LookedUp } from '@sekisho/report'
import { readingsOf, todayInJapan } from '@sekisho/town'
import type { Explained, ExplainedRule, OpenPointsPage, PointPage } from '../api.ts'
import { ownWords } from '../host/problem.ts'
import { refuse } from '../host/web.ts'
import type { Web } from '../host/web.ts'
import { seesAll } from './evidence.ts'

/** Longest thing that somebody looks up, UTF-16 units: the longest id and the longest clause are far shorter. */
const ASKED_MAX = 100

/** Shown to those who mend or audit the town, as 点検 is. */
export function addExplain(app: Web, { town }: { readonly town: Town }): void {
  app.get('/api/explain', (context) => {
    if (!seesAll(context.get('who'))) return refuse(context, 403, 'NOT-YOUR-ROLE')
    const asked = (context.req.query('asked') ?? '').trim()
    if (asked === '' || asked.length > ASKED_MAX || !asked.isWellFormed())
      return refuse(context, 400, 'ASKED-INVALID', { max: ASKED_MAX })
    return context.json(explained(asked, town) satisfies Explained)
  })
  app.get('/api/open-points', (context) => {
    if (!seesAll(context.get('who'))) return refuse(context, 403, 'NOT-YOUR-ROLE')
    const points = openPoints().map((point) => pointPage(point, town))
    return context.json({ edition: town.edition, points } satisfies OpenPointsPage)
  })
}

function explained(asked: string, town: Town): Explained {
  const found = lookUp(asked)
  switch (found.kind) {
    case 'point':
      return { kind: 'point', point: pointPage(found.point, town) }
    case 'rule':
      return rulePage(found, town)
    case 'nothing': {
      const words = passageWords(asked) ?? ownWords(asked)
      return words === undefined ? found : { kind: 'reason', id: asked, words: unfilled(words) }
    }
    default:
      return found
  }
}

/** Of the passage and of the server itself: sentences about one file, here about any. */
function unfilled<Words extends object>(words: Words): Words {
  const said = Object.entries(words).map(([key, text]) => [
    key,
    String(text)
      .replaceAll('{file}', 'ファイル')
      .replaceAll(/\{[a-z]+\}/gu, '○'),
  ])
  return Object.fromEntries(said) as Words
}

function rulePage({ id, parts }: Extract<LookedUp, { kind: 'rule' }>, town: Town): Explained {
  const about = openPoints().filter(({ acts }) => acts.rules.includes(id))
  return {
    kind: 'rule',
    id,
    parts: parts.map((part) => partPage(part, town)),
    points: about.map(({ id: point, title }) => ({ point, title })),
  }
}

function partPage({ rule, ja }: ExplanationPart, town: Town): ExplainedRule {
  const { short, message, why, cure } = ja
  if (rule === undefined) return { short, message, why, cure }
  const { clause, from, until, models, verified, source } = rule
  return {
    short,
    message,
    why,
    cure,
    rule: {
      clause,
      from,
      ...(until !== undefined && { until }),
      models,
      verified,
      source,
      applies: ruleApplies(rule, town),
      ...(rule.kind === 'forbid' && { severity: rule.severity, effect: rule.effect }),
    },
  }
}

function pointPage(point: OpenPoint, town: Town): PointPage {
  const { id, title, question, kind, looked, readings, acts, lives } = point
  const today = todayInJapan(new Date())
  const inForce = inForceFor(point, town, today)
  const chosen = town.readings?.[id]
  return {
    id,
    title,
    question,
    kind,
    decidedBy: OPEN_POINT_KINDS[kind],
    looked,
    readings: readings.map(({ id: reading, short, text, changes, source, lenient, from }) => ({
      id: reading,
      short,
      text,
      changes,
      source,
      lenient,
      ...(from !== undefined && { from }),
      first: reading === point.default,
      inForce: reading === inForce,
    })),
    ...(chosen !== undefined && { chosen }),
    ...(chosen?.date !== undefined && chosen.date > today && { waits: chosen.date }),
    questions: acts.questions.flatMap((name) => {
      const decision = DECISIONS.find((one) => one === name)
      const form = decision && formOf(decision)
      return decision && form ? [{ question: decision, title: form.title }] : []
    }),
    rules: acts.rules,
    lives: lives.map(({ about }) => about),
  }
}

/** Id of the reading in force here; `undefined` where the product is built for both. */
function inForceFor(point: OpenPoint, town: Town, today: IsoDate): string | undefined {
  switch (point.kind) {
    case 'design':
      return undefined
    case 'edition':
      return byEdition(point, town)
    default:
      return readingOf(point, { edition: town.edition, readings: readingsOf(town, today) }).id
  }
}

/** Such readings are named after the edition from which we have them: the last that had begun, or the oldest. */
function byEdition({ readings }: OpenPoint, { edition }: Town): string | undefined {
  const named = EDITIONS.filter((one) => readings.some(({ id }) => id === one))
  const at = EDITIONS.indexOf(edition)
  return named.findLast((one) => EDITIONS.indexOf(one) <= at) ?? named[0]
}
