import { FUNCTIONS } from './ooxml-tables.ts'

const MAX_FORMULA = 16_384

/**
 * Whether a formula stays inside its workbook: listed functions only, no other book, no DDE. Reads left to right once;
 * the text is hostile, so nothing here backtracks.
 *
 * @param sheets lower-case names of the sheets of the book; without it any sheet may be named, because the book is gone
 */
export function formulaAllowed(formula: string, sheets?: ReadonlySet<string>): boolean {
  if (formula.length > MAX_FORMULA) return false
  let at = 0
  let before = ''
  let brackets = 0
  while (at < formula.length) {
    const character = formula[at]!
    if (brackets > 0) {
      // Inside a structured reference: an apostrophe escapes the next character.
      if (character === "'") at++
      else if (character === '[') brackets++
      else if (character === ']') brackets--
      at++
      continue
    }
    if (character === '"' || character === "'") {
      const end = closing(formula, at)
      if (end < 0) return false
      // A quoted sheet name with a bracket names another book.
      if (character === "'" && !quotedSheetAllowed(formula, at, end, sheets)) return false
      before = character
      at = end
      continue
    }
    if (character === '[') {
      // A table name stands in front of a structured reference; a bracket without one opens another book.
      if (!/[\p{L}\p{N}_.\\?]/u.test(before)) return false
      brackets = 1
    } else if (character === '|') return false
    else if (character === '.' && !dotAllowed(before, formula[at + 1])) return false
    else if (character === '(' && !callAllowed(formula, at)) return false
    else if (character === '!' && before !== "'" && !bareSheetAllowed(formula, at, sheets))
      return false
    before = character
    at++
  }
  return brackets === 0
}

/** A dot is within a word or in a number; alone it is nothing that is written. */
function dotAllowed(before: string, after: string | undefined): boolean {
  return WORD_END.test(before) || /^[0-9]$/u.test(after ?? '')
}

const WORD_END = /[\p{L}\p{M}\p{N}_.\\?$\u00B7\u3000-\u30FF\uFF00-\uFFEF]$/u

/** `'表 1'!A1`, `'初:終'!A1`: sheets of this book. */
function quotedSheetAllowed(
  formula: string,
  start: number,
  end: number,
  sheets: ReadonlySet<string> | undefined,
): boolean {
  const name = formula.slice(start + 1, end - 1).replaceAll("''", "'")
  return formula[end] === '!' && !name.includes('[') && isOwn(name, sheets)
}

/** The word in front of `!`; an error such as `#REF!` is none. */
function bareSheetAllowed(
  formula: string,
  bang: number,
  sheets: ReadonlySet<string> | undefined,
): boolean {
  let start = bang
  while (start > 0 && !/[-+*/^&=<>(),;{}@! \t\n\r#"'[\]|%~]/u.test(formula[start - 1]!)) start--
  // `#DIV/0!` is an error, `A1/表!B1` a division.
  const error = ERROR.test(formula.slice(Math.max(0, bang - 8), bang + 1))
  return error || isOwn(formula.slice(start, bang), sheets)
}

const ERROR = /#(?:REF|NULL|DIV\/0|VALUE|NUM|SPILL|CALC|FIELD|BLOCKED|CONNECT|UNKNOWN)!$/iu

function isOwn(name: string, sheets: ReadonlySet<string> | undefined): boolean {
  if (sheets === undefined || sheets.has(name.toLowerCase())) return true
  const [first = '', last = '', ...more] = name.toLowerCase().split(':')
  // `初:終!A1` spans sheets, `表!A1:表!B2` cells: what stands before the second sheet is a cell.
  return (
    more.length === 0 && (first === '' || sheets.has(first) || CELL.test(first)) && sheets.has(last)
  )
}

const CELL = /^(?:\$?[a-z]{1,3}\$?[0-9]{0,7}|\$?[0-9]{1,7})$/u

function closing(formula: string, start: number): number {
  const quote = formula[start]!
  for (let at = start + 1; at < formula.length; at++) {
    if (formula[at] !== quote) continue
    if (formula[at + 1] !== quote) return at + 1
    at++
  }
  return -1
}

/** The name in front of a parenthesis; none is grouping. */
function callAllowed(formula: string, parenthesis: number): boolean {
  let start = parenthesis
  while (start > 0 && /[\p{L}\p{N}_.\\]/u.test(formula[start - 1]!)) start--
  let name = formula.slice(start, parenthesis).toUpperCase()
  if (name === '') return true
  for (const prefix of ['_XLFN.', '_XLWS.'])
    if (name.startsWith(prefix)) name = name.slice(prefix.length)
  return FUNCTIONS.has(name)
}
