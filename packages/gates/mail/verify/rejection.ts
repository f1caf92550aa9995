/** Why a rebuilt mail is not accepted. Carries only ids, never a word of the mail. */
export class Rejection extends Error {
  readonly reason: string
  readonly where: string
  constructor(reason: string, where: string) {
    super(reason)
    this.name = 'Rejection'
    this.reason = reason
    this.where = where
  }
}

export function demand(holds: boolean, reason: string, where: string): asserts holds {
  if (!holds) throw new Rejection(reason, where)
}
