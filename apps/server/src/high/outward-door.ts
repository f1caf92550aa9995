/**
 * What is turned away where the office hands in mail for the outside, on record: who wrote in the name of nobody of the town. A desk that was taken over may
 * try for ever, and must not fill the log with it.
 */
import type { Log } from '@sekisho/evidence'
import type { MailNotTaken } from '@sekisho/gates/mail'
import { complain } from '../host/complain.ts'
import { ADDRESS_MAX, seen } from '../link/mail-messages.ts'

/** Entries of one minute; the others are counted in the next entry. */
const MOST_A_MINUTE = 20

export interface OutwardDoorOptions {
  readonly log: Pick<Log, 'append'>
  readonly model: string
  readonly clock: () => Date
}

/** Records a refusal at the door, soon. Refusals of form are the affair of the two servers, and are not recorded. */
export function outwardDoor({
  log,
  model,
  clock,
}: OutwardDoorOptions): (refusal: MailNotTaken) => void {
  let minute = ''
  let told = 0
  let untold = 0
  return ({ reason, address, sender }) => {
    if (reason !== 'SMTP-SENDER') return
    const at = clock().toISOString()
    if (at.slice(0, 16) !== minute) [minute, told] = [at.slice(0, 16), 0]
    if (told >= MOST_A_MINUTE) {
      untold += 1
      return
    }
    told += 1
    const more = untold
    untold = 0
    log
      .append(`out-door:${minute}:${told}`, {
        v: 1,
        kind: 'refused',
        at,
        side: 'high',
        model,
        actor: 'system',
        detail: {
          reason: 'OUT-SENDER',
          from: seen(sender ?? '', ADDRESS_MAX),
          peer: seen(address, 64),
          ...(more > 0 ? { more } : {}),
        },
      })
      .catch((error: unknown) => complain('mail', error))
  }
}
