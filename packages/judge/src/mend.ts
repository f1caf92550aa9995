/**
 * Which facts would have to change for the answer to be `pass`: the to-do list of one question.
 */
import type { Actor, Answer, FactValue, Question } from '@sekisho/core'
import type { Need } from '@sekisho/guideline'
import { isMet } from './answer.ts'
import { readsOf } from './reads.ts'
import type { RuleSet } from './rule-set.ts'
import type { WordedForbid } from './town-rule.ts'

/** One fact, the value it would need to have, and who may see to it. */
export interface FactChange {
  readonly fact: string
  readonly from: FactValue
  readonly to: string | number | boolean
  readonly who: Actor
}

type Facts = Readonly<Record<string, FactValue>>
type Changes = readonly FactChange[]

/** How changed facts arrive where they are put. */
export interface Placed {
  /** What they become there: a form takes away a change of what it does not ask. */
  readonly settle: (facts: Facts) => Facts
  /** Fact → the facts on which it hangs whether it is asked. */
  readonly hangsOn: ReadonlyMap<string, readonly string[]>
}

const AS_GIVEN: Placed = { settle: (facts) => facts, hangsOn: new Map() }

/** Mending one finding may uncover another; beyond this many rounds nothing more comes. */
const MAX_ROUNDS = 8

/**
 * See `Judge.mend`. What speaks names changes, and so does what speaks once these are made: sets of all of them are tried from the fewest on. A rule that speaks
 * goes on speaking until a fact that it reads is another, so only changes of such facts are tried; and rules that read no fact in common need a change each, so
 * what cannot become few enough is left at once. What is left out this way could not pass: what is found is the smallest there is, and where nothing is found
 * there is nothing. What only a silent rule names is no way: it would have an officer change what happened instead of mending what was said.
 */
export function smallestChange(
  ask: (question: Question) => Answer,
  rules: RuleSet,
  question: Question,
  placed: Placed = AS_GIVEN,
): Changes | undefined {
  const answer = ask(question)
  if (answer.basis === 'error') return undefined
  if (answer.result === 'pass') return []
  const facts = question.facts as unknown as Facts
  const askWith = (values: Facts): Answer => {
    const changed = placed.settle({ ...facts, ...values })
    return ask({ question: question.question, facts: changed } as unknown as Question)
  }
  const named = changesNamed(askWith, rules, question.question, facts)
  const speaking = speakersOf(rules, question.question, named, placed.hangsOn)
  const found = new Search((changes) => {
    const { result, determining } = askWith(valuesOf(changes))
    return result === 'pass' ? [] : speaking(determining)
  }).fewest()
  // In the order in which the rules are written, which is the order in which they are asked about.
  return found && named.filter((change) => found.includes(change))
}

/** What is named while everything that is said is mended, round by round. */
function changesNamed(
  ask: (values: Facts) => Answer,
  rules: RuleSet,
  question: string,
  facts: Facts,
): Changes {
  let all: Changes = []
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const { result, determining } = ask(valuesOf(all))
    if (result === 'pass') return all
    const more = [...rules.forbids.values()]
      .filter((rule) => rule.question === question && determining.includes(rule.id))
      .flatMap((rule) => changesOf(rule, facts))
    const next = distinct([...all, ...more])
    if (next.length === all.length) return all
    all = next
  }
  return all
}

/** What speaks, as the changes that could silence it. */
type Speaker = Changes

class Search {
  /** Empty when it passes. */
  readonly #against: (changes: Changes) => readonly Speaker[]
  /** Whether something was left only because it would have been too many. */
  #more = false

  constructor(against: (changes: Changes) => readonly Speaker[]) {
    this.#against = against
  }

  fewest(): Changes | undefined {
    for (let most = 1; ; most++) {
      this.#more = false
      const found = this.#within(most, [], new Set())
      if (found ?? !this.#more) return found
    }
  }

  /** The first set of at most so many changes that passes and has all of `made` and none of `left`. */
  #within(most: number, made: Changes, left: ReadonlySet<string>): Changes | undefined {
    const against = this.#against(made)
    if (against.length === 0) return made
    const changed = new Set(made.map(({ fact }) => fact))
    const open = against.map((speaker) =>
      speaker.filter((change) => !changed.has(change.fact) && !left.has(keyOf(change))),
    )
    if (open.some((speaker) => speaker.length === 0)) return undefined
    if (made.length + needed(open) > most) {
      this.#more = true
      return undefined
    }
    // One of them has to be made; what was tried before need not be tried again together with what comes after it.
    const fewestWays = open.reduce((one, other) => (other.length < one.length ? other : one))
    const tried = new Set(left)
    for (const change of fewestWays) {
      const found = this.#within(most, [...made, change], tried)
      if (found) return found
      tried.add(keyOf(change))
    }
    return undefined
  }
}

/** So many changes at least: speakers without a fact in common need one each. */
function needed(speakers: readonly Speaker[]): number {
  const taken = new Set<string>()
  let count = 0
  for (const speaker of speakers.toSorted((a, b) => a.length - b.length)) {
    if (speaker.some(({ fact }) => taken.has(fact))) continue
    for (const { fact } of speaker) taken.add(fact)
    count++
  }
  return count
}

/** For the ids that an answer was determined by: what speaks. */
function speakersOf(
  rules: RuleSet,
  question: string,
  named: Changes,
  hangsOn: Placed['hangsOn'],
): (determining: readonly string[]) => readonly Speaker[] {
  const forbids = [...rules.forbids.values()].filter((rule) => rule.question === question)
  const permits = rules.permits.filter((rule) => rule.question === question)
  const waysOf = (speak: readonly { readonly text: string }[]): Speaker => {
    const reads = withThoseBehind(
      speak.flatMap(({ text }) => [...readsOf(text)]),
      hangsOn,
    )
    return named.filter(({ fact }) => reads.has(fact))
  }
  // Of the parts of one rule only one speaks, and the answer does not say which: the facts of any may be those it reads.
  const ways = new Map(
    forbids.map(({ id }) => [id, waysOf(forbids.filter((other) => other.id === id))]),
  )
  // What is no id of a forbid says that nothing permits it.
  const permitted = waysOf(permits)
  return (determining) => determining.map((id) => ways.get(id) ?? permitted)
}

function changesOf({ needs, who }: WordedForbid, facts: Facts): FactChange[] {
  return needs.flatMap((need: Need) => {
    const from = facts[need.fact]
    if (from === undefined || isMet(need, from)) return []
    return [{ fact: need.fact, from, to: need.value, who }]
  })
}

/** With every fact on which it hangs whether one of them is asked. */
function withThoseBehind(
  reads: readonly string[],
  hangsOn: Placed['hangsOn'],
): ReadonlySet<string> {
  const all = new Set(reads)
  // What is added while it runs comes round too.
  for (const fact of all) for (const behind of hangsOn.get(fact) ?? []) all.add(behind)
  return all
}

function distinct(changes: Changes): Changes {
  const seen = new Set<string>()
  return changes.filter((change) => !seen.has(keyOf(change)) && seen.add(keyOf(change)))
}

const keyOf = ({ fact, to }: FactChange): string => `${fact}=${String(to)}`

function valuesOf(changes: Changes): Facts {
  return Object.fromEntries(changes.map(({ fact, to }) => [fact, to]))
}
