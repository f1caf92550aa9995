import {
  isCollection,
  isMap,
  isScalar,
  isSeq,
  visit,
  type Document,
  type Node,
  type Scalar,
} from 'yaml'
import { canonical } from './digest.ts'
import { layOut } from './format.ts'
import { MAX_EDITS } from './limits.ts'
import { parseText, type ParsedText } from './parse.ts'
import { readPath, type PathStep } from './path.ts'
import { listed, problem, type Problem, type ProblemReason } from './problem.ts'

/** What may be written at a place. */
export type EditValue =
  | string
  | number
  | boolean
  | readonly EditValue[]
  | { readonly [key: string]: EditValue }

/** Write a value at a path such as `flows[3].expires`, or take out what is there. */
export type Edit =
  | { readonly path: string; readonly value: EditValue }
  | { readonly path: string; readonly remove: true }

export type EditedTown =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/**
 * Edits a town file as a program would: comments and the order of keys survive. Values that replace values change
 * nothing else in the text, byte for byte; other edits lay the file out as `formatTown` does. All edits are made, in
 * order, or none. Whether the result is a town is for `readTown` to say.
 *
 * An item one past the end of a list is appended.
 */
export function editTown(text: string, edits: readonly Edit[]): EditedTown {
  const parsed = parseText(text)
  if (!parsed.ok) return parsed
  if (edits.length > MAX_EDITS) return refusal('TOWN-EDIT-MANY', '', { limit: MAX_EDITS })
  const edited = replaceScalars(text, parsed, edits) ?? rewrite(parsed, edits)
  if (!edited.ok) return edited
  const reread = parseText(edited.text)
  return reread.ok ? edited : reread
}

function refusal(
  reason: ProblemReason,
  path: string,
  values: Record<string, string | number>,
): EditedTown {
  return { ok: false, problems: listed([problem(reason, { path, line: 1, column: 1 }, values)]) }
}

interface Splice {
  readonly start: number
  readonly end: number
  readonly text: string
}

// The gentle way: only the bytes of the values themselves change. Undefined when the edits ask for more.
function replaceScalars(
  text: string,
  parsed: ParsedText,
  edits: readonly Edit[],
): EditedTown | undefined {
  if (new Set(edits.map((edit) => edit.path)).size < edits.length) return undefined
  const splices = edits.map((edit) => spliceOf(parsed.document, edit))
  if (!splices.every((splice) => splice !== undefined)) return undefined
  let result = text
  for (const { start, end, text: written } of splices.toSorted((a, b) => b.start - a.start)) {
    result = result.slice(0, start) + written + result.slice(end)
  }
  const reread = parseText(result)
  const kept = reread.ok && edits.every((edit) => holds(reread, edit))
  return kept ? { ok: true, text: result } : undefined
}

function spliceOf(document: Document.Parsed, edit: Edit): Splice | undefined {
  const steps = readPath(edit.path)
  if ('remove' in edit || steps === undefined || typeof edit.value === 'object') return undefined
  const node = nodeAt(document, steps)
  if (!isScalar(node) || !node.range || isBlock(node)) return undefined
  const [start, end] = node.range
  return end > start ? { start, end, text: scalarText(edit.value) } : undefined
}

const isBlock = (node: Scalar): boolean =>
  node.type === 'BLOCK_FOLDED' || node.type === 'BLOCK_LITERAL'

// Plain only where no reader could take it for anything but a text, in any place; quoted otherwise.
function scalarText(value: string | number | boolean): string {
  if (typeof value !== 'string') return String(value)
  const plain = /^[\p{L}][\p{L}\p{M}\p{N} _./-]*[\p{L}\p{M}\p{N}]$/u.test(value)
  const word = /^(?:true|false|null|yes|no|on|off|nan|inf)$/iu.test(value)
  const day = /^\d{4}-\d{2}-\d{2}$/u.test(value)
  return (plain && !word) || day ? value : JSON.stringify(value)
}

function holds(parsed: ParsedText, edit: Edit): boolean {
  let value: unknown = parsed.value
  for (const step of readPath(edit.path) ?? []) value = (value as Record<PathStep, unknown>)[step]
  return 'value' in edit && canonical(value) === canonical(edit.value)
}

function rewrite(parsed: ParsedText, edits: readonly Edit[]): EditedTown {
  for (const edit of edits) {
    const steps = readPath(edit.path)
    if (!steps || steps.length === 0 || !isReachable(parsed.document, steps, edit)) {
      return refusal('TOWN-EDIT-PATH', edit.path, { value: edit.path })
    }
    if ('remove' in edit) parsed.document.deleteIn(steps)
    else if (!isEditValue(edit.value)) {
      return refusal('TOWN-EDIT-VALUE', edit.path, { value: edit.path })
    } else if (isScalar(nodeAt(parsed.document, steps)) && typeof edit.value !== 'object') {
      parsed.document.setIn(steps, edit.value)
    } else parsed.document.setIn(steps, newNode(parsed.document, steps, edit.value))
  }
  return { ok: true, text: layOut(parsed.document) }
}

// Written like its neighbours: on one line in a list of such, and lists of plain values always are.
function newNode(document: Document.Parsed, steps: readonly PathStep[], value: EditValue): Node {
  const parent = nodeAt(document, steps.slice(0, -1))
  const neighbour = isSeq(parent) ? parent.items[0] : undefined
  // One entry a line, also in a list that stood on one (`[]`): a whole register on one line is more than a reader takes.
  if (isSeq(parent) && typeof value === 'object' && !Array.isArray(value)) parent.flow = false
  const node = document.createNode(value, {
    flow: isCollection(neighbour) && neighbour.flow === true,
  })
  visit(node, {
    Seq(_, list) {
      if (list.items.every((item) => isScalar(item))) list.flow = true
    },
  })
  return node
}

function isReachable(document: Document.Parsed, steps: readonly PathStep[], edit: Edit): boolean {
  const last = steps.at(-1)
  const parent = nodeAt(document, steps.slice(0, -1))
  if ('remove' in edit) return nodeAt(document, steps) !== undefined
  if (isMap(parent)) return typeof last === 'string'
  return isSeq(parent) && typeof last === 'number' && last <= parent.items.length
}

function nodeAt(document: Document.Parsed, steps: readonly PathStep[]): unknown {
  if (steps.length === 0) return document.contents
  const parent = nodeAt(document, steps.slice(0, -1))
  return isCollection(parent) ? parent.get(steps.at(-1), true) : undefined
}

function isEditValue(value: unknown, depth = 0): value is EditValue {
  if (typeof value === 'string' || typeof value === 'boolean') return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || value === null || depth > 8) return false
  return Object.values(value).every((one) => isEditValue(one, depth + 1))
}
