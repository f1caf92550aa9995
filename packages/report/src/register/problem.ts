import { shown } from '@sekisho/town'
import words from '../../words/register-problems.json' with { type: 'json' }

/** Why a workbook cannot be taken in. The id is stable; the sentences may change. */
export type RegisterReason = keyof typeof words

/** One thing to mend in a workbook. */
export interface RegisterProblem {
  /** Of this package, or of the reader of town.yaml (`TOWN-…`). */
  readonly reason: string
  /** Where: 「情報資産」D7, 「情報資産」, or `town.yaml assets[3]` for what is not in the workbook. */
  readonly place: string
  readonly sheet?: string
  /** e.g. `D7`. */
  readonly cell?: string
  readonly message: string
  readonly cure: string
}

/** Where in a workbook: a sheet, and a cell or range of it when there is one. Neither: the workbook itself. */
export interface Place {
  readonly sheet?: string
  readonly cell?: string
}

/** Values for the places of a sentence; escaped and cut, for they come from the workbook. */
export type ProblemValues = Readonly<Record<string, string | number | undefined>>

/** What is wrong with one cell, before its place is known. */
export interface Fault {
  readonly reason: RegisterReason
  readonly values?: ProblemValues
}

export const fault = (reason: RegisterReason, values?: ProblemValues): Fault => ({
  reason,
  ...(values === undefined ? {} : { values }),
})

/** Words a problem. Without a suggestion, the cure is the one that does without it. */
export function registerProblem(
  reason: RegisterReason,
  place: Place,
  values: ProblemValues = {},
): RegisterProblem {
  const entry: { message: string; cure: string; other?: string } = words[reason]
  const cure =
    entry.other !== undefined && values['suggestion'] === undefined ? entry.other : entry.cure
  return {
    reason,
    ...placed(place),
    message: filled(entry.message, values),
    cure: filled(cure, values),
  }
}

/** The words for a place, and its parts. */
export function placed({ sheet, cell }: Place): Pick<RegisterProblem, 'place' | 'sheet' | 'cell'> {
  return {
    place: sheet === undefined ? '' : `「${shown(sheet)}」${cell ?? ''}`,
    ...(sheet === undefined ? {} : { sheet }),
    ...(cell === undefined ? {} : { cell }),
  }
}

const filled = (template: string, values: ProblemValues): string =>
  template.replaceAll(/\{(\w+)\}/gu, (_, name: string) =>
    shown(String(values[name] ?? ''), name === 'allowed' ? 400 : undefined),
  )

/** Problems that are shown; one more says how many there are besides. */
export const MAX_PROBLEMS = 200

/** Cuts a flood, with a count of what was left out. */
export function listedProblems(problems: readonly RegisterProblem[]): readonly RegisterProblem[] {
  const rest = problems.length - MAX_PROBLEMS
  if (rest <= 0) return problems
  return [...problems.slice(0, MAX_PROBLEMS), registerProblem('REG-MORE', {}, { value: rest })]
}
