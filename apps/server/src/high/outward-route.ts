/**
 * What the town declares about mail to the outside, as the gate takes it.
 */
import type { Town } from '@sekisho/core'
import { sendersOf } from '@sekisho/gates/mail'
import type { OutwardRoute } from '@sekisho/gates/mail'
import type { OutwardMailGate } from '../host/mail-route.ts'

export function outwardRouteOf(town: Town, { outward, domains }: OutwardMailGate): OutwardRoute {
  return {
    model: town.model,
    edition: town.edition,
    ownDomains: domains,
    lgwanDomains: outward.lgwanDomains,
    senders: sendersOf(town),
    approval: outward.approval,
    delayMinutes: outward.delayMinutes,
    unlabelled: outward.unlabelled,
    marks: outward.marks,
  }
}
