import type { XmlElement } from '../xml/read.ts'
import type { FormulaFault } from './formula.ts'
import { judgeFormula } from './formula.ts'
import { RELATIONSHIPS, SHEET } from './namespaces.ts'
import type { Handler, Scope } from './scope.ts'
import { attributeOf, isElement, removeAttribute, setAttribute, textOf } from './scope.ts'

/** SpreadsheetML (ECMA-376 part 1 §18). A formula that may not stay leaves the value it last showed. */

const CELL_ATTRIBUTES: ReadonlySet<string> = new Set(['r', 's', 't', 'ph'])

/** `cm` and `vm` point into metadata parts (rich values, web images) that are not written. */
const cell: Handler = (element, scope) => {
  const attributes = element.attributes.filter(
    ({ uri, local }) => uri === '' && CELL_ATTRIBUTES.has(local),
  )
  const children = element.children.filter(isElement).filter((child) => {
    if (child.uri !== SHEET || child.local !== 'f') return true
    const fault = cellFault(child, scope)
    if (fault) scope.drop(fault)
    return fault === undefined
  })
  return [{ ...element, attributes, children: scope.filter(children) }]
}

/** Shared formula groups of a part whose master may stay. A child of any other group would show someone else's formula. */
const SHARED = new WeakMap<Scope, Set<string>>()

function cellFault(formula: XmlElement, scope: Scope): FormulaFault | undefined {
  const text = textOf(formula)
  const fault = text === '' ? undefined : judgeFormula(text, scope.book)
  const group = attributeOf(formula, 't') === 'shared' ? attributeOf(formula, 'si') : undefined
  if (group === undefined || fault) return fault
  const groups = SHARED.get(scope) ?? new Set()
  SHARED.set(scope, groups)
  if (text !== '') groups.add(group)
  return groups.has(group) ? undefined : 'X-FORMULA'
}

/** Names that Excel runs when the book opens, closes, activates: only macro sheets give them a meaning. */
const AUTO_NAME = /^(?:_xlnm\.)?auto_/i

const definedName: Handler = (element, scope) => {
  const fault = nameFault(element, scope.book)
  if (fault) {
    scope.drop(fault)
    return []
  }
  const local = attributeOf(element, 'localSheetId')
  if (local === undefined) return undefined
  const index = scope.book.sheetIndex(Number(local))
  if (index === undefined) return []
  setAttribute(element, 'localSheetId', String(index))
  return undefined
}

/** Why a defined name may not stay. Exported for the walk over the workbook before anything is written. */
export function nameFault(
  element: XmlElement,
  book: Pick<Scope['book'], 'sheets' | 'lostNames'>,
): string | undefined {
  if (AUTO_NAME.test(attributeOf(element, 'name') ?? '')) return 'OX-XLM'
  if (['function', 'xlm', 'macro'].some((local) => isTrue(attributeOf(element, local))))
    return 'OX-XLM'
  if (isTrue(attributeOf(element, 'vbProcedure'))) return 'OX-VBA'
  return judgeFormula(textOf(element), book) ? 'X-DEFNAME' : undefined
}

function isTrue(value: string | undefined): boolean {
  return value === '1' || value === 'true'
}

const sheet: Handler = (element, scope) => {
  const state = attributeOf(element, 'state')
  if (state === 'hidden' || state === 'veryHidden') scope.keep('OX-HIDDEN')
  return undefined
}

/** Tabs are named by position; positions move when a macro sheet goes. */
const workbookView: Handler = (element, scope) => {
  for (const local of ['activeTab', 'firstSheet']) {
    const old = attributeOf(element, local)
    if (old === undefined) continue
    const index = scope.book.sheetIndex(Number(old))
    if (index === undefined) removeAttribute(element, local)
    else setAttribute(element, local, String(index))
  }
  return undefined
}

const hiddenRange: Handler = (element, scope) => {
  if (isTrue(attributeOf(element, 'hidden'))) scope.keep('OX-HIDDEN')
  return undefined
}

const cellLink: Handler = (element, scope) => {
  const old = attributeOf(element, 'id', RELATIONSHIPS)
  const place = attributeOf(element, 'location')
  const id = old === undefined ? undefined : scope.hyperlink(old)
  const mayJump = place !== undefined && judgeFormula(place, scope.book) === undefined
  const attributes = element.attributes.filter(
    ({ uri, local }) => uri === '' && ['ref', 'tooltip', 'display'].includes(local),
  )
  if (mayJump) attributes.push({ uri: '', local: 'location', value: place })
  else if (place !== undefined) scope.drop('OX-HLINK')
  if (id !== undefined) attributes.push({ uri: RELATIONSHIPS, local: 'id', value: id })
  return id === undefined && !mayJump ? [] : [{ ...element, attributes, children: [] }]
}

