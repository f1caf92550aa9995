/**
 * Mail to the internet, on the low side: what the high side brought waits here for the next mail server. This side decides nothing about it; a mail that the
 * high side did not bring is not in this queue, but who owns this side can send what he likes to that server, as anybody could who stands here.
 */
import { join } from 'node:path'
import { SekishoError } from '@sekisho/core'
import type { MailOutward } from '@sekisho/core'
import type { Dial } from '@sekisho/gates/mail'
import type { Address } from '../host/config.ts'
import { openCarrier, placesIn } from '../host/mail-carrier.ts'
import { NEWS_MAX, newsOf } from '../link/mail-out-messages.ts'
import type { MailOut, MailOutNews } from '../link/mail-out-messages.ts'
import type { MailOutcome } from '@sekisho/gates/mail'

/** What the link asks of it. */
export interface MailOutDesk {
  /** Durable when it resolves; the same id again changes nothing. */
  take(id: string, mail: MailOut): Promise<void>
  /** Oldest first; they stay until they are forgotten. */
  news(): Promise<readonly MailOutNews[]>
  forget(upTo: number): Promise<void>
  close(): Promise<void>
}

export interface MailOutDeskOptions {
  readonly outward: MailOutward
  /** Where the next mail server is reached. */
  readonly at: Address
  /** Connections are opened outside of this process, to that one server. */
  readonly dial: Dial
  readonly dataDir: string
  /** Own host name, as in EHLO. */
  readonly ownName: string
  readonly bounceAddress: string
}

export async function openMailOutDesk(options: MailOutDeskOptions): Promise<MailOutDesk> {
  const { outward, at, dial, dataDir, ownName, bounceAddress } = options
  const { tls, name } = outward.deliver
  const carrier = await openCarrier({
    places: placesIn(join(dataDir, 'mail-out')),
    hop: { name: 'internet', host: name ?? at.host, port: at.port, tls },
    dial,
    ownName,
    bounceAddress,
  })
  const { queue } = carrier
  return {
    async take(id, { from, recipients, bytes }) {
      // A bounce from here would have to come in again by the way of mail from strangers: the high side tells the sender.
      const mail = { id, sender: from, recipients, bytes, telling: 'nobody' } as const
      const submitted = await queue.submit(mail)
      if (!submitted.ok) throw new SekishoError('BUG', submitted.refused.reason)
      carrier.wake()
    },
    async news() {
      const events = await queue.outcomes(0, NEWS_MAX)
      return events.map(({ seq, event }) => newsOf(seq, JSON.parse(event) as MailOutcome))
    },
    forget: (upTo) => queue.forgetOutcomes(upTo),
    close: () => carrier.close(),
  }
}
