/**
 * The second look at a rebuilt mail, on the receiving side. `verifyClean(bytes, 'eml')` has judged before that the bytes are harmless; this judges that the
 * mail is one that the mail gate writes: known fields, one text, no file unless it may be, and no address that leads a reader elsewhere. It shares no
 * line with the rebuilder, and reads only what a rebuilt mail can be.
 */
import { createHash } from 'node:crypto'
import type { VerifiedMail } from '@sekisho/core'
import { readEntity, shownWords, utf8 } from './fields.ts'
import type { Entity } from './fields.ts'
import { Rejection, demand } from './rejection.ts'
import { verifyText } from './text.ts'
import type { Expected, Inside } from './text.ts'

export type { Expected, Inside } from './text.ts'

export type Rebuilt =
  | { readonly ok: true; readonly mail: VerifiedMail }
  | { readonly ok: false; readonly reason: string; readonly where: string }

/** Never throws, whatever the bytes. */
export function verifyRebuilt(bytes: Uint8Array, expected: Expected): Rebuilt {
  try {
    const { message, words, files, calendars } = opened(bytes, expected.inside !== undefined)
    if (expected.inside) verifyInside(files, calendars, expected.inside)
    verifyText(textOf(words), expected)
    return {
      ok: true,
      mail: {
        subject: shownWords(message.fields.get('Subject') ?? ''),
        from: shownWords(message.fields.get('From') ?? ''),
        attachments: files.length + calendars,
        textOnly: true,
      },
    }
  } catch (error) {
    if (error instanceof Rejection) return { ok: false, reason: error.reason, where: error.where }
    // What cannot be judged is not clean.
    return { ok: false, reason: 'MAIL-CRASH', where: '' }
  }
}

/** A mail that was verified before, for a page. All of it are words of a stranger. */
export interface ReadMail {
  readonly from: string
  readonly to: string
  readonly cc: string
  readonly date: string
  readonly subject: string
  readonly text: string
}

/** @throws Rejection when it is no rebuilt mail */
export function readRebuilt(bytes: Uint8Array): ReadMail {
  const { message, words } = opened(bytes, true)
  const field = (name: string): string => shownWords(message.fields.get(name) ?? '')
  return {
    from: field('From'),
    to: field('To'),
    cc: field('Cc'),
    date: field('Date'),
    subject: field('Subject'),
    text: textOf(words),
  }
}

interface Opened {
  readonly message: Entity
  readonly words: Entity
  readonly files: readonly Entity[]
  readonly calendars: number
}

/** @param invited whether an invitation may stand beside the text; its form was verified before (`verifyClean`) */
function opened(bytes: Uint8Array, invited: boolean): Opened {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  demand(!/[^\r\n -~]/u.test(text), 'MAIL-SHAPE', 'message')
  const message = readEntity(text, 'message')
  demand(message.fields.get('MIME-Version') === '1.0', 'MAIL-FIELD', 'message')
  const type = message.fields.get('Content-Type') ?? ''
  if (!type.startsWith('multipart/mixed;'))
    return { message, words: message, files: [], calendars: 0 }
  const boundary = /^multipart\/mixed; boundary="([0-9A-Za-z=_]{1,70})"$/u.exec(type)?.[1]
  demand(boundary !== undefined, 'MAIL-SHAPE', 'message')
  const pieces = message.body.split(`--${boundary}`)
  demand(pieces[0] === '' && pieces.at(-1) === '--\r\n', 'MAIL-SHAPE', 'message')
  const [words, ...others] = pieces
    .slice(1, -1)
    .map((piece) => readEntity(piece.replace(/^\r\n/u, ''), 'part'))
  demand(words !== undefined, 'MAIL-SHAPE', 'message')
  const files = others.filter((entity) => !(invited && isInvitation(entity)))
  for (const file of files) verifyFile(file)
  return { message, words, files, calendars: others.length - files.length }
}

function isInvitation({ fields }: Entity): boolean {
  const type = fields.get('Content-Type') ?? ''
  return !fields.has('Content-Disposition') && /^text\/calendar; charset=utf-8(?:;|$)/u.test(type)
}

/** Each file is one that the certificate names by its bytes, and none of them is missing. */
function verifyInside(files: readonly Entity[], calendars: number, inside: Inside): void {
  const digests = files.map(({ body }) =>
    createHash('sha256').update(Buffer.from(body, 'base64')).digest('hex'),
  )
  const same = digests.toSorted().join() === inside.files.toSorted().join()
  demand(same && calendars === inside.calendars, 'MAIL-INSIDE', 'files')
}

/** A file is one that the reader must open on purpose, and no second mail or page. */
function verifyFile({ fields }: Entity): void {
  const type = fields.get('Content-Type') ?? ''
  demand(
    (fields.get('Content-Disposition') ?? '').startsWith('attachment; filename'),
    'MAIL-PART',
    'part',
  )
  demand(!/^(?:text|multipart|message)\//iu.test(type), 'MAIL-PART', 'part')
}

/** The words of the message: text and nothing else. */
function textOf({ fields, body }: Entity): string {
  demand(fields.get('Content-Type') === 'text/plain; charset=utf-8', 'MAIL-PART', 'text')
  demand(fields.get('Content-Transfer-Encoding') === 'base64', 'MAIL-PART', 'text')
  demand(!fields.has('Content-Disposition'), 'MAIL-PART', 'text')
  demand(/^[A-Za-z0-9+/=\r\n]*$/u.test(body), 'MAIL-SHAPE', 'text')
  return utf8(body)
}
