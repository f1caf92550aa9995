import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { EvidenceEntry } from '@sekisho/core'
import { createLog, createLogKey, openLog } from '@sekisho/evidence'

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
 * Files a probe as evidence: in `DIR/log`, a log of its own with the key beside it in `DIR/signer`, both made the first time. The log of a running gate has
 * one writer, the gate.
 *
 * @returns the index of the entry
 * @throws SekishoError when the log is damaged or the disk says no
 */
export async function recordProbe(dir: string, record: ProbeRecord): Promise<number> {
  const log = await logIn(dir)
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

async function logIn(dir: string) {
  const [folder, secret] = [join(dir, 'log'), join(dir, 'signer')]
  if (existsSync(secret)) {
    const signer = (await readFile(secret, 'utf8')).trim()
    return openLog({ dir: folder, origin: originOf(signer), signer })
  }
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const origin = `sekisho.probe/${randomUUID()}`
  const { signer } = createLogKey(origin)
  // A key that is there already is never written over.
  await writeFile(secret, `${signer}\n`, { mode: 0o600, flag: 'wx', flush: true })
  return createLog({ dir: folder, origin, signer })
}

/** A signer key names its log (C2SP signed-note: `PRIVATE+KEY+<name>+…`). */
const originOf = (signer: string): string => /^PRIVATE\+KEY\+([^+]+)\+/u.exec(signer)?.[1] ?? ''
