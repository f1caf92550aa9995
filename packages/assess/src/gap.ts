/**
 * Every control of the table, for the town's model and for each other model of the edition, with what can be said of it. The rules are not read here: the
 * check answers, and this counts.
 */
import { EDITIONS } from '@sekisho/core'
import type { Cure, Edition, Finding, IsoDate, Model, Severity, Town } from '@sekisho/core'
import { loadGuideline, ruleApplies, type ControlInfo, type Forbid } from '@sekisho/guideline'
import { checkTown, heardControls, todayInJapan } from '@sekisho/town'
import type { Asks, Checked, CheckResult, TownReading } from '@sekisho/town'
import { concernsWith, type Concern, type Concerns } from './concern.ts'
import { CONTROL_STATES } from './control-row.ts'
import type { Basis, ControlReason, ControlRow, ControlState } from './control-row.ts'
import { guidelineJudge, remembering } from './judge.ts'
import { papersOf } from './papers.ts'
import { controlName, CURE, WHY } from './words.ts'

export interface AssessOptions {
  /** The day on which dates count. Default: today in Japan. */
  readonly at?: IsoDate
  /** Default: the edition the town names. */
  readonly edition?: Edition
  /** Default: the judge with the guideline's rules. It is taken to be pure and asked the same question once. */
  readonly judge?: Asks
}

/** The table for one model. */
export interface ModelGap {
  readonly model: Model
  /** The model the town declares. */
  readonly own: boolean
  /** One per control of the table, in its order. */
  readonly rows: readonly ControlRow[]
  readonly counts: Readonly<Record<ControlState, number>>
  /** Findings of the same check that belong to no control of the table, e.g. about where assets are kept. */
  readonly others: readonly Finding[]
}

export interface Assessment {
  readonly name: string
  readonly model: Model
  readonly at: IsoDate
  readonly edition: Edition
  /** The town's own model first, then the others that exist in the edition. */
  readonly models: readonly ModelGap[]
}

/**
 * Assesses one town.
 *
 * Never throws for anything a town declares. What could not be judged is `not-checked`, never `met`.
 */
export function assess(read: TownReading, options: AssessOptions = {}): Assessment {
  const { town } = read
  const at = options.at ?? todayInJapan(new Date())
  const edition = options.edition ?? town.edition
  const judge = options.judge === undefined ? guidelineJudge() : remembering(options.judge)
  const concernsOf = concernsFor(judge)
  const heard = heardControls(town)
  const gap = (model: Model): ModelGap => {
    const check = checkTown({ ...read, town: { ...town, model } }, { judge, at, edition })
    return modelGap({ town, model, at, edition, check, concernsOf, heard })
  }
  const others = modelsOf(edition).filter((model) => model !== town.model)
  return Object.freeze({
    name: town.name,
    model: town.model,
    at,
    edition,
    models: Object.freeze([town.model, ...others].map(gap)),
  })
}

/** The models that exist in an edition. */
export function modelsOf(edition: Edition): readonly Model[] {
  return loadGuideline().editions.find(({ id }) => id === edition)?.models ?? []
}

const CONCERNS = new WeakMap<Asks, ReturnType<typeof concernsWith>>()

function concernsFor(judge: Asks): ReturnType<typeof concernsWith> {
  const before = CONCERNS.get(judge)
  if (before !== undefined) return before
  const concerns = concernsWith(judge)
  CONCERNS.set(judge, concerns)
  return concerns
}

interface Asked {
  readonly town: Town
  readonly model: Model
  readonly at: IsoDate
  readonly edition: Edition
  readonly check: CheckResult
  readonly concernsOf: (question: Checked['question']) => Concerns
  readonly heard: ReadonlySet<string>
}

function modelGap(asked: Asked): ModelGap {
  const { controls } = loadGuideline()
  const evidence = evidenceOf(asked)
  const rows = controls.map((control) => rowOf(control, evidence.get(control.id), asked))
  const known = new Set(controls.map(({ id }) => id))
  return Object.freeze({
    model: asked.model,
    own: asked.model === asked.town.model,
    rows: Object.freeze(rows),
    counts: countsOf(rows),
    others: Object.freeze(asked.check.findings.filter(({ rule }) => !known.has(rule))),
  })
}

