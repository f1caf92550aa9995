/** What a loop sleeps on between two turns. A call that comes while nobody sleeps is not lost: the next sleep is over at once. */
export class WakeUp {
  #called = false
  #end: (() => void) | undefined

  /** Something may be to do. */
  call(): void {
    this.#called = true
    this.#end?.()
  }

  /** Resolves when it is called, or after so many milliseconds; leaves no timer behind. */
  async next(milliseconds?: number): Promise<void> {
    if (!this.#called) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#end = resolve
      const timer = milliseconds === undefined ? undefined : setTimeout(resolve, milliseconds)
      await promise
      clearTimeout(timer)
      this.#end = undefined
    }
    this.#called = false
  }
}
