import { passkeyClient } from '@better-auth/passkey/client'
import { createAuthClient } from 'better-auth/client'

/** The library's browser part, which speaks WebAuthn. */
export function openPasskeys() {
  return createAuthClient({ basePath: '/api/auth', plugins: [passkeyClient()] })
}
