/**
 * Three accounts to try the boundary with, made at the first start. Their passwords are random and lie in a file only
 * the owner can read; the same ones work on both sides, which a real town must not do: the low side may be lost.
 */
import { randomBytes } from 'node:crypto'
import { chmod, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { base32 } from '@better-auth/utils/base32'
import { createOTP } from '@better-auth/utils/otp'
import { SekishoError } from '@sekisho/core'
import type { Person, Town } from '@sekisho/core'
import { writeDurably } from '@sekisho/evidence'
import { isActive } from './host/people.ts'
import { fromJson, list, oneOf, shape, text } from './shape.ts'
import words from './words/start.json' with { type: 'json' }

const ROLES = ['clerk', 'approver', 'it-officer'] as const

export interface DemoAccount {
  readonly role: (typeof ROLES)[number]
  readonly person: string
  readonly name: string
  readonly email: string
  readonly password: string
  /** Secret of the code, base32 as authenticators take it (RFC 6238, SHA-1, 6 digits, 30 s). */
  readonly totpSecret: string
}

export interface DemoCode {
  readonly role: DemoAccount['role']
  readonly name: string
  readonly email: string
  readonly code: string
  /** Seconds for which the code is still the current one. */
  readonly seconds: number
}

const demoAccounts = shape<{ accounts: readonly DemoAccount[] }>({
  accounts: list(
    shape<DemoAccount>({
      role: oneOf(ROLES),
      person: text(64),
      name: text(200),
      email: text(200),
      password: text(100),
      totpSecret: text(100, /^[A-Z2-7]+$/u),
    }),
    10,
  ),
})

/** Where the demo accounts of a data folder are. */
export function demoFile(dataDir: string): string {
  return join(dataDir, 'demo-accounts.json')
}

const PERIOD_S = 30

/** Makes the file of demo accounts; durable when it resolves. */
export async function createDemoAccounts(
  dataDir: string,
  town: Town,
  now: Date,
): Promise<readonly DemoAccount[]> {
  const accounts = demoPeople(town, now).map(([role, person]) => ({
    role,
    person: person.id,
    name: person.name,
    email: `${role}@demo.example`,
    password: randomBytes(9).toString('base64url'),
    totpSecret: base32.encode(randomBytes(18).toString('base64url'), { padding: false }),
  }))
  const bytes = Buffer.from(`${JSON.stringify({ accounts }, undefined, 2)}\n`)
  await writeDurably([{ path: demoFile(dataDir), bytes }], dataDir)
  await chmod(demoFile(dataDir), 0o600)
  return accounts
}

/** The demo accounts of a data folder, or `undefined` when it has none. */
export async function readDemoAccounts(
  dataDir: string,
): Promise<readonly DemoAccount[] | undefined> {
  const json = await readFile(demoFile(dataDir), 'utf8').catch(() => undefined)
  return json === undefined ? undefined : fromJson(json, demoAccounts)?.accounts
}

/**
 * Current codes of the demo accounts.
 *
 * @throws SekishoError NOT_FOUND when the folder has no demo
 */
export async function demoCodes(dataDir: string, now = new Date()): Promise<readonly DemoCode[]> {
  const accounts = await readDemoAccounts(dataDir)
  if (!accounts) throw new SekishoError('NOT_FOUND', `${dataDir} に、お試しの利用者はいません。`)
  const second = Math.floor(now.getTime() / 1000)
  return Promise.all(
    accounts.map(async ({ role, name, email, totpSecret }) => ({
      role,
      name,
      email,
      code: await createOTP(secretText(totpSecret)).hotp(Math.floor(second / PERIOD_S)),
      seconds: PERIOD_S - (second % PERIOD_S),
    })),
  )
}

/** A clerk, an approver of the same department and an IT officer; the first of each that is in service. */
function demoPeople(town: Town, now: Date): readonly [DemoAccount['role'], Person][] {
  const people = town.people.filter((person) => isActive(person, now))
  const approver = people.find((person) => person.roles.includes('approver'))
  const clerk = people.find(
    (person) =>
      person.roles.includes('clerk') &&
      person.id !== approver?.id &&
      person.department === approver?.department,
  )
  const officer = people.find(
    (person) =>
      person.roles.includes('it-officer') && person.id !== approver?.id && person.id !== clerk?.id,
  )
  if (!clerk || !approver || !officer) throw new SekishoError('CONFIG_INVALID', words.noDemoPeople)
  return [
    ['clerk', clerk],
    ['approver', approver],
    ['it-officer', officer],
  ]
}

/** The library takes the secret as text: the bytes an authenticator gets out of the base32. */
export function secretText(totpSecret: string): string {
  return new TextDecoder().decode(base32.decode(totpSecret))
}