/** How many rows are in each state. */
export function countsOf(rows: readonly ControlRow[]): Readonly<Record<ControlState, number>> {
  const counts = Object.fromEntries(CONTROL_STATES.map((state) => [state, 0])) as Record<
    ControlState,
    number
  >
  for (const { state } of rows) counts[state] += 1
  return Object.freeze(counts)
}

/** What the check brought to light about one control. */
interface Evidence {
  readonly asked: Checked[]
  readonly concerns: Map<string, Concern>
  readonly findings: Finding[]
}

function evidenceOf({ check, concernsOf }: Asked): ReadonlyMap<string, Evidence> {
  const evidence = new Map<string, Evidence>()
  const of = (id: string): Evidence => {
    const before = evidence.get(id)
    if (before !== undefined) return before
    const empty: Evidence = { asked: [], concerns: new Map(), findings: [] }
    evidence.set(id, empty)
    return empty
  }
  for (const checked of check.answers) {
    const seen = new Set<string>()
    for (const concern of concernsOf(checked.question)) {
      const { asked, concerns } = of(concern.rule.id)
      concerns.set(concern.rule.key, concern)
      if (!seen.has(concern.rule.id)) asked.push(checked)
      seen.add(concern.rule.id)
    }
  }
  for (const finding of check.findings) of(finding.rule).findings.push(finding)
  return evidence
}

function rowOf(control: ControlInfo, evidence: Evidence | undefined, asked: Asked): ControlRow {
  const basis = evidence && basisOf(control.id, evidence, asked.heard)
  const reason = reasonOf(control, evidence, basis, asked)
  const state = stateOf(reason)
  const about = aboutRule(control.id, evidence, asked)
  const unmeasured = state === 'not-asked' ? [] : unmeasuredOf(control, basis)
  return Object.freeze({
    control: control.id,
    name: controlName(control.id),
    chapter: control.chapter,
    ...exampleOf(control),
    state,
    reason,
    why: WHY[reason],
    ...(basis !== undefined && { basis }),
    asked: evidence?.asked.length ?? 0,
    unmeasured,
    ...about,
    papers: papersOf(asked.town, control, evidence?.asked ?? [], asked.at),
    findings: evidence?.findings ?? [],
    ...cureOf(state, reason, unmeasured, evidence),
  })
}

const exampleOf = ({ since, example, chapter }: ControlInfo): Pick<ControlRow, 'example'> =>
  since === undefined ? { example: example ?? String(chapter) } : {}

function reasonOf(
  control: ControlInfo,
  evidence: Evidence | undefined,
  basis: Basis | undefined,
  asked: Asked,
): ControlReason {
  if (!modelsOf(asked.edition).includes(asked.model)) return 'model-not-in-edition'
  if (evidence !== undefined && evidence.findings.length > 0) return findingReason(evidence)
  if (isUnanswered(control.id, evidence, asked)) return 'not-answered'
  if (evidence === undefined || basis === undefined) return notAskedReason(control, asked)
  return isEnough(control, basis) ? `met-${basis}` : 'not-measured'
}

function findingReason({ asked }: Evidence): ControlReason {
  for (const { question } of asked) {
    if (question.question !== 'check-control') continue
    const { stated, fresh, contradicted } = question.facts
    if (stated && contradicted) return 'contradicted'
    if (stated && !fresh) return 'stale'
  }
  return 'unmet'
}

/**
 * A question about this control, or one that could have been about it, that the judge could not answer. An answer of neither permit nor forbid says nothing
 * of a rule.
 */
function isUnanswered(id: string, evidence: Evidence | undefined, { check }: Asked): boolean {
  if (evidence?.asked.some(({ answer }) => !isAnswered(answer.basis)) === true) return true
  const questions = new Set(rulesOf(id).map(({ question }) => question))
  return check.answers.some(
    ({ question, answer }) =>
      answer.basis === 'error' &&
      questions.has(question.question) &&
      (question.question !== 'check-control' || question.facts.control === id),
  )
}

const isAnswered = (basis: string): boolean => basis === 'permitted' || basis === 'forbidden'

