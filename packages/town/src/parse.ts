import {
  Lexer,
  LineCounter,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  parseDocument,
  type Document,
  type Pair,
  type Scalar,
  type YAMLMap,
} from 'yaml'
import {
  MAX_DEPTH,
  MAX_ESCAPES,
  MAX_INDENT,
  MAX_LINE,
  MAX_TOKENS,
  MAX_TOWN_BYTES,
  MAX_WORDED,
} from './limits.ts'
import { pathText, readPath, type PathStep } from './path.ts'
import { listed, problem, type Position, type Problem, type ProblemValues } from './problem.ts'
import type { ProblemReason } from './problem.ts'
import { deceives } from './shown.ts'

/** A town file as YAML: a tree of plain values, and the place of each in the text. */
export interface ParsedText {
  readonly ok: true
  /** Null-prototype objects, arrays, strings, numbers, booleans; an empty value is `undefined`. */
  readonly value: unknown
  /** The document with its comments, for a program that edits. */
  readonly document: Document.Parsed
  /** Where a path stands; the nearest thing around it when it is not written. */
  readonly lines: (path: string) => Position
}
export interface Unreadable {
  readonly ok: false
  readonly problems: readonly Problem[]
}

/**
 * Parses hostile text: never throws, never hangs, and accepts one plain document only. Aliases are refused whole
 * (alias bombs), tags and directives too (they change how values read), and so is text that shows something else
 * than it holds.
 */
export function parseText(text: string): ParsedText | Unreadable {
  const refused = boundText(text)
  if (refused) return { ok: false, problems: [refused] }
  const counter = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: counter,
    version: '1.2',
    schema: 'core',
    prettyErrors: false,
    // The library compares every key with every other: quadratic on hostile text. `plain` uses a set.
    uniqueKeys: false,
    keepSourceTokens: true,
  })
  const errors = document.errors.slice(0, MAX_WORDED)
  if (errors.length > 0) {
    const problems = errors.map((error) => syntaxProblem(error, counter))
    return { ok: false, problems: listed(problems, document.errors.length - errors.length) }
  }
  const found: Problem[] = []
  let unlisted = 0
  const at = (offset: number): Position => positionOf(counter, offset)
  let aliasLine = 0
  const value = plain(document.contents, [], (reason, path, offset, values) => {
    // An alias bomb is one mistake per line, not one per alias.
    if (reason === 'TOWN-ALIAS' && at(offset).line === aliasLine) return
    if (reason === 'TOWN-ALIAS') aliasLine = at(offset).line
    if (found.length >= MAX_WORDED) unlisted += 1
    else found.push(problem(reason, { path: pathText(path), ...at(offset) }, values))
  })
  if (found.length > 0) return { ok: false, problems: listed(found, unlisted) }
  return { ok: true, value, document, lines: (path) => at(offsetOf(document, path)) }
}

const START = { path: '', line: 1, column: 1 }

function boundText(text: string): Problem | undefined {
  const limit = `${MAX_TOWN_BYTES / 1024 / 1024}MB`
  if (text.length > MAX_TOWN_BYTES || Buffer.byteLength(text) > MAX_TOWN_BYTES) {
    return problem('TOWN-TOO-BIG', START, { what: 'ファイル全体', limit })
  }
  return boundLines(text) ?? boundTokens(text)
}

// Raw controls (also inside comments, where an approver would read them) and directives are found line by line.
function boundLines(text: string): Problem | undefined {
  let escapes = 0
  for (const [index, raw] of text
    .replace(/^\uFEFF/u, '')
    .split('\n')
    .entries()) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw
    const place = { path: '', line: index + 1, column: 1 }
    escapes += line.split('\\').length - 1
    if (line.length > MAX_LINE) return tooBig(place, '1行の長さ', `${MAX_LINE}文字`)
    if (line.length - line.trimStart().length > MAX_INDENT) {
      return problem('TOWN-TOO-DEEP', place, { limit: MAX_DEPTH })
    }
    if (escapes > MAX_ESCAPES) return tooBig(place, '「\\」の数', `${MAX_ESCAPES}個`)
    if (line.startsWith('%')) return problem('TOWN-DIRECTIVE', place)
    const bad = [...line.replaceAll('\t', '')].find(deceives)
    if (bad !== undefined) {
      const column = line.indexOf(bad) + 1
      return problem('TOWN-CONTROL', { ...place, column }, { value: bad })
    }
  }
  return undefined
}

