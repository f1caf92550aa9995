import { Refusal, refuse } from '../family.ts'
import type { Context } from '../family.ts'
import { readXml } from '../xml/read.ts'
import { XML_HEADER, writeElement } from '../xml/write.ts'
import { Drawing } from './drawing.ts'
import { readProlog } from './prolog.ts'
import { checkReuse } from './reuse.ts'
import { SVG, XLINK } from './vocabulary.ts'

/** SVG inside of SVG inside of SVG. */
const MAX_INNER = 2
const NAMESPACES: readonly (readonly [uri: string, prefix: string])[] = [
  [SVG, ''],
  [XLINK, 'xlink'],
]

export type RebuiltSvg =
  | { readonly ok: true; readonly output: Uint8Array }
  | { readonly ok: false; readonly reason: string }

/**
 * Rebuilds a picture as SVG: shapes, text, paint and embedded pictures. Scripts, animation and foreign content go as SVG-SCRIPT, what
 * is fetched as SVG-EXT, notes of editors and what nobody shows as SVG-XML. Never throws `Refusal`, save for budgets
 * (`LIMIT-…`), which concern the whole file.
 *
 * @param where place in reports, e.g. `word/media/image1.svg`
 */
export function rebuildSvg(bytes: Uint8Array, context: Context, where = ''): RebuiltSvg {
  try {
    return { ok: true, output: rebuild(bytes, context, where, 0) }
  } catch (error) {
    if (!(error instanceof Refusal) || error.reason.startsWith('LIMIT-')) throw error
    return { ok: false, reason: 'SVG-XML' }
  }
}

function rebuild(bytes: Uint8Array, context: Context, where: string, depth: number): Uint8Array {
  context.spend(bytes.length * 2)
  const { body, lifted, external } = readProlog(bytes)
  const drawing = new Drawing(context, where, lifted, (inner) =>
    rebuildInner(inner, context, where, depth + 1),
  )
  if (external) drawing.dropped('external')
  for (const token of readXml(body)) drawing.take(token)
  const root = drawing.root ?? refuse('SVG-XML')
  checkReuse(root, drawing.references)
  const prefixes = new Map(NAMESPACES)
  return new TextEncoder().encode(XML_HEADER + writeElement(root, prefixes, NAMESPACES))
}

function rebuildInner(
  bytes: Uint8Array,
  context: Context,
  where: string,
  depth: number,
): Uint8Array | undefined {
  if (depth > MAX_INNER) return undefined
  try {
    return rebuild(bytes, context, where, depth)
  } catch (error) {
    if (!(error instanceof Refusal) || error.reason.startsWith('LIMIT-')) throw error
    return undefined
  }
}
