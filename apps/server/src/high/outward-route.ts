/**
 * What the town declares about mail to the outside, as the gate takes it.
 */
import type { MailGate, MailOutward, Town } from '@sekisho/core'
import { sendersOf } from '@sekisho/gates/mail'
import type { OutwardRoute } from '@sekisho/gates/mail'

/** A gate that lets mail out, with the way in that it belongs to. */
export interface OutwardGateOfTown {
  readonly gate: MailGate
  readonly outward: MailOutward
  readonly route: OutwardRoute
}

/** `undefined` when the town declares none: then nothing leaves. */
export function outwardOf(town: Town): OutwardGateOfTown | undefined {
  const kindOf = (id: string) => town.zones.find((zone) => zone.id === id)?.kind
  const gate = town.gates.mail.find(
    (one) => one.outward && kindOf(one.from) === 'internet' && kindOf(one.to) === 'lgwan',
  )
  const outward = gate?.outward
  if (!gate || !outward) return undefined
  const route: OutwardRoute = {
    model: town.model,
    edition: town.edition,
    ownDomains: gate.domains,
    lgwanDomains: outward.lgwanDomains,
    senders: sendersOf(town),
    approval: outward.approval,
    delayMinutes: outward.delayMinutes,
    unlabelled: outward.unlabelled,
    marks: outward.marks,
  }
  return { gate, outward, route }
}
