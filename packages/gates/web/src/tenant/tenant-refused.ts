/** What a login host answers when it turned a sign-in away for its tenant. */
import type { Field } from '../inside/passed-on.ts'

/**
 * Codes of Microsoft Entra: 50002, 500021, 500022 (the tenant is not among the allowed ones); the address of Google's page that says so. Neither verified against a live tenant; others say it in words
 * only.
 */
const SIGNS = ['AADSTS50002', '/info/servicerestricted'] as const
const BYTES = SIGNS.map((sign) => Buffer.from(sign))
const LONGEST = Math.max(...BYTES.map(({ length }) => length))

/** Whether an answer leads to such a page. */
export function leadsToTenantRefused(fields: readonly Field[]): boolean {
  return fields.some(
    ([name, value]) => name === 'location' && SIGNS.some((sign) => value.includes(sign)),
  )
}

/**
 * The same body; `found` is awaited before the piece with the code is handed on.
 *
 * @param found called at most once
 */
export async function* tenantRefused(
  body: AsyncIterable<Uint8Array>,
  found: () => Promise<void>,
): AsyncGenerator<Uint8Array> {
  let tail = Buffer.alloc(0)
  let told = false
  for await (const piece of body) {
    if (!told) {
      const seen = Buffer.concat([tail, piece])
      told = BYTES.some((sign) => seen.includes(sign))
      if (told) await found()
      tail = seen.subarray(Math.max(0, seen.length - LONGEST + 1))
    }
    yield piece
  }
}
