import type { DisarmReport } from '@sekisho/core'
import { SekishoError } from '@sekisho/core'
import type { DisarmOptions } from '../engine.ts'
import { refusedReport } from '../engine.ts'
import type { Limits, ToolRequest } from '../family.ts'
import { TOOLS } from '../family.ts'
import { RULESET_VERSION } from '../rules.ts'
import { readAnswer } from './answer.ts'
import type { Frame } from './frame.ts'
import { FrameFault, FrameReader, encodeFrame } from './frame.ts'
import type { Question } from './question.ts'
import { joinBody, readWanted } from './question.ts'
import type { SandboxOptions, WorkerProcess } from './sandbox.ts'
import { preparedProgram, startSandboxed } from './sandbox.ts'
import type { Toolbox } from '../tools/index.ts'

export interface StationOptions {
  readonly limits: Limits
  /** The worker stops itself first; this side's clock is the one that cannot be stopped. */
  readonly graceMilliseconds: number
  readonly filesPerWorker: number
  /** From its first file on. */
  readonly millisecondsPerWorker: number
  readonly sandbox: SandboxOptions
  readonly toolbox: Toolbox
}

/** What is wanted of one file. */
export type FileOptions = Pick<
  DisarmOptions,
  'password' | 'profile' | 'macroDigests' | 'outcome' | 'fidelity'
>

type Answer = { readonly report: DisarmReport; readonly output?: Uint8Array }

/** Reads what a worker says as if an attacker wrote it; `undefined` for anything not of the closed form. */
export type Read<T> = (header: unknown, body: Uint8Array) => T | undefined

/** What the program said to a question of its own, or why it said nothing. */
export type Told<T> =
  | { readonly ok: true; readonly told: T }
  | { readonly ok: false; readonly reason: string }

/**
 * One place where one worker sits at a time. It gives the worker a file, waits no longer than it must, believes nothing
 * without reading it twice, and throws the worker away after a fault, a timeout, its share of files or its time.
 */
export class Station {
  readonly #options: StationOptions
  #worker: Seat | undefined
  /** Comes when the present worker's share is nearly over, so that nobody waits for a start. */
  #successor: Promise<Seat | undefined> | undefined
  /** Workers that have had their share and are dying: nobody waits for them but `stop`. */
  readonly #leaving = new Set<Promise<void>>()
  readonly #tooled: boolean
  #stopped = false

  constructor(options: StationOptions) {
    this.#options = options
    this.#tooled = TOOLS.some((tool) => options.toolbox.has(tool))
  }

