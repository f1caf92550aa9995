/**
 * The low side's end of the link: a listener that serves only the high side, known by its certificate, and can open
 * nothing.
 */
import { createServer } from 'node:https'
import type { Server } from 'node:https'
import { TLSSocket } from 'node:tls'
import { getRequestListener } from '@hono/node-server'
import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { SekishoError } from '@sekisho/core'
import type { TransferRow } from '@sekisho/store'
import { LINK_NAMES } from './certificates.ts'
import type { LinkCertificates } from './certificates.ts'
import { oneAtATime } from '../host/one-at-a-time.ts'
import { outcomeOf } from '../low/spool.ts'
import type { MailOutDesk } from '../low/mail-out.ts'
import type { Arrival, Spool } from '../low/spool.ts'
import { fromJson } from '../shape.ts'
import { linkMail, readMailWish, readPickUpWish } from './mail-messages.ts'
import type { MailWish, PickUpBegun, PickUpWish } from './mail-messages.ts'
import { addMailOut, isMailOut } from './mail-out-routes.ts'
import { ID, MESSAGE_MAX, linkItem, readCured, readPollRequest, readState } from './messages.ts'
import type { LinkCured, LinkEvent, LinkItem, PollAnswer } from './messages.ts'

/** What was made of a file, or of a mail with the files it brought. */
export interface Made {
  readonly cured: LinkCured
  readonly output?: Uint8Array
  readonly contents?: readonly Uint8Array[]
}

export interface ListenerOptions {
  readonly spool: Spool
  /** Random name of this spool. */
  readonly name: string
  /** SHA-256 of the model in force here. */
  readonly model: string
  /** Called each time the other side asks. */
  readonly heard: () => void
  /** Disarms in a sandbox. Called once per file. */
  readonly disarm: (
    bytes: Uint8Array,
    name: string,
    wish: { readonly outcome: 'rebuild' | 'flatten'; readonly password?: string },
  ) => Promise<Made>
  /** Mail to the internet; absent where the town lets none out. */
  readonly mailOut?: MailOutDesk
  /** Rebuilds a mail in a sandbox. Called once per mail. */
  readonly rebuild: (bytes: Uint8Array, wish: MailWish) => Promise<Made>
  readonly certificates: LinkCertificates
}