// Composition recurses; the lexer does not. So depth and number are measured on tokens before anything is composed.
function boundTokens(text: string): Problem | undefined {
  let [tokens, flow, dashes, line] = [0, 0, 0, 1]
  for (const token of new Lexer().lex(text)) {
    tokens += 1
    if (token === '[' || token === '{') flow += 1
    if (token === ']' || token === '}') flow = Math.max(0, flow - 1)
    if (STRUCTURE.has(token)) dashes += 1
    if (token.includes('\n')) [dashes, line] = [0, line + token.split('\n').length - 1]
    if (flow > MAX_DEPTH || (flow === 0 && dashes > MAX_DEPTH)) {
      return problem('TOWN-TOO-DEEP', { path: '', line, column: 1 }, { limit: MAX_DEPTH })
    }
    if (tokens > MAX_TOKENS) {
      return tooBig({ path: '', line, column: 1 }, '要素の数', `${MAX_TOKENS}個`)
    }
  }
  return undefined
}

const STRUCTURE = new Set(['-', '?', ':'])

const tooBig = (place: typeof START, what: string, limit: string): Problem =>
  problem('TOWN-TOO-BIG', place, { what, limit })

function syntaxProblem(
  error: { readonly code: string; readonly pos: readonly [number, number] },
  counter: LineCounter,
): Problem {
  const reason = error.code === 'MULTIPLE_DOCS' ? 'TOWN-DOCUMENTS' : 'TOWN-SYNTAX'
  return problem(reason, { path: '', ...positionOf(counter, error.pos[0]) }, { value: error.code })
}

function positionOf(counter: LineCounter, offset: number): Position {
  const { line, col } = counter.linePos(offset)
  return { line: Math.max(1, line), column: Math.max(1, col) }
}

type Found = (
  reason: ProblemReason,
  path: readonly PathStep[],
  offset: number,
  values?: ProblemValues,
) => void

function plain(node: unknown, path: readonly PathStep[], found: Found): unknown {
  if (isAlias(node)) return found('TOWN-ALIAS', path, node.range?.[0] ?? 0)
  if (!isMap(node) && !isSeq(node) && !isScalar(node)) return undefined
  const offset = node.range?.[0] ?? 0
  if (node.anchor !== undefined) found('TOWN-ALIAS', path, offset)
  if (node.tag !== undefined) return found('TOWN-TAG', path, offset)
  if (path.length > MAX_DEPTH) return found('TOWN-TOO-DEEP', path, offset, { limit: MAX_DEPTH })
  if (isMap(node)) return plainMap(node, path, found)
  if (isSeq(node)) return node.items.map((item, index) => plain(item, [...path, index], found))
  return plainScalar(node, path, found)
}

function plainMap(node: YAMLMap, path: readonly PathStep[], found: Found): unknown {
  // No prototype: a key `__proto__` is a key like any other.
  const result: Record<string, unknown> = Object.create(null) as Record<string, unknown>
  for (const pair of node.items) {
    const key = keyOf(pair)
    const offset = offsetOfNode(pair.key) ?? node.range?.[0] ?? 0
    if (key === undefined) found('TOWN-KEY', path, offset)
    else if (deceives(key)) found('TOWN-CONTROL', path, offset, { value: key })
    else if (key in result) found('TOWN-DUPLICATE-KEY', [...path, key], offset, { value: key })
    else result[key] = plain(pair.value, [...path, key], found)
  }
  return result
}

function keyOf(pair: Pair): string | undefined {
  const key = pair.key
  const bare = isScalar(key) && key.anchor === undefined && key.tag === undefined
  return bare && typeof key.value === 'string' ? key.value : undefined
}

function plainScalar(node: Scalar, path: readonly PathStep[], found: Found): unknown {
  const value = node.value
  if (value === null) return undefined
  if (typeof value === 'string') {
    if (deceives(value)) found('TOWN-CONTROL', path, node.range?.[0] ?? 0, { value })
    return value
  }
  return typeof value === 'number' || typeof value === 'boolean' ? value : undefined
}

const offsetOfNode = (node: unknown): number | undefined =>
  isScalar(node) || isMap(node) || isSeq(node) ? node.range?.[0] : undefined

function offsetOf(document: Document.Parsed, path: string): number {
  let node: unknown = document.contents
  let offset = offsetOfNode(node) ?? 0
  for (const step of readPath(path) ?? []) {
    const next = child(node, step)
    if (next === undefined) return offset
    offset = offsetOfNode(isPair(next) ? next.key : next) ?? offset
    node = isPair(next) ? next.value : next
  }
  return offset
}

function child(node: unknown, step: PathStep): unknown {
  if (isMap(node)) return node.items.find((pair) => keyOf(pair) === step)
  return isSeq(node) && typeof step === 'number' ? node.items[step] : undefined
}
