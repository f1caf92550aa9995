import type { Budget } from './budget.ts'
import { MailReader } from './mail-reader.ts'
import { demand } from './rejection.ts'

/** A file inside: checked by its own type, as `verify/index.ts` does for members of a zip. */
export type VerifyMember = (
  member: { readonly name: string; readonly bytes: Uint8Array },
  budget: Budget,
  depth: number,
) => void

/**
 * Accepts exactly the message of the grammar: ASCII, lines that end with CR LF, the listed fields in their order, and parts whose every
 * letter follows from what they say.
 */
export function verifyMail(
  bytes: Uint8Array,
  budget: Budget,
  where: string,
  verifyMember: VerifyMember,
): void {
  budget.spend(bytes.length, where)
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
  demand(!/[^\r\n -~]/u.test(text), 'VERIFY-MAIL', where)
  // No line end but CR LF.
  demand(!/\r(?!\n)|(?<!\r)\n/u.test(text) && text.endsWith('\r\n'), 'VERIFY-MAIL', where)
  new MailReader(budget, where, verifyMember).message(text, 0)
}
