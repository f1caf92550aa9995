import type { DocumentReference, IsoDate, Town } from '@sekisho/core'
import type { ControlInfo } from '@sekisho/guideline'
import type { Checked } from '@sekisho/town'
import type { Paper } from './control-row.ts'
import { lastFreshDay } from './days.ts'

/** The papers the check looked at for one control, those of the future left out. */
export function papersOf(
  town: Town,
  control: ControlInfo,
  asked: readonly Checked[],
  at: IsoDate,
): readonly Paper[] {
  const papers = [
    ...asked.flatMap((checked) => statedPaper(town, checked, control)),
    ...organisationPapers(town, control.id),
    ...wirelessPapers(town, control.id),
  ]
  return Object.freeze(papers.filter(({ date }) => date <= at))
}

/** The check says by its path which entry it took. */
function statedPaper(
  town: Town,
  { path, question }: Checked,
  { months }: ControlInfo,
): readonly Paper[] {
  if (question.question !== 'check-control') return []
  const index = /^controls\[(\d+)\]$/u.exec(path)?.[1]
  const entry = index === undefined ? undefined : town.controls[Number(index)]
  if (entry === undefined) return []
  const { title, date } = entry
  return [{ title, date, until: lastFreshDay(date, months), path }]
}

function organisationPapers(town: Town, control: string): readonly Paper[] {
  const { ciso, csirt, committee, monitoring, logs } = town.organisation
  const papers: Readonly<Record<string, readonly (DocumentReference | undefined)[]>> = {
    'OP-01': [ciso, csirt, committee],
    'OP-02': [monitoring],
    'OP-03': [logs],
  }
  return present(papers[control] ?? [])
}

function wirelessPapers(town: Town, control: string): readonly Paper[] {
  if (control !== 'ZN-12') return []
  const zones = town.zones.filter(({ kind, wireless }) => kind === 'mynumber' && wireless.used)
  return present(zones.map(({ wireless }) => wireless.requirementsDocument))
}

const present = (papers: readonly (DocumentReference | undefined)[]): readonly Paper[] =>
  papers.flatMap((paper) => (paper === undefined ? [] : [{ title: paper.title, date: paper.date }]))
