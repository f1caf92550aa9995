import type { DisarmReport, Fidelity } from '@sekisho/core'
import { detect } from './detect.ts'
import type { ContextOptions, Family, NestedResult, ToolRequest } from './family.ts'
import { Context, Refusal } from './family.ts'
import { measureFidelity, tooFar } from './fidelity/index.ts'
import type { FidelityWish, Version } from './fidelity/index.ts'
import { flatten } from './flatten/index.ts'
import { calendarFamily } from './calendar/index.ts'
import { cadFamily } from './cad/index.ts'
import { htmlFamily } from './html/index.ts'
import { imageFamily } from './image/index.ts'
import { legacyFamily } from './legacy/index.ts'
import { mailFamily } from './mail/index.ts'
import { odfFamily } from './odf/index.ts'
import { ooxmlFamily } from './ooxml/index.ts'
import { pdfFamily } from './pdf/index.ts'
import { rtfFamily } from './rtf/index.ts'
import { svgFamily } from './svg/index.ts'
import { textFamily } from './text/index.ts'
import { zipFamily } from './zip/index.ts'

const FAMILIES: readonly Family[] = [
  ooxmlFamily,
  pdfFamily,
  imageFamily,
  zipFamily,
  textFamily,
  odfFamily,
  rtfFamily,
  htmlFamily,
  mailFamily,
  svgFamily,
  cadFamily,
  calendarFamily,
  legacyFamily,
]

export interface Disarming {
  readonly report: DisarmReport
  /** Absent exactly when the verdict is `refused`. Never empty. */
  readonly output?: Uint8Array
  /** What other programs should say before this is final: conversions, drawn pages. Empty when nothing is missing. */
  readonly wanted: readonly ToolRequest[]
}

export interface DisarmOptions extends Omit<ContextOptions, 'rebuildNested'> {
  /** The same format again, or 画像化: its pages as pictures. Default: the same format. */
  readonly outcome?: 'rebuild' | 'flatten'
  /** How much of the likeness is measured. Default: nothing. */
  readonly fidelity?: FidelityWish
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
  options: DisarmOptions = {},
): Disarming {
  const context = new Context({ ...options, rebuildNested: rebuildAny })
  const result =
    options.outcome === 'flatten'
      ? flattenAny(bytes, extension, context)
      : rebuildAny(bytes, extension, context)
  const { report, output } = result.ok
    ? measured(bytes, written(result, context), options.fidelity ?? 'off', context)
    : { report: refusedReport(result.type, result.reason) }
  return { report, ...(output ? { output } : {}), wanted: context.wanted }
}

function flattenAny(bytes: Uint8Array, extension: string, context: Context): NestedResult {
  let type = 'unknown'
  try {
    const detected = detect(bytes, extension, context)
    type = detected.type
    return detected.ok
      ? flatten(bytes, type, context)
      : { ok: false, reason: detected.reason, type }
  } catch (error) {
    return { ok: false, reason: reasonOf(error), type }
  }
}

type Ended = Pick<Disarming, 'report' | 'output'>

/** The fidelity contract: what came out is compared with what went in, and too far is no success. */
function measured(bytes: Uint8Array, ended: Ended, wish: FidelityWish, context: Context): Ended {
  const { report, output } = ended
  if (wish === 'off' || !output) return ended
  const before = { bytes, type: report.type }
  const after = { bytes: output, type: report.outputType }
  const fidelity = likeness(before, after, wish, context)
  const reason = tooFar(fidelity, report.removed)
  if (reason) return { report: { ...refusedReport(report.type, reason), fidelity } }
  return { report: { ...report, fidelity }, output }
}

/** A comparison that cannot be made says nothing: it is no reason to refuse, and none to pass. */
function likeness(before: Version, after: Version, wish: FidelityWish, context: Context): Fidelity {
  try {
    return measureFidelity(before, after, wish, context)
  } catch (error) {
    if (error instanceof Refusal || error instanceof RangeError) return {}
    throw error
  }
}

function familyOf(type: string): Family | undefined {
  return FAMILIES.find(({ types }) => types.includes(type))
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
    const family = familyOf(type)
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

function written(result: NestedResult & { readonly ok: true }, context: Context): Ended {
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
