/** Longest cell that a spreadsheet reads. */
const MAX_CELL = 32_767
const SEPARATORS = new Set([',', ';', '\t', '\r', '\n'])
const FORMULA_SIGNS = new Set(['=', '+', '-', '@'])

/**
 * Cells as spreadsheets see them (RFC 4180, with the separators Excel may use). In a quoted cell separators are text; what
 * follows the closing quote still belongs to it. A quote that never closes quotes nothing.
 */
export function* cellsOf(text: string): Iterable<string> {
  let quoting = true
  for (let at = 0; at < text.length;) {
    const quote = quoting ? openingQuote(text, at) : -1
    const close = quote < 0 ? -1 : closingQuote(text, quote + 1)
    if (quote >= 0 && close < 0) quoting = false
    const end = separator(text, Math.max(at, close + 1))
    yield close < 0
      ? text.slice(at, end)
      : text.slice(quote + 1, close) + text.slice(close + 1, end)
    at = end + 1
  }
}

/** After at most seven blanks. */
function openingQuote(text: string, from: number): number {
  let at = from
  while (at < from + 7 && text[at] === ' ') at++
  return text[at] === '"' ? at : -1
}

/** A doubled quote is a quote. */
function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from)
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2)
  return at
}

function separator(text: string, from: number): number {
  let at = from
  while (at < text.length && !SEPARATORS.has(text[at]!)) at++
  return at
}

/**
 * Whether a spreadsheet would call a function, another program (`=cmd|'/c calc'!A0`) or another book (`=[a.xlsx]b!A1`) when
 * it shows this cell. `-5`, `+81-3-…` and `="0012"` are data. Full-width signs are read as their narrow forms, as Excel does.
 */
export function runs(cell: string): boolean {
  const body = cell
    .slice(0, MAX_CELL)
    .normalize('NFKC')
    .replace(/^[\s\u0000-\u0020"]+/u, '')
  if (!FORMULA_SIGNS.has(body[0] ?? '')) return false
  const formula = body.replaceAll(/"[^"]*"/gu, '""')
  return formula.includes('|') || holdsCall(formula) || namesBook(formula)
}

/** A quoted path and `!` or `#`, or a bracket, a sheet and `!` before a place. */
function namesBook(formula: string): boolean {
  if (formula.includes("'!") || formula.includes("'#")) return true
  let bracket = false
  for (let at = 0; at < formula.length; at++) {
    const character = formula[at]!
    if (character === '!' && bracket && /[A-Za-z$_#]/u.test(formula[at + 1] ?? '')) return true
    bracket = character === ']' || (bracket && !/[\s![]/u.test(character))
  }
  return false
}

/** A name, perhaps blanks, a parenthesis. One pass: the cell is hostile. */
function holdsCall(formula: string): boolean {
  let named = false
  let blank = false
  for (const character of formula) {
    if (character === '(' && named) return true
    if (/\s/u.test(character)) blank = true
    else {
      const letter = /[A-Za-z_.]/u.test(character)
      named = letter || (named && !blank && /[0-9]/u.test(character))
      blank = false
    }
  }
  return false
}
