/**
 * First accounts of a side that is not a demo. The IT officer writes a wish into the side's own folder; the side makes
 * the account at its next start and the file goes. Who can write that folder owns the side anyway.
 */
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { base32 } from '@better-auth/utils/base32'
import { SekishoError } from '@sekisho/core'
import { writeDurably } from '@sekisho/evidence'
import { secretText } from './demo.ts'
import type { NewAccount } from './host/accounts.ts'
import { fromJson, list, shape, text } from './shape.ts'

/** What is told to the person once, by hand or on paper, and is stored nowhere in the clear afterwards. */
export interface Enrolment {
  /** Person id of the town. */
  readonly person: string
  readonly email: string
  readonly password: string
  /** Base32, as an authenticator takes it (RFC 6238, SHA-1, 6 digits, 30 s). */
  readonly totpSecret: string
}

const enrolments = shape<{ accounts: readonly Enrolment[] }>({
  accounts: list(
    shape<Enrolment>({
      person: text(64),
      email: text(200),
      password: text(100),
      totpSecret: text(100, /^[A-Z2-7]+$/u),
    }),
    2000,
  ),
})

/**
 * Wishes an account on the side whose folder this is.
 *
 * @throws SekishoError CONFIG_INVALID when the address is already wished for
 */
export async function enrol(
  sideDir: string,
  { person, email }: Pick<Enrolment, 'person' | 'email'>,
): Promise<Enrolment> {
  const waiting = await read(sideDir)
  if (waiting.some((one) => one.email === email)) {
    throw new SekishoError('CONFIG_INVALID', `${email} は、次の起動で作られる予定です。`)
  }
  const enrolment = {
    person,
    email,
    password: randomBytes(12).toString('base64url'),
    totpSecret: base32.encode(randomBytes(18).toString('base64url'), { padding: false }),
  }
  await mkdir(sideDir, { recursive: true, mode: 0o700 })
  const bytes = Buffer.from(`${JSON.stringify({ accounts: [...waiting, enrolment] })}\n`)
  await writeDurably([{ path: file(sideDir), bytes }], sideDir)
  await chmod(file(sideDir), 0o600)
  return enrolment
}

/** Accounts that the side should make now. */
export async function enrolled(sideDir: string): Promise<readonly NewAccount[]> {
  const waiting = await read(sideDir)
  return waiting.map((one) => ({ ...one, totpSecret: secretText(one.totpSecret) }))
}

/** To be called when the accounts are made: the passwords leave the disk. */
export async function forgetEnrolments(sideDir: string): Promise<void> {
  await rm(file(sideDir), { force: true })
}

function file(sideDir: string): string {
  return join(sideDir, 'enrol.json')
}

async function read(sideDir: string): Promise<readonly Enrolment[]> {
  const json = await readFile(file(sideDir), 'utf8').catch(() => undefined)
  if (json === undefined) return []
  const found = fromJson(json, enrolments)
  if (!found)
    throw new SekishoError(
      'CONFIG_INVALID',
      `${file(sideDir)} が読めません。消してから、もう一度お試しください。`,
    )
  return found.accounts
}
