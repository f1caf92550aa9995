/**
 * Sign-in and passkeys, in the words of the sign-in library's own routes.
 */
import { call } from './call.ts'
import type { Outcome } from './call.ts'

export interface Passkey {
  readonly id: string
  readonly name?: string | null
  readonly createdAt?: string | null
}

/** First step. `twoFactorRedirect` true: the code from the telephone is asked next. */
export function signInWithPassword(
  email: string,
  password: string,
): Promise<Outcome<{ readonly twoFactorRedirect?: boolean } | null>> {
  return call('POST', '/api/auth/sign-in/email', { email, password })
}

/** Second step. */
export function signInWithCode(code: string): Promise<Outcome<unknown>> {
  return call('POST', '/api/auth/two-factor/verify-totp', { code })
}

export function signOut(): Promise<Outcome<unknown>> {
  return call('POST', '/api/auth/sign-out', {})
}

/** Asks the library to look at the session, which lengthens it when it is due. */
export function touchSession(): Promise<Outcome<unknown>> {
  return call('GET', '/api/auth/get-session')
}

/** @returns true when signed in; false when the person stopped it or the passkey was not accepted. */
export async function signInWithPasskey(): Promise<boolean> {
  const client = await passkeyClient()
  const answer = await client.signIn.passkey()
  return answer?.error === null
}

/** `stale`: a passkey is added only soon after signing in, so that an open terminal cannot be given another key. */
export type PasskeyOutcome = 'added' | 'stale' | 'stopped'

export async function addPasskey(name: string): Promise<PasskeyOutcome> {
  const client = await passkeyClient()
  const answer = await client.passkey.addPasskey({ name })
  const error = answer?.error ?? undefined
  if (error === undefined) return 'added'
  return 'code' in error && error.code === 'SESSION_NOT_FRESH' ? 'stale' : 'stopped'
}

export function removePasskey(id: string): Promise<Outcome<unknown>> {
  return call('POST', '/api/auth/passkey/delete-passkey', { id })
}

// The WebAuthn code is fetched only when somebody uses a passkey: most pages never do.
async function passkeyClient() {
  const { openPasskeys } = await import('./passkeys.ts')
  return openPasskeys()
}
