import type { DisarmReport } from '@sekisho/core'
import { SekishoError } from '@sekisho/core'
import { refusedReport } from '../engine.ts'
import type { Limits } from '../family.ts'
import { RULESET_VERSION } from '../rules.ts'
import { readAnswer } from './answer.ts'
import type { Frame } from './frame.ts'
import { FrameFault, FrameReader, encodeFrame } from './frame.ts'
import type { SandboxOptions, WorkerProcess } from './sandbox.ts'
import { startSandboxed } from './sandbox.ts'

export interface StationOptions {
  readonly limits: Limits
  /** The worker stops itself first; this side's clock is the one that cannot be stopped. */
  readonly graceMilliseconds: number
  readonly filesPerWorker: number
  readonly sandbox: SandboxOptions
}

type Answer = { readonly report: DisarmReport; readonly output?: Uint8Array }

/**
 * One place where one worker sits at a time. It gives the worker a file, waits no longer than it must, believes nothing
 * without reading it twice, and throws the worker away after a fault, a timeout or its share of files.
 */
export class Station {
  readonly #options: StationOptions
  #worker: Seat | undefined
  #stopped = false

  constructor(options: StationOptions) {
    this.#options = options
  }

  async ask(bytes: Uint8Array, extension: string, password?: string): Promise<Answer> {
    const worker = await this.#seated()
    const { limits, filesPerWorker, graceMilliseconds } = this.#options
    const question = { extension, limits, ...(password === undefined ? {} : { password }) }
    const outcome = await worker.ask(question, bytes, limits.milliseconds + graceMilliseconds)
    const answer = outcome.ok ? readAnswer(outcome.frame.header, outcome.frame.body) : undefined
    if (!answer || worker.served >= filesPerWorker) await this.#dismiss()
    return answer ?? { report: refusedReport('unknown', outcome.ok ? 'ENG-LIE' : outcome.reason) }
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#dismiss()
  }

  async #seated(): Promise<Seat> {
    if (this.#stopped) throw new SekishoError('WORKER_FAILED', 'the pool is closed')
    if (this.#worker?.alive) return this.#worker
    const { sandbox, limits } = this.#options
    const seat = new Seat(startSandboxed(sandbox), limits.outputBytes)
    const first = await seat.listen(START_MILLISECONDS)
    if (!first.ok || !isReady(first.frame)) {
      await seat.dismiss()
      throw new SekishoError('WORKER_FAILED', 'no disarm worker could be started')
    }
    this.#worker = seat
    return seat
  }

  async #dismiss(): Promise<void> {
    const worker = this.#worker
    this.#worker = undefined
    await worker?.dismiss()
  }
}

const START_MILLISECONDS = 30_000

function isReady({ header }: Frame): boolean {
  // A worker of another rule set would report by other rules.
  return (
    typeof header === 'object' &&
    header !== null &&
    'ready' in header &&
    header.ready === RULESET_VERSION
  )
}

type Outcome =
  | { readonly ok: true; readonly frame: Frame }
  | { readonly ok: false; readonly reason: string }

/** A running worker process and the one answer that is awaited from it. */
class Seat {
  readonly #process: WorkerProcess
  readonly #reader: FrameReader
  readonly #ended: Promise<void>
  #settle: ((outcome: Outcome) => void) | undefined
  alive = true
  served = 0

  constructor(process: WorkerProcess, maxOutput: number) {
    this.#process = process
    this.#reader = new FrameReader(maxOutput)
    this.#ended = new Promise((resolve) => {
      process.once('close', () => resolve())
      process.once('error', () => resolve())
    })
    process.stdout.on('data', (chunk: Uint8Array) => this.#receive(chunk))
    process.stdin.on('error', () => this.#end('ENG-CRASH'))
    process.once('error', () => this.#end('ENG-CRASH'))
    process.once('close', (code, signal) => this.#end(diedOf(code, signal)))
  }

  ask(header: unknown, body: Uint8Array, milliseconds: number): Promise<Outcome> {
    this.served++
    const answer = this.listen(milliseconds)
    for (const part of encodeFrame(header, body))
      if (part.length > 0) this.#process.stdin.write(part)
    return answer
  }

  listen(milliseconds: number): Promise<Outcome> {
    if (!this.alive) return Promise.resolve({ ok: false, reason: 'ENG-CRASH' })
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#end('LIMIT-TIME'), milliseconds)
      this.#settle = (outcome) => {
        clearTimeout(timer)
        resolve(outcome)
      }
    })
  }

  async dismiss(): Promise<void> {
    this.#end('ENG-CRASH')
    await this.#ended
  }

  #receive(chunk: Uint8Array): void {
    try {
      // A worker that speaks unasked has been taken over or is broken.
      if (!this.#settle) throw new FrameFault()
      const frame = this.#reader.push(chunk)
      if (frame) this.#answer({ ok: true, frame })
    } catch (error) {
      if (!(error instanceof FrameFault)) throw error
      this.#end('ENG-LIE')
    }
  }

  #end(reason: string): void {
    this.alive = false
    this.#process.kill('SIGKILL')
    this.#answer({ ok: false, reason })
  }

  #answer(outcome: Outcome): void {
    const settle = this.#settle
    this.#settle = undefined
    settle?.(outcome)
  }
}

/** V8 aborts when its heap is full; the kernel kills by signal for time. */
function diedOf(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === 'SIGXCPU') return 'LIMIT-TIME'
  return signal === 'SIGABRT' || code === 134 ? 'LIMIT-MEMORY' : 'ENG-CRASH'
}
