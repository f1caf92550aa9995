import type { PdfFile } from './pdf-file.ts'
import { nameOf } from './pdf-rule.ts'
import type { Uses } from './pdf-rule.ts'
import type { Value } from './pdf-value.ts'
import { demand } from './rejection.ts'

/** Forms in forms, patterns in forms, glyphs in patterns … */
const MAX_DEPTH = 48
/** Operators a reader would run for one page, with every use counted. */
const MAX_WORK = 500_000_000

/**
 * Accepts when painting every page ends and ends soon: a form that paints itself hangs a viewer, ten that each paint the next one ten
 * times keep it busy for hours. Resources that are there but not used do not count.
 *
 * @param uses what each content stream uses, by object number
 */
export function verifyWork(
  file: PdfFile,
  pages: readonly number[],
  uses: ReadonlyMap<number, Uses>,
): void {
  const survey = new Survey(file, uses)
  for (const page of pages) survey.page(page)
}

/** Something met while painting, with the number of the object it stands in. */
interface Thing {
  readonly value: Value | undefined
  readonly number: number | undefined
}

const NOTHING: Thing = { value: undefined, number: undefined }

class Survey {
  readonly #file: PdfFile
  readonly #uses: ReadonlyMap<number, Uses>
  /** Work of a stream with the resources it is painted with. */
  readonly #known = new Map<number, Map<Value | undefined, number>>()
  readonly #open = new Set<number>()

  constructor(file: PdfFile, uses: ReadonlyMap<number, Uses>) {
    this.#file = file
    this.#uses = uses
  }

  page(number: number): void {
    const page: Thing = { value: this.#file.objects[number - 1], number }
    this.#stream(this.#at(page, 'Contents'), this.#at(page, 'Resources'), 0)
  }

  #at({ value }: Thing, key: string): Thing {
    if (value?.kind !== 'dict' && value?.kind !== 'stream') return NOTHING
    return this.#follow(value.entries.get(key))
  }

  #follow(value: Value | undefined): Thing {
    if (value?.kind !== 'reference') return { value, number: undefined }
    return { value: this.#file.objects[value.number - 1], number: value.number }
  }

  #stream(stream: Thing, inherited: Thing, depth: number): number {
    const uses = stream.number === undefined ? undefined : this.#uses.get(stream.number)
    if (uses === undefined || stream.number === undefined) return 1
    const own = this.#at(stream, 'Resources')
    const resources = own.value === undefined ? inherited : own
    const before = this.#known.get(stream.number)?.get(resources.value)
    if (before !== undefined) return before
    this.#demand(depth <= MAX_DEPTH && !this.#open.has(stream.number), stream.number)
    this.#open.add(stream.number)
    const work = this.#work(uses, resources, depth, stream.number)
    this.#open.delete(stream.number)
    const known = this.#known.get(stream.number) ?? new Map<Value | undefined, number>()
    this.#known.set(stream.number, known.set(resources.value, work))
    return work
  }

  #work(uses: Uses, resources: Thing, depth: number, number: number): number {
    let work = uses.operators
    for (const [category, names] of uses.names) {
      for (const [name, times] of names) {
        const thing = this.#at(this.#at(resources, category), name)
        work += times * this.#thing(thing, resources, depth + 1)
        this.#demand(work <= MAX_WORK, number)
      }
    }
    return work
  }

  #thing(thing: Thing, inherited: Thing, depth: number): number {
    if (thing.value?.kind === 'stream') return this.#stream(thing, inherited, depth)
    if (thing.value?.kind !== 'dict') return 0
    return this.#state(thing, inherited, depth) + this.#glyphs(thing, inherited, depth)
  }

  /** Soft mask and font of a graphics state, also of the one in a shading pattern. */
  #state(thing: Thing, inherited: Thing, depth: number): number {
    this.#demand(depth <= MAX_DEPTH, thing.number ?? 0)
    const state = this.#at(thing, 'ExtGState')
    const inner = state.value === undefined ? 0 : this.#state(state, inherited, depth + 1)
    const group = this.#at(this.#at(thing, 'SMask'), 'G')
    const mask = group.value === undefined ? 0 : this.#stream(group, inherited, depth)
    const pair = this.#at(thing, 'Font').value
    const font = pair?.kind === 'array' ? this.#follow(pair.items[0]) : NOTHING
    return inner + mask + this.#glyphs(font, inherited, depth + 1)
  }

  /** The costliest glyph of a Type 3 font stands for all. */
  #glyphs(font: Thing, inherited: Thing, depth: number): number {
    if (nameOf(this.#at(font, 'Subtype').value) !== 'Type3') return 0
    const own = this.#at(font, 'Resources')
    const glyphs = this.#at(font, 'CharProcs').value
    let most = 0
    for (const glyph of glyphs?.kind === 'dict' ? glyphs.entries.values() : []) {
      const work = this.#stream(
        this.#follow(glyph),
        own.value === undefined ? inherited : own,
        depth,
      )
      most = Math.max(most, work)
    }
    return most
  }

  #demand(condition: boolean, number: number): void {
    demand(condition, 'VERIFY-PDF-WORK', `object ${number}`)
  }
}
