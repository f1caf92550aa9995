import { Refusal, refuse } from '../../family.ts'
import type { Context } from '../../family.ts'
import { reportMetadata } from '../leftover.ts'
import { MAX_SEGMENTS } from '../limits.ts'
import { TiffFile, wholeOf } from './directory.ts'
import type { Directory, Field } from './directory.ts'
import { reportGaps } from './extents.ts'
import type { Extent } from './extents.ts'
import { readLayout } from './layout.ts'
import type { Layout } from './layout.ts'
import { readPage } from './read.ts'
import { TAG, treatment } from './tags.ts'
import { TiffWriter } from './write.ts'

/** Strips may share their data, but not so that a small file asks to have it decoded again and again. */
const MAX_REUSE = 4
const REUSE_SLACK = 65_536
/** Of a dropped value, and of all of them, so much is searched for the beginnings of other formats. */
const SEARCHED_BYTES = 65_536
const SEARCHED_TOGETHER = 16_777_216
const MAX_DIRECTORY_TAGS = 16

/**
 * TIFF and BigTIFF in, TIFF of the same pages out. Thumbnails and masks are no pages. A page that cannot be decoded is left out and
 * reported when others can; a scheme that is not read (IMG-TIFF) or a bomb refuses the file. Throws `Refusal`.
 */
export function tiffFromTiff(
  bytes: Uint8Array,
  context: Context,
  where: string,
): { output: Uint8Array; width: number; height: number } {
  return new TiffRebuild(bytes, context, where).run()
}

class TiffRebuild {
  readonly #bytes: Uint8Array
  readonly #context: Context
  readonly #where: string
  readonly #file: TiffFile
  readonly #writer = new TiffWriter()
  readonly #layouts = new Map<Directory, Layout>()
  #stored = 0
  #searched = 0
  #segments = 0
  #first: Layout | undefined

  constructor(bytes: Uint8Array, context: Context, where: string) {
    this.#bytes = bytes
    this.#context = context
    this.#where = where
    this.#file = new TiffFile(bytes)
  }

  run(): { output: Uint8Array; width: number; height: number } {
    const { pages, extents, cut } = this.#file.directories()
    if (pages.length === 0) refuse('IMG-DECODE')
    const shown = shownPages(pages)
    this.#readLayouts(shown)
    for (const [i, page] of shown.entries()) this.#addPage(page, this.#placeOf(i, shown.length))
    if (!this.#first) refuse('IMG-DECODE')
    if (cut) this.#context.kept('IMG-TRUNCATED', this.#where)
    this.#reportDropped(pages, shown)
    this.#reportGaps(extents, pages)
    const { width, height } = this.#first
    return { output: this.#writer.finish(), width, height }
  }

  #placeOf(index: number, pages: number): string {
    return pages === 1 ? this.#where : `${this.#where} page ${index + 1}`.trim()
  }

  /** Before anything is decoded, so that a bomb costs nothing. A page that makes no sense has no layout. */
  #readLayouts(pages: readonly Directory[]): void {
    for (const page of pages) {
      const layout = unlessDamaged(() => readLayout(page))
      if (!layout) continue
      this.#checkReuse(layout)
      this.#layouts.set(page, layout)
    }
  }

  #addPage(page: Directory, where: string): void {
    const layout = this.#layouts.get(page)
    const read = layout && unlessDamaged(() => readPage(page, layout, this.#context, where))
    if (!read) {
      this.#context.removed('IMG-DECODE', where)
      return
    }
    this.#writer.add(read)
    this.#first ??= layout
  }

  /** Pages may share strips, and even whole lists of them, but a small file must not grow by that. */
  #checkReuse({ segments }: Layout): void {
    this.#segments += segments.length
    for (const { size } of segments) this.#stored += size
    const stored = this.#bytes.length * MAX_REUSE + REUSE_SLACK
    if (this.#stored > stored || this.#segments > MAX_SEGMENTS) refuse('IMG-BOMB')
  }

  #reportDropped(pages: readonly Directory[], shown: readonly Directory[]): void {
    const hidden = pages.length - shown.length
    this.#context.removed('IMG-TIFF', this.#where, hidden)
    for (const { fields } of pages) for (const field of fields.values()) this.#reportField(field)
  }

  #reportField({ tag, at, size }: Field): void {
    const rule = treatment(tag)
    if (rule === 'read' || rule === 'hint') return
    const searched = Math.min(size, SEARCHED_BYTES, SEARCHED_TOGETHER - this.#searched)
    this.#searched += searched
    reportMetadata(this.#context, rule, this.#bytes.subarray(at, at + searched), this.#where)
  }

  #reportGaps(extents: Extent[], pages: readonly Directory[]): void {
    for (const page of pages) {
      for (const field of page.fields.values()) {
        extents.push(field)
        if (treatment(field.tag) !== 'read') this.#addChildren(field, extents)
      }
      this.#addData(page, extents)
    }
    reportGaps(this.#bytes, extents, this.#context, this.#where)
  }

  /** The data of a page, shown or not; beyond the ceiling it is reported as bytes that belong to nothing. */
  #addData(page: Directory, extents: Extent[]): void {
    const shown = this.#layouts.get(page)
    const layout = shown ?? (this.#segments < MAX_SEGMENTS ? hiddenLayout(page) : undefined)
    if (!layout) return
    for (const segment of layout.segments) extents.push(segment)
    if (!shown) this.#segments += layout.segments.length
  }

  /** A dropped directory of Exif, GPS or thumbnails is reported by its tag, not as bytes that belong to nothing. */
  #addChildren(field: Field, extents: Extent[]): void {
    if (!DIRECTORY_TAGS.has(field.tag)) return
    for (const at of this.#file.numbers(field, MAX_DIRECTORY_TAGS)) {
      const child = this.#file.directoryAt(at, extents)
      for (const value of child?.fields.values() ?? []) extents.push(value)
      if (child) this.#addData(child, extents)
    }
  }
}

/** SubIFDs, Exif, GPS, interoperability. */
const DIRECTORY_TAGS: ReadonlySet<number> = new Set([330, 34665, 34853, 40965])

/** Where the data of a directory stands that is not shown; undefined when it makes no sense. */
function hiddenLayout(page: Directory): Layout | undefined {
  try {
    return readLayout(page)
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

/** Undefined in place of the refusal IMG-DECODE; any other goes on. */
function unlessDamaged<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof Refusal && error.reason === 'IMG-DECODE') return undefined
    throw error
  }
}

const REDUCED = 1
const MASK = 4
const OLD_REDUCED = 2

/** The pages that a viewer turns over: no reduced versions, no masks, unless there is nothing else. */
function shownPages(pages: readonly Directory[]): readonly Directory[] {
  const shown = pages.filter((page) => {
    const kind = wholeOf(page, TAG.NewSubfileType, 0)
    return (kind & (REDUCED | MASK)) === 0 && wholeOf(page, TAG.SubfileType, 1) !== OLD_REDUCED
  })
  return shown.length > 0 ? shown : pages.slice(0, 1)
}
