import { refuse } from '../family.ts'
import { isDictionary, isLink, isName, isStream } from './objects.ts'
import type { Dictionary, Stream, Value } from './objects.ts'
import type { Category, Uses } from './uses.ts'
import type { Walk } from './walk.ts'

/** Forms in forms, patterns in forms, glyphs in patterns … */
const MAX_DEPTH = 48
/** Operators a reader would run to paint one page, with every use counted: a map has some millions. */
const MAX_WORK = 500_000_000

/**
 * Refuses `PDF-CONTENT` when painting a page would never end (a form that paints itself, also through a pattern, a soft mask or
 * a glyph) or would take hours (ten forms that each paint the next one ten times). Resources that are there but not used do not count.
 */
export function checkPainting(walk: Walk): void {
  const survey: Survey = { walk, known: new Map(), open: new Set() }
  for (const slot of walk.pageList) {
    const page = slot.value
    if (!isDictionary(page)) continue
    const resources = follow(page.entries.get('Resources'))
    const content = follow(page.entries.get('Contents'))
    if (isStream(content)) streamWork(content, resources, survey, 0)
    walk.context.checkTime()
  }
}

interface Survey {
  readonly walk: Walk
  /** By packed bytes, then by the resources it is painted with. */
  readonly known: Map<Uint8Array, Map<Value, number>>
  readonly open: Set<Uint8Array>
}

function follow(value: Value | undefined): Value {
  return (isLink(value) ? value.slot.value : value) ?? null
}

function streamWork(stream: Stream, inherited: Value, survey: Survey, depth: number): number {
  const uses = survey.walk.uses.get(stream.raw)
  if (!uses) return 1
  const own = follow(stream.dictionary.entries.get('Resources'))
  const resources = own ?? inherited
  const before = survey.known.get(stream.raw)?.get(resources)
  if (before !== undefined) return before
  if (depth > MAX_DEPTH || survey.open.has(stream.raw)) refuse('PDF-CONTENT')
  survey.open.add(stream.raw)
  const work = usesWork(uses, resources, survey, depth)
  survey.open.delete(stream.raw)
  const known = survey.known.get(stream.raw) ?? new Map<Value, number>()
  survey.known.set(stream.raw, known.set(resources, work))
  return work
}

function usesWork(uses: Uses, resources: Value, survey: Survey, depth: number): number {
  let work = uses.operators
  for (const [category, names] of uses.names) {
    for (const [called, times] of names) {
      const thing = resource(resources, category, called)
      work += times * thingWork(thing, resources, survey, depth + 1)
      if (work > MAX_WORK) refuse('PDF-CONTENT')
    }
  }
  return work
}

function resource(resources: Value, category: Category, called: string): Value {
  const map = isDictionary(resources) ? follow(resources.entries.get(category)) : null
  return isDictionary(map) ? follow(map.entries.get(called)) : null
}

function thingWork(thing: Value, inherited: Value, survey: Survey, depth: number): number {
  if (isStream(thing)) return streamWork(thing, inherited, survey, depth)
  if (!isDictionary(thing)) return 0
  return maskWork(thing, inherited, survey, depth) + glyphWork(thing, inherited, survey, depth)
}

/** `SMask` of a graphics state, also of the one in a shading pattern. */
function maskWork(thing: Dictionary, inherited: Value, survey: Survey, depth: number): number {
  const state = follow(thing.entries.get('ExtGState'))
  const inner = isDictionary(state) ? maskWork(state, inherited, survey, depth + 1) : 0
  const mask = follow(thing.entries.get('SMask'))
  const group = isDictionary(mask) ? follow(mask.entries.get('G')) : null
  const font = follow(fontOf(thing))
  const glyphs = isDictionary(font) ? glyphWork(font, inherited, survey, depth + 1) : 0
  return inner + glyphs + (isStream(group) ? streamWork(group, inherited, survey, depth) : 0)
}

function fontOf(thing: Dictionary): Value | undefined {
  const pair = follow(thing.entries.get('Font'))
  return pair !== null && typeof pair === 'object' && pair.kind === 'list'
    ? pair.items[0]
    : undefined
}

/** The costliest glyph of a Type 3 font stands for all. */
function glyphWork(font: Dictionary, inherited: Value, survey: Survey, depth: number): number {
  if (!isName(font.entries.get('Subtype'), 'Type3')) return 0
  const glyphs = follow(font.entries.get('CharProcs'))
  const resources = follow(font.entries.get('Resources')) ?? inherited
  let most = 0
  for (const link of isDictionary(glyphs) ? glyphs.entries.values() : []) {
    const glyph = follow(link)
    if (isStream(glyph)) most = Math.max(most, streamWork(glyph, resources, survey, depth))
  }
  return most
}
