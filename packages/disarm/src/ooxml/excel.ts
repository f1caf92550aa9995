import type { XmlElement } from '../xml/read.ts'
import type { FormulaFault } from './formula.ts'
import { judgeFormula } from './formula.ts'
import { RELATIONSHIPS, SHEET } from './namespaces.ts'
import type { Handler, Scope } from './scope.ts'
import { attributeOf, isElement, removeAttribute, setAttribute, textOf } from './scope.ts'
import { plainDate } from './strict.ts'

/** SpreadsheetML (ECMA-376 part 1 §18). A formula that may not stay leaves the value it last showed. */

const CELL_ATTRIBUTES: ReadonlySet<string> = new Set(['r', 's', 't', 'ph'])

/** `cm` and `vm` point into metadata parts (rich values, web images) that are not written. */
const cell: Handler = (element, scope) => {
  if (isInHiddenColumn(element, scope)) {
    if (element.children.some(isElement)) scope.drop('OX-HIDDEN')
    return []
  }
  plainDate(element, scope.book.from1904)
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
  const group = attributeOf(formula, 't') === 'shared' ? attributeOf(formula, 'si') : undefined
  return formulaFault(textOf(formula), group, scope)
}

/** A formula anywhere else than directly in a cell. */
const strayFormula: Handler = (element, scope) => {
  const fault = cellFault(element, scope)
  if (fault) scope.drop(fault)
  return fault ? [] : undefined
}

/** Why the formula of a cell may not stay. An empty one belongs to the group of a shared formula. */
export function formulaFault(
  text: string,
  group: string | undefined,
  scope: Scope,
): FormulaFault | undefined {
  const fault = text === '' ? undefined : judgeFormula(text, scope.book)
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
  if (state !== 'hidden' && state !== 'veryHidden') return undefined
  if (!scope.book.losesHidden) {
    scope.keep('OX-HIDDEN')
    return undefined
  }
  scope.forget(attributeOf(element, 'id', RELATIONSHIPS) ?? '', 'OX-HIDDEN')
  return []
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

/** A hidden row that must not stay leaves its number behind, empty and hidden, so that nothing moves. */
const row: Handler = (element, scope) => {
  if (!isTrue(attributeOf(element, 'hidden'))) return undefined
  if (scope.profile.hidden === 'keep') {
    scope.keep('OX-HIDDEN')
    return undefined
  }
  const filled = element.children.some(isElement)
  if (!filled) return undefined
  scope.drop('OX-HIDDEN')
  const shell = scope.shell(element, 'x:row')
  return shell ? [shell] : []
}

/** Hidden columns of a part whose cells must not stay, as ranges of numbers. */
const HIDDEN_COLUMNS = new WeakMap<Scope, (readonly [first: number, last: number])[]>()

/** Whether cells of this part have to be looked at one by one. */
export function losesColumns(scope: Scope): boolean {
  return HIDDEN_COLUMNS.has(scope)
}

const column: Handler = (element, scope) => {
  if (!isTrue(attributeOf(element, 'hidden'))) return undefined
  if (scope.profile.hidden === 'keep') {
    scope.keep('OX-HIDDEN')
    return undefined
  }
  const [first, last] = ['min', 'max'].map((local) => Number(attributeOf(element, local)))
  HIDDEN_COLUMNS.set(scope, [...(HIDDEN_COLUMNS.get(scope) ?? []), [first ?? 0, last ?? 0]])
  return undefined
}

function isInHiddenColumn(element: XmlElement, scope: Scope): boolean {
  const ranges = HIDDEN_COLUMNS.get(scope)
  if (!ranges) return false
  let number = 0
  for (const letter of /^[A-Z]{1,3}/.exec(attributeOf(element, 'r') ?? '')?.[0] ?? '')
    number = number * 26 + letter.charCodeAt(0) - 64
  return ranges.some(([first, last]) => number >= first && number <= last)
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

/**
 * Comment boxes and form controls are drawn anew; what stood for an embedded object or a control of another maker becomes a picture
 * in the drawing of the sheet, which must stand before.
 */
const legacyDrawing: Handler = (element, scope) => {
  const drawing = scope.sheetPictures()
  const id = scope.sheetShapes()
  const pictures = drawing === undefined ? [] : [pointer(element, 'drawing', drawing)]
  return id === undefined ? pictures : [...pictures, pointer(element, 'legacyDrawing', id)]
}

const headerDrawing: Handler = (element, scope) => {
  const id = scope.headerShapes()
  return id === undefined ? [] : [pointer(element, 'legacyDrawingHF', id)]
}

function pointer(element: XmlElement, local: string, id: string): XmlElement {
  const attributes = [{ uri: RELATIONSHIPS, local: 'id', value: id }]
  return { ...element, local, attributes, children: [] }
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
  ['x:f', strayFormula],
  ['x:definedName', definedName],
  ['x:sheet', sheet],
  ['x:workbookView', workbookView],
  ['x:row', row],
  ['x:col', column],
  ['x:hyperlink', cellLink],
  ['x:legacyDrawing', legacyDrawing],
  ['x:legacyDrawingHF', headerDrawing],
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
