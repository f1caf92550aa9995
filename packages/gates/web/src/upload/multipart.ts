/**
 * A multipart body (RFC 2046 §5.1, RFC 7578) in the one form that every reader takes apart alike. A boundary that one reader sees and another does not is how a file is
 * brought past whoever looks: so whatever could be a second reading refuses the whole body.
 */
import { readFieldWithParameters } from './media-type.ts'
import type { FieldWithParameters } from './media-type.ts'

/** One part. Names are hostile text, as sent. */
export interface Part {
  /** Name of the form's field; empty where the form of the body has none. */
  readonly name: string
  /** Absent for a field that is no file. */
  readonly fileName?: string
  /** Lower case; absent when none is written. */
  readonly type?: string
  readonly bytes: Uint8Array
}

/** RFC 2046 §5.1.1: `bchars`, at most 70, no blank at the end. */
const BOUNDARY = /^[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]$/u
/** Parts of one body; a form has fields, not thousands. */
const MAX_PARTS = 1_000
const MAX_HEAD = 8_192
const CRLF = Buffer.from('\r\n')
const HEAD_END = Buffer.from('\r\n\r\n')

/** `undefined` for anything not of the strict form. */
export function readMultipart(
  bytes: Uint8Array,
  { value, parameters }: FieldWithParameters,
): readonly Part[] | undefined {
  const boundary = parameters.get('boundary') ?? ''
  if (!BOUNDARY.test(boundary)) return undefined
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const pieces = piecesOf(body, boundary)
  if (!pieces || pieces.length > MAX_PARTS) return undefined
  const parts = pieces.map((piece) => partOf(piece, value === 'multipart/form-data'))
  return parts.every((part) => part !== undefined) ? parts : undefined
}

/** What stands between the delimiters. Nothing may stand before the first or behind the last: some readers skip it, and some do not. */
function piecesOf(body: Buffer, boundary: string): readonly Buffer[] | undefined {
  const dashes = Buffer.from(`--${boundary}`)
  const pieces: Buffer[] = []
  let start: number | undefined
  for (let at = body.indexOf(dashes); at >= 0; at = body.indexOf(dashes, at + 1)) {
    const kind = delimiterAt(body, at, dashes.length)
    if (kind === 'none') continue
    if (kind === 'doubtful' || (start === undefined && at !== 0)) return undefined
    if (start !== undefined) {
      if (at - CRLF.length < start) return undefined
      pieces.push(body.subarray(start, at - CRLF.length))
    }
    start = at + dashes.length + CRLF.length
    if (kind === 'last') return isOver(body, start) && pieces.length > 0 ? pieces : undefined
    if (pieces.length > MAX_PARTS) return undefined
  }
  return undefined
}

type Delimiter = 'between' | 'last' | 'none' | 'doubtful'

/** At the head of a line it is a delimiter, or it is made to be one for a reader that is less strict (lone line feed, letters or blanks behind it). */
function delimiterAt(body: Buffer, at: number, length: number): Delimiter {
  const before = at === 0 ? LINE_FEED : body[at - 1]
  if (before !== LINE_FEED && before !== CARRIAGE_RETURN) return 'none'
  if (at > 0 && !(before === LINE_FEED && body[at - 2] === CARRIAGE_RETURN)) return 'doubtful'
  const behind = body.toString('latin1', at + length, at + length + 2)
  if (behind === '\r\n') return 'between'
  return behind === '--' ? 'last' : 'doubtful'
}

const LINE_FEED = 10
const CARRIAGE_RETURN = 13

function isOver(body: Buffer, at: number): boolean {
  const rest = body.toString('latin1', at, at + 3)
  return rest === '' || rest === '\r\n'
}

function partOf(piece: Buffer, isForm: boolean): Part | undefined {
  const headless = piece.subarray(0, 2).equals(CRLF)
  const end = headless ? 0 : piece.indexOf(HEAD_END)
  if (end < 0 || end > MAX_HEAD) return undefined
  const fields = headless ? new Map<string, string>() : fieldsOf(piece.toString('utf8', 0, end))
  const bytes = piece.subarray(end + (headless ? CRLF.length : HEAD_END.length))
  return fields && named(fields, bytes, isForm)
}

const FIELD =
  /^([A-Za-z][A-Za-z-]{0,60}):[ \t]{0,8}([^\u0000-\u0008\u000A-\u001F\u007F\uFFFD]{0,4000})$/u
/** What a part may say of itself. A transfer encoding is undone by some readers and not by others, but these three are no encoding. */
const KNOWN: ReadonlyMap<string, RegExp> = new Map([
  ['content-disposition', /^/u],
  ['content-type', /^/u],
  ['content-id', /^[!-~]{1,200}$/u],
  ['content-length', /^\d{1,15}$/u],
  ['content-transfer-encoding', /^(?:7bit|8bit|binary)$/iu],
])

/** A line of its own for each field: a folded one is two for half of the readers. */
function fieldsOf(head: string): ReadonlyMap<string, string> | undefined {
  const fields = new Map<string, string>()
  for (const line of head.split('\r\n')) {
    const [, name = '', value = ''] = FIELD.exec(line) ?? []
    const key = name.toLowerCase()
    if (KNOWN.get(key)?.test(value.trim()) !== true || fields.has(key)) return undefined
    fields.set(key, value.trim())
  }
  return fields
}

function named(
  fields: ReadonlyMap<string, string>,
  bytes: Uint8Array,
  isForm: boolean,
): Part | undefined {
  const length = fields.get('content-length')
  if (length !== undefined && Number(length) !== bytes.length) return undefined
  const written = fields.get('content-type')
  const type = written === undefined ? undefined : readFieldWithParameters(written)
  // A multipart in a part would be a body that nobody looked at.
  if (written !== undefined && (!type || type.value.startsWith('multipart/'))) return undefined
  const said = fields.get('content-disposition')
  const disposition = said === undefined ? undefined : readFieldWithParameters(said)
  if (said !== undefined && !disposition) return undefined
  if (isForm && disposition?.value !== 'form-data') return undefined
  const parameters = disposition?.parameters ?? new Map<string, string>()
  // RFC 7578 §4.2: `filename*` is for other places; which of two names counts is each reader's choice.
  if ([...parameters.keys()].some((key) => key !== 'name' && key !== 'filename')) return undefined
  const name = parameters.get('name')
  if (isForm && name === undefined) return undefined
  const fileName = parameters.get('filename')
  return {
    name: name ?? '',
    ...(fileName === undefined ? {} : { fileName }),
    ...(type === undefined ? {} : { type: type.value }),
    bytes,
  }
}
