/**
 * What both web sides have in common: who may ask, in which form, and what every answer carries.
 */
import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import type { Context, MiddlewareHandler } from 'hono'
import { SekishoError } from '@sekisho/core'
import type { Me, Problem } from '../api.ts'
import { fromJson } from '../shape.ts'
import type { Check } from '../shape.ts'
import { ADDRESS_HEADER } from './accounts.ts'
import type { Accounts, SignedIn } from './accounts.ts'
import { problem } from './problem.ts'
import type { Fill, Reason } from './problem.ts'
import type { Screen } from './screen.ts'

/** Largest JSON body a page sends, bytes. */
export const JSON_MAX = 64 * 1024

export interface WebOptions {
  readonly side: 'low' | 'high'
  readonly accounts: Accounts
  /** Where people reach this side; its first entry is the one that is printed. */
  readonly origins: readonly string[]
  readonly screen: Screen
  /** What `/healthz` tells beside its status. */
  readonly health: () => Record<string, string | number | boolean>
  readonly me: (who: SignedIn) => Me
  /** Makes an event durable before its effect. */
  readonly record: (
    kind: 'sign-in-failed' | 'sign-out',
    actor: string,
    detail: Record<string, string>,
  ) => Promise<void>
}

export interface WebEnv {
  Bindings: HttpBindings
  Variables: { who: SignedIn }
}
export type WebContext = Context<WebEnv>
export type Web = Hono<WebEnv>

/** The base of a side: health, sign-in, who I am, the screen. Routes of the side are added by `add`. */
export function createWeb(options: WebOptions, add: (app: Web) => void): Web {
  const app: Web = new Hono<WebEnv>()
  app.onError((error, context) => fault(context, error))
  app.use(headers)
  app.get('/healthz', (context) =>
    context.json({ status: 'ok', side: options.side, ...options.health() }),
  )
  app.use(sameHost(options.origins))
  app.use('/api/*', sameOrigin(options.origins))
  signIn(app, options)
  app.use('/api/*', signedIn(options.accounts))
  app.get('/api/me', (context) => context.json(options.me(context.get('who'))))
  add(app)
  app.all('/api/*', (context) => refuse(context, 404, 'NOT-FOUND'))
  app.get('*', (context) => options.screen(context))
  app.notFound((context) => refuse(context, 404, 'NOT-FOUND'))
  return app
}

type Refused = 400 | 401 | 403 | 404 | 409 | 410 | 413 | 421 | 429 | 500 | 503 | 507

/** An error body is always a Problem. */
export function refuse(context: Context, status: Refused, reason: Reason, fill?: Fill): Response {
  return context.json(problem(reason, fill) satisfies Problem, status)
}

/** A body checked against its form, or `undefined`: too large, no JSON, or not of that form. */
export async function readBody<T>(context: Context, check: Check<T>): Promise<T | undefined> {
  const type = context.req.header('content-type') ?? ''
  if (!/^application\/json(?:;|$)/u.test(type)) return undefined
  const bytes = await readBytes(context, JSON_MAX)
  return bytes && fromJson(bytes.toString('utf8'), check)
}

/** The bytes of a body, or `undefined` when there are more than `max`: reading stops there. */
export async function readBytes(context: Context, max: number): Promise<Buffer | undefined> {
  if (Number(context.req.header('content-length') ?? 0) > max) return undefined
  const chunks: Uint8Array[] = []
  let length = 0
  const reader = context.req.raw.body?.getReader()
  if (!reader) return Buffer.alloc(0)
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return Buffer.concat(chunks)
    length += value.length
    if (length > max) {
      await reader.cancel()
      return undefined
    }
    chunks.push(value)
  }
}

/** No stack trace, no message of a library: four lines. */
function fault(context: Context, error: Error): Response {
  const code = error instanceof SekishoError ? error.code : 'BUG'
  if (code === 'STORE_FULL') return refuse(context, 507, 'STORE-FULL')
  if (code === 'STORE_UNAVAILABLE' || code === 'LINK_DOWN' || code === 'TIMEOUT')
    return refuse(context, 503, 'TRY-LATER')
  if (code === 'NOT_FOUND') return refuse(context, 404, 'NOT-FOUND')
  process.stderr.write(`${new Date().toISOString()} ${code} ${error.stack ?? error.message}\n`)
  return refuse(context, 500, 'SERVER-FAULT')
}

/**
 * Nothing but ourselves runs in the page, frames it, or is told where it was. pdf.js needs WebAssembly for some
 * pictures in PDF files.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

const headers: MiddlewareHandler<WebEnv> = async (context, next) => {
  await next()
  const set = context.res.headers
  set.set('content-security-policy', POLICY)
  set.set('x-content-type-options', 'nosniff')
  set.set('x-frame-options', 'DENY')
  set.set('referrer-policy', 'no-referrer')
  set.set('cross-origin-opener-policy', 'same-origin')
  set.set('cross-origin-resource-policy', 'same-origin')
  set.set('permissions-policy', 'camera=(), microphone=(), geolocation=(), usb=()')
  if (!set.has('cache-control')) set.set('cache-control', 'no-store')
}

/** Against DNS rebinding: a page of another name that resolves to us is not us. */
function sameHost(origins: readonly string[]): MiddlewareHandler<WebEnv> {
  const hosts = new Set(origins.map((origin) => new URL(origin).host))
  return async (context, next) => {
    if (!hosts.has(context.req.header('host') ?? '')) return refuse(context, 421, 'OTHER-HOST')
    await next()
    return undefined
  }
}

