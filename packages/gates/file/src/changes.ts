/**
 * What became of a file on its way, in sentences, as everybody sees it who decides on it or receives it.
 */
import type { Fidelity, MacroException, Removal } from '@sekisho/core'
import { isActive, removalReason } from '@sekisho/disarm'
import type { Progress } from '@sekisho/passage'
import words from '../words/ja.json' with { type: 'json' }
import { macrosIn } from './gate.ts'
import { keptSentences, removalSentences } from './sentences.ts'

/** Things that would have run or reached out, with why they were taken out and what somebody does who needs them. */
export interface ActiveRemoved {
  readonly sentences: readonly string[]
  readonly why: string
  readonly next: string
}

/** A macro that stayed because the town lists it. */
export interface KeptMacro {
  /** Empty when it is not known. */
  readonly sha256: string
  /** Empty, like the rest, when the town's list has no longer such a line. */
  readonly name: string
  readonly reason: string
  readonly approvedBy: string
  /** Last day on which it may stay. */
  readonly until: string
}

/** What became of one file. */
export interface Changes {
  /** Everything that was taken out or changed, one sentence per kind. */
  readonly removed: readonly string[]
  /** Those of `removed` that were active, by reason. */
  readonly active: readonly ActiveRemoved[]
  /** What is still in the file and worth knowing. */
  readonly kept: readonly string[]
  /** How alike input and output are; empty where nothing was measured. */
  readonly likeness: readonly string[]
  /** The same format again, or its pages as pictures (画像化). */
  readonly outcome: 'rebuild' | 'flatten'
  /** Macros that this side's own verifier found inside. */
  readonly macros: readonly KeptMacro[]
}

/** Everything that is told about the bytes of a crossing. */
export function changesOf(progress: Progress, macros: readonly MacroException[]): Changes {
  const { crossing, cured } = progress
  const report = cured?.report
  return {
    removed: removalSentences(report?.removed ?? []),
    active: activeRemoved(report?.removed ?? []),
    kept: keptSentences(report?.kept ?? []),
    likeness: likenessSentences(report?.fidelity ?? {}),
    outcome: crossing.outcome ?? 'rebuild',
    macros: macrosIn(progress).map((sha256) => keptMacro(sha256, macros)),
  }
}

/** What was active among the removed, gathered by the reason why. */
export function activeRemoved(removals: readonly Removal[]): readonly ActiveRemoved[] {
  const groups = new Map<string, Removal[]>()
  for (const removal of removals.filter(({ rule }) => isActive(rule))) {
    const { why } = removalReason(removal.rule)
    groups.set(why, [...(groups.get(why) ?? []), removal])
  }
  return [...groups.values()].map((group) => ({
    sentences: removalSentences(group),
    ...removalReason(group[0]?.rule ?? ''),
  }))
}

/** Likeness in words: the same, or how much of it in percent. */
export function likenessSentences({ text, pages }: Fidelity): readonly string[] {
  return [
    ...(text === undefined ? [] : [alike(text, words.textSame, words.textAlike)]),
    ...(pages === undefined ? [] : [alike(pages, words.pagesSame, words.pagesAlike)]),
  ]
}

function alike(thousandths: number, same: string, share: string): string {
  return thousandths >= 1000 ? same : share.replace('{share}', (thousandths / 10).toFixed(1))
}

function keptMacro(sha256: string, macros: readonly MacroException[]): KeptMacro {
  const listed = macros.find((one) => one.sha256 === sha256)
  return {
    sha256,
    name: listed?.name ?? '',
    reason: listed?.reason ?? '',
    approvedBy: listed?.approvedBy ?? '',
    until: listed?.until ?? '',
  }
}
