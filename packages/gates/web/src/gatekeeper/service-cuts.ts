/** Emergency cut (緊急停止): one service at once, for everybody, with what is under way. */
export class ServiceCuts {
  #cut: ReadonlySet<string>
  readonly #running = new Map<string, AbortController>()

  constructor(cut: Iterable<string> = []) {
    this.#cut = new Set(cut)
  }

  /** Ids of the services that are cut; another set after each change, so that what was decided under one is told from what would be under the next. */
  get cut(): ReadonlySet<string> {
    return this.#cut
  }

  /** Ends every tunnel of the service, and lets no new one begin. */
  close(service: string): void {
    this.#cut = new Set([...this.#cut, service])
    this.#running.get(service)?.abort()
    this.#running.delete(service)
  }

  reopen(service: string): void {
    this.#cut = new Set([...this.#cut].filter((one) => one !== service))
  }

  /** Aborted when the service is cut. */
  signal(service: string): AbortSignal {
    const known = this.#running.get(service)
    if (known) return known.signal
    const fresh = new AbortController()
    if (this.#cut.has(service)) fresh.abort()
    else this.#running.set(service, fresh)
    return fresh.signal
  }
}
