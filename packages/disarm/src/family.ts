import { createHash } from 'node:crypto'
import type { Removal } from '@sekisho/core'
import type { Profile } from './profile.ts'
import { DEFAULT_PROFILE } from './profile.ts'

/**
 * One group of file formats that share a parser. `rebuild` reads hostile bytes and writes new bytes of the forms
 * of docs/design/disarm-grammar.md, or says by reason id why it will not. It copies nothing that it did not parse.
 */
export interface Family {
  readonly id: string
  /** Types this family reads, as `detect` names them, e.g. `docx`, `xlsm`. */
  readonly types: readonly string[]
  /**
   * May throw `Refusal` (and nothing else on purpose); the caller turns it into `{ ok: false }`, and turns anything
   * else thrown into the refusal `ENG-CRASH`. `input` must not be changed.
   */
  rebuild(input: Uint8Array, type: string, context: Context): Rebuilt
}

export type Rebuilt =
  | { readonly ok: true; readonly outputType: string; readonly output: Uint8Array }
  | { readonly ok: false; readonly reason: string }

/** A refusal from deep inside a parser. Carries only a reason id, never text of the file. */
export class Refusal extends Error {
  readonly reason: string
  constructor(reason: string) {
    super(reason)
    this.name = 'Refusal'
    this.reason = reason
  }
}

/** Throws a `Refusal`; an expression, so that `value ?? refuse('X')` reads well. */
export function refuse(reason: string): never {
  throw new Refusal(reason)
}

/** Ceilings for one file with everything nested in it. */
export interface Limits {
  /** Bytes of one input file. */
  readonly inputBytes: number
  /** Bytes of the output. */
  readonly outputBytes: number
  /** Sum of all bytes decoded (inflated, filtered, pixels) on the way. */
  readonly decodedBytes: number
  /** Members of all zips together. */
  readonly entries: number
  /** Zip in zip in zip. */
  readonly depth: number
  /** Wall clock that the worker allows itself; the parent has a harder one. */
  readonly milliseconds: number
}

const MEBIBYTE = 1024 * 1024

/** sanitizer ceilings: 200 MB in, 1 GiB decoded, 10,000 entries, depth 3, 60 s. */
export const DEFAULT_LIMITS: Limits = {
  inputBytes: 200 * MEBIBYTE,
  outputBytes: 256 * MEBIBYTE,
  decodedBytes: 1024 * MEBIBYTE,
  entries: 10_000,
  depth: 3,
  milliseconds: 60_000,
}

