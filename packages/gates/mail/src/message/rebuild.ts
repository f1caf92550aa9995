import { createHash } from 'node:crypto'
import { SekishoError } from '@sekisho/core'
import type { DisarmReport, IsoDate } from '@sekisho/core'
import type { Limits } from '@sekisho/disarm'
import { Context, Refusal, writeMessage } from '@sekisho/disarm/mail'
import type { MailItem, MailMessage, NestedResult } from '@sekisho/disarm/mail'
import { WORDS, mailRefusalWords } from './words.ts'
import type { MailWords } from '../reason-words.ts'
import type { Certificate } from './certificate.ts'
import { composeText } from './compose.ts'
import type { ToldFile } from './compose.ts'
import { isKnownHeader } from './known-headers.ts'
import { calendarPickUp, pickUpOf } from './pick-up.ts'
import type { PickUp } from './pick-up.ts'
import { readAll } from './reading.ts'
import type { OpenRow, Reading } from './reading.ts'
import { mayAttach } from './route.ts'
import type { MailRoute } from './route.ts'

/** What the caller lends to the rebuild. */
export interface MessageHelp {
  /** Address of the page where an entry is picked up; without it the text names no address. Printable ASCII without blanks. */
  readonly link?: (entry: PickUp) => string
  /** The pool of disarm workers; only asked where attachments may be put back. A file of which it says nothing waits outside. */
  readonly disarm?: (
    bytes: Uint8Array,
    name: string,
    part: string,
  ) => Promise<{ readonly report: DisarmReport; readonly output?: Uint8Array } | undefined>
  /** The text begins with a word about its sender: his domain does not know this mail. */
  readonly doubtful?: boolean
  /** Last whole day, Japan, on which files that wait outside can be had. */
  readonly until?: IsoDate
  /** Ceilings for the mail with everything nested in it; the disarmer's own where nothing is said. */
  readonly limits?: Partial<Limits>
}

export interface RebuiltMail {
  readonly ok: true
  /** The new message, of the grammar that the verifier knows as `eml`. */
  readonly message: Uint8Array
  readonly certificate: Certificate
  /** Files that wait outside, in the order of the text. Their `content` never crosses. */
  readonly pickUps: readonly PickUp[]
}

export interface MessageRefusal extends MailWords {
  readonly ok: false
  readonly reason: string
}

export type MessageOutcome = RebuiltMail | MessageRefusal

/**
 * An internet mail → what goes into the office network: known fields, one text, and what the route lets be attached. Nothing is copied that was not
 * parsed. Any bytes give a message or a refusal; it never throws for what a mail can contain.
 */
export async function rebuildMessage(
  bytes: Uint8Array,
  route: MailRoute,
  help: MessageHelp = {},
): Promise<MessageOutcome> {
  try {
    return await rebuilt(bytes, route, help)
  } catch (error) {
    // A mistake of the caller is no fault of the mail.
    if (error instanceof SekishoError) throw error
    return refusal(reasonOf(error))
  }
}

/** A bug met by a hostile mail must not become a way through. Nothing of the error's text leaves. */
function reasonOf(error: unknown): string {
  if (error instanceof Refusal) return error.reason
  return error instanceof RangeError ? 'LIMIT-MEMORY' : 'ENG-CRASH'
}

function refusal(reason: string): MessageRefusal {
  return { ok: false, reason, ...mailRefusalWords(reason) }
}

async function rebuilt(
  bytes: Uint8Array,
  route: MailRoute,
  help: MessageHelp,
): Promise<MessageOutcome> {
  const context = new Context(help.limits ? { limits: help.limits } : {})
  if (bytes.length > context.limits.inputBytes) return refusal('LIMIT-SIZE')
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
  if (raw.trim() === '') return refusal('MAIL-EMPTY')
  const reading = await readAll(raw, context)
  if (!reading.fields.some(({ name }) => TELLING.has(name))) return refusal('MAIL-NONE')
  const entries = reading.files.map((file) => ({ row: file.row, entry: pickUpOf(file, context) }))
  const files = await Promise.all(
    entries.map(({ row, entry }) => settled(row, entry, route, help, context)),
  )
  return written(reading, files, { bytes, route, help, context })
}

/** Without any of these it is no mail. */
const TELLING: ReadonlySet<string> = new Set(
  'from to cc subject date message-id received return-path mime-version content-type'.split(' '),
)

/** A file whose fate is decided. */
interface SettledFile {
  readonly entry: PickUp
  readonly attached?: { readonly type: string; readonly output: Uint8Array }
}

