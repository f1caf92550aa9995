import { globSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import type { Model } from '@sekisho/core'
import { disarmHere } from '@sekisho/disarm'
import type { Disarmed } from '@sekisho/disarm'
import { Context, collectItems, readMailHeader, readMessage } from '@sekisho/disarm/mail'
import type { MailItem, MailMessage } from '@sekisho/disarm/mail'
import { rebuildMessage } from './rebuild.ts'
import type { MessageOutcome, RebuiltMail } from './rebuild.ts'
import type { MailRoute } from './route.ts'

/** For tests only: the cases of `corpus/mail`, and what became of a mail. */

export interface MailCase {
  readonly title: string
  readonly model?: Model
  readonly attachments?: 'remove' | 'keep'
  /** Lines of the mail; a letter is a byte. */
  readonly mail: readonly string[]
  readonly lineEnd?: string
  readonly expect: {
    readonly result?: string
    readonly subject?: string
    readonly from?: string
    readonly to?: string
    readonly text?: readonly string[]
    readonly notText?: readonly string[]
    readonly parts?: readonly string[]
    readonly pickUps?: readonly string[]
    readonly attached?: readonly string[]
    readonly flattened?: readonly string[]
  }
}

const FOLDER = resolve(import.meta.dirname, '../../../../../corpus/mail')

export function mailCases(): readonly (readonly [name: string, one: MailCase])[] {
  return globSync('*.json', { cwd: FOLDER })
    .toSorted()
    .map((file) => [basename(file, '.json'), JSON.parse(readFileSync(join(FOLDER, file), 'utf8'))])
}

export function bytesOfCase({ mail, lineEnd = '\r\n' }: MailCase): Buffer {
  return Buffer.from(mail.join(lineEnd), 'latin1')
}

export function route(model: Model = 'α', attachments: 'remove' | 'keep' = 'remove'): MailRoute {
  const gate = { id: 'mail-in', from: 'internet', to: 'lgwan', attachments, body: 'text' } as const
  return { model, edition: 'R8.3', gate }
}

/** The disarmer in this very process, in place of the pool. */
export async function disarm(bytes: Uint8Array, name: string): Promise<Disarmed> {
  return disarmHere(bytes, { name })
}

export function rebuildCase(one: MailCase): Promise<MessageOutcome> {
  return rebuildMessage(bytesOfCase(one), route(one.model, one.attachments), { disarm })
}

/** A rebuilt message, read again. */
export interface ReadBack {
  readonly header: MailMessage
  readonly text: string
  readonly items: readonly MailItem[]
}

export function readBack({ message }: RebuiltMail): ReadBack {
  const context = new Context()
  const root = readMessage(Buffer.from(message).toString('latin1'), context)
  const items = collectItems(root, context)
  const body = items.find((item) => item.kind === 'body')
  return { header: readMailHeader(root, context), text: body?.text ?? '', items }
}
