import { FUNCTIONS } from './functions.ts'

export type FormulaFault = 'X-FORMULA' | 'X-EXTLINK'

/** What a formula may name. */
export interface Names {
  /** Lower-case sheet names of this book; `any` where the book itself is gone and a name leads nowhere. */
  readonly sheets: ReadonlySet<string> | 'any'
  /** Lower-case defined names that are not there any more. */
  readonly lostNames: ReadonlySet<string>
}

/**
 * Judges a spreadsheet formula (ECMA-376 part 1 §18.17) by its tokens: every called function must be in the allow-list
 * and every sheet named must be a sheet of this book. Returns the rule that the formula breaks, or `undefined` when it
 * may stay.
 *
 * What the attacker wants: `cmd|'/c calc'!A1`, `[1]Sheet1!A1`, `WEBSERVICE("http://…"&A1)`, `CALL("urlmon",…)`.
 */
export function judgeFormula(formula: string, names: Names): FormulaFault | undefined {
  if (formula.length > MAX_FORMULA) return 'X-FORMULA'
  let at = 0
  while (at < formula.length) {
    const token = readToken(formula, at)
    if (!token) return 'X-FORMULA'
    const fault = judgeToken(token, names)
    if (fault) return fault
    at = token.end
  }
  return undefined
}

/** Excel's own limit is 8,192 characters. */
export const MAX_FORMULA = 8192 * 2

interface Token {
  readonly kind: 'call' | 'sheet' | 'name' | 'external' | 'pipe' | 'other'
  readonly text: string
  readonly end: number
}

function judgeToken(token: Token, names: Names): FormulaFault | undefined {
  if (token.kind === 'call') return isAllowedFunction(token.text) ? undefined : 'X-FORMULA'
  if (token.kind === 'sheet')
    return areOwnSheets(token.text, names.sheets) ? undefined : 'X-EXTLINK'
  if (token.kind === 'name')
    return names.lostNames.has(token.text.toLowerCase()) ? 'X-FORMULA' : undefined
  return token.kind === 'other' ? undefined : 'X-EXTLINK'
}

/** `_xlfn.` and `_xlws.` mark functions younger than the format; they change nothing. */
function isAllowedFunction(name: string): boolean {
  return FUNCTIONS.has(name.toUpperCase().replace(/^(?:_XLFN\.)?(?:_XLWS\.)?/, ''))
}

function areOwnSheets(name: string, sheets: Names['sheets']): boolean {
  if (sheets === 'any') return true
  const lower = name.toLowerCase()
  if (sheets.has(lower)) return true
  const [first, last, ...more] = lower.split(':')
  const begins = sheets.has(first ?? '') || CELL.test(first ?? '')
  return more.length === 0 && begins && sheets.has(last ?? '')
}

/** What stands before the second sheet of `表!A1:表!B2`. */
const CELL = /^(?:\$?[a-z]{1,3}\$?[0-9]{0,7}|\$?[0-9]{1,7})$/

// Sticky and linear: each pattern only ever looks forward over one character class.
const NUMBER = /[0-9]+(?:\.[0-9]*)?(?:[Ee][+-]?[0-9]+)?|\.[0-9]+(?:[Ee][+-]?[0-9]+)?/y
const WORD =
  /[\p{L}\p{Nl}\p{M}_\\?$\u3000-\u30FF\uFF00-\uFFEF][\p{L}\p{Nl}\p{M}\p{N}_.\\?$\u00B7\u3000-\u30FF\uFF00-\uFFEF]*/uy
const ERROR =
  /#(?:REF!|NULL!|DIV\/0!|VALUE!|NAME\?|NUM!|N\/A|GETTING_DATA|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|UNKNOWN!)/iy
