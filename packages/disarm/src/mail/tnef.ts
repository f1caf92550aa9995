import type { Context } from '../family.ts'
import { decodeCharset } from '../html/charset.ts'
import { charsetOf } from './codepage.ts'
import type { MailItem } from './message.ts'
import { readProperties } from './tnef-properties.ts'
import { rtfBody } from './rtf-body.ts'

/** [MS-OXTNEF]: what Outlook puts into `winmail.dat`. */
const SIGNATURE = 0x223e9f78
const BODY = 0x800c
const MESSAGE_PROPERTIES = 0x9003
const ATTACH_DATA = 0x800f
const ATTACH_TITLE = 0x8010
const ATTACH_START = 0x9002
const ATTACH_PROPERTIES = 0x9005
const CODEPAGE = 0x9007

const PR_BODY = 0x1000
const PR_RTF_COMPRESSED = 0x1009
const PR_BODY_HTML = 0x1013
const PR_ATTACH_DATA = 0x3701
const PR_ATTACH_LONG_FILENAME = 0x3707
const PR_ATTACH_CONTENT_ID = 0x3712

interface Attachment {
  name: string
  longName: string
  bytes: Uint8Array | undefined
  id: string
}

/** Body and attachments; damaged ones end where the damage begins, and what was read until then stays. */
export function readTnef(bytes: Uint8Array, context: Context): readonly MailItem[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 6 || view.getUint32(0, true) !== SIGNATURE) return []
  const reader = new TnefReader(context)
  let at = 6
  while (at + 11 <= bytes.length) {
    context.checkTime()
    const id = view.getUint32(at + 1, true) & 0xffff
    const length = view.getUint32(at + 5, true)
    const end = at + 9 + length
    if (end > bytes.length) break
    reader.attribute(id, bytes.subarray(at + 9, end))
    at = end + 2
  }
  return reader.items()
}

class TnefReader {
  readonly #context: Context
  readonly #attachments: Attachment[] = []
  #text = ''
  #html: string | undefined
  #rtf: Uint8Array | undefined
  #charset = 'shift_jis'

  constructor(context: Context) {
    this.#context = context
  }

  attribute(id: number, data: Uint8Array): void {
    const attachment = this.#attachments.at(-1)
    if (id === CODEPAGE && data.length >= 4) this.#charset = charsetOf(data[0]! | (data[1]! << 8))
    else if (id === BODY) this.#text = this.#string(data)
    else if (id === MESSAGE_PROPERTIES) this.#message(data)
    else if (id === ATTACH_START && this.#attachments.length < 1000)
      this.#attachments.push({ name: '', longName: '', bytes: undefined, id: '' })
    else if (!attachment) return
    else if (id === ATTACH_TITLE) attachment.name = this.#string(data)
    else if (id === ATTACH_DATA) attachment.bytes = data
    else if (id === ATTACH_PROPERTIES) this.#attachment(attachment, data)
  }

  items(): readonly MailItem[] {
    const items: MailItem[] = []
    const fromRtf = this.#rtf ? rtfBody(this.#rtf, this.#context) : undefined
    const html = this.#html ?? fromRtf?.html
    const text = this.#text || fromRtf?.text
    if (html !== undefined || text)
      items.push({
        kind: 'body',
        spare: true,
        ...(text ? { text } : {}),
        ...(html === undefined ? {} : { html }),
      })
    for (const { name, longName, bytes, id } of this.#attachments) {
      const shown = (longName || name).replace(/^.*[\\/]/s, '')
      if (bytes === undefined) items.push({ kind: 'gone', name: shown, reason: 'TYPE-UNKNOWN' })
      else
        items.push({
          kind: 'file',
          name: shown,
          type: '',
          read: () => bytes,
          ids: id === '' ? [] : [`cid:${id}`],
        })
    }
    return items
  }

  #message(data: Uint8Array): void {
    const properties = readProperties(data, this.#charset)
    const text = properties.get(PR_BODY)
    if (typeof text === 'string' && this.#text === '') this.#text = text
    const html = properties.get(PR_BODY_HTML)
    if (typeof html === 'string') this.#html = html
    else if (html instanceof Uint8Array) this.#html = decodeCharset(html, [this.#charset]).text
    const rtf = properties.get(PR_RTF_COMPRESSED)
    if (rtf instanceof Uint8Array) this.#rtf = rtf
  }

  #attachment(attachment: Attachment, data: Uint8Array): void {
    const properties = readProperties(data, this.#charset)
    const name = properties.get(PR_ATTACH_LONG_FILENAME)
    if (typeof name === 'string') attachment.longName = name
    const id = properties.get(PR_ATTACH_CONTENT_ID)
    if (typeof id === 'string') attachment.id = id
    const bytes = properties.get(PR_ATTACH_DATA)
    if (bytes instanceof Uint8Array && attachment.bytes === undefined) attachment.bytes = bytes
  }

  #string(data: Uint8Array): string {
    const end = data.indexOf(0)
    return decodeCharset(end < 0 ? data : data.subarray(0, end), [this.#charset]).text
  }
}