async function settled(
  row: OpenRow,
  entry: PickUp,
  route: MailRoute,
  { disarm }: MessageHelp,
  context: Context,
): Promise<SettledFile> {
  if (entry.reason !== undefined) row.reason = entry.reason
  if (!disarm || !mayAttach(route) || entry.will !== 'disarm') return { entry }
  const settling = await disarm(entry.content, entry.name, entry.part)
  if (!settling) return { entry }
  const { report, output } = settling
  if (!output) {
    const reason = report.reason ?? 'ENG-CRASH'
    row.reason = reason
    return { entry: { ...entry, will: reason === 'ENCRYPTED' ? 'password' : 'refused', reason } }
  }
  context.spend(output.length)
  row.fate = 'attached'
  const { verdict, outputType, removed, kept } = report
  const sha256 = createHash('sha256').update(output).digest('hex')
  row.disarm = { verdict, outputType, removed, kept, sha256 }
  return { entry, attached: { type: report.outputType, output: Uint8Array.from(output) } }
}

interface Ground {
  readonly bytes: Uint8Array
  readonly route: MailRoute
  readonly help: MessageHelp
  readonly context: Context
}

function written(reading: Reading, files: readonly SettledFile[], ground: Ground): RebuiltMail {
  const { route, help, context } = ground
  const calendars = calendarsOf(reading)
  const attaches = mayAttach(route)
  const certificate = certificateOf(reading, ground)
  const entries: readonly SettledFile[] = attaches ? files : [...files, ...calendars]
  const told = entries.map(({ entry, attached }): ToldFile => ({
    entry,
    attached: attached !== undefined,
    link: attached ? undefined : linkOf(entry, help),
  }))
  const text = composeText(reading.blocks, told, certificate, {
    ...help,
    from: reading.header.from,
  })
  const items: MailItem[] = [{ kind: 'body', text }, ...attachedItems(files)]
  if (attaches)
    for (const block of reading.blocks)
      if (block.kind === 'calendar') items.push({ kind: 'calendar', text: block.calendar.text })
  const message = messageBytes({ ...reading.header, items }, files, context)
  const pickUps = entries.filter(({ attached }) => !attached).map(({ entry }) => entry)
  return { ok: true, message, certificate, pickUps }
}

function calendarsOf({ blocks, rows }: Reading): readonly SettledFile[] {
  const parts = rows.filter(({ fate }) => fate === 'calendar').map(({ part }) => part)
  const texts = blocks.flatMap((block) => (block.kind === 'calendar' ? [block.calendar.text] : []))
  return texts.map((text, index) => ({
    entry: calendarPickUp(parts[index] ?? '', WORDS.calendarFile, text),
  }))
}

function certificateOf(reading: Reading, { bytes, route }: Ground): Certificate {
  const names = reading.fields.map(({ name }) => name)
  return {
    version: 1,
    model: route.model,
    edition: route.edition,
    gate: route.gate.id,
    original: {
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    },
    headers: {
      kept: [...new Set(names.filter(isKnownHeader))],
      leftOut: names.filter((name) => !isKnownHeader(name)).length,
      contradicted: contradicted(reading.fields),
    },
    flattened: reading.flattened,
    hiddenPlaces: reading.hiddenPlaces,
    parts: reading.rows.map((row) => ({ ...row })),
  }
}

/** Known fields that come twice and do not say the same: mail programs show different ones. */
function contradicted(fields: Reading['fields']): readonly string[] {
  const first = new Map<string, string>()
  const names = new Set<string>()
  for (const { name, value } of fields) {
    if (!isKnownHeader(name)) continue
    if ((first.get(name) ?? value) !== value) names.add(name)
    else first.set(name, value)
  }
  return [...names]
}

/** A link of the caller that is not one line of ASCII is a bug of the caller. */
function linkOf(entry: PickUp, { link }: MessageHelp): string | undefined {
  if (!link) return undefined
  const address = link(entry)
  if (!/^https?:\/\/[!-~]{1,500}$/.test(address))
    throw new SekishoError('BUG', 'the link of a pick-up is no address')
  return address
}

function attachedItems(files: readonly SettledFile[]): readonly MailItem[] {
  return files.flatMap(({ entry, attached }): readonly MailItem[] => {
    if (!attached) return []
    const read = (): Uint8Array => attached.output
    return [{ kind: 'file', name: entry.name, type: '', read, ids: [] }]
  })
}

/** Written by the one writer of mails; what is attached was disarmed before, and goes in as it is. */
function messageBytes(
  message: MailMessage,
  files: readonly SettledFile[],
  { limits }: Context,
): Uint8Array {
  const types = new Map(
    files.flatMap(({ attached }) => (attached ? [[attached.output, attached.type]] : [])),
  )
  const rebuildNested = (output: Uint8Array): NestedResult => {
    const type = types.get(output)
    if (type === undefined) return { ok: false, reason: 'TYPE-DENIED', type: 'unknown' }
    return { ok: true, type, outputType: type, output }
  }
  const pieces = writeMessage(message, new Context({ limits, rebuildNested }))
  return Buffer.concat(
    pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece)),
  )
}
