import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createLog, createLogKey, openLog } from '@sekisho/evidence'
import type { Log } from '@sekisho/evidence'

/**
 * The log of a command: in `DIR/log`, with the key beside it in `DIR/signer`, both made the first time. The log of a running gate has one writer, the gate.
 *
 * @param made by what, as the name of a new log says
 * @throws SekishoError when the log is damaged, somebody else writes it, or the disk says no
 */
export async function ownLog(dir: string, made: string): Promise<Log> {
  const [folder, secret] = [join(dir, 'log'), join(dir, 'signer')]
  if (existsSync(secret)) {
    const signer = (await readFile(secret, 'utf8')).trim()
    return openLog({ dir: folder, origin: originOf(signer), signer })
  }
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const origin = `sekisho.${made}/${randomUUID()}`
  const { signer } = createLogKey(origin)
  // A key that is there already is never written over.
  await writeFile(secret, `${signer}\n`, { mode: 0o600, flag: 'wx', flush: true })
  return createLog({ dir: folder, origin, signer })
}

/** A signer key names its log (C2SP signed-note: `PRIVATE+KEY+<name>+…`). */
const originOf = (signer: string): string => /^PRIVATE\+KEY\+([^+]+)\+/u.exec(signer)?.[1] ?? ''
