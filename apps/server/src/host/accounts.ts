/**
 * Accounts of one side: sign-in by password and code, by passkey, or by the town's own identity provider (OIDC).
 * Nobody signs up; a password alone never opens a session; every sign-in is on record before its session exists.
 */
import { DatabaseSync } from 'node:sqlite'
import { passkey } from '@better-auth/passkey'
import { betterAuth } from 'better-auth'
import type { BetterAuthOptions } from 'better-auth'
import { APIError } from 'better-auth/api'
import { symmetricEncrypt } from 'better-auth/crypto'
import { getMigrations } from 'better-auth/db/migration'
import { genericOAuth, twoFactor } from 'better-auth/plugins'
import type { Person, Town } from '@sekisho/core'
import { hashPassword, verifyPassword } from './password.ts'
import type { Store } from '@sekisho/store'
import { isActive } from './people.ts'

/** Length of a session, seconds: one working day. It is not prolonged by use. */
export const SESSION_SECONDS = 8 * 3600
/** A passkey is added only this soon after signing in, seconds. */
const FRESH_SECONDS = 15 * 60
export const PASSWORD_MIN = 12
/** Attempts per address and minute, on each of the sign-in routes. */
const ATTEMPTS_PER_MINUTE = 30
/** Header in which the host puts the address of the socket. A client's own is removed first. */
export const ADDRESS_HEADER = 'x-sekisho-address'

/** An identity provider of the town, by OpenID Connect discovery. */
export interface OidcProvider {
  readonly id: string
  readonly discoveryUrl: string
  readonly clientId: string
  readonly clientSecret: string
}

/** A connection that can write. */
export interface AccountsServer {
  readonly db: Store<object>['db']
  readonly type: 'postgres'
}

export interface AccountsOptions {
  readonly side: 'low' | 'high'
  /** File of the accounts, or a PostgreSQL connection that can write. */
  readonly database: string | AccountsServer
  /** At least 32 random bytes, as text. */
  readonly secret: string
  /** Where people reach this side, e.g. `https://watasu.kasumi.example`. */
  readonly origin: string
  /** Further origins that are this side under another name, for a machine on its own. */
  readonly otherOrigins?: readonly string[]
  readonly town: Town
  readonly oidc?: readonly OidcProvider[]
  /** Makes an event durable. Called before the session or the account exists; a throw means there is none. */
  readonly record: (
    kind: 'sign-in' | 'changed',
    actor: string,
    detail: Record<string, string>,
  ) => Promise<void>
  readonly clock?: () => Date
}

/** Someone who is signed in, and whom the town knows today. */
export interface SignedIn {
  readonly account: string
  readonly email: string
  readonly person: Person
  readonly passkeys: number
  readonly sessionEnds: string
}

export interface NewAccount {
  readonly email: string
  readonly password: string
  /** Shared secret of the code, as text; an authenticator takes its base32. */
  readonly totpSecret: string
  /** Person id of the town. */
  readonly person: string
}

export interface Accounts {
  /** Answers a request under `/api/auth/`. */
  handle(request: Request): Promise<Response>
  whoIs(headers: Headers): Promise<SignedIn | undefined>
  /** Person behind an address, for the record of a sign-in that did not succeed. */
  personOf(email: string): Promise<string | undefined>
  create(account: NewAccount): Promise<void>
  has(email: string): Promise<boolean>
  close(): void
}

/** Opens the accounts of one side and brings their tables up to date. */
export async function openAccounts(options: AccountsOptions): Promise<Accounts> {
  const { database } = options
  const opened = typeof database === 'string' ? openFile(database) : database
  const config = configuration(options, opened)
  await (await getMigrations(config)).runMigrations()
  const auth = betterAuth(config)
  const context = await auth.$context
  const { adapter, internalAdapter } = context
  return {
    handle: (request) => auth.handler(request),
    async whoIs(headers) {
      const found = await auth.api.getSession({ headers })
      if (!found) return undefined
      const person = options.town.people.find((one) => one.id === personIdOf(found.user))
      if (!person || !isActive(person, now(options))) return undefined
      const where = [{ field: 'userId', value: found.user.id }]
      return {
        account: found.user.id,
        email: found.user.email,
        person,
        passkeys: await adapter.count({ model: 'passkey', where }),
        sessionEnds: new Date(found.session.expiresAt).toISOString(),
      }
    },
    async personOf(email) {
      const found = await internalAdapter.findUserByEmail(email.toLowerCase())
      return found ? personIdOf(found.user) : undefined
    },
    async has(email) {
      return (await internalAdapter.findUserByEmail(email.toLowerCase())) !== null
    },
    async create({ email, password, totpSecret, person }) {
      const name = options.town.people.find((one) => one.id === person)?.name ?? person
      await options.record('changed', 'system', { what: 'account', person })
      const user = await internalAdapter.createUser(
        { email: email.toLowerCase(), emailVerified: true, name, person, twoFactorEnabled: true },
        { method: 'email' },
      )
      await internalAdapter.linkAccount({
        userId: user.id,
        providerId: 'credential',
        accountId: user.id,
        password: await context.password.hash(password),
      })
      const key = context.secretConfig
      await adapter.create({
        model: 'twoFactor',
        data: {
          userId: user.id,
          secret: await symmetricEncrypt({ key, data: totpSecret }),
          backupCodes: await symmetricEncrypt({ key, data: '[]' }),
          verified: true,
        },
      })
    },
    close: () => {
      if (opened instanceof DatabaseSync) opened.close()
    },
  }
}