  /** Asks the worker, and the tools it wants to hear, until it says how it ends. */
  async ask(bytes: Uint8Array, extension: string, options: FileOptions = {}): Promise<Answer> {
    const tools = new Map<string, Uint8Array | null>()
    for (let round = 1; ; round++) {
      // Where there are no tools a worker need not say first what it would ask them.
      const final = round > MAX_ROUNDS || !this.#tooled
      const frame = await this.#round(bytes, { ...options, extension, final }, tools)
      if (typeof frame === 'string') return this.#refuse(frame)
      const wanted = final ? undefined : readWanted(frame.header, frame.body)
      if (!wanted) return this.#believe(frame, options)
      if (!(await this.#useTools(wanted, tools))) round = MAX_ROUNDS
    }
  }

  /** Asks the program's own question, once. */
  async further<T>(bytes: Uint8Array, asked: object, read: Read<T>): Promise<Told<T>> {
    const worker = await this.#seated()
    const { limits, graceMilliseconds } = this.#options
    const longest = limits.milliseconds + graceMilliseconds
    const outcome = await worker.ask({ further: asked, limits }, [bytes], longest)
    const told = outcome.ok ? read(outcome.frame.header, outcome.frame.body) : undefined
    if (told === undefined) {
      await this.#dismiss()
      return { ok: false, reason: outcome.ok ? 'ENG-LIE' : outcome.reason }
    }
    if (this.#worker && this.#isSpent(this.#worker)) this.#letGo()
    return { ok: true, told }
  }

  async #round(
    bytes: Uint8Array,
    wish: Omit<Question, 'parts' | 'limits'>,
    tools: ReadonlyMap<string, Uint8Array | null>,
  ): Promise<Frame | string> {
    const worker = await this.#seated()
    const { limits, graceMilliseconds } = this.#options
    const { parts, body } = joinBody(bytes, tools)
    const question: Question = { ...wish, limits, parts }
    const outcome = await worker.ask(question, body, limits.milliseconds + graceMilliseconds)
    return outcome.ok ? outcome.frame : outcome.reason
  }

  async #believe(frame: Frame, options: FileOptions): Promise<Answer> {
    const answer = readAnswer(frame.header, frame.body, options)
    if (!answer) return this.#refuse('ENG-LIE')
    if (this.#worker && this.#isSpent(this.#worker)) this.#letGo()
    return answer
  }

  async #refuse(reason: string): Promise<Answer> {
    await this.#dismiss()
    return { report: refusedReport('unknown', reason) }
  }

  /** @returns false when nothing new could be asked: then the worker must do without. */
  async #useTools(
    wanted: readonly ToolRequest[],
    tools: Map<string, Uint8Array | null>,
  ): Promise<boolean> {
    const { toolbox } = this.#options
    const fresh = wanted.filter(({ key, tool }) => !tools.has(key) && toolbox.has(tool))
    for (const { key, tool, bytes } of fresh) tools.set(key, await toolbox.run(tool, bytes))
    return fresh.length > 0
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#dismiss()
    const successor = await this.#successor
    await successor?.dismiss()
    await Promise.all(this.#leaving)
  }

  #letGo(): void {
    const leaving = this.#dismiss()
    this.#leaving.add(leaving)
    void leaving.then(() => this.#leaving.delete(leaving))
  }

  async #seated(): Promise<Seat> {
    if (this.#stopped) throw new SekishoError('WORKER_FAILED', 'the pool is closed')
    if (!this.#worker?.alive) this.#worker = await this.#nextSeat()
    const { served } = this.#worker
    if (served === 0) this.#watch(this.#worker)
    if (served + FILES_AHEAD >= this.#options.filesPerWorker) this.#successor ??= this.#start()
    return this.#worker
  }

  #isSpent({ served, overdue }: Seat): boolean {
    return served >= this.#options.filesPerWorker || overdue
  }

  /** A worker that has seen a file does not wait for ever for the next one: it may be lost already. */
  #watch(seat: Seat): void {
    const timer = setTimeout(() => {
      seat.overdue = true
      if (seat !== this.#worker) return
      this.#successor ??= this.#start()
      if (!seat.busy) this.#letGo()
    }, this.#options.millisecondsPerWorker)
    timer.unref()
    void seat.ended.then(() => clearTimeout(timer))
  }

  async #nextSeat(): Promise<Seat> {
    const successor = await this.#successor
    this.#successor = undefined
    // It may have died while it waited.
    const seat = successor?.alive ? successor : await this.#start()
    return seat ?? noWorker()
  }

  /** A worker that said it is ready; `undefined` when none could be started. */
  async #start(): Promise<Seat | undefined> {
    const { sandbox, limits } = this.#options
    const program = await preparedProgram(sandbox)
    if (!program || this.#stopped) return undefined
    const seat = new Seat(startSandboxed(sandbox, program), limits.outputBytes)
    const first = await seat.listen(START_MILLISECONDS)
    // The pool may have been closed in the meantime.
    if (first.ok && isReady(first.frame) && !this.#stopped) return seat
    await seat.dismiss()
    return undefined
  }

  async #dismiss(): Promise<void> {
    const worker = this.#worker
    this.#worker = undefined
    await worker?.dismiss()
  }
}

/** Times that one file may send us to the tools: convert, draw, draw again. */
const MAX_ROUNDS = 5

const START_MILLISECONDS = 30_000

/** Files before the end of a worker's share at which the next worker is started: the time of a start. */
const FILES_AHEAD = 32

function noWorker(): never {
  throw new SekishoError('WORKER_FAILED', 'no disarm worker could be started')
}

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
  readonly ended: Promise<void>
  #settle: ((outcome: Outcome) => void) | undefined
  alive = true
  served = 0
  overdue = false

  constructor(process: WorkerProcess, maxOutput: number) {
    this.#process = process
    this.#reader = new FrameReader(maxOutput)
    this.ended = new Promise((resolve) => {
      process.once('close', () => resolve())
      process.once('error', () => resolve())
    })
    process.stdout.on('data', (chunk: Uint8Array) => this.#receive(chunk))
    process.stdin.on('error', () => this.#end('ENG-CRASH'))
    process.once('error', () => this.#end('ENG-CRASH'))
    process.once('close', (code, signal) => this.#end(diedOf(code, signal)))
  }

  /** An answer is awaited. */
  get busy(): boolean {
    return this.#settle !== undefined
  }

  ask(header: unknown, body: readonly Uint8Array[], milliseconds: number): Promise<Outcome> {
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
    await this.ended
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
  // In a box the first process reports a signal as 128 + its number.
  if (signal === 'SIGXCPU' || code === 128 + 24) return 'LIMIT-TIME'
  return signal === 'SIGABRT' || code === 134 ? 'LIMIT-MEMORY' : 'ENG-CRASH'
}