const OPERATOR = /[-+*/^&=<>%(),;{}@: \t\n\r#~]/y

function readToken(formula: string, at: number): Token | undefined {
  const first = formula[at]
  if (first === '"') return readString(formula, at)
  if (first === "'") return readQuotedSheet(formula, at)
  if (first === '[') return { kind: 'external', text: '', end: at + 1 }
  if (first === '|') return { kind: 'pipe', text: '', end: at + 1 }
  return (
    readError(formula, at) ??
    match(NUMBER, formula, at, true) ??
    readWord(formula, at) ??
    match(OPERATOR, formula, at)
  )
}

/** Nothing that goes on as a word is an error. */
function readError(formula: string, at: number): Token | undefined {
  const error = match(ERROR, formula, at)
  if (!error || !/#N\/A$|\?$|DATA$/i.test(error.text)) return error
  WORD.lastIndex = error.end
  return WORD.test(formula) || /[0-9]/.test(formula[error.end] ?? '') ? undefined : error
}

function match(
  pattern: RegExp,
  formula: string,
  at: number,
  wordMayFollow = false,
): Token | undefined {
  pattern.lastIndex = at
  const text = pattern.exec(formula)?.[0]
  if (text === undefined) return undefined
  // `2024年!A1` is a sheet name, not a number: let the word reader see it whole.
  if (wordMayFollow && WORD_START.test(formula.slice(at + text.length, at + text.length + 2))) {
    return readWord(formula, at, text.length)
  }
  // Neither an error nor a number can be called.
  if (formula[at + text.length] === '(' && !OPENERS.test(text)) return undefined
  return { kind: 'other', text, end: at + text.length }
}

const OPENERS = /^[-+*/^&=<>%(),;{}@: \t\n\r#~]$/
const WORD_START = /^[\p{L}_]/u

function readString(formula: string, at: number): Token | undefined {
  const end = closing(formula, at, '"')
  return end === undefined ? undefined : { kind: 'other', text: '', end }
}

function readQuotedSheet(formula: string, at: number): Token | undefined {
  const end = closing(formula, at, "'")
  if (end === undefined) return undefined
  const text = formula.slice(at + 1, end - 1).replaceAll("''", "'")
  // In `app|'topic'!item` the quotes hold a DDE topic; the bar before them has been seen already.
  if (formula[end] !== '!') return undefined
  if (text.includes('[')) return { kind: 'external', text: '', end }
  return { kind: 'sheet', text, end: end + 1 }
}

/** Index after the closing quote; a doubled quote is a quote. */
function closing(formula: string, at: number, quote: string): number | undefined {
  for (let index = at + 1; index < formula.length; index++) {
    if (formula[index] !== quote) continue
    if (formula[index + 1] !== quote) return index + 1
    index++
  }
  return undefined
}

function readWord(formula: string, at: number, skip = 0): Token | undefined {
  WORD.lastIndex = at + skip
  const found = WORD.exec(formula)?.[0]
  if (found === undefined) return undefined
  const text = formula.slice(at, at + skip) + found
  const end = at + text.length
  const next = formula[end]
  if (next === '(') return { kind: 'call', text, end }
  if (next === '!') return { kind: 'sheet', text, end: end + 1 }
  if (next === '[') return TABLE_END.test(text) ? readStructured(formula, end) : undefined
  if (next === ':') return readSheetRange(formula, text, end) ?? { kind: 'name', text, end }
  return { kind: 'name', text, end }
}

/** The last letter of a table's name. */
const TABLE_END = /[\p{L}\p{N}_.\\?]$/u

/** `First:Last!A1` spans sheets; `A1:B2` spans cells. */
function readSheetRange(formula: string, first: string, colon: number): Token | undefined {
  let start = colon + 1
  // `2024年` is a sheet, too.
  while (/[0-9]/.test(formula[start] ?? '')) start++
  WORD.lastIndex = start
  const word = WORD.exec(formula)?.[0]
  const last = word === undefined ? undefined : formula.slice(colon + 1, start) + word
  if (last === undefined || formula[colon + 1 + last.length] !== '!') return undefined
  return { kind: 'sheet', text: `${first}:${last}`, end: colon + 2 + last.length }
}

/** `Table[[#This Row],[列]]`: brackets after a name belong to this book's table. Nesting is at most two. */
function readStructured(formula: string, at: number): Token | undefined {
  let depth = 0
  for (let index = at; index < formula.length; index++) {
    const character = formula[index]
    // An apostrophe escapes the next character inside structured references.
    if (character === "'") index++
    else if (character === '[') depth++
    else if (character === ']') depth--
    if (depth > 2) return undefined
    if (depth === 0) return { kind: 'other', text: '', end: index + 1 }
  }
  return undefined
}
