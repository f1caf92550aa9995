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
  const arranged = inTurn(value)
  return arranged === UNARRANGED ? written(value) : JSON.stringify(arranged ?? null)
}

/** Says that a value has keys of which an object of this language does not keep the turn. */
const UNARRANGED = Symbol('unarranged')
/** Whole numbers come first in every object; `__proto__` is none of its keys, and who could hide a value behind it would leave the digest as it was. */
const NEVER_IN_TURN = /^(?:\d+|__proto__)$/u

/** The same value with its keys in turn: written at one go by the engine, it takes less than half the time of a text put together here. */
function inTurn(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    const all: readonly unknown[] = value.map(inTurn)
    return all.includes(UNARRANGED) ? UNARRANGED : all
  }
  const given = value as Readonly<Record<string, unknown>>
  const arranged: Record<string, unknown> = {}
  for (const key of Object.keys(given).toSorted()) {
    const inner = NEVER_IN_TURN.test(key) ? UNARRANGED : inTurn(given[key])
    if (inner === UNARRANGED) return UNARRANGED
    arranged[key] = inner
  }
  return arranged
}

/** The text of any value, piece by piece. */
function written(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(written).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null)
  const given = value as Readonly<Record<string, unknown>>
  const keys = Object.keys(given).filter((key) => given[key] !== undefined)
  return `{${keys
    .toSorted()
    .map((key) => `${JSON.stringify(key)}:${written(given[key])}`)
    .join(',')}}`
}
