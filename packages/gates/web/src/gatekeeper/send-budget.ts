/**
 * How much one person may send in a day to what is not read inside. Without it an allowed name is a hole as wide as the line: nobody sees what goes through a tunnel, only how much.
 */
import type { IsoDate } from '@sekisho/core'

/** Bytes sent so far, as they were on disk when the gate started. */
export interface Sent {
  readonly day: IsoDate
  readonly person: string
  readonly service: string
  readonly bytes: number
}

export class SendBudget {
  readonly #today: () => IsoDate
  #day: IsoDate
  readonly #sent = new Map<string, number>()

  /**
   * @param today in Japan
   * @param known what was sent before the gate was started; other days are left out
   */
  constructor(today: () => IsoDate, known: readonly Sent[] = []) {
    this.#today = today
    this.#day = today()
    for (const { day, person, service, bytes } of known)
      if (day === this.#day) this.#add(person, service, bytes)
  }

  /** Whether `bytes` more may go out; counts them when they may. A clock that goes back does not give a second day. */
  spend(person: string, service: string, bytes: number, most: number | undefined): boolean {
    const today = this.#today()
    if (today > this.#day) {
      this.#day = today
      this.#sent.clear()
    }
    if (most !== undefined && this.sent(person, service) + bytes > most) return false
    this.#add(person, service, bytes)
    return true
  }

  /** Bytes sent today. */
  sent(person: string, service: string): number {
    return this.#sent.get(key(person, service)) ?? 0
  }

  #add(person: string, service: string, bytes: number): void {
    this.#sent.set(key(person, service), this.sent(person, service) + bytes)
  }
}

/** Ids have no line end in them. */
function key(person: string, service: string): string {
  return `${person}\n${service}`
}
