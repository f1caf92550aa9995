import type { DisarmReport, DisarmVerdict, Removal } from '@sekisho/core'
import { EXTENSIONS } from '../detect.ts'
import { MAX_COUNT, MAX_ROWS, WHERE_PATTERN } from '../family.ts'
import { REFUSAL_REASONS, isDisarmRule } from '../rules.ts'

/**
 * Reads what a worker says as if an attacker wrote it, because one may have. Every field must be of the closed grammar and
 * the whole must be consistent; otherwise `undefined`, and the file is refused as `ENG-LIE`.
 */
export function readAnswer(
  header: unknown,
  body: Uint8Array,
): { readonly report: DisarmReport; readonly output?: Uint8Array } | undefined {
  if (!isRecord(header) || !hasOnly(header, ['report'])) return undefined
  const report = readReport(header['report'])
  if (!report) return undefined
  if (report.verdict === 'refused') return body.length === 0 ? { report } : undefined
  // Success without bytes is the oldest lie of sanitisers.
  if (body.length === 0 || !beginsAs(report.outputType, body)) return undefined
  return { report, output: body }
}

function readReport(value: unknown): DisarmReport | undefined {
  if (!isRecord(value)) return undefined
  const { type, outputType, verdict, reason } = value
  if (!hasOnly(value, ['type', 'outputType', 'verdict', 'removed', 'kept', 'reason']))
    return undefined
  const removed = readRows(value['removed'])
  const kept = readRows(value['kept'])
  if (!isTypeName(type) || !isVerdict(verdict) || !removed || !kept) return undefined
  if (verdict === 'refused') {
    if (outputType !== '' || removed.length + kept.length > 0 || !isReason(reason)) return undefined
    return { type, outputType, verdict, removed, kept, reason }
  }
  if (reason !== undefined || typeof outputType !== 'string' || !OUTPUTS.has(outputType))
    return undefined
  if (verdict !== verdictOf(type, outputType, removed)) return undefined
  return { type, outputType, verdict, removed, kept }
}

/** The verdict follows from the rest; a worker has no say in it. */
export function verdictOf(
  type: string,
  outputType: string,
  removed: readonly Removal[],
): DisarmVerdict {
  if (removed.length > 0) return 'removed'
  return type === outputType ? 'confirmed-absent' : 'converted'
}

const VERDICTS: ReadonlySet<unknown> = new Set<DisarmVerdict>([
  'removed',
  'confirmed-absent',
  'converted',
  'refused',
])

/** Types that may come out: no macro form. */
const OUTPUTS: ReadonlySet<string> = new Set(
  [...EXTENSIONS.keys()].filter((type) => !/^(?:do[ct]m|xl[st]m|p[po][tps]m)$/.test(type)),
)

function isVerdict(value: unknown): value is DisarmVerdict {
  return VERDICTS.has(value)
}

function isTypeName(value: unknown): value is string {
  return typeof value === 'string' && /^[a-z0-9]{1,16}$/.test(value)
}

function isReason(value: unknown): value is string {
  return typeof value === 'string' && REFUSAL_REASONS.includes(value)
}

function readRows(value: unknown): readonly Removal[] | undefined {
  if (!Array.isArray(value) || value.length > MAX_ROWS * 2) return undefined
  const rows = value.map(readRow)
  return rows.every((row) => row !== undefined) ? rows : undefined
}

function readRow(value: unknown): Removal | undefined {
  if (!isRecord(value) || !hasOnly(value, ['rule', 'where', 'count'])) return undefined
  const { rule, where, count } = value
  if (typeof rule !== 'string' || !isDisarmRule(rule)) return undefined
  if (typeof where !== 'string' || !WHERE_PATTERN.test(where)) return undefined
  if (typeof count !== 'number' || !Number.isInteger(count)) return undefined
  return count >= 1 && count <= MAX_COUNT ? { rule, where, count } : undefined
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function hasOnly(value: Record<string, unknown>, keys: readonly string[]): boolean {
  return Object.keys(value).every((key) => keys.includes(key))
}

const BEGINNINGS: Readonly<Record<string, string>> = {
  pdf: '%PDF-1.7\n',
  png: '\x89PNG\r\n\x1a\n',
  jpeg: '\xff\xd8\xff',
  gif: 'GIF89a',
}

/** First bytes by type; texts have none, the others are zips. The real check is the verifier's, on the other side. */
function beginsAs(type: string, body: Uint8Array): boolean {
  if (type === 'txt' || type === 'csv' || type === 'tsv') return true
  const beginning = BEGINNINGS[type] ?? 'PK\x03\x04'
  return Buffer.from(body.subarray(0, beginning.length)).toString('latin1') === beginning
}
