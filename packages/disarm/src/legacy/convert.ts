import { detect } from '../detect.ts'
import type { Rebuilt } from '../family.ts'
import { Context, refuse } from '../family.ts'

/** What the converter makes of each old type. */
const TARGETS: ReadonlyMap<string, string> = new Map([
  ['doc', 'docx'],
  ['xls', 'xlsx'],
  ['ppt', 'pptx'],
  ['xlsb', 'xlsx'],
])

/** Has `bytes` converted outside of this process and rebuilds the answer. */
export function convertAndRebuild(
  bytes: Uint8Array,
  from: string,
  rule: string,
  context: Context,
): Rebuilt {
  return rebuildConverted(context.convert(bytes, from), from, rule, context)
}

/**
 * Rebuilds what became of a file of type `from` like any other input. An answer of another type than was asked for is OLE-CONVERT: a
 * converter that a hostile file took over could send us round in circles with it.
 */
export function rebuildConverted(
  converted: Uint8Array,
  from: string,
  rule: string,
  context: Context,
): Rebuilt {
  const target = TARGETS.get(from) ?? refuse('TYPE-UNKNOWN')
  const found = detect(converted, target, new Context({ limits: context.limits }))
  if (!found.ok || found.type !== target) refuse('OLE-CONVERT')
  const rebuilt = context.rebuildInstead(converted, target)
  if (rebuilt.ok) context.removed(rule)
  return rebuilt
}
