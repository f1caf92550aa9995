import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { link, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { SekishoError } from '@sekisho/core'
import type { EvidenceEntry } from '@sekisho/core'
import {
  createLog,
  createLogKey,
  makeFolder,
  openLog,
  syncFolder,
  writeDurably,
} from '@sekisho/evidence'

/** A log has one writer; each of ours writes one entry and lets go, ms. */
const WAIT_MS = 10_000
const UNRECORDED = 'unrecorded-'

/** What happened to the firewall, for the log of its machine. */
export interface Happened {
  readonly kind: Extract<EvidenceEntry['kind'], 'changed' | 'failed'>
  /** Digest of the declaration it is about. */
  readonly model: string
  readonly actor: string
  readonly detail: EvidenceEntry['detail']
}

/**
 * Records what happened in the log of the firewall's machine. The first record ever begins the log.
 *
 * @param key recording the same twice is recording once
 * @throws SekishoError when it is not on disk
 */
export async function record(folder: string, key: string, happened: Happened): Promise<void> {
  const log = await firewallLog(folder)
  try {
    for (const name of await unrecorded(folder)) {
      const late: Late = JSON.parse(await readFile(join(folder, name), 'utf8'))
      await log.append(late.key, late.entry)
      await rm(join(folder, name), { force: true })
    }
    await log.append(key, entryOf(happened))
  } finally {
    await log.close()
  }
}

/** Records what has happened already: when the log cannot be written now, the entry waits in a file and is recorded with the next. */
export async function recordLate(folder: string, key: string, happened: Happened): Promise<void> {
  try {
    await record(folder, key, happened)
  } catch {
    const late: Late = { key, entry: entryOf(happened) }
    const path = join(folder, `${UNRECORDED}${randomUUID()}.json`)
    await writeDurably([{ path, bytes: Buffer.from(JSON.stringify(late)) }], folder)
  }
}

interface Late {
  readonly key: string
  readonly entry: EvidenceEntry
}

/** Who runs this: the name of the account, and of the one that became root by sudo. It is what they say of themselves. */
export function actorOf(environment: Readonly<Record<string, string | undefined>>): string {
  const { username } = userInfo()
  const caller = environment['SUDO_USER']
  return caller === undefined ? username : `${caller} (${username})`
}

const entryOf = ({ kind, model, actor, detail }: Happened): EvidenceEntry => ({
  v: 1,
  kind,
  at: new Date().toISOString(),
  side: 'high',
  model,
  actor,
  detail,
})

async function unrecorded(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => name.startsWith(UNRECORDED)).toSorted()
}

async function firewallLog(folder: string): ReturnType<typeof openLog> {
  const dir = join(folder, 'log')
  await makeFolder(folder)
  const signer = await signerOf(folder, dir)
  if (!existsSync(dir)) await beginLog(folder, dir, signer)
  const origin = /^PRIVATE\+KEY\+([^+]+)\+/u.exec(signer)?.[1] ?? ''
  for (const until = Date.now() + WAIT_MS; ;) {
    try {
      return await openLog({ dir, origin, signer })
    } catch (error) {
      const busy = error instanceof SekishoError && error.code === 'STORE_UNAVAILABLE'
      if (!busy || Date.now() > until) throw error
      await sleep(50)
    }
  }
}

/** The key is made once, with the log: a log whose key is lost is not carried on, and a key whose log is lost begins no other. */
async function signerOf(folder: string, dir: string): Promise<string> {
  const path = join(folder, 'signer')
  if (!existsSync(path)) {
    if (existsSync(dir)) throw new SekishoError('LOG_CORRUPT', 'the key of the log is gone')
    const made = `${path}.${randomUUID()}`
    const { signer } = createLogKey(`sekisho.firewall/${randomUUID()}`)
    await writeFile(made, signer, { mode: 0o600, flag: 'wx', flush: true })
    // Two that begin together: the first key stays.
    await link(made, path).catch(() => undefined)
    await rm(made, { force: true })
    await syncFolder(folder)
  } else if (!existsSync(dir) && existsSync(join(folder, 'begun'))) {
    throw new SekishoError('LOG_CORRUPT', 'the log is gone')
  }
  return readFile(path, 'utf8')
}

async function beginLog(folder: string, dir: string, signer: string): Promise<void> {
  const made = join(folder, `log.${randomUUID()}`)
  const origin = /^PRIVATE\+KEY\+([^+]+)\+/u.exec(signer)?.[1] ?? ''
  await (await createLog({ dir: made, origin, signer })).close()
  await rename(made, dir).catch(() => rm(made, { recursive: true, force: true }))
  await writeDurably([{ path: join(folder, 'begun'), bytes: Buffer.from(`${origin}\n`) }], folder)
}
