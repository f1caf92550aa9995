import { isAllowedAnnotation } from './annotation.ts'
import { cleanUrl, NAMED_ACTIONS } from './action.ts'
import { childrenOf, isCompound } from './file.ts'
import { Lexer, SyntaxFault } from './lexer.ts'
import { isDictionary, isList, isName, isReference, isStream, isText } from './objects.ts'
import type { Value } from './objects.ts'
import type { Walk } from './walk.ts'

/**
 * Reports what the input had and the output does not: it looks at every object of the input, also at those that nothing refers to. Names
 * are compared after decoding, so `#4a#53` is `JS`. The writing is by allow-list and does not depend on this.
 */
export function takeCensus(input: Uint8Array, walk: Walk): void {
  const { file, context } = walk
  const reachable = reachableNumbers(walk)
  spreadPlaces(walk)
  let unreferenced = 0
  for (const number of file.table.entries.keys()) {
    const value = loadQuietly(walk, number)
    if (value === null) continue
    if (!reachable.has(number) && !isStructural(value)) unreferenced += 1
    countObject(value, walk.places.get(number) ?? `object ${number}`, walk)
  }
  countObject(file.trailer, 'trailer', walk, true)
  const { revisions } = file.table
  context.removed('PDF-INCR', 'revisions', revisions)
  context.removed('PDF-INCR', 'unreferenced', unreferenced)
  if (file.mended) context.removed('PDF-XREF', 'xref')
  if (file.encrypted) context.removed('PDF-ENC', 'trailer')
  reportSurroundings(input, walk)
}

/** Keys that lead out of a page, not into it. */
const OUTWARD = new Set(['Parent', 'P', 'Dest', 'D', 'Pg', 'IRT', 'Popup'])

/** What hangs on a page belongs to it, also what was not written: a person looks for a page, not for an object number. */
function spreadPlaces(walk: Walk): void {
  const elsewhere = new Map(walk.places)
  walk.places.clear()
  spread(walk, new Map([...walk.pages.keys()].map((number) => [number, elsewhere.get(number)])))
  spread(walk, elsewhere)
}

function spread(walk: Walk, seeds: ReadonlyMap<number, string | undefined>): void {
  const { places, file } = walk
  for (const [seed, place = ''] of seeds) {
    if (places.has(seed)) continue
    places.set(seed, place)
    const waiting = [seed]
    for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
      for (const found of referencesIn(file.object({ kind: 'reference', number, generation: 0 }))) {
        if (places.has(found) || walk.pages.has(found)) continue
        places.set(found, place)
        waiting.push(found)
      }
    }
  }
}

function referencesIn(value: Value): number[] {
  const numbers: number[] = []
  const waiting: Value[] = [value]
  while (waiting.length > 0) {
    const next = waiting.pop() as Value
    if (isReference(next)) numbers.push(next.number)
    else if (isDictionary(next) || isStream(next)) {
      const { entries } = isStream(next) ? next.dictionary : next
      for (const [key, child] of entries)
        if (isCompound(child) && !OUTWARD.has(key)) waiting.push(child)
    } else for (const child of childrenOf(next)) if (isCompound(child)) waiting.push(child)
  }
  return numbers
}

function loadQuietly(walk: Walk, number: number): Value {
  const entry = walk.file.table.entries.get(number)
  const generation = entry?.kind === 'offset' ? entry.generation : 0
  try {
    return walk.file.object({ kind: 'reference', number, generation })
  } catch (fault) {
    if (fault instanceof SyntaxFault) return null
    throw fault
  }
}

function reachableNumbers(walk: Walk): Set<number> {
  const seen = new Set<number>()
  const waiting: Value[] = [walk.file.trailer]
  while (waiting.length > 0) {
    const value = waiting.pop() as Value
    if (!isReference(value)) {
      for (const child of childrenOf(value)) if (isCompound(child)) waiting.push(child)
    } else if (!seen.has(value.number)) {
      seen.add(value.number)
      waiting.push(walk.file.object(value))
    }
  }
  return seen
}

/** Object streams, cross-reference streams and the linearization dictionary are the container, not the content. */
function isStructural(value: Value): boolean {
  if (isDictionary(value)) return value.entries.has('Linearized')
  if (!isStream(value)) return false
  const type = value.dictionary.entries.get('Type')
  return isName(type, 'ObjStm') || isName(type, 'XRef') || value.dictionary.entries.has('S')
}

