import { DistinctNames } from '../distinct-names.ts'
import type { Context } from '../family.ts'
import { Refusal } from '../family.ts'
import { giveBack } from '../give-back.ts'
import { cleanName, extensionOf, nameForType } from '../names.ts'
import { refusalWords } from '../words.ts'
import type { Entity } from './entity.ts'
import { fileEntity, messageEntity } from './entity.ts'
import type { MailFile } from './message.ts'

/** Name of the list of what was left out, as in a zip. */
const LEFT_OUT_LIST = '除外一覧.txt'

/** Extensions by media type, for attachments that come without a name. */
const EXTENSIONS: ReadonlyMap<string, string> = new Map([
  ['application/pdf', 'pdf'],
  ['application/zip', 'zip'],
  ['application/x-zip-compressed', 'zip'],
  ['application/rtf', 'rtf'],
  ['application/msword', 'doc'],
  ['application/vnd.ms-excel', 'xls'],
  ['application/vnd.ms-powerpoint', 'ppt'],
  ['text/plain', 'txt'],
  ['text/csv', 'csv'],
  ['text/html', 'html'],
  ['text/calendar', 'ics'],
  ['image/png', 'png'],
  ['image/jpeg', 'jpg'],
  ['image/jpg', 'jpg'],
  ['image/gif', 'gif'],
  ['image/tiff', 'tif'],
  ['image/bmp', 'bmp'],
  ['image/webp', 'webp'],
  ['image/svg+xml', 'svg'],
])

/** The attachments of one message: each rebuilt by its own type, what may not come in is left out and listed. */
export class Attachments {
  readonly #context: Context
  readonly #names = new DistinctNames()
  readonly #leftOut: string[] = []

  constructor(context: Context) {
    this.#context = context
  }

  /** The part of a rebuilt file, or nothing when it is left out. */
  file(file: MailFile, place: string): Entity | undefined {
    const name = attachmentName(file)
    const extension = extensionOf(cleanName(name).name).toLowerCase()
    const asked = this.#context.wanted.length
    const bytes = file.read()
    const rebuilt = this.#context.rebuildNested(bytes, extension, place)
    if (!rebuilt.ok) {
      // A spent budget concerns the whole mail; a nest too deep only this file.
      if (/^LIMIT-(?!DEPTH)/.test(rebuilt.reason)) throw new Refusal(rebuilt.reason)
      this.leaveOut(name, rebuilt.reason, place)
      return undefined
    }
    const written = this.#name(name, rebuilt.outputType, place)
    const entity =
      rebuilt.outputType === 'eml'
        ? messageEntity(written, [Buffer.from(rebuilt.output)])
        : fileEntity(written, rebuilt.outputType, rebuilt.output)
    giveBack(rebuilt.output)
    // A question to a tool may hold what came in.
    if (this.#context.wanted.length === asked) giveBack(bytes)
    return entity
  }

  message(name: string, message: Entity, place: string): Entity {
    return messageEntity(this.#name(name === '' ? 'message.eml' : name, 'eml', place), message)
  }

  leaveOut(name: string, reason: string, place: string): void {
    this.#context.removed('M-ATT', place)
    const shown = cleanName(name === '' ? 'file' : name).name
    this.#leftOut.push(`${shown}\t${refusalWords(reason).what}（${reason}）`)
  }

  /** The list, when anything was left out. */
  list(): Entity | undefined {
    if (this.#leftOut.length === 0) return undefined
    const head = '次の添付ファイルは持ち込めないため、このメールから除外しました。'
    const text = `\uFEFF${[head, '', ...this.#leftOut, ''].join('\r\n')}`
    return fileEntity(this.#names.take(LEFT_OUT_LIST), 'txt', Buffer.from(text))
  }

  #name(name: string, type: string, place: string): string {
    const named = nameForType(name, type)
    for (const rule of new Set(named.rules)) this.#context.removed(rule, place)
    return this.#names.take(named.name)
  }
}

/** The name that the sender gave, or one by the media type; hostile. */
export function attachmentName({ name, type }: Pick<MailFile, 'name' | 'type'>): string {
  if (name !== '') return name
  const extension = EXTENSIONS.get(type)
  return extension === undefined ? 'file' : `file.${extension}`
}
