import type { DisarmReport } from '@sekisho/core'
import { detect } from './detect.ts'
import type { ContextOptions, Family, NestedResult } from './family.ts'
import { Context, Refusal } from './family.ts'
import { imageFamily } from './image/index.ts'
import { ooxmlFamily } from './ooxml/index.ts'
import { pdfFamily } from './pdf/index.ts'
import { textFamily } from './text/index.ts'
import { zipFamily } from './zip/index.ts'

const FAMILIES: readonly Family[] = [ooxmlFamily, pdfFamily, imageFamily, zipFamily, textFamily]

export interface Disarming {
  readonly report: DisarmReport
  /** Absent exactly when the verdict is `refused`. Never empty. */
  readonly output?: Uint8Array
}

/**
 * Disarms in this very process: what a worker runs, and what tests and fuzzers call. A server uses `createPool`, because here a
 * fault in a parser is a fault in the caller. Never throws for anything a file can contain.
 *
 * @param extension what the sender calls the file, lower case, without dot
 */
export function disarmBytes(
  bytes: Uint8Array,
  extension: string,
  options: Omit<ContextOptions, 'rebuildNested'> = {},
): Disarming {
  const context = new Context({ ...options, rebuildNested: rebuildAny })
  const result = rebuildAny(bytes, extension, context)
  return result.ok
    ? written(result, context)
    : { report: refusedReport(result.type, result.reason) }
}

export function refusedReport(type: string, reason: string): DisarmReport {
  return { type, outputType: '', verdict: 'refused', removed: [], kept: [], reason }
}

/** Detects, chooses the family, rebuilds; for a file and for every member of a container. */
function rebuildAny(bytes: Uint8Array, extension: string, context: Context): NestedResult {
  let type = 'unknown'
  try {
    if (bytes.length > context.limits.inputBytes) return { ok: false, reason: 'LIMIT-SIZE', type }
    const detected = detect(bytes, extension, context)
    type = detected.type
    if (!detected.ok) return { ok: false, reason: detected.reason, type }
    if (detected.renamed) context.removed('TYPE-MISMATCH')
    const family = FAMILIES.find(({ types }) => types.includes(type))
    if (!family) return { ok: false, reason: 'TYPE-UNKNOWN', type }
    const rebuilt = family.rebuild(bytes, type, context)
    if (rebuilt.ok && rebuilt.output.length === 0) return { ok: false, reason: 'ENG-EMPTY', type }
    if (rebuilt.ok && rebuilt.output.length > context.limits.outputBytes) {
      return { ok: false, reason: 'LIMIT-SIZE', type }
    }
    return { ...rebuilt, type }
  } catch (error) {
    return { ok: false, reason: reasonOf(error), type }
  }
}

/** A bug met by a hostile file must not become a way through: it refuses. Nothing of the error's text leaves. */
function reasonOf(error: unknown): string {
  if (error instanceof Refusal) return error.reason
  if (error instanceof RangeError) return 'LIMIT-MEMORY'
  return 'ENG-CRASH'
}

function written(result: NestedResult & { readonly ok: true }, context: Context): Disarming {
  const { removed, kept } = context.report()
  const { type, outputType } = result
  // Some writers return a Buffer; callers compare and hash plain bytes.
  const output = new Uint8Array(
    result.output.buffer,
    result.output.byteOffset,
    result.output.byteLength,
  )
  const verdict =
    removed.length > 0 ? 'removed' : outputType === type ? 'confirmed-absent' : 'converted'
  return { report: { type, outputType, verdict, removed, kept }, output }
}
