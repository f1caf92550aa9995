/**
 * Where bodies wait for their answer, of all connections that the gate reads inside. The disk it is on holds the record as well, and a gate that cannot write
 * that passes nothing: one terminal with many streams would stop everybody.
 */

/** Bytes of all that waits. */
export const ALL_MOST = 4 * 1024 ** 3
/** Bytes of what waits for one person: several files at once, and no more than an eighth of the room. */
export const PERSON_MOST = ALL_MOST / 8

export class WaitingRoom {
  /** Folder of what does not stay in memory. */
  readonly folder: string
  #all = 0
  readonly #persons = new Map<string, number>()

  constructor(folder: string) {
    this.folder = folder
  }

  /** @returns false when there is no room for so many bytes more; then nothing has changed */
  enter(person: string, bytes: number): boolean {
    const own = (this.#persons.get(person) ?? 0) + bytes
    if (own > PERSON_MOST || this.#all + bytes > ALL_MOST) return false
    this.#persons.set(person, own)
    this.#all += bytes
    return true
  }

  leave(person: string, bytes: number): void {
    const left = (this.#persons.get(person) ?? 0) - bytes
    if (left > 0) this.#persons.set(person, left)
    else this.#persons.delete(person)
    this.#all -= bytes
  }
}
