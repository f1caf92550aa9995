/** Approvals of files for a cloud service: given by a person beforehand, on record before the gate goes by them. */
import { isApproved, openFileApproval, signFileApproval } from '@sekisho/gates/web'
import type { ApprovalTerms, FileApproval } from '@sekisho/gates/web'
import { keepNote, readNote } from './approval-notes.ts'
import type { Wanted } from './approval-notes.ts'
import { noteApproval } from './approval-record.ts'

/** Whether every one of these files may be sent by this person to this service today. */
export async function areApproved(
  dataDir: string,
  files: readonly Wanted[],
  terms: ApprovalTerms,
): Promise<boolean> {
  const each = await Promise.all(
    files.map(async (file) => {
      const note = await readNote(dataDir, file)
      return note !== undefined && isApproved(note, file, terms)
    }),
  )
  return each.length > 0 && each.every(Boolean)
}

/** A file as an approver has it before them. */
export interface ToApprove extends Wanted {
  /** What the file is called, for whoever reads the record; absent when the digest alone is known. */
  readonly name?: string
}

/**
 * Signs an approval, records it, and keeps it where the gate looks.
 *
 * @returns the approval, or `undefined` when the gate would not take it: another key, or who may not approve
 * @throws SekishoError CONFIG_INVALID when the key is none, or when it cannot be recorded
 */
export async function approveFile(
  dataDir: string,
  { name = '', ...file }: ToApprove,
  { key, at }: { readonly key: string; readonly at: Date },
  terms: ApprovalTerms,
): Promise<FileApproval | undefined> {
  const note = signFileApproval(file, { key, at })
  if (!isApproved(note, file, terms)) return undefined
  // On record first: what stands and is written nowhere would be an approval that nobody can be asked about.
  await noteApproval(dataDir, { note, name }, () => at)
  await keepNote(dataDir, file, note)
  return openFileApproval(note, terms.signers)
}
