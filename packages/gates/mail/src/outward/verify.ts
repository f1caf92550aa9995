/**
 * The mail that is about to leave, read again by programs that did not write it: postal-mime for its structure, the verifier of the disarmer for each
 * file. What is found here is what a stranger will receive.
 */
import { createHash } from 'node:crypto'
import type { CleanVerdict } from '@sekisho/core'
import { verifyClean } from '@sekisho/disarm/verify'
import PostalMime from 'postal-mime'
import { isKnownHeader } from '../message/known-headers.ts'

export interface LeavingMail {
  /** SHA-256 of files that go as they are because they open with a password only. */
  readonly locked: readonly string[]
  /** Address in From. */
  readonly sender: string
}

export async function verifyOutgoing(
  bytes: Uint8Array,
  { locked, sender }: LeavingMail,
): Promise<CleanVerdict> {
  const problem = await problemOf(bytes, new Set(locked), sender, 0)
  if (problem) return problem
  // Without a file that only its recipient can open, the whole is in the one form that the disarmer writes.
  return locked.length > 0 ? { clean: true, type: 'eml' } : verifyClean(bytes, 'eml')
}

/** Mails in mails, as deep as they are written. */
const MAX_DEPTH = 11

/** @param sender empty for a forwarded mail, which may be from anybody */
async function problemOf(
  bytes: Uint8Array,
  locked: ReadonlySet<string>,
  sender: string,
  depth: number,
): Promise<CleanVerdict | undefined> {
  if (depth > MAX_DEPTH) return unclean('VERIFY-DEPTH', 'message')
  const mail = await PostalMime.parse(bytes, { forceRfc822Attachments: true }).catch(
    () => undefined,
  )
  if (!mail) return unclean('VERIFY-SYNTAX', 'message')
  if (mail.headers.some(({ key }) => !isKnownHeader(key.toLowerCase())))
    return unclean('VERIFY-FIELD', 'header')
  if (sender !== '' && mail.from?.address?.toLowerCase() !== sender.toLowerCase())
    return unclean('VERIFY-FIELD', 'from')
  for (const [index, file] of mail.attachments.entries()) {
    const content = contentOf(file.content)
    if (locked.has(createHash('sha256').update(content).digest('hex'))) continue
    if (file.mimeType === 'message/rfc822') {
      const inner = await problemOf(content, locked, '', depth + 1)
      if (inner) return inner
      continue
    }
    const verdict = verifyClean(content, endingOf(file.filename, file.mimeType))
    if (!verdict.clean) return unclean(verdict.reason, `attachment ${index + 1}`)
  }
  return undefined
}

function unclean(reason: string, where: string): CleanVerdict {
  return { clean: false, type: 'eml', reason, where }
}

function contentOf(content: ArrayBuffer | Uint8Array | string): Uint8Array {
  if (typeof content === 'string') return Buffer.from(content)
  return new Uint8Array(content)
}

/** What a mail program will go by: the name, and without one the type. */
function endingOf(name: string | null | undefined, type: string): string | undefined {
  if (type === 'text/calendar') return undefined
  const dot = name?.lastIndexOf('.') ?? -1
  if (name && dot >= 0) return name.slice(dot + 1).toLowerCase()
  return type.startsWith('image/') ? type.slice('image/'.length) : undefined
}