/** Comment boxes are drawn anew from the comments; other legacy shapes (controls, objects) are not. */
const legacyDrawing: Handler = (element, scope) => {
  const id = scope.commentShapes()
  if (id === undefined) return []
  return [
    { ...element, attributes: [{ uri: RELATIONSHIPS, local: 'id', value: id }], children: [] },
  ]
}

const pageSetup: Handler = (element) => {
  removeAttribute(element, 'id', RELATIONSHIPS)
  return undefined
}

/** A rule whose formula may not stay goes as a whole: it has no value of its own to leave. */
const ruleWithFormulas: Handler = (element, scope) => {
  if (!formulasBelow(element).some((formula) => judgeFormula(formula, scope.book))) return undefined
  scope.drop('X-CFDV')
  return []
}

const FORMULA_ELEMENTS: ReadonlySet<string> = new Set(['formula', 'formula1', 'formula2', 'f'])

function formulasBelow(element: XmlElement): string[] {
  const found: string[] = []
  for (const child of element.children) {
    if (!isElement(child)) continue
    if (FORMULA_ELEMENTS.has(child.local)) found.push(textOf(child))
    else found.push(...formulasBelow(child))
    if (child.local === 'cfvo' && attributeOf(child, 'type') === 'formula') {
      found.push(attributeOf(child, 'val') ?? '')
    }
  }
  return found
}

const tableFormula: Handler = (element, scope) => {
  const fault = judgeFormula(textOf(element), scope.book)
  if (!fault) return undefined
  scope.drop(fault)
  return []
}

/** A table that a query fills becomes a plain table. */
const table: Handler = (element, scope) => {
  const queried = attributeOf(element, 'tableType')
  if (queried !== undefined && queried !== 'worksheet') {
    removeAttribute(element, 'tableType')
    scope.drop('X-CONN')
  }
  removeAttribute(element, 'connectionId')
  return undefined
}

const tableColumn: Handler = (element) => {
  removeAttribute(element, 'queryTableFieldId')
  return undefined
}

const PIVOT_TRACES = ['refreshOnLoad', 'refreshedBy', 'refreshedDate', 'refreshedDateIso'] as const

const pivotCache: Handler = (element, scope) => {
  for (const local of PIVOT_TRACES) {
    if (removeAttribute(element, local))
      scope.drop(local === 'refreshOnLoad' ? 'X-PIVOT' : 'OX-META')
  }
  scope.keep('X-PIVOT')
  const records = attributeOf(element, 'id', RELATIONSHIPS)
  if (records === undefined) return undefined
  const id = scope.follow(records, ['pivotCacheRecords'])
  removeAttribute(element, 'id', RELATIONSHIPS)
  const shell = scope.shell(element, 'x:pivotCacheDefinition')
  if (!shell) return []
  if (id !== undefined) setAttribute(shell, 'id', id, RELATIONSHIPS)
  else setAttribute(shell, 'saveData', '0')
  shell.children = scope.filter(element.children)
  return [shell]
}

const cacheField: Handler = (element, scope) => {
  const formula = attributeOf(element, 'formula')
  if (formula !== undefined && judgeFormula(formula, scope.book)) {
    removeAttribute(element, 'formula')
    scope.drop('X-FORMULA')
  }
  return undefined
}

const comment: Handler = (_element, scope) => {
  scope.keep('OX-REV')
  return undefined
}

const protection: Handler = (_element, scope) => {
  scope.keep('OX-PROT')
  return undefined
}

const fileSharing: Handler = (element, scope) => {
  if (removeAttribute(element, 'userName')) scope.drop('OX-META')
  return undefined
}

/** Only what a pivot cache of this book's cells needs. */
const cacheSource: Handler = (element) => {
  removeAttribute(element, 'connectionId')
  return undefined
}

export const excelHandlers: ReadonlyMap<string, Handler> = new Map([
  ['x:c', cell],
  ['x:definedName', definedName],
  ['x:sheet', sheet],
  ['x:workbookView', workbookView],
  ['x:row', hiddenRange],
  ['x:col', hiddenRange],
  ['x:hyperlink', cellLink],
  ['x:legacyDrawing', legacyDrawing],
  ['x:pageSetup', pageSetup],
  ['c:pageSetup', pageSetup],
  ['x:dataValidation', ruleWithFormulas],
  ['x:cfRule', ruleWithFormulas],
  ['x14:dataValidation', ruleWithFormulas],
  ['x14:cfRule', ruleWithFormulas],
  ['x14:sparkline', ruleWithFormulas],
  ['x14:sparklineGroup', ruleWithFormulas],
  ['x:calculatedColumnFormula', tableFormula],
  ['x:totalsRowFormula', tableFormula],
  ['x:table', table],
  ['x:tableColumn', tableColumn],
  ['x:pivotCacheDefinition', pivotCache],
  ['x:cacheField', cacheField],
  ['x:cacheSource', cacheSource],
  ['x:comment', comment],
  ['x:sheetProtection', protection],
  ['x:workbookProtection', protection],
  ['x:fileSharing', fileSharing],
])
