/**
 * What the file gate says to people: a refusal in four lines, and what was taken out.
 */
import type { Removal } from '@sekisho/core'
import { keptSentence, refusalWords, removalSentence } from '@sekisho/disarm'
import { isFinal, passageWords } from '@sekisho/passage'
import type { Progress } from '@sekisho/passage'
import words from '../words/ja.json' with { type: 'json' }
import { shownName } from './name.ts'

/** A refusal: what happened, why, what can be done now, and the number for the help desk. */
export interface FourLines {
  /** Reason id, e.g. `FILE-TOO-LARGE`. */
  readonly reason: string
  /** 1 what happened. */
  readonly what: string
  /** 2 why, with the clause when there is one. */
  readonly why: string
  /** 3 what you can do now. */
  readonly cure: string
  /** 4 number for the help desk, e.g. `S-1042`; empty when there is no crossing. */
  readonly number: string
  readonly at: string
}

/**
 * The four lines of a crossing that ended without arriving; `undefined` for any other.
 *
 * @param refused words of whoever refused to make it harmless; a mail has words of its own
 */
export function fileProblem(
  progress: Progress,
  refused: (reason: string) => Lines = refusalWords,
): FourLines | undefined {
  const { crossing, ending } = progress
  if (!isFinal(progress) || !ending || ending.state === 'delivered') return undefined
  const lines = linesOf(progress, ending.reason, refused)
  return {
    reason: ending.reason,
    what: fill(lines.what, progress),
    why: fill(lines.why, progress),
    cure: fill(lines.cure, progress),
    number: crossing.number,
    at: ending.at,
  }
}

interface Lines {
  readonly what: string
  readonly why: string
  readonly cure: string
}

/** Words of whoever gave the reason: the disarmer, the passage, or the rule itself. */
function linesOf(progress: Progress, reason: string, refused: (reason: string) => Lines): Lines {
  const own = passageWords(reason)
  if (own) return own
  const finding = progress.answer?.findings.find((one) => one.rule === reason)
  if (progress.cured?.report.reason === reason) return refused(reason)
  if (finding)
    return {
      what: words.notPassed,
      why: `${finding.message}（${finding.clause}）`,
      cure: finding.cure.sentence,
    }
  return { what: words.notPassed, why: words.unknownReason, cure: words.tellOfficer }
}

/** Fills `{file}` and `{comment}`; what is filled in is not searched again. */
function fill(sentence: string, { crossing, ending }: Progress): string {
  return sentence.replaceAll(/\{(file|comment)\}/gu, (_, name: string) =>
    name === 'file' ? `「${shownName(crossing.fileName)}」` : shownName(ending?.comment ?? ''),
  )
}

/** At most this many sentences; a file with more is told so. */
export const SENTENCES_MAX = 50

/** What was taken out: one sentence per kind of thing, with how many there were. */
export function removalSentences(removals: readonly Removal[]): readonly string[] {
  return sentences(removals, removalSentence)
}

/** What is still in the file and worth knowing, in the same form. */
export function keptSentences(kept: readonly Removal[]): readonly string[] {
  return sentences(kept, keptSentence)
}

function sentences(
  removals: readonly Removal[],
  say: (rule: string, count: number) => string,
): readonly string[] {
  const counts = new Map<string, number>()
  for (const { rule, count } of removals) counts.set(rule, (counts.get(rule) ?? 0) + count)
  const all = [...counts].map(([rule, count]) => say(rule, count))
  if (all.length <= SENTENCES_MAX) return all
  return [...all.slice(0, SENTENCES_MAX - 1), words.more]
}
