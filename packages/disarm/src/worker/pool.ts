import { createHash } from 'node:crypto'
import type { DisarmReport } from '@sekisho/core'
import { SekishoError } from '@sekisho/core'
import { refusedReport } from '../engine.ts'
import type { Limits } from '../family.ts'
import { DEFAULT_LIMITS } from '../family.ts'
import { cleanName, extensionOf, nameForType } from '../names.ts'
import { verdictOf } from './answer.ts'
import { offersFor } from './offers.ts'
import type { Isolation } from './sandbox.ts'
import { isolation } from './sandbox.ts'
import type { FileOptions, Read, Told } from './station.ts'
import { Station } from './station.ts'
import type { Toolbox } from '../tools/index.ts'
import { systemToolbox } from '../tools/index.ts'

export interface PoolOptions {
  /** Files worked on at once. */
  readonly size: number
  readonly limits?: Partial<Limits>
  /** Files that one worker may see before it is thrown away. */
  readonly filesPerWorker?: number
  /** Milliseconds after its first file at which a worker is thrown away, or as soon as it has answered. */
  readonly millisecondsPerWorker?: number
  /** Milliseconds that this side waits beyond the worker's own time limit before it kills the worker. */
  readonly graceMilliseconds?: number
  /** Heap of one worker in MiB. */
  readonly heapMebibytes?: number
  /** Virus scanner, asked before and after; default: none. */
  readonly scan?: Scan
  /** Converter and renderer; default: what this machine has. */
  readonly toolbox?: Toolbox
  /** First module of the program to run as the worker: one that answers a question of its own, too. */
  readonly program?: string
  /** Packages that this program is made of, besides this one and core. */
  readonly packages?: readonly string[]
  /** Arguments of the program; only tests give any. */
  readonly args?: readonly string[]
}

/** `clean`, a virus, or no answer that could be relied on (scanner down, signatures too old). */
export type ScanVerdict = 'clean' | 'found' | 'unavailable'

/** Asks a virus scanner about bytes. Never rejects. */
export type Scan = (bytes: Uint8Array) => Promise<ScanVerdict>

export interface Disarmed {
  readonly report: DisarmReport
  /** Absent exactly when refused; never empty. */
  readonly output?: Uint8Array
  readonly inputSha256: string
  readonly outputSha256?: string
  /** The name to give the output: the sender's, made safe, with the extension of what it is. */
  readonly outputName?: string
}

export interface Pool {
  /** Never rejects because of the file; `WORKER_FAILED` when no worker can be started or the pool is closed. */
  disarm(bytes: Uint8Array, file: FileOptions & { readonly name: string }): Promise<Disarmed>
  /**
   * Asks the question that the given program answers beside the one about files. Never rejects because of the bytes; they are not scanned.
   *
   * @param read reads the answer as if an attacker wrote it
   */
  ask<T>(bytes: Uint8Array, question: object, read: Read<T>): Promise<Told<T>>
  /** Whether this machine has the tool, e.g. `office:doc` for old Word files. */
  has(tool: string): boolean
  /** What keeps the workers in on this machine. */
  readonly isolation: Isolation
  close(): Promise<void>
}

/** A pool of sandboxed workers. The file's name stays on this side; only its extension goes in. */
export function createPool(options: PoolOptions): Pool {
  checkOptions(options)
  return new WorkerPool(options)
}

