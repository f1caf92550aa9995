import { createHash } from 'node:crypto'
import type { Town } from '@sekisho/core'

/**
 * SHA-256 of a town as read, lower-case hex: what evidence and gates call the model. Comments, order of keys and
 * spacing of the file do not change it; any value does.
 */
export function modelDigest(town: Town): string {
  return createHash('sha256').update(canonical(town), 'utf8').digest('hex')
}

/** JSON with keys sorted by code unit and no spaces (RFC 8785; a town holds only whole numbers). */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null)
  const held = Object.entries(value).filter(([, one]) => one !== undefined)
  const sorted = held.toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${sorted.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(',')}}`
}
