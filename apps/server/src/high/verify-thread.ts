import { parentPort, workerData } from 'node:worker_threads'
import type { CleanVerdict } from '@sekisho/core'
import { verifyClean } from '@sekisho/disarm/verify'
import { verifyRebuilt } from '@sekisho/gates/mail/verify'
import type { Expected } from '@sekisho/gates/mail/verify'
import { isRecord } from '../shape.ts'

const given: unknown = workerData
const bytes = isRecord(given) ? given['bytes'] : undefined
const ending = isRecord(given) ? given['ending'] : undefined
const digests = isRecord(given) ? given['macroDigests'] : undefined
// Our own words, not the sender's: they came from the thread that serves.
const mail = isRecord(given) ? (given['mail'] as Expected | undefined) : undefined
const macroDigests = Array.isArray(digests) ? digests.map(String) : []
if (!(bytes instanceof Uint8Array) || typeof ending !== 'string') throw new TypeError('no bytes')
const clean = verifyClean(bytes, ending, { macroDigests })
const verdict = mail && clean.clean ? verifiedMail(bytes, clean, mail) : clean
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread of Node.js has no origin
parentPort?.postMessage(verdict)

/** Harmless is not enough: it must be a mail that the mail gate writes. */
function verifiedMail(
  message: Uint8Array,
  harmless: CleanVerdict,
  expected: Expected,
): CleanVerdict {
  const { type } = harmless
  const rebuilt = verifyRebuilt(message, expected)
  if (!rebuilt.ok) return { clean: false, type, reason: rebuilt.reason, where: rebuilt.where }
  return { ...harmless, clean: true, mail: rebuilt.mail }
}
