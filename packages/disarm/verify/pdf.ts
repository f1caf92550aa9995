import type { Budget } from './budget.ts'
import { verifyJpeg } from './jpeg.ts'
import { verifyContent } from './pdf-content.ts'
import { decoded, filterOf, readPdf } from './pdf-file.ts'
import type { Dictionary, PdfFile, PdfObject } from './pdf-file.ts'
import { FORBIDDEN_KEYS, FREE_KEYS, KEYS, STREAM_FORBIDDEN_KEYS } from './pdf-keys.ts'
import type { Value } from './pdf-value.ts'
import { Rejection, demand } from './rejection.ts'
import { urlAllowed } from './url.ts'

const FILTERS = new Set(['FlateDecode', 'DCTDecode', 'CCITTFaxDecode', 'JPXDecode', 'JBIG2Decode'])
const NAMED_ACTIONS = new Set(['NextPage', 'PrevPage', 'FirstPage', 'LastPage'])
const ANNOTATIONS = new Set(
  'Link Text FreeText Line Square Circle Polygon PolyLine Highlight Underline Squiggly StrikeOut Stamp Caret Ink Popup Widget'.split(
    ' ',
  ),
)
const TRAILER_KEYS = new Set(['Size', 'Root', 'ID', 'Info'])

/** Accepts a canonical PDF in which every object is reachable and every key, action, filter and operator is listed. */
export function verifyPdf(bytes: Uint8Array, budget: Budget): void {
  const file = readPdf(bytes)
  for (const key of file.trailer.keys()) demand(TRAILER_KEYS.has(key), 'VERIFY-PDF-KEY', 'trailer')
  const size = file.trailer.get('Size')
  demand(size?.kind === 'number' && size.value === file.objects.length + 1, 'VERIFY-PDF', 'trailer')
  const seen = new Walker(file, budget).walk()
  demand(seen === file.objects.length, 'VERIFY-PDF-UNREACHABLE', 'objects')
}

class Walker {
  readonly #file: PdfFile
  readonly #budget: Budget
  readonly #seen = new Set<number>()
  readonly #queue: { readonly number: number; readonly key: string; readonly free: boolean }[] = []

  constructor(file: PdfFile, budget: Budget) {
    this.#file = file
    this.#budget = budget
  }

  walk(): number {
    for (const [key, value] of this.#file.trailer) this.#value(value, key, false, 'trailer')
    const root = this.#file.trailer.get('Root')
    demand(root?.kind === 'reference', 'VERIFY-PDF', 'trailer')
    for (let next = this.#queue.pop(); next !== undefined; next = this.#queue.pop()) {
      if (this.#seen.has(next.number)) continue
      this.#seen.add(next.number)
      this.#object(next.number, next.key, next.free)
    }
    return this.#seen.size
  }

  #object(number: number, key: string, free: boolean): void {
    const where = `object ${number}`
    const object = this.#file.objects[number - 1]
    if (object === undefined) throw new Rejection('VERIFY-PDF', where)
    this.#value(object.value, key, free, where)
    if (object.value.kind === 'dict' && object.stream !== undefined)
      this.#stream(object, object.value.entries, key, free, where)
  }

  #value(value: Value, key: string, free: boolean, where: string): void {
    switch (value.kind) {
      case 'reference':
        demand(value.number >= 1 && value.number <= this.#file.objects.length, 'VERIFY-PDF', where)
        this.#queue.push({ number: value.number, key, free })
        return
      case 'array':
        for (const item of value.items) this.#value(item, key, free, where)
        return
      case 'dict':
        this.#dictionary(value.entries, free, where)
        return
      case 'operator':
        throw new Rejection('VERIFY-PDF', where)
      default:
    }
  }

  #dictionary(entries: Dictionary, free: boolean, where: string): void {
    if (!free) {
      for (const [key, value] of entries) this.#key(key, value, entries, where)
      this.#annotation(entries, where)
    }
    for (const [key, value] of entries) {
      // Below a resource category, an appearance or a name map the keys are the author's own names.
      this.#value(value, key, free ? false : FREE_KEYS.has(key), where)
    }
  }

