/**
 * The program that asks the independent verifier about one file or mail of the low side. It runs in a box, and nothing that rebuilds is in it.
 */
import type { CleanVerdict } from '@sekisho/core'
import { verifyClean } from '@sekisho/disarm/verify'
import { serveQuestions } from '@sekisho/disarm/worker/questions'
import { verifyRebuilt } from '@sekisho/gates/mail/verify'
import { packed, unpacked } from './bytes-beside.ts'
import type { VerifyReading } from './reading-box.ts'

await serveQuestions(async (_, bytes) => ({
  header: {},
  body: packed({ kind: 'verified', verdict: verdictOn(unpacked(bytes) as VerifyReading) }),
}))

function verdictOn({ bytes, ending, macroDigests, mail }: VerifyReading): CleanVerdict {
  const clean = verifyClean(bytes, ending, { macroDigests })
  if (!mail || !clean.clean) return clean
  // Harmless is not enough: it must be a mail that the mail gate writes.
  const { type } = clean
  const rebuilt = verifyRebuilt(bytes, mail)
  if (!rebuilt.ok) return { clean: false, type, reason: rebuilt.reason, where: rebuilt.where }
  return { ...clean, clean: true, mail: rebuilt.mail }
}
