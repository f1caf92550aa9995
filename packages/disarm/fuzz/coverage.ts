import { Session } from 'node:inspector'

/**
 * What code ran, from the engine's own precise block coverage: the feedback of a coverage-guided fuzzer without any instrumentation. Only sources
 * whose URL holds `within` count.
 */
export class Coverage {
  readonly #session = new Session()
  readonly #within: string
  readonly #seen = new Set<string>()

  constructor(within: string) {
    this.#within = within
    this.#session.connect()
    this.#call('Profiler.enable')
    this.#call('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  }

  /** How many blocks, each with its order of magnitude of runs, ran now for the first time. */
  fresh(): number {
    let fresh = 0
    const answer = this.#call('Profiler.takePreciseCoverage') as CoverageAnswer
    for (const { url, functions } of answer.result) {
      if (!url.includes(this.#within)) continue
      for (const { ranges } of functions) {
        for (const { startOffset, endOffset, count } of ranges) {
          if (count === 0) continue
          const key = `${url}:${startOffset}-${endOffset}:${Math.min(12, 31 - Math.clz32(count))}`
          if (this.#seen.has(key)) continue
          this.#seen.add(key)
          fresh++
        }
      }
    }
    return fresh
  }

  /** Blocks seen so far. */
  get size(): number {
    return this.#seen.size
  }

  close(): void {
    this.#session.disconnect()
  }

  /** The session of one's own thread answers before `post` returns. */
  #call(method: string, params: object = {}): unknown {
    let answer: unknown
    this.#session.post(method, params, (error, result) => {
      if (error) throw error
      answer = result
    })
    return answer
  }
}

interface CoverageAnswer {
  readonly result: readonly {
    readonly url: string
    readonly functions: readonly {
      readonly ranges: readonly {
        readonly startOffset: number
        readonly endOffset: number
        readonly count: number
      }[]
    }[]
  }[]
}
