import { XmlReader } from '../xml/read.ts'
import type { Package, Relationship } from './package.ts'
import type { PartKind } from './relationships.ts'
import { KINDS, TWINS, isImageType } from './relationships.ts'
import { transitionalName } from './strict.ts'
import { tablePrefix } from './vocabulary.ts'

/**
 * What a relationship leads to: its type must be of the allow-list and the part's content type must agree. A part whose content
 * type says nothing is what its root element says, if the relationship may lead to that; a part that says something else is a lie.
 */
export function partKind(
  pack: Package,
  { type, target, external }: Relationship,
): PartKind | undefined {
  const kind = KINDS.get(type)
  if (external || !kind || !pack.has(target)) return undefined
  const declared = pack.contentType(target)
  if (kind.id === 'image') return isImageType(declared) ? kind : undefined
  const candidates = [kind, ...TWINS.filter(({ id }) => id === kind.id)]
  const told = candidates.find(({ accepts }) => accepts.includes(declared))
  if (told || !UNTOLD.has(declared)) return told
  const root = rootOf(pack.pieces(target))
  return candidates.find((one) => one.root === root)
}

/** Content types of some writers who forget to name a part. */
const UNTOLD: ReadonlySet<string> = new Set(['', 'application/xml', 'text/xml'])

/** The root element as in `vocabulary.ts`. */
function rootOf(pieces: Iterable<Uint8Array>): string | undefined {
  const reader = new XmlReader(pieces, transitionalName)
  let token = reader.next()
  while (token && token.kind !== 'open') token = reader.next()
  return token && `${tablePrefix(token.element.uri) ?? ''}:${token.element.local}`
}