/** Makes the accounts that are not there yet. One that is there stays as it is. */
export async function ensureAccounts(
  accounts: Accounts,
  wanted: readonly NewAccount[],
): Promise<void> {
  for (const account of wanted)
    if (!(await accounts.has(account.email))) await accounts.create(account)
}

function openFile(path: string): DatabaseSync {
  const database = new DatabaseSync(path)
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000')
  return database
}

function configuration(options: AccountsOptions, database: DatabaseSync | AccountsServer) {
  const { side, origin, otherOrigins = [], secret, oidc = [] } = options
  const host = new URL(origin).hostname
  const perMinute = { window: 60, max: ATTEMPTS_PER_MINUTE }
  return {
    appName: 'Sekisho',
    baseURL: origin,
    basePath: '/api/auth',
    secret,
    database,
    trustedOrigins: [origin, ...otherOrigins],
    telemetry: { enabled: false },
    logger: { disabled: true },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: PASSWORD_MIN,
      password: { hash: hashPassword, verify: verifyPassword },
    },
    user: { additionalFields: { person: { type: 'string', required: true, input: false } } },
    session: {
      expiresIn: SESSION_SECONDS,
      disableSessionRefresh: true,
      freshAge: FRESH_SECONDS,
    },
    account: { accountLinking: { enabled: true, trustedProviders: oidc.map(({ id }) => id) } },
    rateLimit: {
      enabled: true,
      storage: 'memory',
      window: 60,
      max: 600,
      customRules: {
        '/sign-in/email': perMinute,
        '/two-factor/verify-totp': perMinute,
        '/passkey/verify-authentication': perMinute,
      },
    },
    advanced: {
      cookiePrefix: `sekisho-${side}`,
      useSecureCookies: origin.startsWith('https:'),
      defaultCookieAttributes: {
        httpOnly: true,
        // The way back from an identity provider comes from another site.
        sameSite: oidc.length > 0 ? 'lax' : 'strict',
        secure: origin.startsWith('https:'),
        path: '/',
      },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
    },
    databaseHooks: {
      session: {
        create: {
          before: async (session, context) => {
            await admit(options, session.userId, context)
          },
        },
      },
    },
    plugins: [
      twoFactor({ issuer: `Sekisho ${options.town.name}`, trustDeviceMaxAge: 1 }),
      passkey({
        rpID: host,
        rpName: `Sekisho ${options.town.name}`,
        origin: [origin, ...otherOrigins],
        authenticatorSelection: { userVerification: 'required', residentKey: 'required' },
      }),
      genericOAuth({
        config: oidc.map(({ id, discoveryUrl, clientId, clientSecret }) => ({
          providerId: id,
          discoveryUrl,
          clientId,
          clientSecret,
          scopes: ['openid', 'email'],
          pkce: true,
          requireIdTokenVerification: true,
          disableSignUp: true,
          disableImplicitSignUp: true,
        })),
      }),
    ],
  } satisfies BetterAuthOptions
}

type HookContext = Parameters<
  NonNullable<
    NonNullable<
      NonNullable<NonNullable<BetterAuthOptions['databaseHooks']>['session']>['create']
    >['before']
  >
>[1]

/** Ways by which a session may come into being, and how the record calls them. */
const WAYS: readonly (readonly [path: string, way: string])[] = [
  ['/two-factor/verify-totp', 'password+code'],
  ['/passkey/verify-authentication', 'passkey'],
  ['/callback/:id', 'oidc'],
  ['/oauth2/callback/:providerId', 'oidc'],
]

/**
 * Stands before every session: only a known way, only a person whom the town has today, and only once it is on
 * record. The library makes a short-lived session after the password, which it takes back before asking for the
 * code: that one is let through unrecorded, and only for accounts that will be asked.
 */
async function admit(
  options: AccountsOptions,
  userId: string,
  context: HookContext,
): Promise<void> {
  const user = await context?.context.internalAdapter.findUserById(userId)
  if (!context || !user) throw refused('NOT-ADMITTED')
  if (context.path === '/sign-in/email') {
    if (!('twoFactorEnabled' in user) || user.twoFactorEnabled !== true)
      throw refused('SECOND-FACTOR-MISSING')
    return
  }
  const way = WAYS.find(([path]) => path === context.path)?.[1]
  const person = options.town.people.find((one) => one.id === personIdOf(user))
  if (!way || context.body?.trustDevice) throw refused('NOT-ADMITTED')
  if (!person || !isActive(person, now(options))) throw refused('NOT-IN-SERVICE')
  await options.record('sign-in', person.id, { way })
}

function refused(code: string): APIError {
  return new APIError('FORBIDDEN', { code, message: code })
}

function personIdOf(user: object): string | undefined {
  return 'person' in user && typeof user.person === 'string' ? user.person : undefined
}

function now(options: AccountsOptions): Date {
  return options.clock?.() ?? new Date()
}
