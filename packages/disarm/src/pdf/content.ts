import { refuse } from '../family.ts'
import { growing } from './growing.ts'
import type { Growing } from './growing.ts'
import { readInlineImage } from './inline-image.ts'
import { isKeyword, Lexer, SyntaxFault } from './lexer.ts'
import type { Token } from './lexer.ts'
import { isDictionary, isList, isName, isText } from './objects.ts'
import type { Dictionary, List, Value } from './objects.ts'
import { MAX_COMPONENTS, OPERATORS } from './operators.ts'
import { MarkedContent } from './marked-content.ts'
import { propertyList } from './property.ts'
import { MAX_NUMBER } from './shape.ts'
import { countUse, noUses } from './uses.ts'
import type { Uses } from './uses.ts'
import type { Walk } from './walk.ts'
import { safeName } from './safe-name.ts'
import { render, renderName, renderNumber, renderText } from './writer.ts'

/** Operands kept for one operator; more than the longest one needs is junk. */
const MAX_OPERANDS = 40
/** Nested `q`. Annex C names 28; some producers nest hundreds. */
const MAX_SAVED_STATES = 4096
const NOTHING = new Map<never, never>()
const NONE: ReadonlySet<string> = new Set()

/**
 * Reads a content stream (ISO 32000-1, 7.8.2) and writes it anew from tokens: only known operators with operands of the right types.
 * Anything else is left out and reported; an operator with too many operands keeps the last ones, as readers do.
 *
 * @param hidden names of layers whose content is not wanted
 */
export function rewriteContent(
  bytes: Uint8Array,
  walk: Walk,
  hidden: ReadonlySet<string> = NONE,
): Content {
  const lexer = new Lexer(bytes, 0, { references: false })
  const state: State = {
    lexer,
    walk,
    out: growing(walk.context),
    operands: [],
    text: '',
    saved: 0,
    dropped: 0,
    uses: noUses(),
    marks: new MarkedContent(hidden),
  }
  for (let count = 0; ; count += 1) {
    const token = nextToken(state)
    if (token === undefined) break
    if (isKeyword(token)) operator(state, token.word)
    else if (state.operands.length < MAX_OPERANDS) state.operands.push(token)
    else shift(state, token)
    if (count % 4096 === 0) walk.context.checkTime()
  }
  for (; state.saved > 0; state.saved -= 1) write(state, 'Q\n')
  flush(state)
  if (state.dropped > 0) walk.removed('PDF-CONTENT', state.dropped)
  if (state.marks.left > 0) walk.removed('PDF-OC', state.marks.left)
  return { bytes: state.out.done(), uses: state.uses }
}

export interface Content {
  readonly bytes: Uint8Array
  readonly uses: Uses
}

interface State {
  readonly lexer: Lexer
  readonly walk: Walk
  readonly out: Growing
  operands: Value[]
  /** Written, but not yet in `out`. */
  text: string
  /** Open `q`. */
  saved: number
  dropped: number
  readonly uses: Uses
  readonly marks: MarkedContent
}

/** A broken token costs one byte and the operands so far. */
function nextToken(state: State): Token | undefined {
  for (;;) {
    try {
      return state.lexer.token()
    } catch (fault) {
      if (!(fault instanceof SyntaxFault)) throw fault
      state.lexer.at = Math.max(state.lexer.at, fault.at) + 1
      drop(state)
    }
  }
}

function shift(state: State, token: Value): void {
  state.operands.shift()
  state.operands.push(token)
}

function drop(state: State): void {
  state.dropped += 1
  state.operands = []
}

function operator(state: State, word: string): void {
  if (word === 'BI') return inlineImage(state)
  if (word === 'BX' || word === 'EX') {
    state.operands = []
    return
  }
  const signature = OPERATORS.get(word)
  const operands = signature === undefined ? undefined : check(state, signature)
  if (operands === undefined || !balance(state, word)) return drop(state)
  const { operands: given } = state
  if (!state.marks.wants(word, given)) {
    state.operands = []
    return
  }
  countUse(state.uses, word, () => usedName(given))
  state.operands = []
  write(state, `${operands}${word}\n`)
}

/** The resource an operator names: its only or last name. */
function usedName(operands: readonly Value[]): string | undefined {
  const found = operands.findLast((each) => isName(each))
  return isName(found) ? safeName(found.value) : undefined
}

/** A `Q` without `q` does nothing in any reader; it is left out. */
function balance(state: State, word: string): boolean {
  if (word === 'q') state.saved += 1
  if (state.saved > MAX_SAVED_STATES) refuse('PDF-CONTENT')
  if (word !== 'Q') return true
  if (state.saved === 0) return false
  state.saved -= 1
  return true
}

/** The operands as text with a space after each, or undefined when they do not fit. */
function check(state: State, signature: string): string | undefined {
  if (signature === '*') return colorOperands(state.operands)
  const first = state.operands.length - signature.length
  if (first < 0) return undefined
  let out = ''
  for (let i = 0; i < signature.length; i += 1) {
    const part = operand(state.operands[first + i] as Value, signature[i] as string, state)
    if (part === undefined) return undefined
    out += `${part} `
  }
  return out
}

function operand(value: Value, kind: string, state: State): string | undefined {
  switch (kind) {
    case 't':
      return typeof value === 'number' ? number(value) : undefined
    case 'n':
      return isName(value) ? contentName(value.value) : undefined
    case 's':
      return isText(value) ? renderText(value) : undefined
    case 'a':
      return isList(value) ? shown(value) : undefined
    case 'd':
      return isList(value) ? dashes(value) : undefined
    default:
      return properties(value, state)
  }
}

/** Resources are renamed in the same way where they are defined. */
function contentName(value: string): string {
  return renderName(safeName(value))
}

function number(value: number): string {
  return renderNumber(Math.max(-MAX_NUMBER, Math.min(MAX_NUMBER, value)))
}

/** Operand of `TJ`: strings and numbers; anything else in it is left out. */
function shown({ items }: List): string {
  const parts: string[] = []
  for (const item of items) {
    if (isText(item)) parts.push(renderText(item))
    else if (typeof item === 'number') parts.push(number(item))
  }
  return `[${parts.join(' ')}]`
}

function dashes({ items }: List): string | undefined {
  const parts = items.filter((item) => typeof item === 'number').map(number)
  return parts.length === items.length ? `[${parts.join(' ')}]` : undefined
}

function properties(value: Value, state: State): string | undefined {
  if (isName(value)) return contentName(value.value)
  if (!isDictionary(value)) return undefined
  const clean: Dictionary = propertyList(value, state.walk)
  return render(clean, NOTHING)
}

function colorOperands(operands: readonly Value[]): string | undefined {
  const last = operands.at(-1)
  const named = isName(last)
  const components = named ? operands.slice(0, -1) : operands
  if (components.length > MAX_COMPONENTS || operands.length === 0) return undefined
  let out = ''
  for (const each of components) {
    if (typeof each !== 'number') return undefined
    out += `${number(each)} `
  }
  return named ? `${out}${contentName(last.value)} ` : out
}

function inlineImage(state: State): void {
  state.operands = []
  const image = readInlineImage(state.lexer, state.walk)
  if (image === undefined) drop(state)
  else if (state.marks.wants('BI', [])) write(state, image)
}

/** Text is gathered and written in large pieces: ASCII only, so one character is one byte. */
const PIECE = 32_768

function write(state: State, part: string): void {
  state.text += part
  if (state.text.length > PIECE) flush(state)
}

function flush(state: State): void {
  state.out.append(Buffer.from(state.text, 'latin1'))
  state.text = ''
}