  #key(key: string, value: Value, entries: Dictionary, where: string): void {
    demand(!FORBIDDEN_KEYS.has(key), 'VERIFY-PDF-KEY', where)
    demand(KEYS.has(key), 'VERIFY-PDF-KEY', `${where} ${key}`)
    // Outline items are linked by these; anywhere else they chain actions or revisions.
    if (key === 'Next' || key === 'Prev') demand(entries.has('Title'), 'VERIFY-PDF-KEY', where)
    if (key === 'OpenAction') demand(value.kind === 'array', 'VERIFY-PDF-ACTION', where)
    if (key === 'A' && value.kind !== 'name' && value.kind !== 'array')
      this.#action(this.#dictionaryOf(value), where)
    if (key === 'S' && value.kind === 'name' && entries.has('URI'))
      demand(value.value === 'URI', 'VERIFY-PDF-ACTION', where)
    if (key === 'URI') {
      demand(
        value.kind === 'string' && urlAllowed(value.value) && nameOf(entries.get('S')) === 'URI',
        'VERIFY-PDF-URI',
        where,
      )
    }
    if (key === 'Type')
      demand(nameOf(value) !== 'Action' || this.#actionAllowed(entries), 'VERIFY-PDF-ACTION', where)
    if (key === 'F') demand(value.kind === 'number' && value.integer, 'VERIFY-PDF-KEY', where)
    if (key === 'Subtype') demand(nameOf(value) !== 'PS', 'VERIFY-PDF-KEY', where)
    if (key === 'FT') demand(nameOf(value) !== 'Sig', 'VERIFY-PDF-KEY', where)
  }

  #action(entries: Dictionary | undefined, where: string): void {
    if (entries === undefined || !entries.has('S')) return
    demand(this.#actionAllowed(entries), 'VERIFY-PDF-ACTION', where)
  }

  #actionAllowed(entries: Dictionary): boolean {
    const kind = nameOf(entries.get('S'))
    if (kind === 'Named') return NAMED_ACTIONS.has(nameOf(entries.get('N')) ?? '')
    return kind === 'GoTo' || kind === 'URI'
  }

  #annotation(entries: Dictionary, where: string): void {
    const annotation =
      nameOf(entries.get('Type')) === 'Annot' || (entries.has('Rect') && entries.has('Subtype'))
    if (annotation)
      demand(ANNOTATIONS.has(nameOf(entries.get('Subtype')) ?? ''), 'VERIFY-PDF-ANNOT', where)
  }

  #stream(object: PdfObject, entries: Dictionary, key: string, free: boolean, where: string): void {
    for (const name of entries.keys())
      demand(!STREAM_FORBIDDEN_KEYS.has(name), 'VERIFY-PDF-KEY', where)
    const filter = filterOf(entries, where)
    demand(filter === undefined || FILTERS.has(filter), 'VERIFY-PDF-FILTER', where)
    if (filter === 'DCTDecode') verifyJpeg(object.stream!, this.#budget, where)
    const content = decoded(object, this.#budget, where)
    if (!isContent(entries, key, free)) return
    demand(content !== undefined, 'VERIFY-PDF-CONTENT', where)
    verifyContent(content, where)
  }

  #dictionaryOf(value: Value): Dictionary | undefined {
    const target = value.kind === 'reference' ? this.#file.objects[value.number - 1]?.value : value
    return target?.kind === 'dict' ? target.entries : undefined
  }
}

/** Page content, form, tiling pattern or Type 3 glyph: streams that a viewer executes. */
function isContent(entries: Dictionary, key: string, free: boolean): boolean {
  if (key === 'Contents') return true
  if (nameOf(entries.get('Subtype')) === 'Form') return true
  if (entries.has('PatternType')) return true
  return free && key === 'CharProcs'
}

function nameOf(value: Value | undefined): string | undefined {
  return value?.kind === 'name' ? value.value : undefined
}
