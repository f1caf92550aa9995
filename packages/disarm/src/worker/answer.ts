import type { DisarmReport, DisarmVerdict, Fidelity, Removal } from '@sekisho/core'
import { EXTENSIONS, INPUT_ONLY } from '../detect.ts'
import { MAX_COUNT, MAX_ROWS, WHERE_PATTERN } from '../family.ts'
import { REFUSAL_REASONS, isDisarmRule } from '../rules.ts'

/**
 * Reads what a worker says as if an attacker wrote it, because one may have. Every field must be of the closed grammar and
 * the whole must be consistent; otherwise `undefined`, and the file is refused as `ENG-LIE`.
 */
export function readAnswer(
  header: unknown,
  body: Uint8Array,
  asked: { readonly macroDigests?: readonly string[] } = {},
): { readonly report: DisarmReport; readonly output?: Uint8Array } | undefined {
  if (!isRecord(header) || !hasOnly(header, ['report'])) return undefined
  const macros = (asked.macroDigests ?? []).length > 0
  const report = readReport(header['report'], macros ? MACRO_OUTPUTS : OUTPUTS)
  if (!report) return undefined
  if (report.verdict === 'refused') return body.length === 0 ? { report } : undefined
  // Success without bytes is the oldest lie of sanitisers.
  if (body.length === 0 || !beginsAs(report.outputType, body)) return undefined
  return { report, output: body }
}

function readReport(value: unknown, outputs: ReadonlySet<string>): DisarmReport | undefined {
  if (!isRecord(value)) return undefined
  const { type, outputType, verdict, reason } = value
  if (!hasOnly(value, KEYS)) return undefined
  const fidelity = readFidelity(value['fidelity'])
  if (!fidelity) return undefined
  const measured = Object.keys(fidelity).length > 0 ? { fidelity } : {}
  const removed = readRows(value['removed'])
  const kept = readRows(value['kept'])
  if (!isTypeName(type) || !isVerdict(verdict) || !removed || !kept) return undefined
  if (verdict === 'refused') {
    if (outputType !== '' || removed.length + kept.length > 0 || !isReason(reason)) return undefined
    return { type, outputType, verdict, removed, kept, reason, ...measured }
  }
  if (reason !== undefined || typeof outputType !== 'string' || !outputs.has(outputType))
    return undefined
  if (verdict !== verdictOf(type, outputType, removed)) return undefined
  return { type, outputType, verdict, removed, kept, ...measured }
}

const KEYS = ['type', 'outputType', 'verdict', 'removed', 'kept', 'reason', 'fidelity']

/** Thousandths; an absent one is an empty record. */
function readFidelity(value: unknown): Fidelity | undefined {
  if (value === undefined) return {}
  if (!isRecord(value) || !hasOnly(value, ['text', 'pages'])) return undefined
  const { text, pages } = value
  if (!isThousandth(text) || !isThousandth(pages)) return undefined
  return {
    ...(text === undefined ? {} : { text }),
    ...(pages === undefined ? {} : { pages }),
  }
}

function isThousandth(value: unknown): value is number | undefined {
  if (value === undefined) return true
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 1000
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

/** Types that may come out: no macro form, nothing that is only read. */
const OUTPUTS: ReadonlySet<string> = new Set(
  [...EXTENSIONS.keys()].filter((type) => !INPUT_ONLY.has(type)),
)

/** Only when macros were asked for by digest, their forms, too. */
const MACRO_OUTPUTS: ReadonlySet<string> = new Set([
  ...OUTPUTS,
  ...'docm dotm xlsm xltm pptm potm ppsm'.split(' '),
])

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
  tiff: 'II*\0',
  bmp: 'BM',
  webp: 'RIFF',
  wmf: '\xd7\xcd\xc6\x9a',
  emf: '\x01\0\0\0',
  rtf: '{\\rtf1',
  html: '<!DOCTYPE html>',
  svg: '<?xml',
  fodt: '<?xml',
  fods: '<?xml',
  fodp: '<?xml',
  fodg: '<?xml',
  sfc: 'ISO-10303-21;',
  p21: 'ISO-10303-21;',
  ics: 'BEGIN:VCALENDAR\r\n',
}
const PLAIN: ReadonlySet<string> = new Set(['txt', 'csv', 'tsv', 'eml', 'dxf'])

/** First bytes by type; texts have none, the others are zips. The real check is the verifier's, on the other side. */
function beginsAs(type: string, body: Uint8Array): boolean {
  if (PLAIN.has(type)) return true
  const beginning = BEGINNINGS[type] ?? 'PK\x03\x04'
  return Buffer.from(body.subarray(0, beginning.length)).toString('latin1') === beginning
}
