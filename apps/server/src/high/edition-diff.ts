/**
 * 版のちがい: what another edition of the guideline would say of the town in force, and what changed in the guideline.
 */
import { EDITIONS } from '@sekisho/core'
import type { Edition } from '@sekisho/core'
import { loadGuideline, ruleChanges } from '@sekisho/guideline'
import { editionDiffWorkbook } from '@sekisho/report'
import { diffEditions } from '@sekisho/town'
import type { EditionDiff } from '@sekisho/town'
import type { DiffPage } from '../api.ts'
import { attachment, XLSX } from '../host/attachment.ts'
import { refuse } from '../host/web.ts'
import type { Web, WebContext } from '../host/web.ts'
import { dayOf } from './asked.ts'
import { seesAll } from './evidence.ts'
import { subjectOf } from './subject.ts'
import type { InForce } from './subject.ts'

/** Shown to those who mend or audit the town. */
export function addEditionDiff(app: Web, options: InForce): void {
  const { read, judge } = options
  const asked = (context: WebContext, answer: (found: EditionDiff) => Response) => {
    if (!seesAll(context.get('who'))) return refuse(context, 403, 'NOT-YOUR-ROLE')
    const at = dayOf(context)
    const to = editionIn(context, 'to', LAST)
    const from = editionIn(context, 'from', earlier(read.town.edition, to))
    if (at === undefined || from === undefined || to === undefined)
      return refuse(context, 400, 'BODY-INVALID')
    return answer(diffEditions(read, from, to, at, { judge }))
  }
  app.get('/api/diff', (context) =>
    asked(context, (found) => context.json(pageOf(found, options) satisfies DiffPage)),
  )
  app.get('/api/diff.xlsx', (context) =>
    asked(context, (found) => {
      const { at, from, to } = found
      const workbook = editionDiffWorkbook(found, subjectOf(options, { at, edition: to }))
      return attachment(context, `diff-${from}-${to}-${at}.xlsx`, XLSX, workbook)
    }),
  )
}

const LAST = EDITIONS.at(-1)

/** The edition asked for; the fallback without one; `undefined` for one that nobody knows. */
function editionIn(
  context: WebContext,
  key: 'from' | 'to',
  fallback: Edition | undefined,
): Edition | undefined {
  const wanted = context.req.query(key) ?? ''
  return wanted === '' ? fallback : EDITIONS.find((one) => one === wanted)
}

/** The edition of the town, or the one before it when the town has come that far already. */
function earlier(own: Edition, to: Edition | undefined): Edition {
  return own === to ? (EDITIONS[EDITIONS.indexOf(own) - 1] ?? own) : own
}

function pageOf(found: EditionDiff, { read: { town } }: InForce): DiffPage {
  const { from, to, appear, vanish } = found
  const rules = ruleChanges(from, to, town.model)
  const moved = [...appear, ...vanish]
  return {
    ...found,
    model: town.model,
    own: town.edition,
    editions: loadGuideline().editions.map(({ id, name, published, changes }) => ({
      id,
      name,
      published,
      changes,
    })),
    rules: rules.map((rule) => ({
      ...rule,
      findings: moved.filter((finding) => finding.rule === rule.id).length,
    })),
  }
}
