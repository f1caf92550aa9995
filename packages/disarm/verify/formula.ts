import { FUNCTIONS } from './ooxml-tables.ts'

/**
 * Whether a formula stays inside its workbook: listed functions only, no other book, no DDE. Reads left to right once;
 * the text is hostile, so nothing here backtracks.
 */
export function formulaAllowed(formula: string): boolean {
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
      if (character === "'" && formula.slice(at, end).includes('[')) return false
      before = character
      at = end
      continue
    }
    if (character === '[') {
      // A table name stands in front of a structured reference; a bracket without one opens another book.
      if (!/[\p{L}\p{N}_.\\?]/u.test(before)) return false
      brackets = 1
    } else if (character === '|') return false
    else if (character === '(' && !callAllowed(formula, at)) return false
    before = character
    at++
  }
  return brackets === 0
}

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
  if (name === '' || /^\d/u.test(name)) return true
  for (const prefix of ['_XLFN.', '_XLWS.', '_XLUDF.', '_XLPM.'])
    if (name.startsWith(prefix)) name = name.slice(prefix.length)
  return FUNCTIONS.has(name)
}
