import type { Context } from '../family.ts'
import type { PdfFile } from './file.ts'
import { pruneSlots } from './gone.ts'
import { isDictionary, isReference, isStream } from './objects.ts'
import type { Uses } from './uses.ts'
import type { Link, Slot, Value } from './objects.ts'

/**
 * Reads one value of the input and gives its clean copy, or undefined when nothing of it may be written. A shape never throws for
 * bad input and never copies a key it does not name.
 */
export type Shape = (value: Value | undefined, walk: Walk) => Value | undefined

interface Task {
  readonly slot: Slot
  readonly run: () => Value | undefined
  readonly place: string
}

/** The state of one rebuild: which input object became which output object, and where we are. */
export class Walk {
  readonly file: PdfFile
  readonly context: Context
  /** Where the thing being read belongs, for reports: `catalog`, `page 3`, `outline`. */
  place = 'catalog'
  /** Output page by number of its input object. */
  readonly pages = new Map<number, Slot>()
  /** Output pages in order. */
  readonly pageList: Slot[] = []
  /** Place of input objects that belong to a page, for the census. */
  readonly places = new Map<number, string>()
  /** What each written content stream uses, by its packed bytes. */
  readonly uses = new Map<Uint8Array, Uses>()
  readonly #slots = new Map<number, Map<Shape, Slot>>()
  readonly #once = new Map<number, Map<object, Slot>>()
  readonly #made: Slot[] = []
  readonly #tasks: Task[] = []
  #named: ReadonlyMap<string, Value> | undefined

  constructor(file: PdfFile, context: Context) {
    this.file = file
    this.context = context
  }

  resolve(value: Value | undefined): Value {
    return this.file.resolve(value)
  }

  /** The entries of a dictionary, or of the dictionary of a stream; empty for anything else. */
  entries(value: Value | undefined): ReadonlyMap<string, Value> {
    const found = this.resolve(value)
    if (isStream(found)) return found.dictionary.entries
    return isDictionary(found) ? found.entries : EMPTY
  }

  /**
   * Link to the copy of `value` in the given shape, made later and once. A referenced object that is read in two shapes becomes two
   * objects. Copying later keeps the stack flat however deep the file nests.
   */
  link(value: Value | undefined, shape: Shape): Link {
    if (!isReference(value)) return this.fresh(() => shape(value, this))
    const known = this.#slots.get(value.number) ?? new Map<Shape, Slot>()
    this.#slots.set(value.number, known)
    const slot = known.get(shape)
    if (slot) return { kind: 'link', slot }
    if (!this.places.has(value.number)) this.places.set(value.number, this.place)
    const made = this.fresh(() => shape(this.resolve(value), this))
    known.set(shape, made.slot)
    return made
  }

  /**
   * As `link`, but made at once, so that the caller learns whether there is anything. A loop reads as nothing. Only for what nests
   * a few levels.
   */
  once(value: Value | undefined, key: object, build: () => Value | undefined): Value | undefined {
    if (!isReference(value)) return build()
    const known = this.#once.get(value.number) ?? new Map<object, Slot>()
    this.#once.set(value.number, known)
    const before = known.get(key)
    if (before) return before.value === undefined ? undefined : { kind: 'link', slot: before }
    const slot: Slot = { value: undefined }
    this.#made.push(slot)
    known.set(key, slot)
    slot.value = build()
    return slot.value === undefined ? undefined : { kind: 'link', slot }
  }

  /** Link to a new object whose value is computed later. */
  fresh(run: () => Value | undefined): Link {
    const slot: Slot = { value: undefined }
    this.#made.push(slot)
    this.#tasks.push({ slot, run, place: this.place })
    return { kind: 'link', slot }
  }

  /** Runs all postponed copies and those that they postpone, then drops what lacks what it needs. */
  finish(): void {
    for (let task = this.#tasks.pop(); task; task = this.#tasks.pop()) {
      this.place = task.place
      task.slot.value = task.run()
      this.context.checkTime()
    }
    pruneSlots(this.#made)
  }

  /** Runs `work` with another place in the reports. */
  at<T>(place: string, work: () => T): T {
    const before = this.place
    this.place = place
    try {
      return work()
    } finally {
      this.place = before
    }
  }

  /** Destinations by name, read once when first asked for. */
  named(read: (walk: Walk) => Map<string, Value>): ReadonlyMap<string, Value> {
    this.#named ??= read(this)
    return this.#named
  }

  removed(rule: string, count = 1): void {
    this.context.removed(rule, this.place, count)
  }

  kept(rule: string, count = 1): void {
    this.context.kept(rule, this.place, count)
  }
}

const EMPTY: ReadonlyMap<string, Value> = new Map()
