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

/**
 * See `Judge.mend`. Sets of changes are tried from the fewest on. A rule that speaks goes on speaking until a fact that it reads is another, so only changes of
 * such facts are tried; and rules that read no fact in common need a change each, so what cannot become few enough is left at once. What is left out this way
 * could not pass: what is found is the smallest there is, and where nothing is found there is nothing.
 */
export function smallestChange(
  ask: (question: Question) => Answer,
  rules: RuleSet,
  question: Question,
  { settle, hangsOn }: Placed = AS_GIVEN,
): Changes | undefined {
  const answer = ask(question)
  if (answer.basis === 'error') return undefined
  const facts = question.facts as unknown as Facts
  const speaking = speakersOf(rules, question.question, { facts, hangsOn })
  const search = new Search((changes) => {
    const changed = settle({ ...facts, ...valuesOf(changes) })
    const asked = { question: question.question, facts: changed } as unknown as Question
    const { result, determining } = ask(asked)
    return result === 'pass' ? [] : speaking(determining)
  })
  return answer.result === 'pass' ? [] : search.fewest()
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

interface Given extends Pick<Placed, 'hangsOn'> {
  readonly facts: Facts
}

/** For the ids that an answer was determined by: what speaks. */
function speakersOf(
  rules: RuleSet,
  question: string,
  { facts, hangsOn }: Given,
): (determining: readonly string[]) => readonly Speaker[] {
  const forbids = [...rules.forbids.values()].filter((rule) => rule.question === question)
  const permits = rules.permits.filter((rule) => rule.question === question)
  const named = forbids.flatMap((rule) => changesNamed(rule, facts))
  const waysOf = (reads: ReadonlySet<string>, own: Changes): Speaker => {
    const wanted = withThoseBehind(reads, hangsOn)
    return distinct([...own, ...named].filter(({ fact }) => wanted.has(fact)))
  }
  const ways = new Map(
    forbids.map((rule) => [rule.key, waysOf(readsOf(rule.text), changesNamed(rule, facts))]),
  )
  const permitted = waysOf(new Set(permits.flatMap(({ text }) => [...readsOf(text)])), [])
  return (determining) => {
    const speak = forbids.filter(({ id }) => determining.includes(id))
    const known = new Set(speak.map(({ id }) => id))
    // Of the parts of one rule only one speaks, and the answer does not say which: any of their facts may be the one.
    const speakers = [...known].map((id) =>
      distinct(speak.filter((rule) => rule.id === id).flatMap(({ key }) => ways.get(key)!)),
    )
    // No forbid: nothing permits it.
    return determining.every((id) => known.has(id)) ? speakers : [...speakers, permitted]
  }
}

function changesNamed({ needs, who }: WordedForbid, facts: Facts): FactChange[] {
  return needs.flatMap((need: Need) => {
    const from = facts[need.fact]
    if (from === undefined || isMet(need, from)) return []
    return [{ fact: need.fact, from, to: need.value, who }]
  })
}

/** With every fact on which it hangs whether one of them is asked. */
function withThoseBehind(
  reads: ReadonlySet<string>,
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
