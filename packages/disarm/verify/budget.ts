import { Rejection } from './rejection.ts'

/** Ceilings of one verification. The verifier distrusts the disarmer's own limits, so it has its own. */
export const MAX_DECODED_BYTES = 1024 * 1024 * 1024
export const MAX_ENTRIES = 20_000
export const MAX_ZIP_DEPTH = 3

/** Bytes that may still be decoded for this file, nested files included. */
export class Budget {
  #left = MAX_DECODED_BYTES
  /** Bytes left, for `maxOutputLength`. */
  get left(): number {
    return this.#left
  }
  spend(bytes: number, where: string): void {
    this.#left -= bytes
    if (this.#left < 0) throw new Rejection('VERIFY-LIMIT', where)
  }
}
