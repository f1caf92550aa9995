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
  return objectText(value as Readonly<Record<string, unknown>>)
}

// A town is thousands of small objects: a list of entries made for each would cost more than its text.
function objectText(value: Readonly<Record<string, unknown>>): string {
  let text = ''
  for (const key of Object.keys(value).toSorted()) {
    const one = value[key]
    if (one === undefined) continue
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonical(one)}`
  }
  return `{${text}}`
}
