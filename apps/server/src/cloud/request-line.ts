/** One line of the record: canonical, and made a million times a day. */
import { canonical } from '@sekisho/town'

interface Known {
  /** As an entry has them. */
  readonly keys: readonly string[]
  /** In the order of a canonical line; `undefined` for keys that are left to `canonical`. */
  readonly order: readonly string[] | undefined
}

/** Keys of the entries that were written so far. The code knows few sets of them. */
const sets: Known[] = []

/** The same text as `canonical` gives. An entry of words and numbers is put in order once for each set of keys. */
export function requestLine(entry: Readonly<Record<string, unknown>>): string {
  const order = orderOf(Object.keys(entry))
  if (!order) return canonical(entry)
  let line = ''
  for (const key of order) {
    const value = entry[key]
    if (typeof value !== 'string' && typeof value !== 'number') return canonical(entry)
    line += `${line === '' ? '{' : ','}"${key}":${textOf(value)}`
  }
  return `${line}}`
}

/** Nothing that JSON writes in another way than it stands. */
const PLAIN = /^[ !#-[\]-~]*$/u

function textOf(value: string | number): string {
  if (typeof value === 'string' && PLAIN.test(value)) return `"${value}"`
  return Number.isSafeInteger(value) ? String(value) : JSON.stringify(value)
}

function orderOf(keys: readonly string[]): readonly string[] | undefined {
  let known = sets.find((one) => isSame(one.keys, keys))
  if (!known) {
    const plain = keys.length > 0 && keys.every((key) => /^[a-z]+$/iu.test(key))
    known = { keys, order: plain ? keys.toSorted() : undefined }
    sets.push(known)
  }
  return known.order
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  if (one.length !== other.length) return false
  for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) return false
  return true
}
