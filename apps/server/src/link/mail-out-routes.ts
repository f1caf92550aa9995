/**
 * The low side's end of the link for mail to the internet.
 */
import type { HttpBindings } from '@hono/node-server'
import type { Hono, HonoRequest } from 'hono'
import type { MailOutDesk } from '../low/mail-out.ts'
import { MAIL_OUT_ID, readMailOut } from './mail-out-messages.ts'

/** The queue takes 100 MiB; a little more for who sends it and whom it is for. */
const MAIL_MAX = 101 * 1024 * 1024

/** Whether a request brings a mail, the one thing here that may be large. */
export function isMailOut(request: HonoRequest): boolean {
  const length = Number(request.header('content-length') ?? 0)
  return request.method === 'PUT' && request.path.startsWith('/mail-out/') && length <= MAIL_MAX
}

export function addMailOut(app: Hono<{ Bindings: HttpBindings }>, desk: MailOutDesk): void {
  app.put('/mail-out/:id', async (context) => {
    const id = context.req.param('id')
    const mail = readMailOut(new Uint8Array(await context.req.arrayBuffer()))
    if (!mail || !MAIL_OUT_ID.test(id)) return context.json({ reason: 'MALFORMED' }, 400)
    await desk.take(id, mail)
    return context.json({})
  })
  app.get('/mail-out/news', async (context) => context.json(await desk.news()))
  app.post('/mail-out/news/:upTo', async (context) => {
    const upTo = Number(context.req.param('upTo'))
    if (!Number.isSafeInteger(upTo) || upTo < 1) return context.json({ reason: 'MALFORMED' }, 400)
    await desk.forget(upTo)
    return context.json({})
  })
}
