/** The folder of approvals that stand: a note for each file, service and sender, in the data folder of the gate. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeDurably } from '@sekisho/evidence'
import type { FileApproval } from '@sekisho/gates/web'

/** Folder of the approvals, in the data folder. */
const APPROVALS = 'approvals'
export type Wanted = Pick<FileApproval, 'sha256' | 'service' | 'sender'>

/** @returns undefined when there is none */
export function readNote(dataDir: string, file: Wanted): Promise<string | undefined> {
  return readFile(placeOf(dataDir, file), 'utf8').catch(() => undefined)
}

/** @throws SekishoError when it is not durable */
export async function keepNote(dataDir: string, file: Wanted, note: string): Promise<void> {
  await writeDurably([{ path: placeOf(dataDir, file), bytes: Buffer.from(note) }], dataDir)
}

/** Ids are not file names. */
function placeOf(dataDir: string, { sha256, service, sender }: Wanted): string {
  const key = createHash('sha256').update(`${sha256}\n${service}\n${sender}`).digest('hex')
  return join(dataDir, APPROVALS, key)
}
