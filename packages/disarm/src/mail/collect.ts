import type { Context } from '../family.ts'
import { refuse } from '../family.ts'
import { decodeCharset } from '../html/charset.ts'
import { declaredCharsets } from '../html/declared-charset.ts'
import { fieldValue } from './header.ts'
import type { MailBody, MailItem } from './message.ts'
import { contentId, partBytes, partName, readMessage } from './part.ts'
import type { Part } from './part.ts'
import { signedContent } from './pkcs7.ts'
import { takeUuencoded } from './transfer.ts'
import { readTnef } from './tnef.ts'

/**
 * The items of a message, in reading order: of alternatives the best text and the best page, of a signed part what was signed. What is encrypted
 * nobody here may read: it is gone (RIGHTS), and where nothing else is said the message is refused.
 * @param opened gets, for each part that held a message of its own under a signature, that message
 */
export function collectItems(
  root: Part,
  context: Context,
  opened: Map<Part, OpenedPart> = new Map(),
): readonly MailItem[] {
  const items = new Collector(context, opened).of(root)
  if (items.some(isLocked) && !items.some(isReadable)) refuse('RIGHTS')
  const spoken = items.some(
    (item) => isBody(item) && !item.spare && (item.text ?? item.html)?.trim(),
  )
  return spoken ? items.filter((item) => !isBody(item) || !item.spare) : items
}

const DROPPED: ReadonlySet<string> = new Set([
  'message/partial',
  'message/external-body',
  'application/pkcs7-signature',
  'application/x-pkcs7-signature',
  'application/pgp-signature',
  'application/pgp-keys',
  'text/x-amp-html',
  'text/watch-html',
])

/** What lay in a part under a signature: as it stood there, and as it was read. */
export interface OpenedPart {
  readonly raw: string
  readonly root: Part
}

/** Invitations come as parts of the text, as files, or as both. */
const CALENDAR = /^(?:text\/calendar|application\/ics)$/

class Collector {
  readonly #context: Context
  readonly #opened: Map<Part, OpenedPart>

  constructor(context: Context, opened: Map<Part, OpenedPart>) {
    this.#context = context
    this.#opened = opened
  }

  of(part: Part): readonly MailItem[] {
    const { type } = part
    if (type === 'multipart/encrypted') return this.#encrypted(part)
    if (type === 'application/pgp-encrypted') return [locked(part)]
    if (type === 'multipart/alternative') return this.#alternative(part.children)
    if (type === 'multipart/signed') return this.#signed(part.children)
    if (type.startsWith('multipart/')) return part.children.flatMap((child) => this.of(child))
    if (DROPPED.has(type)) return this.#drop()
    if (/^application\/(?:x-)?pkcs7-mime$/.test(type)) return this.#pkcs7(part)
    if (/^message\/(?:rfc822|global|news)$/.test(type)) return [this.#message(part)]
    if (type === 'application/ms-tnef' || /^winmail\.dat$/i.test(partName(part))) {
      return this.#tnef(part)
    }
    return this.#leaf(part)
  }

  #drop(): readonly MailItem[] {
    this.#context.removed('M-PART', 'part')
    return []
  }

