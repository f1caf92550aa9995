/**
 * HTTP/2 with a terminal, inside TLS. Frames, header compression and the grammar of fields are nghttp2's; what it lets through that we do not take is looked at here.
 */
import { once } from 'node:events'
import { constants, performServerHandshake } from 'node:http2'
import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerHttp2Stream } from 'node:http2'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { TLSSocket } from 'node:tls'
import { INSIDE_HEAD, fieldValues } from '@sekisho/gates/web'
import type { Field } from '@sekisho/gates/web'
import { UnreadableBody, hasNoBody } from './inner.ts'
import type { Answer, InnerRequest } from './inner.ts'

/** Bytes that may be on their way on one stream, and on a connection: the default of 64 KiB is a hundred round trips for a photograph. */
export const WINDOW = { stream: 1_048_576, connection: 4_194_304 }
/** Streams of one terminal at a time; browsers open fewer. */
const STREAMS = 128

/** Serves the connection to its end. */
export async function speakH2(terminal: TLSSocket, answer: Answer): Promise<void> {
  const session = performServerHandshake(terminal, {
    // Extended CONNECT (RFC 8441) stays off: a WebSocket inside HTTP/2 would be a tunnel in a stream.
    settings: {
      enableConnectProtocol: false,
      initialWindowSize: WINDOW.stream,
      maxConcurrentStreams: STREAMS,
      maxHeaderListSize: INSIDE_HEAD.bytes,
    },
    maxHeaderListPairs: INSIDE_HEAD.fields,
    maxSessionMemory: 32,
  })
  session.on('error', () => undefined)
  // Nobody ends one half of HTTP/2 and waits in the other: the terminal is gone, and what it had not finished is not sent.
  terminal.once('end', () => session.destroy())
  session.on('connect', () => session.setLocalWindowSize(WINDOW.connection))
  session.on('stream', (stream, headers, _flags, raw) => {
    stream.on('error', () => undefined)
    void serve(stream, headers, raw, answer).catch(() =>
      stream.close(constants.NGHTTP2_INTERNAL_ERROR),
    )
  })
  if (!session.destroyed) await once(session, 'close').catch(() => undefined)
}

async function serve(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  raw: readonly string[],
  answer: Answer,
): Promise<void> {
  const method = String(headers[':method'] ?? '')
  const reply = await answer(requestOf(stream, method, raw))
  if (stream.destroyed) return
  const { status, headers: fields, body } = reply
  const bare = hasNoBody(method, status) || body === undefined
  stream.respond({ ...asObject(fields), ':status': status }, { endStream: bare })
  if (!bare)
    await pipeline(Readable.from(body, { objectMode: false }), stream).catch(() => undefined)
  // A body that nobody wanted: the terminal need not send the rest (RFC 9113 8.1).
  if (!stream.readableEnded) stream.close(constants.NGHTTP2_NO_ERROR)
}

function requestOf(
  stream: ServerHttp2Stream,
  method: string,
  raw: readonly string[],
): InnerRequest {
  const fields = pairsOf(raw)
  const [path = ''] = fieldValues(fields, ':path')
  return {
    version: 'h2',
    method,
    path,
    // A request in clear has no place in here, and neither has one without a path.
    hosts: isOrdinary(fields, path)
      ? [...fieldValues(fields, ':authority'), ...fieldValues(fields, 'host')]
      : [],
    headers: withOneCookie(fields.filter(([name]) => !name.startsWith(':'))),
    body: bodyOf(stream),
    gone: () => stream.closed || stream.destroyed,
  }
}

const isOrdinary = (fields: readonly Field[], path: string): boolean =>
  fieldValues(fields, ':scheme').join() === 'https' && /^(?:\/[^#\\]*|\*)$/u.test(path)

async function* bodyOf(stream: ServerHttp2Stream): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of stream.iterator({ destroyOnReturn: false })) yield piece as Buffer
  } catch {
    throw new UnreadableBody('the stream broke off')
  }
}

function pairsOf(raw: readonly string[]): readonly Field[] {
  return Array.from({ length: raw.length / 2 }, (_, nth): Field => [
    raw[nth * 2]!,
    raw[nth * 2 + 1]!,
  ])
}

/** HTTP/2 cuts cookies into crumbs (RFC 9113 8.2.3); elsewhere they are one field. */
function withOneCookie(fields: readonly Field[]): readonly Field[] {
  const crumbs = fieldValues(fields, 'cookie')
  if (crumbs.length < 2) return fields
  return [...fields.filter(([name]) => name !== 'cookie'), ['cookie', crumbs.join('; ')]]
}

/** As Node takes fields; those that are there more than once as a list. */
export function asObject(fields: readonly Field[]): OutgoingHttpHeaders {
  return Object.fromEntries(
    [...Map.groupBy(fields, ([name]) => name)].map(([name, same]) => {
      const values = same.map(([, value]) => value)
      return [
        name,
        values.length === 1 ? values[0] : name === 'set-cookie' ? values : values.join(', '),
      ]
    }),
  )
}
