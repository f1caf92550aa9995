import { createHash } from 'node:crypto'
import type { Context } from '../family.ts'
import type { Package } from './package.ts'
import { VBA_RELATIONSHIP, macroKind } from './relationships.ts'

/**
 * The VBA project of a document whose exact bytes a person has examined and the town lists by digest: the one thing that is carried
 * over byte for byte. It is only looked for in the file itself, not in files inside it.
 *
 * @returns part name and bytes; `undefined` when the document has none that is listed
 */
export function listedMacros(
  pack: Package,
  main: string,
  context: Context,
): { readonly source: string; readonly bytes: Uint8Array } | undefined {
  if (context.depth > 0 || context.macroDigests.size === 0) return undefined
  const found = pack.relationships(main).filter(({ type }) => type === VBA_RELATIONSHIP)
  const [project, ...more] = found
  if (!project || more.length > 0 || project.external || !pack.has(project.target)) return undefined
  const kind = macroKind(project.type)
  if (!kind?.accepts.includes(pack.contentType(project.target))) return undefined
  const bytes = pack.read(project.target)
  const digest = createHash('sha256').update(bytes).digest('hex')
  return context.macroDigests.has(digest) ? { source: project.target, bytes } : undefined
}
