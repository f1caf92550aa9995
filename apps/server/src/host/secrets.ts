/**
 * Secrets of one side, made once, readable only by the account that runs it.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SekishoError } from '@sekisho/core'
import { fromJson, shape, text } from '../shape.ts'

export interface Secrets {
  /** Signs session cookies and encrypts code secrets, base64. */
  readonly auth: string
  /** Wraps the keys of sealed originals, base64 of 32 bytes. Low side. */
  readonly vault: string
  /** Signs the log. High side; empty on the low side. */
  readonly signer: string
}

const secrets = shape<Secrets>({ auth: text(100), vault: text(100), signer: text(1000) })

/** Makes the secrets of a side. Throws when there are some already: secrets in use are never replaced. */
export async function createSecrets(dir: string, signer: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const made: Secrets = {
    auth: randomBytes(48).toString('base64'),
    vault: randomBytes(32).toString('base64'),
    signer,
  }
  await writeFile(join(dir, 'secrets.json'), JSON.stringify(made), {
    mode: 0o600,
    flag: 'wx',
    flush: true,
  })
}

/** @throws SekishoError CONFIG_INVALID when they are missing or damaged */
export async function readSecrets(dir: string): Promise<Secrets> {
  const json = await readFile(join(dir, 'secrets.json'), 'utf8').catch(() => '')
  const read = fromJson(json, secrets)
  if (!read) throw new SekishoError('CONFIG_INVALID', `${dir} に、この側の鍵がありません。`)
  return read
}

/** A signer key names its log (C2SP signed-note: `PRIVATE+KEY+<name>+…`). */
export function originOfSigner(signer: string): string {
  return /^PRIVATE\+KEY\+([^+]+)\+/u.exec(signer)?.[1] ?? ''
}
