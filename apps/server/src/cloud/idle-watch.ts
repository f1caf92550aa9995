/** Ends tunnels over which nothing goes. One timer for all of them: two for each would be most of what an idle tunnel is asked to do. */

/** Looks within the allowed time; a tunnel may stand idle for one part in so many longer. */
const LOOKS = 8

/** A tunnel that is looked at. */
export interface Watched {
  /** Set to `true` by whoever sees a byte go. */
  moved: boolean
  /** Looks since then. */
  quiet: number
  /** Called once when nothing went for the allowed time. */
  readonly end: () => void
}

/** Watches tunnels that may all be idle for the same time. */
class IdleWatch {
  readonly #everyMs: number
  readonly #watched = new Set<Watched>()
  #timer: NodeJS.Timeout | undefined

  constructor(idleMs: number) {
    this.#everyMs = Math.ceil(idleMs / LOOKS)
  }

  add(one: Watched): void {
    this.#watched.add(one)
    this.#timer ??= setInterval(() => this.#look(), this.#everyMs).unref()
  }

  delete(one: Watched): void {
    this.#watched.delete(one)
    if (this.#watched.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #look(): void {
    for (const one of this.#watched) {
      // It may have begun to be watched just before the first look, so that one does not count.
      one.quiet = one.moved ? 0 : one.quiet + 1
      one.moved = false
      if (one.quiet >= LOOKS) {
        this.delete(one)
        one.end()
      }
    }
  }
}

const watches = new Map<number, IdleWatch>()

/** The watch for tunnels that may be idle for `idleMs`. */
export function idleWatch(idleMs: number): IdleWatch {
  const known = watches.get(idleMs)
  if (known) return known
  const fresh = new IdleWatch(idleMs)
  watches.set(idleMs, fresh)
  return fresh
}
