import { FUNCTIONS } from './ooxml-tables.ts'
import { urlAllowed } from './url.ts'

const MAX_FORMULA = 65_536
/** What opens another document or names a program, wherever it stands. */
const REACHING = /:\/\/|\\\\|^\s*file:|'\s*file:|vnd\.sun\.star|\bdde\b/iu

/** Functions of OpenFormula, of LibreOffice and of conditions that the list for Excel has not. */
const OWN = new Set(
  (
    'ABOVE-AVERAGE ABOVE-EQUAL-AVERAGE ARABIC B BEGINS-WITH BELOW-AVERAGE BELOW-EQUAL-AVERAGE BETWEEN BINOM.DIST.RANGE ' +
    'BOTTOM-ELEMENTS BOTTOM-PERCENT CELL-CONTENT CELL-CONTENT-IS-BETWEEN CELL-CONTENT-IS-DATE ' +
    'CELL-CONTENT-IS-DECIMAL-NUMBER CELL-CONTENT-IS-IN-LIST CELL-CONTENT-IS-NOT-BETWEEN CELL-CONTENT-IS-TEXT ' +
    'CELL-CONTENT-IS-TIME CELL-CONTENT-IS-WHOLE-NUMBER CELL-CONTENT-TEXT-LENGTH CELL-CONTENT-TEXT-LENGTH-IS-BETWEEN ' +
    'CELL-CONTENT-TEXT-LENGTH-IS-NOT-BETWEEN CHISQDIST CHISQINV COLOR CONTAINS-TEXT CONVERT_OOO CURRENT DAYSINMONTH ' +
    'DAYSINYEAR DURATION_ADD EASTERSUNDAY EFFECT_ADD EFFECTIVE ENDS-WITH ERRORTYPE FORMULA FORMULA-IS FOURIER GCD_ADD ' +
    'GCD_EXCEL2003 INTERCEPT IS-ERROR IS-NO-ERROR IS-TRUE-FORMULA ISEVEN_ADD ISLEAPYEAR ISODD_ADD LCM_ADD ' +
    'LCM_EXCEL2003 LEGACY.CHIDIST LEGACY.CHIINV LEGACY.CHITEST LEGACY.FDIST LEGACY.FINV LEGACY.NORMSDIST ' +
    'LEGACY.NORMSINV LEGACY.TDIST MONTHS MULTIPLE.OPERATIONS MVALUE NETWORKDAYS_EXCEL2003 NOMINAL_ADD NOT-BETWEEN ' +
    'NOT-CONTAINS-TEXT OPT_BARRIER OPT_PROB_HIT OPT_PROB_INMONEY OPT_TOUCH RAND.NV RANDBETWEEN.NV RAWSUBTRACT REGEX ' +
    'ROT13 ROUNDSIG STYLE TOP-ELEMENTS TOP-PERCENT WEEKNUM_ADD WEEKNUM_EXCEL2003 WEEKNUM_OOO WEEKS WEEKSINYEAR YEARS ZGZ'
  ).split(' '),
)
const FOREIGN = [
  /^(?:COM\.MICROSOFT|ORG\.OPENOFFICE|ORG\.LIBREOFFICE|_XLFN)\.(?:_XLWS\.)?/u,
  /^COM\.SUN\.STAR\.SHEET\.ADDIN\.(?:ANALYSIS|DATEFUNCTIONS)\.GET/u,
]

/** A place in this document: no other document is named. */
export function addressAllowed(address: string): boolean {
  const own = address.split('#REF!').join('')
  return address.length <= MAX_FORMULA && !own.includes('#') && !REACHING.test(address)
}

/** The prefix that a formula needs declared. */
export function formulaPrefix(formula: string): string {
  return ['of', 'oooc', 'ooow'].find((prefix) => formula.startsWith(`${prefix}:`)) ?? ''
}

/** Formulas of Writer's tables and variables. */
export function writerFormulaAllowed(formula: string): boolean {
  return formula.length <= MAX_FORMULA && formula.startsWith('ooow:') && !REACHING.test(formula)
}

