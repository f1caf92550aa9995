import { randomUUID } from 'node:crypto'
import type { EvidenceEntry } from '@sekisho/core'
import { ownLog } from '../own-log.ts'

/** What a probe leaves in the evidence. */
export interface ProbeRecord {
  /** Digest of the declaration. */
  readonly model: string
  readonly actor: string
  readonly where: 'lab' | 'agents'
  readonly asked: number
  readonly passed: number
  readonly stopped: number
  /** Ids of the reasons that were found, each once. */
  readonly reasons: readonly string[]
  /** SHA-256 of the ruleset that was asked about, in a lab. */
  readonly ruleset?: string
}

/**
 * Files a probe as evidence, in a log of the command's own.
 *
 * @returns the index of the entry
 * @throws SekishoError when the log is damaged or the disk says no
 */
export async function recordProbe(dir: string, record: ProbeRecord): Promise<number> {
  const log = await ownLog(dir, 'probe')
  try {
    const { model, actor, ...detail } = record
    const entry: EvidenceEntry = {
      v: 1,
      kind: 'probe',
      at: new Date().toISOString(),
      side: 'high',
      model,
      actor,
      detail,
    }
    return (await log.append(`probe:${randomUUID()}`, entry)).index
  } finally {
    await log.close()
  }
}
