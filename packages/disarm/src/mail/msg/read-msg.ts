import { readCompoundFile } from '../../cfb/index.ts'
import type { CompoundFile } from '../../cfb/index.ts'
import type { Context } from '../../family.ts'
import { refuse } from '../../family.ts'
import { decodeCharset } from '../../html/charset.ts'
import { declaredCharsets } from '../../html/declared-charset.ts'
import type { Mailbox } from '../address.ts'
import { readMailboxes } from '../address.ts'
import { charsetOf } from '../codepage.ts'
import { collectItems } from '../collect.ts'
import { canonicalDate, dateOf } from '../date.ts'
import { fieldValue, readEntity } from '../header.ts'
import type { Field } from '../header.ts'
import type { MailItem, MailMessage } from '../message.ts'
import { readMessage } from '../part.ts'
import { signedContent } from '../pkcs7.ts'
import { messageIds } from '../read-mail.ts'
import { rtfBody } from '../rtf-body.ts'
import { appointmentText } from './appointment.ts'
import { hasReminderSound } from './named-properties.ts'
import { StorageProperties, join } from './properties.ts'

/** [MS-OXPROPS], without `PidTag`. */
const MESSAGE_CLASS = 0x001a
const SUBJECT = 0x0037
const SUBMIT_TIME = 0x0039
const REPRESENTING_NAME = 0x0042
const TRANSPORT_HEADERS = 0x007d
const RECIPIENT_TYPE = 0x0c15
const SENDER_NAME = 0x0c1a
const SENDER_ADDRESS = 0x0c1f
const DELIVERY_TIME = 0x0e06
const BODY = 0x1000
const RTF_COMPRESSED = 0x1009
const BODY_HTML = 0x1013
const MESSAGE_ID = 0x1035
const REFERENCES = 0x1039
const IN_REPLY_TO = 0x1042
const DISPLAY_NAME = 0x3001
const ADDRESS = 0x3003
const ATTACH_DATA = 0x3701
const ATTACH_FILENAME = 0x3704
const ATTACH_METHOD = 0x3705
const ATTACH_LONG_FILENAME = 0x3707
const ATTACH_MIME_TYPE = 0x370e
const ATTACH_CONTENT_ID = 0x3712
const ATTACH_LOCATION = 0x3713
const SMTP_ADDRESS = 0x39fe
const INTERNET_CODEPAGE = 0x3fde
const MESSAGE_CODEPAGE = 0x3ffd
const SENDER_SMTP = 0x5d01
const REPRESENTING_SMTP = 0x5d02

const EMBEDDED = 5
const OLE = 6
/** Recipients or attachments of one message: a letter to all of a prefecture has some thousands of the first. */
const MAX_STORAGES = 5_000
const MAX_DEPTH = 10

/** Reads a mail of Outlook ([MS-OXMSG]): listed properties, recipients, attachments. What is of Outlook alone goes. */
export function readMsg(input: Uint8Array, context: Context): MailMessage {
  return new MsgReader(readCompoundFile(input, context), context).read('', 0)
}

class MsgReader {
  readonly #file: CompoundFile
  readonly #context: Context

  constructor(file: CompoundFile, context: Context) {
    this.#file = file
    this.#context = context
  }

  read(path: string, depth: number): MailMessage {
    const properties = new StorageProperties(
      this.#file,
      path,
      path === '' ? 'message' : 'embedded',
      this.#context,
    )
    properties.charset = charsetOf(
      properties.number(MESSAGE_CODEPAGE) ?? properties.number(INTERNET_CODEPAGE) ?? 932,
    )
    this.#reportOutlook(properties, path)
    const { fields } = readEntity(headersOf(properties))
    const to = this.#recipients(path, properties.charset)
    return {
      from: [senderOf(properties, fields)].filter((one) => one !== undefined),
      sender: [],
      replyTo: readMailboxes(fieldValue(fields, 'reply-to') ?? '', []),
      to: to.filter(([type]) => type === 1).map(([, one]) => one),
      cc: to.filter(([type]) => type === 2).map(([, one]) => one),
      date: dateIn(properties, fields),
      subject: properties.text(SUBJECT),
      messageId: messageIds(properties.text(MESSAGE_ID) ?? fieldValue(fields, 'message-id'))[0],
      inReplyTo: messageIds(properties.text(IN_REPLY_TO) ?? fieldValue(fields, 'in-reply-to')),
      references: messageIds(properties.text(REFERENCES) ?? fieldValue(fields, 'references')),
      items: this.#items(properties, path, depth),
    }
  }

