import { readValue, withoutComments } from './value.ts'
import type { Flaw } from './value.ts'
import { GEOMETRY, PROPERTIES } from './vocabulary.ts'

/** Where what is dropped goes, and what the kept rules paint with. */
export interface StyleReport {
  dropped(flaw: Flaw): void
  /** @param selector the part of a rule that names the element itself; empty for a `style` attribute */
  refers(names: readonly string[], selector: string): void
}

/** The declarations of a `style` attribute or of a rule: those that are known, in one spelling; empty when there are none. */
export function readDeclarations(raw: string, report: StyleReport, selector = ''): string {
  const kept: string[] = []
  for (const declaration of split(raw, ';')) {
    if (declaration.trim() === '') continue
    const one = readDeclaration(declaration, report, selector)
    if (one !== undefined) kept.push(one)
  }
  return kept.join(';')
}

const DECLARATION = /^\s*([-A-Za-z_]{1,64})\s*:([^]*)$/
const IMPORTANT = /\s*!\s*important\s*$/i
const IMPORTANT_END = 24

function readDeclaration(raw: string, report: StyleReport, selector: string): string | undefined {
  const found = DECLARATION.exec(withoutComments(raw))
  const property = found?.[1]?.toLowerCase() ?? ''
  const given = found?.[2] ?? ''
  const important = IMPORTANT.test(given.slice(-IMPORTANT_END))
  const plain = important ? given.slice(0, given.lastIndexOf('!')) : given
  const value = readValue(plain)
  if ('flaw' in value) {
    report.dropped(value.flaw)
    return undefined
  }
  if (!PROPERTIES.has(property) && !GEOMETRY.has(property)) {
    report.dropped(
      /^(?:behaviou?r|-moz-binding|animation|transition)/.test(property) ? 'active' : 'unknown',
    )
    return undefined
  }
  report.refers(value.refers, selector)
  return `${property}:${value.text}${important ? '!important' : ''}`
}

const MAX_RULES = 20_000
const MEDIA = /^@media\s+([\w\s:().,-]{1,200})$/

/**
 * Reads a style sheet: rules of known properties, also inside a simple `@media`. Every other rule with `@` goes: `@import` and
 * `@font-face` fetch, `@keyframes` moves. One rule per line comes out; empty when nothing stays.
 */
export function readSheet(raw: string, report: StyleReport): string {
  const text = withoutComments(raw).replaceAll(/<!--|-->/g, ' ')
  return readRules(text, report, 0).join('\n')
}

function readRules(text: string, report: StyleReport, depth: number): string[] {
  const kept: string[] = []
  for (const { prelude, block } of blocks(text)) {
    if (kept.length >= MAX_RULES) {
      report.dropped('unknown')
      break
    }
    const rule = prelude.startsWith('@')
      ? readAtRule(prelude, block, report, depth)
      : readRule(prelude, block, report)
    if (rule !== '') kept.push(rule)
  }
  return kept
}

function readRule(prelude: string, block: string | undefined, report: StyleReport): string {
  const selector = readSelector(prelude)
  if (block === undefined || selector === undefined) {
    report.dropped('unknown')
    return ''
  }
  const declarations = readDeclarations(block, report, selector)
  return declarations === '' ? '' : `${selector}{${declarations}}`
}

function readAtRule(
  prelude: string,
  block: string | undefined,
  report: StyleReport,
  depth: number,
): string {
  const media = MEDIA.exec(prelude)?.[1]?.trim().replaceAll(/\s+/g, ' ')
  if (media === undefined || block === undefined || depth > 0) {
    if (!/^@(?:charset|namespace)/i.test(prelude)) report.dropped(flawOfRule(prelude))
    return ''
  }
  const rules = readRules(block, report, depth + 1)
  if (rules.length === 0) return ''
  return `@media ${media}{${rules.join('')}}`
}

function flawOfRule(prelude: string): Flaw {
  if (/^@(?:import|font-face)/i.test(prelude)) return 'external'
  return /keyframes/i.test(prelude) ? 'active' : 'unknown'
}

const SELECTOR = /^[-\w.#*:,>+~()= \u0080-\uFFFF[\]"']{1,4000}$/u

function readSelector(raw: string): string | undefined {
  const selector = raw.trim().replaceAll(/\s+/g, ' ')
  return SELECTOR.test(selector) ? selector : undefined
}

interface Block {
  readonly prelude: string
  /** Absent for a rule that ends with a semicolon. */
  readonly block: string | undefined
}

/** Cuts a sheet into preludes and blocks, minding strings and nested braces. */
function* blocks(text: string): Generator<Block, void, undefined> {
  let start = 0
  let open = -1
  let depth = 0
  for (const { index, sign } of signs(text)) {
    if (sign === '{' && depth++ === 0) open = index
    else if (sign === ';' && depth === 0) {
      yield { prelude: text.slice(start, index).trim(), block: undefined }
      start = index + 1
    } else if (sign === '}' && depth > 0 && --depth === 0) {
      yield { prelude: text.slice(start, open).trim(), block: text.slice(open + 1, index) }
      start = index + 1
    }
  }
}

/** Splits at a sign that stands outside of strings and brackets. */
function* split(text: string, at: string): Generator<string, void, undefined> {
  let start = 0
  let depth = 0
  for (const { index, sign } of signs(text)) {
    if (sign === '(') depth++
    else if (sign === ')') depth--
    else if (sign === at && depth <= 0) {
      yield text.slice(start, index)
      start = index + 1
    }
  }
  yield text.slice(start)
}

/** The signs that structure CSS, without those inside of strings. A string that does not end hides the rest. */
function* signs(text: string): Generator<{ index: number; sign: string }, void, undefined> {
  for (let index = 0; index < text.length; index++) {
    const sign = text[index]!
    if (sign === '"' || sign === "'") {
      const end = text.indexOf(sign, index + 1)
      if (end < 0) return
      index = end
    } else if ('{};()'.includes(sign)) yield { index, sign }
  }
}

/**
 * By which name elements that a selector is about are found: of its last part the id, else a class, else the element, else `*`.
 * Conditions in brackets and behind a colon only narrow; a selector of nothing else may be about every element.
 */
export function subjects(selector: string): readonly string[] {
  const plain = withoutBrackets(selector)
  return plain === undefined ? ['*'] : plain.split(',').map(subject)
}

function subject(one: string): string {
  const last = one.split(/[\s>+~]+/).at(-1) ?? ''
  const names = last.replaceAll(/:[-\w\u0080-\uFFFF]*/g, ':')
  const strongest = [/#[-\w\u0080-\uFFFF]+/, /\.[-\w\u0080-\uFFFF]+/, /^[-\w\u0080-\uFFFF]+/]
  for (const pattern of strongest) {
    const found = pattern.exec(names)
    if (found) return found[0]
  }
  return '*'
}

/** A colon for each pair of brackets with all that is in it; `undefined` when they do not pair up. */
function withoutBrackets(selector: string): string | undefined {
  let plain = ''
  let depth = 0
  for (let at = 0; at < selector.length; at++) {
    const sign = selector[at]!
    if (sign === '"' || sign === "'") {
      at = selector.indexOf(sign, at + 1)
      if (at < 0 || depth === 0) return undefined
    } else if (sign === '(' || sign === '[') {
      if (depth++ === 0) plain += ':'
    } else if (sign === ')' || sign === ']') {
      if (--depth < 0) return undefined
    } else if (depth === 0) plain += sign
  }
  return depth === 0 ? plain : undefined
}
