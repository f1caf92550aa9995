/**
 * Brings mails from the receiver's spool into the transfers: sealed and on record first, only then out of the spool. Killed in between, it finds the
 * same mail again and knows it by its id.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { SekishoError } from '@sekisho/core'
import type { Spool as MailSpool, SpooledMail } from '@sekisho/gates/mail'
import { complain } from '../host/complain.ts'
import { WakeUp } from '../host/wake-up.ts'
import { linkMail, seen, ADDRESS_MAX, RECIPIENTS_MAX } from '../link/mail-messages.ts'
import type { LinkMail } from '../link/mail-messages.ts'
import type { Spool } from './spool.ts'

const RETRY_FIRST_MS = 500
const RETRY_LAST_MS = 30_000

export interface MailMoverOptions {
  readonly mails: Pick<MailSpool, 'ids' | 'about' | 'message' | 'remove'>
  readonly spool: Pick<Spool, 'take' | 'note'>
}

export class MailMover {
  readonly #options: MailMoverOptions
  readonly #stop = new AbortController()
  /** Not whole any more; left where they are for a person to look at. */
  readonly #damaged = new Set<string>()
  readonly #wakeUp = new WakeUp()
  #work: Promise<void> = Promise.resolve()

  constructor(options: MailMoverOptions) {
    this.#options = options
  }

  start(): void {
    this.#work = this.#run()
  }

  /** Something may be new in the spool. */
  wake(): void {
    this.#wakeUp.call()
  }

  async close(): Promise<void> {
    this.#stop.abort()
    this.#wakeUp.call()
    await this.#work
  }

  async #run(): Promise<void> {
    for (let wait = RETRY_FIRST_MS; !this.#stop.signal.aborted;) {
      try {
        await this.#moveAll()
        wait = RETRY_FIRST_MS
        await this.#wakeUp.next()
      } catch (error) {
        // A full disk, most often: they stay where they are, and the receiver turns new ones away.
        complain('mail', error)
        await sleep(wait, undefined, { signal: this.#stop.signal }).catch(() => undefined)
        wait = Math.min(wait * 2, RETRY_LAST_MS)
      }
    }
  }

  async #moveAll(): Promise<void> {
    for (const id of this.#options.mails.ids()) {
      if (this.#stop.signal.aborted) return
      if (!this.#damaged.has(id)) await this.#move(id)
    }
  }

  async #move(id: string): Promise<void> {
    const { mails, spool } = this.#options
    try {
      const mail = await mails.about(id)
      await spool.take(
        {
          account: '@mail',
          key: mail.id,
          person: '',
          kind: 'mail',
          fileName: 'mail.eml',
          purpose: '',
          size: mail.size,
          receivedAt: mail.receivedAt,
          mail: JSON.stringify(descriptionOf(mail)),
        },
        () => mails.message(id),
      )
      await mails.remove(id)
    } catch (error) {
      if (!(error instanceof SekishoError) || error.code !== 'STORE_CORRUPT') throw error
      this.#damaged.add(id)
      await spool.note({
        kind: 'changed',
        actor: 'system',
        detail: { what: 'mail-damaged', mail: id, reason: 'STORE_CORRUPT' },
      })
    }
  }
}

/** What the other side is told of it: only what its form allows, whatever the sender wrote. */
function descriptionOf({ envelope, peer, authenticity }: SpooledMail): LinkMail {
  const { spf, dkim, dmarc } = authenticity
  const domain = <T extends { readonly domain: string }>(one: T): T => ({
    ...one,
    domain: seen(one.domain, 255),
  })
  const mail: LinkMail = {
    from: seen(envelope.from, ADDRESS_MAX),
    recipients: envelope.recipients.slice(0, RECIPIENTS_MAX).map((one) => seen(one, ADDRESS_MAX)),
    peer: {
      address: seen(peer.address, 64),
      helo: seen(peer.helo, 255),
      tls: seen(peer.tls ?? '', 64),
    },
    authenticity: {
      spf: domain(spf),
      dkim: dkim.slice(0, 10).map(domain),
      dmarc: { ...domain(dmarc), policy: seen(dmarc.policy, 255) },
    },
  }
  if (!linkMail(mail)) throw new SekishoError('BUG', 'a mail that the link cannot describe')
  return mail
}
