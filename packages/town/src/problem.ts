import words from '../words/ja.json' with { type: 'json' }
import { MAX_PROBLEMS } from './limits.ts'
import { shown } from './shown.ts'

/** Why a town file cannot be read. The id is stable; the sentences may change. */
export type ProblemReason = keyof typeof words

/** One thing in a town file that must be mended before it can be read at all. */
export interface Problem {
  readonly reason: ProblemReason
  /** What is so, in plain Japanese. */
  readonly message: string
  /** What to write instead, in plain Japanese. */
  readonly cure: string
  /** e.g. `flows[3].expires`; empty for the file itself. */
  readonly path: string
  /** 1-based. */
  readonly line: number
  /** 1-based, in UTF-16 units. */
  readonly column: number
}

/** Where something stands in the file, both 1-based. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** Values for the places of a sentence; shown escaped and cut, for they come from the file. */
export type ProblemValues = Readonly<Record<string, string | number | undefined>>

/** Collects problems where they are found. */
export type Report = (reason: ProblemReason, path: string, values?: ProblemValues) => void

/** Words a problem. A value that is absent selects the sentence that does without it. */
export function problem(
  reason: ProblemReason,
  place: Position & { readonly path: string },
  values: ProblemValues = {},
): Problem {
  const entry: { message: string; cure: string; other?: string } = words[reason]
  const cure =
    entry.other !== undefined && values['suggestion'] === undefined ? entry.other : entry.cure
  const { path, line, column } = place
  return Object.freeze({
    reason,
    message: fill(entry.message, values),
    cure: fill(cure, values),
    path: shown(path, 200),
    line,
    column,
  })
}

/** Sorts by place, drops repetitions, and cuts a flood with a count of what was left out. */
export function listed(problems: readonly Problem[], unlisted = 0): readonly Problem[] {
  const seen = new Map(problems.map((one) => [`${one.reason} ${one.path} ${one.message}`, one]))
  const all = [...seen.values()].toSorted(byPlace)
  const kept = all.slice(0, MAX_PROBLEMS)
  const value = all.length - kept.length + unlisted
  const last = kept.at(-1)
  if (value === 0 || last === undefined) return Object.freeze(kept)
  return Object.freeze([...kept, problem('TOWN-MORE', last, { value })])
}

const byPlace = (a: Problem, b: Problem): number =>
  a.line - b.line || a.column - b.column || (a.reason < b.reason ? -1 : 1)

function fill(template: string, values: ProblemValues): string {
  return template.replaceAll(/\{(\w+)\}/gu, (_, name: string) => {
    const limit = name === 'allowed' || name === 'expected' ? 400 : undefined
    return shown(String(values[name] ?? ''), limit)
  })
}
