import type { Edition, MailGate, Model } from '@sekisho/core'

/** What the town says about the way that a mail takes. */
export interface MailRoute {
  readonly model: Model
  readonly edition: Edition
  /** The declared mail gate (`gates.mail[]`). */
  readonly gate: Pick<MailGate, 'id' | 'attachments'>
}

/** Models in which the office desk stands where the internet mail arrives. */
const MODELS_WITH_ATTACHMENTS: ReadonlySet<Model> = new Set<Model>(['β', 'β′'])

/**
 * Whether disarmed attachments may be put back into the message: the model allows it and the gate says `keep`. The judge still has the last word
 * (X1-ATTACH): this only decides what he is asked about.
 */
export function mayAttach({ model, gate }: MailRoute): boolean {
  return MODELS_WITH_ATTACHMENTS.has(model) && gate.attachments === 'keep'
}