const ERROR =
  /#(?:REF!|NULL!|DIV\/0!|VALUE!|NAME\?|NUM!|N\/A|GETTING_DATA|SPILL!|CALC!)|Err:[0-9]{3}/iuy
const NUMBER = /(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[Ee][+-]?[0-9]+)?/uy
const NAME = /[\p{L}\p{Nl}_$\\?][\p{L}\p{Nl}\p{M}\p{N}_.\\?$\u00B7\u30FB-]*/uy
const SIGNS = new Set('-+*/^&=<>%(),;!: \t\n\r~@.')

/**
 * Whether a formula or condition of OpenDocument stays inside its document: listed functions only, no other document, no
 * DDE, links only as literals of the URL policy. Reads left to right once.
 */
export function odfFormulaAllowed(formula: string): boolean {
  if (formula.length > MAX_FORMULA) return false
  const prefix = /^[A-Za-z][A-Za-z0-9]{0,20}:/u.exec(formula)?.[0] ?? ''
  if (prefix !== '' && prefix !== 'of:' && prefix !== 'oooc:') return false
  let at = prefix.length
  let inArray = false
  let looksUp = false
  let names = false
  const match = (pattern: RegExp): string => {
    pattern.lastIndex = at
    return pattern.exec(formula)?.[0] ?? ''
  }
  while (at < formula.length) {
    const sign = formula[at]!
    if (sign === '"') {
      const end = closing(formula, at)
      if (end < 0) return false
      names ||= /[#/\\]|file:/iu.test(formula.slice(at, end))
      at = end
    } else if (sign === '[') {
      at = referenceEnd(formula, at)
      if (at < 0) return false
    } else if (sign === "'") {
      const end = closing(formula, at)
      if (end < 0 || inArray || formula[end] === '#') return false
      if (REACHING.test(formula.slice(at, end))) return false
      at = end
    } else if (sign === '{' || sign === '}' || sign === '|') {
      if (inArray === (sign === '{')) return false
      if (sign !== '|') inArray = sign === '{'
      at++
    } else {
      const plain = match(ERROR) || match(NUMBER)
      const name = plain === '' ? match(NAME) : ''
      if (plain === '' && name === '' && !SIGNS.has(sign)) return false
      at += Math.max(1, plain.length + name.length)
      if (name === '') continue
      if (inArray) {
        if (!/^(?:true|false|na)$/iu.test(name)) return false
        continue
      }
      while (/[ \t\n\r]/u.test(formula[at] ?? '')) at++
      if (formula[at] !== '(') continue
      const called = name.slice(name.lastIndexOf('-') + 1).toUpperCase()
      looksUp ||= called === 'INDIRECT'
      if (called === 'HYPERLINK') {
        const end = formula[at + 1] === '"' ? closing(formula, at + 1) : -1
        if (end < 0 || !/[;)]/u.test(formula[end] ?? '')) return false
        const url = formula.slice(at + 2, end - 1)
        if (url.includes('"') || !urlAllowed(url)) return false
        at = end
      } else if (!isListed(name.toUpperCase()) && !isListed(called)) return false
    }
  }
  return !inArray && !(looksUp && names)
}

function isListed(name: string): boolean {
  const prefix = FOREIGN.map((pattern) => pattern.exec(name)?.[0] ?? '').find((one) => one !== '')
  const bare = name.slice(prefix?.length ?? 0)
  return FUNCTIONS.has(bare) || OWN.has(bare)
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

/** Behind the bracket that ends a reference, or -1 when it holds what no place of this document is written with. */
function referenceEnd(formula: string, start: number): number {
  for (let at = start + 1; at < formula.length; at++) {
    const sign = formula[at]!
    if (sign === ']') return at + 1
    if (sign === "'") {
      const end = closing(formula, at)
      if (end < 0 || REACHING.test(formula.slice(at, end))) return -1
      at = end - 1
    } else if (sign === '#') {
      ERROR.lastIndex = at
      const error = ERROR.exec(formula)?.[0]
      if (error === undefined) return -1
      at += error.length - 1
    } else if (sign === '[' || sign === '"' || sign === '|') return -1
  }
  return -1
}
