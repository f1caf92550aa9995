/**
 * メールの列: what waits for the town's mail server, what did not arrive, and what was turned away at the door. For IT officers.
 */
import { MAIL_OUT_WORDS, mailWords, MAIL_REASONS } from '@sekisho/gates/mail'
import type { MailQueue } from '@sekisho/gates/mail'
import { listMailTurned, listUndelivered } from '@sekisho/store'
import type { HighTables, Store } from '@sekisho/store'
import type { MailQueuePage } from '../api.ts'
import { refuse } from '../host/web.ts'
import type { Web } from '../host/web.ts'
import { rowOf } from './mail-pages.ts'

const DAYS = 7
const LIST_MAX = 100

export function addMailQueue(
  app: Web,
  { queue, store }: { readonly queue: MailQueue; readonly store: Store<HighTables> },
): void {
  app.get('/api/mail-queue', async (context) => {
    if (!context.get('who').person.roles.includes('it-officer'))
      return refuse(context, 403, 'NOT-YOUR-ROLE')
    const { hops, unwritten } = await queue.status()
    const [hop] = hops
    const since = new Date(Date.now() - DAYS * 86_400_000).toISOString().slice(0, 10)
    const turned = await listMailTurned(store.db, since)
    const lost = await listUndelivered(store.db, LIST_MAX)
    const reason = hop?.reason ?? ''
    const page: MailQueuePage = {
      waiting: hop?.waiting ?? 0,
      oldest: hop?.oldest ?? '',
      downSince: hop?.downSince ?? '',
      nextTry: hop?.nextTry ?? '',
      why: MAIL_OUT_WORDS.has(reason) ? MAIL_OUT_WORDS.of(reason).what : '',
      reply: hop?.reply ?? '',
      unwritten,
      turnedAway: turned.flatMap((row) => {
        const known = MAIL_REASONS.find((one) => one === row.reason)
        return known ? [{ ...row, ...wordsOf(known) }] : []
      }),
      undelivered: await Promise.all(lost.map((row) => rowOf(store, row))),
    }
    return context.json(page)
  })
}

function wordsOf(reason: (typeof MAIL_REASONS)[number]): { what: string; cure: string } {
  const { why, cure } = mailWords(reason)
  return { what: why, cure }
}
