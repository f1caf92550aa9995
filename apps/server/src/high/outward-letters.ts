/**
 * Mails on their way out, as the high side keeps them: one family for what was handed in, one crossing for each direction it goes.
 */
import type { Crossing, Town } from '@sekisho/core'
import { DIRECTIONS, OUTWARD_TEXT, recipientsDigest } from '@sekisho/gates/mail'
import type { Direction, Outgoing } from '@sekisho/gates/mail'
import type { Progress } from '@sekisho/passage'
import { departmentName, personOf } from '../host/people.ts'

/** Everything about one crossing that its progress does not say. Kept beside it, in the same store. */
export interface OutwardRecord {
  /** The id of the mail in the spool: what its crossings share. */
  readonly family: string
  readonly direction: Direction
  /** Envelope sender. */
  readonly from: string
  readonly recipients: readonly string[]
  readonly outgoing: Outgoing
}

export interface HandedIn {
  readonly family: string
  /** `M-1042`. */
  readonly number: string
  readonly from: string
  readonly outgoing: Outgoing
  readonly size: number
  readonly sha256: string
  readonly receivedAt: string
}

export interface Part {
  readonly record: OutwardRecord
  readonly progress: Progress
}

/** The crossings of one mail: numbers of one family, `M-1042-1`, `M-1042-2`, where there is more than one. */
export function partsOf(mail: HandedIn, town: Town, zones: Zones): readonly Part[] {
  const { outgoing } = mail
  const directions = DIRECTIONS.filter((one) => outgoing.recipients[one].length > 0)
  return directions.map((direction, index) => {
    const { family, from } = mail
    const recipients = outgoing.recipients[direction]
    const record: OutwardRecord = { family, direction, from, recipients, outgoing }
    const number = directions.length > 1 ? `${mail.number}-${index + 1}` : mail.number
    const crossing = crossingOf(mail, record, number, town, zones)
    const destination = destinationOf(direction, recipients)
    return {
      record,
      progress: { crossing, destination, state: 'received', step: 'ask', rounds: 0 },
    }
  })
}

/** Zone ids of the town. */
export interface Zones {
  readonly lgwan: string
  readonly internet: string
}

function crossingOf(
  mail: HandedIn,
  { direction, outgoing }: OutwardRecord,
  number: string,
  town: Town,
  zones: Zones,
): Crossing {
  return {
    id: `${mail.family}.${direction}`,
    number,
    kind: 'mail-body',
    from: zones.lgwan,
    to: direction === 'internet' ? zones.internet : zones.lgwan,
    sender: senderOf(outgoing, town),
    level: outgoing.label.level,
    // What it is for is what its writer says it is about; an approval is bound to it.
    purpose: outgoing.subject,
    fileName: outgoing.subject === '' ? OUTWARD_TEXT.noSubject : outgoing.subject,
    size: mail.size,
    inputSha256: mail.sha256,
    receivedAt: mail.receivedAt,
  }
}

/** A section's mailbox that names nobody has no person: then nobody can be kept from approving their own, and the card says so. */
function senderOf({ sender, person }: Outgoing, town: Town): Crossing['sender'] {
  const known = person === undefined ? undefined : personOf(town, person)
  if (known) return { id: known.id, name: known.name, department: departmentName(town, known) }
  const section = town.departments.find(({ id }) => id === sender.id)?.name ?? sender.id
  return { id: `${SECTION}${sender.id}`, name: '', department: section }
}

/** In front of the id of a department, where the id of a person stands otherwise; no id of a person holds a colon. */
export const SECTION = 'section:'

const SHOWN = 10

/** What an approval is bound to: every recipient, in words while they are few, and with the digest of the list when they are many. */
export function destinationOf(direction: Direction, recipients: readonly string[]): string {
  const zone = {
    internet: OUTWARD_TEXT.zoneInternet,
    lgwan: OUTWARD_TEXT.zoneLgwan,
    own: OUTWARD_TEXT.zoneOwn,
  }[direction]
  const shown = recipients
    .slice(0, SHOWN)
    .map((address) => address.slice(0, 80))
    .join('、')
  const whole = recipients.length <= SHOWN && recipients.every(({ length }) => length <= 80)
  if (whole) return `${zone}／${shown}`
  const more = OUTWARD_TEXT.recipientsMore
    .replace('{count}', String(Math.max(0, recipients.length - SHOWN)))
    .replace('{digest}', recipientsDigest(recipients))
  return `${zone}／${shown}、${more}`
}
