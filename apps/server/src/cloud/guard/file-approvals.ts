/** The folder of approvals: a note for each file, service and sender, in the data folder of the gate. */
import { readFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { isApproved, openFileApproval, signFileApproval } from '@sekisho/gates/web'
import type { ApprovalTerms, FileApproval } from '@sekisho/gates/web'
import { writeDurably } from '@sekisho/evidence'

/** Folder of the approvals, in the data folder. */
export const APPROVALS = 'approvals'
type Wanted = Pick<FileApproval, 'sha256' | 'service' | 'sender'>

/** Whether every one of these files may be sent by this person to this service today. */
export async function areApproved(
  dataDir: string,
  files: readonly Wanted[],
  terms: ApprovalTerms,
): Promise<boolean> {
  const each = await Promise.all(
    files.map(async (file) => {
      const note = await readFile(placeOf(dataDir, file), 'utf8').catch(() => undefined)
      return note !== undefined && isApproved(note, file, terms)
    }),
  )
  return each.length > 0 && each.every(Boolean)
}

/**
 * Signs and keeps an approval.
 *
 * @returns the approval, or `undefined` when the gate would not take it: another key, or who may not approve
 * @throws SekishoError CONFIG_INVALID when the key is none
 */
export async function approveFile(
  dataDir: string,
  file: Wanted,
  { key, at }: { readonly key: string; readonly at: Date },
  terms: ApprovalTerms,
): Promise<FileApproval | undefined> {
  const note = signFileApproval(file, { key, at })
  if (!isApproved(note, file, terms)) return undefined
  await writeDurably([{ path: placeOf(dataDir, file), bytes: Buffer.from(note) }], dataDir)
  return openFileApproval(note, terms.signers)
}

/** Ids are not file names. */
function placeOf(dataDir: string, { sha256, service, sender }: Wanted): string {
  const key = createHash('sha256').update(`${sha256}\n${service}\n${sender}`).digest('hex')
  return join(dataDir, APPROVALS, key)
}
