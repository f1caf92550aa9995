/**
 * The mail gate of the high side, put together: its facts for the judge, what is different on the way, and the queue to the town's mail server.
 */
import { SekishoError } from '@sekisho/core'
import type { Town } from '@sekisho/core'
import type { Log } from '@sekisho/evidence'
import { DEFAULT_WAITS, mailGate } from '@sekisho/gates/mail'
import type { Waits } from '@sekisho/gates/mail'
import type { Gate } from '@sekisho/passage'
import type { Blobs, HighTables, Store } from '@sekisho/store'
import { namesOf } from '../host/config.ts'
import type { SideConfig } from '../host/config.ts'
import { mailRoute } from '../host/mail-route.ts'
import type { MailCarrier } from '../host/mail-carrier.ts'
import { openMailOut } from './mail-out.ts'
import { MailWay } from './mail-way.ts'

export interface Mails {
  readonly way: MailWay
  readonly gate: Gate
  readonly out: MailCarrier
}

/** `undefined` where the town runs no mail gate. */
export async function openMails({
  config,
  town,
  model,
  log,
  store,
  blobs,
  waits = DEFAULT_WAITS,
}: {
  readonly config: SideConfig
  readonly town: Town
  readonly model: string
  readonly log: Log
  readonly store: Store<HighTables>
  readonly blobs: Blobs
  readonly waits?: Waits
}): Promise<Mails | undefined> {
  const route = mailRoute(town)
  if (!route) return undefined
  const { origin } = namesOf(config)
  const { hostname: host } = new URL(origin)
  const common = { town, route, model, log, store }
  const reached = config.mail ? { reached: config.mail } : {}
  const out = await openMailOut({ ...common, dataDir: config.dataDir, host, waits, ...reached })
  const { queue } = out
  const way = new MailWay({
    ...common,
    blobs,
    queue,
    submitted: () => out.wake(),
    origin,
    clock: () => new Date(),
  })
  const kindOf = (id: string) => {
    const kind = town.zones.find((zone) => zone.id === id)?.kind
    if (!kind) throw new SekishoError('CONFIG_INVALID', `zone ${id}`)
    return kind
  }
  const gate = mailGate({
    model: town.model,
    edition: town.edition,
    fromZone: kindOf(route.from),
    toZone: kindOf(route.to),
  })
  return { way, gate, out }
}
