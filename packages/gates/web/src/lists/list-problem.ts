import { shown } from '@sekisho/town'
import ja from '../../words/lists.json' with { type: 'json' }
import { MAX_TOLD } from './limits.ts'

/** Why a file is not taken as a list. Ids are stable. */
export type ListReason = keyof typeof ja.problems

/** One thing to mend in a file with a list. Nothing of it was taken. */
export interface ListProblem {
  readonly reason: ListReason
  /** Where, e.g. `[3].urls[1]`; empty for the file. */
  readonly path: string
  readonly message: string
  readonly cure: string
}

/** Values are from the file: shown, cut, and never searched for places again. */
export function listProblem(
  reason: ListReason,
  path = '',
  values: Readonly<Record<string, string | number>> = {},
): ListProblem {
  const { message, cure } = ja.problems[reason]
  return Object.freeze({
    reason,
    path: shown(path, 200),
    message: filled(message, values),
    cure: filled(cure, values),
  })
}

/** The first of many, and how many more there are. */
export function told(problems: readonly ListProblem[]): readonly ListProblem[] {
  if (problems.length <= MAX_TOLD) return problems
  return [
    ...problems.slice(0, MAX_TOLD),
    listProblem('LIST-MORE', '', { count: problems.length - MAX_TOLD }),
  ]
}

/** Fills `{name}` once; what is filled in is not searched again. */
export function filled(
  sentence: string,
  values: Readonly<Record<string, string | number>>,
): string {
  return sentence.replaceAll(/\{(\w+)\}/gu, (_, name: string) =>
    shown(String(values[name] ?? ''), 200),
  )
}