/** The listener, not yet listening. */
export function createLinkListener(options: ListenerOptions): Server {
  const { ca, cert, key } = options.certificates
  return createServer(
    { ca, cert, key, requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.3' },
    getRequestListener(routes(options).fetch),
  )
}

function routes(options: ListenerOptions): Hono<{ Bindings: HttpBindings }> {
  const { spool, name, model } = options
  const inTurn = oneAtATime()
  const app = new Hono<{ Bindings: HttpBindings }>()
  app.onError((error, context) => {
    const code = error instanceof SekishoError ? error.code : 'BUG'
    if (code === 'NOT_FOUND') return context.json({ reason: 'NOT-FOUND' }, 404)
    if (LATER.has(code)) return context.json({ reason: code }, 503)
    // Trying again would not help: the high side refuses the file.
    return context.json({ reason: code }, 422)
  })
  app.use(async (context, next) => {
    if (!isHigh(context.env)) return context.json({ reason: 'NOT-HIGH' }, 403)
    if (!isMailOut(context.req) && Number(context.req.header('content-length') ?? 0) > MESSAGE_MAX)
      return context.json({ reason: 'TOO-LARGE' }, 413)
    await next()
    return undefined
  })
  app.post('/poll', async (context) => {
    const poll = fromJson(await context.req.text(), readPollRequest)
    if (!poll) return context.json({ reason: 'MALFORMED' }, 400)
    options.heard()
    // Two sides that hold different towns do not work together.
    if (poll.model !== model) return context.json({ reason: 'MODEL-DIFFERS', model }, 409)
    // Numbers of another spool mean nothing here, and must not make us forget.
    const ours = poll.spool === name
    const news = await spool.news(
      ours ? poll.itemsAfter : 0,
      ours ? poll.eventsAfter : 0,
      poll.waitMs,
    )
    const items = news.items.map(itemOf).filter(isSound)
    const events = news.events.map(({ seq, event }) => ({ ...eventOf(event), seq }))
    return context.json({ spool: name, items, events } satisfies PollAnswer)
  })
  app.post('/items/:id/disarm', async (context) => {
    const id = context.req.param('id')
    const asked = await context.req.text()
    const wish = asked === '' ? undefined : fromJson(asked, readMailWish)
    if (asked !== '' && !wish) return context.json({ reason: 'MALFORMED' }, 400)
    const cured = ID.test(id) && (await inTurn(id, () => disarm(options, id, wish)))
    return cured ? context.json(cured) : context.json({ reason: 'NOT-FOUND' }, 404)
  })
  app.get('/items/:id/output', async (context) => {
    const id = context.req.param('id')
    const row = ID.test(id) ? await spool.find(id) : undefined
    const cured = row?.cured ? fromJson(row.cured, readCured) : undefined
    if (!cured || cured.size === 0) return context.json({ reason: 'NOT-FOUND' }, 404)
    context.header('content-length', String(cured.size))
    return context.body(streamOf(spool.output(id)))
  })
  app.post('/items/:id/pick-ups', async (context) => {
    const id = context.req.param('id')
    const wish = fromJson(await context.req.text(), readPickUpWish)
    if (!wish || !ID.test(id)) return context.json({ reason: 'MALFORMED' }, 400)
    const row = await pickUp(spool, id, wish)
    if (!row) return context.json({ reason: 'NOT-FOUND' }, 404)
    return context.json({ id: row.id, number: row.number } satisfies PickUpBegun)
  })
  app.put('/items/:id/state', async (context) => {
    const id = context.req.param('id')
    const shown = fromJson(await context.req.text(), readState)
    if (!shown || !ID.test(id)) return context.json({ reason: 'MALFORMED' }, 400)
    await spool.show(id, shown)
    return context.json({})
  })
  if (options.mailOut) addMailOut(app, options.mailOut)
  return app
}

/** Troubles of this machine, not of the file. */
const LATER: ReadonlySet<string> = new Set([
  'STORE_UNAVAILABLE',
  'STORE_FULL',
  'WORKER_FAILED',
  'TIMEOUT',
])

/** Chain and validity were checked in the handshake; this is the role. */
function isHigh({ incoming }: HttpBindings): boolean {
  const { socket } = incoming
  return (
    socket instanceof TLSSocket &&
    socket.authorized &&
    socket.getPeerCertificate().subjectaltname === `DNS:${LINK_NAMES.high}`
  )
}

/** Disarms once: asked again, it gives the first result. */
async function disarm(
  options: ListenerOptions,
  id: string,
  wish: MailWish | undefined,
): Promise<LinkCured | undefined> {
  const { spool } = options
  const row = await spool.find(id)
  if (!row || row.taken_up === 0 || row.finished_at !== null) return undefined
  if ((row.kind === 'mail') !== (wish !== undefined)) return undefined
  if (row.cured) return fromJson(row.cured, readCured)
  const bytes = await spool.original(id)
  const made = wish ? await options.rebuild(bytes, wish) : await disarmFile(options, row, bytes)
  const checked = readCured(made.cured)
  if (!checked) throw new SekishoError('BUG', 'a result of no known form')
  await spool.keepCured(id, checked, made.output, made.contents)
  return checked
}

async function disarmFile(
  { spool, disarm: ask }: ListenerOptions,
  row: TransferRow,
  bytes: Uint8Array,
): Promise<Made> {
  const password = await spool.password(row.id)
  const wish = {
    outcome: outcomeOf(row),
    ...(password === undefined ? {} : { password }),
  }
  return ask(bytes, row.file_name, wish)
}

/** An ordinary transfer of a file that a mail brought, given by the person who asks for it. */
async function pickUp(
  spool: Spool,
  mail: string,
  { key, part, person, purpose, password }: PickUpWish,
): Promise<TransferRow | undefined> {
  const found = await spool.part(mail, part)
  if (!found || found.size === 0) return undefined
  const arrival: Arrival = {
    account: '@pick-up',
    key,
    person,
    kind: 'file',
    fileName: found.file_name,
    purpose,
    size: found.size,
    receivedAt: new Date().toISOString(),
    mail: '',
    ...(password === undefined ? {} : { password }),
  }
  return spool.take(arrival, () => spool.partContent(found.id))
}

function streamOf(chunks: AsyncGenerator<Buffer>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await chunks.next()
      if (done) controller.close()
      else controller.enqueue(new Uint8Array(value))
    },
    async cancel() {
      await chunks.return(undefined)
    },
  })
}

/** One that has not the form would make the other side take none of them. It is our own mistake, and said. */
function isSound(item: LinkItem): boolean {
  if (linkItem(item)) return true
  process.stderr.write(`${new Date().toISOString()} BUG ${item.number} has no form for the link\n`)
  return false
}

function itemOf(row: TransferRow): LinkItem {
  const mail = row.kind === 'mail' ? fromJson(row.mail, linkMail) : undefined
  return {
    id: row.id,
    kind: mail ? 'mail' : 'file',
    ...(mail ? { mail } : {}),
    number: row.number,
    person: row.person,
    fileName: row.file_name,
    size: row.size,
    purpose: row.purpose,
    inputSha256: row.input_sha256 ?? '',
    receivedAt: row.created_at,
    outcome: outcomeOf(row),
    again: row.again_of,
    cancelRequested: row.cancel_requested === 1,
    version: row.version,
  }
}

function eventOf(text: string): Omit<LinkEvent, 'seq'> {
  const event: Omit<LinkEvent, 'seq'> = JSON.parse(text)
  return event
}
