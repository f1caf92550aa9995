/**
 * Canonical JSON (RFC 8785): one value, one text, so that one entry has one hash.
 */
import { SekishoError } from '@sekisho/core'

/** Deepest nesting written. Entries have three levels; a cycle would otherwise not end. */
const MAX_DEPTH = 8

/**
 * Serialises plain JSON data with sorted keys and no spaces.
 *
 * @throws BUG when the value is not plain JSON (undefined, NaN, functions, dates) or nested deeper than 8
 */
export function canonicalJson(value: unknown, depth = 0): string {
  if (depth > MAX_DEPTH) throw notJson('nested too deeply')
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number') return finiteNumber(value)
  if (Array.isArray(value))
    return `[${value.map((item) => canonicalJson(item, depth + 1)).join(',')}]`
  if (isPlainObject(value)) return canonicalObject(value, depth)
  throw notJson(typeof value)
}

function canonicalObject(value: Record<string, unknown>, depth: number): string {
  // Default order of sort is by UTF-16 code units, which is what RFC 8785 §3.2.3 asks for.
  const keys = Object.keys(value).toSorted()
  const members = keys.map(
    (key) => `${JSON.stringify(key)}:${canonicalJson(value[key], depth + 1)}`,
  )
  return `{${members.join(',')}}`
}

function finiteNumber(value: number): string {
  if (!Number.isFinite(value)) throw notJson(String(value))
  return JSON.stringify(value)
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function notJson(what: string): SekishoError {
  return new SekishoError('BUG', `an evidence entry must be plain JSON: ${what}`)
}