/** Against requests that another site has the browser make: whatever changes something must come from our page. */
function sameOrigin(origins: readonly string[]): MiddlewareHandler<WebEnv> {
  return async (context, next) => {
    const { method } = context.req
    const origin = context.req.header('origin')
    const site = context.req.header('sec-fetch-site')
    const reads = method === 'GET' || method === 'HEAD'
    const ours = origin === undefined ? site === 'same-origin' : origins.includes(origin)
    if (!reads && !ours) return refuse(context, 403, 'OTHER-ORIGIN')
    // A top-level visit may come from anywhere; a script of another site may not even read.
    if (reads && site === 'cross-site' && context.req.header('sec-fetch-mode') !== 'navigate')
      return refuse(context, 403, 'OTHER-ORIGIN')
    await next()
    return undefined
  }
}

function signedIn(accounts: Accounts): MiddlewareHandler<WebEnv> {
  return async (context, next) => {
    const who = await accounts.whoIs(context.req.raw.headers)
    if (!who) return refuse(context, 401, 'NOT-SIGNED-IN')
    context.set('who', who)
    await next()
    return undefined
  }
}

/** Sign-in routes of the library that exist here; there are many more, and all others do not. */
const AUTH_ROUTES: ReadonlySet<string> = new Set([
  'POST /sign-in/email',
  'POST /two-factor/verify-totp',
  'POST /sign-out',
  'GET /get-session',
  'GET /passkey/generate-authenticate-options',
  'POST /passkey/verify-authentication',
  'GET /passkey/generate-register-options',
  'POST /passkey/verify-registration',
  'GET /passkey/list-user-passkeys',
  'POST /passkey/delete-passkey',
  'POST /sign-in/social',
  'POST /sign-in/oauth2',
])
/** The way back from an identity provider. */
const CALLBACK = /^GET \/(?:oauth2\/)?callback\/[a-z0-9-]{1,40}$/u

/** Routes on which an attempt that does not succeed is put on record. */
const ATTEMPTS: ReadonlySet<string> = new Set([
  '/sign-in/email',
  '/two-factor/verify-totp',
  '/passkey/verify-authentication',
])

function signIn(app: Web, options: WebOptions): void {
  app.all('/api/auth/*', async (context) => {
    const path = context.req.path.slice('/api/auth'.length)
    const route = `${context.req.method} ${path}`
    if (!AUTH_ROUTES.has(route) && !CALLBACK.test(route)) return refuse(context, 404, 'NOT-FOUND')
    const body = await readBytes(context, JSON_MAX)
    if (!body) return refuse(context, 413, 'BODY-TOO-LARGE')
    if (path === '/sign-out') await recordSignOut(context, options)
    const answer = await options.accounts.handle(withAddress(context, body))
    if (answer.status < 400) return answer
    if (ATTEMPTS.has(path) && answer.status !== 429) await recordAttempt(path, body, options)
    return asProblem(context, answer)
  })
}

/** The request as the library sees it: with the address of the socket, whatever the client claims. */
function withAddress(context: WebContext, body: Buffer): Request {
  const copy = new Headers(context.req.raw.headers)
  copy.set(ADDRESS_HEADER, context.env.incoming.socket.remoteAddress ?? '')
  return new Request(context.req.url, {
    method: context.req.method,
    headers: copy,
    ...(body.length > 0 ? { body: new Uint8Array(body) } : {}),
  })
}

async function recordSignOut(context: WebContext, options: WebOptions): Promise<void> {
  const who = await options.accounts.whoIs(context.req.raw.headers)
  if (who) await options.record('sign-out', who.person.id, {})
}

/** People type passwords into the wrong field: what was typed is never recorded, only whose account it is, if any. */
async function recordAttempt(path: string, body: Buffer, options: WebOptions): Promise<void> {
  const email = fromJson(body.toString('utf8'), (value) =>
    typeof value === 'object' &&
    value !== null &&
    'email' in value &&
    typeof value.email === 'string'
      ? value.email
      : undefined,
  )
  const person = email === undefined ? undefined : await options.accounts.personOf(email)
  await options.record('sign-in-failed', person ?? 'unknown', { route: path.slice(1) })
}

/** Keeps the status, cookies and code of the library; what people read is ours. */
async function asProblem(context: WebContext, answer: Response): Promise<Response> {
  const body: unknown = await answer.json().catch(() => undefined)
  const code =
    typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string'
      ? body.code.slice(0, 64)
      : ''
  const reason: Reason =
    answer.status === 429
      ? 'TOO-MANY-ATTEMPTS'
      : answer.status >= 500
        ? 'SERVER-FAULT'
        : 'SIGN-IN-REFUSED'
  const lines = problem(reason)
  const problemResponse = Response.json(
    { ...lines, code, message: lines.what },
    { status: answer.status },
  )
  for (const cookie of answer.headers.getSetCookie())
    problemResponse.headers.append('set-cookie', cookie)
  return context.newResponse(problemResponse.body, problemResponse)
}
