import { hasFindings, isAllMet } from '@sekisho/assess'
import type { Assessment, UnreadFile } from '@sekisho/assess'
import { visible } from '@sekisho/report'
import type { TownReading } from '@sekisho/town'
import { countsText } from './assess-text.ts'

/** One town of a folder. */
export interface Reading {
  readonly file: string
  readonly read: TownReading
  readonly assessment: Assessment
}
export type Unread = UnreadFile

/** A town as one line for people. */
export function textLine(read: Reading | Unread): string {
  if (!('assessment' in read)) return unreadLine(read)
  const { name, model, edition, models } = read.assessment
  const gap = models[0]!
  // ○ only when everything is met; △ when nothing was found and something was not checked.
  const sign = isAllMet(gap) ? '○' : hasFindings(gap) ? '×' : '△'
  return `${sign} ${visible(name)}　${model}　${edition}　${countsText(gap.counts)}　${visible(read.file)}\n`
}

export function unreadLine({ file, line, reason, message }: Unread): string {
  const place = line === undefined ? '' : `:${line}`
  return `？ ${visible(file)}${place}　${reason}　${visible(message)}\n`
}

/** A town as one line of JSON. */
export function jsonLine(read: Reading | Unread): string {
  const head = { sekisho: '1', kind: 'TownAssessment' }
  if (!('assessment' in read)) return `${JSON.stringify({ ...head, ok: false, ...read })}\n`
  const { name, model, edition, at, models } = read.assessment
  const { counts, rows, others } = models[0]!
  const states = Object.fromEntries(rows.map(({ control, state }) => [control, state]))
  const found = others.map(({ rule }) => rule)
  const body = {
    ok: true,
    file: read.file,
    name,
    model,
    edition,
    at,
    counts,
    states,
    others: found,
  }
  return `${JSON.stringify({ ...head, ...body })}\n`
}
