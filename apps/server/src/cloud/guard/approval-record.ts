/**
 * Which files were approved for a cloud service, by whom, for whom and until when: a chain of lines like the requests'. The signed note is in its line, so whoever can write here can take a line
 * out, which the next line shows, and not put an approval in.
 */
import { join } from 'node:path'
import type { IsoDate } from '@sekisho/core'
import { APPROVAL_DAYS, isApproved, openFileApproval } from '@sekisho/gates/web'
import type { ApprovalTerms, FileApproval } from '@sekisho/gates/web'
import { daysAfter, todayInJapan } from '@sekisho/town'
import { readRequests } from '../read-requests.ts'
import type { ReadRequests } from '../read-requests.ts'
import { appendBeside } from '../side-record.ts'
import { readNote } from './approval-notes.ts'

const RECORD = 'approval-record'

/** `stands`: the gate goes by it today. `over`: its days are over. `replaced`: the same was approved again later. `withdrawn`: its note was taken away, or the town no longer takes this key or this person. */
export type ApprovalState = 'stands' | 'over' | 'replaced' | 'withdrawn'

export interface RecordedApproval extends FileApproval {
  /** Name of the file as the approver had it; empty when the digest alone was given. Hostile text, and not signed. */
  readonly name: string
  /** Last day on which it stands. */
  readonly until: IsoDate
  readonly state: ApprovalState
}

export interface RecordedApprovals {
  /** Newest first. */
  readonly approvals: readonly RecordedApproval[]
  /** Lines whose note no key of the town signed. */
  readonly unsigned: number
  readonly broken?: NonNullable<ReadRequests['broken']>
}

/** Newest that are told; older ones stand in the record. */
const MOST = 1_000

/** @throws SekishoError when it is not durable */
export async function noteApproval(
  dataDir: string,
  { note, name }: { readonly note: string; readonly name: string },
  now: () => Date,
): Promise<void> {
  await appendBeside(join(dataDir, RECORD), [{ kind: 'approved', note, name }], now)
}

export async function readApprovals(
  dataDir: string,
  terms: ApprovalTerms,
): Promise<RecordedApprovals> {
  const found: Found[] = []
  let unsigned = 0
  const { broken } = await readRequests(join(dataDir, RECORD), ({ kind, note, name }) => {
    if (kind !== 'approved' || typeof note !== 'string') return
    const approval = openFileApproval(note, terms.signers)
    if (!approval) return void (unsigned += 1)
    found.push({ approval, note, name: typeof name === 'string' ? name : '' })
    if (found.length > MOST) found.shift()
  })
  const approvals = await Promise.all(
    found.toReversed().map(async ({ approval, name, ...rest }) => ({
      ...approval,
      name,
      until: lastDay(approval),
      state: await stateOf(dataDir, { approval, ...rest }, terms),
    })),
  )
  return { approvals, unsigned, ...(broken && { broken }) }
}

interface Found {
  readonly approval: FileApproval
  readonly note: string
  readonly name: string
}

const lastDay = ({ at }: FileApproval): IsoDate =>
  daysAfter(todayInJapan(new Date(at)), APPROVAL_DAYS - 1)

async function stateOf(
  dataDir: string,
  { approval, note }: Omit<Found, 'name'>,
  terms: ApprovalTerms,
): Promise<ApprovalState> {
  if (lastDay(approval) < terms.today) return 'over'
  // What the gate goes by is the note in its folder, not this record.
  const kept = await readNote(dataDir, approval)
  if (kept === undefined || !isApproved(kept, approval, terms)) return 'withdrawn'
  return kept === note ? 'stands' : 'replaced'
}
