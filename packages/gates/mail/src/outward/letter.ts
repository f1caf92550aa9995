/**
 * A mail on its way out, read whole: its fields, all its words, all its files with the marks on them, forwarded mails included.
 */
import { createHash } from 'node:crypto'
import {
  Refusal,
  attachmentName,
  collectItems,
  documentMarks,
  pageText,
  readEntity,
  readMailHeader,
  readMessage,
} from '@sekisho/disarm/mail'
import type { Context, DocumentMarks, Field, MailItem, MailMessage } from '@sekisho/disarm/mail'

export interface LetterFile {
  /** Hostile; never empty. */
  readonly name: string
  readonly bytes: Uint8Array
  /** Lower-case hex. */
  readonly sha256: string
  readonly marks: DocumentMarks
}

export interface Letter {
  readonly header: MailMessage
  readonly fields: readonly Field[]
  /** Subjects, this mail's first. */
  readonly subjects: readonly string[]
  /** What each body says, plain words and pages. */
  readonly texts: readonly string[]
  readonly files: readonly LetterFile[]
}

/** Forwarded mails in forwarded mails, as deep as they are written again. */
const MAX_DEPTH = 10

/** Refuses as the readers do, RIGHTS for a mail that is encrypted as a whole. @param raw a letter is a byte */
export function readLetter(raw: string, context: Context): Letter {
  const reader = new LetterReader(context)
  const header = reader.read(raw, 0)
  const { subjects, texts, files } = reader
  return { header, fields: readEntity(raw).fields, subjects, texts, files }
}

class LetterReader {
  readonly subjects: string[] = []
  readonly texts: string[] = []
  readonly files: LetterFile[] = []
  readonly #context: Context

  constructor(context: Context) {
    this.#context = context
  }

  read(raw: string, depth: number): MailMessage {
    if (depth > MAX_DEPTH) throw new Refusal('LIMIT-DEPTH')
    this.#context.spend(raw.length)
    const root = readMessage(raw, this.#context)
    const header = readMailHeader(root, this.#context)
    this.subjects.push(header.subject ?? '')
    for (const item of collectItems(root, this.#context)) this.#item(item, depth)
    return header
  }

  #item(item: MailItem, depth: number): void {
    switch (item.kind) {
      case 'body':
        if (item.text !== undefined) this.texts.push(item.text)
        // A page may say more than the words beside it, or say it where nobody looks.
        if (item.html !== undefined) this.texts.push(pageText(item.html))
        return
      case 'calendar':
        this.texts.push(item.text)
        return
      case 'file':
        return this.#file(attachmentName(item), item.read())
      case 'message':
        if (typeof item.content === 'string') this.read(item.content, depth + 1)
        return
      case 'gone':
        // What cannot be read cannot be shown to be harmless to send.
        throw new Refusal(item.reason)
    }
  }

  #file(name: string, bytes: Uint8Array): void {
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const known = this.files.find((file) => file.sha256 === sha256)
    const marks = known?.marks ?? documentMarks(bytes, name, this.#context)
    this.files.push({ name, bytes, sha256, marks })
  }
}
