/**
 * What another edition of the guideline would say of the same town, as a workbook: 変わる指摘, 版で変わる決まり, 説明.
 */
import { SEVERITY_WORDS } from '@sekisho/assess'
import type { Finding } from '@sekisho/core'
import { ruleChanges } from '@sekisho/guideline'
import type { EditionDiff } from '@sekisho/town'
import { mending } from './assessment/mending.ts'
import { eraText } from './era.ts'
import { explanationSheet } from './excel/explanation.ts'
import { tableSheet } from './excel/table.ts'
import { writeWorkbook } from './excel/workbook.ts'
import type { Cell, Sheet } from './excel/workbook.ts'
import { BOOK, marked } from './excel/words.ts'
import { filled } from './filled.ts'
import type { ReportSubject } from './subject.ts'
import { visible } from './visible.ts'

const words = BOOK.diff
type Row = Readonly<Record<keyof typeof words.changes.columns, Cell>>

/** Bytes of an xlsx. `subject.edition` is the edition compared with. */
export function editionDiffWorkbook(found: EditionDiff, subject: ReportSubject): Uint8Array {
  const { from, to, appear, vanish } = found
  const counts = filled(words.count, { appear: appear.length, vanish: vanish.length })
  return writeWorkbook({
    title: `${visible(subject.town)}　${words.title}　${from} → ${to}`,
    made: filled(BOOK.made, { date: eraText(subject.made) }),
    sheets: [
      changesSheet(found),
      rulesSheet(found, subject),
      explanationSheet(
        subject,
        [words.changes, words.rules],
        [
          [words.from, from],
          [words.to, to],
          [words.counts, counts],
        ],
      ),
    ],
  })
}

function changesSheet({ appear, vanish }: EditionDiff): Sheet {
  const rows = [
    ...appear.map((finding) => rowOf('appear', finding)),
    ...vanish.map((finding) => rowOf('vanish', finding)),
  ]
  return tableSheet(
    words.changes,
    {
      move: [9, 10],
      rule: [10, 12],
      severity: [8, 8],
      message: [32, 50],
      cure: [28, 44],
      clause: [20, 32],
      place: [14, 24],
      line: [6, 8],
    },
    rows.length === 0 ? [NOTHING] : rows,
  )
}

function rowOf(move: 'appear' | 'vanish', finding: Finding): Row {
  const { rule, verified, severity, message, cure, clause, edition, path, line } = finding
  return {
    move: words.changes[move],
    rule: marked(rule, verified),
    severity: SEVERITY_WORDS[severity],
    message: visible(message),
    cure: move === 'appear' ? mending(cure) : undefined,
    clause: `${clause}（${edition}）`,
    place: path,
    line: line === undefined ? undefined : String(line),
  }
}

const NOTHING: Row = {
  move: undefined,
  rule: undefined,
  severity: undefined,
  message: words.changes.none,
  cure: undefined,
  clause: undefined,
  place: undefined,
  line: undefined,
}

/** What changed in the guideline itself, whether or not it changes anything here. */
function rulesSheet({ from, to, appear, vanish }: EditionDiff, { model }: ReportSubject): Sheet {
  const moved = [...appear, ...vanish]
  const rows = ruleChanges(from, to, model).map(({ id, change, short, clause, verified }) => {
    const count = moved.filter(({ rule }) => rule === id).length
    return {
      change: words.rules[change],
      rule: marked(id, verified),
      short,
      clause,
      findings: count === 0 ? undefined : filled(BOOK.count, { count }),
    }
  })
  const none = {
    change: undefined,
    rule: undefined,
    short: words.rules.none,
    clause: undefined,
    findings: undefined,
  }
  return tableSheet(
    words.rules,
    { change: [9, 10], rule: [10, 20], short: [32, 50], clause: [28, 44], findings: [9, 10] },
    rows.length === 0 ? [none] : rows,
  )
}