/** A limit that makes no sense is a mistake of the operator, not a default in disguise. */
function checkOptions(options: PoolOptions): void {
  const {
    size,
    limits = {},
    graceMilliseconds = 1,
    filesPerWorker = 1,
    millisecondsPerWorker = 1,
    heapMebibytes = 1,
  } = options
  if (!isCount(size) || size > MAX_SIZE) {
    throw new SekishoError('CONFIG_INVALID', 'pool size must be 1 to 64')
  }
  const numbers = {
    ...limits,
    graceMilliseconds,
    filesPerWorker,
    millisecondsPerWorker,
    heapMebibytes,
  }
  for (const [name, value] of Object.entries(numbers)) {
    if (!isCount(value))
      throw new SekishoError('CONFIG_INVALID', `${name} must be a whole number above 0`)
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0
}

const MAX_SIZE = 64
const GRACE_MILLISECONDS = 5_000
/**
 * What one hostile file can spoil at most is what its worker sees after it: in a quiet office the files of some minutes, in a busy one this many.
 * Fresh workers cost their start and slow first files, because V8 knows nothing of them yet.
 */
const FILES_PER_WORKER = 64
const MILLISECONDS_PER_WORKER = 600_000
/** Threads of V8 that may compile or collect beside the one that works. */
const THREADS = 4
const HEAP_MEBIBYTES = 1536

class WorkerPool implements Pool {
  readonly #limits: Limits
  readonly #toolbox: Toolbox
  readonly #scan: Scan | undefined
  readonly #stations: Station[]
  readonly #idle: Station[]
  readonly #waiting: ((station: Station) => void)[] = []
  #closed = false

  constructor(options: PoolOptions) {
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits }
    this.#toolbox = options.toolbox ?? systemToolbox()
    this.#scan = options.scan
    this.#stations = Array.from({ length: options.size }, () => this.#newStation(options))
    this.#idle = [...this.#stations]
  }

  get isolation(): Isolation {
    return isolation()
  }

  has(tool: string): boolean {
    return this.#toolbox.has(tool)
  }

  async disarm(
    bytes: Uint8Array,
    { name, ...options }: FileOptions & { readonly name: string },
  ): Promise<Disarmed> {
    const refusal = this.#refuseAtOnce(bytes)
    if (refusal) return { report: refusal, inputSha256: sha256(bytes) }
    const before = await this.#scanned(bytes)
    if (before) return { report: before, inputSha256: sha256(bytes) }
    const extension = extensionOf(cleanName(name).name).toLowerCase()
    const station = await this.#take()
    try {
      const answer = await station.ask(bytes, extension, options)
      const after = answer.output && (await this.#scanned(answer.output))
      return finishDisarmed(after ? { report: after } : this.#withOffers(answer), name, bytes)
    } finally {
      this.#giveBack(station)
    }
  }

  async ask<T>(bytes: Uint8Array, question: object, read: Read<T>): Promise<Told<T>> {
    if (bytes.length > this.#limits.inputBytes) return { ok: false, reason: 'LIMIT-SIZE' }
    const station = await this.#take()
    try {
      return await station.further(bytes, question, read)
    } finally {
      this.#giveBack(station)
    }
  }

  /** A refusal when the scanner says so, or cannot say. */
  async #scanned(bytes: Uint8Array): Promise<DisarmReport | undefined> {
    const verdict = (await this.#scan?.(bytes)) ?? 'clean'
    if (verdict === 'clean') return undefined
    return refusedReport('unknown', verdict === 'found' ? 'AV-HIT' : 'AV-DOWN')
  }

  /** What a person may try next with the same file, as far as this machine can do it. */
  #withOffers(answer: Answer): Answer {
    const { report } = answer
    const offers = offersFor(report, (tool) => this.#toolbox.has(tool))
    return offers.length === 0 ? answer : { report: { ...report, offers } }
  }

  async close(): Promise<void> {
    this.#closed = true
    await Promise.all(this.#stations.map((station) => station.stop()))
  }

  #newStation(options: PoolOptions): Station {
    const lifetime = options.millisecondsPerWorker ?? MILLISECONDS_PER_WORKER
    return new Station({
      limits: this.#limits,
      graceMilliseconds: options.graceMilliseconds ?? GRACE_MILLISECONDS,
      filesPerWorker: options.filesPerWorker ?? FILES_PER_WORKER,
      millisecondsPerWorker: lifetime,
      toolbox: this.#toolbox,
      sandbox: {
        heapMebibytes: options.heapMebibytes ?? HEAP_MEBIBYTES,
        // It may be in the midst of a file when its time is over.
        cpuSeconds: Math.ceil(((lifetime + this.#limits.milliseconds) * THREADS) / 1000),
        ...(options.program === undefined ? {} : { program: options.program }),
        ...(options.packages === undefined ? {} : { packages: options.packages }),
        ...(options.args === undefined ? {} : { args: options.args }),
      },
    })
  }

  #refuseAtOnce(bytes: Uint8Array): DisarmReport | undefined {
    if (bytes.length === 0) return refusedReport('unknown', 'TYPE-EMPTY')
    if (bytes.length > this.#limits.inputBytes) return refusedReport('unknown', 'LIMIT-SIZE')
    return undefined
  }

  #take(): Promise<Station> {
    if (this.#closed) throw new SekishoError('WORKER_FAILED', 'the pool is closed')
    const station = this.#idle.pop()
    if (station) return Promise.resolve(station)
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  #giveBack(station: Station): void {
    const next = this.#waiting.shift()
    if (next) next(station)
    else this.#idle.push(station)
  }
}

type Answer = { readonly report: DisarmReport; readonly output?: Uint8Array }

/** Adds what only this side knows: the digests and the name. */
export function finishDisarmed(answer: Answer, name: string, input: Uint8Array): Disarmed {
  const { report, output } = answer
  const inputSha256 = sha256(input)
  if (report.verdict === 'refused' || !output) return { report, inputSha256 }
  const named = nameForType(name, report.outputType)
  return {
    report: withNameRules(report, named.rules),
    output,
    inputSha256,
    outputSha256: sha256(output),
    outputName: named.name,
  }
}

/** What was done to the name belongs to the report; the worker never saw it. */
export function withNameRules(report: DisarmReport, rules: readonly string[]): DisarmReport {
  if (rules.length === 0) return report
  const removed = [
    ...rules.map((rule) => ({ rule, where: 'file name', count: 1 })),
    ...report.removed,
  ]
  return { ...report, removed, verdict: verdictOf(report.type, report.outputType, removed) }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