function notAskedReason({ id, since }: ControlInfo, { at, edition, model }: Asked): ControlReason {
  const rules = rulesOf(id)
  if (since !== undefined && at < since) return 'later-day'
  if (rules.some((rule) => ruleApplies(rule, { edition, model }))) return 'nothing-declared'
  const inEdition = rules.some((rule) => isOfEdition(rule, edition))
  return inEdition ? 'other-model' : 'other-edition'
}

const isOfEdition = (rule: Forbid, edition: Edition): boolean =>
  rule.models.some((model) => ruleApplies(rule, { edition, model }))

/** A paper is enough only where the table says so; a register or a configuration counts where the declaration holds it. */
const isEnough = (control: ControlInfo, basis: Basis): boolean =>
  !control.beyondPaper ||
  (basis !== 'paper' && control.checks.some((way) => way === 'cfg' || way === 'reg'))

function basisOf(
  id: string,
  { asked, concerns }: Evidence,
  heard: ReadonlySet<string>,
): Basis | undefined {
  if (asked.length === 0) return undefined
  const questions = new Set(asked.map(({ question }) => question.question))
  if (questions.has('check-organisation')) return 'paper'
  if (questions.has('check-control')) return heard.has(id) ? 'both' : 'paper'
  const needsPaper = [...concerns.values()].some(({ rule }) =>
    rule.needs.some(({ fact }) => fact.endsWith('Document')),
  )
  return needsPaper ? 'both' : 'configuration'
}

function unmeasuredOf({ checks }: ControlInfo, basis: Basis | undefined): ControlRow['unmeasured'] {
  return checks.filter((way) => {
    if (way === 'log' || way === 'hum') return true
    return way === 'doc' ? basis === 'configuration' : basis === undefined || basis === 'paper'
  })
}

function stateOf(reason: ControlReason): ControlState {
  switch (reason) {
    case 'met-configuration':
    case 'met-paper':
    case 'met-both':
      return 'met'
    case 'unmet':
    case 'stale':
    case 'contradicted':
      return reason
    case 'not-measured':
    case 'not-answered':
      return 'not-checked'
    case 'other-model':
    case 'other-edition':
    case 'later-day':
    case 'nothing-declared':
    case 'model-not-in-edition':
      return 'not-asked'
  }
}

const SEVERITIES: readonly Severity[] = ['statutory', 'required', 'advisory']

/** From what was or would have been said; for a control that was not asked, from the rule nearest in edition. */
function aboutRule(id: string, evidence: Evidence | undefined, { edition, model }: Asked) {
  const said = [...(evidence?.concerns.values() ?? [])].map(({ finding }) => finding)
  const applying = rulesOf(id).filter((rule) => ruleApplies(rule, { edition, model }))
  const parts = [said, applying, rulesOf(id)].find((list) => list.length > 0) ?? []
  return {
    severity:
      SEVERITIES.find((one) => parts.some(({ severity }) => severity === one)) ?? 'required',
    verified: parts.length > 0 && parts.every(({ verified }) => verified),
    clause: parts[0]?.clause ?? '',
  }
}

function cureOf(
  state: ControlState,
  reason: ControlReason,
  unmeasured: ControlRow['unmeasured'],
  evidence: Evidence | undefined,
): { readonly cure?: Cure } {
  if (state === 'met' || state === 'not-asked') return {}
  const said = evidence?.findings[0]?.cure
  if (said !== undefined) return { cure: said }
  const way = reason === 'not-answered' ? 'not-answered' : (unmeasured[0] ?? 'doc')
  return { cure: { sentence: CURE[way], who: 'it-officer' } }
}

let rulesById: ReadonlyMap<string, readonly Forbid[]> | undefined

/** Every part of a rule, the newest edition first. */
function rulesOf(id: string): readonly Forbid[] {
  rulesById ??= Map.groupBy(
    loadGuideline()
      .rules.filter((rule): rule is Forbid => rule.kind === 'forbid')
      .toSorted((a, b) => EDITIONS.indexOf(b.from) - EDITIONS.indexOf(a.from)),
    (rule) => rule.id,
  )
  return rulesById.get(id) ?? []
}
