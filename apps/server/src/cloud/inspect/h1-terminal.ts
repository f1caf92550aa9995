/** HTTP/1.1 with a terminal, inside TLS: heads and bodies in their strict form, one request after another. */
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { INSIDE_HEAD, fieldOf, readHead, fieldValues } from '@sekisho/gates/web'
import type { Field, HeadFault, RequestHead } from '@sekisho/gates/web'
import { FirstBytes } from '../first-bytes.ts'
import { H1Body, framingOf } from './h1-body.ts'
import { hasNoBody } from './inner.ts'
import type { Answer, InnerRequest, Reply } from './inner.ts'
import { writeAll } from './write-all.ts'

export interface H1Options {
  /** Milliseconds without a byte. */
  readonly idleMs: number
  readonly answer: Answer
  /** What a head is told that could not be read. */
  readonly fault: (fault: HeadFault) => Promise<Reply>
}

/** Bytes and milliseconds in which a terminal whose body nobody wants may come to its end, so that it reads why (RFC 9112 9.6). */
const LINGER = { bytes: 16_777_216, ms: 3_000 }
/** More than a head, so that the next request may begin in the same read. */
const HELD_MAX = INSIDE_HEAD.bytes * 2
/** A head that is not complete after this is not one. */
const HEAD_MS = 30_000

/** Serves the connection to its end. */
export async function speakH1(terminal: Socket, options: H1Options): Promise<void> {
  const first = new FirstBytes(terminal, HELD_MAX)
  for (;;) {
    const begun = await first.until((held) => held.length > 0 || undefined, options.idleMs)
    if (begun !== true) return end(terminal)
    const read = await first.until((held) => {
      const reading = readHead(held, INSIDE_HEAD)
      return reading.kind === 'more' ? undefined : reading
    }, HEAD_MS)
    if (typeof read === 'string') return void terminal.destroy()
    const fault = read.kind === 'fault' ? read.fault : faultOf(read.head)
    if (fault !== undefined || read.kind === 'fault')
      return part(terminal, first, await options.fault(fault ?? 'HEAD-LINE'))
    first.take(read.length)
    if (!(await serve(terminal, first, read.head, options))) return
  }
}

/** What a head to an origin may not be (RFC 9112 3.2): the name stands in Host, and the form is that of a path. */
function faultOf(head: RequestHead): HeadFault | undefined {
  if (head.method !== 'CONNECT' && !/^(?:\/[^#\\]*|\*)$/u.test(head.target)) return 'HEAD-LINE'
  return framingOf(head) ? undefined : 'HEAD-BODY'
}

/** @returns whether another request may come */
async function serve(
  terminal: Socket,
  first: FirstBytes,
  head: RequestHead,
  { idleMs, answer }: H1Options,
): Promise<boolean> {
  const waits = fieldOf(head, 'expect')?.toLowerCase() === '100-continue'
  const body = new H1Body(first, framingOf(head)!, idleMs, () => {
    // Only now can its bytes be decided; before that the terminal keeps them.
    if (waits) terminal.write('HTTP/1.1 100 Continue\r\n\r\n')
  })
  const reply = await answer(requestOf(head, body, () => terminal.destroyed))
  if (reply.join) {
    terminal.write(headText(reply, []))
    await reply.join(terminal, first.end())
    return false
  }
  const asked = fieldValues(head.fields, 'connection').join(',').toLowerCase()
  const stays = body.ended && head.version === '1.1' && !/\bclose\b/u.test(asked)
  const how = { method: head.method, stays, chunks: head.version === '1.1' }
  if (!body.ended && !(waits && !body.begun)) {
    await part(terminal, first, reply, how)
    return false
  }
  const whole = await write(terminal, reply, how)
  if (stays && whole) return true
  if (whole) await end(terminal)
  else terminal.destroy()
  return false
}

function requestOf(
  { method, target, fields }: RequestHead,
  body: H1Body,
  gone: InnerRequest['gone'],
): InnerRequest {
  const upgrade = fieldValues(fields, 'upgrade').join(',').toLowerCase()
  return {
    version: 'h1',
    method,
    path: target,
    hosts: fieldValues(fields, 'host'),
    headers: fields,
    body,
    gone,
    ...(upgrade !== '' && { upgrade }),
  }
}

/** Answers, ends, and lets what is still coming come: a terminal that is cut off while it sends never reads why. */
async function part(
  terminal: Socket,
  first: FirstBytes,
  reply: Reply,
  how: Manner = { method: 'GET', stays: false, chunks: false },
): Promise<void> {
  if (!(await write(terminal, reply, how))) return void terminal.destroy()
  await end(terminal)
  let left = LINGER.bytes
  await first.until((held) => {
    left -= held.length
    first.take(held.length)
    return left < 0 || undefined
  }, LINGER.ms)
  terminal.destroy()
}

/** Resolves when all that was written is with the kernel: whoever takes the connection away before that takes the answer away. */
function end(terminal: Socket): Promise<void> {
  if (terminal.destroyed) return Promise.resolve()
  return new Promise((resolve) => void terminal.once('close', resolve).end(resolve))
}

interface Manner {
  readonly method: string
  /** Another request may come on the connection. */
  readonly stays: boolean
  /** The terminal reads chunks. */
  readonly chunks: boolean
}

/** @returns whether all of it could be written, as long as was said */
async function write(terminal: Socket, reply: Reply, how: Manner): Promise<boolean> {
  const { status, headers, body } = reply
  const bare = hasNoBody(how.method, status)
  const length = lengthOf(headers)
  const chunked = !bare && body !== undefined && length === undefined && how.chunks
  const more: Field[] = [['connection', how.stays ? 'keep-alive' : 'close']]
  if (chunked) more.push(['transfer-encoding', 'chunked'])
  if (!bare && body === undefined && length === undefined) more.push(['content-length', '0'])
  terminal.write(headText({ status, headers }, more))
  if (bare || !body) return true
  try {
    const pieces = chunked ? inChunks(body) : exactly(body, length)
    await writeAll(terminal, pieces)
    return true
  } catch {
    return false
  }
}

function lengthOf(headers: readonly Field[]): number | undefined {
  const [length, ...others] = fieldValues(headers, 'content-length')
  return length !== undefined && others.length === 0 && /^\d{1,15}$/u.test(length)
    ? Number(length)
    : undefined
}

async function* inChunks(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of body) {
    if (piece.length === 0) continue
    yield Buffer.from(`${piece.length.toString(16)}\r\n`)
    yield piece
    yield Buffer.from('\r\n')
  }
  yield Buffer.from('0\r\n\r\n')
}

/** One byte more than was said would be the beginning of the next answer. */
async function* exactly(
  body: AsyncIterable<Uint8Array>,
  length: number | undefined,
): AsyncGenerator<Uint8Array> {
  let sent = 0
  for await (const piece of body) {
    sent += piece.length
    if (length !== undefined && sent > length) throw new Error('an answer longer than it said')
    yield piece
  }
  if (length !== undefined && sent < length) throw new Error('an answer shorter than it said')
}

function headText(
  { status, headers }: Pick<Reply, 'status' | 'headers'>,
  more: readonly Field[],
): string {
  const lines = [...headers, ...more].map(([name, value]) => {
    // oxlint-disable-next-line no-control-regex -- a line end here would write an answer of its own
    if (/[\r\n\u0000]/u.test(name + value)) throw new Error('a field with a line end')
    return `${name}: ${value}\r\n`
  })
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n`
}
