/**
 * The queue to the town's mail server: what became of each mail is on record before it is forgotten.
 */
import { join } from 'node:path'
import { SekishoError } from '@sekisho/core'
import type { Town } from '@sekisho/core'
import type { Log } from '@sekisho/evidence'
import type { Waits } from '@sekisho/gates/mail'
import { findMailRow, updateMailRow } from '@sekisho/store'
import type { HighTables, Store } from '@sekisho/store'
import { openCarrier } from '../host/mail-carrier.ts'
import type { MailCarrier, ToldOutcome } from '../host/mail-carrier.ts'
import { addressesOf } from '../host/mail-route.ts'
import type { MailRoute } from '../host/mail-route.ts'
import type { Address } from '../host/config.ts'
import { dialTo } from './dial.ts'
import type { MailDelivery } from './mail-way.ts'

export interface MailOutOptions {
  readonly town: Town
  readonly route: MailRoute
  readonly dataDir: string
  readonly model: string
  readonly log: Pick<Log, 'append'>
  readonly store: Store<HighTables>
  /** Own host name, as in EHLO. */
  readonly host: string
  readonly waits: Waits
  /** Where the next mail server is reached, instead of its declared address. */
  readonly reached?: Address
}

export async function openMailOut(options: MailOutOptions): Promise<MailCarrier> {
  const { dataDir, route, host, waits } = options
  const { port, tls, name } = route.deliver
  const at = reachedAt(options)
  const fates = new Fates(options)
  return openCarrier({
    places: { blobs: join(dataDir, 'mail-blobs'), rows: join(dataDir, 'mail.sqlite') },
    hop: { name: 'lgwan', host: name ?? at.host, port, tls },
    dial: dialTo(at),
    ownName: host,
    bounceAddress: `postmaster@${route.domains[0] ?? host}`,
    waits,
    tell: (told) => fates.keep(told),
  })
}

/** Where the connection goes; the name that the certificate must bear is another matter. */
function reachedAt({ town, route, reached }: MailOutOptions): Address {
  if (reached) return reached
  const { server, port } = route.deliver
  const [address] = addressesOf(town, server)
  if (address === undefined) throw new SekishoError('CONFIG_INVALID', `${server} has no address`)
  return { host: address, port }
}

/** Puts what became of a mail in the log, then on its page. */
class Fates {
  readonly #options: MailOutOptions

  constructor(options: MailOutOptions) {
    this.#options = options
  }

  async keep({ queue, seq, outcome }: ToldOutcome): Promise<void> {
    const { log, store, model } = this.#options
    const [id = '', ours] = outcome.message.split('.')
    const row = await findMailRow(store.db, id)
    const lost = outcome.ended.filter(({ state }) => state !== 'sent')
    await log.append(`mail-out:${queue}:${seq}`, {
      v: 1,
      kind: lost.length > 0 ? 'failed' : outcome.ended.length > 0 ? 'taken' : 'changed',
      at: outcome.at,
      side: 'high',
      model,
      actor: 'system',
      crossing: id,
      ...(row ? { number: row.number } : {}),
      detail: {
        what:
          lost.length > 0
            ? 'mail-undelivered'
            : outcome.ended.length > 0
              ? 'mail-sent'
              : 'mail-waiting',
        messageId: outcome.messageId,
        hop: outcome.hop,
        attempt: outcome.attempt,
        unanswered: outcome.unanswered,
        recipients: outcome.ended.map(({ address, state }) => `${state} ${address}`),
        stillWaiting: outcome.stillWaiting,
        reason: lost[0]?.reason ?? outcome.reason,
        reply: lost[0]?.reply ?? '',
        ...(ours === undefined ? {} : { [ours]: true }),
      },
    })
    // Of a reminder the mail itself had arrived before.
    if (row && ours !== 'reminder') await this.#show(row, outcome)
  }

  async #show(
    row: { readonly id: string; readonly deliveries: string; readonly undelivered: number },
    { at, ended, stillWaiting, reason }: ToldOutcome['outcome'],
  ): Promise<void> {
    const before = JSON.parse(row.deliveries) as readonly MailDelivery[]
    const after = before.map((one): MailDelivery => {
      const now = ended.find(({ address }) => address === one.address)
      if (now)
        return { address: one.address, state: now.state, reason: now.reason, reply: now.reply, at }
      return one.state === 'waiting' && stillWaiting > 0 ? { ...one, reason, at } : one
    })
    const lost = after.some(({ state }) => state === 'failed' || state === 'expired')
    await this.#options.store.write((tx) =>
      updateMailRow(tx, row.id, {
        deliveries: JSON.stringify(after),
        undelivered: lost ? 1 : row.undelivered,
      }),
    )
  }
}
