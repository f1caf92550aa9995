/**
 * `sekisho decide --record`: the answer as a decision in the evidence, with its facts, before it is shown. A decision is never written over: a later one
 * replaces it, with its reason.
 */
import { randomUUID } from 'node:crypto'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import type { EvidenceEntry, Form } from '@sekisho/core'
import { replacedBy } from '@sekisho/assess'
import { openLogReader } from '@sekisho/evidence'
import type { Log } from '@sekisho/evidence'
import { decidedDetail } from '@sekisho/judge'
import type { Conclusion, DecidedBy } from '@sekisho/judge'
import { visible } from '@sekisho/report'
import { UsageError } from '../command.ts'
import type { Arguments } from '../command.ts'
import { ownLog } from '../own-log.ts'

export interface Recording extends DecidedBy {
  readonly dir: string
}

/** A decision that stands in the evidence. */
export interface Recorded {
  readonly number: string
  readonly index: number
}

/** Longest subject and reason, UTF-16 units: what the page takes. */
const [SUBJECT_MAX, BECAUSE_MAX] = [200, 1_000]
const NUMBER = /^D-[1-9][0-9]{0,8}$/u

/**
 * What is to be recorded; `undefined` when nothing is.
 *
 * @throws UsageError when something of it is missing
 */
export function recordingOf(args: Arguments): Recording | undefined {
  const [dir, subject, because = '', supersedes] = [
    'record',
    'subject',
    'because',
    'supersedes',
  ].map((flag) => args.text(flag))
  if (dir === undefined) {
    if ([subject, supersedes].some((one) => one !== undefined) || because !== '')
      throw new UsageError('判断として残すときは、--record で証跡の置き場所を指してください。')
    return undefined
  }
  if (args.text('town') === undefined)
    throw new UsageError('判断として残すときは、--town で、まちの宣言を指してください。')
  if (subject === undefined || subject.trim() === '' || subject.length > SUBJECT_MAX)
    throw new UsageError(`何についての判断かを、--subject に${SUBJECT_MAX}字までで書いてください。`)
  if (because.length > BECAUSE_MAX)
    throw new UsageError(`理由（--because）は、${BECAUSE_MAX}字までで書いてください。`)
  if (supersedes === undefined) return { dir, subject, because }
  if (!NUMBER.test(supersedes))
    throw new UsageError('置き換える判断の番号（--supersedes）は、D-12 のように書いてください。')
  if (because.trim() === '')
    throw new UsageError('前の判断を置き換えるときは、理由を --because に書いてください。')
  return { dir, subject, because, supersedes }
}

/**
 * Files a decision, in a log of the command's own; its numbers are those of that log.
 *
 * @throws UsageError when it is to replace one that is not there, is about another question, or was replaced already
 */
export async function recordDecision(
  { dir, ...said }: Recording,
  form: Form,
  conclusion: Conclusion,
  by: { readonly model: string; readonly judge: string },
): Promise<Recorded> {
  const log = await ownLog(dir, 'decide')
  try {
    // Nobody else writes while the log is open: numbers are given once.
    const before = await decidedIn(join(dir, 'log'), log)
    if (said.supersedes !== undefined) mayReplace(before, said.supersedes, form)
    const number = `D-${Math.max(0, ...before.map(numberOf)) + 1}`
    const { index } = await log.append(`decision:${randomUUID()}`, {
      v: 1,
      kind: 'decided',
      at: new Date().toISOString(),
      side: 'high',
      model: by.model,
      actor: userInfo().username.slice(0, 100),
      number,
      detail: decidedDetail(form, conclusion, by.judge, said),
    })
    return { number, index }
  } finally {
    await log.close()
  }
}

async function decidedIn(folder: string, log: Log): Promise<readonly EvidenceEntry[]> {
  if (log.size() === 0) return []
  const reader = await openLogReader({ dir: folder })
  const found: EvidenceEntry[] = []
  for await (const { entry } of reader.entries(0)) if (entry.kind === 'decided') found.push(entry)
  return found
}

const numberOf = ({ number = '' }: EvidenceEntry): number =>
  NUMBER.test(number) ? Number(number.slice(2)) : 0

function mayReplace(before: readonly EvidenceEntry[], number: string, form: Form): void {
  const old = before.find((entry) => entry.number === number)
  if (old?.detail['question'] !== form.question)
    throw new UsageError(
      `「${form.title}」の判断 ${visible(number)} は、この証跡にありません。番号を「sekisho evidence show」で確かめてください。`,
    )
  if (replacedBy(before).has(number))
    throw new UsageError(
      `判断 ${number} は、もう置き換えられています。置き換えた新しい判断の番号を書いてください。`,
    )
}
