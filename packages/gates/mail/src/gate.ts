/**
 * The mail gate: a mail on its way, as facts for the judge. What it is told comes from this side's own verifier.
 */
import type { CrossingFacts, Edition, Model, ZoneKind } from '@sekisho/core'
import type { Gate } from '@sekisho/passage'

/** What the town says about this gate. */
export interface MailGateOptions {
  readonly model: Model
  readonly edition: Edition
  readonly fromZone: ZoneKind
  readonly toZone: ZoneKind
}

/** The gate of one declared mail route, inward. */
export function mailGate({ model, edition, fromZone, toZone }: MailGateOptions): Gate {
  return {
    kind: 'mail-body',
    facts: ({ crossing, cured, verified }, approved): CrossingFacts => {
      const seen = verified?.clean ? verified.mail : undefined
      return {
        model,
        edition,
        kind: 'mail-body',
        fromZone,
        toZone,
        level: crossing.level,
        attachmentsRemoved: seen?.attachments === 0,
        textOnly: seen?.textOnly ?? false,
        disarm: cured?.report.verdict ?? 'none',
        verified: seen !== undefined,
        approved,
        // It says itself what it is for: nobody of the town is asked before it comes.
        hasPurpose: true,
        // What only other gates have.
        activeRemoved: 0,
        approvalPolicy: 'never',
        macrosKept: 0,
        macroException: false,
        redirectionOff: false,
        encrypted: false,
        outwardApproval: 'external',
        label: 'known',
        myNumbers: 0,
        personalRows: 0,
        mediaException: false,
      }
    },
  }
}
