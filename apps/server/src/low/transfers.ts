/**
 * ファイルを渡す: the routes of the low side.
 */
import { STEPS } from '@sekisho/core'
import type { CrossingState } from '@sekisho/core'
import type { TransferRow } from '@sekisho/store'
import type { NewTransfer, Transfer } from '../api.ts'
import { CHUNK_MAX } from '../host/me.ts'
import { readBody, readBytes, refuse } from '../host/web.ts'
import type { Web, WebContext } from '../host/web.ts'
import { FILE_NAME, ID, NAME_MAX, PURPOSE_MAX, SIZE_MAX, readState } from '../link/messages.ts'
import { fromJson, list, shape, text, whole } from '../shape.ts'
import { OPEN_MAX, offersOf, outcomeOf, stepOf } from './spool.ts'
import type { AgainWish, Spool } from './spool.ts'

/** How long a cancellation waits for the other side before it answers, ms. */
const CANCEL_WAIT_MS = 5000

const newTransfer = shape<NewTransfer>({
  idempotencyKey: text(64, /^[A-Za-z0-9_-]{8,64}$/u),
  fileName: text(4096),
  size: whole(0, Number.MAX_SAFE_INTEGER),
  purpose: text(4096),
})

/** Longest password of a file, in UTF-16 units: Office takes 255. */
const PASSWORD_MAX = 255

const againWish = shape<AgainWish>(
  {
    idempotencyKey: text(64, /^[A-Za-z0-9_-]{8,64}$/u),
    password: text(PASSWORD_MAX, /^[^\u0000]+$/u),
  },
  ['password'],
)

export interface TransferOptions {
  readonly spool: Spool
  readonly maxBytes: number
  /** True while the other side was heard of lately. */
  readonly otherSideThere: () => boolean
}

export function addTransfers(app: Web, options: TransferOptions): void {
  const { spool } = options
  app.get('/api/transfers', async (context) => {
    const rows = await spool.list(context.get('who').account)
    return context.json({ transfers: rows.map((row) => transferOf(row, options)) })
  })
  app.post('/api/transfers', (context) => begin(context, options))
  app.get('/api/transfers/:id', async (context) => {
    const row = await ownRow(context, spool)
    return row ? context.json(transferOf(row, options)) : refuse(context, 404, 'NOT-FOUND')
  })
  app.patch('/api/transfers/:id', (context) => proceed(context, options))
  app.post('/api/transfers/:id/again', (context) => again(context, options))
  app.delete('/api/transfers/:id', async (context) => {
    const row = await ownRow(context, spool)
    if (!row) return refuse(context, 404, 'NOT-FOUND')
    const cancelled = await spool.cancel(row.id, CANCEL_WAIT_MS)
    if (cancelled.ok) return context.json(transferOf(cancelled.row, options))
    return refuse(context, 409, 'TRANSFER-ENDED', { file: row.file_name, number: row.number })
  })
}

async function begin(context: WebContext, options: TransferOptions): Promise<Response> {
  const wanted = await readBody(context, newTransfer)
  if (!wanted) return refuse(context, 400, 'BODY-INVALID')
  const { fileName: file, size, purpose } = wanted
  const max = Math.floor(options.maxBytes / 1_048_576)
  if (file.length > NAME_MAX || !FILE_NAME.test(file)) return refuse(context, 400, 'FILE-NAME')
  if (size === 0) return refuse(context, 400, 'FILE-EMPTY', { file })
  if (size > options.maxBytes || size > SIZE_MAX)
    return refuse(context, 413, 'FILE-TOO-LARGE', { file, max })
  if (purpose.trim() === '' || purpose.length > PURPOSE_MAX)
    return refuse(context, 400, 'PURPOSE-MISSING')
  const who = context.get('who')
  const begun = await options.spool.begin({ account: who.account, person: who.person.id }, wanted)
  if (begun.ok) return context.json(transferOf(begun.row, options))
  return refuse(context, 409, begun.reason, { file, max: OPEN_MAX })
}

async function proceed(context: WebContext, options: TransferOptions): Promise<Response> {
  const row = await ownRow(context, options.spool)
  if (!row) return refuse(context, 404, 'NOT-FOUND')
  const header = context.req.header('upload-offset') ?? ''
  if (!/^[0-9]{1,10}$/u.test(header)) return refuse(context, 400, 'BODY-INVALID')
  const bytes = await readBytes(context, CHUNK_MAX)
  if (!bytes) return refuse(context, 413, 'BODY-TOO-LARGE')
  const continued = await options.spool.continue(row.id, Number(header), bytes)
  if (continued.ok) return context.json(transferOf(continued.row, options))
  const body = await refuse(context, 409, continued.reason, { file: row.file_name }).json()
  return context.json({ ...body, offset: continued.offset }, 409)
}

/** Tries a refused file once more: with its password, or as pictures. */
async function again(context: WebContext, options: TransferOptions): Promise<Response> {
  const row = await ownRow(context, options.spool)
  if (!row) return refuse(context, 404, 'NOT-FOUND')
  const wish = await readBody(context, againWish)
  if (!wish) return refuse(context, 400, 'BODY-INVALID')
  const who = context.get('who')
  const repeated = await options.spool.again(
    { account: who.account, person: who.person.id },
    row.id,
    wish,
  )
  if (repeated.ok) return context.json(transferOf(repeated.row, options))
  return refuse(context, 409, repeated.reason, { file: row.file_name, max: OPEN_MAX })
}

/** A transfer of somebody else does not exist. */
async function ownRow(context: WebContext, spool: Spool): Promise<TransferRow | undefined> {
  const id = context.req.param('id') ?? ''
  const row = ID.test(id) ? await spool.find(id) : undefined
  return row?.account === context.get('who').account ? row : undefined
}

function transferOf(row: TransferRow, options: TransferOptions): Transfer {
  const shown = fromJson(
    JSON.stringify({
      state: row.state === 'receiving' ? 'received' : row.state,
      step: row.step,
      removed: JSON.parse(row.removed),
      ...(row.problem === null ? {} : { problem: JSON.parse(row.problem) }),
    }),
    readState,
  )
  const state: CrossingState =
    row.state === 'receiving' ? 'receiving' : (shown?.state ?? 'received')
  const removed = list(text(200), 200)
  return {
    id: row.id,
    number: row.number,
    fileName: row.file_name,
    size: row.size,
    offset: row.received,
    purpose: row.purpose,
    state,
    step: stepOf(row, STEPS),
    createdAt: row.created_at,
    ...(row.finished_at === null ? {} : { finishedAt: row.finished_at }),
    ...(shown?.problem ? { problem: shown.problem } : {}),
    removed: fromJson(row.removed, removed) ?? [],
    offers: offersOf(row),
    outcome: outcomeOf(row),
    ...(row.again_of === '' ? {} : { again: row.again_of }),
    waitingForOtherSide:
      row.finished_at === null &&
      row.state !== 'receiving' &&
      (row.taken_up === 0 || !options.otherSideThere()),
  }
}