/** Looks at every dictionary inside one object; references are not followed, each object has its own turn. */
function countObject(value: Value, place: string, walk: Walk, isTrailer = false): void {
  const waiting: Value[] = [value]
  while (waiting.length > 0) {
    const next = waiting.pop() as Value
    if (isReference(next)) continue
    const report = (rule: string): void => walk.context.removed(rule, place)
    if (isStream(next)) countStream(next.dictionary.entries, walk, report)
    const entries = isStream(next)
      ? next.dictionary.entries
      : isDictionary(next)
        ? next.entries
        : undefined
    if (entries) countEntries(entries, walk, report, isTrailer)
    for (const child of childrenOf(next)) if (isCompound(child)) waiting.push(child)
  }
}

type Entries = ReadonlyMap<string, Value>
type Report = (rule: string) => void

/** Data that a reader would fetch from somewhere else. */
function countStream(entries: Entries, walk: Walk, report: Report): void {
  if (entries.has('FFilter') || entries.has('FDecodeParms') || entries.has('F'))
    report('PDF-EXTSTREAM')
  const subtype = walk.resolve(entries.get('Subtype'))
  if (isName(subtype, 'PS')) report('PDF-EXTSTREAM')
  if (isName(walk.resolve(entries.get('Type')), '3D')) report('PDF-3D')
  if (isName(walk.resolve(entries.get('Type')), 'EmbeddedFile')) report('PDF-EMBED')
}

function countEntries(entries: Entries, walk: Walk, report: Report, isTrailer: boolean): void {
  for (const [key, value] of entries) {
    const known = KEYS.get(key)
    if (known?.test(walk.resolve(value), walk) === true) report(known.rule)
  }
  countAction(entries, walk, report)
  countAnnotation(entries, walk, report)
  countFileSpecification(entries, walk, report)
  if (isTrailer) countInfo(walk, report)
}

type Test = (value: Value, walk: Walk) => boolean

const always: Test = () => true
const isCode: Test = (value) => isText(value) || isStream(value)
const isMap: Test = (value) => isDictionary(value)
const isArray: Test = (value) => isList(value)
const isData: Test = (value) => isStream(value)

/** `AA` is also a fine name for a font: it counts when it holds actions. */
const holdsActions: Test = (value, walk) => {
  if (!isDictionary(value)) return false
  return [...value.entries.values()].some((each) =>
    isName(walk.resolve(walk.entries(each).get('S'))),
  )
}

/** An action other than "go to a page here". */
const isOtherAction: Test = (value, walk) =>
  isDictionary(value) && !isName(walk.resolve(value.entries.get('S')), 'GoTo')

const isSignature: Test = (value) => isList(value)

const hasText: Test = (value) => isText(value) && value.bytes.length > 0

/** Key, what its value must look like (so that a resource that happens to have the name is not accused), rule. */
const KEYS: ReadonlyMap<string, { readonly test: Test; readonly rule: string }> = new Map(
  (
    [
      ['JS', isCode, 'PDF-JS'],
      ['JavaScript', isMap, 'PDF-JS'],
      ['AA', holdsActions, 'PDF-OPEN'],
      ['OpenAction', isOtherAction, 'PDF-OPEN'],
      ['EmbeddedFiles', isMap, 'PDF-EMBED'],
      ['EF', isMap, 'PDF-EMBED'],
      ['AF', (value) => isList(value) || isDictionary(value), 'PDF-EMBED'],
      ['Collection', isMap, 'PDF-EMBED'],
      ['XFA', always, 'PDF-FORM'],
      ['RV', isCode, 'PDF-FORM'],
      ['CO', isArray, 'PDF-FORM'],
      ['PMD', isMap, 'PDF-FORM'],
      ['RC', isCode, 'PDF-ANNOT'],
      ['ByteRange', isSignature, 'PDF-SIG'],
      ['Perms', isMap, 'PDF-SIG'],
      ['DSS', isMap, 'PDF-SIG'],
      ['Ref', isMap, 'PDF-EXTSTREAM'],
      ['OPI', isMap, 'PDF-EXTSTREAM'],
      ['PS', isData, 'PDF-EXTSTREAM'],
      ['Alternates', isArray, 'PDF-EXTSTREAM'],
      ['3DD', always, 'PDF-3D'],
      ['3DA', isMap, 'PDF-3D'],
      ['OnInstantiate', isData, 'PDF-3D'],
      ['Metadata', isData, 'PDF-META'],
      ['PieceInfo', isMap, 'PDF-META'],
      ['Thumb', isData, 'PDF-META'],
      ['LastModified', isText, 'PDF-META'],
      ['SpiderInfo', isMap, 'PDF-META'],
      ['Threads', isArray, 'PDF-META'],
      ['OutputIntents', isArray, 'PDF-META'],
      ['CreationDate', isText, 'PDF-META'],
      ['Trans', isMap, 'PDF-VIEW'],
      ['PresSteps', isMap, 'PDF-VIEW'],
      ['Requirements', isArray, 'PDF-VIEW'],
    ] as readonly (readonly [string, Test, string])[]
  ).map(([key, test, rule]) => [key, { test, rule }]),
)

