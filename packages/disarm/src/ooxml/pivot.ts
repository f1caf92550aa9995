import { readTree } from '../xml/tree.ts'
import { RELATIONSHIPS } from './namespaces.ts'
import type { Package } from './package.ts'
import { KINDS } from './relationships.ts'
import type { Book } from './scope.ts'
import { transitionalName } from './strict.ts'
import { attributeOf, isElement } from './scope.ts'

/**
 * A pivot table may stay when its data are cells of this book. One that draws from a database, another book or an OLAP cube
 * is only its values, which the sheet holds anyway.
 */
export function acceptsPivot(pack: Package, part: string, kind: string, book: Book): boolean {
  if (kind === 'pivotCacheDefinition') return hasOwnSource(pack, part, book)
  const caches = pack
    .relationships(part)
    .filter(({ type, external }) => KINDS.get(type)?.id === 'pivotCacheDefinition' && !external)
  const [cache, ...more] = caches
  return (
    cache !== undefined &&
    more.length === 0 &&
    pack.has(cache.target) &&
    hasOwnSource(pack, cache.target, book)
  )
}

function hasOwnSource(pack: Package, part: string, book: Book): boolean {
  const root = readTree(pack.read(part), transitionalName)
  if (attributeOf(root, 'upgradeOnRefresh') === '1') return false
  const source = root.children.filter(isElement).find(({ local }) => local === 'cacheSource')
  if (!source || attributeOf(source, 'type') !== 'worksheet') return false
  const sheet = source.children.filter(isElement).find(({ local }) => local === 'worksheetSource')
  if (!sheet || attributeOf(sheet, 'id', RELATIONSHIPS) !== undefined) return false
  const name = attributeOf(sheet, 'sheet')?.toLowerCase()
  return name === undefined || book.sheets.has(name)
}
