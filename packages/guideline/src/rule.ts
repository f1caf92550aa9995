/**
 * One rule: a Cedar policy and what its annotations say.
 */
import { DECISIONS, EDITIONS, MODELS, SekishoError } from '@sekisho/core'
import type { Actor, Edition, GateCure, Model, QuestionName, Severity } from '@sekisho/core'
import type { PolicyText } from './policy-text.ts'

/** A fact and the value that a rule needs it to have. */
export interface Need {
  readonly fact: string
  readonly comparison: 'equal' | 'at-least'
  readonly value: string | number | boolean
}

/** How a need is written, and the key of its name in the sentence files: `hasOwner=true`, `logRetentionDays>=365`. */
export function needKey({ fact, comparison, value }: Need): string {
  return `${fact}${comparison === 'at-least' ? '>=' : '='}${String(value)}`
}

/** What a permit and a forbid have in common. */
export interface RuleScope {
  /** Stable id, the same on every screen, log and report, e.g. `ZN-06`. */
  readonly id: string
  /**
   * One rule may have several policies, for example one per question. No two parts of one rule ever answer the same
   * facts, so a reader never sees one rule twice.
   */
  readonly part?: string
  /** `id` or `id/part`: unique, and the key of the sentences. */
  readonly key: string
  /** The question whose facts it reads. */
  readonly question: QuestionName
  /** The clause, as far as it is known. Never an invented number. */
  readonly clause: string
  /** The edition the clause was read from. */
  readonly edition: Edition
  /** The editions the rule belongs to, both ends included; open to the future when `until` is absent. */
  readonly from: Edition
  readonly until?: Edition
  readonly models: readonly Model[]
  /**
   * True only when a publication of the ministry itself states it (we read the ministry's explanatory slides and the
   * passages it quotes, not the 422 pages of the guideline). One unverified number makes the rule unverified.
   */
  readonly verified: boolean
  readonly source: string
  /** Facts that satisfy the rule; empty when no change of facts does. */
  readonly needs: readonly Need[]
  /** The policy as an auditor reads it. */
  readonly text: string
}

/** Lets something happen unless a forbid speaks. */
export interface Permit extends RuleScope {
  readonly kind: 'permit'
}

/** Stops something, by itself or until a person decides. */
export interface Forbid extends RuleScope {
  readonly kind: 'forbid'
  readonly severity: Severity
  readonly effect: 'refuse' | 'hold'
  readonly who: Actor
  readonly gate?: GateCure
}

export type Rule = Permit | Forbid

/** True when the rule belongs to this edition and this model. */
export function ruleApplies(
  rule: Pick<RuleScope, 'from' | 'until' | 'models'>,
  town: { readonly edition: Edition; readonly model: Model },
): boolean {
  const at = EDITIONS.indexOf(town.edition)
  const until = rule.until === undefined ? EDITIONS.length : EDITIONS.indexOf(rule.until)
  return EDITIONS.indexOf(rule.from) <= at && at <= until && rule.models.includes(town.model)
}

const SEVERITIES = ['statutory', 'required', 'advisory'] as const satisfies readonly Severity[]
const EFFECTS = ['refuse', 'hold'] as const
const ACTORS = [
  'gate',
  'clerk',
  'approver',
  'it-officer',
  'ciso',
  'sender',
  'vendor',
] as const satisfies readonly Actor[]
const GATE_CURES = [
  'disarm',
  'verify',
  'strip',
  'plain-text',
] as const satisfies readonly GateCure[]
const BOOLEANS = ['true', 'false'] as const
const QUESTIONS = [
  'check-flow',
  'check-boundary',
  'check-host',
  'check-mail-route',
  'check-file-route',
  'check-screen-route',
  'check-wireless',
  'check-organisation',
  'check-control',
  'place',
  'cross',
  'check-web-route',
  'web-destination',
  'web-upload',
  'web-download',
  ...DECISIONS,
] as const satisfies readonly QuestionName[]

/**
 * Reads the annotations of one policy.
 *
 * @throws SekishoError CONFIG_INVALID when one is missing, unknown or has a value outside its list: a rule whose
 *   effect was mistyped must not start as something weaker.
 */