const FORBIDDEN_ACTIONS = new Set(
  `Launch GoToR GoToE SubmitForm ImportData ResetForm Hide Thread SetOCGState Trans Movie Sound Rendition
   RichMediaExecute GoTo3DView GoToDp`.split(/\s+/u),
)

function countAction(entries: Entries, walk: Walk, report: Report): void {
  const kind = walk.resolve(entries.get('S'))
  if (!isName(kind) || entries.has('P') || entries.has('Pg')) return
  if (kind.value === 'JavaScript' && !entries.has('JS')) report('PDF-JS')
  if (FORBIDDEN_ACTIONS.has(kind.value)) report('PDF-ACTION')
  if (kind.value === 'URI' && cleanUrl(walk.resolve(entries.get('URI'))) === undefined)
    report('PDF-ACTION')
  if (kind.value !== 'Named') return
  const called = walk.resolve(entries.get('N'))
  if (isName(called) && !NAMED_ACTIONS.has(called.value)) report('PDF-ACTION')
}

const ANNOTATION_RULES: ReadonlyMap<string, string> = new Map([
  ['FileAttachment', 'PDF-EMBED'],
  ['3D', 'PDF-3D'],
])

function countAnnotation(entries: Entries, walk: Walk, report: Report): void {
  const subtype = walk.resolve(entries.get('Subtype'))
  if (!isName(subtype) || !isList(walk.resolve(entries.get('Rect')))) return
  if (!isAllowedAnnotation(subtype.value))
    report(ANNOTATION_RULES.get(subtype.value) ?? 'PDF-ANNOT')
  const isWidget = subtype.value === 'Widget'
  if (!isWidget && (hasText(walk.resolve(entries.get('T')), walk) || entries.has('M')))
    report('PDF-META')
  if (isWidget && isName(walk.resolve(entries.get('FT')), 'Sig')) report('PDF-SIG')
}

/** A path of a file somewhere: UNC paths make Windows hand over the user's password hash. */
function countFileSpecification(entries: Entries, walk: Walk, report: Report): void {
  const type = walk.resolve(entries.get('Type'))
  const isFile = isName(type, 'Filespec') || isName(type, 'F')
  if (isFile && !entries.has('EF')) report('PDF-URIBASE')
  const base = walk.entries(entries.get('URI')).get('Base')
  if (base !== undefined) report('PDF-URIBASE')
}

function countInfo(walk: Walk, report: Report): void {
  for (const [key, value] of walk.entries(walk.file.trailer.entries.get('Info'))) {
    if (key !== 'Title' && key !== 'CreationDate' && hasText(walk.resolve(value), walk))
      report('PDF-META')
  }
}

/** Bytes that belong to no PDF: another format in front or behind. */
function reportSurroundings(input: Uint8Array, walk: Walk): void {
  const buffer = Buffer.from(input.buffer, input.byteOffset, input.length)
  const start = buffer.subarray(0, 1029).indexOf('%PDF-')
  if (start > 0) walk.context.removed('PDF-POLY', 'start')
  if (start < 0) walk.context.removed('PDF-XREF', 'header')
  const end = buffer.lastIndexOf('%%EOF')
  if (end < 0) return
  const behind = new Lexer(input, end + 5)
  behind.skip()
  if (behind.at < input.length) walk.context.removed('PDF-POLY', 'end')
}
