/** Dates that the plan does not keep. */
import type { IsoDate } from '@sekisho/core'
import words from '../../words/roadmap.json' with { type: 'json' }
import type { Dates } from './dates.ts'
import { everything, plus, type Ground, type Made } from './ground.ts'
import type { Placing } from './order.ts'
import type { Duty } from './plan-file.ts'
import { filled } from './sentence.ts'
import type { Step } from './step.ts'

/**
 * - `late`: a step comes after its latest day.
 * - `duty`: a duty is not met on its day, though the plan or the target means to.
 * - `open`: a duty of the law is met by neither; the plan cannot help it.
 * - `lapsed`: on the day of the step something has lapsed.
 */
export interface Conflict {
  readonly kind: 'late' | 'duty' | 'open' | 'lapsed'
  /** The day that is not kept. */
  readonly day: IsoDate
  /** Number of the step, when it is one's. */
  readonly step?: number
  readonly rule?: string
  readonly sentence: string
}

export function conflictsOf(
  steps: readonly Step[],
  order: readonly Placing[],
  dates: Dates,
  duties: readonly Duty[],
  ground: Ground,
): readonly Conflict[] {
  return [
    ...lateSteps(steps, order, dates),
    ...lapsed(steps, order, ground),
    ...duties.flatMap((duty) => unmet(duty, order, ground)),
  ]
}

function lateSteps(
  steps: readonly Step[],
  order: readonly Placing[],
  { latest }: Dates,
): readonly Conflict[] {
  return steps.flatMap(({ number, name, day }, index): Conflict[] => {
    const bound = latest[order[index]!.change]
    if (bound === undefined || day <= bound.day) return []
    const sentence = filled(words.conflict.late, { change: name, latest: bound.day, day })
    return [{ kind: 'late', day: bound.day, step: number, sentence }]
  })
}

// The order was found on the first day each town can exist; on its own day a paper may have lapsed.
function lapsed(
  steps: readonly Step[],
  order: readonly Placing[],
  ground: Ground,
): readonly Conflict[] {
  let made: Made = 0n
  return steps.flatMap(({ number, name, day }, index) => {
    made = plus(made, order[index]!.change)
    const verdict = ground.verdict(made, day)
    if (verdict.safe) return []
    return verdict.found.map(({ finding: { rule } }): Conflict => {
      const sentence = filled(words.conflict.lapsed, { change: name, day, rule })
      return { kind: 'lapsed', day, step: number, rule, sentence }
    })
  })
}

function unmet(duty: Duty, order: readonly Placing[], ground: Ground): readonly Conflict[] {
  const from = ground.dayOf(0n)
  // A law already in force is among today's findings.
  if (duty.source === 'law' && duty.on < from) return []
  const day = duty.on > from ? duty.on : from
  const made = order
    .filter(({ moment }) => moment.day <= day)
    .reduce<Made>((all, { change }) => plus(all, change), 0n)
  const found = (set: Made, on: IsoDate): readonly string[] =>
    ground.look(set, on)!.check.findings.map(({ rule }) => rule)
  const all = everything(ground.count)
  const end = ground.targetDay
  const [then, atLast] = [found(made, day), found(all, day > end ? day : end)]
  return duty.rules
    .filter((rule) => then.includes(rule))
    .map((rule): Conflict => {
      const kind = duty.source === 'law' && atLast.includes(rule) ? 'open' : 'duty'
      const sentence = filled(words.conflict[kind], { name: duty.name, day, rule })
      return { kind, day, rule, sentence }
    })
}