/** Rows of `removed` and of `kept`; further places of a rule are counted in one row without a place. */
export const MAX_ROWS = 500
/** Highest count of one row. */
export const MAX_COUNT = 1_000_000
/** What a place may look like, everywhere: no text that a hostile file chose freely. */
export const WHERE_PATTERN = /^[A-Za-z0-9 ._:/#-]{0,80}$/
export const RULE_PATTERN = /^[A-Z][A-Z0-9-]{1,31}$/

export interface ContextOptions {
  readonly limits?: Partial<Limits>
  /** Given by the sender for this file; never guessed, never reported. */
  readonly password?: string
  /** What the town wants done with the harmless but unwanted. */
  readonly profile?: Partial<Profile>
  /** SHA-256 (lower-case hex) of VBA projects that the town lists as allowed for this file. */
  readonly macroDigests?: readonly string[]
  /** Answers of tools by `toolKey`; `null` when one could not. */
  readonly tools?: ReadonlyMap<string, Uint8Array | null>
  /** How a member of a container is rebuilt: detection and family choice, given by the engine. */
  readonly rebuildNested?: (
    bytes: Uint8Array,
    declaredExtension: string,
    context: Context,
  ) => NestedResult
  /** Milliseconds, monotonic. */
  readonly clock?: () => number
}

/**
 * What other programs can do for us, in a box of their own (`tools/`): `office:T` turns type T into docx, xlsx or pptx; `paper:T` into
 * PDF; `pages` draws the pages of a PDF (150 dpi) and `thumbs` small ones (40 dpi), both as PPM one after another; `text` reads it; `words` tells where
 * which word stands on a page (TSV of pdftotext); `fonts` lists fonts of a PDF; `glyphs` the characters that the fonts here can draw.
 */
export const TOOLS: readonly string[] = [
  ...'doc xls ppt xlsb'.split(' ').map((type) => `office:${type}`),
  ...'docx docm dotx dotm xlsx xlsm xltx xltm pptx pptm potx potm ppsx ppsm doc xls ppt xlsb odt ods odp odg ott ots otp otg fodt fods fodp fodg rtf'
    .split(' ')
    .map((type) => `paper:${type}`),
  ...'pages thumbs text words fonts glyphs'.split(' '),
]

/** One question to a tool. What comes back is as hostile as what went in. */
export interface ToolRequest {
  /** Names question and answer; depends on the bytes and the tool alone. */
  readonly key: string
  /** One of `TOOLS`. */
  readonly tool: string
  readonly bytes: Uint8Array
}

/** At most so many questions for one file with everything in it. */
export const MAX_TOOL_REQUESTS = 32

/** Key of a question to a tool. */
export function toolKey(tool: string, bytes: Uint8Array): string {
  return createHash('sha256').update(`${tool}\n`).update(bytes).digest('hex')
}

export type NestedResult = Rebuilt & { readonly type: string }

/** What is shared by a file and everything inside it. */
interface Ledger {
  decodedBytes: number
  entries: number
  readonly wanted: Map<string, ToolRequest>
  readonly removed: Map<string, Removal>
  readonly kept: Map<string, Removal>
  readonly deadline: number
  readonly clock: () => number
  readonly limits: Limits
}

/**
 * The one thing a family gets besides the bytes: where it reports what it removed, and the budgets it spends from.
 * Budgets are shared by all nested members, so a bomb cannot hide by splitting itself.
 */
export class Context {
  readonly limits: Limits
  readonly password: string | undefined
  readonly profile: Profile
  readonly macroDigests: ReadonlySet<string>
  /** 0 for the file itself, 1 for its members, … */
  readonly depth: number
  readonly #ledger: Ledger
  readonly #options: ContextOptions
  readonly #place: string

  constructor(options: ContextOptions = {}, parent?: { context: Context; place: string }) {
    this.#options = options
    this.#ledger = parent ? parent.context.#ledger : openLedger(options)
    this.#place = parent ? `${parent.context.#place}${parent.place}/` : ''
    this.depth = parent ? parent.context.depth + 1 : 0
    this.limits = this.#ledger.limits
    this.password = options.password
    this.profile = { ...DEFAULT_PROFILE, ...options.profile }
    this.macroDigests = new Set(options.macroDigests)
  }

  /** `rule` was found at `where` (ASCII, e.g. `page 3`) and is not in the output. */
  removed(rule: string, where = '', count = 1): void {
    addRow(this.#ledger.removed, rule, this.#place + where, count)
  }

  /** Kept in the output, but a person should know. */
  kept(rule: string, where = '', count = 1): void {
    addRow(this.#ledger.kept, rule, this.#place + where, count)
  }

  /** Call with the number of bytes just decoded (or about to be). Refuses `LIMIT-SIZE` when the budget is gone. */
  spend(bytes: number): void {
    this.#ledger.decodedBytes += bytes
    if (this.#ledger.decodedBytes > this.limits.decodedBytes) refuse('LIMIT-SIZE')
    this.checkTime()
  }

  /** Bytes that may still be decoded: the `maxOutputLength` for zlib. At least 1. */
  get remainingBytes(): number {
    return Math.max(1, this.limits.decodedBytes - this.#ledger.decodedBytes)
  }

  /** Call with the number of container members. Refuses `LIMIT-ENTRIES`. */
  spendEntries(count: number): void {
    this.#ledger.entries += count
    if (this.#ledger.entries > this.limits.entries) refuse('LIMIT-ENTRIES')
  }

  /** Call in long loops. Refuses `LIMIT-TIME`. */
  checkTime(): void {
    if (this.#ledger.clock() > this.#ledger.deadline) refuse('LIMIT-TIME')
  }

  /**
   * Rebuilds a member of a container by its own type, with the shared budgets. Never throws `Refusal`.
   * `place` names the member in reports (`member 2`). Beyond the depth limit: `LIMIT-DEPTH`.
   */
  rebuildNested(bytes: Uint8Array, declaredExtension: string, place: string): NestedResult {
    const child = new Context(this.#options, { context: this, place })
    if (child.depth > this.limits.depth) {
      return { ok: false, reason: 'LIMIT-DEPTH', type: 'unknown' }
    }
    const rebuild = this.#options.rebuildNested
    if (!rebuild) return { ok: false, reason: 'TYPE-DENIED', type: 'unknown' }
    return rebuild(bytes, declaredExtension, child)
  }

  /**
   * The same file as docx, xlsx or pptx, made by the converter outside of this process; hostile like any input. When there is no
   * answer yet, the question is noted for the parent and the file refused `OLE-POLICY`; when the converter could not: `OLE-CONVERT`.
   *
   * @param from `doc`, `xls`, `ppt` or `xlsb`
   */
  convert(bytes: Uint8Array, from: string): Uint8Array {
    const answer = this.ask(`office:${from}`, bytes)
    return answer ?? refuse(answer === null ? 'OLE-CONVERT' : 'OLE-POLICY')
  }

  /** What a tool makes of `bytes`; `null` when it could not, `undefined` when it was not asked yet: then the question is noted. */
  ask(tool: string, bytes: Uint8Array): Uint8Array | null | undefined {
    const key = toolKey(tool, bytes)
    const answer = this.#options.tools?.get(key)
    if (answer !== undefined) return answer
    const { wanted } = this.#ledger
    if (wanted.size < MAX_TOOL_REQUESTS) wanted.set(key, { key, tool, bytes })
    return undefined
  }

  /** Questions to tools that have no answer yet. */
  get wanted(): readonly ToolRequest[] {
    return [...this.#ledger.wanted.values()]
  }

  /** Rebuilds bytes that were found by taking a wrapping away (decryption, conversion): same place, same depth. */
  rebuildInstead(bytes: Uint8Array, declaredExtension: string): NestedResult {
    const rebuild = this.#options.rebuildNested
    if (!rebuild) return { ok: false, reason: 'TYPE-DENIED', type: 'unknown' }
    return rebuild(bytes, declaredExtension, this)
  }

  /** Everything reported so far, in a stable order. */
  report(): { readonly removed: readonly Removal[]; readonly kept: readonly Removal[] } {
    return { removed: rows(this.#ledger.removed), kept: rows(this.#ledger.kept) }
  }
}

function openLedger(options: ContextOptions): Ledger {
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const clock = options.clock ?? (() => performance.now())
  return {
    decodedBytes: 0,
    entries: 0,
    wanted: new Map(),
    removed: new Map(),
    kept: new Map(),
    deadline: clock() + limits.milliseconds,
    clock,
    limits,
  }
}

function addRow(table: Map<string, Removal>, rule: string, where: string, count: number): void {
  if (count <= 0) return
  const place = canonicalPlace(where)
  let key = `${rule}\n${place}`
  let row: Removal = { rule, where: place, count: 0 }
  if (!table.has(key) && table.size >= MAX_ROWS) {
    key = `${rule}\n`
    row = { rule, where: '', count: 0 }
  }
  const before = table.get(key) ?? row
  table.set(key, { ...before, count: Math.min(MAX_COUNT, before.count + count) })
}

/** Attackers choose part names; only a small alphabet may reach a report. */
function canonicalPlace(where: string): string {
  return where.replace(/[^A-Za-z0-9 ._:/#-]/gu, '_').slice(0, 80)
}

function rows(table: Map<string, Removal>): Removal[] {
  return [...table.values()].toSorted(
    (a, b) => compare(a.rule, b.rule) || compare(a.where, b.where),
  )
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
