/**
 * Which towns on the way are safe. A town is the set of changes already made; each is read and checked as if it were a file of its own, once.
 */
import type { Answer, Finding, IsoDate, Question, Town } from '@sekisho/core'
import {
  checkTown,
  readTownValue,
  runTownTests,
  type Asks,
  type CheckResult,
  type Problem,
} from '@sekisho/town'
import words from '../../words/roadmap.json' with { type: 'json' }
import { applied, type Change } from './change.ts'
import { declarationOf, type Elements } from './elements.ts'
import { filled } from './sentence.ts'

/** Changes made, as bits: change 0 is bit 0. */
export type Made = bigint

/** A finding with the place it stands at, by names that stay when lines move. */
export interface Placed {
  /** Rule and place, e.g. `ZN-13 flows.river-camera`. */
  readonly key: string
  /** e.g. `flows.river-camera`. */
  readonly place: string
  readonly finding: Finding
}

/** A town on the way, on one day. */
export interface Looked {
  readonly town: Town
  readonly check: CheckResult
  readonly found: ReadonlyMap<string, Placed>
}

/** Whether a town on the way may be. */
export type Verdict =
  | { readonly safe: true }
  | {
      readonly safe: false
      readonly problems: readonly Problem[]
      readonly found: readonly Placed[]
    }

/** What a town may put up with on the way. It can never put up with a statutory finding or ZN-01 to ZN-03 that today does not have. */
export interface Tolerance {
  /** Findings that may stand on the way: a rule, at one place or at any. */
  readonly tolerate?: readonly { readonly rule: string; readonly subject?: string | undefined }[]
  /** Rules of which no finding may come on the way, even if the target has it. */
  readonly never?: readonly string[]
}

export interface Ground {
  readonly count: number
  /** Towns read and checked so far. */
  readonly checks: () => number
  /** The day on which the town after these changes is checked: the first on which all of them can have been made. */
  readonly dayOf: (made: Made) => IsoDate
  /** False when a name does not resolve or an address stands in the wrong zone. */
  readonly readable: (made: Made) => boolean
  /** @param day Default: `dayOf(made)`. */
  readonly verdict: (made: Made, day?: IsoDate) => Verdict
  /** What neither today's town has, at first or on the day of the look, nor the target. */
  readonly beyond: (look: Looked) => readonly Placed[]
  /** The first day on which every paper of the target exists. */
  readonly targetDay: IsoDate
  /** @returns undefined when it cannot be read. */
  readonly look: (made: Made, day?: IsoDate) => Looked | undefined
}

export interface GroundOptions extends Tolerance {
  readonly at: IsoDate
  readonly judge: Asks
  /** For each change, the first day on which it can be made, when there is one. */
  readonly earliest: readonly (IsoDate | undefined)[]
  /** Days of the papers that the target brings. */
  readonly paperDays: readonly IsoDate[]
}

/** @param today Elements of today's declaration, which can be read, as can the one after all changes. */
export function groundOf(
  today: Elements,
  changes: readonly Change[],
  options: GroundOptions,
): Ground {
  const judge = remembering(options.judge)
  const towns = remembered((made: Made) => {
    const declaration = declarationOf(
      applied(
        today,
        changes.filter((_, index) => has(made, index)),
      ),
    )
    return declaration === undefined
      ? ({ ok: false, problems: [] } as const)
      : readTownValue(declaration)
  })
  let checks = 0
  const reds = remembered((made) => {
    const read = towns(made)
    return read.ok ? redTests(read.town) : []
  })
  const looks = new Map<string, Looked | undefined>()
  const look = (made: Made, day: IsoDate = dayOf(made)): Looked | undefined => {
    const key = `${made} ${day}`
    if (!looks.has(key)) {
      checks += 1
      const read = towns(made)
      looks.set(key, read.ok ? looked(read, day, judge, reds(made)) : undefined)
    }
    return looks.get(key)
  }
  const dayOf = (made: Made): IsoDate =>
    options.earliest.reduce<IsoDate>(
      (day, one, index) => (one !== undefined && one > day && has(made, index) ? one : day),
      options.at,
    )
  const all = everything(changes.length)
  const laterPapers = (day: IsoDate): readonly IsoDate[] =>
    options.paperDays.filter((paper) => paper > day)
  // Papers dated ahead are missing today, and early ones lapse before the last is written. What the target itself has is what it has on
  // every one of these days.
  const inTarget = (key: string, day: IsoDate): boolean =>
    [day, ...laterPapers(day)].every((one) => look(all, one)!.found.has(key))
  const beyond = (here: Looked, never: readonly string[] = []): readonly Placed[] => {
    const day = here.check.at
    const before = [look(0n, options.at)!, look(0n, day)!]
    return [...here.found.values()].filter(({ key, finding }) => {
      if (before.some(({ found }) => found.has(key))) return false
      return isSevere(finding) || never.includes(finding.rule) || !inTarget(key, day)
    })
  }
  const verdict = (made: Made, day: IsoDate = dayOf(made)): Verdict => {
    const here = look(made, day)
    if (here === undefined) {
      const read = towns(made)
      return { safe: false, problems: read.ok ? [] : read.problems, found: [] }
    }
    const found = beyond(here, options.never).filter((one) => !isTolerated(one, options))
    return found.length === 0 ? { safe: true } : { safe: false, problems: [], found }
  }
  return {
    count: changes.length,
    checks: () => checks,
    dayOf,
    readable: (made) => towns(made).ok,
    verdict,
    beyond,
    targetDay: laterPapers(options.at).reduce((last, day) => (day > last ? day : last), options.at),
    look,
  }
}