  /** Forms are programs, and a reminder may play a sound from a share, which hands out the user's hash (CVE-2023-23397). */
  #reportOutlook(properties: StorageProperties, path: string): void {
    const kind = properties.text(MESSAGE_CLASS) ?? ''
    if (/^ipm\.note\.rpmsg/i.test(kind)) refuse('RIGHTS')
    if (!KNOWN_CLASS.test(kind)) this.#context.removed('MSG-FORM', 'message')
    if (path === '' && hasReminderSound(this.#file, this.#context))
      this.#context.removed('MSG-REMIND', 'message')
  }

  #children(path: string, prefix: string): readonly string[] {
    const found = this.#file
      .childrenOf(path)
      .filter(({ kind, name }) => kind === 'storage' && name.toLowerCase().startsWith(prefix))
    if (found.length > MAX_STORAGES) refuse('LIMIT-ENTRIES')
    return found.map(({ name }) => join(path, name)).toSorted()
  }

  #recipients(path: string, charset: string): readonly (readonly [number, Mailbox])[] {
    return this.#children(path, '__recip_version1.0_').map((child) => {
      const properties = new StorageProperties(this.#file, child, 'other', this.#context)
      properties.charset = charset
      const smtp = properties.text(SMTP_ADDRESS) ?? properties.text(ADDRESS)
      return [
        properties.number(RECIPIENT_TYPE) ?? 1,
        mailbox(properties.text(DISPLAY_NAME), smtp),
      ] as const
    })
  }

  #items(properties: StorageProperties, path: string, depth: number): readonly MailItem[] {
    const kind = properties.text(MESSAGE_CLASS) ?? ''
    const attachments = this.#children(path, '__attach_version1.0_')
    if (/^ipm\.note\.smime/i.test(kind)) return this.#secured(attachments[0])
    const items = attachments
      .map((child) => this.#attachment(child, properties.charset, depth))
      .filter((item) => item !== undefined)
    const subject = properties.text(SUBJECT) ?? ''
    const when = appointmentText(this.#file, properties, kind, subject, this.#context)
    const calendar: readonly MailItem[] =
      when === undefined ? [] : [{ kind: 'calendar', text: when }]
    return [this.#body(properties), ...calendar, ...items]
  }

  #body(properties: StorageProperties): MailItem {
    const text = properties.text(BODY)
    const bytes = properties.bytes(BODY_HTML)
    const codepage = charsetOf(properties.number(INTERNET_CODEPAGE) ?? 932)
    const page =
      properties.text(BODY_HTML) ??
      (bytes && decodeCharset(bytes, [...declaredCharsets(bytes), codepage]).text)
    const rtf = page === undefined ? properties.bytes(RTF_COMPRESSED) : undefined
    const fromRtf = rtf && rtfBody(rtf, this.#context)
    const html = page ?? fromRtf?.html
    const words = text ?? fromRtf?.text ?? (html === undefined ? '' : undefined)
    return {
      kind: 'body',
      ...(words === undefined ? {} : { text: words }),
      ...(html === undefined ? {} : { html }),
    }
  }

  /** A signed message keeps what it is in its one attachment; an encrypted one, too, and nobody here can read it. */
  #secured(path: string | undefined): readonly MailItem[] {
    const properties =
      path === undefined
        ? undefined
        : new StorageProperties(this.#file, path, 'other', this.#context)
    const bytes = properties?.bytes(ATTACH_DATA) ?? refuse('RIGHTS')
    const clear = /^(?:content-type|mime-version):/i.test(
      Buffer.from(bytes.subarray(0, 20)).toString('latin1'),
    )
    const content = clear ? bytes : (signedContent(bytes) ?? refuse('RIGHTS'))
    this.#context.removed('M-PART', 'signature')
    return collectItems(
      readMessage(Buffer.from(content).toString('latin1'), this.#context),
      this.#context,
    )
  }

  #attachment(path: string, charset: string, depth: number): MailItem | undefined {
    const properties = new StorageProperties(this.#file, path, 'other', this.#context)
    properties.charset = charset
    const name = nameIn(properties)
    const method = properties.number(ATTACH_METHOD) ?? 1
    const inner = properties.storage(ATTACH_DATA)
    if (method === EMBEDDED && inner !== undefined) {
      if (depth >= MAX_DEPTH) return { kind: 'gone', name, reason: 'LIMIT-DEPTH' }
      return { kind: 'message', name: '', content: this.read(inner, depth + 1) }
    }
    const bytes = properties.bytes(ATTACH_DATA)
    if (method === OLE || !bytes) {
      this.#context.removed(method === OLE ? 'OLE-OBJ' : 'M-PART', 'attachment')
      return name === '' || method === OLE
        ? undefined
        : { kind: 'gone', name, reason: 'TYPE-UNKNOWN' }
    }
    const id = properties.text(ATTACH_CONTENT_ID)?.replace(/^<|>$/g, '')
    const location = properties.text(ATTACH_LOCATION)
    const ids = [...(id ? [`cid:${id}`] : []), ...(location ? [location] : [])]
    const type = (properties.text(ATTACH_MIME_TYPE) ?? '').toLowerCase()
    return { kind: 'file', name, type, read: () => bytes, ids }
  }
}

const KNOWN_CLASS =
  /^(?:|ipm|ipm\.note(?:\.smime.*|\.rules\..*)?|ipm\.(?:appointment|contact|task|stickynote|activity|post|distlist|schedule\.meeting\.[a-z.]{1,40})|report\..*)$/i

function headersOf(properties: StorageProperties): string {
  const text = properties.text(TRANSPORT_HEADERS) ?? ''
  return Buffer.from(text.slice(0, 200_000)).toString('latin1').trimStart()
}

function senderOf(properties: StorageProperties, fields: readonly Field[]): Mailbox | undefined {
  const name = properties.text(REPRESENTING_NAME) ?? properties.text(SENDER_NAME)
  const smtp =
    properties.text(REPRESENTING_SMTP) ??
    properties.text(SENDER_SMTP) ??
    properties.text(SENDER_ADDRESS)
  const own = mailbox(name, smtp)
  const sent = readMailboxes(fieldValue(fields, 'from') ?? '', [])[0]
  if (own.address !== undefined || !sent)
    return own.name === '' && own.address === undefined ? undefined : own
  return sent
}

function dateIn(properties: StorageProperties, fields: readonly Field[]): string | undefined {
  const sent = fieldValue(fields, 'date')
  const written = sent === undefined ? undefined : canonicalDate(sent)
  if (written !== undefined) return written
  const moment = properties.time(SUBMIT_TIME) ?? properties.time(DELIVERY_TIME)
  return moment === undefined ? undefined : dateOf(moment, '+0900')
}

/** A name of an Exchange directory (`/o=…`) is no address that anyone outside can use. */
function mailbox(name: string | undefined, address: string | undefined): Mailbox {
  const [read] =
    address === undefined || /[<>",;:()\\/]/.test(address) ? [] : readMailboxes(address, [])
  const words = (name ?? '').replace(/^'(.*)'$/s, '$1').trim()
  if (read?.address === undefined) return { name: words, address: undefined }
  return { name: words === read.address ? '' : words, address: read.address }
}

function nameIn(properties: StorageProperties): string {
  const name =
    properties.text(ATTACH_LONG_FILENAME) ??
    properties.text(ATTACH_FILENAME) ??
    properties.text(DISPLAY_NAME) ??
    ''
  return name.replace(/^.*[\\/]/s, '').trim()
}
