/**
 * The pages of the gate itself: why something was not let out, for the terminal it was not let out for. A browser that asked for a tunnel shows a page of its own and hides what the gate said, so
 * the gate says it once more where it can be opened.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  oneRefusalHtml,
  refusalsHtml,
  toldRefusal,
  unknownHtml,
  wantsJson,
} from '@sekisho/gates/web'
import type { Gatekeeper, LatestRefusal, LatestRefusals } from '@sekisho/gates/web'
import { certificateOf } from './asked.ts'
import type { TellsMore } from './tunnel.ts'

export interface OwnPagesOptions {
  readonly identify: Gatekeeper['identify']
  readonly latest: LatestRefusals
  readonly more: TellsMore
  /** Host names under which the gate is opened; any other is another site's name that leads here (DNS rebinding). */
  readonly names: readonly string[]
  /** People say who they are by name and password. */
  readonly passwords: boolean
}

const SIGN_IN = '/who'
const ONE = /^\/refused\/(W-[0-9A-F]{1,12}-[0-9]{1,15})$/u

/** @returns what serves a request, and resolves to false for what is no page of the gate */
export function ownPages(options: OwnPagesOptions) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    const { url = '', method } = request
    const number = ONE.exec(url)?.[1]
    if (!['/', SIGN_IN].includes(url) && number === undefined) return false
    if ((method !== 'GET' && method !== 'HEAD') || !isOwn(request, options.names)) return false
    const person = await personAt(request, options)
    if (url === SIGN_IN) signIn(response, person)
    else show(request, response, { person, number }, options)
    return true
  }
}

/** Nobody is asked for a password before they want to see more. */
function signIn(response: ServerResponse, person: string | undefined): void {
  response.writeHead(person === undefined ? 401 : 303, {
    ...(person === undefined
      ? { 'www-authenticate': 'Basic realm="sekisho", charset="UTF-8"' }
      : { location: '/' }),
    'cache-control': 'no-store',
    connection: 'close',
  })
  response.end()
}

interface Wanted {
  readonly person: string | undefined
  readonly number: string | undefined
}

function show(
  request: IncomingMessage,
  response: ServerResponse,
  { person, number }: Wanted,
  options: OwnPagesOptions,
): void {
  const all = options.latest.of(request.socket.remoteAddress ?? '', person)
  const told = all
    .filter(({ entry }) => number === undefined || entry.number === number)
    .map((one) => toldOf(one, options))
  if (wantsJson(request.headers.accept)) return sendJson(response, told, number)
  const [first] = told
  if (number !== undefined)
    return first
      ? send(response, 200, oneRefusalHtml(first))
      : send(response, 404, unknownHtml(number))
  const reader = { known: person !== undefined, ...(options.passwords && { signIn: SIGN_IN }) }
  send(response, 200, refusalsHtml(told, reader))
}

async function personAt(
  request: IncomingMessage,
  { identify }: OwnPagesOptions,
): Promise<string | undefined> {
  const client = await identify({
    from: request.socket.remoteAddress ?? '',
    credentials: request.headers.authorization,
    certificate: certificateOf(request.socket),
  })
  return 'result' in client ? undefined : client.id
}

function isOwn({ headers, socket }: IncomingMessage, names: readonly string[]): boolean {
  const host = (headers.host ?? '').toLowerCase().replace(/:\d{1,5}$/u, '')
  const bare = host.replace(/^\[(.+)\]$/u, '$1')
  return [...names, socket.localAddress ?? ''].some((name) => name.toLowerCase() === bare)
}

function toldOf({ at, entry, refused }: LatestRefusal, { more }: OwnPagesOptions) {
  const { number, reason, target, client, department, from, service } = entry
  const why = refused ?? { result: 'refuse', reason, service }
  const asked = { client: { id: client, department }, from, target, host: undefined }
  return toldRefusal(why, number, { ...more(why, number, asked), at: CLOCK.format(at) })
}

const CLOCK = new Intl.DateTimeFormat('ja-JP', {
  timeZone: 'Asia/Tokyo',
  month: 'long',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
})

function send(
  response: ServerResponse,
  status: number,
  { headers, body }: ReturnType<typeof unknownHtml>,
): void {
  response.writeHead(status, { ...headers, connection: 'close' })
  response.end(body)
}

function sendJson(
  response: ServerResponse,
  refusals: readonly object[],
  number: string | undefined,
): void {
  const found = number === undefined || refusals.length > 0
  response.writeHead(found ? 200 : 404, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  })
  response.end(`${JSON.stringify({ sekisho: '1', kind: 'CloudRefusals', refusals })}\n`)
}
