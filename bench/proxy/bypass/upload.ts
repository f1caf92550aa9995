/** The probes that send a body to a host which the proxy reads inside. What counts is bytes of bodies at the other end. */
import { bodyOf, headOf } from '../../../packages/gates/web/src/upload/uploads.test-support.ts'
import type { Upload, UploadProbe } from './cases.ts'
import type { Origin } from './origin.ts'
import { sayH1, sayH2 } from './terminal.ts'
import type { Result, Under } from './run.ts'

export async function runUpload(
  { group, id, upload, control, host }: UploadProbe & { readonly group: string },
  origin: Origin,
  proxy: Under,
): Promise<Result> {
  origin.arrived = []
  await send(control, host, proxy)
  if (origin.bodyBytes === 0) return { group, id, result: 'no-control', bytes: 0, answer: '' }
  origin.arrived = []
  const said = await send(upload, host, proxy)
  // A head carries as well: of what is refused not even that arrives.
  const bytes = origin.bodyBytes + origin.arrived.reduce((sum, one) => sum + one.path.length, 0)
  const [answer = ''] = said.split('\r\n')
  return { group, id, result: bytes === 0 ? 'held' : 'reached', bytes, answer }
}

/** @returns what came back; empty when the proxy did not even open the way */
async function send(upload: Upload, host: string, proxy: Under): Promise<string> {
  const { version } = upload
  const sent = { title: '', expect: { result: '' }, path: '/up', ...upload }
  const body = bodyOf(sent)
  const head = headOf(sent)
  const half = Math.ceil(body.length / 2)
  const pieces = [body.subarray(0, half), body.subarray(half)]
  if (version === 'h1')
    return sayH1(proxy, host, h1Of(upload, head, { host, pieces })).catch(() => '')
  const { method, path, headers } = head
  const fields = { ':method': method, ':path': path, ...Object.fromEntries(headers) }
  return sayH2(proxy, host, fields, pieces).catch(() => '')
}

function h1Of(
  { framing = 'length' }: Upload,
  { method, path, headers }: ReturnType<typeof headOf>,
  { host, pieces }: { readonly host: string; readonly pieces: readonly Buffer[] },
): readonly (string | Buffer)[] {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0)
  const lines = [
    `${method} ${path} HTTP/1.1`,
    `Host: ${host}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...FRAMINGS[framing].map((line) => line.replace('{length}', String(length))),
  ]
  const chunks =
    framing === 'chunked' || framing === 'both'
      ? [...pieces.flatMap((one) => [`${one.length.toString(16)}\r\n`, one, '\r\n']), '0\r\n\r\n']
      : pieces
  return [`${lines.join('\r\n')}\r\n\r\n`, ...chunks]
}

const FRAMINGS: Readonly<Record<NonNullable<Upload['framing']>, readonly string[]>> = {
  length: ['Content-Length: {length}', 'Connection: close'],
  chunked: ['Transfer-Encoding: chunked', 'Connection: close'],
  expect: ['Content-Length: {length}', 'Expect: 100-continue', 'Connection: close'],
  both: ['Content-Length: {length}', 'Transfer-Encoding: chunked', 'Connection: close'],
  upgrade: [
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ],
}