  /** RFC 2046 §5.1.4: the last is the best; a reader of plain text takes the last plain one. Files of the others stay. */
  #alternative(children: readonly Part[]): readonly MailItem[] {
    const lists = children.map((child) => this.of(child))
    const rich = lists.findLastIndex((list) => list.some(isPage))
    const plain = plainest(lists, children, rich)
    const words = lists[plain]?.filter(isBody) ?? []
    const chosen = rich < 0 ? plain : rich
    const left = lists.filter(
      (list, index) => index !== rich && index !== plain && list.some(isBody),
    )
    this.#context.removed('M-PART', 'alternative', left.length)
    return lists.flatMap((list, index) => {
      if (index !== chosen) return list.filter((item) => item.kind !== 'body')
      return rich < 0 ? list : withWords(list, words)
    })
  }

  #signed(children: readonly Part[]): readonly MailItem[] {
    this.#context.removed('M-PART', 'signature')
    const [content] = children
    return content ? this.of(content) : []
  }

  /** RFC 1847 2.2: how it is locked, then what is. */
  #encrypted({ children }: Part): readonly MailItem[] {
    return children.flatMap((child) => {
      if (child.type === 'application/pgp-encrypted') return this.#drop()
      return child.children.length > 0 ? this.#encrypted(child) : [locked(child)]
    })
  }

  #pkcs7(part: Part): readonly MailItem[] {
    const kind = part.parameters.get('smime-type')?.toLowerCase()
    if (kind === 'certs-only') return this.#drop()
    const content =
      kind === 'signed-data' || kind === undefined
        ? signedContent(partBytes(part, this.#context))
        : undefined
    if (content === undefined) return [locked(part)]
    this.#context.removed('M-PART', 'signature')
    const raw = Buffer.from(content).toString('latin1')
    const root = readMessage(raw, this.#context)
    this.#opened.set(part, { raw, root })
    return this.of(root)
  }

  #message(part: Part): MailItem {
    const encoding = fieldValue(part.fields, 'content-transfer-encoding') ?? ''
    const coded = /base64|quoted/i.test(encoding)
    const raw = coded ? Buffer.from(partBytes(part, this.#context)).toString('latin1') : part.raw
    return { kind: 'message', name: partName(part), content: raw, from: { part, inside: false } }
  }

  #tnef(part: Part): readonly MailItem[] {
    this.#context.removed('M-PART', 'winmail.dat')
    const items = readTnef(partBytes(part, this.#context), this.#context)
    return items.map((item) => ({ ...item, from: { part, inside: true } }))
  }

  #leaf(part: Part): readonly MailItem[] {
    const name = partName(part)
    const attached = part.disposition.value === 'attachment' || name !== ''
    const [kind] = part.type.split('/')
    if (CALENDAR.test(part.type) || /\.ics$/i.test(name))
      return [{ kind: 'calendar', text: this.#text(part), from: { part, inside: false } }]
    if (attached || (kind !== 'text' && kind !== 'message')) return [this.#file(part, name)]
    if (part.type === 'text/html') {
      const bytes = partBytes(part, this.#context)
      const page = decoded(bytes, [charsetOf(part), ...declaredCharsets(bytes)])
      return [{ kind: 'body', html: page, from: { part, inside: false } }]
    }
    return this.#words(this.#text(part), part)
  }

  #words(text: string, part: Part): readonly MailItem[] {
    const marked = part.type === 'text/enriched' || part.type === 'text/richtext'
    const { text: words, files } = takeUuencoded(marked ? text.replace(/<[^<>]*>/g, '') : text)
    const body: MailItem = { kind: 'body', text: words, from: { part, inside: false } }
    return [
      body,
      ...files.map(({ name, bytes }): MailItem => ({
        kind: 'file',
        name,
        type: '',
        read: () => bytes,
        ids: [],
        from: { part, inside: true },
      })),
    ]
  }

  #file(part: Part, name: string): MailItem {
    const id = contentId(part)
    const location = fieldValue(part.fields, 'content-location')?.trim()
    const ids = [
      ...(id === undefined ? [] : [`cid:${id}`]),
      ...(location === undefined || location === '' ? [] : [location]),
    ]
    const read = () => partBytes(part, this.#context)
    return { kind: 'file', name, type: part.type, read, ids, from: { part, inside: false } }
  }

  #text(part: Part): string {
    return decoded(partBytes(part, this.#context), [charsetOf(part)])
  }
}

function locked(part: Part): MailItem {
  const name = partName(part)
  return { kind: 'gone', name, reason: 'RIGHTS', from: { part, inside: false } }
}

function isLocked(item: MailItem): boolean {
  return item.kind === 'gone' && item.reason === 'RIGHTS'
}

function isReadable(item: MailItem): boolean {
  if (isBody(item)) return (item.text ?? item.html ?? '').trim() !== ''
  return item.kind !== 'gone'
}

function isBody(item: MailItem): item is MailItem & MailBody {
  return item.kind === 'body'
}

function isPage(item: MailItem): boolean {
  return isBody(item) && item.html !== undefined
}

/** The last form in plain text; an empty one only when none says anything. */
function plainest(
  lists: readonly (readonly MailItem[])[],
  children: readonly Part[],
  rich: number,
): number {
  const other = lists.map((list, index) => index !== rich && list.some(isBody))
  const exact = other.map((fits, index) => fits && children[index]?.type === 'text/plain')
  const says = lists.map((list) => list.some((item) => isBody(item) && item.text?.trim()))
  const found = [exact, other].map((fitting) =>
    fitting.findLastIndex((fits, index) => fits && says[index]),
  )
  return [...found, exact.lastIndexOf(true), other.lastIndexOf(true)].find((at) => at >= 0) ?? -1
}

/** The first page of the list also says it in plain words. */
function withWords(
  list: readonly MailItem[],
  bodies: readonly (MailItem & MailBody)[],
): readonly MailItem[] {
  if (bodies.length === 0) return list
  const text = bodies.map((body) => body.text ?? '').join('\n')
  const words = bodies.flatMap(({ from }) => (from ? [from.part] : []))
  const first = list.findIndex(isPage)
  return list.map((item, index) =>
    index === first && isBody(item) ? { ...item, text, words } : item,
  )
}

function charsetOf(part: Part): string {
  return part.parameters.get('charset') ?? ''
}

function decoded(bytes: Uint8Array, labels: readonly string[]): string {
  return decodeCharset(
    bytes,
    labels.filter((label) => label !== ''),
  ).text
}
