import type { Context } from '../family.ts'
import { refuse } from '../family.ts'
import { fieldValue, readEntity } from './header.ts'
import type { Field } from './header.ts'
import { readParameters } from './parameters.ts'
import type { Parameterised } from './parameters.ts'
import { decodeTransfer } from './transfer.ts'

/** A part of a message (RFC 2045); the message itself is one. */
export interface Part {
  readonly fields: readonly Field[]
  /** e.g. `text/plain`, lower case. */
  readonly type: string
  readonly parameters: ReadonlyMap<string, string>
  readonly disposition: Parameterised
  /** Of a multipart. */
  readonly children: readonly Part[]
  /** Of a multipart: what is written before its first boundary line and behind its last, which no reader shows (RFC 2046 §5.1.1). */
  readonly preamble?: string
  readonly epilogue?: string
  /** As it stands there, a letter is a byte. */
  readonly raw: string
}

/** Multiparts in multiparts. */
const MAX_DEPTH = 10
/** Parts of one message. */
const MAX_PARTS = 2_000

/** Reads a message with all its parts. Refuses LIMIT-ENTRIES beyond the number of parts, M-PART beyond the depth. */
export function readMessage(raw: string, context: Context): Part {
  const reader = new PartReader(context)
  const message = reader.read(raw, 0, 'text/plain')
  context.spendEntries(reader.count)
  return message
}

const TYPE = /^[!-~]{1,60}\/[!-~]{1,100}$/

class PartReader {
  readonly #context: Context
  count = 0

  constructor(context: Context) {
    this.#context = context
  }

  read(raw: string, depth: number, defaultType: string): Part {
    if (++this.count > MAX_PARTS) refuse('LIMIT-ENTRIES')
    this.#context.checkTime()
    const { fields, body } = readEntity(raw)
    const { value, parameters } = readParameters(fieldValue(fields, 'content-type') ?? '')
    const type = TYPE.test(value) ? value : looseType(value, defaultType)
    const disposition = readParameters(fieldValue(fields, 'content-disposition') ?? '')
    const part = { fields, type, parameters, disposition, children: [], raw: body }
    if (!type.startsWith('multipart/')) return part
    if (depth >= MAX_DEPTH) refuse('M-PART')
    const found = split(body, parameters.get('boundary')?.trim()) ?? split(body, guessed(body))
    // Without its boundary a multipart is the text that people then see.
    if (!found) return { ...part, type: 'text/plain' }
    const { pieces, ...around } = found
    const inner = type === 'multipart/digest' ? 'message/rfc822' : 'text/plain'
    const children = pieces.map((piece) => this.read(piece, depth + 1, inner))
    return { ...part, ...around, children }
  }
}

/** What is no type says nothing: the part is plain text (RFC 2045 §5.2). Words behind a type are no part of it. */
function looseType(value: string, defaultType: string): string {
  if (value === 'html') return 'text/html'
  const [first = ''] = value.split(/[ \t]/, 1)
  if (first !== value && TYPE.test(first)) return first
  return value === '' || value === 'text/' ? defaultType : 'text/plain'
}

interface Pieces {
  /** Between the boundary lines; the last may end with the file. */
  readonly pieces: readonly string[]
  readonly preamble: string
  readonly epilogue: string
}

/** A body at its boundary lines. `undefined` when there is none. */
function split(body: string, boundary = ''): Pieces | undefined {
  if (boundary === '') return undefined
  const mark = `--${boundary}`
  const pieces: string[] = []
  let start = -1
  let preamble = ''
  let epilogue = ''
  for (let at = body.indexOf(mark); at >= 0; at = body.indexOf(mark, at + mark.length)) {
    const line =
      at === 0 || body.charAt(at - 1) === '\n' ? delimiter(body, at + mark.length) : undefined
    if (!line) continue
    if (start >= 0) pieces.push(withoutLineEnd(body.slice(start, at)))
    else preamble = body.slice(0, at)
    start = line.next
    if (line.last) {
      epilogue = body.slice(start)
      start = -1
      break
    }
  }
  if (start >= 0) pieces.push(body.slice(start))
  if (pieces.length === 0 && hasWordsBeside(body, mark)) return undefined
  return { pieces, preamble, epilogue }
}

/** A multipart without parts shows nothing, and what is written in it would be lost without a word. */
function hasWordsBeside(body: string, mark: string): boolean {
  return body.split('\n').some((line) => line.trim() !== '' && !line.startsWith(mark))
}

/** A part of the text and no copy of it, however long. */
function withoutLineEnd(text: string): string {
  if (!text.endsWith('\n')) return text
  return text.slice(0, text.endsWith('\r\n') ? -2 : -1)
}

/** Only white space may follow a boundary in its line: another boundary may begin with this one. */
function delimiter(body: string, at: number): { next: number; last: boolean } | undefined {
  const newline = body.indexOf('\n', at)
  const end = newline < 0 ? body.length : newline
  if (end - at > 200) return undefined
  const rest = body.slice(at, end)
  const found = /^(--)?[ \t\r]*$/.exec(rest)
  return found ? { next: end + 1, last: found[1] !== undefined } : undefined
}

/** Where the declared boundary is missing or wrong: the first line like one with a field of a part under it. The other reader does not guess. */
function guessed(body: string): string | undefined {
  return BOUNDARY_LINE.exec(body.slice(0, 4000))?.[1]
}

const BOUNDARY_LINE = /(?:^|\n)--([!-~](?:[ -~]{0,68}[!-~])?)[ \t]*\r?\ncontent-[a-z-]{1,40}:/i

/** The bytes of a part, its transfer encoding taken off. */
export function partBytes(part: Part, context: Context): Uint8Array {
  const bytes = decodeTransfer(part.raw, fieldValue(part.fields, 'content-transfer-encoding') ?? '')
  context.spend(bytes.length)
  return bytes
}

/** The name under which a part would be saved; empty when it has none. */
export function partName(part: Part): string {
  const name = part.disposition.parameters.get('filename') ?? part.parameters.get('name') ?? ''
  // Only the last piece of a path; Windows and others part folders differently.
  return name.replace(/^.*[\\/]/s, '').trim()
}

export function contentId(part: Part): string | undefined {
  const raw = fieldValue(part.fields, 'content-id')?.trim().replace(/^<|>$/g, '')
  return raw === undefined || raw === '' ? undefined : raw
}
