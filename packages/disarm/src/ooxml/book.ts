import { readTree } from '../xml/tree.ts'
import type { XmlElement } from '../xml/read.ts'
import { nameFault } from './excel.ts'
import { RELATIONSHIPS, SHEET } from './namespaces.ts'
import type { Package } from './package.ts'
import { partKind } from './part-kind.ts'
import { DANGEROUS_TYPES, DROPPED } from './relationships.ts'
import type { Book } from './scope.ts'
import type { Profile } from '../profile.ts'
import { transitionalName } from './strict.ts'
import { attributeOf, isElement } from './scope.ts'
import { refuse } from '../family.ts'

/**
 * Reads from the workbook, before anything is written, which sheets and names will still exist. Formulas are judged
 * against this: a formula that names a dropped macro sheet would make Excel repair the file.
 */
export function readBook(pack: Package, main: string, hidden: Profile['hidden'] = 'keep'): Book {
  const workbook = readTree(pack.read(main), transitionalName)
  const losesHidden = hidden === 'remove' && hasVisibleSheet(workbook)
  const kept = sheetTable(pack, main, workbook, losesHidden)
  const sheets = new Set(kept.filter(({ index }) => index !== undefined).map(({ name }) => name))
  if (sheets.size === 0) refuse(hasMacroSheet(pack, main) ? 'OX-XLM' : 'OX-CT')
  return {
    sheets,
    lostNames: lostNames(workbook, sheets),
    from1904: countsFrom1904(workbook),
    losesHidden,
    sheetIndex: (old) => kept[old]?.index,
  }
}

/** Without any, a book that lost all its sheets is not one of macros: it points to nothing that can be read. */
function hasMacroSheet(pack: Package, main: string): boolean {
  return pack
    .relationships(main)
    .some(
      ({ type, target }) =>
        DROPPED.get(type) === 'OX-XLM' ||
        DANGEROUS_TYPES.get(pack.contentType(target)) === 'OX-XLM',
    )
}

/** A book must have a sheet that can be seen; when all are hidden, all stay. */
function hasVisibleSheet(workbook: XmlElement): boolean {
  return childrenOf(workbook, 'sheets', 'sheet').some((sheet) => !isHidden(sheet))
}

function isHidden(sheet: XmlElement): boolean {
  return /^(?:hidden|veryHidden)$/.test(attributeOf(sheet, 'state') ?? '')
}

function sheetTable(pack: Package, main: string, workbook: XmlElement, losesHidden: boolean) {
  const relationships = new Map(pack.relationships(main).map((one) => [one.id, one]))
  let next = 0
  return childrenOf(workbook, 'sheets', 'sheet').map((sheet) => {
    const relationship = relationships.get(attributeOf(sheet, 'id', RELATIONSHIPS) ?? '')
    const kind = relationship && partKind(pack, relationship)
    const kept =
      (kind?.id === 'worksheet' || kind?.id === 'chartsheet') && !(losesHidden && isHidden(sheet))
    return {
      name: (attributeOf(sheet, 'name') ?? '').toLowerCase(),
      index: kept ? next++ : undefined,
    }
  })
}

function countsFrom1904(workbook: XmlElement): boolean {
  const properties = workbook.children
    .filter(isElement)
    .find(({ uri, local }) => uri === SHEET && local === 'workbookPr')
  const value = properties ? attributeOf(properties, 'date1904') : undefined
  return value === '1' || value === 'true'
}

/** A name may stand on a name that is lost, so look until nothing changes. */
function lostNames(workbook: XmlElement, sheets: ReadonlySet<string>): ReadonlySet<string> {
  const names = childrenOf(workbook, 'definedNames', 'definedName')
  const lost = new Set<string>()
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const before = lost.size
    for (const name of names) {
      if (nameFault(name, { sheets, lostNames: lost })) {
        lost.add((attributeOf(name, 'name') ?? '').toLowerCase())
      }
    }
    if (lost.size === before) return lost
  }
  return new Set(names.map((name) => (attributeOf(name, 'name') ?? '').toLowerCase()))
}

/** Chains of names on names; longer ones lose all names, which is safe. */
const MAX_ROUNDS = 16

function childrenOf(root: XmlElement, list: string, local: string): XmlElement[] {
  return root.children
    .filter(isElement)
    .filter((child) => child.uri === SHEET && child.local === list)
    .flatMap((child) => child.children.filter(isElement))
    .filter((child) => child.uri === SHEET && child.local === local)
}
