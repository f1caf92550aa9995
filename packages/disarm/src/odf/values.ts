import { allowedUrl } from '../url.ts'
import type { FormulaRules } from './formula.ts'
import { harmlessFormula, harmlessWriterFormula, isOwnAddress, prefixOf } from './formula.ts'

/** The value to write, or the rule for which the attribute goes (empty: without a line). */
export type Value =
  | {
      readonly value: string
      /** A prefix that the value uses and that must be declared. */
      readonly uses?: string
    }
  | { readonly rule: string }

/**
 * What may be in the attributes that decide something; the value of any other is a name, a number or words that a person
 * reads. Keys are `prefix:local`.
 */
export function harmlessValue(key: string, value: string, rules: FormulaRules): Value {
  // Escaped, it must still be short enough to be read again.
  if (value.length > MAX_VALUE) return { rule: 'ODF-PKG' }
  const check = CHECKS.get(key)
  return check ? check(value, rules) : { value }
}

/** Whether a value of this attribute is looked at; others may be anything of bearable length. */
export function isChecked(key: string): boolean {
  return CHECKS.has(key)
}

/** Characters. The longest honest values are outlines of shapes. */
const MAX_VALUE = 524_288

type Check = (value: string, rules: FormulaRules) => Value

const formula: Check = (value, rules) => {
  const written = harmlessFormula(value, rules) ?? harmlessWriterFormula(value)
  return written === undefined ? { rule: 'ODF-LINK' } : { value: written, uses: prefixOf(written) }
}

const address: Check = (value) => (isOwnAddress(value) ? { value } : { rule: 'ODF-LINK' })

function matching(pattern: RegExp, rule = ''): Check {
  return (value) => (pattern.test(value) ? { value } : { rule })
}

/** Conditions of Writer's hidden text and sections (`ooow:x==1`) have no functions that lead anywhere. */
const writerCondition: Check = (value) => {
  const written = harmlessWriterFormula(value) ?? (isOwnAddress(value) ? value : undefined)
  return written === undefined ? { rule: 'ODF-LINK' } : { value: written, uses: prefixOf(written) }
}

const url: Check = (value, { links }) => {
  if (links === 'text-only') return { rule: 'URL-REMOVED' }
  const allowed = allowedUrl(value)
  return allowed === undefined ? { rule: 'ODF-LINK' } : { value: allowed }
}

/** A control is made by the service that is named here: only those that a form is made of, none that reads files or databases. */
const CONTROLS =
  'CheckBox ComboBox CommandButton CurrencyField DateField FixedText Form FormattedField GridControl GroupBox ' +
  'ImageButton ListBox NumericField PatternField RadioButton RichTextControl ScrollBar SpinButton TextField TimeField'
const CONTROL = new RegExp(
  `^(?:ooo:)?com\\.sun\\.star\\.form\\.component\\.(?:${CONTROLS.replaceAll(' ', '|')})$`,
)
const controlImplementation: Check = (value) =>
  CONTROL.test(value)
    ? { value, uses: value.startsWith('ooo:') ? 'ooo' : '' }
    : { rule: 'ODF-FORM' }

const FIVE_DIGITS = /^[0-9]{1,5}$/
const SEVEN_DIGITS = /^[0-9]{1,7}$/

const CHECKS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ...each('table:formula text:formula table:condition table:expression', formula),
  ...each('style:condition calcext:value', formula),
  ...each('text:condition', writerCondition),
  ...each('table:cell-range-address table:target-range-address table:base-cell-address', address),
  ...each('table:end-cell-address table:print-ranges table:cell-address table:cell-range', address),
  ...each('table:target-cell-address table:source-cell-range-addresses', address),
  ...each('table:label-cell-range-address table:data-cell-range-address', address),
  ...each('table:scenario-ranges table:condition-source-range-address', address),
  ...each('chart:values-cell-range-address chart:label-cell-address', address),
  ...each('chart:error-lower-range chart:error-upper-range', address),
  ...each('form:linked-cell form:source-cell-range style:base-cell-address', address),
  ...each('calcext:target-range-address calcext:base-cell-address calcext:data-range', address),
  ...each('calcext:cell-address draw:notify-on-update-of-ranges', address),
  ['text:url', url],
  ['office:version', matching(/^1\.[0-4]$/)],
  ['office:mimetype', matching(/^application\/vnd\.oasis\.opendocument\.[a-z-]{1,40}$/, 'ODF-PKG')],
  ['xlink:type', matching(/^simple$/)],
  ['xlink:show', matching(/^(?:new|replace|embed|none)$/)],
  ['xlink:actuate', matching(/^(?:onLoad|onRequest)$/)],
  ['office:target-frame-name', matching(/^_(?:blank|self|parent|top)$/)],
  ['chart:class', matching(/^(?:chart:)?[a-z-]{1,40}$/, 'ODF-PKG')],
  ['form:control-implementation', controlImplementation],
  // A name of a set of settings is a qualified name; undeclared, its settings are not read.
  ['config:name', (value) => ({ value, uses: value.startsWith('ooo:') ? 'ooo' : '' })],
  ['form:button-type', matching(/^(?:push|reset)$/, 'ODF-FORM')],
  [
    'smil:attributeName',
    matching(/^(?!.*href)[A-Za-z-]{1,40}(?:;[A-Za-z-]{1,40}){0,20}$/, 'ODF-PKG'),
  ],
  ['config:type', matching(/^(?:boolean|short|int|long|double|string)$/)],
  // A row of a billion spaces, cells or sheets costs the reader's memory and no bytes here.
  ['table:steps', matching(FIVE_DIGITS)],
  ...each('text:c table:number-columns-spanned table:number-rows-spanned', matching(FIVE_DIGITS)),
  ...each(
    'table:number-columns-repeated table:number-matrix-columns-spanned',
    matching(FIVE_DIGITS),
  ),
  ...each('table:number-rows-repeated table:number-matrix-rows-spanned', matching(SEVEN_DIGITS)),
])

function each(keys: string, check: Check): [string, Check][] {
  return keys.split(' ').map((key) => [key, check])
}
