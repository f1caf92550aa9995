/** Thrown inside the verifier when bytes leave the grammar; `verifyClean` turns it into a verdict. */
export class Rejection extends Error {
  readonly reason: string
  readonly where: string
  constructor(reason: string, where: string) {
    super(reason)
    this.name = 'Rejection'
    this.reason = reason
    // The place may hold a name out of hostile bytes: only plain ASCII leaves this room.
    this.where = where.replaceAll(/[^A-Za-z0-9 ._:/#[\]-]/gu, '?').slice(0, 80)
  }
}

/** Rejects unless `condition` holds. */
export function demand(condition: boolean, reason: string, where: string): asserts condition {
  if (!condition) throw new Rejection(reason, where)
}
