/** What a login host answers when it turned a sign-in away for its tenant. */

/** Codes of Microsoft Entra: 50002, 500021, 500022 (the tenant is not among the allowed ones). Not verified against a live tenant; other makers say it in words only. */
const CODE = Buffer.from('AADSTS50002')

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
      told = seen.includes(CODE)
      if (told) await found()
      tail = seen.subarray(Math.max(0, seen.length - CODE.length + 1))
    }
    yield piece
  }
}