/** Bits of all changes. */
export const everything = (count: number): Made => (1n << BigInt(count)) - 1n
export const has = (made: Made, index: number): boolean => ((made >> BigInt(index)) & 1n) === 1n
export const plus = (made: Made, index: number): Made => made | (1n << BigInt(index))
export const minus = (made: Made, index: number): Made => made & ~(1n << BigInt(index))

/** Rules of the separation itself: no town may lose it on the way. */
export const INVARIANTS: readonly string[] = ['ZN-01', 'ZN-02', 'ZN-03']

/** True for a finding that nothing but today's own town excuses. */
export const isSevere = ({ rule, severity }: Finding): boolean =>
  severity === 'statutory' || INVARIANTS.includes(rule)

function isTolerated(
  { place, finding }: Placed,
  { tolerate = [], never = [] }: Tolerance,
): boolean {
  if (isSevere(finding) || never.includes(finding.rule)) return false
  return tolerate.some(
    ({ rule, subject }) => rule === finding.rule && (subject === undefined || subject === place),
  )
}

function looked(
  read: Parameters<typeof checkTown>[0],
  at: IsoDate,
  judge: Asks,
  red: readonly Placed[],
): Looked {
  const check = checkTown(read, { at, judge })
  const found = new Map(red.map((one) => [one.key, one]))
  for (const { path, question, answer } of check.answers)
    for (const finding of answer.findings) {
      const place = placeOf(read.town, path, question)
      const key = `${finding.rule} ${place}`
      const told = check.findings.find((one) => one.rule === finding.rule && one.path === path)
      if (!found.has(key)) found.set(key, { key, place, finding: told ?? finding })
    }
  return { town: read.town, check, found }
}

/** Rule id of a test of the town's own (`tests`) that is red. */
export const OWN_TEST = 'TOWN-TEST'

// What the town wrote down for itself holds on the way too, for as long as the test is there.
function redTests(town: Town): readonly Placed[] {
  return runTownTests(town)
    .filter(({ green }) => !green)
    .map(({ test, path }) => {
      const finding: Finding = {
        rule: OWN_TEST,
        clause: words.test.clause,
        edition: town.edition,
        verified: true,
        severity: 'required',
        effect: 'refuse',
        message: filled(words.test.message, { name: test.name }),
        cure: { sentence: words.test.cure, who: 'it-officer' },
        path,
      }
      const place = `tests.${test.name}`
      return { key: `${OWN_TEST} ${place}`, place, finding }
    })
}

// Lines and indices move when something before them comes or goes; names do not.
function placeOf(town: Town, path: string, question: Question): string {
  if (question.question === 'check-control') return `controls.${question.facts.control}`
  const [list = '', ...rest] = path.split(/[.[\]]+/u)
  const at = Number(rest[0])
  if (list === 'boundaries')
    return `boundaries.${town.boundaries[at]!.between.toSorted().join('-')}`
  if (list === 'systems') return `hosts.${town.systems[at]!.hosts[Number(rest[2])]!.id}`
  if (list === 'gates') {
    const kind = rest[0] as keyof Town['gates']
    return `${kind}.${town.gates[kind]![Number(rest[1])]!.id}`
  }
  if (list === 'zones' || list === 'assets' || list === 'flows')
    return `${list}.${town[list][at]!.id}`
  return path
}

// The judge is pure: the same facts have the same answer, in whichever town.
function remembering(judge: Asks): Asks {
  const known = new Map<string, Answer>()
  return {
    ask(question) {
      const key = JSON.stringify(question)
      const answer = known.get(key) ?? judge.ask(question)
      known.set(key, answer)
      return answer
    },
  }
}

function remembered<Value>(make: (made: Made) => Value): (made: Made) => Value {
  const known = new Map<Made, Value>()
  return (made) => {
    const value = known.get(made) ?? make(made)
    known.set(made, value)
    return value
  }
}
