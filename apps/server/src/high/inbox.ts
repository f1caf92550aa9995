/**
 * 受け取る: what arrived for me, what is on the way, and what did not arrive.
 */
import type { MacroException } from '@sekisho/core'
import { changesOf } from '@sekisho/gates/file'
import {
  findCrossing,
  findDelivery,
  listCrossingsOf,
  listDeliveriesOf,
  markTaken,
} from '@sekisho/store'
import type { Blobs, HighTables, InboxRow, Store } from '@sekisho/store'
import type { Progress } from '@sekisho/passage'
import type { InboxItem } from '../api.ts'
import { refuse } from '../host/web.ts'
import type { Web, WebContext } from '../host/web.ts'
import { ID } from '../link/messages.ts'
import { problemOf, progressOf } from './crossings.ts'
import type { Crossings } from './crossings.ts'

const LIST_MAX = 200

export interface InboxOptions {
  /** Macros that may stay, as the town lists them. */
  readonly macros: readonly MacroException[]
  readonly store: Store<HighTables>
  readonly blobs: Blobs
  readonly crossings: Crossings
}

export function addInbox(app: Web, options: InboxOptions): void {
  app.get('/api/inbox', async (context) => {
    const { db } = options.store
    const person = context.get('who').person.id
    const deliveries = new Map(
      (await listDeliveriesOf(db, person)).map((row) => [row.crossing, row]),
    )
    const rows = await listCrossingsOf(db, person, LIST_MAX)
    const items = rows.map((row) => itemOf(options, progressOf(row), deliveries.get(row.id)))
    return context.json({ items })
  })
  app.get('/api/inbox/:id/file', (context) => take(context, options))
}

/** Hands out the bytes. That they were taken is on record first. */
async function take(context: WebContext, options: InboxOptions): Promise<Response> {
  const { store, blobs, crossings } = options
  const id = context.req.param('id') ?? ''
  const delivery = ID.test(id) ? await findDelivery(store.db, id) : undefined
  const row = delivery && (await findCrossing(store.db, id))
  const who = context.get('who')
  if (!delivery || !row || delivery.person !== who.person.id)
    return refuse(context, 404, 'NOT-FOUND')
  const now = new Date().toISOString()
  if (delivery.until < now || row.blob === '')
    return refuse(context, 410, 'TAKE-PERIOD-OVER', { file: delivery.output_name })
  const bytes = await blobs.get(delivery.sha256)
  await crossings.recordTaken(progressOf(row), who.person.id, now)
  await store.write((tx) => markTaken(tx, id, now))
  return attachment(context, bytes, delivery.output_name)
}

/** Always saved, never opened in the page. The name travels as RFC 8187 says. */
export function attachment(context: WebContext, bytes: Buffer, name: string): Response {
  const encoded = encodeURIComponent(name).replaceAll(
    /['()*]/gu,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  context.header('content-type', 'application/octet-stream')
  context.header('content-disposition', `attachment; filename*=UTF-8''${encoded}`)
  return context.body(new Uint8Array(bytes))
}

function itemOf(
  { macros }: InboxOptions,
  progress: Progress,
  delivery: InboxRow | undefined,
): InboxItem {
  const { crossing, cured } = progress
  const lines = problemOf(progress)
  return {
    id: crossing.id,
    number: crossing.number,
    from: { name: crossing.sender.name, department: crossing.sender.department },
    fileName: crossing.fileName,
    outputName: cured?.outputName ?? '',
    size: crossing.size,
    outputSize: cured?.size ?? 0,
    state: progress.state,
    step: progress.step,
    ...changesOf(progress, macros),
    ...(crossing.again === undefined ? {} : { again: crossing.again }),
    offers: cured?.report.offers ?? [],
    inputSha256: crossing.inputSha256,
    outputSha256: cured?.sha256 ?? '',
    receivedAt: crossing.receivedAt,
    ...(delivery ? { deliveredAt: delivery.delivered_at, until: delivery.until } : {}),
    ...(delivery?.taken_at ? { takenAt: delivery.taken_at } : {}),
    ...(lines ? { problem: lines } : {}),
  }
}