export function readRule(file: string, policy: PolicyText): Rule {
  const notes = new Notes(file, policy.annotations)
  const scope = readScope(notes, policy.text)
  const rule: Rule =
    policy.effect === 'permit'
      ? { kind: 'permit', ...scope }
      : {
          kind: 'forbid',
          ...scope,
          severity: notes.oneOf('severity', SEVERITIES),
          effect: notes.oneOf('effect', EFFECTS),
          who: notes.oneOf('who', ACTORS),
          ...(notes.has('gate') ? { gate: notes.oneOf('gate', GATE_CURES) } : {}),
        }
  notes.end()
  return rule
}

function readScope(notes: Notes, text: string): RuleScope {
  const id = notes.text('id')
  const part = notes.has('part') ? notes.text('part') : undefined
  const [from, until] = readEditions(notes)
  return {
    id,
    ...(part === undefined ? {} : { part }),
    key: part === undefined ? id : `${id}/${part}`,
    question: readQuestion(notes, text),
    clause: notes.text('clause'),
    edition: notes.oneOf('edition', EDITIONS),
    from,
    ...(until === undefined ? {} : { until }),
    models: readModels(notes),
    verified: notes.oneOf('verified', BOOLEANS) === 'true',
    source: notes.text('source'),
    needs: readNeeds(notes),
    text,
  }
}

function readQuestion(notes: Notes, text: string): QuestionName {
  const name = /action == Sekisho::Action::"([a-z-]+)"/u.exec(text)?.[1]
  const question = QUESTIONS.find((known) => known === name)
  if (question === undefined) throw notes.invalid('the action is not one known question')
  return question
}

function readEditions(notes: Notes): [Edition, Edition | undefined] {
  const match = /^([A-Z0-9.]+?)\.\.([A-Z0-9.]*)$/u.exec(notes.text('editions'))
  const from = EDITIONS.find((edition) => edition === match?.[1])
  const until = EDITIONS.find((edition) => edition === match?.[2])
  if (from === undefined || (until === undefined && match?.[2] !== ''))
    throw notes.invalid('@editions is not a range of known editions')
  return [from, until]
}

function readModels(notes: Notes): readonly Model[] {
  const value = notes.text('models')
  if (value === '*') return MODELS
  return value.split(' ').map((name) => {
    const model = MODELS.find((known) => known === name)
    if (model === undefined) throw notes.invalid(`@models names an unknown model ${name}`)
    return model
  })
}

function readNeeds(notes: Notes): readonly Need[] {
  const value = notes.text('mend')
  if (value === '') return []
  return value.split(' ').map((pair) => {
    const match = /^([A-Za-z]+)(=|>=)([A-Za-z0-9-]+)$/u.exec(pair)
    if (!match)
      throw notes.invalid(`@mend has a part that is not fact=value or fact>=number: ${pair}`)
    return {
      fact: match[1] ?? '',
      comparison: match[2] === '>=' ? 'at-least' : 'equal',
      value: readValue(match[3] ?? ''),
    }
  })
}

function readValue(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true'
  return /^\d+$/u.test(text) ? Number(text) : text
}

/** The annotations of one policy, each asked for once. */
class Notes {
  readonly #file: string
  readonly #notes: ReadonlyMap<string, string>
  readonly #read = new Set<string>()

  constructor(file: string, notes: ReadonlyMap<string, string>) {
    this.#file = file
    this.#notes = notes
  }

  has(name: string): boolean {
    return this.#notes.has(name)
  }

  text(name: string): string {
    const value = this.#notes.get(name)
    if (value === undefined) throw this.invalid(`@${name} is missing`)
    this.#read.add(name)
    return value
  }

  oneOf<const Values extends readonly string[]>(name: string, values: Values): Values[number] {
    const value = values.find((known) => known === this.text(name))
    if (value === undefined) throw this.invalid(`@${name} is not one of ${values.join(', ')}`)
    return value
  }

  end(): void {
    for (const name of this.#notes.keys())
      if (!this.#read.has(name)) throw this.invalid(`@${name} is not known here`)
  }

  invalid(what: string): SekishoError {
    const id = this.#notes.get('id') ?? 'a policy without @id'
    return new SekishoError('CONFIG_INVALID', `${this.#file}: ${id}: ${what}`)
  }
}
